"""Whether customers come back: the cohort triangle, its weighted average, and who stands behind a cell."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from insights import charts, texts
from insights.asking import Desk
from insights.filters import UNKNOWN
from insights.studies.cohorts import AVERAGE
from insights.studies.customers.staying import keeping
from insights.studies.purchases import BRACKETS
from insights.ui.cards import studied
from insights.ui.cards.card import Body, Card, Study, nothing
from insights.ui.kinds.findings import answer, asked, missing, shown
from insights.ui.kinds.target_list import maker
from insights.ui.run import names, t

Row = Mapping[str, Any]
CURVE_PERIODS = 12
MEMBERS = "pick_cohort_members"
"""Where the session keeps the cell whose customers are listed."""
LISTED = 500
USUAL: Study = asked("cohorts")
MONTHLY = ("month", "quarter")


@dataclass(frozen=True)
class Grid:
    """The triangle as it is drawn: a row for each cohort or group, then the average; a column for each later period."""

    rows: tuple[Any, ...]
    heads: tuple[str, ...]
    ks: tuple[int, ...]
    cells: Mapping[tuple[Any, int], Row]
    """By row and period; the row None is the average."""

    def named(self, desk: Desk, study: Study) -> list[str]:
        """Return what each row is called."""
        by = dict(study[1]).get("by")
        said = [names.member(desk, by, row) if by else _period(desk, study, row) for row in self.rows]
        averaged = bool(self.ks) and (None, self.ks[0]) in self.cells and not by
        return [*said, *([t(desk, "pages.retention.average")] if averaged else [])]


def cohorts(desk: Desk, months: int = 12, *, title: str, reading: str, study: Study = USUAL) -> Card:
    """Return the card of the newest cohorts, or of the groups of a dimension: one column per period since."""

    def make(_: str) -> Body:
        return _triangle(desk, months, study)

    return Card("cohorts", desk, title, make, reading, about="repeat_rate" if study == USUAL else "", study=study)


def _triangle(desk: Desk, most: int, study: Study) -> Body:
    grid = _grid(desk, most, study)
    if not grid.ks:
        return _too_early(desk, grid, study)
    heads = grid.named(desk, study)
    rows = [*grid.rows, None][: len(heads)]
    at = {
        (place, column): (cell["value"], cell["complete"])
        for place, row in enumerate(rows)
        for column, k in enumerate(grid.ks)
        if (cell := grid.cells.get((row, k))) is not None
    }
    sizes = [grid.cells[row, 0]["size"] if (row, 0) in grid.cells else 0 for row in rows]
    average = None if dict(study[1]).get("by") else grid.cells.get((None, 1))
    one = names.percent(desk, average["value"] if average else None)
    alt = t(desk, "ui.cohort_alt", count=len(grid.rows), one=one)
    figure = charts.cohort_triangle(heads, sizes, at, grid.heads, desk.language)
    drawn = [dict(cell) for cell in grid.cells.values()]
    return Body(
        figure,
        alt=alt,
        rows=drawn,
        least_width=130 + 46 * len(grid.heads),
        notes=_notes(desk, study),
        tall=True,
        taken=lambda point: _take(grid, heads, rows, point),
    )


def _too_early(desk: Desk, grid: Grid, study: Study) -> Body:
    """Return the body where nothing later than the beginning of any cohort is known, or no cohort at all."""
    return nothing(desk, t(desk, "pages.retention.none_later")) if grid.rows else missing(_always(desk), study)


def _take(grid: Grid, heads: Sequence[str], rows: Sequence[Any], point: Mapping[str, Any]) -> None:
    """Remember which cell was clicked: its customers are listed below."""
    named = str(point.get("y", "")).split("  ·  ")[0]
    if named in heads[: len(grid.rows)] and point.get("x") in grid.heads:
        row = rows[heads.index(named)]
        st.session_state[MEMBERS] = _code(row, grid.ks[grid.heads.index(str(point["x"]))])


def by_purchases(desk: Desk) -> bool:
    """Tell whether kept means having bought, as it does wherever purchases are loaded."""
    return keeping.by_purchases(desk)


def _notes(desk: Desk, study: Study) -> list[str]:
    facts = answer(_always(desk), study).facts
    told = [names.finding(desk, "pages.retention.year", facts)] if facts.get("net_year") is not None else []
    kept = studied.said(_always(desk), study)
    return [*([f":material/info: {kept}"] if kept else []), *told, t(desk, "pages.retention.hatched")]


def _grid(desk: Desk, most: int, study: Study) -> Grid:
    options, found = dict(study[1]), answer(_always(desk), study).rows
    by, first = options.get("by"), 0 if options.get("start", "first_order") != "first_order" else 1
    cells: dict[tuple[Any, int], Row] = {}
    for cell in found:
        if by and cell["cohort"] != AVERAGE:
            continue
        row = cell[by] if by else None if cell["cohort"] == AVERAGE else dt.date.fromisoformat(cell["cohort"])
        cells[row, cell["k"]] = cell
    rows = [row for row, k in cells if k == 0 and (row is not None or by)]
    rows = sorted(rows, key=lambda r: -cells[r, 0]["size"]) if by else sorted(r for r in rows if (r, first) in cells)
    shown = tuple(rows[:most] if by else rows[-most:])
    known = sorted({k for row, k in cells if row in shown and k >= first})[:most]
    ks = [] if known == [0] else known  # all of those who begin are there when they do
    return Grid(
        shown,
        tuple(_head(desk, options, k) for k in ks),
        tuple(ks),
        {at: c for at, c in cells.items() if at[0] in shown or (at[0] is None and not by)},
    )


def _head(desk: Desk, options: Mapping[str, Any], k: int) -> str:
    grain = options.get("grain", "month")
    if options.get("mode") == "bracket":
        first, last = next(b for b in BRACKETS if b[0] == k)
        if first != last:
            return t(desk, f"ui.cohort_{grain}", k=f"{first}–{last}")
    return t(desk, f"ui.cohort_{grain}", k=k)


def _period(desk: Desk, study: Study, day: dt.date) -> str:
    grain = dict(study[1]).get("grain", "month")
    return texts.month(day, desk.language) if grain in MONTHLY else names.day(desk, day)


def _always(desk: Desk) -> Desk:
    """Return the desk whatever the period: a cohort is followed through all of them."""
    return desk.with_filters(replace(desk.filters, since=None, until=None))


def retention_curve(desk: Desk, *, title: str, reading: str, study: Study = USUAL) -> Card:
    """Return the card of the average share kept in each period since, from complete cells, with its interval."""

    def make(_: str) -> Body:
        grid = _grid(desk, CURVE_PERIODS, study)
        averages = {k: grid.cells[None, k] for k in grid.ks if (None, k) in grid.cells}
        known = {k: cell for k, cell in averages.items() if cell["value"] is not None}
        if not known or dict(study[1]).get("by"):
            grouped = dict(study[1]).get("by") and grid.ks
            return _by_group(desk, grid, study) if grouped else _too_early(desk, grid, study)
        heads = [_head(desk, dict(study[1]), k) for k in known]
        line = [_share(desk, cell, head) for head, cell in zip(heads, known.values(), strict=True)]
        said = (f"{head} {names.percent(desk, p.share, 0)}" for head, p in zip(heads, line, strict=True))
        figure = charts.kept_lines(heads, {title: line}, desk.language)
        rows = [{"k": k, **{name: cell[name] for name in ("value", "low", "high", "n")}} for k, cell in known.items()]
        return Body(figure, alt=f"{title}: {'; '.join(said)}", rows=rows, groups=[(("k", k),) for k in known])

    return Card("curve", desk, title, make, reading, study=study)


def _share(desk: Desk, cell: Row, head: str) -> charts.Share:
    share, low, high = (cell[name] for name in ("value", "low", "high"))
    between = "" if low is None else f" ({names.percent(desk, low)} … {names.percent(desk, high)})"
    said = f"{head}: <b>{names.percent(desk, share)}</b>{between} · n = {names.count(desk, cell['n'])}"
    return charts.Share(cell["k"], share, said, low, high)


def _by_group(desk: Desk, grid: Grid, study: Study) -> Body:
    """Return one curve per group: the share kept by periods since."""
    by = dict(study[1])["by"]
    heads = dict(zip(grid.ks, grid.heads, strict=True))
    lines = {
        names.member(desk, by, row): [
            _share(desk, grid.cells[row, k], heads[k]) for k in grid.ks if (row, k) in grid.cells
        ]
        for row in grid.rows[:6]
    }
    firsts = {name: line[0].share if line else None for name, line in lines.items()}
    alt = "; ".join(f"{name} {names.percent(desk, first, 0)}" for name, first in firsts.items())
    figure = charts.kept_lines(list(grid.heads), lines, desk.language)
    parts = [((by, row),) for row in grid.rows[:6]]
    return Body(figure, alt=alt, rows=list(grid.cells.values()), lines=parts)


def members(desk: Desk, study: Study, months: int) -> Card:
    """Return the card of the customers behind the cell that was clicked or is picked."""
    title, options = t(desk, "pages.retention.members"), dict(study[1])
    grid = _grid(desk, months, study)
    heads = grid.named(desk, study)
    choice = {
        _code(row, k): f"{name} · {head}"
        for row, name in zip(grid.rows, heads, strict=False)
        for k, head in zip(grid.ks, grid.heads, strict=True)
        if (row, k) in grid.cells
    }

    def make(picked: str) -> Body:
        if not picked:
            return _too_early(desk, grid, asked("cohort_members"))
        row, k = picked.rsplit("|", 1)
        kind = {name: options[name] for name in ("grain", "mode", "start", "by") if options.get(name)}
        which = {"group": row} if options.get("by") else {"cohort": dt.date.fromisoformat(row)}
        found = answer(_always(desk), asked("cohort_members", k=int(k), **kind, **which))
        said = names.finding(desk, "pages.retention.of_cell", found.facts)
        rows = found.rows[:LISTED]
        columns = [c for c in found.shapes[0].columns if c.name not in ("group", "cohort")]
        return Body(
            text=said,
            table=shown(desk, columns, rows) if rows else None,
            alt=title,
            rows=found.rows,
            below=maker(desk, "cohort_members", {choice[picked]: lambda: _ids(found.rows)}),
        )

    return Card(
        "cohort_members",
        desk,
        title,
        make,
        t(desk, "pages.retention.members_reading"),
        choice=choice,
        listed=True,
        study=asked("cohort_members"),
    )


def _ids(rows: Sequence[Row]) -> list[str]:
    return [row["customer_id"] for row in rows]


def _code(row: Any, k: int) -> str:
    return f"{UNKNOWN if row is None else row}|{k}"
