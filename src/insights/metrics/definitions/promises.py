"""Whether promises are kept: SLA clocks."""

import sqlalchemy as sa

from insights.metrics.bases import CLOCKS, RUNNING
from insights.metrics.core import Context, Metric, Reason, column, excluded, flag, is_in, one
from insights.sql import Column, Rows

_STARTED = column("started_day")
_DECIDED = column("decided_day", "started_day")
_OPEN = ("breached_open", "paused", "at_risk", "on_track")


def _cancelled(c: Rows, context: Context) -> list[Reason]:
    return [*excluded(c), ("cancelled", c.c.state == "cancelled")]


def _undecided(c: Rows, context: Context) -> list[Reason]:
    return [*_cancelled(c, context), ("undecided", is_in(c.c.state, ("paused", "at_risk", "on_track")))]


def _running(c: Rows, context: Context) -> list[Reason]:
    return [*_cancelled(c, context), ("undecided", is_in(c.c.state, _OPEN))]


def _in_time(c: Rows, context: Context) -> list[Reason]:
    return [*_undecided(c, context), ("in_time", c.c.state == "met")]


def _met(c: Rows, context: Context) -> Column:
    return flag(c.c.state == "met")


def _over(c: Rows, context: Context) -> Column:
    """Return how long after the due time a late clock stopped, or runs already."""
    return sa.case((c.c.over_s > 0, c.c.over_s), else_=0)


def _state(key: str, state: str) -> Metric:
    def in_state(c: Rows, context: Context) -> Column:
        return sa.func.coalesce(c.c.state == state, sa.false())

    return Metric(key, "count", "down", "as_of", RUNNING, "count", column("day"), one, _cancelled, concerns=in_state)


METRICS = (
    Metric("sla_compliance", "share", "up", "decided", CLOCKS, "share", _DECIDED, _met, _undecided),
    Metric("sla_completed", "share", "up", "decided", CLOCKS, "share", _DECIDED, _met, _running),
    Metric("sla_created", "share", "up", "created", CLOCKS, "share", _STARTED, _met, _undecided, open_ended=True),
    _state("sla_open_breaches", "breached_open"),
    _state("sla_at_risk", "at_risk"),
    _state("sla_paused", "paused"),
    *(
        Metric(key, "seconds", "down", "decided", CLOCKS, "quantile", _DECIDED, _over, _in_time, q=q)
        for key, q in (("sla_over_p50", 0.5), ("sla_over_p90", 0.9))
    ),
)
