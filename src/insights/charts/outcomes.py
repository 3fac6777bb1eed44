"""Promises: how they ended against what was promised, and then against now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from insights import texts
from insights.charts.axes import told_apart
from insights.charts.look import (
    ACCENT,
    BAD,
    GOOD,
    LEGEND,
    MUTED,
    SMALL,
    TEXT,
    Figure,
    axis,
    hovers,
    layout,
    note,
    plain,
)


@dataclass(frozen=True)
class Ended:
    """One promise: its name, the share promised, and the clocks met, broken and still running."""

    name: str
    promised: float | None
    counts: tuple[int, int, int]


def ended(promises: Sequence[Ended], parts: tuple[str, str, str], promised: str, language: str) -> Figure:
    """Return one 100 % bar per promise split into `parts`, with a line where the promised share lies."""
    names = [plain(p.name) for p in promises]
    data = [_part(promises, place, part, language) for place, part in enumerate(parts)]
    data.append(_line(promises, promised, language))
    notes = [
        note(f"<b>{_kept(p, language)}</b>", xref="paper", x=1.02, xanchor="left", y=name)
        for p, name in zip(promises, names, strict=True)
    ]
    return {
        "data": data,
        "layout": layout(
            barmode="stack",
            showlegend=True,
            height=max(190, 46 * len(names) + 80),
            annotations=notes,
            legend={**LEGEND, "traceorder": "normal"},
            xaxis=axis(visible=False, range=[0, 1]),
            yaxis=axis(
                showgrid=False,
                type="category",
                autorange="reversed",
                tickvals=names,
                ticktext=[_two_lines(n) for n in names],
                tickfont={"size": SMALL + 1, "color": MUTED},
            ),
            margin={"l": 8, "r": 62, "t": 40, "b": 8},
        ),
    }


def _part(promises: Sequence[Ended], place: int, part: str, language: str) -> dict[str, Any]:
    """Return one part of every promise's bar: told apart by its pattern as well as by its colour."""
    color, pattern = ((GOOD, ""), (BAD, "/"), (MUTED, "."))[place]
    counts = [p.counts[place] for p in promises]
    shares = [n / (sum(p.counts) or 1) for n, p in zip(counts, promises, strict=True)]
    return {
        "type": "bar",
        "orientation": "h",
        "name": part,
        "y": [plain(p.name) for p in promises],
        "x": shares,
        "width": 0.5,
        "marker": {
            "color": color,
            "line": {"color": "#000038", "width": 1.5},
            "pattern": {"shape": pattern, "fillmode": "overlay", "size": 6, "solidity": 0.3},
        },
        **hovers(
            f"{part}: <b>{texts.percent(s, language)}</b> · {texts.decimal_text(n, language)}"
            for s, n in zip(shares, counts, strict=True)
        ),
    }


