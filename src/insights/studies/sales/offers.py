"""Opportunities as known at a moment: those of the period, with their days so far and their amount in our currency."""

import sqlalchemy as sa

from insights import schema, sql
from insights.filters import conditions
from insights.metrics.core import quoted
from insights.studies.core import Asker
from insights.studies.customers.buying import literal, today


def offers(asker: Asker) -> sa.Subquery:
    """Return opportunities opened in the period; one decided later than the moment was open then."""
    o, context = schema.opportunities, asker.context()
    at = sa.literal(context.as_of, sa.DateTime())
    decided: sa.ColumnElement[bool] = o.c.outcome.in_(("won", "lost"))
    if context.past:  # what an export says of today is not doubted: a close may be later than all it says else
        decided = sa.and_(decided, sa.or_(o.c.closed_at.is_(None), o.c.closed_at <= at))
    outcome = sa.case((decided, o.c.outcome), else_=quoted("open"))
    end = sa.case((decided, o.c.closed_day), else_=literal(today(asker)))
    amount = o.c.amount if context.one_currency else o.c.company_amount
    columns = (
        o.c.source,
        o.c.opportunity_id,
        o.c.customer_id,
        o.c.stage,
        outcome.label("outcome"),
        amount.label("amount"),
        o.c.created_at,
        o.c.created_day,
        sa.case((decided, o.c.closed_day)).label("closed_day"),
        sql.days_between(o.c.created_day, end).label("days"),
        *(sa.case((decided, o.c[name])).label(name) for name in ("lost_reason", "competitor")),
        o.c.agent_id,
        o.c.product,
        o.c.segment,
    )
    inside = conditions(o, o.c.created_day, asker.filters)
    return sa.select(*columns).where(sa.or_(o.c.created_at.is_(None), o.c.created_at <= at), *inside).subquery("offers")
