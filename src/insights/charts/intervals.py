"""Dots with their 95 % interval: which groups really differ."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from insights import texts
from insights.charts.axes import value_axis
from insights.charts.look import ACCENT, MUTED, SMALL, Figure, axis, layout, note, plain, shorten
from insights.charts.numbers import amount

Row = Mapping[str, Any]


def dots(
    rows: Sequence[Row],
    unit: str,
    language: str,
    *,
    label: Callable[[Row], str],
    overall: float | None = None,
    thin: int = 30,
) -> Figure:
    """Return one dot with its interval per group, `rows` worst first; a dotted line marks the value of all together."""
    shown = [row for row in rows if row["value"] is not None][::-1]
    names = [shorten(plain(label(row))) + "\u200b" * i for i, row in enumerate(shown)]
    low = [row["value"] if row.get("low") is None else row["low"] for row in shown]
    high = [row["value"] if row.get("high") is None else row["high"] for row in shown]
    values = [row["value"] for row in shown]
    colors = [MUTED if row["n"] < thin else ACCENT for row in shown]
    hover = [
        f"{plain(label(r))}: <b>{amount(r['value'], unit, language)}</b> ({amount(a, unit, language)} … "
        f"{amount(b, unit, language)}) · n = {texts.decimal_text(r['n'], language)}"
        for r, a, b in zip(shown, low, high, strict=True)
    ]
    # One trace per interval colour would lose the shared hover; thin segments are drawn as shapes instead.
    spans = [
        {"type": "line", "x0": a, "x1": b, "y0": i, "y1": i, "line": {"color": c, "width": 2.5}}
        for i, (a, b, c) in enumerate(zip(low, high, colors, strict=True))
    ]
    if overall is not None:
        line = {"color": MUTED, "dash": "dot", "width": 1.5}
        spans.append({"type": "line", "x0": overall, "x1": overall, "yref": "paper", "y0": 0, "y1": 1, "line": line})
    dot = {
        "type": "scatter",
        "mode": "markers",
        "x": values,
        "y": list(range(len(shown))),
        "text": hover,
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"size": 11, "color": colors},
    }
    notes = [
        note(f"<b>{amount(v, unit, language)}</b>", xref="paper", x=1.02, xanchor="left", y=i)
        for i, v in enumerate(values)
    ]
    x = value_axis([*low, *high, overall], unit, language)
    ticks = {"tickvals": list(range(len(shown))), "ticktext": names, "tickfont": {"size": SMALL + 1, "color": MUTED}}
    return {
        "data": [dot],
        "layout": layout(
            height=max(170, 40 * len(shown) + 56),
            shapes=spans,
            annotations=notes,
            xaxis=x,
            yaxis=axis(showgrid=False, range=[-0.6, len(shown) - 0.4], **dict(ticks.items())),
            margin={"l": 8, "r": 78, "t": 8, "b": 8},
        ),
    }
