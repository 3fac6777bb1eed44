"""Rows that depend on the period asked for: one NPS answer per customer, one row per buyer."""

import sqlalchemy as sa

from insights import sql
from insights.dimensions import columns_of
from insights.metrics.bases import known
from insights.metrics.bases.joined import within
from insights.metrics.core import Context
from insights.sql import Column, Rows


def nps_answers(context: Context) -> Rows:
    """Return NPS surveys of the period; `superseded` by a later answer of the same customer in the same period."""
    s = known.surveys(context)
    window: list[Column] = [s.c.source, s.c.customer_id]
    if context.grain:
        window.append(sql.period(s.c.answered_day, context.grain, context.starts))
    # Unknown customers are never the same customer.
    window.append(sa.case((s.c.customer_id.is_(None), s.c.survey_id)))
    order = [s.c.answered, s.c.answered_at.asc().nulls_first(), s.c.survey_id]
    later = sa.func.max(sa.case((s.c.answered, s.c.survey_id))).over(
        partition_by=window, order_by=order, rows=(1, None)
    )
    answers = sa.select(s, later.is_not(None).label("superseded")).where(s.c.kind == "nps")
    return within(answers, s.c.answered_day, context).subquery("surveys")


def buyers(context: Context) -> Rows:
    """Return one row per customer with orders in the period (and per period of the grain)."""
    o = known.orders(context)
    groups = [o.c.source, o.c.customer_id, *(o.c[name] for name in columns_of("customers"))]
    own_period = [sql.period(o.c.ordered_day, context.grain, context.starts)] if context.grain else []
    bought = sa.and_(sa.func.coalesce(o.c.status, "paid") == "paid", sa.func.coalesce(o.c.amount, 0) >= 0)
    paid = sa.case((bought, 1), else_=0)
    columns = [*groups, sa.func.sum(paid).label("orders"), sa.func.max(o.c.ordered_day).label("day")]
    rows = within(sa.select(*columns).where(o.c.customer_id.is_not(None)), o.c.ordered_day, context)
    return rows.group_by(*groups, *own_period).subquery("buyers")
