"""How complete the data is: filled cells by column and month, and a calendar of days with and without rows."""

import datetime as dt
import math
from collections.abc import Collection, Mapping, Sequence

from insights import texts
from insights.charts.look import PAGE, SEQUENTIAL, SMALL, TEXT, WARN, Figure, axis, layout, plain, spaced
from insights.charts.matrix import PALE

LABELS = 4
"""Months named on an axis: as many as fit beside each other on a phone."""
Cell = tuple[int, int]
"""(filled, n)."""


def coverage(
    columns: Sequence[tuple[str, str]],
    months: Sequence[dt.date | None],
    cells: Mapping[tuple[str, dt.date | None], Cell],
    language: str,
) -> Figure:
    """Return one row per column (key, heading) and one column per month (None: undated), with percents if they fit."""
    heads = [texts.month(m, language) if m else texts.t("quality.undated", language) for m in months]
    names = [plain(heading) for _, heading in columns]
    found = [[cells.get((key, m)) for m in months] for key, _ in columns]
    shares = [[cell[0] / cell[1] if cell and cell[1] else None for cell in line] for line in found]
    heat = {
        "type": "heatmap",
        "x": heads,
        "y": names,
        "z": shares,
        "zmin": 0,
        "zmax": 1,
        "colorscale": PALE,
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "hoverongaps": False,
        "hovertemplate": "%{text}<extra></extra>",
        "text": [
            [_cell_said(name, head, cell, language) for head, cell in zip(heads, line, strict=True)]
            for name, line in zip(names, found, strict=True)
        ],
    }
    written = {
        "type": "scatter",
        "mode": "text",
        "hoverinfo": "skip",
        "textfont": {"size": 11, "color": TEXT},
        "x": [head for _ in names for head in heads],
        "y": [name for name in names for _ in heads],
        "text": ["" if s is None else texts.percent(s, language, 0) for line in shares for s in line],
    }
    shown = spaced(len(heads), LABELS)
    return {
        "data": [heat, written] if len(heads) <= 13 else [heat],
        "layout": layout(
            height=28 * len(names) + 64,
            xaxis=axis(
                type="category",
                showgrid=False,
                side="top",
                tickangle=0,
                categoryarray=heads,
                categoryorder="array",
                tickvals=[heads[i] for i in shown],
                ticktext=[heads[i].replace(" ", "<br>") for i in shown],  # beside each other on a phone too
            ),
            yaxis=axis(type="category", showgrid=False, autorange="reversed"),
            margin={"l": 8, "r": 8, "t": 44, "b": 8},
        ),
    }


def _cell_said(name: str, head: str, cell: Cell | None, language: str) -> str:
    if not cell or not cell[1]:
        return ""
    filled, n = (texts.decimal_text(x, language) for x in cell)
    share = texts.percent(cell[0] / cell[1], language)
    return f"{name} · {head}<br><b>{share}</b> · {texts.t('quality.cover_cell', language, filled=filled, n=n)}"


def calendar(rows: Mapping[dt.date, int], gaps: Collection[dt.date], language: str) -> Figure:
    """Return one square per day, weeks from left to right; darker is more rows, gaps carry a cross."""
    first, last = min(rows), max(rows)
    monday = first - dt.timedelta(days=first.weekday())
    weeks = (last - monday).days // 7 + 1
    z: list[list[float | None]] = [[None] * weeks for _ in range(7)]
    said = [[""] * weeks for _ in range(7)]
    for day, count in rows.items():
        week, weekday = (day - monday).days // 7, day.weekday()
        # Rows per day are skewed: the logarithm keeps ordinary days apart from each other.
        z[weekday][week] = math.log1p(count)
        text = texts.t(
            "quality.gaps_cell", language, day=texts.day(day, language), rows=texts.decimal_text(count, language)
        )
        said[weekday][week] = f"{text} · <b>{texts.t('quality.gap', language)}</b>" if day in gaps else text
    scale = [[0, PAGE], [0.001, SEQUENTIAL[0]], *([(i + 1) / 6, SEQUENTIAL[i]] for i in range(1, 6))]
    heat = {
        "type": "heatmap",
        "z": z,
        "text": said,
        "hovertemplate": "%{text}<extra></extra>",
        "hoverongaps": False,
        "xgap": 1,
        "ygap": 1,
        "colorscale": scale,
        "showscale": False,
        "zmin": 0,
    }
    crosses = {
        "type": "scatter",
        "mode": "markers",
        "hoverinfo": "skip",
        "x": [(day - monday).days // 7 for day in gaps],
        "y": [day.weekday() for day in gaps],
        "marker": {"symbol": "x", "size": 8, "color": WARN, "line": {"width": 1, "color": TEXT}},
    }
    starts = [i for i in range(weeks) if _has_first(monday + dt.timedelta(weeks=i))]
    starts = [starts[i] for i in spaced(len(starts), LABELS)] if starts else []
    labels = [texts.month(monday + dt.timedelta(weeks=i, days=6), language) for i in starts]
    weekdays = [texts.t(f"words.weekday.{d}", language) for d in range(1, 8)]
    return {
        "data": [heat, crosses],
        "layout": layout(
            height=190,
            xaxis=axis(showgrid=False, tickvals=starts, ticktext=labels, tickangle=0, range=[-0.5, weeks - 0.5]),
            yaxis=axis(
                showgrid=False,
                autorange="reversed",
                tickvals=[0, 2, 4, 6],
                ticktext=weekdays[::2],
                tickfont={"size": SMALL - 1},
            ),
            margin={"l": 8, "r": 8, "t": 8, "b": 24},
        ),
    }


def _has_first(monday: dt.date) -> bool:
    """Tell whether a month begins in the week of this Monday."""
    return (monday + dt.timedelta(days=6)).day <= 7
