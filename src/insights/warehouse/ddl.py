"""The tables of schema.py in the database: creating them with their comments, and adding columns to an older file."""

import hashlib
import json
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import duckdb

from insights import dimensions, schema
from insights.kept import kept


def quoted(name: str) -> str:
    """Return an identifier in quotes."""
    return '"' + name.replace('"', '""') + '"'


def fingerprint() -> str:
    """Return what changes whenever a table, column or type of the schema does."""
    shape = {t.name: {c.name: c.type for c in t.columns} for t in schema.declared.values()}
    return hashlib.sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()[:16]


def create_missing(con: duckdb.DuckDBPyConnection) -> None:
    """Create missing tables with comments and add missing columns; what is there stays as it is.

    In one go and one transaction: each of some six hundred comments alone would take as long as all of them together.
    """
    there = columns_there(con)
    wanted = [s for t in schema.declared.values() for s in _statements(t, there.get(t.name))]
    if wanted:
        con.execute(";".join(("BEGIN", *wanted, "COMMIT")))


def lay_out(path: Path) -> None:
    """Write a warehouse file with all tables and no rows: to create them takes longer than to load a few rows."""
    path.write_bytes(_empty())


@cache
def _empty() -> bytes:
    here = Path(__file__)
    ours = (
        here,
        Path(dimensions.__file__),
        *Path(schema.__file__).parent.glob("*.py"),
    )
    return kept(here.parent, f"empty-{duckdb.__version__}", ours, _created)


def _created() -> bytes:
    with tempfile.TemporaryDirectory(prefix="insights-") as folder:
        file = Path(folder) / "empty.duckdb"
        with duckdb.connect(str(file)) as con:
            create_missing(con)
            con.execute("CHECKPOINT")
        return file.read_bytes()


def _statements(table: schema.Table, there: set[str] | None) -> Iterator[str]:
    """Yield what brings one table up to the schema; `there` are the columns it has, None while it is not there."""
    missing = [c for c in table.columns if c.name not in (there or ())]
    if there is None:
        listed = ", ".join(f"{quoted(c.name)} {c.type}" for c in table.columns)
        yield f"CREATE TABLE {quoted(table.name)} ({listed})"
        yield f"COMMENT ON TABLE {quoted(table.name)} IS {_text(table.comment)}"
    else:
        yield from (f"ALTER TABLE {quoted(table.name)} ADD COLUMN {quoted(c.name)} {c.type}" for c in missing)
    for column in missing:
        yield f"COMMENT ON COLUMN {quoted(table.name)}.{quoted(column.name)} IS {_text(column.comment)}"


def _text(comment: str | None) -> str:
    return "'" + (comment or "").replace("'", "''") + "'"


def drop_all(con: duckdb.DuckDBPyConnection) -> None:
    """Remove every table."""
    for name in columns_there(con):
        con.execute(f"DROP TABLE {quoted(name)}")


def columns_there(
    con: duckdb.DuckDBPyConnection, database: str | None = None, within: str = "main"
) -> dict[str, set[str]]:
    """Return the columns of every table of the file, or of another that is attached, in one of its schemas."""
    found: dict[str, set[str]] = {}
    listed = con.execute(
        "SELECT table_name, column_name FROM duckdb_columns() "
        "WHERE NOT internal AND database_name = coalesce(?, current_database()) AND schema_name = ?",
        [database, within],
    )
    for table, column in listed.fetchall():
        found.setdefault(table, set()).add(column)
    return found
