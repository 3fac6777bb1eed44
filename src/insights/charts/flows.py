"""Who went where between two moments, and how much hangs on how few."""

from collections.abc import Mapping, Sequence
from typing import Any

from insights import texts
from insights.charts.look import (
    ACCENT,
    MUTED,
    SEQUENTIAL,
    SERIES,
    SMALL,
    TEXT,
    TRACK,
    Figure,
    axis,
    hovers,
    layout,
    plain,
)

Moves = Sequence[tuple[str, str, int]]
"""(from, to, how many)."""


def flows(moves: Moves, order: Sequence[str], language: str) -> Figure:
    """Return a band for every move from the left to the right, as wide as many made it; who stayed is paler."""
    left = [name for name in order if any(a == name for a, _, _ in moves)]
    right = [name for name in order if any(b == name for _, b, _ in moves)]
    place = {("left", name): i for i, name in enumerate(left)} | {
        ("right", name): len(left) + i for i, name in enumerate(right)
    }
    said = [f"{plain(a)} → {plain(b)}: <b>{texts.decimal_text(n, language)}</b>" for a, b, n in moves]
    colors = [SERIES[order.index(name) % len(SERIES)] for name in (*left, *right)]
    data = {
        "type": "sankey",
        "arrangement": "fixed",
        "textfont": {"size": SMALL, "color": TEXT},
        "node": {
            "label": [plain(name) for name in (*left, *right)],
            "color": colors,
            "pad": 10,
            "thickness": 12,
            "line": {"width": 0},
            "hoverinfo": "skip",
        },
        "link": {
            "source": [place["left", a] for a, _, _ in moves],
            "target": [place["right", b] for _, b, _ in moves],
            "value": [n for _, _, n in moves],
            **hovers(said),
            "color": [TRACK if a == b else SEQUENTIAL[3] for a, b, _ in moves],
        },
    }
    return {"data": [data], "layout": layout(height=430, margin={"l": 8, "r": 8, "t": 12, "b": 12})}


def concentration(points: Mapping[float, float], language: str) -> Figure:
    """Return which share of the whole the best share brought: `points` by share, with the line of equal ones."""
    x, y = [0.0, *points], [0.0, *points.values()]
    said = [f"{texts.percent(a, language, 0)} → <b>{texts.percent(b, language)}</b>" for a, b in zip(x, y, strict=True)]
    line: dict[str, Any] = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": x,
        "y": y,
        **hovers(said),
        "line": {"color": ACCENT, "width": 2.4},
    }
    equal = {
        "type": "scatter",
        "mode": "lines",
        "x": [0, 1],
        "y": [0, 1],
        "hoverinfo": "skip",
        "line": {"color": MUTED, "dash": "dot", "width": 1.5},
    }
    ticks = [0.0, 0.25, 0.5, 0.75, 1.0]
    shares = {"range": [0, 1.03], "tickvals": ticks, "ticktext": [texts.percent(s, language, 0) for s in ticks]}
    return {"data": [equal, line], "layout": layout(xaxis=axis(**shares), yaxis=axis(**shares))}
