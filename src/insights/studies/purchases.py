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
    buyers = sa.func.count().filter(each.c.orders > 0)
    totals = [buyers.label("customers"), sa.func.sum(each.c.revenue).label("revenue")]
    groups = [each.c.cohort, each.c.k]
    return sa.select(*groups, *totals).group_by(*groups).order_by(*groups)


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
        return sa.select(*customer, last_time, *sums).where(*known).group_by(*customer).subquery("each_customer")
    groups = [*customer, k.label("k")]
    return sa.select(*groups, *sums).where(*known).group_by(*groups).subquery("each_customer")
