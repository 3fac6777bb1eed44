"""Heatmaps: how much at which hour of the week, and the retention triangle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from insights import texts
from insights.charts.look import MUTED, SEQUENTIAL, SMALL, TEXT, Figure, axis, hovers, layout, plain
from insights.charts.numbers import amount

Scale = list[list[Any]]
FEW = 1
"""Cases an hour below which the second decimal is said."""
SCALE: Scale = [[i / (len(SEQUENTIAL) - 1), color] for i, color in enumerate(SEQUENTIAL)]
PALE: Scale = [[i / 4, color] for i, color in enumerate(SEQUENTIAL[:5])]
"""The part of the scale on which ink text stays readable in both themes."""


def week_heatmap(cells: Mapping[tuple[int, int], float], unit: str, language: str) -> Figure:
    """Return weekdays by hour; `cells` is {(ISO weekday, hour): value}, missing ones are unknown."""
    days = [texts.t(f"words.weekday.{d}", language) for d in range(1, 8)]
    hours = [f"{h:02d}" for h in range(24)]
    z = [[cells.get((d, h)) for h in range(24)] for d in range(1, 8)]
    known = sorted(at for at, value in cells.items() if value is not None)
    said = [f"{days[d - 1]} {h:02d}:00–{h:02d}:59<br><b>{_cell(cells[d, h], unit, language)}</b>" for d, h in known]
    top = max((v for v in cells.values() if v is not None), default=1.0)
    heat = _heat(hours, days, z, SCALE) | {"zmin": 0, "zmax": top, "colorbar": _bar(top, unit, language)}
    return {
        "data": [heat, pressed([hours[h] for _, h in known], [days[d - 1] for d, _ in known], said)],
        "layout": layout(
            xaxis=axis(type="category", showgrid=False, tickvals=hours[::2], tickangle=0),
            yaxis=axis(type="category", showgrid=False, autorange="reversed"),
            margin={"l": 8, "r": 8, "t": 12, "b": 52},
        ),
    }


def pressed(x: Sequence[Any], y: Sequence[Any], said: Sequence[str]) -> dict[str, Any]:
    """Return marks nobody sees, one on each cell: a heatmap's own cells can be neither clicked nor framed."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": list(x),
        "y": list(y),
        "text": list(said),
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"size": 16, "symbol": "square", "opacity": 0},
        "unselected": {"marker": {"opacity": 0}},
        "selected": {"marker": {"opacity": 0}},
    }


def _cell(value: float | None, unit: str, language: str) -> str:
    if unit == "count":
        few = value is not None and 0 < value < FEW
        return texts.decimal_text(value, language, 2 if few else 1)
    return amount(value, unit, language)


def _bar(top: float, unit: str, language: str) -> dict[str, Any]:
    labels = [_cell(v, unit, language) for v in (0, top / 2, top)]
    return {
        "orientation": "h",
        "thickness": 8,
        "len": 0.34,
        "x": 1,
        "xanchor": "right",
        "y": -0.16,
        "yanchor": "top",
        "tickvals": [0, top / 2, top],
        "ticktext": labels,
        "outlinewidth": 0,
        "ticks": "",
        "tickfont": {"size": SMALL, "color": MUTED},
    }


def grid(
    rows: Sequence[str], columns: Sequence[str], cells: Mapping[tuple[str, str], float], unit: str, language: str
) -> Figure:
    """Return any two splits as cells; `cells` is {(row, column): value}, missing ones are unknown."""
    at = [(row, column) for row in rows for column in columns if (row, column) in cells]
    written = [amount(cells[place], unit, language) for place in at]
    z = [[cells.get((row, column)) for column in columns] for row in rows]
    heat = _heat(columns, rows, z, PALE) | {"showscale": False}
    said = [f"{plain(row)} · {plain(column)}: <b>{w}</b>" for (row, column), w in zip(at, written, strict=True)]
    label = pressed([column for _, column in at], [row for row, _ in at], said)
    label |= {"mode": "markers+text", **hovers(said)}
    label |= {"text": written, "textfont": {"size": 11, "color": TEXT}}
    kinds = {"type": "category", "showgrid": False, "categoryorder": "array"}
    return {
        "data": [heat, label],
        "layout": layout(
            height=max(160, 32 * len(rows) + 60),
            margin={"l": 8, "r": 8, "t": 30, "b": 8},
            xaxis=axis(**kinds, categoryarray=list(columns), side="top", tickangle=0),
            yaxis=axis(**kinds, categoryarray=list(rows), autorange="reversed"),
        ),
    }


