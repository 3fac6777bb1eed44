"""Whether, how fast and how well tickets are solved."""

import datetime as dt

import sqlalchemy as sa

from insights import schema
from insights.metrics.bases import CONTACTS, ESCALATIONS, REOPENED, TICKETS
from insights.metrics.core import (
    Better,
    Context,
    Measure,
    Metric,
    Moment,
    Reason,
    Reasons,
    Value,
    column,
    excluded,
    flag,
    is_in,
)
from insights.sql import Column, Rows, plus_seconds

_CREATED = column("created_day")
_SOLVED = column("solved_day", "created_day")
_FIRST_SOLVED = column("first_solved_day", "solved_day", "created_day")
_WEEK_S = 7 * 86400


def solved_now(t: Rows) -> Column:
    """Return whether a ticket is solved at `as_of`; without a state, whether it was ever solved."""
    known = t.c.status.is_not(None)
    return sa.case((known, is_in(t.c.status, schema.SOLVED)), else_=t.c.solved_at.is_not(None))


def ever_solved(t: Rows) -> Column:
    """Return whether a ticket was solved at least once."""
    return sa.or_(solved_now(t), t.c.solved_at.is_not(None), t.c.first_solved_at.is_not(None))


def younger(moment: Column, days: int, context: Context) -> Column:
    """Return whether less than so many days lie between a moment and `as_of`."""
    return sa.func.coalesce(plus_seconds(moment, days * 86400) > sa.literal(context.as_of, sa.DateTime()), sa.false())


def _any(t: Rows, context: Context) -> list[Reason]:
    return excluded(t)


def _solved_cases(t: Rows, context: Context) -> list[Reason]:
    return [*excluded(t), ("unsolved", sa.not_(solved_now(t)))]


def _first_or_only(t: Rows) -> Column:
    """Return how long until the first solve, else until the only one that is known: it came no earlier."""
    return sa.func.coalesce(t.c.first_resolution_s, t.c.full_resolution_s)


def _week_old(t: Rows, context: Context) -> list[Reason]:
    unknown = sa.and_(solved_now(t), _first_or_only(t).is_(None))
    return [*excluded(t), ("too_young", younger(t.c.created_at, 7, context)), ("solve_time_unknown", unknown)]


def _never_solved(t: Rows, context: Context) -> list[Reason]:
    return [("unsolved", sa.not_(ever_solved(t))), ("solve_time_unknown", sa.true())]


def _not_solved_now(t: Rows, context: Context) -> list[Reason]:
    return [("unsolved", sa.not_(solved_now(t))), ("solve_time_unknown", sa.true())]


def _replies_known(t: Rows, context: Context) -> list[Reason]:
    return [*_solved_cases(t, context), ("replies_unknown", t.c.replies.is_(None))]


def _reopens_known(t: Rows, context: Context) -> list[Reason]:
    return [*_any(t, context), ("unsolved", sa.not_(ever_solved(t))), ("reopens_unknown", t.c.reopens.is_(None))]


def _two_weeks_solved(t: Rows, context: Context) -> list[Reason]:
    first = sa.func.coalesce(t.c.first_solved_at, t.c.solved_at)
    unknown = sa.and_(t.c.reopens > 0, t.c.reopened_at.is_(None))
    return [
        *_reopens_known(t, context),
        ("solve_time_unknown", first.is_(None)),
        ("too_young", younger(first, context.reopen_window_days, context)),
        ("reopen_time_unknown", unknown),
    ]


def _soon_reopened(t: Rows, context: Context) -> Column:
    first = sa.func.coalesce(t.c.first_solved_at, t.c.solved_at)
    soon = t.c.reopened_at <= plus_seconds(first, context.reopen_window_days * 86400)
    return flag(sa.func.coalesce(soon, sa.false()))


def _assigned(t: Rows, context: Context) -> list[Reason]:
    return [*_any(t, context), ("unassigned", t.c.team.is_(None)), ("transfers_unknown", t.c.transfers.is_(None))]


def _contacts_known(t: Rows, context: Context) -> list[Reason]:
    """Return why a solved case does not tell first-contact resolution; its week of silence must be over."""
    topic_known = sa.and_(t.c.customer_id.is_not(None), t.c.category.is_not(None))
    waiting = sa.and_(topic_known, t.c.solved_at.is_not(None), younger(t.c.solved_at, 7, context))
    return [*_replies_known(t, context), ("reopens_unknown", t.c.reopens.is_(None)), ("too_young", waiting)]


