"""What a reader chose: period, as-of, values per dimension and clock; frozen, hashable, language-neutral."""

import csv
import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self, get_args

import sqlalchemy as sa
from sqlalchemy.sql.elements import KeyedColumnElement

from insights.dimensions import KNOWN, Dimension
from insights.errors import BadFilter, UnknownName
from insights.personal import Kind

Clock = Literal["calendar", "business"]
Comparison = Literal["previous", "year", "custom"]
COMPARISONS: tuple[Comparison, ...] = get_args(Comparison)

UNKNOWN = "(unknown)"
"""Stands for NULL among a filter's values; in results an unknown value is None."""


@dataclass(frozen=True)
class Scope:
    """What the reader may see: rows by allowed values per dimension (no entry: all), and columns unmasked."""

    values: tuple[tuple[str, tuple[str, ...]], ...] = ()
    masked: frozenset[Kind] = frozenset()
    salt: str = field(default="", repr=False)
    """Makes the words shown instead of ids tell nothing to whoever guesses the ids."""
    least: int = 0
    """Groups of fewer are not shown, counts are rounded to multiples of it: no difference tells of fewer."""
    nobody: bool = False
    """No rows at all: nobody said what this reader may see."""


EVERYTHING = Scope()
NOTHING = Scope(nobody=True)


@dataclass(frozen=True)
class Chosen:
    """Values chosen per dimension: `values` is (dimension, values) pairs in order of their names."""

    values: tuple[tuple[str, tuple[str, ...]], ...] = field(default=(), kw_only=True)

    def chosen(self, dimension: str) -> tuple[str, ...]:
        """Return the chosen values of a dimension, empty for all."""
        return dict(self.values).get(dimension, ())

    def choose(self, dimension: str, *values: str) -> Self:
        """Return the same with this dimension set to `values` (none: all)."""
        others = tuple((n, v) for n, v in self.values if n != dimension)
        return replace(self, values=tuple(sorted([*others, (dimension, tuple(values))] if values else others)))


@dataclass(frozen=True)
class Filters(Chosen):
    """Frozen filter state. `since` and `until` are local dates, both included."""

    since: dt.date | None = None
    until: dt.date | None = None
    as_of: dt.datetime | None = None
    clock: Clock = "calendar"
    compare: Comparison = "previous"
    """What the period is seen against: as many days just before, the same days a year earlier, or days of one's own."""
    against: tuple[dt.date, dt.date] | None = None
    """The first and the last of one's own days."""

    def __post_init__(self) -> None:
        for name, _ in self.values:
            known(name)
        if self.since and self.until and self.since > self.until:
            raise BadFilter("period_backwards", since=self.since, until=self.until)

    def compared(self, compare: str | None = None) -> "Filters | None":
        """Return the span the period is seen against, or None when it is open."""
        match compare or self.compare:
            case "previous":
                return self.previous()
            case "year":
                return self.last_year()
        if not self.against or not self.since or not self.until:
            return None
        return replace(self, since=self.against[0], until=self.against[1])

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


def known(name: str) -> Dimension:
    """Return the dimension of this name; raises UnknownName."""
    if name not in KNOWN:
        raise UnknownName("unknown_dimension", name=name, known=", ".join(KNOWN))
    return KNOWN[name]


def dimension_column(table: sa.Table | sa.Subquery | sa.CTE, dimension: str) -> KeyedColumnElement[Any] | None:
    """Return the column of `table` that holds `dimension`, or None when the table does not know it."""
    return table.columns.get(known(dimension).column_in(table.name))


def read_values(text: str) -> tuple[str, ...]:
    """Return values written with commas between them; one that holds a comma stands in double quotes."""
    try:
        fields = next(csv.reader([text], strict=True, skipinitialspace=True), [])
    except csv.Error as error:
        raise BadFilter("bad_where", value=text) from error
    return tuple(dict.fromkeys(fields))


def conditions(
    table: sa.Table | sa.Subquery | sa.CTE, at: sa.ColumnElement[dt.date] | None, filters: Filters
) -> list[sa.ColumnElement[bool]]:
    """Return the WHERE conditions of `filters` on a table whose period anchor is `at`."""
    found: list[sa.ColumnElement[bool]] = []
    if at is not None and filters.since:
        found.append(at >= sa.bindparam(None, filters.since, sa.Date()))
    if at is not None and filters.until:
        found.append(at <= sa.bindparam(None, filters.until, sa.Date()))
    columns = ((dimension_column(table, dimension), values) for dimension, values in filters.values)
    return [*found, *(among(column, values) for column, values in columns if column is not None)]


def among(col: sa.ColumnElement[str], values: tuple[str, ...]) -> sa.ColumnElement[bool]:
    """Return whether a column holds one of some values, unknown among them."""
    known = [v for v in values if v != UNKNOWN]
    return sa.or_(col.in_(known), col.is_(None)) if UNKNOWN in values else col.in_(known)


def ignored(table: sa.Table | sa.Subquery | sa.CTE, filters: Filters) -> tuple[str, ...]:
    """Return the chosen dimensions that a table does not know, so that a metric can say aloud what it ignores."""
    return tuple(d for d, _ in filters.values if dimension_column(table, d) is None)
