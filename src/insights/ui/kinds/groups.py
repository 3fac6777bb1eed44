"""Cards by group: a metric by a dimension, worst first."""

from collections.abc import Sequence

from insights import charts, texts
from insights.asking import Desk
from insights.charts import Bar
from insights.metrics import Number
from insights.ui.cards import trust
from insights.ui.cards.card import Body, Card, nothing, record, too_few
from insights.ui.run import data, names, t

GROUPS = 9


def by(desk: Desk, key: str, *dimensions: str, title: str = "") -> Card:
    """Return the card of a metric by the first of these dimensions that the data tells: bars against the target, else
    dots with their interval.
    """
    desk = data.matured(desk, key)
    dimension = next((d for d in dimensions[:-1] if _told(desk, key, d)), dimensions[-1])
    named = {"metric": names.short(desk, key), "dimension": names.dimension(desk, dimension)}
    heading = title or texts.heading("ui.metric_by", desk.language, **named)

    def make(_: str) -> Body:
        return _by(desk, key, dimension, heading)

    return Card(f"{key}_{dimension}", desk, heading, make, _reading(desk, key), about=key)


def _told(desk: Desk, key: str, dimension: str) -> bool:
    """Tell whether it is known to which group of a dimension any row belongs."""
    return any(n.member(dimension) is not None for n in data.numbers(desk, [key], by=[dimension]) if n.n)


def _by(desk: Desk, key: str, dimension: str, heading: str) -> Body:
    found = worst_first(desk, key, dimension)
    if not found:
        there = any(n.n for n in data.numbers(desk, [key], by=[dimension]))
        return too_few(desk, desk.settings.thresholds.hide_below) if there else nothing(desk)
    if all(number.member(dimension) is None for number in found):
        return nothing(desk, t(desk, "ui.not_there", dimension=names.dimension(desk, dimension)), "help")
    bars = [bar(desk, number, dimension) for number in found[:GROUPS]]
    said = "; ".join(f"{b.name} {names.said(desk, b.value, key)}" for b in bars)
    more = [t(desk, "ui.more_groups", count=len(found) - GROUPS)] if len(found) > GROUPS else []
    more += trust.as_today(desk, key) if dimension in ("team", "agent", "priority") else []
    return Body(
        _figure(desk, key, bars),
        alt=f"{heading}: {said}",
        rows=[record(n) for n in found],
        notes=more,
        tall=True,
        groups=[number.group for number in found[:GROUPS]],
        upwards=True,
    )


def worst_first(desk: Desk, key: str, dimension: str) -> list[Number]:
    """Return a metric by a dimension, worst first, groups too small to show left out."""
    least = 0 if names.metric(key).unit == "count" else desk.settings.thresholds.hide_below
    found = [n for n in data.numbers(desk, [key], by=[dimension]) if n.value is not None and n.n >= least]
    sign = 1 if names.metric(key).better == "up" else -1
    return sorted(found, key=lambda n: (sign * (n.value or 0), str(n.member(dimension))))


def bar(desk: Desk, number: Number, dimension: str) -> Bar:
    """Return a group's number as a bar."""
    name = names.member(desk, dimension, number.member(dimension))
    return Bar(name, number.value, number.n, number.low, number.high)


def _aim(desk: Desk, key: str) -> float | None:
    return names.target(desk, key) if names.metric(key).better != "context" else None


def _figure(desk: Desk, key: str, bars: Sequence[Bar]) -> charts.Figure:
    metric, aim, thin = names.metric(key), _aim(desk, key), desk.settings.thresholds.grey_below
    if metric.unit == "count":
        return charts.bullets(bars, metric.unit, desk.language, target=aim, better=metric.better, thin=0)
    if aim is not None:
        return charts.bullets(bars, metric.unit, desk.language, target=aim, better=metric.better, thin=thin)
    return charts.dots(bars, metric.unit, desk.language, overall=data.one(desk, key).value, thin=thin)


def _reading(desk: Desk, key: str) -> str:
    metric = names.metric(key)
    if metric.unit == "count":
        return t(desk, "ui.reading_counts")
    if _aim(desk, key) is None:
        return t(desk, "ui.reading_dots")
    order = t(desk, f"ui.order_{metric.better}")
    return t(desk, "ui.reading_target", target=names.said_target(desk, key), order=order)
