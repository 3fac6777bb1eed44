"""The answer on the explore page in the shape asked for, tables and lines here."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from insights import charts, schema
from insights.asking import Desk
from insights.charts import Scale
from insights.dimensions import DIMENSIONS
from insights.metrics import METRICS, Number
from insights.ui.cards import tables
from insights.ui.cards.card import Body, Card, Column, Table, nothing, record
from insights.ui.kinds.trend import known, points, spans, whole
from insights.ui.run import data, names, periods, t
from insights.ui.views.home.answers import answer, few, said, shown
from insights.ui.views.home.asked import Asked
from insights.ui.views.home.crossed import heatmap, pivot
from insights.ui.views.home.distribution import distribution

MOST_ROWS, MOST_LINES = 300, 6


def card(desk: Desk, asked: Asked) -> Card:
    """Return the card of the answer in the shape asked for."""
    title = ", ".join(names.short(desk, key) for key in asked.metrics)
    if asked.cut:
        title += f" · {', '.join(names.dimension(desk, name) for name in asked.cut)}"

    def make(_: str) -> Body:
        return _SHAPES.get(asked.shape, _table)(desk, asked)

    return Card("explored", desk, title, make, about=asked.first)


def _key(number: Number) -> tuple[Any, ...]:
    return (number.period, *(member for _, member in number.group))


def _table(desk: Desk, asked: Asked) -> Body:
    found = answer(desk, asked)
    if not any(n.n for n in found):
        return nothing(desk)
    leading = _largest_first(asked, [n for n in found if n.metric == asked.first and n.n])[:MOST_ROWS]
    held = {(n.metric, *_key(n)): n for n in found}
    columns, cells = _heads(desk, asked, leading)
    for key in asked.metrics:
        line = [held.get((key, *_key(n))) for n in leading]
        for name, (column, values) in _amounts(desk, asked, key, line).items():
            columns[name], cells[name] = column, values
    rows = [{name: values[i] for name, values in cells.items()} for i in range(len(leading))]
    more = [t(desk, "ui.more_groups", count=len(found) - len(leading))] if len(leading) == MOST_ROWS else []
    return Body(
        table=Table(columns, rows, "content" if len(rows) <= 12 else 480),
        alt=asked.first,
        rows=[record(n) for n in found],
        notes=[*few(desk, found), *more],
        groups=[n.group for n in leading],
    )


def _largest_first(asked: Asked, found: list[Number]) -> list[Number]:
    """Return groups by how many cases they have, but times, hours and scores in their own order."""
    of_names = asked.grain is None and asked.cut and asked.cut[0] in DIMENSIONS and asked.cut[0] not in schema.WORDS
    return sorted(found, key=lambda n: -n.n) if of_names else found


def _heads(desk: Desk, asked: Asked, found: Sequence[Number]) -> tuple[dict[str, Column], dict[str, Sequence[Any]]]:
    columns: dict[str, Column] = {}
    cells: dict[str, Sequence[Any]] = {}
    if any(n.period for n in found):
        columns["period"], cells["period"] = Column(t(desk, "ui.period"), "day"), [n.period for n in found]
    for name in asked.cut[:1] if asked.versus else asked.cut:
        columns[name] = Column(names.dimension(desk, name), width="medium")
        cells[name] = [said(desk, name, n.member(name)) for n in found]
    return columns, cells


Amounts = dict[str, tuple[Column, Sequence[Any]]]


def _amounts(desk: Desk, asked: Asked, key: str, line: Sequence[Number | None]) -> Amounts:
    """Return the columns of one metric: value and n; where it is alone, also intervals and what it is seen against."""
    unit, short = METRICS[key].unit, names.short(desk, key)
    found: Amounts = {key: tables.measured(desk, short, unit, [shown(desk, n) for n in line])}
    if unit != "count":
        label = "n" if len(asked.metrics) == 1 else f"n, {short}"
        found[f"{key}_n"] = tables.measured(desk, label, "count", [n.n if n else None for n in line])
    if len(asked.metrics) == 1 or asked.versus:
        found |= _compared(desk, asked, key, line)
    return found


def _compared(desk: Desk, asked: Asked, key: str, line: Sequence[Number | None]) -> Amounts:
    unit = METRICS[key].unit
    other = said(desk, asked.cut[0], asked.versus) if asked.versus else t(desk, "ui.previous_period")
    seen = [n if shown(desk, n) is not None else None for n in line]
    found: Amounts = (
        {
            f"{key}_{side}": tables.measured(desk, t(desk, f"pages.explore.{side}"), unit, [_of(n, side) for n in seen])
            for side in ("low", "high")
        }
        if unit != "count"
        else {}
    )
    if not any(n and n.compared for n in line):
        return found
    found[f"{key}_before"] = tables.measured(desk, other, unit, [_of(n, "previous") for n in seen])
    for part in ("change", "change_low", "change_high"):
        label = t(desk, f"pages.explore.{part}")
        found[f"{key}_{part}"] = tables.changed(desk, label, unit, [_of(n, part) for n in seen])
    found[f"{key}_sure"] = Column(t(desk, "why.sure")), [_sure(desk, n) for n in seen]
    return {name: (column, values) for name, (column, values) in found.items() if any(v is not None for v in values)}


def _of(number: Number | None, part: str) -> float | None:
    return None if number is None else getattr(number, part)


def _sure(desk: Desk, number: Number | None) -> str | None:
    if number is None or number.change_real is None:
        return None
    return t(desk, "why.part_real" if number.change_real else "why.part_chance")


def _line(desk: Desk, asked: Asked) -> Body:
    grain = asked.grain or periods.grain_for(desk.filters, data.first_day(desk))
    alike = [key for key in asked.metrics if METRICS[key].unit == METRICS[asked.first].unit]
    keys, cut = ([asked.first], asked.cut[:1]) if asked.cut else (alike, ())
    found = data.numbers(desk, keys, by=cut, grain=grain)
    lines: dict[str, list[Number]] = {}
    for number in found:
        name = said(desk, cut[0], number.member(cut[0])) if cut else names.short(desk, number.metric)
        lines.setdefault(name, []).append(number)
    lines = {name: line for name, line in lines.items() if known(points(line))}
    largest = sorted(lines, key=lambda name: -sum(n.n for n in lines[name]))[:MOST_LINES]
    if not largest:
        return nothing(desk)
    made = {name: points(lines[name]) for name in largest}
    figure = charts.lines(made, Scale(METRICS[asked.first].unit, desk.language, grain))
    longest = max((whole(line) for line in made.values()), key=len)
    rest = len(lines) - len(largest)
    more = [t(desk, "ui.more_groups", count=rest)] if rest else []
    return Body(
        figure,
        alt=", ".join(largest),
        rows=[record(n) for n in found],
        notes=[*few(desk, found), *more],
        spans=spans(desk, longest, grain),
    )


def _bar(desk: Desk, asked: Asked) -> Body:
    return nothing(desk, t(desk, "pages.explore.needs_split"), "info")


_SHAPES: Mapping[str, Callable[[Desk, Asked], Body]] = {
    "table": _table,
    "pivot": pivot,
    "line": _line,
    "heatmap": heatmap,
    "distribution": distribution,
    "bar": _bar,
}
