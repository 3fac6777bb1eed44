"""What every kind of server offers: it answers statements, knows its versions, and has a place for their rows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa

from insights.errors import DatabaseCannot


class Server(Protocol):
    """A server, and the database on it that statements are asked of."""

    host: str
    home: str

    def rows(self, text: str) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        """Return the columns and rows a statement finds; raises DatabaseAway, DatabaseCannot."""

    def blocks(self, text: str) -> Iterator[Sequence[Sequence[Any]]]:
        """Yield the rows a statement finds block by block."""

    def written(self, statement: sa.ClauseElement, database: str | None = None) -> str:
        """Return a statement in this server's words."""


class Versions(Protocol):
    """What a server knows of its versions, each a database of its own."""

    def current(self) -> str:
        """Return the database of the current version; raises WarehouseMissing while nothing was published."""

    def published(self) -> list[str]:
        """Return the databases that were ever current and are there, the current one first."""

    def switch(self, name: str) -> None:
        """Make a version the current one: all of its tables at once."""

    def prepare(self) -> None:
        """Make room for what says which version is current, unless it is there."""


class Place(Protocol):
    """Where the rows of versions are put."""

    def begin(self, name: str, tables: Sequence[sa.Table]) -> None:
        """Create the empty tables of a version in place of what a broken sending left behind."""

    def drop(self, name: str) -> None:
        """Remove a version."""

    def send(self, name: str, table: sa.Table, parquet: Path) -> None:
        """Put the rows of a Parquet file where a version has those of this table."""

    def copies(self, name: str, table: sa.Table) -> list[sa.FromClause]:
        """Return all of a version's table, once for each time it lies there whole."""


@dataclass(frozen=True)
class Engine:
    """One kind of server."""

    server: Callable[[str, str | None], Any]
    versions: Callable[[Any], Versions]
    place: Callable[[Any], Place]


_NEEDED = {
    "clickhousedb": ("clickhouse_connect", "requirements-cluster.txt"),
    "spark": ("adbc_driver_spark", "requirements-spark.txt"),
}
"""By how an address begins: the module that talks to such a server, and the file that lists what it needs."""


def require_driver(address: str) -> None:
    """Raise DatabaseCannot unless the driver is installed, which a company on one machine does not need."""
    module, file = _NEEDED[_kind(address)]
    if find_spec(module) is None:
        raise DatabaseCannot("no_driver", file=file)


def engine(address: str) -> Engine:
    """Return the kind of server an address names; raises DatabaseCannot without its driver."""
    require_driver(address)
    return _spark() if _kind(address) == "spark" else _clickhouse()


def _kind(address: str) -> str:
    return address.partition("://")[0]


def _clickhouse() -> Engine:
    from insights.warehouse.cluster.clickhouse import placing, server, versions

    return Engine(server.Server, versions.Versions, placing.place)


def _spark() -> Engine:
    from insights.warehouse.cluster.spark import placing, server, versions

    return Engine(server.Server, versions.Versions, placing.place)


def name_of(server: Server, version: int, content: str) -> str:
    """Return the database of a version: another content never has the same."""
    return f"{server.home}_{version}_{content}"


def number(server: Server, name: str) -> int:
    """Return the version a database holds."""
    return int(name.removeprefix(f"{server.home}_").split("_")[0])
