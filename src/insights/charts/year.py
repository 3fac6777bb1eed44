"""A calendar's year: months by days, each day's working hours in the depth of its blue."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from babel.dates import get_month_names

from insights.charts.look import BAD, FOURTH, LEGEND, SEQUENTIAL, SMALL, TEXT, WARN, Figure, axis, layout

OPEN = [[i / 4, color] for i, color in enumerate(SEQUENTIAL[:5])]
MARKS = {"holiday": (BAD, "x-thin"), "half_day": (WARN, "triangle-down"), "own_date": (FOURTH, "diamond")}
"""Days that are not an ordinary weekday: colour and shape."""


@dataclass(frozen=True)
class Date:
    """A date of the year: hours worked, why, and what a reader sees over it."""

    day: dt.date
    hours: float
    why: str
    hover: str


def year(dates: Sequence[Date], names: dict[str, str], language: str) -> Figure:
    """Return twelve rows of up to 31 days; `names` says the reasons in the reader's language."""
    months = [str(m) for m in get_month_names("abbreviated", locale=language).values()]
    z: list[list[float | None]] = [[None] * 31 for _ in months]
    said: list[list[str]] = [[""] * 31 for _ in months]
    for date in dates:
        z[date.day.month - 1][date.day.day - 1] = date.hours
        said[date.day.month - 1][date.day.day - 1] = date.hover
    days = list(range(1, 32))
    data: list[dict[str, object]] = [
        {
            "type": "heatmap",
            "x": days,
            "y": months,
            "z": z,
            "text": said,
            "hovertemplate": "%{text}<extra></extra>",
            "xgap": 2,
            "ygap": 2,
            "colorscale": OPEN,
            "zmin": 0,
            "zmax": max((d.hours for d in dates), default=1.0) or 1.0,
            "showscale": False,
            "hoverongaps": False,
        }
    ]
    for why, (color, symbol) in MARKS.items():
        marked = [d for d in dates if d.why == why]
        if marked:
            data.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "name": names[why],
                    "x": [d.day.day for d in marked],
                    "y": [months[d.day.month - 1] for d in marked],
                    "text": [d.hover for d in marked],
                    "hovertemplate": "%{text}<extra></extra>",
                    "marker": {"symbol": symbol, "size": 10, "color": color, "line": {"width": 2.5, "color": color}},
                }
            )
    return {
        "data": data,
        "layout": layout(
            height=430,
            showlegend=True,
            legend=LEGEND,
            xaxis=axis(showgrid=False, tickvals=[1, 5, 10, 15, 20, 25, 30], range=[0.4, 31.6]),
            yaxis=axis(type="category", showgrid=False, autorange="reversed", tickfont={"size": SMALL, "color": TEXT}),
            margin={"l": 8, "r": 8, "t": 36, "b": 8},
        ),
    }
