"""Lines over time: one metric against its past and its target, or several series side by side."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from insights import texts
from insights.charts.axes import Point, event_lines, leftwards, period_name, time_axis, value_axis
from insights.charts.look import ACCENT, GOOD, MUTED, PAGE, SERIES, SMALL, TEXT, WARN, Figure, layout, note, plain
from insights.charts.numbers import amount

RIGHT = 74
"""Room at the right edge for labels of lines."""
BESIDE_NAMES = 3
"""Periods an axis names where names of lines take of its width."""


@dataclass(frozen=True)
class Scale:
    """What lines are measured in, in whose words, and by which periods."""

    unit: str
    language: str
    grain: str = "week"

    def said(self, value: float | None) -> str:
        """Return a value in its unit."""
        return amount(value, self.unit, self.language)

    def names(self, points: Sequence[Point]) -> list[str]:
        """Return what the periods are called."""
        return [period_name(p.period, self.language, self.grain) for p in points]


@dataclass(frozen=True)
class Around:
    """What a line is seen against: the period before, the target, what happened meanwhile."""

    previous: Sequence[float | None] = ()
    target: float | None = None
    target_label: str = ""
    events: Mapping[int, str] = field(default_factory=dict)
    signals: Collection[int] = ()
    """Points beyond the control limits: each gets a ring."""


ALONE = Around()


def trend(points: Sequence[Point], scale: Scale, around: Around = ALONE, *, band: bool = False) -> Figure:
    """Return the line of a metric with the previous period dotted and the target dashed, labelled at the right edge."""
    names, before, target = scale.names(points), list(around.previous)[: len(points)], around.target
    ends = [end for p in points for end in (p.low, p.high)] if band else []
    data: list[dict[str, Any]] = _band(points, names) if band else []
    if any(v is not None for v in before):
        data.append(_line(names, before, _DOTTED, _say(before, scale, "ui.previous_period")))
    data += _current(points, names, scale, around.events)
    if around.signals:
        data.append(_rings(points, names, around.signals))
    placed = event_lines(around.events, len(names))
    shapes, notes = _events(around.events, names, placed)
    if target is not None:
        shapes.append(_rule(target, GOOD, "dash"))
        label = f"{texts.t('ui.target', scale.language)}<br>{around.target_label or scale.said(target)}"
        notes.append(_at_right(label, target, GOOD))
    return {
        "data": data,
        "layout": layout(
            hovermode="x unified",
            xaxis=time_axis(points, scale.language, scale.grain),
            yaxis=value_axis([*(p.value for p in points), *before, target, *ends], scale.unit, scale.language),
            shapes=shapes,
            annotations=notes,
            margin={"l": 8, "r": 16 if target is None else RIGHT, "t": _above(placed), "b": 8},
        ),
    }


def _say(values: Sequence[float | None], scale: Scale, name: str) -> list[str]:
    return [f"{texts.t(name, scale.language)}: {scale.said(v)}" for v in values]


_DOTTED = {"color": MUTED, "dash": "dot", "width": 1.5}


def _line(x: Sequence[str], y: Sequence[float | None], line: Mapping[str, Any], hover: Sequence[str]) -> dict[str, Any]:
    shown = {"text": list(hover), "hovertemplate": "%{text}<extra></extra>"}
    return {"type": "scatter", "mode": "lines", "x": list(x), "y": list(y), "line": dict(line), **shown}


def _current(
    points: Sequence[Point], names: Sequence[str], scale: Scale, events: Mapping[int, str]
) -> list[dict[str, Any]]:
    hover = [_said(p, scale) + (f"<br>{plain(events[i])}" if i in events else "") for i, p in enumerate(points)]
    whole = [p.value if p.complete else None for p in points]
    solid = _line(names, whole, {"color": ACCENT, "dash": "solid", "width": 2.5}, hover)
    solid |= {"mode": "lines+markers", "marker": {"size": _alone(whole), "color": ACCENT}}
    running = next((i for i, p in enumerate(points) if not p.complete), None)
    return [solid] if running is None else [solid, _tail(points, names, hover, running)]


def _said(p: Point, scale: Scale) -> str:
    interval = f" ({scale.said(p.low)} … {scale.said(p.high)})" if p.low is not None and p.high is not None else ""
    n = "" if scale.unit == "count" else f" · n = {texts.decimal_text(p.n, scale.language)}"
    running = "" if p.complete else f" · {texts.t('ui.incomplete', scale.language)}"
    return f"<b>{scale.said(p.value)}</b>{interval}{n}{running}"


def _rings(points: Sequence[Point], names: Sequence[str], signals: Collection[int]) -> dict[str, Any]:
    rung = [p.value if i in signals else None for i, p in enumerate(points)]
    ring = {"symbol": "circle-open", "size": 15, "color": WARN, "line": {"width": 2}}
    return {"type": "scatter", "mode": "markers", "x": list(names), "y": rung, "marker": ring, "hoverinfo": "skip"}


def _tail(points: Sequence[Point], names: Sequence[str], hover: Sequence[str], running: int) -> dict[str, Any]:
    """Return the dashed line from the last whole period on, hollow where a period still runs."""
    start = max(0, running - 1)
    line = {"color": ACCENT, "dash": "dash", "width": 2}
    tail = _line(names[start:], [p.value for p in points[start:]], line, hover[start:])
    told, left = running - start, len(points) - running
    hollow = {"color": PAGE, "line": {"color": ACCENT, "width": 2}}
    # The last complete point is already told by the solid line.
    tail |= {"mode": "lines+markers", "marker": {"size": [0] * told + [9] * left, **hollow}}
    tail["hoverinfo"] = ["skip"] * told + ["text"] * left
    del tail["hovertemplate"]
    return tail


def _alone(values: Sequence[float | None]) -> list[int]:
    """Return marker sizes that show a point whose neighbours are unknown: no line would."""
    around = [None, *values, None]
    return [
        8 if around[i] is not None and around[i - 1] is None and around[i + 1] is None else 0
        for i in range(1, len(around) - 1)
    ]


def _band(points: Sequence[Point], names: Sequence[str]) -> list[dict[str, Any]]:
    """Return the intervals as bands, one for each stretch of known values: nothing is known between them."""
    runs = (list(run) for known, run in groupby(enumerate(points), key=lambda at: at[1].value is not None) if known)
    return [edge for run in runs for edge in _edges([p for _, p in run], [names[i] for i, _ in run])]


def _edges(points: Sequence[Point], names: Sequence[str]) -> list[dict[str, Any]]:
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


def _above(placed: Mapping[int, int | None]) -> int:
    """Return the room the words of events need above the plot."""
    return 22 + 18 * max((line for line in placed.values() if line is not None), default=0)


def _events(
    events: Mapping[int, str], names: Sequence[str], placed: Mapping[int, int | None]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    shapes, notes = [], []
    for at, text in events.items():
        line = {"color": MUTED, "dash": "dot", "width": 1.5}
        shapes.append({"type": "line", "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1, "line": line})
        if (written := placed[at]) is not None:
            height = {"yref": "paper", "y": 1.0 + 0.075 * written, "yanchor": "bottom"}
            side = "right" if leftwards(at, len(names)) else "left"
            notes.append(note(plain(text), x=at, xanchor=side, **height))
    return shapes, notes


def lines(series: Mapping[str, Sequence[Point]], scale: Scale, around: Around = ALONE) -> Figure:
    """Return several series over the same periods, each labelled at its end instead of in a legend."""
    target = around.target
    whole = {name: [p for p in points if p.complete] or list(points) for name, points in series.items()}
    values = [p.value for points in whole.values() for p in points]
    y = value_axis([*values, target], scale.unit, scale.language)
    data = [_named(name, points, color, scale) for color, (name, points) in zip(SERIES, whole.items(), strict=False)]
    longest = max(whole.values(), key=len)
    right = min(150, 12 + 7 * max((len(name) for name in whole), default=8))
    placed = event_lines(around.events, len(longest), right)
    shapes, notes = _events(around.events, scale.names(longest), placed)
    return {
        "data": data,
        "layout": layout(
            hovermode="x unified",
            xaxis=time_axis(longest, scale.language, scale.grain, most=BESIDE_NAMES),
            yaxis=y,
            annotations=[*_at_ends(whole, y.get("range", [0.0, 1.0])), *notes],
            shapes=[*shapes, *([] if target is None else [_rule(target, GOOD, "dash")])],
            margin={"l": 8, "r": right, "t": _above(placed), "b": 8},
        ),
    }


def _named(name: str, points: Sequence[Point], color: str, scale: Scale) -> dict[str, Any]:
    hover = [f"{plain(name)}: <b>{scale.said(p.value)}</b>" for p in points]
    line = {"color": color, "dash": "solid", "width": 2.2}
    # A line without marks can be neither clicked nor framed; a value between unknown ones has no line.
    values = [None, *(p.value for p in points), None]
    alone = [before is None and after is None for before, after in zip(values, values[2:], strict=False)]
    return _line(scale.names(points), values[1:-1], line, hover) | {
        "mode": "lines+markers",
        "marker": {"size": 7, "opacity": [int(a) for a in alone], "color": color},
    }


def _at_ends(series: Mapping[str, Sequence[Point]], span: Sequence[float]) -> list[dict[str, Any]]:
    """Return each series' name at the height of its last value, clear of each other and inside the plot."""
    lasts = {name: next((p.value for p in reversed(of) if p.value is not None), None) for name, of in series.items()}
    heights = _apart({name: last for name, last in lasts.items() if last is not None}, span)
    # The name is written in ink: a line may be paler than a word may.
    return [
        _at_right(f'<span style="color:{color}">●</span> <b>{plain(name)}</b>', heights[name], TEXT)
        for color, name in zip(SERIES, series, strict=False)
        if name in heights
    ]


def _apart(ends: Mapping[str, float], span: Sequence[float]) -> dict[str, float]:
    """Return heights in the order of the ends: moved down where the plot or one above leaves no room, then up."""
    gap, found = (span[1] - span[0]) * 0.075, dict[str, float]()
    above, below = span[1] + gap / 2, span[0] - gap / 2
    falling = sorted(ends, key=lambda name: -ends[name])
    for name in falling:
        above = found[name] = min(ends[name], above - gap)
    for name in reversed(falling):
        below = found[name] = max(found[name], below + gap)
    return found