def _first_contact(t: Rows, context: Context) -> Column:
    back = sa.func.coalesce(t.c.next_created_at <= plus_seconds(t.c.solved_at, _WEEK_S), sa.false())
    follow_up = sa.func.coalesce(t.c.last_comment_at > t.c.first_response_at, sa.false())
    return flag(sa.and_(t.c.replies <= 1, t.c.reopens == 0, sa.not_(follow_up), sa.not_(back)))


def _tiers_known(t: Rows, context: Context) -> list[Reason]:
    return [*_any(t, context), ("no_tiers", sa.literal(not context.tiers)), ("no_events", t.c.clock_basis != "events")]


def _decidable(t: Rows, context: Context) -> list[Reason]:
    verdict, solved = t.c.source_sla_met, sa.and_(solved_now(t), t.c.solved_at.is_not(None))
    silent = sa.and_(verdict.is_(None), t.c.due_at.is_(None))
    return [*_any(t, context), ("no_promise", silent), ("unsolved", sa.and_(verdict.is_(None), sa.not_(solved)))]


def _in_time(t: Rows, context: Context) -> Column:
    return flag(sa.func.coalesce(t.c.source_sla_met, t.c.solved_at <= t.c.due_at))


def _time_spent(key: str, part: str, better: Better, measure: Measure, q: float | None = None) -> Metric:
    """Return a metric of how long solved cases spent in a part of their time."""
    return Metric(
        key, "seconds", better, "solved", TICKETS, measure, _SOLVED, _spent(part), _solved_cases, q=q, clocks=True
    )


def _time_to_solve(key: str, q: float, at: Moment, part: str, unknown: Reasons) -> Metric:
    """Return a metric of how long tickets took to be solved; what is unsolved has no such time."""
    return Metric(
        key, "seconds", "down", "solved", TICKETS, "quantile", at, _spent(part), _any, unknown, q=q, clocks=True
    )


def _spent(part: str) -> Value:
    return lambda t, c: c.duration(t, part)


FIRST_SOLVES = (("frst_res_p50", 0.5), ("frst_res_p90", 0.9))
FULL_SOLVES = (("full_res_p50", 0.5), ("full_res_p90", 0.9))
TYPICAL = (("rwt_p50", "requester_wait"), ("awt_p50", "agent_work"))
METRICS = (
    Metric(
        "resolution_rate",
        "share",
        "up",
        "created",
        TICKETS,
        "share",
        _CREATED,
        lambda t, c: flag(solved_now(t)),
        _any,
        open_ended=True,
    ),
    Metric(
        "resolution_7d",
        "share",
        "up",
        "created",
        TICKETS,
        "share",
        _CREATED,
        lambda t, c: flag(sa.func.coalesce(_first_or_only(t) <= _WEEK_S, sa.false())),
        _week_old,
        matures=dt.timedelta(days=7),
    ),
    *(_time_to_solve(key, q, _FIRST_SOLVED, "first_resolution", _never_solved) for key, q in FIRST_SOLVES),
    *(_time_to_solve(key, q, _SOLVED, "full_resolution", _not_solved_now) for key, q in FULL_SOLVES),
    *(_time_spent(key, part, "down", "quantile", q=0.5) for key, part in TYPICAL),
    *(_time_spent(key, key, "context", "mean") for key in ("agent_work", "agent_wait", "on_hold")),
    Metric(
        "one_touch",
        "share",
        "up",
        "solved",
        TICKETS,
        "share",
        _SOLVED,
        lambda t, c: flag(t.c.replies == 1),
        _replies_known,
    ),
    Metric(
        "fcr",
        "share",
        "up",
        "solved",
        CONTACTS,
        "share",
        _SOLVED,
        _first_contact,
        _contacts_known,
        matures=dt.timedelta(days=7),
    ),
    Metric(
        "reopen_rate",
        "share",
        "down",
        "solved",
        TICKETS,
        "share",
        _FIRST_SOLVED,
        lambda t, c: flag(t.c.reopens > 0),
        _reopens_known,
        open_ended=True,
    ),
    Metric(
        "reopen_14d",
        "share",
        "down",
        "solved",
        REOPENED,
        "share",
        _FIRST_SOLVED,
        _soon_reopened,
        _two_weeks_solved,
        matures=dt.timedelta(days=14),
    ),
    Metric(
        "transfer_rate",
        "share",
        "down",
        "created",
        TICKETS,
        "share",
        _CREATED,
        lambda t, c: flag(t.c.transfers > 0),
        _assigned,
    ),
    Metric(
        "escalation_rate",
        "share",
        "down",
        "created",
        ESCALATIONS,
        "share",
        _CREATED,
        lambda t, c: flag(t.c.raised.is_not(None)),
        _tiers_known,
    ),
    Metric("sla_source", "share", "up", "solved", TICKETS, "share", _SOLVED, _in_time, _decidable),
)
