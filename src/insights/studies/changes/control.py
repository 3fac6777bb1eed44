"""Control limits of a metric over time: what its usual ups and downs are, and which points are more than that.

The limits come from the periods before those looked at and stay as they are; they begin anew only at a recorded change,
a note in the settings.
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from insights.filters import Filters
from insights.metrics import Number, metric
from insights.metrics.periods import period_start
from insights.stats import control as stats
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.options import Option

LEAST = 20
"""Periods limits rest on at least."""
LOOKED_BACK = {"week": 52, "month": 36}


def control(asker: Asker, options: Options) -> Answer:
    """Return each period's value with its limits, and the number of the rule by which it is a signal (0: none)."""
    key, grain = options["metric"], options["grain"]
    if metric(key).open_ended:
        return Answer({}, {"metric": key, "grain": grain}, "growing")
    known = [n for n in _numbers(asker, key, grain) if n.complete and n.value is not None and n.n and n.period]
    shown = _shown(asker, known)
    begin = restarted(_days(known), [mark.date for mark in asker.settings.marks], shown)
    facts: dict[str, Any] = {"metric": key, "grain": grain, "baseline": shown - begin, "signals": 0}
    if shown - begin < LEAST:
        return Answer({}, facts | {"least": LEAST}, "few")
    limits = limited(known[begin:], shown - begin)
    rules = {begin + place: rule for place, rule in limits.signals if begin + place >= shown}
    rows = [_row(n, limits, i, rules.get(begin + i, 0)) for i, n in enumerate(known[begin:]) if begin + i >= shown]
    facts |= {"signals": len(rules), "since": known[begin].period, "n": sum(r["n"] for r in rows)}
    return Answer({"control": rows}, facts, "some" if rules else "none")


def _days(numbers: Sequence[Number]) -> list[dt.date]:
    return [n.period for n in numbers if n.period]


def _shown(asker: Asker, known: Sequence[Number]) -> int:
    """Return the place of the first period looked at; with an open beginning, the first after the least baseline."""
    since = asker.filters.since
    return min(LEAST, len(known)) if since is None else bisect_left(_days(known), since)


def restarted(days: Sequence[dt.date], notes: Sequence[dt.date], shown: int) -> int:
    """Return where the baseline begins: at the last recorded change that still leaves enough periods, else at once."""
    places = [bisect_left(days, note) for note in notes]
    return max((place for place in places if shown - place >= LEAST), default=0)


def limited(numbers: Sequence[Number], baseline: int) -> stats.Limits:
    """Return the limits that fit a metric: of shares by their sizes, of durations and amounts on a log scale."""
    values = [float(n.value) for n in numbers if n.value is not None]
    if all(n.hits is not None for n in numbers):
        return stats.laney([n.hits or 0 for n in numbers], [n.n for n in numbers], baseline)
    if metric(numbers[0].metric).unit in ("seconds", "money") and min(values) > 0:
        return stats.logarithmic(values, baseline)
    found = stats.xmr(values, baseline)
    # What is never below nothing is not usual below it either; signals are judged by the distance, not by this end.
    return replace(found, low=tuple(max(0.0, low) for low in found.low)) if min(values) >= 0 else found


def _row(number: Number, limits: stats.Limits, place: int, rule: int) -> Row:
    return {
        "period": number.period,
        "value": number.value,
        "n": number.n,
        "centre": limits.centre,
        "control_low": limits.low[place],
        "control_high": limits.high[place],
        "signal": rule,
    }


def _numbers(asker: Asker, key: str, grain: str) -> Sequence[Number]:
    return asker.with_filters(_earlier(asker, grain)).values([key], grain=grain)


def _earlier(asker: Asker, grain: str) -> Filters:
    """Return the filters from as far back as limits may rest on."""
    chosen = asker.filters
    if chosen.since is None:
        return chosen
    days = {"week": 7, "month": 31}[grain] * LOOKED_BACK[grain]
    first = period_start(
        chosen.since - dt.timedelta(days=days), "week" if grain == "week" else "month", asker.context().starts
    )
    return replace(chosen, since=first)


def _rows(asker: Asker, options: Options) -> Sequence[Row]:
    return asker.rows(options["metric"])


STUDIES = (
    Study(
        "control",
        ("tickets",),
        answer=control,
        behind=_rows,
        options=(
            Option("metric", "text", "csat"),
            Option("grain", "word", "week", tuple(LOOKED_BACK)),
        ),
        shapes=(
            Shape(
                "control",
                (
                    Column("period", "day"),
                    Column("value", "number"),
                    Column("n", "count"),
                    Column("centre", "number"),
                    Column("control_low", "number"),
                    Column("control_high", "number"),
                    Column("signal", "count"),
                ),
            ),
        ),
    ),
)
