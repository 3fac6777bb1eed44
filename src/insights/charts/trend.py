"""Lines over time: one metric against its past and its target, or several series side by side."""

from collections.abc import Mapping, Sequence
from typing import Any

from insights import texts
from insights.charts.axes import Point, period_name, time_axis, value_axis
from insights.charts.look import ACCENT, GOOD, MUTED, PAGE, SERIES, SMALL, Figure, layout, note, plain
from insights.charts.numbers import amount

RIGHT = 74
"""Room at the right edge for labels of lines."""


def trend(
    points: Sequence[Point],
    unit: str,
    language: str,
    *,
    grain: str = "week",
    previous: Sequence[float | None] = (),
    target: float | None = None,
    target_label: str = "",
    events: Mapping[int, str] | None = None,
    band: bool = False,
) -> Figure:
    """Return the line of a metric with the previous period dotted and the target dashed, labelled at the right edge."""
    names = [period_name(p.period, language, grain) for p in points]
    before = list(previous)[: len(points)]
    seen = [*(p.value for p in points), *before, target, *((p.low for p in points) if band else ())]
    y = value_axis([*seen, *((p.high for p in points) if band else ())], unit, language)
    data: list[dict[str, Any]] = _band(points, names) if band else []
    if any(v is not None for v in before):
        data.append(_line(names, before, MUTED, "dot", 1.5, _say(before, unit, language, "ui.previous_period")))
    data += _current(points, names, unit, language)
    shapes, notes = _events(events or {}, names)
    if target is not None:
        shapes.append(_rule(target, GOOD, "dash"))
        label = f"{texts.t('ui.target', language)}<br>{target_label or amount(target, unit, language)}"
        notes.append(_at_right(label, target, GOOD))
    return {
        "data": data,
        "layout": layout(
            hovermode="x unified",
            xaxis=time_axis(points, language, grain),
            yaxis=y,
            shapes=shapes,
            annotations=notes,
            margin={"l": 8, "r": RIGHT if target is not None else 16, "t": 40 if len(events or {}) > 1 else 22, "b": 8},
        ),
    }


def _say(values: Sequence[float | None], unit: str, language: str, name: str) -> list[str]:
    return [f"{texts.t(name, language)}: {amount(v, unit, language)}" for v in values]


def _line(
    x: Sequence[str], y: Sequence[float | None], color: str, dash: str, width: float, hover: Sequence[str]
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(x),
        "y": list(y),
        "text": list(hover),
        "hovertemplate": "%{text}<extra></extra>",
        "line": {"color": color, "dash": dash, "width": width},
    }


def _current(points: Sequence[Point], names: Sequence[str], unit: str, language: str) -> list[dict[str, Any]]:
    hover = []
    for p in points:
        interval = ""
        if p.low is not None and p.high is not None:
            low, high = amount(p.low, unit, language), amount(p.high, unit, language)
            interval = f" ({low} … {high})"
        n = "" if unit == "count" else f" · n = {texts.decimal_text(p.n, language)}"
        running = "" if p.complete else f" · {texts.t('ui.incomplete', language)}"
        hover.append(f"<b>{amount(p.value, unit, language)}</b>{interval}{n}{running}")
    solid = _line(names, [p.value if p.complete else None for p in points], ACCENT, "solid", 2.5, hover)
    solid |= {"mode": "lines+markers", "marker": {"size": _alone(solid["y"]), "color": ACCENT}}
    found = [solid]
    open_from = next((i for i, p in enumerate(points) if not p.complete), None)
    if open_from is not None:
        start = max(0, open_from - 1)
        tail = _line(names[start:], [p.value for p in points[start:]], ACCENT, "dash", 2, hover[start:])
        sizes = [0] * (open_from - start) + [9] * (len(points) - open_from)
        tail |= {
            "mode": "lines+markers",
            "marker": {"size": sizes, "color": PAGE, "line": {"color": ACCENT, "width": 2}},
        }
        # The last complete point is already told by the solid line.
        tail["hoverinfo"] = ["skip"] * (open_from - start) + ["text"] * (len(points) - open_from)
        del tail["hovertemplate"]
        found.append(tail)
    return found


