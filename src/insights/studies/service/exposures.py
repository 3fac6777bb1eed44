"""What was done about a complaint by a moment: answered, solved, promise kept, mistake owned, made good."""

import sqlalchemy as sa

from insights import schema
from insights.metrics.bases import known
from insights.metrics.bases.joined import same
from insights.metrics.core import is_in
from insights.metrics.definitions.response import knows_replies
from insights.sql import Column, Rows, plus_seconds
from insights.studies.core import Asker

USUAL_HOURS = {"response": 24.0, "resolution": 168.0, "promise": 168.0, "owned": 168.0, "compensation": 168.0}
"""By when it counts, where nothing else is asked for."""
HOURS = {"response": (4.0, 24.0, 72.0), "resolution": (24.0, 72.0, 168.0)}
"""Other moments the answer is held against."""
READ = {
    "response": ("response_from_at", "response_basis", "first_response_s"),
    "resolution": ("first_resolution_s",),
    "promise": (),
    "owned": ("at_fault",),
    "compensation": ("compensation",),
}
"""What of a ticket tells it, besides what is shown of it."""
BANDS = {"response": (1.0, 4.0, 24.0, 72.0), "resolution": (8.0, 24.0, 72.0, 168.0)}
"""Edges of the speed bands in hours, upper ends included."""


def taken(t: Rows, exposure: str) -> Column:
    """Return the seconds until a complaint was answered or solved; unknown for what has no duration."""
    name = {"response": "first_response_s", "resolution": "first_resolution_s"}.get(exposure)
    return t.c[name] if name else sa.null()


def begins(t: Rows, exposure: str) -> Column:
    """Return when the clock of a complaint begins: for an answer when it was owed, as its duration is counted.

    A complaint that a robot had first is owed an answer from the hand-over on; from its creation, an answer in time
    could lie after the moment looked from.
    """
    return sa.func.coalesce(t.c.response_from_at, t.c.created_at) if exposure == "response" else t.c.created_at


def exposed(asker: Asker, t: Rows, exposure: str, seconds: int) -> Column:
    """Return whether it was done within so many seconds; NULL where nobody can say."""
    took = taken(t, exposure)
    if exposure == "response":
        owed_nothing = sa.func.coalesce(is_in(t.c.response_basis, ("agent_opened", "robot")), sa.false())
        silent = sa.and_(sa.not_(owed_nothing), t.c.first_response_at.is_(None), knows_replies(t, asker.context()))
        return sa.case((took.is_not(None), took <= seconds), (silent, sa.false()))
    if exposure == "resolution":
        return sa.case((took.is_not(None), took <= seconds), (is_in(t.c.status, schema.UNSOLVED), sa.false()))
    if exposure == "owned":
        return t.c.at_fault
    if exposure == "compensation":
        all_ = schema.tickets.c
        told = t.c.source.in_(sa.select(all_.source).where(all_.compensation > 0).distinct())
        return sa.case((t.c.compensation > 0, sa.true()), (told, sa.false()))
    return _promise_kept(asker, t, seconds)


def _promise_kept(asker: Asker, t: Rows, seconds: int) -> Column:
    """Return whether no promise on the ticket was broken by then; NULL where none was made."""
    c = known.clocks(asker.context())
    broken = sa.func.coalesce(c.c.breached_at <= plus_seconds(t.c.created_at, seconds), sa.false())
    kept = sa.select(sa.not_(sa.func.bool_or(broken))).where(same(c, t), c.c.state != "cancelled")
    return kept.scalar_subquery()
