"""From metrics and filters to the SELECT that makes their numbers, their rows, and the bounds of their quantiles."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from insights import sql
from insights.dimensions import DIMENSIONS
from insights.errors import BadFilter, UnknownName
from insights.filters import Filters, Scope, conditions, dimension_column
from insights.metrics.core import Context, Metric, flag
from insights.metrics.joined import later
from insights.metrics.periods import period_ends, period_start
from insights.sql import Column, Rows

Ranks = Mapping[tuple[str, int], tuple[int, int]]
"""(metric key, n) → ranks of the two order statistics that bound its quantile."""


def together(metrics: Sequence[Metric]) -> list[list[Metric]]:
    """Group metrics that one SELECT can answer: same rows, same date anchor, same dimensions of their own."""
    groups: dict[Any, list[Metric]] = {}
    for metric in metrics:
        groups.setdefault((metric.base.name, metric.at, metric.always_by, counts_stretches(metric)), []).append(metric)
    return list(groups.values())


def counts_stretches(metric: Metric) -> bool:
    """Tell whether a stock can be counted day by day from what begins and ends, without listing it every day."""
    return bool(metric.base.stretches) and metric.measure == "count" and not metric.always_by


def dimensions(metric: Metric, by: Sequence[str]) -> tuple[str, ...]:
    """Return the dimensions results of a metric carry."""
    return tuple(dict.fromkeys((*by, *metric.always_by)))


def part(metrics: Sequence[Metric], metric: Metric, name: str) -> str:
    """Return the name of a result column: `value`, `n`, ...; with the metric's key when several share a SELECT."""
    return name if len(metrics) == 1 else f"{metric.key}_{name}"


def numbers(
    metrics: Sequence[Metric], context: Context, filters: Filters, scope: Scope, by: Sequence[str]
) -> sa.Select[Any]:
    """Return the SELECT of value, n and what an interval needs, for metrics that go together."""
    if context.grain and counts_stretches(metrics[0]):
        return _series(metrics, context, filters, scope, by)
    inner, keys, values = _values(metrics, context, filters, scope, by)
    columns: list[Column] = []
    for metric in metrics:
        contributed = inner.c[values[metric.key]]
        parts = {"value": _value(metric, contributed), "n": sa.func.count(contributed), **_needs(metric, contributed)}
        if metric.clocks and metric.unit == "seconds" and f"{values[metric.key]}_reported" in inner.c:
            parts["reported"] = sa.func.count(inner.c[f"{values[metric.key]}_reported"])
        columns += [expression.label(part(metrics, metric, name)) for name, expression in parts.items()]
    grouped = [inner.c[key] for key in keys]
    return sa.select(*grouped, *columns).group_by(*grouped) if grouped else sa.select(*columns)


def bounds(
    metrics: Sequence[Metric], context: Context, filters: Filters, scope: Scope, by: Sequence[str], ranks: Ranks
) -> sa.Select[Any]:
    """Return the SELECT of the order statistics that enclose each quantile, by n of the group."""
    inner, keys, values = _values(metrics, context, filters, scope, by)
    if not keys:  # one group: its ranks are constants, which spares the sorting
        sides = [
            sql.order_statistic(inner.c[values[key]], pair[place], n).label(part(metrics, metric, name))
            for metric in metrics for (key, n), pair in ranks.items() if key == metric.key
            for place, name in enumerate(("low", "high"))
        ]  # fmt: skip
        return sa.select(*sides)
    columns = {values[m.key]: inner.c[values[m.key]] for m in metrics}
    ordered = [sql.sorted_values(c).label(f"{name}_sorted") for name, c in columns.items()]
    sizes = [sa.func.count(c).label(f"{name}_n") for name, c in columns.items()]
    grouped = [inner.c[key] for key in keys]
    groups = sa.select(*grouped, *ordered, *sizes).group_by(*grouped).subquery("groups")
    source: sa.FromClause = groups
    shown: list[Column] = [groups.c[key] for key in keys]
    for metric in metrics:
        name = values[metric.key]
        found = [(n, *pair) for (key, n), pair in ranks.items() if key == metric.key]
        types = [sa.column(c, sa.BigInteger()) for c in ("n", "low", "high")]
        wanted = sql.constants(f"ranks_{metric.key}", types, found)
        source = source.outerjoin(wanted, wanted.c.n == groups.c[f"{name}_n"])
        shown += [
            sql.element(groups.c[f"{name}_sorted"], wanted.c[side]).label(part(metrics, metric, side))
            for side in ("low", "high")
        ]
    return sa.select(*shown).select_from(source)


