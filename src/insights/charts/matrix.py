"""Heatmaps: how much at which hour of the week, and the retention triangle."""

from collections.abc import Mapping, Sequence
from typing import Any

from insights import texts
from insights.charts.look import MUTED, SEQUENTIAL, TEXT, Figure, axis, layout, plain
from insights.charts.numbers import amount

SCALE = [[i / (len(SEQUENTIAL) - 1), color] for i, color in enumerate(SEQUENTIAL)]
PALE = [[i / 4, color] for i, color in enumerate(SEQUENTIAL[:5])]
"""The part of the scale on which ink text stays readable in both themes."""


def week_heatmap(cells: Mapping[tuple[int, int], float], unit: str, language: str) -> Figure:
    """Return weekdays by hour; `cells` is {(ISO weekday, hour): value}, missing ones are unknown."""
    days = [texts.t(f"words.weekday.{d}", language) for d in range(1, 8)]
    hours = [f"{h:02d}" for h in range(24)]
    z = [[cells.get((d, h)) for h in range(24)] for d in range(1, 8)]
    known = sorted(at for at, value in cells.items() if value is not None)
    said = [f"{days[d - 1]} {h:02d}:00–{h:02d}:59<br><b>{_cell(cells[d, h], unit, language)}</b>" for d, h in known]
    top = max((v for v in cells.values() if v is not None), default=1.0)
    heat = {
        "type": "heatmap",
        "x": hours,
        "y": days,
        "z": z,
        "hoverinfo": "skip",
        "xgap": 2,
        "ygap": 2,
        "colorscale": SCALE,
        "zmin": 0,
        "zmax": top,
        "hoverongaps": False,
        "colorbar": _bar(top, unit, language),
    }
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
        "type": "scatter", "mode": "markers", "x": list(x), "y": list(y), "text": list(said),
        "hovertemplate": "%{text}<extra></extra>", "marker": {"size": 16, "symbol": "square", "opacity": 0},
        "unselected": {"marker": {"opacity": 0}}, "selected": {"marker": {"opacity": 0}},
    }  # fmt: skip


def _cell(value: float | None, unit: str, language: str) -> str:
    if unit == "count":
        return texts.decimal_text(value, language, 1)
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
        "tickfont": {"size": 11},
    }


def grid(
    rows: Sequence[str], columns: Sequence[str], cells: Mapping[tuple[str, str], float], unit: str, language: str
) -> Figure:
    """Return any two splits as cells; `cells` is {(row, column): value}, missing ones are unknown."""
    at = [(row, column) for row in rows for column in columns if (row, column) in cells]
    written = [amount(cells[place], unit, language) for place in at]
    heat = {
        "type": "heatmap", "x": list(columns), "y": list(rows), "xgap": 2, "ygap": 2, "colorscale": PALE,
        "z": [[cells.get((row, column)) for column in columns] for row in rows], "showscale": False,
        "hoverinfo": "skip", "hoverongaps": False,
    }  # fmt: skip
    said = [f"{plain(row)} · {plain(column)}: <b>{w}</b>" for (row, column), w in zip(at, written, strict=True)]
    label = pressed([column for _, column in at], [row for row, _ in at], said)
    label |= {"mode": "markers+text", "customdata": said, "hovertemplate": "%{customdata}<extra></extra>"}
    label |= {"text": written, "textfont": {"size": 11, "color": TEXT}}
    kinds = {"type": "category", "showgrid": False, "categoryorder": "array"}
    return {
        "data": [heat, label],
        "layout": layout(
            height=max(160, 32 * len(rows) + 60), margin={"l": 8, "r": 8, "t": 30, "b": 8},
            xaxis=axis(**kinds, categoryarray=list(columns), side="top", tickangle=0),
            yaxis=axis(**kinds, categoryarray=list(rows), autorange="reversed"),
        ),
    }  # fmt: skip


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
    z: list[list[float | None]] = []
    written, said = [], []
    for i, row in enumerate(rows):
        found = [cells.get((i, k), (None, True)) for k in range(len(heads))]
        z.append([v if complete else None for v, complete in found])
        texts_of = [_written(v, unit, language) for v, _ in found]
        written.append(
            [s if complete or not s else f"<i>{s}*</i>" for s, (_, complete) in zip(texts_of, found, strict=True)]
        )
        said.append(
            [
                f"{plain(row)}<br>{head}: <b>{s}</b>{'' if complete else ' · ' + texts.t('ui.incomplete', language)}"
                if s
                else ""
                for head, s, (_, complete) in zip(heads, texts_of, found, strict=True)
            ]
        )
    known = [v for line in z for v in line if v is not None]
    shade = {
        "type": "heatmap",
        "x": heads,
        "y": rows,
        "z": z,
        "xgap": 2,
        "ygap": 2,
        "colorscale": PALE,
        "showscale": False,
        "zmin": min(known, default=0.0),
        "zmax": max(known, default=1.0),
        "hoverinfo": "skip",
        "hoverongaps": False,
    }
    # Text is its own layer: a heatmap writes nothing into cells without colour.
    flat = [
        (x, y, w, s)
        for y, ws, ss in zip(rows, written, said, strict=True)
        for x, w, s in zip(heads, ws, ss, strict=True)
        if w
    ]
    label = {
        "type": "scatter",
        "mode": "text",
        "x": [f[0] for f in flat],
        "y": [f[1] for f in flat],
        "text": [f[2] for f in flat],
        "textfont": {"size": 12, "color": TEXT},
        "customdata": [f[3] for f in flat],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    running = [(x, y) for i, y in enumerate(rows) for k, x in enumerate(heads)
               if (cell := cells.get((i, k))) and cell[0] is not None and not cell[1]]  # fmt: skip
    hatched = {
        "type": "scatter", "mode": "markers", "x": [x for x, _ in running], "y": [y for _, y in running],
        "marker": {"symbol": "hash-open", "size": 24, "color": MUTED, "opacity": 0.3, "line": {"width": 1}},
        "hoverinfo": "skip",
    }  # fmt: skip
    return {
        "data": [shade, hatched, label],
        "layout": layout(
            height=max(160, 30 * len(rows) + 50),
            xaxis=axis(
                type="category", categoryarray=heads, categoryorder="array", showgrid=False, side="top", tickangle=0
            ),
            yaxis=axis(
                type="category", categoryarray=rows, categoryorder="array", showgrid=False, autorange="reversed"
            ),
            margin={"l": 8, "r": 8, "t": 30, "b": 8},
        ),
    }


def _written(value: float | None, unit: str, language: str) -> str:
    if value is None:
        return ""
    return texts.percent(value, language, 0) if unit == "share" else amount(value, unit, language)
