"""What metrics and values are called, and how a result is written: the words every part of a page shares."""

from collections.abc import Sequence
from typing import Any

from insights import schema, texts
from insights.charts import amount, difference
from insights.filters import UNKNOWN
from insights.metrics import METRICS, Metric
from insights.ui.run import data, here


def metric(key: str) -> Metric:
    """Return the definition of a metric."""
    return METRICS[key]


def name(key: str) -> str:
    """Return a metric's full name."""
    return texts.t(f"metrics.{key}.name", here().language)


def short(key: str) -> str:
    """Return a metric's name as it fits a tile."""
    return texts.t(f"metrics.{key}.short", here().language)


def said(value: float | None, key: str) -> str:
    """Return a metric's value in its unit."""
    run = here()
    return amount(value, metric(key).unit, run.language, currency=run.settings.company.currency)


def said_briefly(value: float | None, key: str) -> str:
    """Return a metric's value as it fits a tile: from ten hours on, minutes are left out."""
    hours = value is not None and metric(key).unit == "seconds" and 10 * 3600 <= abs(value) < 48 * 3600
    return said(round(value / 3600) * 3600 if hours and value is not None else value, key)


def said_change(delta: float | None, key: str) -> str:
    """Return a difference in points or in the metric's unit."""
    run = here()
    return difference(delta, metric(key).unit, run.language, currency=run.settings.company.currency)


def target(key: str) -> float | None:
    """Return what is aimed at, from the settings."""
    return here().settings.targets.get(key)


def reached(value: float | None, key: str) -> bool | None:
    """Tell whether a value meets its target; None when there is none or the value is unknown."""
    aim = target(key)
    if aim is None or value is None or metric(key).better == "context":
        return None
    return value >= aim if metric(key).better == "up" else value <= aim


def said_target(key: str) -> str:
    """Return the target with its direction, such as ≥ %85; nothing without a target."""
    run, aim = here(), target(key)
    if aim is None:
        return ""
    whole = metric(key).unit == "share" and round(aim * 100, 6) == round(aim * 100)
    text = texts.percent(aim, run.language, 0) if whole else said(aim, key).removeprefix("+")
    return f"{'≥' if metric(key).better == 'up' else '≤'} {text}"


def count(n: float | None) -> str:
    """Return a whole number as readers write it."""
    return texts.decimal_text(n, here().language)


def span(since: Any, until: Any) -> str:
    """Return two dates as a range."""
    language = here().language
    return f"{texts.day(since, language)} – {texts.day(until, language)}"


def name_of(dimension: str, value: str | None, language: str) -> str:
    """Return a dimension's value as readers say it; a source's own words stay as they are."""
    if dimension == "agent" and value is not None:
        return data.agent_names().get(value, value)
    return texts.word(dimension, None if value == UNKNOWN else value, language)


def order(dimension: str, values: Sequence[str]) -> list[str]:
    """Return values in the order of their closed vocabulary, unknown ones last; others stay as they come."""
    known = list(schema.WORDS.get(dimension, ()))
    return sorted(values, key=lambda v: (v == UNKNOWN, known.index(v) if v in known else len(known)))
