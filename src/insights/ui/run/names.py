"""What metrics and values are called, and how a result is written: the words every part of a page shares."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from insights import schema, texts
from insights.asking import Desk
from insights.charts import amount, difference
from insights.filters import UNKNOWN
from insights.metrics import METRICS, Metric
from insights.timing.hours import ALWAYS
from insights.ui.run import Reader, data, t
from insights.ui.run.safe import literal

VOCABULARIES = {
    "promise": "sla_metric",
    "longest": "status",
    "state": "sla_state",
    "segment_before": "rfm_segment",
    "segment_now": "rfm_segment",
}
"""Whose words a column holds, where they are not called as the column is."""


def metric(key: str) -> Metric:
    """Return the definition of a metric."""
    return METRICS[key]


def name(to: Reader, key: str) -> str:
    """Return a metric's full name."""
    return t(to, f"metrics.{key}.name")


def short(to: Reader, key: str) -> str:
    """Return a metric's name as it fits a tile."""
    return t(to, f"metrics.{key}.short")


def said(to: Reader, value: float | None, key: str) -> str:
    """Return a metric's value in its unit."""
    return amount(value, metric(key).unit, to.language, currency=to.currency)


def finding(to: Reader, key: str, facts: Mapping[str, Any]) -> str:
    """Return a finding in words for markdown: texts of the data in it are shown as they are."""
    return texts.finding(key, to.language, facts, to.currency, literal)


def said_briefly(to: Reader, value: float | None, key: str) -> str:
    """Return a metric's value as it fits a tile: from ten hours on, minutes are left out."""
    hours = value is not None and metric(key).unit == "seconds" and 10 * 3600 <= abs(value) < 48 * 3600
    return said(to, round(value / 3600) * 3600 if hours and value is not None else value, key)


def said_change(to: Reader, delta: float | None, key: str) -> str:
    """Return a difference in points or in the metric's unit."""
    return difference(delta, metric(key).unit, to.language, currency=to.currency)


def target(to: Reader, key: str) -> float | None:
    """Return what is aimed at, from the settings."""
    return to.settings.targets.get(key)


def reached(to: Reader, value: float | None, key: str) -> bool | None:
    """Tell whether a value meets its target; None when there is none or the value is unknown."""
    aim = target(to, key)
    if aim is None or value is None or metric(key).better == "context":
        return None
    return value >= aim if metric(key).better == "up" else value <= aim


def said_target(to: Reader, key: str) -> str:
    """Return the target with its direction, such as ≥ %85; nothing without a target."""
    aim = target(to, key)
    if aim is None:
        return ""
    whole = metric(key).unit == "share" and round(aim * 100, 6) == round(aim * 100)
    text = texts.percent(aim, to.language, 0) if whole else said(to, aim, key).removeprefix("+")
    return f"{'≥' if metric(key).better == 'up' else '≤'} {text}"


def count(to: Reader, n: float | None) -> str:
    """Return a whole number as readers write it."""
    return texts.decimal_text(n, to.language)


def percent(to: Reader, share: float | None, digits: int = 1) -> str:
    """Return a share as readers write it."""
    return texts.percent(share, to.language, digits)


def day(to: Reader, of: dt.date | None) -> str:
    """Return a date as readers write it."""
    return texts.day(of, to.language)


def day_field(to: Reader) -> str:
    """Return how dates are written where they are typed or picked."""
    return texts.locales()[to.language].day_field


def span(to: Reader, since: dt.date | None, until: dt.date | None) -> str:
    """Return two dates as a range."""
    return f"{day(to, since)} – {day(to, until)}"


def dimension(to: Reader, name: str) -> str:
    """Return what a dimension is called."""
    return t(to, f"dimensions.{name}")


def called(to: Reader, dimension: str, value: str) -> str:
    """Return what the settings call a value of the data in the reader's language, else the value."""
    return to.settings.names.get(dimension, {}).get(value, {}).get(to.language, value)


def calendar(to: Reader, name: str) -> str:
    """Return what a calendar of the settings is called; that of every hour has a word of its own."""
    return t(to, "sla_page.always") if name == ALWAYS else called(to, "calendar", name)


def word_of(to: Reader, column: str, row: Mapping[str, Any]) -> str:
    """Return what a row's own word in a column is called, or that it is unknown."""
    value = row[column]
    return t(to, "app.unknown") if value is None else called(to, column, str(value))


def member(desk: Desk, dimension: str, value: str | int | None) -> str:
    """Return a dimension's value as readers say it; a source's own words stay as they are."""
    if value is None or value == UNKNOWN:
        return texts.word(dimension, None, desk.language)
    if dimension == "agent":
        return data.agent_names(desk).get(str(value), str(value))
    own = called(desk, dimension, str(value))
    return own if own != value else texts.word(dimension, str(value), desk.language)


def split(desk: Desk, name: str, value: str) -> str:
    """Return what a mark stands for besides dimensions, such as an hour or a score, as readers say it."""
    if name == "hour":
        return f"{value:0>2}:00"
    if name == "score":
        return value.removesuffix(".0")
    if texts.has(f"ui.{name}.{value}", desk.language):
        return t(desk, f"ui.{name}.{value}")
    return member(desk, VOCABULARIES.get(name, name), value)


def order(dimension: str, values: Sequence[str]) -> list[str]:
    """Return values in the order of their closed vocabulary, unknown ones last; others stay as they come."""
    known = list(schema.WORDS.get(dimension, ()))
    return sorted(values, key=lambda v: (v == UNKNOWN, known.index(v) if v in known else len(known)))
