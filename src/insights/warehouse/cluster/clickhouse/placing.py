"""Where the rows of a version are put: on the one server, or over the machines of a cluster it names.

There tickets, orders and surveys lie by customer, each row on one machine; every other table lies whole on each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from insights.errors import DatabaseCannot
from insights.sql import CLICKHOUSE
from insights.warehouse.cluster.clickhouse.dialect import nullable, quoted, written
from insights.warehouse.cluster.clickhouse.server import Server

BY_CUSTOMER = frozenset({"tickets", "orders", "surveys"})
_SHARD = sa.column("_shard_num", sa.BigInteger())


@dataclass(frozen=True)
class Place:
    """A server, and of its cluster a shard for each machine (none without a cluster)."""

    server: Server
    shards: tuple[int, ...] = ()
    told: str = ""
    """What tells every machine of a database or a table; nothing where this server is all of them."""

    def begin(self, name: str, tables: Sequence[sa.Table]) -> None:
        """Create the empty tables of a version in place of what a broken sending left behind."""
        self.drop(name)
        self.server.run(f"CREATE DATABASE {quoted(name)}{self.told}")
        for table in tables:
            if self._spread(table):
                self.server.run(declared("rows", table, name, rows_of(table), self.told))
                self.server.run(spread(table, name, self.server.cluster, self.told))
            else:
                self.server.run(declared("rows", table, name, table.name, self.told))

    def drop(self, name: str) -> None:
        """Remove a version."""
        self.server.run(f"DROP DATABASE IF EXISTS {quoted(name)}{self.told} SYNC")

    def send(self, name: str, table: sa.Table, parquet: Path) -> None:
        """Put the rows of a Parquet file where a version has those of this table."""
        columns = [c.name for c in table.columns]
        if not self.shards or self._spread(table):
            self.server.send(f"{quoted(name)}.{quoted(table.name)}", columns, parquet)
            return
        for shard in self.shards:
            everywhere = written(self._everywhere(name, table))
            self.server.send(f"FUNCTION {everywhere}", columns, parquet, insert_shard_id=shard)

    def copies(self, name: str, table: sa.Table) -> list[sa.FromClause]:
        """Return all of a version's table, once for each time it lies there whole."""
        columns = [sa.column(c.name, c.type) for c in table.columns]
        if not self.shards or self._spread(table):
            return [sa.table(table.name, *columns, schema=name)]
        there = self._everywhere(name, table).table_valued(*columns, _SHARD, name="there")
        shown = sa.select(*(there.c[c.name] for c in columns))
        return [shown.where(there.c[_SHARD.name] == shard).subquery(table.name) for shard in self.shards]

    def _spread(self, table: sa.Table) -> bool:
        return bool(self.shards) and table.name in BY_CUSTOMER

    def _everywhere(self, name: str, table: sa.Table) -> sa.Function[object]:
        return sa.func.everywhere(
            *(sa.literal(str(said), sa.Text()) for said in (self.server.cluster, name, table.name))
        )


def place(server: Server) -> Place:
    """Return where a server puts its rows; raises DatabaseCannot when its cluster is not one it knows."""
    if not server.cluster:
        return Place(server)
    names = ("cluster", "shard_num", "host_name", "port", "is_local")
    known = sa.table("clusters", *(sa.column(name, sa.BigInteger()) for name in names), schema="system").c
    first = sa.func.min(known.shard_num), sa.func.min(known.is_local)
    machines = sa.select(*first).where(known.cluster == sa.literal(server.cluster, sa.Text()))
    _, found = server.rows(written(machines.group_by(known.host_name, known.port)))
    if not found:
        raise DatabaseCannot("database_no_cluster", host=server.host, cluster=server.cluster)
    alone = all(local for _, local in found)
    told = "" if alone else CLICKHOUSE["on_cluster"].format(quoted(server.cluster))
    return Place(server, tuple(sorted({int(shard) for shard, _ in found})), told)


def declared(kind: str, table: sa.FromClause, database: str, name: str, *more: str) -> str:
    """Return the statement that creates a table with the columns of another."""
    columns = ", ".join(f"{quoted(c.name)} {nullable(c.type)}" for c in table.c)
    return CLICKHOUSE[kind].format(f"{quoted(database)}.{quoted(name)}", columns, *more)


def spread(table: sa.Table, name: str, cluster: str | None, told: str = "") -> str:
    """Return the statement that creates a version's table over its rows on the machines of a cluster."""
    by = f"{quoted('customer_id')}, {quoted(table.info['key'][-1])}"
    where = (written(sa.literal(value, sa.Text())) for value in (cluster, name, rows_of(table)))
    return declared("distributed", table, name, table.name, told, *where, by)


def rows_of(table: sa.Table) -> str:
    """Return the name of the table that holds one machine's rows of a table."""
    return f"{table.name}_rows"
