"""The SELECT of value, n and what an interval needs, for metrics that go together."""

from typing import Any

import sqlalchemy as sa

from insights import sql
from insights.metrics.core import Metric
from insights.metrics.selects import prepared
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
    rows, columns = _source(asked)
    groups = [rows.c[key] for key in asked.keys]
    return sa.select(*groups, *columns).group_by(*groups) if groups else sa.select(*columns)


def breakdowns(asked: Question) -> sa.Select[Any]:
    """Return the SELECT of numbers by each dimension alone, in one scan; `apart` says which of them a row is of."""
    rows, columns = _source(asked)
    each, always = ([rows.c[name] for name in names] for names in (asked.by, asked.first.always_by))
    grouping, which = sql.each_alone(each, always)
    return sa.select(*each, *always, which.label("apart"), *columns).group_by(grouping)


def _source(asked: Question) -> tuple[sa.Subquery, list[Column]]:
    """Return what is added up, cells prepared at load or rows, and the columns it gives."""
    if of := prepared.fitting(asked):
        rows = prepared.cells(asked, of)
        found = {metric: prepared.parts(metric, rows) for metric in asked.metrics}
    else:
        each = counted(asked)
        rows, found = each.rows, {metric: _parts(metric, each) for metric in asked.metrics}
    return rows, [c.label(part(asked, metric, name)) for metric, own in found.items() for name, c in own.items()]


def _parts(metric: Metric, rows: Counted) -> dict[str, Column]:
    added = rows.of(metric)
    found = {"value": _value(metric, added), "n": sa.func.count(added), **_needs(metric, added)}
    reported = rows.reported(metric) if metric.clocks and metric.unit == "seconds" else None
    return found if reported is None else found | {"reported": sa.func.count(reported)}


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
