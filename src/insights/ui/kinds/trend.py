"""Cards over time: a metric against its previous period and its target, or several of one unit."""

import datetime as dt
from collections.abc import Sequence

from insights import charts, texts
from insights.asking import Desk
from insights.charts import Around, Point, Scale
from insights.metrics import Number
from insights.metrics.periods import next_period
from insights.sql import Grain
from insights.ui.cards.card import Body, Card, nothing, record
from insights.ui.kinds import limits, noting
from insights.ui.run import data, names, periods, t
from insights.ui.run.marks import marks
from insights.ui.run.steps import Span


def trend(desk: Desk, *keys: str, title: str = "", band: bool = False, key: str = "trend") -> Card:
    """Return the card of a metric over time; several keys can be switched."""

    def make(picked: str) -> Body:
        return _trend(desk, picked, band)

    choice = {k: names.short(desk, k) for k in keys}
    alone = f"{t(desk, 'ui.trend')}: {choice[keys[0]]}" if len(keys) == 1 else t(desk, "ui.trend")
    return Card(key, desk, title or alone, make, choice=choice)


def _trend(desk: Desk, key: str, band: bool) -> Body:
    grain = periods.grain_for(desk.filters, data.first_day(desk), data.values(desk, [key])[0].n)
    shown = _shown(desk, grain)
    now, growing = _from(desk, shown), names.metric(key).open_ended
    before = _before(desk, shown, grain)
    if before and growing:
        before = now.as_old(before)
    elif before:
        data.know(now, before, (key,), grain)
    found = data.numbers(now, [key], grain=grain)
    made, reading = points(found), t(desk, "ui.trend_reading", grain=t(desk, f"ui.grain_{grain}"))
    if not known(made):
        return Body(reading=reading, notes=nothing(desk).notes)
    scale = Scale(names.metric(key).unit, desk.language, grain)
    target, label = names.target(desk, key), names.said_target(desk, key)
    usual = limits.of(desk, key, grain)
    beyond = [i for i, p in enumerate(made) if p.period in usual.signals]
    around = Around(_earlier(before, key, shown, grain), target, label, marks(desk, shown), beyond)
    figure = charts.trend(made, scale, around, band=band)
    notes = [*usual.notes, *([t(desk, "ui.open_ended")] if before and growing else [])]
    return Body(
        figure,
        alt=_alt(desk, key, made),
        rows=[record(n) for n in found],
        reading=reading,
        spans=spans(desk, made, grain),
        notes=notes,
        below=noting.editor(desk, key),
    )


def spans(desk: Desk, made: Sequence[Point], grain: Grain) -> list[Span]:
    """Return the days each point stands for, none beyond the period looked at."""
    until = desk.filters.until or data.day_of(desk)
    day = dt.timedelta(days=1)
    return [(p.period, max(p.period, min(next_period(p.period, grain) - day, until))) for p in made]


def _shown(desk: Desk, grain: Grain) -> list[dt.date]:
    return periods.sequence(desk.filters, grain, data.first_day(desk), data.starts(desk))


def _from(desk: Desk, shown: list[dt.date]) -> Desk:
    return desk.with_filters(periods.covering(desk.filters, shown))


def _before(desk: Desk, shown: list[dt.date], grain: Grain) -> Desk | None:
    return desk.with_filters(periods.before(desk.filters, shown, grain)) if desk.filters.since and shown else None


def _earlier(before: Desk | None, key: str, shown: list[dt.date], grain: Grain) -> list[float | None]:
    if before is None:
        return []
    found: list[float | None] = [number.value for number in data.values(before, [key], grain=grain)]
    return [*found, *[None] * len(shown)][: len(shown)]


def points(numbers: Sequence[Number]) -> list[Point]:
    """Return a metric's numbers over time as points."""
    return [Point(n.period, n.value, n.n, n.low, n.high, bool(n.complete)) for n in numbers if n.period]


def known(made: Sequence[Point]) -> list[Point]:
    """Return the points that have a value."""
    return [point for point in made if point.value is not None]


def _alt(desk: Desk, key: str, made: Sequence[Point]) -> str:
    have = known(made)
    low, high = min(have, key=lambda p: p.value or 0), max(have, key=lambda p: p.value or 0)
    said = {
        "metric": names.name(desk, key),
        "count": len(have),
        "low": names.said(desk, low.value, key),
        "low_day": texts.day(low.period, desk.language),
        "high": names.said(desk, high.value, key),
        "high_day": texts.day(high.period, desk.language),
        "last": names.said(desk, have[-1].value, key),
    }
    return t(desk, "ui.trend_alt", **said)


def series(desk: Desk, *keys: str, title: str, reading: str = "", key: str) -> Card:
    """Return the card of several metrics of one unit over time, labelled at their ends."""

    def make(_: str) -> Body:
        return _series(desk, keys)

    return Card(key, desk, title, make, reading, about=keys[0])


def _series(desk: Desk, keys: Sequence[str]) -> Body:
    grain = periods.grain_for(desk.filters, data.first_day(desk))
    found = data.values(_from(desk, _shown(desk, grain)), keys, grain=grain)
    made = {key: points([n for n in found if n.metric == key]) for key in keys}
    have = [key for key, line in made.items() if known(line)]
    if not have:
        return nothing(desk)
    named = {names.short(desk, key): line for key, line in made.items()}
    lead = next(iter(made.values()))
    events = marks(desk, [p.period for p in whole(lead)])
    figure = charts.lines(named, Scale(names.metric(keys[0]).unit, desk.language, grain), Around(events=events))
    alt = " ".join(_alt(desk, key, made[key]) for key in have)
    return Body(figure, alt=alt, rows=[record(number) for number in found], spans=spans(desk, whole(lead), grain))


def whole(made: Sequence[Point]) -> Sequence[Point]:
    """Return the points lines are drawn through: those of whole periods, where there are any."""
    return [p for p in made if p.complete] or made
