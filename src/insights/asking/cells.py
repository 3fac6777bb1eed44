"""Numbers by group: the statements run, values and intervals made of what they return."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from insights import schema
from insights.metrics import Metric, selects
from insights.metrics.selects import Question
from insights.metrics.selects.prepared import fitting, may_be_prepared
from insights.stats import intervals as stats

Fetch = Callable[[sa.Select[Any]], list[dict[str, Any]]]
Group = tuple[Any, ...]
"""(period, dimension values...)."""
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Cell:
    """What a metric is in one group; `promoters` and `detractors` of an NPS, `reported` of a duration;
    `withheld`: there is something, of too few for this reader.
    """

    value: float | None = None
    n: int = 0
    low: float | None = None
    high: float | None = None
    hits: int | None = None
    promoters: int | None = None
    detractors: int | None = None
    reported: int | None = None
    withheld: bool = False


EMPTY = Cell()
_COUNTS = ("hits", "promoters", "detractors", "reported")
_PARTS = ("value", "n", "variance", *_COUNTS)
Cells = dict[Group, Cell]


@dataclass(frozen=True)
class Asked:
    """Metrics of any kind asked at once, with or without intervals."""

    question: Question
    intervals: bool = True

    @property
    def periods(self) -> tuple[None, ...] | tuple[None, selects.Days]:
        """Return the periods asked about: None for the filters' own, then what is beside it."""
        return (None, self.question.beside) if self.question.beside else (None,)

    def parts(self) -> list[Question]:
        """Return one question per SELECT."""
        groups = selects.together(self.question.metrics)
        if self.question.prepared:  # what is prepared is not asked of the rows for the sake of what is not
            groups = [
                some
                for group in groups
                for way in (True, False)
                if (some := tuple(m for m in group if may_be_prepared(m, self.question) is way))
            ]
        return [replace(self.question, metrics=group) for group in groups]


def measured(asked: Asked, fetch: Fetch) -> dict[str, Cells]:
    """Return the numbers of each metric by group."""
    return sides(asked, fetch)[0]


def sides(asked: Asked, fetch: Fetch) -> list[dict[str, Cells]]:
    """Return the same of each period asked about, the first the filters' own."""
    found: list[dict[str, Cells]] = [{} for _ in asked.periods]
    for part in asked.parts():
        records = selects.apart(fetch(selects.numbers(part)), part.beside)
        cells = [_measured(part, of, asked.intervals) for of in records]
        if asked.intervals:
            _bounded(part, cells, fetch)
        for every, some in zip(found, cells, strict=True):
            every |= some
    return found


def apart(asked: Asked, fetch: Fetch) -> list[dict[tuple[str, str], Cells]]:
    """Return the numbers of each metric by each dimension alone, of each period, without intervals: in few scans."""
    found: list[dict[tuple[str, str], Cells]] = [{} for _ in asked.periods]
    for part in (part for whole in asked.parts() for part in _by_table(whole)):
        for every, records in zip(found, selects.apart(fetch(selects.breakdowns(part)), part.beside), strict=True):
            for place, name in enumerate(part.by):
                mine = [{**r, name: r["member"]} for r in records if r["apart"] == place]
                cells = _measured(replace(part, by=(name,)), mine, intervals=False)
                every |= {(key, name): of for key, of in cells.items()}
    return found


def _by_table(asked: Question) -> list[Question]:
    """Return a question of several dimensions, each alone, as parts prepared tables answer, if they answer them all."""
    if not asked.prepared or fitting(asked):
        return [asked]
    parts: dict[str, list[str]] = {}
    for name in asked.by:
        if (of := fitting(replace(asked, by=(name,)))) is None:
            return [asked]
        parts.setdefault(of.name, []).append(name)
    return [replace(asked, by=tuple(names)) for names in parts.values()]


def without_intervals(cells: Cells) -> Cells:
    """Return the cells as they are measured where nobody asks for intervals."""
    return {group: replace(cell, low=None, high=None) for group, cell in cells.items()}


def _measured(asked: Question, records: Sequence[Mapping[str, Any]], intervals: bool) -> dict[str, Cells]:
    found = {}
    for metric in asked.metrics:
        keys, named = asked.keys, {name: selects.part(asked, metric, name) for name in _PARTS}
        cells = {
            tuple(r[k] for k in keys): _cell(metric, {n: r.get(p) for n, p in named.items()}, intervals)
            for r in records
        }
        found[metric.key] = {group: cell for group, cell in cells.items() if _stays(asked, metric, group, cell)}
    return found


def _stays(asked: Question, metric: Metric, group: Group, cell: Cell) -> bool:
    """Tell whether a group is one: rows that do not count make none, but a refused source says why it has no number."""
    named = dict(zip(asked.keys, group, strict=True))
    return bool(cell.n) or not group or named.get("source") in asked.context.refused(metric.key)


def _cell(metric: Metric, got: Mapping[str, Any], interval: bool) -> Cell:
    """Return a cell of the parts of a record."""
    known: dict[str, Any] = {name: int(got[name]) for name in _COUNTS if got[name] is not None}
    n = got["n"] or 0
    cell = Cell(_value(metric, got["value"]) if n else None, n, **known)
    bounds = _interval(metric, cell, got["variance"]) if interval else None
    return replace(cell, low=bounds[0], high=bounds[1]) if bounds else cell


def _value(metric: Metric, value: Any) -> float | None:
    if value is None or metric.measure == "count":
        return value  # type: ignore[no-any-return]
    return int(value) if metric.unit == "count" else float(value)


def _interval(metric: Metric, cell: Cell, variance: float | None) -> Interval | None:
    if cell.value is None:
        return None
    if metric.measure == "share":
        return stats.wilson(cell.hits or 0, cell.n)
    if metric.measure == "nps":
        return stats.nps_interval(cell.promoters or 0, cell.detractors or 0, cell.n)
    return stats.mean_interval(cell.value, variance, cell.n) if metric.measure == "mean" else None


def _bounded(asked: Question, found: Sequence[dict[str, Cells]], fetch: Fetch) -> None:
    """Give quantiles of each side the order statistics that enclose them."""
    ranks = [_ranks(asked, side) for side in found]
    able = replace(asked, metrics=tuple(m for m in asked.metrics if any(key == m.key for of in ranks for key, _ in of)))
    if able.metrics:
        records = selects.apart(fetch(selects.bounds(able, ranks)), able.beside)
        for side, of in zip(found, records, strict=True):
            _bound(able, side, of)


def _ranks(asked: Question, found: Mapping[str, Cells]) -> dict[tuple[str, int], tuple[int, int]]:
    return {
        (m.key, n): pair
        for m in asked.metrics
        if m.measure == "quantile"
        for n in {cell.n for cell in found[m.key].values()}
        if (pair := stats.quantile_ranks(n, m.q or 0.5))
    }


def _bound(asked: Question, found: Mapping[str, Cells], records: Sequence[Mapping[str, Any]]) -> None:
    for record in records:
        group = tuple(record[key] for key in asked.keys)
        for metric in asked.metrics:
            if cell := found[metric.key].get(group):
                low, high = (record.get(selects.part(asked, metric, end)) for end in ("low", "high"))
                found[metric.key][group] = replace(cell, low=low, high=high)


def from_the_start(question: Question, fetch: Fetch) -> Question:
    """Give an open period its first day, where what stands open is asked for period by period."""
    context = question.context
    if not context.grain or context.since or not any(m.base.stock for m in question.metrics):
        return question
    (first,) = fetch(sa.select(sa.func.min(schema.tickets.c.created_day).label("day")))
    return replace(question, context=replace(context, since=first["day"]))
