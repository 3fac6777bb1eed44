"""How much comes in, how much goes out, and what stands open."""

import sqlalchemy as sa

from insights.metrics.bases import BACKLOG, FLOW, SOLVES, TICKETS
from insights.metrics.core import Context, Metric, Reason, column, excluded, is_in, one, why_never
from insights.metrics.definitions.resolution import solved_now
from insights.sql import Column, Rows

_DAY = column("day")


def _any(rows: Rows, context: Context) -> list[Reason]:
    return excluded(rows)


def _ever(t: Rows, context: Context) -> list[Reason]:
    return [(why_never(t), why_never(t).is_not(None))]


def _solved_with_time(t: Rows, context: Context) -> list[Reason]:
    return [
        *excluded(t),
        ("unsolved", sa.not_(solved_now(t))),
        ("solve_time_unknown", t.c.solved_day.is_(None)),
    ]


def _in_less_out(f: Rows, context: Context) -> Column:
    return sa.case((is_in(f.c.flow, ("created", "reopened")), 1), else_=-1)


def _solved(f: Rows, context: Context) -> Column:
    return sa.case((f.c.flow == "solved", 1), else_=0)


def _created_or_solved(f: Rows, context: Context) -> Column:
    return is_in(f.c.flow, ("created", "solved"))


METRICS = (
    Metric("created", "count", "context", "created", TICKETS, "count", column("created_day"), one, _ever),
    Metric("solved", "count", "context", "event", SOLVES, "count", _DAY, one, _any),
    Metric(
        "throughput",
        "count",
        "context",
        "solved",
        TICKETS,
        "count",
        column("solved_day", "created_day"),
        one,
        _solved_with_time,
    ),
    Metric("net_flow", "count", "down", "event", FLOW, "sum", _DAY, _in_less_out, _any),
    Metric("clearance_rate", "share", "up", "event", FLOW, "ratio", _DAY, _solved, _any, concerns=_created_or_solved),
    Metric("backlog", "count", "down", "as_of", BACKLOG, "count", _DAY, one, _any),
    Metric("ageing", "count", "down", "as_of", BACKLOG, "count", _DAY, one, _any, always_by=("bucket",)),
)
