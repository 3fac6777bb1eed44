"""Checks on tickets and on what happened to them."""

from typing import Any

import sqlalchemy as sa

from insights.quality.columns import DUE, DURATIONS, FIRST_RESOLUTION, HISTORY, RESOLUTION, RESPONSE, SOLVES, START
from insights.quality.forms import among, counted, filled, known, never_ahead, never_before, refers, tickets
from insights.quality.model import Check
from insights.schema import SOLVED, metadata

t = tickets.c
events = metadata.tables["ticket_events"]
e = events.c
COUNTS = counted(tickets)
REPORTED = tuple(c for c in tickets.columns if c.name.startswith("reported_"))
OUT_OF_ORDER = 0.20
"""Replies after the solve happen (a courtesy note): real exports show a few percent, made-up ones a half."""
ROUNDING_S = 60
"""Vendors round their figures to whole minutes; a business figure may exceed its calendar twin by that much."""


def _known_and(*parts: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.and_(COUNTS, *parts)


def _either(*parts: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Return OR over parts that may be unknown, with unknown as no."""
    return sa.or_(*(sa.func.coalesce(part, sa.false()) for part in parts))


def _reply_after_solve() -> Check:
    """Return the check for a first reply later than the last solve, by timestamps or by the source's own figures."""
    pairs = (
        (t.first_response_at, t.solved_at),
        (t.reported_first_response_s, t.reported_full_resolution_s),
        (t.reported_first_response_business_s, t.reported_full_resolution_business_s),
    )
    looked = _known_and(sa.or_(*(known(*pair) for pair in pairs)))
    return Check(
        "reply_after_solve",
        tickets,
        looked,
        _either(*(a > b for a, b in pairs)),
        DURATIONS,
        "context",
        wrong_from=OUT_OF_ORDER,
    )


def _business_exceeds_calendar() -> Check:
    pairs = [
        (t[f"{name}_business_s"], t[f"{name}_s"])
        for name in ("reported_first_response", "reported_first_resolution", "reported_full_resolution")
    ]
    looked = _known_and(sa.or_(*(known(*pair) for pair in pairs)))
    exceeds = _either(*(business > calendar + ROUNDING_S for business, calendar in pairs))
    return Check("business_exceeds_calendar", tickets, looked, exceeds, DURATIONS)


def _duplicates() -> Check:
    """Return the check for one question filed twice: same customer, subject and moment under several ids."""
    same, twin = (t.source, t.customer_id, t.subject, t.created_at), tickets.alias().c
    inner = (twin.source, twin.customer_id, twin.subject, twin.created_at)
    several = sa.select(*inner).where(known(*inner), twin.excluded.is_(None)).group_by(*inner)
    twice = sa.tuple_(*same).in_(several.having(sa.func.count() > 1))
    return Check("duplicate_ticket", tickets, _known_and(known(*same)), twice, START, "doubtful")


def _out_of_order() -> Check:
    """Return the check for an event dated before the one that precedes it."""
    order: dict[str, Any] = {"partition_by": (e.source, e.ticket_id), "order_by": e.seq}
    steps = sa.select(e.source, e.ticket_id, e.seq, e.at, sa.func.lag(e.at).over(**order).label("at_before")).subquery()
    back = sa.select(steps.c.source, steps.c.ticket_id, steps.c.seq).where(steps.c.at < steps.c.at_before)
    return Check("events_out_of_order", events, e.at.is_not(None), among(events, back), DURATIONS + HISTORY)


def _event_before_ticket() -> Check:
    mine, its = events.alias().c, tickets.alias().c
    early = sa.select(mine.source, mine.ticket_id, mine.seq).where(
        mine.source == its.source, mine.ticket_id == its.ticket_id, mine.at < its.created_at
    )
    return Check("event_before_ticket", events, e.at.is_not(None), among(events, early), DURATIONS + HISTORY)


def _event_without_ticket() -> Check:
    its = tickets.alias().c
    ids = sa.select(its.source, its.ticket_id)
    orphan = sa.tuple_(e.source, e.ticket_id).not_in(ids)
    return Check("event_without_ticket", events, e.ticket_id.is_not(None), orphan, HISTORY)


TICKET_CHECKS = (
    never_before("solved_before_created", t.solved_at, t.created_at, RESOLUTION + SOLVES),
    never_before("first_solved_before_created", t.first_solved_at, t.created_at, FIRST_RESOLUTION),
    never_before("solved_before_first_solved", t.solved_at, t.first_solved_at, RESOLUTION),
    never_before("replied_before_created", t.first_response_at, t.created_at, RESPONSE),
    _reply_after_solve(),
    Check(
        "solved_at_once",
        tickets,
        _known_and(known(t.solved_at, t.created_at)),
        t.solved_at == t.created_at,
        RESOLUTION,
        "doubtful",
    ),
    never_before("closed_before_created", t.closed_at, t.created_at, FIRST_RESOLUTION),
    never_before("closed_before_solved", t.closed_at, t.solved_at, (), "doubtful"),
    never_before("updated_before_created", t.updated_at, t.created_at, (), "doubtful"),
    never_before("due_before_created", t.due_at, t.created_at, DUE),
    Check(
        "negative_reported",
        tickets,
        _known_and(sa.or_(*(c.is_not(None) for c in REPORTED))),
        _either(*(c < 0 for c in REPORTED)),
        DURATIONS,
    ),
    Check(
        "first_exceeds_full",
        tickets,
        _known_and(known(t.reported_first_resolution_s, t.reported_full_resolution_s)),
        t.reported_first_resolution_s > t.reported_full_resolution_s,
        RESOLUTION,
    ),
    _business_exceeds_calendar(),
    Check(
        "outside_calendar",
        tickets,
        _known_and(known(t.created_at, t.solved_at, t.full_resolution_s), t.solved_at >= t.created_at),
        t.full_resolution_business_s.is_(None),
        DURATIONS,
        "doubtful",
    ),
    Check(
        "solved_without_time",
        tickets,
        _known_and(t.status.in_(SOLVED)),
        sa.and_(t.solved_at.is_(None), t.first_solved_at.is_(None), t.reported_full_resolution_s.is_(None)),
        RESOLUTION + SOLVES,
        "doubtful",
    ),
    never_ahead(
        t.created_at,
        t.first_response_at,
        t.first_solved_at,
        t.solved_at,
        t.closed_at,
        t.updated_at,
        discredits=START + DURATIONS,
    ),
    _duplicates(),
    refers("unknown_customer", t.customer_id, metadata.tables["customers"].c.customer_id),
    refers("unknown_agent", t.agent_id, metadata.tables["agents"].c.agent_id),
    filled("no_created_at", t.created_at, START + DURATIONS),
    filled("no_customer", t.customer_id),
    filled("no_channel", t.channel),
    filled("no_kind", t.kind),
    filled("no_category", t.category),
    _out_of_order(),
    _event_before_ticket(),
    _event_without_ticket(),
    never_ahead(e.at, discredits=DURATIONS + HISTORY),
)

START_UNKNOWN = Check(
    "no_start",
    tickets,
    _known_and(
        sa.or_(t.first_response_at.is_not(None), t.first_solved_at.is_not(None), t.solved_at.is_not(None)),
        *(c.is_(None) for c in REPORTED),
    ),
    t.created_at.is_(None),
    DURATIONS,
)
"""Answered or solved, but counted from nowhere: not listed beside no_created_at, only judged."""