def rows(metric: Metric, context: Context, filters: Filters, scope: Scope, *, excluded: bool) -> sa.Select[Any]:
    """Return the SELECT of the rows behind a number, or of those left out with the reason."""
    of = metric.base.rows(context)
    at = metric.at(of)
    own = dict(metric.base.extras)
    shown = {name: of.c[name] for name in (*metric.base.ids, *metric.base.shown)}
    for dimension in DIMENSIONS:
        if (known := dimension_column(of, dimension)) is not None:
            shown.setdefault(dimension, known)
    shown |= {name: of.c[own[name]] for name in metric.always_by}
    counted = metric.counted(of, context)
    last = metric.reason(of, context).label("reason") if excluded else metric.value(of, context).label("value")
    where = [*conditions(of, at, filters, scope), *([metric.concerns(of, context)] if metric.concerns else [])]
    where.append(counted.is_(None) if excluded else counted.is_not(None))
    columns = [expression.label(name) for name, expression in shown.items() if name != "day"]
    return (
        sa.select(*columns, at.label("day"), last)
        .where(*where)
        .order_by(at.asc().nulls_last(), *(of.c[name].asc().nulls_last() for name in metric.base.ids))
    )


def left_out(metric: Metric, context: Context, filters: Filters, scope: Scope) -> sa.Select[Any]:
    """Return the SELECT of how many rows are left out, by reason."""
    listed = rows(metric, context, filters, scope, excluded=True).order_by(None).subquery("excluded")
    n = sa.func.count().label("n")
    return sa.select(listed.c.reason, n).group_by(listed.c.reason).order_by(n.desc(), listed.c.reason)


def within(
    metric: Metric, context: Context, filters: Filters, scope: Scope, by: Sequence[str], edges: Sequence[float]
) -> sa.Select[Any]:
    """Return the SELECT of n and how many rows have a value up to each edge."""
    inner, keys, values = _values([metric], context, filters, scope, by)
    contributed = inner.c[values[metric.key]]
    counts = [sa.func.sum(flag(contributed <= edge)).label(f"within_{i}") for i, edge in enumerate(edges)]
    grouped = [inner.c[key] for key in keys]
    selected = sa.select(*grouped, sa.func.count(contributed).label("n"), *counts)
    return selected.group_by(*grouped).order_by(*(g.asc().nulls_last() for g in grouped)) if grouped else selected


def dimension(metric: Metric, of: Rows, name: str) -> Column:
    """Return the column of a dimension; raises UnknownName, or BadFilter when these rows do not know it."""
    own = dict(metric.base.extras)
    if name in own:
        return of.c[own[name]]
    if name not in DIMENSIONS:
        raise UnknownName("unknown_dimension", name=name, known=", ".join((*DIMENSIONS, *own)))
    if (found := dimension_column(of, name)) is None:
        known = [d for d in DIMENSIONS if dimension_column(of, d) is not None]
        raise BadFilter("not_by_dimension", metric=metric.key, name=name, known=", ".join((*known, *own)))
    return found


