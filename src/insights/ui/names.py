"""What metrics and values are called, and how a result is written: the words every part of a page shares."""

from typing import Any

from insights import texts
from insights.charts import amount, difference
from insights.metrics import METRICS, Metric
from insights.ui.run import here


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
    """Return the target with its direction, such as ≥ %85."""
    run, aim = here(), target(key)
    assert aim is not None
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
