"""Shares against a duration: what a target keeps, and who still waits."""

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from insights import texts
from insights.charts.axes import ticks_between, value_axis
from insights.charts.look import LEGEND, MUTED, SERIES, SMALL, TEXT, Figure, axis, hovers, layout, plain

_SAID_APART = 6
"""Shares and names of periods that can be read beside each other on a phone; of more points not each says its own."""
_ROUND_S = (300, 1800, 14400, 86400, 432000, 2592000)


class Share(NamedTuple):
    """A point of a curve: where it stands (seconds or periods), the share, what a reader sees over it, its interval."""

    at: float
    share: float | None
    said: str
    low: float | None = None
    high: float | None = None


def kept_lines(heads: Sequence[str], lines: Mapping[str, Sequence[Share]], language: str) -> Figure:
    """Return one line per group, in its band: the share kept in each period since; a line alone says its shares."""
    data: list[dict[str, Any]] = []
    bands: list[dict[str, Any]] = []
    for color, (name, line) in zip(SERIES, lines.items(), strict=False):
        at = list(heads[: len(line)])
        drawn = {
            "type": "scatter",
            "mode": "lines+markers",
            "name": plain(name),
            "x": at,
            "y": [p.share for p in line],
            "line": {"color": color, "width": 2.2},
            "marker": {"size": 5, "color": color},
            **hovers(f"{plain(name)} · {p.said}" if len(lines) > 1 else p.said for p in line),
        }
        data.append(drawn | (_labelled(line, language) if len(lines) == 1 else {}))
        bands += _band(at, line, color)
    ends = [end for line in lines.values() for p in line for end in (p.share, p.low, p.high)]
    return {
        "data": [*data, *bands],
        "layout": layout(
            showlegend=len(lines) > 1,
            legend=LEGEND,
            yaxis=value_axis(ends, "share", language, zero=True),
            margin={"l": 8, "r": 16, "t": 40, "b": 8},
            xaxis=axis(type="category", categoryarray=list(heads), categoryorder="array", tickangle=0)
            | {"tickvals": list(heads)[:: _every(heads)]},
        ),
    }


def _labelled(line: Sequence[Share], language: str) -> dict[str, Any]:
    every = _every(line)
    said = [texts.percent(p.share, language, 0) if i % every == 0 else "" for i, p in enumerate(line)]
    font = {"size": SMALL, "color": TEXT}
    return {"mode": "lines+markers+text", "text": said, "textposition": "top center", "textfont": font}


def _every(points: Sequence[Any]) -> int:
    return 1 + (len(points) - 1) // _SAID_APART


def share_curves(
    curves: Mapping[str, Sequence[Share]],
    language: str,
    *,
    marks: Mapping[str, tuple[float, float]] | None = None,
    steps: bool = False,
) -> Figure:
    """Return one line per name over durations, in its band; `marks` is the point of each that is promised today.

    Targets span minutes to weeks and are drawn on a log axis; `steps` draws survival on a plain one.
    """
    x = (lambda s: s) if steps else (lambda s: math.log10(max(s, 1.0)))
    data: list[dict[str, Any]] = []
    bands: list[dict[str, Any]] = []
    for color, (name, points) in zip(SERIES, curves.items(), strict=False):
        at, shape = [x(p.at) for p in points], {"shape": "hv"} if steps else {}
        data.append(_curve(name, at, points, {"color": color, "width": 2.4, **shape}))
        bands += _band(at, points, color, shape)
        if marks and name in marks:
            promised, share = marks[name]
            said = f"{plain(name)}: <b>{texts.duration(promised, language)}</b> · {texts.percent(share, language)}"
            data.append(_mark(x(promised), share, said, color))
    seconds = [p.at for points in curves.values() for p in points] or [1.0]
    first, last = min(seconds), max(seconds)
    ticks = ticks_between((0.0, last), "seconds") if steps else [s for s in _ROUND_S if first <= s <= last]
    shares = [0.0, 0.25, 0.5, 0.75, 1.0]
    return {
        "data": [*data, *bands],
        "layout": layout(
            showlegend=True,
            legend=LEGEND,
            xaxis=axis(
                range=[x(first) if not steps else 0, x(last)],
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


def _curve(name: str, at: Sequence[float], points: Sequence[Share], line: Mapping[str, Any]) -> dict[str, Any]:
    """Return one line; its marks cannot be seen, but pressed."""
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": plain(name),
        "x": list(at),
        "y": [p.share for p in points],
        "marker": {"size": 6, "opacity": 0, "color": line["color"]},
        "line": dict(line),
        **hovers(p.said for p in points),
    }


def _band(
    at: Sequence[Any], points: Sequence[Share], color: str, shape: Mapping[str, Any] = MappingProxyType({})
) -> list[dict[str, Any]]:
    """Return the two ends of a line's intervals, filled between; nothing where no interval is known.

    An unknown end closes the band to the line. Bands come after all lines, which are known by their place.
    """
    if all(p.low is None for p in points):
        return []
    edge = {
        "type": "scatter",
        "mode": "lines",
        "x": list(at),
        "hoverinfo": "skip",
        "showlegend": False,
        "line": {"width": 0, **shape},
    }
    low, high = (
        [_rounded(p.share if end is None else end) for p, end in zip(points, ends, strict=True)]
        for ends in ([p.low for p in points], [p.high for p in points])
    )
    return [{**edge, "y": low}, {**edge, "y": high, "fill": "tonexty", "fillcolor": f"{color}22"}]


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


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
