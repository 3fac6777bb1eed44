"""What a trend says of control limits: which points are beyond the usual, and what the usual is."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from insights.asking import Desk
from insights.sql import Grain
from insights.studies import Row
from insights.ui.run import data, names, t

GRAINS = ("week", "month")
"""Single days have weekdays in them: limits across them would call every Sunday a signal."""
SAID = {"some": (1,), "aside": (2, 3)}
"""What is said of a point by the rule it signals by: it is outside the limits, or inside but on one side too long."""
NAMED = 2
"""Periods beyond the limits in a row up to which each is named."""


@dataclass(frozen=True)
class Usual:
    """The periods beyond the control limits, and the sentence about them."""

    signals: Sequence[dt.date] = ()
    notes: Sequence[str] = ()


def of(desk: Desk, key: str, grain: Grain) -> Usual:
    """Return what is beyond the usual of a metric; nothing where too little came before to know the usual."""
    if grain not in GRAINS or desk.filters.since is None:
        return Usual()
    found = data.study(desk, "control", metric=key, grain=grain)
    if not found.rows:
        return Usual()
    beyond = [row["period"] for row in found.rows if row["signal"]]
    periods = t(desk, f"ui.control_{grain}", n=names.count(desk, found.facts["baseline"]))
    said = {"range": _range(desk, key, found.rows), "periods": periods}
    if not beyond:
        return Usual((), [f":material/horizontal_rule: {t(desk, 'ui.control_none', **said)}"])
    listed = {word: ", ".join(stretches(desk, found.rows, rules)) for word, rules in SAID.items()}
    told = [t(desk, f"ui.control_{word}", **said, listed=those) for word, those in listed.items() if those]
    return Usual(beyond, [f":material/trip_origin: {one}" for one in told])


def stretches(desk: Desk, rows: Sequence[Row], rules: Sequence[int]) -> Iterator[str]:
    """Yield the periods that signal by one of these rules: one or two in a row by name, more as a stretch."""
    for signal, stretch in groupby(rows, key=lambda row: row["signal"] in rules):
        days = [names.day(desk, row["period"]) for row in stretch if signal]
        yield from [f"{days[0]} – {days[-1]}"] if len(days) > NAMED else days


def _range(desk: Desk, key: str, rows: Sequence[Row]) -> str:
    """Return the limits of the newest point; those of shares follow from how many cases a point has."""
    low, high = (names.said(desk, rows[-1][side], key) for side in ("control_low", "control_high"))
    return f"{low} – {high}"
