"""The SELECT of retention: how many customers of each first-purchase month or quarter bought in each later one."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any, Literal

import sqlalchemy as sa

from insights import schema, sql
from insights.filters import Filters, conditions
from insights.sql import Column, Starts

CohortGrain = Literal["day", "week", "month", "quarter"]
Mode = Literal["on", "on_or_after", "bracket"]
Kept = Literal["customers", "revenue"]
MONTHS: dict[CohortGrain, int] = {"month": 1, "quarter": 3}
BRACKETS = ((0, 0), (1, 2), (3, 5), (6, 11), (12, 23))
"""First and last period of each bracket."""


@dataclass(frozen=True)
class Triangle:
    """What a triangle is made of; months after `last` are not known yet."""

    grain: CohortGrain
    mode: Mode
    measure: Kept
    last: dt.date
    starts: Starts


def cells(asked: Triangle, filters: Filters, several: bool, named: sa.Subquery | None = None) -> sa.Select[Any]:
    """Return the SELECT of cohort, period index k, customers and revenue.

    `on`: bought in period k. `on_or_after`: bought for the last time in period k, to be summed from the right.
    `several`: customers may be known by more than one source. `named` says the group of each customer.
    """
    each = _each_customer(asked, _months(asked, filters, several), named)
    groups = [of for of in each.c if of.name in ("group", "cohort", "k")]
    return sa.select(*groups, *kept_of(each)).where(each.c.k.is_not(None)).group_by(*groups).order_by(*groups)


def kept_of(each: sa.Subquery) -> list[sa.ColumnElement[Any]]:
    """Return customers, revenue, and what of each customer's first revenue was kept, of rows by customer and period."""
    buyers = sa.func.count().filter(each.c.orders > 0)
    totals: list[sa.ColumnElement[Any]] = [buyers.label("customers"), sa.func.sum(each.c.revenue).label("revenue")]
    if "first_revenue" not in each.c:
        return totals
    least = sa.func.least(sa.func.coalesce(each.c.revenue, 0), sa.func.greatest(each.c.first_revenue, 0))
    return [*totals, sa.func.sum(least).label("gross")]


def with_first(each: sa.Select[Any], asked: Triangle) -> sa.Subquery:
    """Return rows by customer and period, where revenue is asked for with that of the customer's first period."""
    if asked.measure == "customers":
        return each.subquery("each_customer")
    e = each.subquery("each_period")
    first = sa.func.sum(sa.case((e.c.k == 0, e.c.revenue))).over(partition_by=e.c.customer_id)
    return sa.select(e, first.label("first_revenue")).subquery("each_customer")


def index(asked: Triangle, cohort: Column, bought: Column) -> Column:
    """Return how many periods after the cohort's own a purchase lies; with brackets, the first of its bracket."""
    if asked.grain in ("day", "week"):
        length = 1 if asked.grain == "day" else 7
        k = sa.cast(sql.days_between(cohort, bought) / length, sa.BigInteger())
    else:
        k = sa.cast(sql.months_between(cohort, bought) / MONTHS[asked.grain], sa.BigInteger())
    if asked.mode != "bracket":
        return k
    return sa.case(*((k.between(first, last), first) for first, last in BRACKETS))


def _months(asked: Triangle, filters: Filters, several: bool) -> sa.Subquery:
    """Return cohort, period index, orders and revenue by customer and month, from the first purchase on."""
    m = schema.customer_months
    x = _merged(m, filters) if several else sa.select(m).where(*conditions(m, None, filters)).subquery("months")
    cohort, bought = (sql.period(month, asked.grain, asked.starts) for month in (x.c.cohort_month, x.c.month))
    # What was given back before the first purchase belongs to purchases nobody exported.
    chosen = [
        *conditions(x, x.c.cohort_month, replace(filters, values=())),
        x.c.month <= sa.literal(asked.last, sa.Date()),
        bought >= cohort,
    ]
    columns = (x.c.customer_id, cohort.label("cohort"), index(asked, cohort, bought).label("k"))
    return sa.select(*columns, x.c.orders, x.c.revenue).where(*chosen).subquery("kept_months")


def _merged(m: sa.Table, filters: Filters) -> sa.Subquery:
    """Return the months by customer number: one customer whichever source names it."""
    sums = [sa.func.sum(m.c[name]).label(name) for name in ("orders", "revenue")]
    first = sa.func.min(m.c.cohort_month).label("cohort_month")
    each = sa.select(m.c.customer_id, m.c.month, first, *sums).where(*conditions(m, None, filters))
    e = each.group_by(m.c.customer_id, m.c.month).subquery("merged")
    began = sa.func.min(e.c.cohort_month).over(partition_by=e.c.customer_id).label("cohort_month")
    return sa.select(e.c.customer_id, e.c.month, began, e.c.orders, e.c.revenue).subquery("months")


def _each_customer(asked: Triangle, x: sa.Subquery, named: sa.Subquery | None) -> sa.Subquery:
    """Return rows by customer and period, with the revenue of the first period where revenue is asked for."""
    joined: Any = x
    keys = [x.c.customer_id, x.c.cohort]
    if named is not None:
        keys, joined = [*keys, named.c.group], x.outerjoin(named, named.c.customer_id == x.c.customer_id)
    if asked.measure == "revenue":
        first = _first_period(x, asked)
        joined = joined.join(first, first.c.customer_id == x.c.customer_id)  # whoever has a cohort bought in its month
        keys.append(first.c.first_revenue)
    if (asked.grain, asked.mode) == ("month", "on"):  # there is one row for each
        return sa.select(*keys, x.c.k, x.c.revenue, x.c.orders).select_from(joined).subquery("each_customer")
    sums = [sa.func.sum(x.c[name]).label(name) for name in ("revenue", "orders")]
    last = [sa.func.max(x.c.k).filter(x.c.orders > 0).label("k")] if asked.mode == "on_or_after" else [x.c.k]
    groups = keys if asked.mode == "on_or_after" else [*keys, x.c.k]
    return sa.select(*keys, *last, *sums).select_from(joined).group_by(*groups).subquery("each_customer")


def _first_period(x: sa.Subquery, asked: Triangle) -> sa.Subquery:
    f = x.alias("first_months")
    if asked.grain == "month":
        return sa.select(f.c.customer_id, f.c.revenue.label("first_revenue")).where(f.c.k == 0).subquery("first_period")
    revenue = sa.func.sum(f.c.revenue).label("first_revenue")
    return sa.select(f.c.customer_id, revenue).where(f.c.k == 0).group_by(f.c.customer_id).subquery("first_period")
