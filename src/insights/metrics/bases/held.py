"""Whose a stretch of a ticket was at its time: its team, agent and priority of then, where the events say them."""

import sqlalchemy as sa

from insights import schema
from insights.metrics.bases.joined import later, same
from insights.metrics.core import Context
from insights.sql import Column, Rows

THEN = ("team", "agent_id", "priority")


def holders(context: Context) -> Rows:
    """Return whose tickets were as known at `as_of`; `over` tells that it is another's today."""
    h = schema.ticket_holders
    over = h.c.ended_at.is_not(None).label("over")
    if not context.past:
        return sa.select(h, over).subquery("ticket_holders")
    at = sa.literal(context.as_of, sa.DateTime())
    columns = [sa.case((h.c.ended_at <= at, c)).label(c.name) if c.name == "ended_day" else c for c in h.c]
    return sa.select(*columns, over).where(h.c.started_at <= at).subquery("ticket_holders")


def at_end_of(of: Rows, day: Column, context: Context) -> tuple[sa.FromClause, list[Column]]:
    """Return rows of `of` beside whose their tickets were at the end of a day, and the columns that say it."""
    h = holders(context)
    held = sa.and_(same(of, h), h.c.started_day <= day, later(h.c.ended_day, day))
    return of.outerjoin(h, held), _then(h)


def cut(of: Rows, context: Context, where: Column) -> sa.Subquery:
    """Return stretches of `of` cut where their tickets changed hands."""
    h = holders(context)
    meets = sa.and_(same(of, h), later(h.c.ended_day, of.c.started_day), later(of.c.ended_day, h.c.started_day))
    start = sa.func.greatest(of.c.started_day, sa.func.coalesce(h.c.started_day, of.c.started_day))
    end = sa.func.least(
        sa.func.coalesce(of.c.ended_day, h.c.ended_day), sa.func.coalesce(h.c.ended_day, of.c.ended_day)
    )
    days = {"started_day": start, "ended_day": end}
    columns = [days[c.name].label(c.name) if c.name in days else c for c in of.c]
    return sa.select(*columns, *_then(h)).select_from(of.outerjoin(h, meets)).where(where).subquery("cut")


def _then(h: Rows) -> list[Column]:
    return [h.c.over.label("then"), *(h.c[name].label(f"then_{name}") for name in THEN)]


def whose(of: Rows, cases: Rows) -> list[Column]:
    """Return team, agent and priority of then; where it is still so, or nothing is known, as the ticket has them."""
    return [sa.case((of.c.then, of.c[f"then_{name}"]), else_=cases.c[name]).label(name) for name in THEN]
