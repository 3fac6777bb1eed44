"""What has happened to tickets since a past moment, so that it can be taken back."""

import sqlalchemy as sa

from insights import schema
from insights.metrics.core import Context, acted, flag, is_in
from insights.sql import local_day, seconds_between


def same(a: sa.FromClause, b: sa.FromClause) -> sa.ColumnElement[bool]:
    """Return whether rows are of one ticket."""
    return sa.and_(a.c.source == b.c.source, a.c.ticket_id == b.c.ticket_id)


def states(context: Context) -> sa.Subquery:
    """Return the tickets that changed since `as_of` or are open: state, solves, reopens and time in each state then."""
    s, t, at = schema.status_spans, schema.tickets, sa.literal(context.as_of, sa.DateTime())
    moved = sa.select(s.c.source, s.c.ticket_id).where(s.c.started_at > at)
    still = sa.select(t.c.source, t.c.ticket_id).where(is_in(t.c.status, schema.UNSOLVED), t.c.created_at <= at)
    changed = sa.tuple_(s.c.source, s.c.ticket_id).in_(sa.union(moved, still))
    covers = sa.or_(s.c.ended_at.is_(None), s.c.ended_at > at)
    solve = sa.and_(is_in(s.c.status, schema.SOLVED), sa.not_(is_in(s.c.previous, schema.SOLVED)))
    reopen = sa.and_(is_in(s.c.status, schema.UNSOLVED), is_in(s.c.previous, schema.SOLVED))
    length = seconds_between(s.c.started_at, sa.func.least(sa.func.coalesce(s.c.ended_at, at), at))

    def spent(name: str, *words: str) -> sa.Label[int]:
        return sa.func.sum(sa.case((is_in(s.c.status, words), length), else_=0)).label(name)

    found = (
        sa.select(
            s.c.source,
            s.c.ticket_id,
            sa.func.max(sa.case((covers, s.c.status))).label("status"),
            sa.func.max(sa.case((solve, s.c.started_at))).label("solved_at"),
            sa.func.sum(flag(reopen)).label("reopens"),
            spent("requester_wait_s", "new", "open", "hold"),
            spent("agent_work_s", "new", "open"),
            spent("agent_wait_s", "pending"),
            spent("on_hold_s", "hold"),
        )
        .where(s.c.started_at <= at, changed)
        .group_by(s.c.source, s.c.ticket_id)
        .subquery("states")
    )
    day = local_day(found.c.solved_at, context.zone, context.as_of)  # of a column: a long way, written once
    return sa.select(found, day.label("solved_day")).subquery("then")


def talk(context: Context) -> sa.Subquery:
    """Return per ticket the public agent replies and changes of team after `as_of`."""
    e, at = schema.ticket_events, sa.literal(context.as_of, sa.DateTime())
    public = sa.func.coalesce(e.c.public, sa.true())
    reply = sa.and_(e.c.field == "comment", acted(e) == "agent", public)
    transfer = sa.and_(e.c.field == "team", e.c.old.is_not(None), e.c.new.is_not(None), e.c.old != e.c.new)
    counts = [sa.func.sum(flag(counted)).label(name) for name, counted in (("replies", reply), ("transfers", transfer))]
    since = sa.select(e.c.source, e.c.ticket_id, *counts).where(e.c.at > at)
    return since.group_by(e.c.source, e.c.ticket_id).subquery("talk")
