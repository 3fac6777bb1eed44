"""What a reader chose: period, as-of, values per dimension and clock; frozen, hashable, language-neutral."""

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.sql.elements import KeyedColumnElement

from insights.errors import BadFilter, UnknownName

Clock = Literal["calendar", "business"]

DIMENSIONS = (
    "channel", "kind", "category", "product", "priority", "team", "agent", "segment", "region", "country",
    "loyalty_tier", "status", "source",
)  # fmt: skip

OWN = ("policy", "promise")
"""Further filters for rows that know them: which SLA policy a clock follows, and what it promises."""
_COLUMNS = {"agent": "agent_id"}
_TABLE_COLUMNS = {("surveys", "kind"): "ticket_kind"}
UNKNOWN = "(unknown)"
"""Stands for NULL among a filter's values; in results an unknown value is None."""


@dataclass(frozen=True)
class Scope:
    """Whose rows the reader may see: allowed values per dimension; no entry means all of them."""

    values: tuple[tuple[str, tuple[str, ...]], ...] = ()


EVERYTHING = Scope()


@dataclass(frozen=True)
class Filters:
    """Frozen filter state. `since` and `until` are local dates, both included; `values` is (dimension, values)."""

    since: dt.date | None = None
    until: dt.date | None = None
    as_of: dt.datetime | None = None
    values: tuple[tuple[str, tuple[str, ...]], ...] = field(default=())
    clock: Clock = "calendar"

    def __post_init__(self) -> None:
        for name, _ in self.values:
            if name not in (*DIMENSIONS, *OWN):
                raise UnknownName("unknown_dimension", name=name, known=", ".join((*DIMENSIONS, *OWN)))
        if self.since and self.until and self.since > self.until:
            raise BadFilter("period_backwards", since=self.since, until=self.until)

    def chosen(self, dimension: str) -> tuple[str, ...]:
        """Return the chosen values of a dimension, empty for all."""
        return dict(self.values).get(dimension, ())

    def choose(self, dimension: str, *values: str) -> "Filters":
        """Return filters with this dimension set to `values` (none: all)."""
        others = tuple((n, v) for n, v in self.values if n != dimension)
        return replace(self, values=tuple(sorted([*others, (dimension, tuple(values))] if values else others)))

    def previous(self) -> "Filters | None":
        """Return the equally long span just before, or None when the period is open."""
        if not self.since or not self.until:
            return None
        length = self.until - self.since + dt.timedelta(days=1)
        return replace(self, since=self.since - length, until=self.since - dt.timedelta(days=1))

    def last_year(self) -> "Filters | None":
        """Return the same days one year (364 days: same weekdays) earlier, or None when the period is open."""
        if not self.since or not self.until:
            return None
        year = dt.timedelta(days=364)
        return replace(self, since=self.since - year, until=self.until - year)


def dimension_column(table: sa.Table | sa.Subquery, dimension: str) -> KeyedColumnElement[Any] | None:
    """Return the column of `table` that holds `dimension`, or None when the table does not know it."""
    if dimension not in (*DIMENSIONS, *OWN):
        raise UnknownName("unknown_dimension", name=dimension, known=", ".join((*DIMENSIONS, *OWN)))
    name = _TABLE_COLUMNS.get((table.name, dimension), _COLUMNS.get(dimension, dimension))
    return table.columns.get(name)


def conditions(
    table: sa.Table | sa.Subquery, at: sa.ColumnElement[dt.date] | None, filters: Filters, scope: Scope
) -> list[sa.ColumnElement[bool]]:
    """Return the WHERE conditions of `filters` and `scope` on a table whose period anchor is `at`."""
    found: list[sa.ColumnElement[bool]] = []
    if at is not None and filters.since:
        found.append(at >= sa.bindparam(None, filters.since, sa.Date()))
    if at is not None and filters.until:
        found.append(at <= sa.bindparam(None, filters.until, sa.Date()))
    for dimension, values in filters.values:
        col = dimension_column(table, dimension)
        if col is not None:
            found.append(_among(col, values))
    for dimension, values in scope.values:
        col = dimension_column(table, dimension)
        found.append(sa.false() if col is None else _among(col, values))
    return found


def _among(col: sa.ColumnElement[str], values: tuple[str, ...]) -> sa.ColumnElement[bool]:
    known = [v for v in values if v != UNKNOWN]
    return sa.or_(col.in_(known), col.is_(None)) if UNKNOWN in values else col.in_(known)


def ignored(table: sa.Table | sa.Subquery, filters: Filters) -> tuple[str, ...]:
    """Return the chosen dimensions that a table does not know, so that a metric can say aloud what it ignores."""
    return tuple(d for d, _ in filters.values if dimension_column(table, d) is None)
