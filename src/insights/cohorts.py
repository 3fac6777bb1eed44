"""Retention triangles: how many customers of each first-purchase month or quarter bought in each later one."""

import datetime as dt
from typing import Any, Literal

import sqlalchemy as sa

from insights import schema, sql
from insights.filters import Filters, Scope, conditions
from insights.sql import Starts

CohortGrain = Literal["month", "quarter"]
Mode = Literal["on", "on_or_after"]
Kept = Literal["customers", "revenue"]
MONTHS: dict[CohortGrain, int] = {"month": 1, "quarter": 3}


def cells(
    filters: Filters, scope: Scope, grain: CohortGrain, mode: Mode, last: dt.date, starts: Starts
) -> sa.Select[Any]:
    """Return the SELECT of cohort, period index k, customers and revenue; months after `last` are not known yet.

    `on`: bought in period k. `on_or_after`: bought for the last time in period k, to be summed from the right.
    """
    m = schema.customer_months
    cohort, bought = (sql.period(month, grain, starts) for month in (m.c.cohort_month, m.c.month))
    k = sa.cast(sql.months_between(cohort, bought) / MONTHS[grain], sa.BigInteger())
    customer = [m.c.source, m.c.customer_id, cohort.label("cohort")]
    index = [] if mode == "on_or_after" else [k.label("k")]
    shown = [*index, *([] if index else [sa.func.max(k).label("k")]), sa.func.sum(m.c.revenue).label("revenue")]
    known = m.c.month <= sa.literal(last, sa.Date())
    where = [*conditions(m, m.c.cohort_month, filters, scope), known]
    each = sa.select(*customer, *shown).where(*where).group_by(*customer, *index).subquery("each_customer")
    totals = [sa.func.count().label("customers"), sa.func.sum(each.c.revenue).label("revenue")]
    groups = [each.c.cohort, each.c.k]
    return sa.select(*groups, *totals).group_by(*groups).order_by(*groups)
