"""How long customers wait for an answer."""

import datetime as dt
from collections.abc import Callable

import sqlalchemy as sa

from insights import schema
from insights.metrics.bases import CYCLES, RESPONSES, WAITING
from insights.metrics.core import Context, Metric, Reason, column, excluded, flag, is_in, one
from insights.sql import Column, Rows, seconds_between, worked_until

_REPLIED = column("first_response_day", "created_day")
_CREATED = column("created_day")


def knows_replies(t: Rows, context: Context) -> Column:
    """Return whether the source of a row ever says when it answered: silence of the others is no late answer."""
    every = schema.tickets
    known = sa.select(every.c.source).where(context.duration(every, "first_response").is_not(None)).distinct()
    return t.c.source.in_(known)


def _reply_unknown(t: Rows, context: Context) -> list[Reason]:
    """Return why nobody can say how long the first reply took, though there may have been one."""
    either = sa.func.coalesce(t.c.first_response_s, t.c.first_response_business_s)
    return [
        ("other_clock_only", either.is_not(None)),
        ("times_contradict", t.c.first_response_at.is_not(None)),
        ("source_without_replies", sa.not_(knows_replies(t, context))),
    ]


def _owed(t: Rows, context: Context) -> list[Reason]:
    """Return why nobody owed a ticket an answer: a case excluded, opened by an agent, or solved by a robot."""
    nothing = [(word, sa.func.coalesce(t.c.response_basis == word, sa.false())) for word in ("agent_opened", "robot")]
    return [*excluded(t), *((word, sa.and_(t.c.first_response_s.is_(None), why)) for word, why in nothing)]


def _unanswered(t: Rows, context: Context) -> list[Reason]:
    return [*_reply_unknown(t, context), ("unanswered", sa.true())]


def _age(t: Rows, context: Context) -> Column:
    """Return how long a ticket has been owed an answer, in the chosen clock; unknown where that is."""
    at = sa.literal(context.as_of, sa.DateTime())
    if context.clock == "calendar":
        return seconds_between(sa.func.coalesce(t.c.response_from_at, t.c.created_at), at)
    worked = worked_until(context.as_of, t.c.calendar_no) - t.c.response_from_business_s
    return sa.func.coalesce(worked, t.c.requester_wait_business_s + t.c.agent_wait_business_s)


def _too_young(hours: int) -> Callable[[Rows, Context], list[Reason]]:
    """Return why a ticket does not count in a share answered within hours: its time is not up yet."""

    def reasons(t: Rows, context: Context) -> list[Reason]:
        missing = context.duration(t, "first_response").is_(None)
        since = sa.func.coalesce(t.c.response_from_at, t.c.created_at)
        age = seconds_between(since, sa.literal(context.as_of, sa.DateTime()))
        short = sa.func.coalesce(_age(t, context) < hours * 3600, sa.true())
        waiting = sa.and_(missing, sa.not_(is_in(t.c.status, schema.SOLVED)), short)
        unknown = [(word, sa.and_(missing, why)) for word, why in _reply_unknown(t, context)]
        return [*_owed(t, context), *unknown, ("too_young", sa.or_(age < hours * 3600, waiting))]

    return reasons


def _within(hours: int) -> Callable[[Rows, Context], Column]:
    return lambda t, context: flag(sa.func.coalesce(context.duration(t, "first_response") <= hours * 3600, sa.false()))


def _follow_up(c: Rows, context: Context) -> list[Reason]:
    solved = sa.and_(c.c.ended_at.is_not(None), sa.not_(sa.func.coalesce(c.c.answered, sa.false())))
    return [*excluded(c), ("unanswered", c.c.ended_at.is_(None)), ("solved_without_reply", solved)]


def _wait(c: Rows, context: Context) -> Column:
    return c.c.wait_s if context.clock == "calendar" else c.c.wait_business_s


def _case_excluded(rows: Rows, context: Context) -> list[Reason]:
    return excluded(rows)


def _first_response(t: Rows, context: Context) -> Column:
    return context.duration(t, "first_response")


_TO_REPLY = column("ended_day", "started_day")
METRICS = (
    *(
        Metric(
            key,
            "seconds",
            "down",
            "first_reply",
            RESPONSES,
            "quantile",
            _REPLIED,
            _first_response,
            _owed,
            _unanswered,
            q=q,
            clocks=True,
        )
        for key, q in (("frt_p50", 0.5), ("frt_p90", 0.9))
    ),
    *(
        Metric(
            f"frt_{hours}h",
            "share",
            "up",
            "created",
            RESPONSES,
            "share",
            _CREATED,
            _within(hours),
            _too_young(hours),
            clocks=True,
            matures=dt.timedelta(hours=hours),
        )
        for hours in (1, 4, 24)
    ),
    *(
        Metric(key, "seconds", "down", "event", CYCLES, "quantile", _TO_REPLY, _wait, _follow_up, q=q, clocks=True)
        for key, q in (("nrt_p50", 0.5), ("nrt_p90", 0.9))
    ),
    Metric("waiting_now", "count", "down", "as_of", WAITING, "count", column("day"), one, _case_excluded),
    Metric(
        "waiting_oldest",
        "seconds",
        "down",
        "as_of",
        WAITING,
        "max",
        column("day"),
        lambda w, c: w.c.waiting_s,
        _case_excluded,
    ),
)
