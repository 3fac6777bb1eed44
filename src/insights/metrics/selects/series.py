"""The SELECT of how much stands at the end of each period: a running sum of beginnings less endings."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from insights import sql
from insights.filters import conditions
from insights.metrics.bases.joined import later
from insights.metrics.core import Metric
from insights.metrics.periods import period_ends, period_start
from insights.metrics.selects import prepared
from insights.metrics.selects.question import Question, dimension
from insights.sql import Column

Named = Callable[[Metric, str], str]


def series(asked: Question, named: Named) -> sa.Select[Any]:
    """Return the SELECT of value and n by period and group; `named` names the columns of a metric."""
    moves, shown = _moves(asked), _periods(asked)
    groups = [shown.c.period, *(moves.c[name] for name in asked.by)]
    parts = [
        sa.func.sum(moves.c[metric.key]).label(named(metric, name))
        for metric in asked.metrics
        for name in ("value", "n")
    ]
    running = shown.join(moves, moves.c.period <= shown.c.period)
    return sa.select(*groups, *parts).select_from(running).group_by(*groups)


def _moves(asked: Question) -> sa.Subquery:
    """Return what began, and with a minus what ended, in each period."""
    if of := prepared.fitting(asked):
        return prepared.moves(asked, of, _last(asked))
    stretches = _stretches(asked)
    own, added, c = [stretches.c[name] for name in asked.by], [stretches.c[m.key] for m in asked.metrics], stretches.c
    return sa.union_all(
        sa.select(*own, c.begins.label("period"), *added),
        sa.select(*own, c.stops, *(-count for count in added)).where(c.stops.is_not(None)),
    ).subquery("moves")


def _stretches(asked: Question) -> sa.CTE:
    """Return how many stretches begin and end in the same two periods."""
    each = _each_one(asked)
    groups = [each.c[name] for name in (*asked.by, "begins", "stops")]
    counts = [sa.func.count(each.c[m.key]).label(m.key) for m in asked.metrics]
    return sa.select(*groups, *counts).group_by(*groups).cte("stretches")


def _each_one(asked: Question) -> sa.Subquery:
    context, stretches = asked.context, asked.first.base.stretches
    assert stretches
    assert context.grain
    of, since, last = stretches(context), sa.literal(context.since, sa.Date()), sa.literal(_last(asked), sa.Date())
    started = sql.period(sa.func.greatest(of.c.started_day, since), context.grain, context.starts)
    ended = sql.period(of.c.ended_day, context.grain, context.starts)
    columns: list[Column] = [dimension(asked.first, of, name).label(name) for name in asked.by]
    columns += [started.label("begins"), sa.case((of.c.ended_day <= last, ended)).label("stops")]
    columns += [metric.counted(of, context).label(metric.key) for metric in asked.metrics]
    where = [*conditions(of, None, asked.filters), of.c.started_day <= last, later(of.c.ended_day, since)]
    return sa.select(*columns).where(*where).subquery("each_one")


def _last(asked: Question) -> Any:
    ends = period_ends(asked.context)
    return ends[-1][0] if ends else asked.context.last_day


def _periods(asked: Question) -> sa.Subquery:
    context, columns = asked.context, [sa.column("period", sa.Date())]
    assert context.grain
    starts = [(period_start(day, context.grain, context.starts),) for day, _ in period_ends(context)]
    return sql.constants("periods", columns, starts)
