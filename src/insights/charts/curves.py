"""Shares against a duration: what a target keeps, and who still waits."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from insights import texts
from insights.charts.axes import ticks_between, value_axis
from insights.charts.look import LEGEND, MUTED, SERIES, SMALL, TEXT, Figure, axis, hovers, layout, plain

Point = tuple[float, float | None, str]
"""(seconds, share, what a reader sees over it)."""
_ROUND_S = (300, 1800, 14400, 86400, 432000, 2592000)


def kept_lines(heads: Sequence[str], lines: Mapping[str, Sequence[float | None]], language: str) -> Figure:
    """Return one line per group: the share kept in each period since."""
    data = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": plain(name),
            "x": list(heads[: len(line)]),
            "y": list(line),
            "line": {"color": color, "width": 2.2},
            "marker": {"size": 5, "color": color},
            **hovers(
                [f"{plain(name)} · {h}: <b>{texts.percent(v, language)}</b>" for h, v in zip(heads, line, strict=False)]
            ),
        }
        for color, (name, line) in zip(SERIES, lines.items(), strict=False)
    ]
    return {
        "data": data,
        "layout": layout(
            showlegend=True,
            legend=LEGEND,
            yaxis=value_axis([v for line in lines.values() for v in line], "share", language, zero=True),
            margin={"l": 8, "r": 16, "t": 40, "b": 8},
            xaxis=axis(type="category", categoryarray=list(heads), categoryorder="array", tickangle=0),
        ),
    }


def share_curves(
    curves: Mapping[str, Sequence[Point]],
    language: str,
    *,
    marks: Mapping[str, tuple[float, float]] | None = None,
    steps: bool = False,
) -> Figure:
    """Return one line per name over durations; `marks` is the point of each that is promised today.

    Targets span minutes to weeks and are drawn on a log axis; `steps` draws survival on a plain one.
    """
    x = (lambda s: s) if steps else (lambda s: math.log10(max(s, 1.0)))
    data: list[dict[str, Any]] = []
    for color, (name, points) in zip(SERIES, curves.items(), strict=False):
        data.append(_curve(name, [(x(s), share, said) for s, share, said in points], color, steps=steps))
        if marks and name in marks:
            at, share = marks[name]
            said = f"{plain(name)}: <b>{texts.duration(at, language)}</b> · {texts.percent(share, language)}"
            data.append(_mark(x(at), share, said, color))
    seconds = [p[0] for points in curves.values() for p in points] or [1.0]
    low, high = min(seconds), max(seconds)
    ticks = ticks_between((0.0, high), "seconds") if steps else [s for s in _ROUND_S if low <= s <= high]
    shares = [0.0, 0.25, 0.5, 0.75, 1.0]
    return {
        "data": data,
        "layout": layout(
            showlegend=True,
            legend=LEGEND,
            xaxis=axis(
                range=[x(low) if not steps else 0, x(high)],
                tickvals=[x(s) for s in ticks],
                ticktext=[texts.duration(s, language) if s else "0" for s in ticks],
                tickangle=0,
            ),
            yaxis=axis(
                range=[0, 1.03],
                tickvals=shares,
                ticktext=[texts.percent(s, language, 0) for s in shares],
                tickfont={"size": SMALL, "color": MUTED},
            ),
            margin={"l": 8, "r": 16, "t": 40, "b": 8},
        ),
    }


def _curve(name: str, points: Sequence[Point], color: str, *, steps: bool) -> dict[str, Any]:
    """Return one line; its marks cannot be seen, but pressed."""
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": plain(name),
        "x": [p[0] for p in points],
        "y": [p[1] for p in points],
        "marker": {"size": 6, "opacity": 0, "color": color},
        "line": {"color": color, "width": 2.4, **({"shape": "hv"} if steps else {})},
        **hovers(p[2] for p in points),
    }


def _mark(x: float, share: float, said: str, color: str) -> dict[str, Any]:
    """Return the point of a curve that is promised today."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [x],
        "y": [share],
        "showlegend": False,
        "marker": {"size": 12, "color": color, "line": {"color": TEXT, "width": 1.5}},
        **hovers([said]),
    }
