"""One case over time: stretches as bars with colour and pattern, happenings as marks, due times as lines."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from insights import texts
from insights.charts.look import (
    ACCENT,
    BAD,
    FOURTH,
    GOOD,
    LEGEND,
    MUTED,
    SECOND,
    SIXTH,
    SMALL,
    TEXT,
    THIRD,
    WARN,
    Figure,
    axis,
    hovers,
    layout,
    plain,
)

LOOKS = {
    "new": (ACCENT, "."),
    "open": (ACCENT, ""),
    "pending": (SIXTH, "/"),
    "hold": (FOURTH, "x"),
    "solved": (GOOD, ""),
    "closed": (MUTED, ""),
    "deleted": (MUTED, "x"),
    "met": (GOOD, ""),
    "breached": (BAD, ""),
    "breached_open": (BAD, "/"),
    "at_risk": (WARN, ""),
    "on_track": (ACCENT, ""),
    "paused": (MUTED, "/"),
    "cancelled": (MUTED, "x"),
}
"""Colour and pattern of a state: never told by colour alone."""
ENDS = frozenset({"met", "breached", "breached_open", "at_risk", "on_track", "paused", "cancelled"})
"""How a clock stands is written under its row's name instead of in the legend."""
MARKS = {
    "customer": ("circle", ACCENT),
    "agent": ("diamond", SECOND),
    "bot": ("square", MUTED),
    "system": ("square", THIRD),
}
"""Shape and colour of who spoke; a note the customer cannot see is hollow."""
_STEPS_H = (1, 3, 6, 12, 24, 48, 96, 168, 336, 672, 1344, 2688)


@dataclass(frozen=True)
class Stretch:
    """A bar of a row: local times, the state that gives its look, and what a reader sees over it."""

    row: str
    start: dt.datetime
    end: dt.datetime
    look: str
    name: str
    hover: str
    due: dt.datetime | None = None


@dataclass(frozen=True)
class Mark:
    """Something that happened at one moment: local time, who, and whether the customer saw it."""

    row: str
    at: dt.datetime
    who: str
    name: str
    public: bool
    hover: str


def timeline(stretches: Sequence[Stretch], marks: Sequence[Mark], due_name: str, language: str) -> Figure:
    """Return the story of one case, first row on top; stretches of a row follow each other."""
    rows = list(dict.fromkeys([*(m.row for m in marks), *(s.row for s in stretches)]))
    ended = {s.row: s.name for s in stretches if s.look in ENDS}
    heads = [plain(r) + (f"<br><b>{plain(ended[r])}</b>" if r in ended else "") for r in rows]
    first = min([*(s.start for s in stretches), *(m.at for m in marks)])
    last = max([*(s.end for s in stretches), *(m.at for m in marks), *(s.due for s in stretches if s.due)])
    span = max((last - first).total_seconds(), 60.0)
    data = [_bars(look, [s for s in stretches if s.look == look], first, span) for look in _looks(stretches)]
    kinds = dict.fromkeys((m.who, m.public) for m in marks)
    data += [_dots([m for m in marks if (m.who, m.public) == kind], first) for kind in kinds]
    dues = [s for s in stretches if s.due]
    if dues:
        data.append(_dues(dues, first, due_name, language))
    ticks = _ticks(first, last)
    labels = [_tick(t, ticks, language) for t in ticks]
    return {
        "data": data,
        "layout": layout(
            height=max(240, 46 * len(rows) + 160),
            barmode="overlay",
            showlegend=True,
            legend=LEGEND,
            xaxis=axis(
                range=[-0.015 * span, 1.03 * span],
                tickvals=[_at(t, first) for t in ticks],
                ticktext=labels,
                tickangle=0,
            ),
            yaxis=axis(
                type="category",
                showgrid=False,
                categoryorder="array",
                categoryarray=[plain(r) for r in rows],
                tickvals=[plain(r) for r in rows],
                ticktext=heads,
                range=[len(rows) - 0.5, -0.5],
                tickfont={"size": SMALL + 1, "color": MUTED},
            ),
            margin={"l": 8, "r": 8, "t": 44, "b": 8},
        ),
    }


def _at(moment: dt.datetime, first: dt.datetime) -> float:
    return (moment - first).total_seconds()


def _looks(stretches: Sequence[Stretch]) -> list[str]:
    found = dict.fromkeys(s.look for s in stretches)
    return [look for look in LOOKS if look in found]


def _bars(look: str, of: Sequence[Stretch], first: dt.datetime, span: float) -> dict[str, Any]:
    color, pattern = LOOKS[look]
    # A stretch of seconds stays visible in a story of weeks.
    lengths = [max(_at(s.end, s.start), 0.004 * span) for s in of]
    return {
        "type": "bar",
        "orientation": "h",
        "name": plain(of[0].name),
        "showlegend": look not in ENDS,
        "y": [plain(s.row) for s in of],
        "base": [_at(s.start, first) for s in of],
        "x": lengths,
        "width": 0.46,
        "marker": {"color": color, "pattern": {"shape": pattern, "fillmode": "overlay", "size": 6, "solidity": 0.35}},
        **hovers([s.hover for s in of]),
    }


def _dots(of: Sequence[Mark], first: dt.datetime) -> dict[str, Any]:
    shape, color = MARKS.get(of[0].who, MARKS["system"])
    return {
        "type": "scatter",
        "mode": "markers",
        "name": plain(of[0].name),
        "x": [_at(m.at, first) for m in of],
        "y": [plain(m.row) for m in of],
        "marker": {
            "symbol": shape if of[0].public else f"{shape}-open",
            "size": 12,
            "color": color,
            "line": {"width": 2, "color": color},
        },
        **hovers([m.hover for m in of]),
    }


def _dues(of: Sequence[Stretch], first: dt.datetime, name: str, language: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [_at(s.due, first) for s in of if s.due],
        "y": [plain(s.row) for s in of],
        "marker": {"symbol": "line-ns", "size": 26, "line": {"width": 3, "color": TEXT}},
        **hovers([f"{name}: <b>{texts.moment(s.due, language)}</b>" for s in of]),
    }


def _ticks(first: dt.datetime, last: dt.datetime) -> list[dt.datetime]:
    """Return at most seven round local times inside the span."""
    hours = (last - first).total_seconds() / 3600
    step = next((s for s in _STEPS_H if hours / s <= 6), _STEPS_H[-1] * 2)
    at = first.replace(minute=0, second=0, microsecond=0, hour=0)
    found = []
    while at <= last:
        if at >= first:
            found.append(at)
        at += dt.timedelta(hours=step)
    return found[:: max(1, -(-len(found) // 7))] or [first]


def _tick(at: dt.datetime, ticks: Sequence[dt.datetime], language: str) -> str:
    day = texts.day(at, language, year=False)
    whole = all(t.hour == 0 for t in ticks)
    return day if whole else f"{at:%H:%M}<br>{day}"
