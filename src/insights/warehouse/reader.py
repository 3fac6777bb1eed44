"""Reading a version, wherever its tables are; those of this machine: one connection a version, one cursor a query."""

import datetime as dt
import threading
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import duckdb
import sqlalchemy as sa

from insights import schema
from insights.errors import DatabaseCannot, InsightsError
from insights.settings import Engine
from insights.warehouse.engine import literal, translating
from insights.warehouse.engine.compiling import compiled, parsed
from insights.warehouse.engine.moments import Moment, Moments
from insights.warehouse.older import open_any
from insights.warehouse.publishing import versions
from insights.warehouse.remembered import Remembered

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
_RETRIES = 3
_AT_ONCE = 5_000
"""Rows held at a time where all of them go into a file."""


class Source(Protocol):
    """Where the tables of a version are, and how they are asked."""

    def fetch(self, select: sa.ClauseElement) -> list[dict[str, Any]]:
        """Return the rows of a select as dicts."""

    def stream(self, select: sa.ClauseElement) -> Iterator[dict[str, Any]]:
        """Yield the rows of a select as dicts, held a few thousand at a time."""

    def frame(self, select: sa.ClauseElement) -> "pd.DataFrame":
        """Return the rows of a select as a DataFrame."""

    def sql(self, select: sa.ClauseElement) -> str:
        """Return the SQL a person can paste."""


@dataclass(frozen=True)
class Local:
    """The tables in a version's own file."""

    path: Path
    _con: duckdb.DuckDBPyConnection = field(repr=False, compare=False)

    def fetch(self, select: sa.ClauseElement) -> list[dict[str, Any]]:
        """Return the rows of a select as dicts."""
        return self._run(select, _dicts)

    def stream(self, select: sa.ClauseElement) -> Iterator[dict[str, Any]]:
        """Yield the rows of a select as dicts, held a few thousand at a time."""
        text, values = compiled(select)
        with translating(self.path), self._con.cursor() as cursor:
            cursor.execute(text, values)
            names = [column[0] for column in cursor.description or ()]
            while rows := cursor.fetchmany(_AT_ONCE):
                yield from (dict(zip(names, row, strict=True)) for row in rows)

    def frame(self, select: sa.ClauseElement) -> "pd.DataFrame":
        """Return the rows of a select as a DataFrame, through the driver's columnar path."""
        return self._run(select, lambda cursor: cursor.df())

    def sql(self, select: sa.ClauseElement) -> str:
        """Return the SQL a person can paste into duckdb."""
        return literal(select)

    @cached_property
    def moments(self) -> Moments:
        """Return the past moments asked about most lately."""
        return Moments(self.path, self._con)

    def _run(self, select: sa.ClauseElement, take: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
        text, values = compiled(select)
        with translating(self.path), self._con.cursor() as cursor:
            cursor.execute(parsed(cursor, text), values)
            return take(cursor)


@dataclass(frozen=True)
class Warehouse:
    """One published version, open for reading; it stays readable while newer ones are published."""

    path: Path
    """Its file on this machine; one that is read elsewhere may have none here."""
    version: int
    source: Source = field(repr=False, compare=False)
    instead_since: dt.datetime | None = field(default=None, compare=False)
    """Since when it is read here because the database it should be read from does not answer; UTC."""
    remembered: Remembered = field(default_factory=Remembered, repr=False, compare=False)
    """Answers made of this version: they hold as long as it does, for it never changes."""

    @property
    def here(self) -> bool:
        """Tell whether its own file answers, which can be asked several things at once."""
        return isinstance(self.source, Local)

    def moment(self, key: Hashable) -> Moment | None:
        """Return a past moment whose tables can be put aside; None where none are."""
        return self.source.moments.of(key) if isinstance(self.source, Local) else None

    def whole(self, of: sa.Table) -> list[dict[str, Any]]:
        """Return all rows of a small table, read once."""
        return self.remembered.answer(of.name, lambda: self.fetch(sa.select(of)))

    def holds(self, of: sa.Table) -> bool:
        """Tell whether there is any row in a table."""
        some = sa.select(sa.literal(1).label("some")).select_from(of).limit(1)
        return self.remembered.answer((of.name, "holds"), lambda: bool(self.fetch(some)))

    def fetch(self, select: sa.ClauseElement) -> list[dict[str, Any]]:
        """Return the rows of a select as dicts."""
        return self.source.fetch(select)

    def stream(self, select: sa.ClauseElement) -> Iterator[dict[str, Any]]:
        """Yield the rows of a select as dicts, held a few thousand at a time: for files of every row."""
        return self.source.stream(select)

    def frame(self, select: sa.ClauseElement) -> "pd.DataFrame":
        """Return the rows of a select as a DataFrame."""
        return self.source.frame(select)

    def sql(self, select: sa.ClauseElement) -> str:
        """Return the SQL a person can paste into the database that is read."""
        return self.source.sql(select)

    @property
    def file(self) -> Path:
        """Return its file on this machine, for what only the file can answer; raises DatabaseCannot."""
        if not isinstance(self.source, Local) and not self.path.exists():
            raise DatabaseCannot("database_needs_file", version=self.version)
        return self.path

    def fact(self, name: str) -> str | None:
        """Return what the version says of itself: as_of, time_zone, duckdb, schema, settings, sample."""
        return self._facts.get(name)

    @property
    def as_of(self) -> dt.datetime:
        """Return the moment the data speaks of, naive UTC."""
        return dt.datetime.fromisoformat(self._facts["as_of"])

    @cached_property
    def _facts(self) -> dict[str, str]:
        return {row["name"]: row["value"] for row in self.whole(schema.facts)}


_lock = threading.Lock()
_open: dict[Path, Warehouse] = {}


def open_current(directory: Path, engine: Engine | None = None) -> Warehouse:
    """Return the current version, moving on when a load published another; raises WarehouseMissing, WarehouseCorrupt.

    Cheap: it reads the small pointer file. An older version is closed when its last user lets go of it.
    """
    directory = directory.absolute()
    for attempt in range(_RETRIES):
        path = versions.require_current(directory)
        held = _open.get(directory)
        if held and held.path == path:
            return held
        try:
            with _lock:
                if (held := _open.get(directory)) is None or held.path != path:
                    held = _local(path, engine or Engine())
                    _open[directory] = held
                return held
        except InsightsError:  # removed by a load between reading the pointer and opening it: look again
            if attempt == _RETRIES - 1 or path.exists():
                raise
    raise AssertionError("unreachable")


def _local(path: Path, engine: Engine) -> Warehouse:
    return Warehouse(path, versions.number(path), Local(path, open_any(path, engine)))


def close(directory: Path) -> None:
    """Let go of a directory's version: for tests and for a process about to remove the directory."""
    with _lock:
        _open.pop(directory.absolute(), None)


def _dicts(cursor: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
