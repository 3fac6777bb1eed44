"""The answer on the explore page in the shape asked for: table, pivot, line, heatmap or distribution."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from insights import charts, texts
from insights.asking import Desk
from insights.charts import Scale
from insights.metrics import METRICS, Number
from insights.metrics.number import Member
from insights.studies.within import HOURS
from insights.ui.cards import tables
from insights.ui.cards.card import Body, Card, Column, Table, nothing, record
from insights.ui.kinds.trend import known, points, spans, whole
from insights.ui.run import data, names, periods, steps, t
from insights.ui.views.home.asked import Asked

MOST_ROWS, MOST_LINES, MOST_MEMBERS = 300, 6, 12
Cells = Mapping[tuple[str, str], Number]


def card(desk: Desk, asked: Asked) -> Card:
    """Return the card of the answer in the shape asked for."""
    title = ", ".join(names.short(desk, key) for key in asked.metrics)
    if asked.cut:
        title += f" · {', '.join(names.dimension(desk, name) for name in asked.cut)}"

    def make(_: str) -> Body:
        return _SHAPES.get(asked.shape, _table)(desk, asked)

    return Card("explored", desk, title, make, about=asked.first)


def answer(desk: Desk, asked: Asked) -> list[Number]:
    """Return the numbers asked for, each with what it is seen against: the period before, or one member."""
    if asked.versus and asked.cut:
        return [n for member in _seen(desk, asked) for n in _against(desk, asked, member)]
    return data.numbers(desk, asked.metrics, by=asked.cut, grain=asked.grain, compare=data.comparable(desk))


def _seen(desk: Desk, asked: Asked) -> Sequence[str]:
    return [m for m in data.options(desk, asked.cut[0]) if m != asked.versus][:MOST_MEMBERS]


def _against(desk: Desk, asked: Asked, member: str) -> list[Number]:
    split = asked.cut[0]
    found = data.against(desk.narrow(split, member), desk.narrow(split, asked.versus), asked.metrics)
    return [replace(number, group=((split, member),)) for number in found]


def _few(desk: Desk, found: Sequence[Number]) -> list[str]:
    """Say how many groups rest on few cases, and how many on too few to be shown."""
    least, thin = desk.settings.thresholds.hide_below, desk.settings.thresholds.grey_below
    rates = [n for n in found if n.unit != "count" and n.n]
    few, too_few = sum(least <= n.n < thin for n in rates), sum(n.n < least for n in rates)
    if not few and not too_few:
        return []
    said = t(desk, "pages.explore.few", few=names.count(desk, few), thin=thin, hidden=names.count(desk, too_few),
             least=least)  # fmt: skip
    return [f":material/grain: {said}"]


def shown(desk: Desk, number: Number | None) -> float | None:
    """Return a value, unknown where it rests on too few cases."""
    if number is None or (number.unit != "count" and number.n < desk.settings.thresholds.hide_below):
        return None
    return number.value


def _key(number: Number) -> tuple[Any, ...]:
    return (number.period, *(member for _, member in number.group))


def _table(desk: Desk, asked: Asked) -> Body:
    found = answer(desk, asked)
    if not any(n.n for n in found):
        return nothing(desk)
    leading = [n for n in found if n.metric == asked.first and n.n][:MOST_ROWS]
    held = {(n.metric, *_key(n)): n for n in found}
    columns, cells = _heads(desk, asked, leading)
    for key in asked.metrics:
        line = [held.get((key, *_key(n))) for n in leading]
        for name, (column, values) in _amounts(desk, asked, key, line).items():
            columns[name], cells[name] = column, values
    rows = [{name: values[i] for name, values in cells.items()} for i in range(len(leading))]
    more = [t(desk, "ui.more_groups", count=len(found) - len(leading))] if len(leading) == MOST_ROWS else []
    return Body(
        table=Table(columns, rows, "content" if len(rows) <= 12 else 480), alt=asked.first,
        rows=[record(n) for n in found], notes=[*_few(desk, found), *more], groups=[n.group for n in leading],
    )  # fmt: skip


def _heads(desk: Desk, asked: Asked, found: Sequence[Number]) -> tuple[dict[str, Column], dict[str, Sequence[Any]]]:
    columns: dict[str, Column] = {}
    cells: dict[str, Sequence[Any]] = {}
    if any(n.period for n in found):
        columns["period"], cells["period"] = Column(t(desk, "ui.period"), "day"), [n.period for n in found]
    for name in asked.cut[:1] if asked.versus else asked.cut:
        columns[name] = Column(names.dimension(desk, name), width="medium")
        cells[name] = [said(desk, name, n.member(name)) for n in found]
    return columns, cells


def said(desk: Desk, name: str, member: Member) -> str:
    """Return a member of a split as readers say it."""
    return names.split(desk, name, steps.code(member))


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
    found: Amounts = {
        f"{key}_{side}": tables.measured(desk, t(desk, f"pages.explore.{side}"), unit, [_of(n, side) for n in seen])
        for side in ("low", "high")
    } if unit != "count" else {}  # fmt: skip
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


def _crossed(desk: Desk, asked: Asked) -> tuple[list[str], list[str], Cells, list[Number]]:
    """Return the words of rows and columns, the numbers of their cells, and all of them."""
    grain = asked.grain if len(asked.cut) == 2 else asked.grain or "month"
    across = replace(asked, grain=None if len(asked.cut) == 2 else grain, metrics=asked.metrics[:1])
    found = [n for n in data.numbers(desk, across.metrics, by=across.cut, grain=across.grain) if n.n]
    found.sort(key=lambda n: [float(m) if isinstance(m, int | float) else 0.0 for _, m in n.group])
    down = [
        said(desk, asked.cut[0], n.member(asked.cut[0])) if asked.cut else names.short(desk, n.metric) for n in found
    ]
    side = [
        said(desk, asked.cut[1], n.member(asked.cut[1])) if len(asked.cut) == 2
        else charts.period_name(n.period, desk.language, str(grain)) if n.period else ""
        for n in found
    ]  # fmt: skip
    cells = dict(zip(zip(down, side, strict=True), found, strict=True))
    return list(dict.fromkeys(down)), list(dict.fromkeys(side)), cells, found


def _pivot(desk: Desk, asked: Asked) -> Body:
    down, side, cells, found = _crossed(desk, asked)
    if not found:
        return nothing(desk)
    each = [[shown(desk, cells.get((row, column))) for row in down] for column in side]
    scaled, flat = tables.measured(desk, "", METRICS[asked.first].unit, [v for line in each for v in line])
    head = names.dimension(desk, asked.cut[0]) if asked.cut else ""
    columns = {"row": Column(head, width="medium")}
    columns |= {f"c{i}": replace(scaled, label=f"{column}{scaled.label}") for i, column in enumerate(side)}
    rows = [{"row": row} | {f"c{i}": flat[i * len(down) + at] for i in range(len(side))} for at, row in enumerate(down)]
    table = Table(columns, rows, "content" if len(rows) <= 12 else 480)
    firsts = [next(n for (row, _), n in cells.items() if row == name).group[:1] for name in down]
    notes = _few(desk, found)
    return Body(table=table, alt=asked.first, rows=[record(n) for n in found], notes=notes, groups=firsts)


def _heatmap(desk: Desk, asked: Asked) -> Body:
    down, side, cells, found = _crossed(desk, asked)
    known_cells = {at: value for at, n in cells.items() if (value := shown(desk, n)) is not None}
    if not known_cells:
        return nothing(desk)
    unit = METRICS[asked.first].unit
    figure = charts.grid(down, side, known_cells, unit, desk.language)
    order = [(row, column) for row in down for column in side if (row, column) in known_cells]
    top = max(known_cells, key=lambda at: known_cells[at])
    alt = f"{names.name(desk, asked.first)}: {' · '.join(top)} {names.said(desk, known_cells[top], asked.first)}"
    return Body(
        figure, alt=alt, rows=[record(n) for n in found], notes=_few(desk, found), tall=True,
        groups=[cells[at].group for at in order], least_width=160 + 62 * len(side),
    )  # fmt: skip


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
        figure, alt=", ".join(largest), rows=[record(n) for n in found], notes=[*_few(desk, found), *more],
        spans=spans(desk, longest, grain),
    )  # fmt: skip


def _distribution(desk: Desk, asked: Asked) -> Body:
    metric = METRICS[asked.first]
    if metric.unit != "seconds":
        return nothing(desk, t(desk, "pages.explore.no_distribution", metric=names.name(desk, asked.first)), "info")
    edges = tuple(hours * 3600 for hours in HOURS)
    rows = data.study(desk, "within", metric=asked.first, edges=edges).rows
    if not rows or not rows[0]["n"]:
        return nothing(desk)
    shares = [b - a for a, b in pairwise([0.0, *(r["value"] for r in rows), 1.0])]
    heads = [f"≤ {texts.duration(e, desk.language)}" for e in edges] + [f"> {texts.duration(edges[-1], desk.language)}"]
    told = "; ".join(f"{h}: {names.percent(desk, s)}" for h, s in zip(heads, shares, strict=True))
    figure = charts.columns(heads, shares, "share", desk.language)
    note = f"n = {names.count(desk, rows[0]['n'])}"
    return Body(figure, alt=told, rows=rows, notes=[note], groups=[(("metric", asked.first),)] * len(heads),
                least_width=760)  # fmt: skip


def _bar(desk: Desk, asked: Asked) -> Body:
    return nothing(desk, t(desk, "pages.explore.needs_split"), "info")


_SHAPES: Mapping[str, Callable[[Desk, Asked], Body]] = {
    "table": _table, "pivot": _pivot, "line": _line, "heatmap": _heatmap, "distribution": _distribution, "bar": _bar,
}  # fmt: skip
