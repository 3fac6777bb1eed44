"""The tables of schema.py in the database: creating them with their comments, and adding columns to an older file."""

import hashlib
import json

import duckdb
import sqlalchemy as sa
from sqlalchemy.schema import CreateTable, SetColumnComment, SetTableComment

from insights import schema
from insights.warehouse.engine import compiled
from insights.warehouse.engine.dialect import dialect


def type_of(column: sa.Column[object]) -> str:
    """Return a column's type as the engine writes it."""
    return column.type.compile(dialect=dialect())


def quoted(name: str) -> str:
    """Return an identifier in quotes."""
    return '"' + name.replace('"', '""') + '"'


def fingerprint() -> str:
    """Return what changes whenever a table, column or type of the schema does."""
    shape = {t.name: {c.name: type_of(c) for c in t.columns} for t in schema.metadata.tables.values()}
    return hashlib.sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()[:16]


def create_missing(con: duckdb.DuckDBPyConnection) -> None:
    """Create missing tables with comments and add missing columns; what is there stays as it is."""
    there = columns_there(con)
    for table in schema.metadata.tables.values():
        if table.name not in there:
            con.execute(str(CreateTable(table).compile(dialect=dialect())))
            _comment(con, table, list(table.columns))
            con.execute(compiled(SetTableComment(table))[0])
            continue
        missing = [c for c in table.columns if c.name not in there[table.name]]
        for column in missing:
            con.execute(f'ALTER TABLE {table.name} ADD COLUMN "{column.name}" {type_of(column)}')
        _comment(con, table, missing)


def drop_all(con: duckdb.DuckDBPyConnection) -> None:
    """Remove every table."""
    for name in columns_there(con):
        con.execute(f"DROP TABLE {quoted(name)}")


def columns_there(con: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    """Return the columns of every table of the file."""
    found: dict[str, set[str]] = {}
    listed = con.execute(
        "SELECT table_name, column_name FROM duckdb_columns() "
        "WHERE NOT internal AND database_name = current_database() AND schema_name = 'main'"
    )
    for table, column in listed.fetchall():
        found.setdefault(table, set()).add(column)
    return found


def _comment(con: duckdb.DuckDBPyConnection, table: sa.Table, columns: list[sa.Column[object]]) -> None:
    for column in columns:
        if column.comment:
            con.execute(compiled(SetColumnComment(column))[0])
