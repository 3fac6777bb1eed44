"""The versions in Spark's catalog: a database each, and the view that says which is current.

A view is replaced whole or not at all, by any catalog, and reading it starts no work on the cluster.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from insights.errors import WarehouseMissing
from insights.sql import SPARK, constants
from insights.warehouse.cluster.spark.dialect import quoted, written
from insights.warehouse.cluster.spark.server import Server

_TOLD = ("place", sa.BigInteger()), ("name", sa.Text())


@dataclass(frozen=True)
class Versions:
    """What a server knows of its versions."""

    server: Server

    def current(self) -> str:
        """Return the database of the current version; raises WarehouseMissing while nothing was published."""
        if not (told := self._told()):
            raise WarehouseMissing("database_empty", host=self.server.host)
        return told[-1]

    def published(self) -> list[str]:
        """Return the databases that were ever current and are there, the current one first."""
        there = {name for (name,) in self.server.rows(SPARK["databases"])[1]}
        return [name for name in dict.fromkeys(reversed(self._told())) if name in there]

    def switch(self, name: str) -> None:
        """Make a version the current one."""
        self._tell([*reversed(self.published()), name])

    def prepare(self) -> None:
        """Create the view that says which version is current, unless it is there."""
        self.server.run(SPARK["database"].format(quoted(self.server.home), ""))
        try:
            self._told()
        except WarehouseMissing:
            self._tell([])

    def _told(self) -> list[str]:
        """Return the databases that were made current, in order."""
        view = sa.table("published", *_columns(), schema=self.server.home)
        return [name for _, name in sorted(map(tuple, self.server.rows(written(sa.select(view)))[1]))]

    def _tell(self, names: list[str]) -> None:
        rows = written(sa.select(constants("told", _columns(), list(enumerate(names)))))
        self.server.run(SPARK["view"].format(f"{quoted(self.server.home)}.published", rows))


def _columns() -> list[sa.ColumnClause[Any]]:
    return [sa.column(name, type_) for name, type_ in _TOLD]
