"""The versions on the server: a database each, and the table that says which is current."""

from dataclasses import dataclass

import sqlalchemy as sa

from insights.errors import WarehouseMissing
from insights.warehouse.cluster.clickhouse.dialect import quoted, written
from insights.warehouse.cluster.clickhouse.placing import declared
from insights.warehouse.cluster.clickhouse.server import Server

_PUBLISHED = ("place", sa.BigInteger()), ("name", sa.Text())


@dataclass(frozen=True)
class Versions:
    """What a server knows of its versions."""

    server: Server

    def current(self) -> str:
        """Return the database of the current version; raises WarehouseMissing while nothing was published."""
        table = self._table
        _, found = self.server.rows(written(sa.select(table.c.name).order_by(table.c.place.desc()).limit(1)))
        if not found:
            raise WarehouseMissing("database_empty", host=self.server.host)
        return str(found[0][0])

    def published(self) -> list[str]:
        """Return the databases that were ever current and are there, the current one first."""
        table = self._table
        there = sa.table("databases", sa.column("name"), schema="system")
        found = (
            sa.select(table.c.name)
            .where(table.c.name.in_(sa.select(there.c.name)))
            .group_by(table.c.name)
            .order_by(sa.func.max(table.c.place).desc())
        )
        return [str(row[0]) for row in self.server.rows(written(found))[1]]

    def switch(self, name: str) -> None:
        """Make a version the current one: one row, which is seen whole or not at all."""
        table = self._table
        row = sa.select(sa.func.coalesce(sa.func.max(table.c.place), 0) + 1, sa.literal(name, sa.Text()))
        self.server.run(f"INSERT INTO {quoted(self.server.home)}.published {written(row.select_from(table))}")

    def prepare(self) -> None:
        """Create the table that says which version is current, unless it is there."""
        self.server.run(f"CREATE DATABASE IF NOT EXISTS {quoted(self.server.home)}")
        self.server.run(declared("table", self._table, self.server.home, "published", ""))

    @property
    def _table(self) -> sa.TableClause:
        return sa.table("published", *(sa.column(name, type_) for name, type_ in _PUBLISHED), schema=self.server.home)