def _values(
    metrics: Sequence[Metric], context: Context, filters: Filters, scope: Scope, by: Sequence[str]
) -> tuple[sa.Subquery, list[str], dict[str, str]]:
    """Return the rows of the period with what each contributes, the group columns, and each metric's column."""
    first = metrics[0]
    of = first.base.rows(context)
    at = first.at(of)
    columns: list[Column] = []
    where = conditions(of, at, filters, scope)
    keys = []
    if context.grain:
        keys.append("period")
        columns.append(sql.period(at, context.grain, context.starts).label("period"))
        where.append(at.is_not(None))
    for name in dimensions(first, by):
        keys.append(name)
        columns.append(dimension(first, of, name).label(name))
    values: dict[str, str] = {}
    same: dict[Any, str] = {}
    for metric in metrics:
        rule = (metric.value, metric.reasons, metric.concerns, context.refused(metric.key))
        if rule not in same:
            same[rule] = metric.key
            counted = metric.counted(of, context)
            columns.append(counted.label(metric.key))
            if metric.clocks and metric.unit == "seconds" and "clock_basis" in of.c:
                columns.append(sa.case((of.c.clock_basis == "reported", counted)).label(f"{metric.key}_reported"))
        values[metric.key] = same[rule]
    return sa.select(*columns).where(*where).subquery("counted"), keys, values


def _series(
    metrics: Sequence[Metric], context: Context, filters: Filters, scope: Scope, by: Sequence[str]
) -> sa.Select[Any]:
    """Return the SELECT of how much stands at the end of each period: a running sum of beginnings less endings."""
    first, since = metrics[0], sa.literal(context.since, sa.Date())
    assert first.base.stretches
    assert context.grain
    of, ends = first.base.stretches(context), [day for day, _ in period_ends(context)]
    last = sa.literal(ends[-1] if ends else context.last_day, sa.Date())
    begins = sql.period(sa.func.greatest(of.c.started_day, since), context.grain, context.starts).label("begins")
    stops = sa.case((of.c.ended_day <= last, sql.period(of.c.ended_day, context.grain, context.starts))).label("stops")
    names = [*by, "begins", "stops"]
    columns = [*(dimension(first, of, name).label(name) for name in by), begins, stops]
    where = [*conditions(of, None, filters, scope), of.c.started_day <= last, later(of.c.ended_day, since)]
    each = (
        sa.select(*columns, *(m.counted(of, context).label(m.key) for m in metrics)).where(*where).subquery("each_one")
    )
    counts = [sa.func.count(each.c[m.key]).label(m.key) for m in metrics]
    groups = [each.c[name] for name in names]
    stretches = sa.select(*groups, *counts).group_by(*groups).cte("stretches")
    own, more, c = [stretches.c[name] for name in by], [stretches.c[m.key] for m in metrics], stretches.c
    moves = sa.union_all(
        sa.select(*own, c.begins.label("period"), *more),
        sa.select(*own, c.stops, *(-count for count in more)).where(c.stops.is_not(None)),
    ).subquery("moves")
    periods: list[sa.ColumnClause[Any]] = [sa.column("period", sa.Date())]
    shown = sql.constants("periods", periods, [(period_start(day, context.grain, context.starts),) for day in ends])
    grouped = [shown.c.period, *(moves.c[name] for name in by)]
    parts = [sa.func.sum(moves.c[m.key]).label(part(metrics, m, name)) for m in metrics for name in ("value", "n")]
    running = shown.join(moves, moves.c.period <= shown.c.period)
    return sa.select(*grouped, *parts).select_from(running).group_by(*grouped)


def _value(metric: Metric, contributed: Column) -> Column:
    match metric.measure:
        case "share" | "mean" | "nps":
            return sa.func.avg(contributed, type_=sa.Double())
        case "quantile":
            return sql.quantile(contributed, metric.q or 0.5)
        case "sum":
            return sa.func.sum(contributed)
        case "max":
            return sa.func.max(contributed)
        case "ratio":
            hits = sa.func.sum(contributed)
            return sa.cast(hits, sa.Double()) / sa.func.nullif(sa.func.count(contributed) - hits, 0)
        case "count":
            return sa.func.count(contributed)


def _needs(metric: Metric, contributed: Column) -> dict[str, Column]:
    """Return what an interval is computed from, besides value and n."""
    match metric.measure:
        case "share":
            return {"hits": sa.func.sum(contributed)}
        case "mean":
            return {"variance": sql.variance(contributed)}
        case "nps":
            sides = {"promoters": contributed > 0, "detractors": contributed < 0}
            return {name: sa.func.sum(sa.case((side, 1), else_=0)) for name, side in sides.items()}
        case _:
            return {}


__all__ = ["bounds", "dimensions", "left_out", "numbers", "part", "rows", "together"]
