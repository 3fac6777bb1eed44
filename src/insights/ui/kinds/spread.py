"""Cards on how something spreads: over the week, over ages, within spans, over scores."""

from collections.abc import Sequence

from insights import charts, texts
from insights.asking import Desk
from insights.charts.look import ramp
from insights.metrics import Number
from insights.metrics.bases.stocks import BUCKETS
from insights.metrics.number import Member
from insights.ui.cards.card import Body, Card, nothing, record
from insights.ui.run import data, names, periods, t

MOST_GROUPS = 7
Hours = dict[tuple[int, int], float]


def week(desk: Desk, key: str, title: str = "") -> Card:
    """Return the card of when it happens: by weekday and hour; counts as the average of the weeks in the period."""

    def make(_: str) -> Body:
        return _week(desk, key)

    reading = t(desk, "ui.week_reading", metric=names.name(desk, key))
    return Card(f"week_{key}", desk, title or t(desk, "ui.week_title"), make, reading, about=key)


def _week(desk: Desk, key: str) -> Body:
    found, counted = data.values(desk, [key], by=["weekday", "hour"]), names.metric(key).unit == "count"
    cells = {at: n.value for n in found if n.value is not None and (at := _hour(n)) is not None}
    if not cells:
        return nothing(desk)
    cells = averaged(desk, cells) if counted else cells
    figure = charts.week_heatmap(cells, names.metric(key).unit, desk.language)
    at, top = max(cells.items(), key=lambda cell: cell[1])
    said = texts.decimal_text(top, desk.language, 1) if counted else names.said(desk, top, key)
    alt = t(desk, "ui.week_alt", metric=names.name(desk, key), when=said_hour(desk, at), value=said)
    groups = [(("weekday", day), ("hour", hour)) for day, hour in sorted(cells)]
    return Body(figure, alt=alt, rows=[record(number) for number in found], groups=groups)


def _hour(number: Number) -> tuple[int, int] | None:
    day, hour = number.member("weekday"), number.member("hour")
    return None if day is None or hour is None else (int(day), int(hour))


def averaged(desk: Desk, counts: Hours) -> Hours:
    """Return counts by weekday and hour as the average of the weeks the desk looks at, empty hours as 0."""
    days = periods.weekdays(desk.filters, data.first_day(desk))
    every = {(day, hour): 0.0 for day in range(1, 8) for hour in range(24)}
    return every | {(day, hour): n / (days[day] or 1) for (day, hour), n in counts.items()}


def said_hour(desk: Desk, at: tuple[int, int]) -> str:
    """Return a weekday and an hour as readers say them."""
    return f"{t(desk, f'words.weekday.{at[0]}')} {at[1]:02d}:00"


def ages(desk: Desk, key: str, *, title: str, reading: str = "") -> Card:
    """Return the card of what is open by age, each bucket with its part of the whole."""

    def make(_: str) -> Body:
        found = {n.member("bucket"): n for n in data.values(desk, [key], by=["bucket"])}
        if not any(n.value for n in found.values()):
            return nothing(desk)
        order = [f"[{start},{end or 'inf'})" for start, end in BUCKETS]
        values = [(found[b].value or 0.0) if b in found else 0.0 for b in order]
        heads = [t(desk, f"ui.bucket.{b}") for b in order]
        said = "; ".join(f"{head}: {names.count(desk, v)}" for head, v in zip(heads, values, strict=True))
        figure = charts.columns(heads, values, "count", desk.language, shares=True)
        groups = [(("bucket", b),) for b in order]
        return Body(figure, alt=f"{title}: {said}", rows=[record(found[b]) for b in order if b in found], groups=groups)

    return Card(key, desk, title, make, reading, about=key)


def shares(desk: Desk, *keys: str, title: str, reading: str = "") -> Card:
    """Return the card of several shares side by side, such as answered within 1, 4 and 24 hours."""

    def make(_: str) -> Body:
        found = data.numbers(desk, keys)
        if not any(n.n for n in found):
            return nothing(desk)
        said = "; ".join(f"{names.short(desk, n.metric)}: {names.said(desk, n.value, n.metric)}" for n in found)
        heads = [names.short(desk, n.metric) for n in found]
        figure = charts.columns(heads, [n.value for n in found], "share", desk.language)
        groups = [(("metric", n.metric),) for n in found]
        return Body(figure, alt=f"{title}: {said}", rows=[record(n) for n in found], groups=groups)

    return Card(f"shares_{keys[0]}", desk, title, make, reading, about=keys[0])


def scores(desk: Desk, key: str, dimension: str, *, title: str, reading: str = "") -> Card:
    """Return the card of how answers spread over the scores, one bar per group, best score first."""

    def make(_: str) -> Body:
        found = [n for n in data.values(desk, [f"{key}_answers"], by=[dimension, "score"]) if n.value]
        totals = _totals(found, dimension)
        least = desk.settings.thresholds.hide_below
        chosen = sorted((g for g, n in totals.items() if n >= least), key=lambda g: -totals[g])[:MOST_GROUPS]
        if not chosen:
            return nothing(desk)
        parts = _parts(desk, found, dimension, chosen)
        heads = [names.member(desk, dimension, group) for group in chosen]
        counts = [names.count(desk, totals[group]) for group in chosen]
        alt = f"{title}: " + "; ".join(f"{head} n = {n}" for head, n in zip(heads, counts, strict=True))
        figure = charts.stacked(heads, parts, desk.language, ramp(len(parts)))
        counted = ("metric", f"{key}_answers")
        groups = [(counted, (dimension, g), ("score", score)) for score in _scores(found) for g in chosen]
        entries = [(counted, ("score", score)) for score in _scores(found)]
        return Body(
            figure, alt=alt, rows=[record(n) for n in found], tall=True, groups=groups, layered=True, entries=entries
        )

    return Card(f"scores_{key}", desk, title, make, reading, about=key)


def _totals(found: Sequence[Number], dimension: str) -> dict[str | int | None, float]:
    totals: dict[str | int | None, float] = {}
    for number in found:
        group = number.member(dimension)
        totals[group] = totals.get(group, 0) + (number.value or 0)
    return totals


def _scores(found: Sequence[Number]) -> list[Member]:
    """Return the scores given, best first."""
    return sorted({s for n in found if (s := n.member("score")) is not None}, key=lambda s: float(s or 0), reverse=True)


def _parts(
    desk: Desk, found: Sequence[Number], dimension: str, chosen: Sequence[str | int | None]
) -> dict[str, list[float]]:
    marks = _scores(found)
    cells = {(n.member(dimension), n.member("score")): n.value or 0.0 for n in found}
    return {texts.decimal_text(float(m or 0), desk.language): [cells.get((g, m), 0.0) for g in chosen] for m in marks}
