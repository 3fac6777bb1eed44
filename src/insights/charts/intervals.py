"""Dots with their 95 % interval: which groups really differ."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from insights import texts
from insights.charts.axes import value_axis
from insights.charts.bars import Bar
from insights.charts.look import ACCENT, MUTED, SMALL, Figure, axis, beside_bars, layout, note, plain
from insights.charts.numbers import amount

BETWEEN_NAMES = 20
"""Letters that fit below dots on a phone, between the names and the values."""


def dots(bars: Sequence[Bar], unit: str, language: str, *, overall: float | None = None, thin: int = 30) -> Figure:
    """Return one dot with its interval per group, `bars` worst first; a dotted line marks the value of all together."""
    shown = [_whole(bar) for bar in bars if bar.value is not None][::-1]
    names = [beside_bars(plain(bar.name)) + "\u200b" * i for i, bar in enumerate(shown)]
    colors = [MUTED if bar.n < thin else ACCENT for bar in shown]
    dot = {
        "type": "scatter",
        "mode": "markers",
        "x": [bar.value for bar in shown],
        "y": list(range(len(shown))),
        "text": [_said(bar, unit, language) for bar in shown],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"size": 11, "color": colors},
    }
    ends = [end for bar in shown for end in (bar.low, bar.high)]
    ticks = {"tickvals": list(range(len(shown))), "ticktext": names, "tickfont": {"size": SMALL + 1, "color": MUTED}}
    return {
        "data": [dot],
        "layout": layout(
            height=max(170, 40 * len(shown) + 56),
            shapes=[*_spans(shown, colors), *([] if overall is None else [_overall(overall)])],
            annotations=[_beside(bar, i, unit, language) for i, bar in enumerate(shown)],
            xaxis=_apart(value_axis([*ends, overall], unit, language)) | {"tickangle": 0},
            yaxis=axis(showgrid=False, range=[-0.6, len(shown) - 0.4], **ticks),
            margin={"l": 8, "r": 92 if unit == "difference" else 78, "t": 8, "b": 8},
        ),
    }


def _apart(value: dict[str, Any]) -> dict[str, Any]:
    """Return an axis with every second label where all of them would run together between names on a phone."""
    heads = value.get("ticktext", [])
    if sum(len(head) + 1 for head in heads) <= BETWEEN_NAMES:
        return value
    return value | {"tickvals": value["tickvals"][::2], "ticktext": heads[::2]}


def _whole(bar: Bar) -> Bar:
    """Return a bar whose unknown interval is its value alone."""
    low, high = (bar.value if end is None else end for end in (bar.low, bar.high))
    return replace(bar, low=low, high=high)


def _said(bar: Bar, unit: str, language: str) -> str:
    value, low, high = (amount(v, unit, language) for v in (bar.value, bar.low, bar.high))
    return f"{plain(bar.name)}: <b>{value}</b> ({low} … {high}) · n = {texts.decimal_text(bar.n, language)}"


def _spans(shown: Sequence[Bar], colors: Sequence[str]) -> list[dict[str, Any]]:
    # One trace per interval colour would lose the shared hover; thin segments are drawn as shapes instead.
    return [
        {"type": "line", "x0": bar.low, "x1": bar.high, "y0": i, "y1": i, "line": {"color": color, "width": 2.5}}
        for i, (bar, color) in enumerate(zip(shown, colors, strict=True))
    ]


def _overall(value: float) -> dict[str, Any]:
    line = {"color": MUTED, "dash": "dot", "width": 1.5}
    return {"type": "line", "x0": value, "x1": value, "yref": "paper", "y0": 0, "y1": 1, "line": line}


def _beside(bar: Bar, place: int, unit: str, language: str) -> dict[str, Any]:
    return note(f"<b>{amount(bar.value, unit, language)}</b>", xref="paper", x=1.02, xanchor="left", y=place)
