"""The desk: a reader's warehouse, filters, scope and language, of which every question is asked."""

import dataclasses
import datetime as dt
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from insights import query as road
from insights.filters import Clock, Filters, Scope
from insights.metrics import Number
from insights.metrics.core import Anchor, Better, Unit
from insights.settings import Settings
from insights.warehouse import Warehouse

Row = Mapping[str, Any]


@dataclass(frozen=True)
class About:
    """What a card says beside a metric's number."""

    metric: str
    unit: Unit
    better: Better
    anchor: Anchor
    clock: Clock | None
    ignored: tuple[str, ...]
    """Chosen dimensions the metric does not know."""
    least_n: int
    ruled: bool
    """The figures it rests on follow the settings' rules."""


@dataclass(frozen=True)
class Desk:
    """What a reader looks at; equal desks give equal answers, so a desk is a cache key. No scope, no rows."""

    warehouse: Warehouse
    filters: Filters
    scope: Scope
    language: str = field(default="en", compare=False)
    settings: Settings = field(default_factory=Settings, compare=False, repr=False)

    @property
    def key(self) -> Hashable:
        """Return what answers depend on: version, filters and scope."""
        return (str(self.warehouse.path), self.warehouse.version, self.filters, self.scope)

    @property
    def at(self) -> dt.datetime:
        """Return the moment looked from, naive UTC."""
        return self.filters.as_of or self.warehouse.as_of

    def with_filters(self, filters: Filters) -> "Desk":
        """Return the desk under other filters."""
        return dataclasses.replace(self, filters=filters)

    def narrow(self, dimension: str, *values: str) -> "Desk":
        """Return the desk with a dimension set to values (none: all)."""
        return self.with_filters(self.filters.choose(dimension, *values))

    def numbers(
        self, keys: Sequence[str], by: Sequence[str] = (), grain: str | None = None, compare: str | None = None
    ) -> list[Number]:
        """Return value, n and 95 % interval of metrics: one number per metric, period and group."""
        asked = road.query(self.warehouse, keys, self.filters, scope=self.scope, by=by, grain=grain, compare=compare)
        return [_number(result) for result in asked]

    def values(self, keys: Sequence[str], by: Sequence[str] = (), grain: str | None = None) -> list[Number]:
        """Return the numbers without their intervals, which is cheaper: for lines and lists."""
        asked = road.query(self.warehouse, keys, self.filters, scope=self.scope, by=by, grain=grain, intervals=False)
        return [_number(result) for result in asked]

    def one(self, key: str, compare: str | None = None) -> Number:
        """Return the one number of a metric without groups."""
        return self.numbers([key], compare=compare)[0]

    def rows(self, key: str, *, excluded: bool = False, limit: int | None = None) -> list[Row]:
        """Return the rows behind a number (their count is its n), or those left out, with `reason`."""
        return list(road.rows(self.warehouse, key, self.filters, scope=self.scope, excluded=excluded, limit=limit))

    def left_out(self, key: str) -> list[Row]:
        """Return how many rows of the period a number leaves out, by `reason`, most first."""
        return list(road.left_out(self.warehouse, key, self.filters, scope=self.scope))

    def sql(self, key: str, by: Sequence[str] = (), grain: str | None = None) -> str:
        """Return the SQL that makes a number."""
        return road.sql(self.warehouse, key, self.filters, scope=self.scope, by=by, grain=grain)

    def about(self, key: str) -> About:
        """Return what a card says beside a number."""
        return About(**road.meta(key, self.filters))


def _number(result: road.Result) -> Number:
    known = {f.name for f in dataclasses.fields(Number)}
    group = tuple((k, v) for k, v in result.items() if k not in known)
    period = dt.date.fromisoformat(result["period"]) if "period" in result else None
    given = {k: v for k, v in result.items() if k in known} | {"period": period, "group": group}
    return Number(**given, compared="previous" in result)
