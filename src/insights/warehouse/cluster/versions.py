"""The versions on the server: a database each, and the table that says which is current."""

import sqlalchemy as sa

from insights.errors import WarehouseMissing
from insights.warehouse.cluster.dialect import quoted, written
from insights.warehouse.cluster.placing import declared
from insights.warehouse.cluster.server import Server

_PUBLISHED = ("place", sa.BigInteger()), ("name", sa.Text())


def name_of(server: Server, version: int, content: str) -> str:
    """Return the database of a version: another content never has the same."""
    return f"{server.home}_{version}_{content}"


def number(server: Server, name: str) -> int:
    """Return the version a database holds."""
    return int(name.removeprefix(f"{server.home}_").split("_")[0])


def current(server: Server) -> str:
    """Return the database of the current version; raises WarehouseMissing while nothing was published."""
    table = _published(server)
    _, found = server.rows(written(sa.select(table.c.name).order_by(table.c.place.desc()).limit(1)))
    if not found:
        raise WarehouseMissing("database_empty", host=server.host)
    return str(found[0][0])


def published(server: Server) -> list[str]:
    """Return the databases that were ever current and are there, the current one first."""
    table = _published(server)
    there = sa.table("databases", sa.column("name"), schema="system")
    found = (
        sa.select(table.c.name)
        .where(table.c.name.in_(sa.select(there.c.name)))
        .group_by(table.c.name)
        .order_by(sa.func.max(table.c.place).desc())
    )
    return [str(row[0]) for row in server.rows(written(found))[1]]


def switch(server: Server, name: str) -> None:
    """Make a version the current one: one row, which is seen whole or not at all."""
    table = _published(server)
    row = sa.select(sa.func.coalesce(sa.func.max(table.c.place), 0) + 1, sa.literal(name, sa.Text()))
    server.run(f"INSERT INTO {quoted(server.home)}.published {written(row.select_from(table))}")


def prepare(server: Server) -> None:
    """Create the table that says which version is current, unless it is there."""
    server.run(f"CREATE DATABASE IF NOT EXISTS {quoted(server.home)}")
    server.run(declared("table", _published(server), server.home, "published", ""))


def _published(server: Server) -> sa.TableClause:
    return sa.table("published", *(sa.column(name, type_) for name, type_ in _PUBLISHED), schema=server.home)
