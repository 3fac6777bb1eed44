"""What a metric answers: one value with its n, its interval and all that a reader must know beside it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from insights.metrics.core import Unit

Member = str | int | None
"""The value of a dimension; None where it is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A metric's value in one period and group. Nothing counted is a `value` of None, never 0."""

    metric: str
    unit: Unit
    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    period: dt.date | None = None
    """First day of the period, where a grain was asked for."""
    group: tuple[tuple[str, Member], ...] = ()
    currency: str | None = None
    """Of an amount; None where the group says it."""
    complete: bool | None = None
    """The period is over, mature and not cut by the filter; None without a grain."""
    hits: int | None = None
    """How many of the n of a share."""
    as_reported: float | None = None
    """The share of n whose duration is the source's own figure."""
    refused: str | None = None
    """Sources left out because they contradict themselves: `source: check, ...`."""
    withheld: bool = False
    """There is something, but of fewer people than this reader may know of."""
    compared: bool = False
    previous: float | None = None
    previous_n: int = 0
    previous_low: float | None = None
    previous_high: float | None = None
    change: float | None = None
    change_low: float | None = None
    change_high: float | None = None
    change_real: bool | None = None
    """The interval of the change leaves 0 out."""

    def member(self, dimension: str) -> Member:
        """Return which value of a dimension this number is of."""
        return dict(self.group)[dimension]

    def record(self) -> Mapping[str, Any]:
        """Return the number as the command line prints it."""
        period = {"period": self.period.isoformat()} if self.period else {}
        parts = {"value": self.value, "n": self.n, "low": self.low, "high": self.high}
        before = {"previous": self.previous} if self.compared else {}
        said = {name: told for name in ("currency", "complete") if (told := getattr(self, name)) is not None}
        said |= {"withheld": True} if self.withheld else {}
        return {"metric": self.metric, "unit": self.unit, **period, **dict(self.group), **parts, **before, **said}
