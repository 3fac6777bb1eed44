"""Reading a version from the server: the same statements, written in its words, and the same kinds of values back."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from insights.warehouse.cluster.engines import Server, engine, number
from insights.warehouse.publishing.versions import name_of
from insights.warehouse.reader import Warehouse

if TYPE_CHECKING:
    import pandas as pd


class Remote:
    """The tables of one version on the server."""

    def __init__(self, server: Server, database: str) -> None:
        self._server, self._database = server, database

    def fetch(self, select: sa.ClauseElement) -> list[dict[str, Any]]:
        """Return the rows of a select as dicts; raises DatabaseAway, DatabaseCannot."""
        return list(_named(select, self._server.rows(self.sql(select))[1]))

    def stream(self, select: sa.ClauseElement) -> Iterator[dict[str, Any]]:
        """Yield the rows of a select as dicts, held a block at a time; raises DatabaseAway, DatabaseCannot."""
        for block in self._server.blocks(self.sql(select)):
            yield from _named(select, block)

    def frame(self, select: sa.ClauseElement) -> "pd.DataFrame":
        """Return the rows of a select as a DataFrame."""
        import pandas as pd

        return pd.DataFrame(self.fetch(select), columns=[c.name for c in _shown(select)])

    def sql(self, select: sa.ClauseElement) -> str:
        """Return the SQL a person can paste into the server's own client."""
        return self._server.written(select, self._database)


def _named(select: sa.ClauseElement, rows: Iterable[Sequence[Any]]) -> Iterator[dict[str, Any]]:
    names = [str(c.key) for c in _shown(select)]
    flags = {i for i, c in enumerate(_shown(select)) if isinstance(c.type, sa.Boolean)}
    if flags:  # comparisons come back as 0 and 1
        rows = ([bool(v) if i in flags and v is not None else v for i, v in enumerate(row)] for row in rows)
    return (dict(zip(names, row, strict=True)) for row in rows)


def _shown(select: Any) -> list[Any]:
    return list(select.selected_columns)


class Reader:
    """Opens the server's current version: one a reader has open stays open while newer ones are published."""

    def __init__(self, address: str) -> None:
        self._address, self._engine = address, engine(address)
        self._server = self._engine.server(address, None)
        self._held: Warehouse | None = None
        self._name = ""

    def current(self, directory: Path) -> Warehouse:
        """Return the current version; raises WarehouseMissing, DatabaseAway."""
        name = self._engine.versions(self._server).current()
        version = number(self._server, name)
        path = directory.absolute() / name_of(version)
        if self._held is None or self._held.path != path or self._name != name:
            there = Remote(self._engine.server(self._address, name), name)
            self._held, self._name = Warehouse(path, version, there), name
        return self._held
