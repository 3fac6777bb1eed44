"""Bars from zero: actual against target by group, and counts by bucket."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from insights import texts
from insights.charts.axes import told_apart
from insights.charts.look import (
    ACCENT,
    GOOD,
    LEGEND,
    MUTED,
    SERIES,
    SMALL,
    TEXT,
    TRACK,
    WARN,
    Figure,
    axis,
    beside_bars,
    hovers,
    ink,
    layout,
    note,
    plain,
    shorten,
)
from insights.charts.numbers import amount

LEAST_WRITTEN = 0.12
"""Share of a bar from which on its number fits inside."""


@dataclass(frozen=True)
class Bar:
    """One group's value, with n and interval where they are known."""

    name: str
    value: float | None
    n: int = 0
    low: float | None = None
    high: float | None = None


def bullets(
    bars: Sequence[Bar], unit: str, language: str, *, target: float | None = None, better: str = "up", thin: int = 30
) -> Figure:
    """Return horizontal bars with the value at the right and the target as a line; `bars` come worst first.

    Groups with fewer than `thin` cases are drawn in grey.
    """
    shown = list(bars)[::-1]
    names = [beside_bars(plain(bar.name)) + "\u200b" * i for i, bar in enumerate(shown)]
    top = _top([*(bar.value for bar in shown), target], unit)
    base: dict[str, Any] = {"type": "bar", "orientation": "h", "y": names}
    track = {"x": [top] * len(shown), "width": 0.62, "marker": {"color": TRACK}, "hoverinfo": "skip"}
    colors = [_colour(bar, target, better, thin) for bar in shown]
    aim = target if target is not None and target <= top else None
    return {
        "data": [base | track, base | _values(shown, unit, language, colors)],
        "layout": layout(
            height=46 * len(shown) + 40,
            barmode="overlay",
            shapes=[] if aim is None else [_mark(place, aim) for place in range(len(shown))],
            annotations=[_beside(bar, name, unit, language) for bar, name in zip(shown, names, strict=True)],
            xaxis=axis(visible=False, range=[0, top]),
            yaxis=axis(showgrid=False, tickfont={"size": SMALL + 1, "color": MUTED}, type="category"),
            margin={"l": 8, "r": 78, "t": 8, "b": 8},
        ),
    }


def _top(values: Sequence[float | None], unit: str) -> float:
    top = max([*(v for v in values if v is not None), 1e-9]) * (1.0 if unit == "share" else 1.06)
    return 1.0 if unit == "share" and top > 0.6 else top * 1.04


def _values(shown: Sequence[Bar], unit: str, language: str, colors: Sequence[str]) -> dict[str, Any]:
    return {
        "x": [bar.value for bar in shown],
        "width": 0.34,
        "marker": {"color": list(colors), "opacity": [0.6 if c == MUTED else 1 for c in colors]},
        "text": [f"{plain(bar.name)}: <b>{_full(bar, unit, language)}</b>" for bar in shown],
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
    }


def _beside(bar: Bar, name: str, unit: str, language: str) -> dict[str, Any]:
    return note(f"<b>{amount(bar.value, unit, language)}</b>", xref="paper", x=1.02, xanchor="left", y=name)


def _mark(place: int, target: float) -> dict[str, Any]:
    """Return the line of the target across a bar, as high as the bar is drawn."""
    line = {"color": TEXT, "width": 3}
    return {"type": "line", "x0": target, "x1": target, "y0": place - 0.38, "y1": place + 0.38, "line": line}


def _colour(bar: Bar, target: float | None, better: str, thin: int) -> str:
    if bar.n < thin or bar.value is None:
        return MUTED
    if target is None or better not in ("up", "down"):
        return ACCENT
    return GOOD if (bar.value >= target) == (better == "up") or bar.value == target else WARN


def _full(bar: Bar, unit: str, language: str) -> str:
    said = amount(bar.value, unit, language)
    if bar.low is not None and bar.high is not None:
        low, high = amount(bar.low, unit, language), amount(bar.high, unit, language)
        said += f"</b> ({low} … {high})<b>"
    return said if unit == "count" else f"{said}</b> · n = {texts.decimal_text(bar.n, language)}<b>"


