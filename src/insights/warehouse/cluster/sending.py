"""Sending a version to the server: typed Parquet table by table, checked there, then switched to as a whole."""

import tempfile
from pathlib import Path
from typing import Any

import duckdb
import sqlalchemy as sa

from insights import schema, sql
from insights.errors import DatabaseCannot
from insights.settings import Settings
from insights.warehouse import facts
from insights.warehouse.cluster import engines
from insights.warehouse.cluster.engines import Place, Server, Versions
from insights.warehouse.engine.compiling import compiled
from insights.warehouse.failpoints import failpoint
from insights.warehouse.older import open_to_copy
from insights.warehouse.preparing import tables as prepared_tables
from insights.warehouse.publishing import sums
from insights.warehouse.publishing.versions import name_of, number, published, require_current


def send(settings: Settings, address: str) -> int:
    """Make the version this machine serves the server's current one and return its number.

    One that is there already is only switched to. Readers see nothing of it before all of it is there and checked. The
    server keeps the versions this machine keeps, so that undo has one to go back to, and nothing that was erased.
    """
    path, engine = require_current(settings.warehouse), engines.engine(address)
    server = engine.server(address, None)
    there, versions = engine.place(server), engine.versions(server)
    versions.prepare()
    name, held = _name(server, path), versions.published()
    if name not in held:
        _send(path, there, server, settings)
    failpoint("sent")
    if held[:1] != [name]:
        versions.switch(name)
    _let_go(path, there, server, versions)
    return number(path)


def _name(server: Server, path: Path) -> str:
    return engines.name_of(server, number(path), sums.written(path.parent).get(path.name) or sums.of(path))


def _let_go(path: Path, there: Place, server: Server, versions: Versions) -> None:
    """Drop the versions this machine no longer keeps."""
    kept = {_name(server, path.with_name(name_of(v))) for v in published(path.parent)}
    undone = {int(aside.stem.removeprefix("undone-")) for aside in path.parent.glob("undone-*.duckdb")}
    for old in set(versions.published()) - kept:
        if engines.number(server, old) not in undone:
            there.drop(old)


def _send(path: Path, there: Place, server: Server, settings: Settings) -> None:
    name = _name(server, path)
    beside = tempfile.TemporaryDirectory(dir=path.parent, prefix="send-")
    with open_to_copy(path, settings.engine) as con, beside as room:
        tables: list[sa.Table] = [*schema.metadata.tables.values(), *prepared_tables(facts.read(con).get)]
        there.begin(name, tables)
        for table in tables:
            file = Path(room) / f"{table.name}.parquet"
            wanted = _written_out(con, table, file)
            if wanted["n"]:
                there.send(name, table, file)
            file.unlink(missing_ok=True)
            if any(_found(server, copy) != wanted for copy in there.copies(name, table)):
                raise DatabaseCannot("database_differs", host=server.host, table=table.name)


def _written_out(con: duckdb.DuckDBPyConnection, table: sa.Table, file: Path) -> dict[str, Any]:
    """Write a table as Parquet and return what is to be found of it at the other end."""
    columns = sa.select(*(sa.cast(c, c.type).label(c.name) for c in table.columns))
    con.execute(f"COPY ({compiled(columns)[0]}) TO '{file}' (FORMAT parquet)")
    text, values = compiled(_sum(table))
    found = con.execute(text, values)
    return dict(zip((column[0] for column in found.description or ()), found.fetchall()[0], strict=True))


def _found(server: Server, copy: sa.FromClause) -> dict[str, Any]:
    columns, rows = server.rows(server.written(_sum(copy)))
    return dict(zip(columns, rows[0], strict=True))


def _sum(of: sa.FromClause) -> sa.Select[Any]:
    """Return the SELECT of what two copies of a table must have in common: rows, and of each column known cells,
    weight and extremes.
    """
    found: list[sa.ColumnElement[Any]] = [sa.func.count().label("n")]
    for c in of.c:
        parts = {"known": sa.func.count(c), "weight": sql.weight(c), "least": sa.func.min(c), "most": sa.func.max(c)}
        found += [part.label(f"{c.name}_{name}") for name, part in parts.items()]
    return sa.select(*found).select_from(of)
