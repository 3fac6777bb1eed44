"""A funnel: each unit's share by how many cases it rests on, inside the lines chance draws around the whole's."""

from collections.abc import Sequence
from math import sqrt
from typing import Any

from insights import texts
from insights.charts.bars import Bar
from insights.charts.look import ACCENT, GRID, MUTED, SMALL, WARN, Figure, axis, hovers, layout, plain

LIMITS = ((1.96, "dot"), (3.09, "solid"))
"""Half-widths in standard errors: one in twenty, and one in five hundred, lie outside by chance."""


def funnel(bars: Sequence[Bar], overall: float, language: str, *, outside: Sequence[bool]) -> Figure:
    """Return a point per unit (`outside` ones in warning colour) with the lines of 95 % and 99.8 %."""
    most = max((bar.n for bar in bars), default=1) * 1.08
    steps = [max(1.0, most * i / 60) for i in range(1, 61)]
    data: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": steps,
            "hoverinfo": "skip",
            "y": [min(1.0, max(0.0, overall + sign * z * sqrt(overall * (1 - overall) / n))) for n in steps],
            "line": {"color": MUTED, "width": 1, "dash": dash},
        }
        for z, dash in LIMITS
        for sign in (-1, 1)
    ]
    data.append(
        {
            "type": "scatter",
            "mode": "markers",
            "x": [bar.n for bar in bars],
            "y": [bar.value for bar in bars],
            "marker": {"size": 11, "color": [WARN if out else ACCENT for out in outside]},
            **hovers([f"{plain(b.name)}: <b>{texts.percent(b.value, language)}</b> · n = {b.n}" for b in bars]),
        }
    )
    shares = [0.0, 0.25, 0.5, 0.75, 1.0]
    line = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": overall, "y1": overall, "line": {"color": GRID}}
    return {
        "data": data,
        "layout": layout(
            shapes=[line],
            xaxis=axis(range=[0, most], tickfont={"size": SMALL, "color": MUTED}, showgrid=False),
            yaxis=axis(range=[0, 1.03], tickvals=shares, ticktext=[texts.percent(s, language, 0) for s in shares]),
        ),
    }
