"""The SELECT of retention: how many customers of each first-purchase month or quarter bought in each later one."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from insights import schema, sql
from insights.filters import Filters, conditions
from insights.sql import Starts

CohortGrain = Literal["day", "week", "month", "quarter"]
Mode = Literal["on", "on_or_after", "bracket"]
Kept = Literal["customers", "revenue"]
MONTHS: dict[CohortGrain, int] = {"month": 1, "quarter": 3}
_WHO = ["source", "customer_id"]
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


def cells(asked: Triangle, filters: Filters) -> sa.Select[Any]:
    """Return the SELECT of cohort, period index k, customers and revenue.

    `on`: bought in period k. `on_or_after`: bought for the last time in period k, to be summed from the right.
    """
    each = _each_customer(asked, filters)
    groups = [each.c.cohort, each.c.k]
    return sa.select(*groups, *kept_of(each)).group_by(*groups).order_by(*groups)


def kept_of(each: sa.Subquery) -> list[sa.ColumnElement[Any]]:
    """Return customers, revenue, and what of each customer's first revenue was kept, of rows by customer and period."""
    buyers = sa.func.count().filter(each.c.orders > 0)
    totals: list[sa.ColumnElement[Any]] = [buyers.label("customers"), sa.func.sum(each.c.revenue).label("revenue")]
    if "first_revenue" not in each.c:
        return totals
    least = sa.func.least(sa.func.coalesce(each.c.revenue, 0), sa.func.greatest(each.c.first_revenue, 0))
    return [*totals, sa.func.sum(least).label("gross")]


def with_first(each: sa.Select[Any], who: list[str], asked: Triangle) -> sa.Subquery:
    """Return rows by customer and period, where revenue is asked for with that of the customer's first period."""
    if asked.measure == "customers":
        return each.subquery("each_customer")
    e = each.subquery("each_period")
    first = sa.func.sum(sa.case((e.c.k == 0, e.c.revenue))).over(partition_by=[e.c[name] for name in who])
    return sa.select(e, first.label("first_revenue")).subquery("each_customer")


def _each_customer(asked: Triangle, filters: Filters) -> sa.Subquery:
    m = schema.customer_months
    cohort, bought = (sql.period(month, asked.grain, asked.starts) for month in (m.c.cohort_month, m.c.month))
    k = sa.cast(sql.months_between(cohort, bought) / MONTHS[asked.grain], sa.BigInteger())
    customer = [m.c.source, m.c.customer_id, cohort.label("cohort")]
    sums = [sa.func.sum(m.c[name]).label(name) for name in ("revenue", "orders")]
    # What was given back before the first purchase belongs to purchases nobody exported.
    known = [
        *conditions(m, m.c.cohort_month, filters),
        m.c.month <= sa.literal(asked.last, sa.Date()),
        bought >= cohort,
    ]
    if asked.mode == "on_or_after":
        last_time = sa.func.max(k).filter(m.c.orders > 0).label("k")
        return with_first(sa.select(*customer, last_time, *sums).where(*known).group_by(*customer), _WHO, asked)
    if asked.grain == "month":  # the table has one row for each
        return with_first(sa.select(*customer, k.label("k"), m.c.revenue, m.c.orders).where(*known), _WHO, asked)
    groups = [*customer, k.label("k")]
    return with_first(sa.select(*groups, *sums).where(*known).group_by(*groups), _WHO, asked)
