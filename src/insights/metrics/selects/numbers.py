"""The SELECT of value, n and what an interval needs, for metrics that go together."""

from collections.abc import Callable
from functools import partial
from typing import Any

import sqlalchemy as sa

from insights import sql
from insights.metrics.core import Metric
from insights.metrics.selects import prepared, sides
from insights.metrics.selects.question import Counted, Question, counted, counts_stretches
from insights.metrics.selects.series import series
from insights.sql import Column


def part(asked: Question, metric: Metric, name: str) -> str:
    """Return the name of a result column: `value`, `n`, ...; with the metric's key when several share a SELECT."""
    return name if len(asked.metrics) == 1 else f"{metric.key}_{name}"


def numbers(asked: Question) -> sa.Select[Any]:
    """Return the SELECT of value, n and what an interval needs, by group."""
    if asked.context.grain and counts_stretches(asked.first):
        return series(asked, lambda metric, name: part(asked, metric, name))
    rows, made = _source(asked)
    if groups := [rows.c[key] for key in asked.grouped]:
        return sa.select(*groups, *made(lambda name: rows.c[name])).group_by(*groups)
    each = ((suffix, made(of)) for suffix, of in sides.views(rows, asked.beside))
    return sa.select(*(c.label(f"{c.key}{suffix}") if suffix else c for suffix, columns in each for c in columns))


def breakdowns(asked: Question) -> sa.Select[Any]:
    """Return the SELECT of numbers by each dimension alone, in one scan: which of them, and the `member`."""
    rows, made = _source(asked)
    each = sql.each_alone(rows, asked.by)
    side = [sides.SIDE] if asked.beside else []
    groups = [each.c[name] for name in (*sql.APART, *asked.first.always_by, *side)]
    return sa.select(*groups, *made(lambda name: each.c[name])).group_by(*groups)


def _source(asked: Question) -> tuple[sa.Subquery, Callable[[sides.Of], list[Column]]]:
    """Return what is added up, cells prepared at load or rows, and how what it gives is made of its columns."""
    if of := prepared.fitting(asked):
        rows, each = prepared.cells(asked, of), prepared.parts
    else:
        found = counted(asked)
        rows, each = found.rows, partial(_parts, found)

    def made(named: sides.Of) -> list[Column]:
        parts = ((metric, each(metric, named)) for metric in asked.metrics)
        return [c.label(part(asked, metric, name)) for metric, own in parts for name, c in own.items()]

    return rows, made


def _parts(rows: Counted, metric: Metric, of: sides.Of) -> dict[str, Column]:
    added = of(rows.column[metric.key])
    found = {"value": _value(metric, added), "n": sa.func.count(added), **_needs(metric, added)}
    reported = rows.reported(metric) if metric.clocks and metric.unit == "seconds" else None
    return found if reported is None else found | {"reported": sa.func.count(of(reported))}


def _value(metric: Metric, added: Column) -> Column:
    match metric.measure:
        case "share" | "mean" | "nps":
            return sa.func.avg(added, type_=sa.Double())
        case "quantile":
            return sql.quantile(added, metric.q or 0.5)
        case "sum":
            return sa.func.sum(added)
        case "max":
            return sa.func.max(added)
        case "ratio":
            hits = sa.func.sum(added)
            return sa.cast(hits, sa.Double()) / sa.func.nullif(sa.func.count(added) - hits, 0)
        case "count":
            return sa.func.count(added)


def _needs(metric: Metric, added: Column) -> dict[str, Column]:
    """Return what an interval is computed from, besides value and n."""
    match metric.measure:
        case "share":
            return {"hits": sa.func.sum(added)}
        case "mean":
            return {"variance": sql.variance(added)}
        case "nps":
            sides = {"promoters": added > 0, "detractors": added < 0}
            return {name: sa.func.sum(sa.case((side, 1), else_=0)) for name, side in sides.items()}
        case _:
            return {}