def _line(promises: Sequence[Ended], name: str, language: str) -> dict[str, Any]:
    """Return where the promised shares lie."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [p.promised for p in promises],
        "y": [plain(p.name) for p in promises],
        "marker": {"symbol": "line-ns", "size": 28, "line": {"width": 3, "color": TEXT}},
        **hovers(f"{name}: <b>{texts.percent(p.promised, language, 0)}</b>" for p in promises),
    }


def _two_lines(name: str) -> str:
    """Return a name that leaves room for the bars on a phone."""
    return "<br>".join(name.rsplit(" · ", 1))


def _kept(of: Ended, language: str) -> str:
    decided = of.counts[0] + of.counts[1]
    return texts.percent(of.counts[0] / decided if decided else None, language)


Bounds = tuple[float | None, float | None]
APART, HEAD = 0.12, 0.42
"""How far then and now stand above and below the middle of their row, and its name above it: on a phone no width is
left beside the dots."""


@dataclass(frozen=True)
class Moved:
    """A share then and now, each with its 95 % interval."""

    name: str
    then: float | None
    now: float | None
    hover: str
    then_bounds: Bounds = (None, None)
    now_bounds: Bounds = (None, None)


def moved(rows: Sequence[Moved], then: str, now: str, language: str) -> Figure:
    """Return two dots per row joined by a line: hollow then, full now, the difference in points at the right."""
    names, shapes, notes = [plain(r.name) for r in rows], [], []
    for i, row in enumerate(rows):
        if row.then is not None and row.now is not None:
            color = GOOD if row.now > row.then else BAD
            if row.now != row.then:
                shapes.append(
                    {
                        "type": "line",
                        "x0": row.then,
                        "x1": row.now,
                        "y0": i - APART,
                        "y1": i + APART,
                        "line": {"color": color, "width": 3},
                    }
                )
            points = texts.signed(texts.decimal_text((row.now - row.then) * 100, language, 1))
            arrow = "" if row.now == row.then else "▲ " if row.now > row.then else "▼ "
            said = f"<b>{arrow}{texts.t('ui.points', language, value=points)}</b>"
            notes.append(note(said, xref="paper", x=1.02, xanchor="left", y=i))
        notes.append(note(names[i], xref="paper", x=0, xanchor="left", y=i - HEAD))
    data = [
        {
            "type": "scatter",
            "mode": "markers",
            "name": label,
            "x": [getattr(r, part) for r in rows],
            "y": [i + at for i in range(len(rows))],
            **hovers([r.hover for r in rows]),
            "error_x": _whiskers(rows, part, color),
            "marker": {"size": 11, "symbol": symbol, "color": color, "line": {"width": 2, "color": color}},
        }
        for part, label, symbol, color, at in (
            ("then", then, "circle-open", MUTED, -APART),
            ("now", now, "circle", ACCENT, APART),
        )
    ]
    shares = [v for r in rows for v in (r.then, r.now, r.then_bounds[0], r.now_bounds[0]) if v is not None]
    low = max(0.0, (min(shares, default=0.0) * 10 // 1) / 10 - 0.05)
    ticks = [t / 10 for t in range(11) if t / 10 >= low][:: 1 if low >= 0.5 else 2]
    return {
        "data": data,
        "layout": layout(
            showlegend=True,
            height=max(200, 62 * len(rows) + 90),
            shapes=shapes,
            annotations=notes,
            legend=LEGEND,
            xaxis=axis(
                range=[low, 1.02], tickangle=0, tickvals=ticks, ticktext=[texts.percent(t, language, 0) for t in ticks]
            ),
            yaxis=axis(visible=False, range=[len(rows) - 0.5, -0.7]),
            margin={"l": 8, "r": 86, "t": 40, "b": 8},
        ),
    }


def _whiskers(rows: Sequence[Moved], part: str, color: str) -> dict[str, object]:
    """Return the intervals of one set of shares as error bars."""
    values = [getattr(r, part) for r in rows]
    low, high = ([getattr(r, f"{part}_bounds")[side] for r in rows] for side in (0, 1))
    up = [0 if v is None or h is None else h - v for v, h in zip(values, high, strict=True)]
    down = [0 if v is None or b is None else v - b for v, b in zip(values, low, strict=True)]
    return {
        "type": "data",
        "symmetric": False,
        "array": up,
        "arrayminus": down,
        "color": color,
        "thickness": 1.5,
        "width": 0,
    }


def pairs(
    heads: Sequence[str], then: Sequence[float], now: Sequence[float], names: tuple[str, str], language: str
) -> Figure:
    """Return two bars beside each other per head: then in grey, now in the accent."""
    data = [
        {
            "type": "bar",
            "name": name,
            "x": list(heads),
            "y": list(values),
            "marker": {"color": color, "cornerradius": 2},
            **hovers(
                [
                    f"{h} · {name}: <b>{texts.decimal_text(v, language, 1)}</b>"
                    for h, v in zip(heads, values, strict=True)
                ]
            ),
        }
        for name, values, color in zip(names, (then, now), (MUTED, ACCENT), strict=True)
    ]
    return {
        "data": data,
        "layout": layout(
            barmode="group",
            showlegend=True,
            bargap=0.25,
            legend=LEGEND,
            xaxis=axis(type="category", showgrid=False, tickangle=0, tickvals=told_apart(heads)),
            yaxis=axis(rangemode="tozero"),
            margin={"l": 8, "r": 8, "t": 40, "b": 8},
        ),
    }
