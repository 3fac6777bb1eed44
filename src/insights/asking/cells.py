"""Numbers by group: the statements run, values and intervals made of what they return."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from insights import schema
from insights.metrics import Metric, selects
from insights.metrics.selects import Question
from insights.metrics.selects.prepared import adds_up
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
Cells = dict[Group, Cell]


@dataclass(frozen=True)
class Asked:
    """Metrics of any kind asked at once, with or without intervals."""

    question: Question
    intervals: bool = True

    def parts(self) -> list[Question]:
        """Return one question per SELECT."""
        groups = selects.together(self.question.metrics)
        if self.question.prepared:  # what is prepared is not asked of the rows for the sake of what is not
            groups = [some for group in groups for way in (True, False)
                      if (some := tuple(m for m in group if adds_up(m) is way))]  # fmt: skip
        return [replace(self.question, metrics=group) for group in groups]


def measured(asked: Asked, fetch: Fetch) -> dict[str, Cells]:
    """Return the numbers of each metric by group."""
    found: dict[str, Cells] = {}
    for part in asked.parts():
        cells = _measured(part, fetch(selects.numbers(part)), asked.intervals)
        found |= _bounded(part, cells, fetch) if asked.intervals else cells
    return found


def apart(asked: Asked, fetch: Fetch) -> dict[tuple[str, str], Cells]:
    """Return the numbers of each metric by each dimension alone, without intervals: one scan for all of them."""
    found: dict[tuple[str, str], Cells] = {}
    for part in asked.parts():
        records = fetch(selects.breakdowns(part))
        for place, name in enumerate(part.by):
            one = replace(part, by=(name,))
            cells = _measured(one, [r for r in records if r["apart"] == place], asked.intervals)
            found |= {(key, name): of for key, of in cells.items()}
    return found


def without_intervals(cells: Cells) -> Cells:
    """Return the cells as they are measured where nobody asks for intervals."""
    return {group: replace(cell, low=None, high=None) for group, cell in cells.items()}


def _measured(asked: Question, records: Sequence[Mapping[str, Any]], intervals: bool) -> dict[str, Cells]:
    found = {}
    for metric in asked.metrics:
        cells = {tuple(r[k] for k in asked.keys): _cell(asked, metric, r, intervals) for r in records}
        found[metric.key] = {group: cell for group, cell in cells.items() if _stays(asked, metric, group, cell)}
    return found


def _stays(asked: Question, metric: Metric, group: Group, cell: Cell) -> bool:
    """Tell whether a group is one: rows that do not count make none, but a refused source says why it has no number."""
    named = dict(zip(asked.keys, group, strict=True))
    return bool(cell.n) or not group or named.get("source") in asked.context.refused(metric.key)


def _cell(asked: Question, metric: Metric, record: Mapping[str, Any], interval: bool) -> Cell:
    def got(name: str) -> Any:
        return record.get(selects.part(asked, metric, name))

    counts = {name: got(name) for name in ("hits", "promoters", "detractors", "reported")}
    known: dict[str, Any] = {name: int(count) for name, count in counts.items() if count is not None}
    cell = Cell(n=got("n") or 0, **known)
    cell = replace(cell, value=_value(metric, got("value")) if cell.n else None)
    low, high = (_interval(metric, cell, got("variance")) if interval else None) or (None, None)
    return replace(cell, low=low, high=high)


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


def _bounded(asked: Question, found: dict[str, Cells], fetch: Fetch) -> dict[str, Cells]:
    """Give quantiles the order statistics that enclose them."""
    ranks = {
        (m.key, n): pair
        for m in asked.metrics if m.measure == "quantile"
        for n in {cell.n for cell in found[m.key].values()}
        if (pair := stats.quantile_ranks(n, m.q or 0.5))
    }  # fmt: skip
    able = replace(asked, metrics=tuple(m for m in asked.metrics if any(key == m.key for key, _ in ranks)))
    for record in fetch(selects.bounds(able, ranks)) if able.metrics else ():
        group = tuple(record[key] for key in able.keys)
        for metric in able.metrics:
            if cell := found[metric.key].get(group):
                low, high = (record[selects.part(able, metric, side)] for side in ("low", "high"))
                found[metric.key][group] = replace(cell, low=low, high=high)
    return found


def from_the_start(question: Question, fetch: Fetch) -> Question:
    """Give an open period its first day, where what stands open is asked for period by period."""
    context = question.context
    if not context.grain or context.since or not any(m.base.stock for m in question.metrics):
        return question
    (first,) = fetch(sa.select(sa.func.min(schema.tickets.c.created_day).label("day")))
    return replace(question, context=replace(context, since=first["day"]))
