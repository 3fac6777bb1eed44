"""A change step by step: from what a number was, through the part of each group, to what it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from insights.charts.axes import value_axis
from insights.charts.look import ACCENT, BAD, GOOD, MUTED, SMALL, Figure, axis, hovers, layout, note, plain, shorten
from insights.charts.numbers import amount, difference


@dataclass(frozen=True)
class Step:
    """One group's part of a change; `real` tells it from chance, None where that is unknown."""

    name: str
    part: float
    real: bool | None = None
    said: str = ""
    """What the hover says."""


@dataclass(frozen=True)
class Ends:
    """What a number was and is, with the words for both moments."""

    before: float
    now: float
    before_name: str
    now_name: str


def waterfall(ends: Ends, steps: Sequence[Step], unit: str, language: str, *, better: str = "up") -> Figure:
    """Return floating bars from `before` to `now`, one per step in their order; grey ones may be chance."""
    names = [shorten(plain(step.name), 28) + "\u200b" * i for i, step in enumerate(steps)]
    rows = [plain(ends.before_name), *names, plain(ends.now_name) + "\u200b"]
    starts = _starts(ends.before, steps)
    values = [ends.before, ends.now, *starts, *(s + step.part for s, step in zip(starts, steps, strict=True))]
    return {
        "data": [_parts(names, starts, steps, better), _ends(rows, ends, unit, language)],
        "layout": layout(
            height=34 * len(rows) + 60,
            hovermode="closest",
            xaxis=value_axis(values, unit, language),
            yaxis=axis(
                showgrid=False,
                type="category",
                categoryorder="array",
                categoryarray=rows[::-1],
                tickfont={"size": SMALL + 1, "color": MUTED},
            ),
            annotations=[_beside(name, step, unit, language) for name, step in zip(names, steps, strict=True)],
            margin={"l": 8, "r": 96, "t": 8, "b": 8},
        ),
    }


def _starts(at: float, steps: Sequence[Step]) -> list[float]:
    found = []
    for step in steps:
        found.append(at)
        at += step.part
    return found


def _parts(names: Sequence[str], starts: Sequence[float], steps: Sequence[Step], better: str) -> dict[str, Any]:
    colors = [_colour(step, better) for step in steps]
    return {
        "type": "bar",
        "orientation": "h",
        "y": list(names),
        "x": [step.part for step in steps],
        "base": list(starts),
        "width": 0.6,
        "marker": {"color": colors, "opacity": [0.55 if c == MUTED else 1 for c in colors]},
        **hovers([step.said for step in steps]),
    }


def _ends(rows: Sequence[str], ends: Ends, unit: str, language: str) -> dict[str, Any]:
    values = [ends.before, ends.now]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": values,
        "y": [rows[0], rows[-1]],
        "marker": {"size": 13, "symbol": "diamond", "color": ACCENT},
        "textposition": "top center",
        "text": [f"<b>{amount(v, unit, language)}</b>" for v in values],
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _colour(step: Step, better: str) -> str:
    if step.real is False or not step.part:
        return MUTED
    if better not in ("up", "down"):
        return ACCENT
    return GOOD if (step.part > 0) == (better == "up") else BAD


def _beside(name: str, step: Step, unit: str, language: str) -> dict[str, Any]:
    text = f"<b>{difference(step.part, unit, language)}</b>"
    return note(text, xref="paper", x=1.02, xanchor="left", y=name)
