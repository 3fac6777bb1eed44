"""Axes whose labels are written by us, in the reader's language: the browser would write English ones."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from insights import texts
from insights.charts.look import axis, spaced, spread
from insights.charts.numbers import amount

LABELS = 5
"""Periods named on an axis: as many as stand upright beside each other on a phone."""
PHONE_TICKS, PHONE_WIDE, PHONE_PLOT, EVENT_LINES = 36, 45, 262, 3
"""Letters that stand below a plot on a phone and above it, its pixels across, and lines of words above it."""
MOST_DECIMALS, EXACT = 3, 1e-9


@dataclass(frozen=True)
class Point:
    """One period of a metric: unknown values break the line; an incomplete period is drawn dashed and hollow."""

    period: dt.date
    value: float | None
    n: int = 0
    low: float | None = None
    high: float | None = None
    complete: bool = True


def period_name(day: dt.date, language: str, grain: str) -> str:
    """Return a period's whole name: its month, its year or its first day."""
    if grain == "year":
        return str(day.year) if day.month == 1 else f"{day.year}/{(day.year + 1) % 100:02}"
    return texts.month(day, language) if grain in ("month", "quarter") else texts.day(day, language)


def period_tick(day: dt.date, language: str, grain: str, *, year: bool = False) -> str:
    """Return a period's short name for an axis, with its year where the axis needs it."""
    return texts.day(day, language, year=year) if grain in ("day", "week") else period_name(day, language, grain)


def _ticks(days: Sequence[dt.date], language: str, grain: str) -> list[str]:
    """Return the names of the periods an axis names; where it spans years, each year's first says it."""
    several = bool(days) and days[0].year != days[-1].year
    before = [None, *(day.year for day in days)]
    return [
        period_tick(day, language, grain, year=several and day.year != old)
        for day, old in zip(days, before, strict=False)
    ]


def time_axis(points: Sequence[Point], language: str, grain: str, most: int = LABELS) -> dict[str, Any]:
    """Return a category axis with one whole date per point and at most so many short labels."""
    names = [period_name(p.period, language, grain) for p in points]
    longest = max((len(period_tick(p.period, language, grain)) for p in points), default=0)
    shown = spaced(len(points), max(2, min(most, PHONE_TICKS // (longest + 1))))
    return axis(
        type="category",
        categoryarray=names,
        categoryorder="array",
        range=[-0.4, len(points) - 0.6],
        showgrid=False,
        tickangle=0,
        tickvals=[names[i] for i in shown],
        ticktext=_ticks([points[i].period for i in shown], language, grain),
    )


def value_axis(values: Sequence[float | None], unit: str, language: str, *, zero: bool = False) -> dict[str, Any]:
    """Return a value axis with three to six round labels in the metric's unit."""
    span = spread(values, zero=zero)
    if span is None:
        return axis(visible=False)
    if unit == "share":
        # What of a revenue is kept may be more than all of it.
        whole = all(v is None or v <= 1 for v in values)
        span = (max(0.0, span[0]), min(1.03, span[1]) if whole else span[1])
    elif unit in ("seconds", "count", "money"):
        span = (max(0.0, span[0]), span[1]) if min(v for v in values if v is not None) >= 0 else span
    ticks = ticks_between(span, unit)
    return axis(range=list(span), tickvals=ticks, ticktext=_tick_labels(ticks, unit, language))


def _tick_labels(ticks: Sequence[float], unit: str, language: str) -> list[str]:
    if unit == "share":
        digits = decimals([v * 100 for v in ticks])
        return [texts.percent(v, language, digits) for v in ticks]
    if unit in ("difference", "points"):
        digits = decimals(ticks)
        return [texts.signed(texts.decimal_text(v, language, digits)) for v in ticks]
    return [amount(v, unit, language) if v or unit != "seconds" else "0" for v in ticks]


def decimals(ticks: Sequence[float]) -> int:
    """Return as many decimals as it takes to say every label as it is: a rounded one stands in the wrong place."""
    return next((d for d in range(MOST_DECIMALS) if all(abs(round(v, d) - v) < EXACT for v in ticks)), MOST_DECIMALS)


_SECONDS = (15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 432000, 864000)


def ticks_between(span: tuple[float, float], unit: str) -> list[float]:
    """Return round values inside a span, clock steps for seconds and whole ones for counts."""
    width = (span[1] - span[0]) / 5 or 1.0
    if unit == "seconds" and width <= _SECONDS[-1]:
        step = float(next(s for s in _SECONDS if s >= width))
    else:
        scale = 86400 if unit == "seconds" else 1
        power = 10.0 ** math.floor(math.log10(width / scale))
        step = scale * next(m * power for m in (1, 2, 2.5, 5, 10) if m * power * scale >= width * (1 - 1e-9))
    if unit == "count":
        step = max(1.0, math.ceil(step))
    first = math.ceil(span[0] / step - 1e-9)
    return [round(k * step, 10) for k in range(first, math.floor(span[1] / step + 1e-9) + 1)]


MANY_HEADS, PHONE_LETTERS = 8, 44
"""Heads from which on some can be left out, and letters that fit below a chart on a phone."""


def told_apart(heads: Sequence[str]) -> list[str]:
    """Return which of a row of heads are written: every second where all of them would run together on a phone."""
    together = len(heads) > MANY_HEADS and sum(len(head) + 1 for head in heads) > PHONE_LETTERS
    return list(heads)[:: 2 if together else 1]


def event_lines(events: Mapping[int, str], count: int, right: int = 0) -> dict[int, int | None]:
    """Return the line above the plot each event's words stand on: none where on a phone they would run into others.

    `right` is how many pixels of the width names at the right edge take.
    """
    wide_in_all = PHONE_WIDE * (1 - right / PHONE_PLOT)
    free, found = [float("-inf")] * EVENT_LINES, dict[int, int | None]()
    for at, text in sorted(events.items()):
        wide = len(text) * count / wide_in_all
        begin = at - wide if leftwards(at, count) else at
        line = next((i for i, end in enumerate(free) if end <= begin), None)
        found[at] = line
        if line is not None:
            free[line] = begin + wide
    return found


def leftwards(at: int, count: int) -> bool:
    """Tell whether the words of an event go to the left of it: on its right there is no room."""
    return at > count * 0.7
