"""How long it takes, with those still waiting kept in."""

from collections.abc import Mapping, Sequence
from typing import Any

from insights import charts, texts
from insights.asking import Desk
from insights.charts import Share
from insights.ui.cards.card import Body, Card, nothing, too_few
from insights.ui.run import data, names, t

Row = Mapping[str, Any]
ABOUT = {"response": "frt_p50", "resolution": "frst_res_p50"}
MOST_LINES = 6
TAIL = 0.03
"""The curve is drawn until so few still wait."""


def waits(desk: Desk, event: str, dimension: str) -> Card:
    """Return the card of the share of tickets still waiting for a response or a solution, by a dimension."""
    title = t(desk, f"sla_page.waits_{event}")

    def make(_: str) -> Body:
        return _body(desk, event, dimension, title)

    return Card(f"waits_{event}", desk, title, make, t(desk, "sla_page.waits_reading"), about=ABOUT[event])


def _body(desk: Desk, event: str, dimension: str, title: str) -> Body:
    told = data.study(desk, "waits", event=event, by=(dimension,))
    found = _shown(desk, told.rows, dimension)
    if not found:
        return too_few(desk, desk.settings.thresholds.grey_below) if told.rows else nothing(desk)
    lines = {
        names.member(desk, dimension, r[dimension]): _line(desk, _of(told.tables["points"], r, dimension))
        for r in found
    }
    medians = [texts.duration(r["median"], desk.language) for r in found]
    said = "; ".join(f"{name}: {median}" for name, median in zip(lines, medians, strict=True))
    waiting = names.count(desk, sum(r["open"] for r in found))
    return Body(
        charts.share_curves(lines, desk.language, steps=True),
        alt=f"{title}: {said}",
        rows=found,
        notes=[t(desk, "sla_page.waits_medians", medians=said, open=waiting)],
        lines=[((dimension, r[dimension]),) for r in found],
    )


def _shown(desk: Desk, found: Sequence[Row], dimension: str) -> list[Row]:
    enough = [r for r in found if r["n"] >= desk.settings.thresholds.grey_below]
    order = names.order(dimension, [r[dimension] for r in enough if r[dimension] is not None])
    ranked = sorted(enough, key=lambda r: order.index(r[dimension]) if r[dimension] in order else len(order))
    return ranked[:MOST_LINES]


def _of(points: Sequence[Row], row: Row, dimension: str) -> list[Row]:
    return [point for point in points if point[dimension] == row[dimension]]


def _line(desk: Desk, points: Sequence[Row]) -> list[Share]:
    line = [Share(0.0, 1.0, "", 1.0, 1.0)]
    for p in points:
        share, low, high = (names.percent(desk, p[name]) for name in ("share", "low", "high"))
        hover = f"{texts.duration(p['seconds'], desk.language)}: <b>{share}</b> ({low} … {high})"
        line.append(Share(p["seconds"], p["share"], hover, p["low"], p["high"]))
        if p["share"] < TAIL:
            break
    return line