@dataclass(frozen=True)
class Cell:
    """One cell of a triangle that is known, in its row and column as they are called."""

    row: str
    column: str
    value: float
    complete: bool

    def said(self, written: str, language: str) -> str:
        """Return what a pointer on it reads."""
        running = "" if self.complete else f" · {texts.t('ui.incomplete', language)}"
        return f"{plain(self.row)}<br>{self.column}: <b>{written}</b>{running}"


def cohort_triangle(
    names: Sequence[str],
    sizes: Sequence[int],
    cells: Mapping[tuple[int, int], tuple[float | None, bool]],
    heads: Sequence[str],
    language: str,
    *,
    unit: str = "share",
) -> Figure:
    """Return one row per cohort and one column per later period; `cells` is {(row, column): (value, complete)}.

    Incomplete cells are hatched instead of coloured, so that a running period never reads as loss.
    """
    rows = [f"{name}  ·  {texts.decimal_text(size, language)}" for name, size in zip(names, sizes, strict=True)]
    places = ((i, k, cells.get((i, k), (None, True))) for i in range(len(rows)) for k in range(len(heads)))
    known = [Cell(rows[i], heads[k], value, complete) for i, k, (value, complete) in places if value is not None]
    kinds = {"type": "category", "categoryorder": "array", "showgrid": False}
    return {
        "data": [_shade(rows, heads, known), _hatched(known), _labels(known, unit, language)],
        "layout": layout(
            height=max(160, 30 * len(rows) + 50),
            xaxis=axis(**kinds, categoryarray=heads, side="top", tickangle=0),
            yaxis=axis(**kinds, categoryarray=rows, autorange="reversed"),
            margin={"l": 8, "r": 8, "t": 30, "b": 8},
        ),
    }


def _shade(rows: Sequence[str], heads: Sequence[str], known: Sequence[Cell]) -> dict[str, Any]:
    values = {(cell.row, cell.column): cell.value for cell in known if cell.complete}
    ends = {"zmin": min(values.values(), default=0.0), "zmax": max(values.values(), default=1.0)}
    z = [[values.get((row, head)) for head in heads] for row in rows]
    return _heat(heads, rows, z, PALE) | {"showscale": False} | ends


def _hatched(known: Sequence[Cell]) -> dict[str, Any]:
    running = [cell for cell in known if not cell.complete]
    marker = {"symbol": "hash-open", "size": 24, "color": MUTED, "opacity": 0.3, "line": {"width": 1}}
    return _at(running) | {"mode": "markers", "marker": marker, "hoverinfo": "skip"}


def _labels(known: Sequence[Cell], unit: str, language: str) -> dict[str, Any]:
    """Return what is written into the cells: its own layer, a heatmap writes nothing into cells without colour."""
    written = [_written(cell.value, unit, language) for cell in known]
    return _at(known) | {
        "mode": "text",
        "text": [w if cell.complete else f"<i>{w}*</i>" for cell, w in zip(known, written, strict=True)],
        "textfont": {"size": 12, "color": TEXT},
        **hovers([cell.said(w, language) for cell, w in zip(known, written, strict=True)]),
    }


def _at(cells: Sequence[Cell]) -> dict[str, Any]:
    return {"type": "scatter", "x": [cell.column for cell in cells], "y": [cell.row for cell in cells]}


def _heat(x: Sequence[str], y: Sequence[str], z: Sequence[Sequence[float | None]], scale: Scale) -> dict[str, Any]:
    looks = {"xgap": 2, "ygap": 2, "colorscale": scale, "hoverinfo": "skip", "hoverongaps": False}
    return {"type": "heatmap", "x": list(x), "y": list(y), "z": z} | looks


def _written(value: float, unit: str, language: str) -> str:
    return texts.percent(value, language, 0) if unit == "share" else amount(value, unit, language)
