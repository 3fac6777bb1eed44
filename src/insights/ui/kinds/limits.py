"""What a trend says of control limits: which points are beyond the usual, and what the usual is."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from insights.asking import Desk
from insights.sql import Grain
from insights.studies import Row
from insights.ui.run import data, names, t

GRAINS = ("week", "month")
"""Single days have weekdays in them: limits across them would call every Sunday a signal."""


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
    beyond = [row for row in found.rows if row["signal"]]
    periods = t(desk, f"ui.control_{grain}", n=names.count(desk, found.facts["baseline"]))
    said = {"range": _range(desk, key, found.rows), "periods": periods}
    if not beyond:
        return Usual((), [f":material/horizontal_rule: {t(desk, 'ui.control_none', **said)}"])
    listed = ", ".join(names.day(desk, row["period"]) for row in beyond)
    return Usual(
        [row["period"] for row in beyond],
        [f":material/trip_origin: {t(desk, 'ui.control_some', **said, listed=listed)}"],
    )


def _range(desk: Desk, key: str, rows: Sequence[Row]) -> str:
    """Return the limits of the newest point; those of shares follow from how many cases a point has."""
    low, high = (names.said(desk, rows[-1][side], key) for side in ("control_low", "control_high"))
    return f"{low} – {high}"