def _alone(values: Sequence[float | None]) -> list[int]:
    """Return marker sizes that show a point whose neighbours are unknown: no line would."""
    around = [None, *values, None]
    return [
        8 if around[i] is not None and around[i - 1] is None and around[i + 1] is None else 0
        for i in range(1, len(around) - 1)
    ]


def _band(points: Sequence[Point], names: Sequence[str]) -> list[dict[str, Any]]:
    edge = {"type": "scatter", "mode": "lines", "x": list(names), "hoverinfo": "skip", "line": {"width": 0}}
    # An unknown interval closes the band to the line instead of tearing a hole through the fill.
    low = [p.value if p.low is None else p.low for p in points]
    high = [p.value if p.high is None else p.high for p in points]
    return [{**edge, "y": low}, {**edge, "y": high, "fill": "tonexty", "fillcolor": f"{ACCENT}22"}]


def _rule(at: float, color: str, dash: str) -> dict[str, Any]:
    line = {"color": color, "dash": dash, "width": 1.5}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": at, "y1": at, "line": line, "layer": "below"}


def _at_right(text: str, y: float, color: str) -> dict[str, Any]:
    place = {"xref": "paper", "x": 1.01, "xanchor": "left", "y": y, "align": "left"}
    return note(text, **place) | {"font": {"size": SMALL, "color": color}}


def _events(events: Mapping[int, str], names: Sequence[str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    shapes, notes = [], []
    for place, (at, text) in enumerate(events.items()):
        line = {"color": MUTED, "dash": "dot", "width": 1.5}
        shapes.append({"type": "line", "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1, "line": line})
        left = at > len(names) * 0.7
        # Neighbours are written on two lines: on a phone they would run into each other.
        height = {"yref": "paper", "y": 1.0 + 0.075 * (place % 2), "yanchor": "bottom"}
        notes.append(note(plain(text), x=at, xanchor="right" if left else "left", **height))
    return shapes, notes


def lines(
    series: Mapping[str, Sequence[Point]],
    unit: str,
    language: str,
    *,
    grain: str = "week",
    zero: bool = False,
    target: float | None = None,
) -> Figure:
    """Return several series over the same periods, each labelled at its end instead of in a legend."""
    series = {name: [p for p in points if p.complete] or list(points) for name, points in series.items()}
    longest = max(series.values(), key=len)
    everything = [*(p.value for points in series.values() for p in points), target]
    y = value_axis(everything, unit, language, zero=zero)
    data, notes = [], []
    ends: list[float] = []
    span = y.get("range", [0.0, 1.0])
    for color, (name, points) in zip(SERIES, series.items(), strict=False):
        names = [period_name(p.period, language, grain) for p in points]
        hover = [f"{plain(name)}: <b>{amount(p.value, unit, language)}</b>" for p in points]
        data.append(_line(names, [p.value for p in points], color, "solid", 2.2, hover))
        last = next((p.value for p in reversed(points) if p.value is not None), None)
        if last is not None:
            at = _apart(last, ends, (span[1] - span[0]) * 0.075)
            ends.append(at)
            notes.append(_at_right(f"<b>{plain(name)}</b>", at, color))
    shapes = [_rule(target, GOOD, "dash")] if target is not None else []
    room = 12 + 7 * max((len(name) for name in series), default=8)
    return {
        "data": data,
        "layout": layout(
            hovermode="x unified",
            xaxis=time_axis(longest, language, grain),
            yaxis=y,
            annotations=notes,
            shapes=shapes,
            margin={"l": 8, "r": min(150, room), "t": 16, "b": 8},
        ),
    }


def _apart(at: float, taken: Sequence[float], gap: float) -> float:
    """Move a label up until it is clear of those already placed."""
    while any(abs(at - other) < gap * 0.98 for other in taken):
        at += gap
    return at
