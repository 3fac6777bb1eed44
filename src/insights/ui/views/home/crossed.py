"""Two splits, or a split and time, against each other: as a pivot of numbers or as a heatmap."""

from collections.abc import Mapping
from dataclasses import replace

from insights import charts
from insights.asking import Desk
from insights.metrics import METRICS, Number
from insights.ui.cards import tables
from insights.ui.cards.card import Body, Column, Table, nothing, record
from insights.ui.run import data, names
from insights.ui.views.home.answers import few, said, shown
from insights.ui.views.home.asked import Asked

Cells = Mapping[tuple[str, str], Number]


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
        said(desk, asked.cut[1], n.member(asked.cut[1]))
        if len(asked.cut) == 2
        else charts.period_name(n.period, desk.language, str(grain))
        if n.period
        else ""
        for n in found
    ]
    cells = dict(zip(zip(down, side, strict=True), found, strict=True))
    return list(dict.fromkeys(down)), list(dict.fromkeys(side)), cells, found


def pivot(desk: Desk, asked: Asked) -> Body:
    """Return a table with one split down and the other, or time, across."""
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
    notes = few(desk, found)
    return Body(table=table, alt=asked.first, rows=[record(n) for n in found], notes=notes, groups=firsts)


def heatmap(desk: Desk, asked: Asked) -> Body:
    """Return the same as cells in shades; a cell that is pressed is filtered to, or opens its rows."""
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
        figure,
        alt=alt,
        rows=[record(n) for n in found],
        notes=few(desk, found),
        tall=True,
        groups=[cells[at].group for at in order],
        least_width=160 + 62 * len(side),
    )