def columns(
    names: Sequence[str],
    values: Sequence[float | None],
    unit: str,
    language: str,
    *,
    colors: Sequence[str] | None = None,
    shares: bool = False,
) -> Figure:
    """Return upright bars with the value above each; `shares` adds each bar's part of the whole."""
    total = sum(v or 0 for v in values)
    many = unit == "share" and len(names) > 6
    labels = [texts.percent(v, language, 0) if many else amount(v, unit, language) for v in values]
    if shares and total:
        labels = [f"{t}<br>{texts.percent((v or 0) / total, language, 0)}" for t, v in zip(labels, values, strict=True)]
    marker = {"color": list(colors) if colors else ACCENT, "cornerradius": 3}
    said = [amount(v, unit, language) for v in values] if many else labels
    hover = [f"{plain(n)}: <b>{t.replace('<br>', ' · ')}</b>" for n, t in zip(names, said, strict=True)]
    heads = [plain(n) for n in names]
    data = {
        "type": "bar",
        "x": heads,
        "y": list(values),
        "text": labels,
        "textposition": "outside",
        "cliponaxis": False,
        "constraintext": "none",
        "textfont": {"size": SMALL, "color": TEXT},
        "marker": marker,
        **hovers(hover),
        "width": 0.62,
    }
    top = max([v for v in values if v is not None] or [1]) or 1
    return {
        "data": [data],
        "layout": layout(
            xaxis=axis(type="category", showgrid=False, tickangle=0, tickvals=told_apart(heads)),
            yaxis=axis(visible=False, range=[0, top * 1.22]),
        ),
    }


def stacked(
    groups: Sequence[str],
    parts: Mapping[str, Sequence[float]],
    language: str,
    colors: Sequence[str] = SERIES,
    *,
    length: int = 22,
) -> Figure:
    """Return one 100 % bar per group, split into named parts, with the legend above; names have at most `length`."""
    names = [shorten(plain(g), length) for g in groups]
    totals = [sum(values[i] for values in parts.values()) or 1 for i in range(len(groups))]
    # Scores fit beside each other when their entries are no wider than a digit.
    narrow = {"entrywidth": 8} if all(len(part) < 3 for part in parts) else {}
    heads = [name.replace(" · ", "<br>") for name in names]
    return {
        "data": [
            _part(plain(part), values, totals, language, color) | {"y": names}
            for color, (part, values) in zip(colors, parts.items(), strict=False)
        ],
        "layout": layout(
            barmode="stack",
            showlegend=True,
            height=max(180, 44 * len(groups) + 70),
            legend={**LEGEND, "traceorder": "normal", **narrow},
            xaxis=axis(visible=False, range=[0, 1]),
            yaxis=axis(showgrid=False, type="category", autorange="reversed", tickvals=names, ticktext=heads),
            margin={"l": 8, "r": 8, "t": 40, "b": 8},
        ),
    }


def _part(name: str, values: Sequence[float], totals: Sequence[float], language: str, color: str) -> dict[str, Any]:
    """Return one part of every bar, its share written inside where there is room."""
    shares = [v / t for v, t in zip(values, totals, strict=True)]
    said = [
        f"{name}: <b>{texts.percent(s, language)}</b> · {texts.decimal_text(v, language)}"
        for s, v in zip(shares, values, strict=True)
    ]
    inside = [texts.percent(s, language, 0) if s >= LEAST_WRITTEN else "" for s in shares]
    written = {"textposition": "inside", "insidetextanchor": "middle", "constraintext": "none", "textangle": 0}
    return written | {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "x": shares,
        "text": inside,
        "textfont": {"size": 11, "color": ink(color)},
        "width": 0.56,
        "marker": {"color": color, "line": {"color": "#000038", "width": 1.5}},
        **hovers(said),
    }


def causes(names: Sequence[str], seconds: Sequence[float], language: str) -> Figure:
    """Return sorted bars of parts of one whole: the share at the end, the time in the hover."""
    total = sum(seconds) or 1
    shares = [s / total for s in seconds]
    notes = [
        note(f"<b>{texts.percent(s, language, 0)}</b>", xref="paper", x=1.02, xanchor="left", y=plain(n))
        for n, s in zip(names, shares, strict=True)
    ]
    labels = [plain(n) for n in names]
    bar = {"type": "bar", "orientation": "h", "y": labels}
    return {
        "data": [
            {**bar, "x": [1.0] * len(names), "width": 0.62, "marker": {"color": TRACK}, "hoverinfo": "skip"},
            {
                **bar,
                "x": shares,
                "width": 0.34,
                "marker": {"color": ACCENT},
                **hovers([f"{n}: <b>{texts.duration(s, language)}</b>" for n, s in zip(labels, seconds, strict=True)]),
            },
        ],
        "layout": layout(
            height=max(180, 44 * len(names) + 40),
            barmode="overlay",
            annotations=notes,
            xaxis=axis(visible=False, range=[0, 1]),
            yaxis=axis(
                showgrid=False, type="category", autorange="reversed", tickfont={"size": SMALL + 1, "color": MUTED}
            ),
            margin={"l": 8, "r": 60, "t": 8, "b": 8},
        ),
    }
