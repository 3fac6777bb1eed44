"""Answers prepared at load, so that questions about many rows read few; they are made anew by every load."""

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from itertools import groupby
from pathlib import Path

import duckdb
import sqlalchemy as sa

import insights
from insights.filters import Filters
from insights.metrics import Context, moment
from insights.metrics.selects.prepared import SCHEMA, every, rows
from insights.warehouse.ddl import fingerprint
from insights.warehouse.engine.compiling import compiled

FACT = "prepared"
ROWS = "prepared_rows"
MEANING = ("metrics", "dimensions.py", "filters.py", "sql.py")
"""What says how a number is made; where it differs from what it was at load, the rows answer."""


def prepare(con: duckdb.DuckDBPyConnection, facts: Mapping[str, str], least: int) -> dict[str, str]:
    """Make the tables where there are at least so many tickets, and return the fact that says so.

    Where memory does not suffice there are none: then the rows answer, only slower.
    """
    con.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    (tickets,) = con.execute("SELECT count(*) FROM tickets").fetchall()[0]
    if tickets < least:
        return {}
    con.execute(f"CREATE SCHEMA {SCHEMA}")
    try:
        _make(con, moment.context(facts.get, Filters()))
    except duckdb.OutOfMemoryException:
        con.execute(f"DROP SCHEMA {SCHEMA} CASCADE")
        return {}
    finally:
        con.execute(f"DROP TABLE IF EXISTS {ROWS}")
    return {FACT: _definitions()}


def _make(con: duckdb.DuckDBPyConnection, context: Context) -> None:
    """Make the tables of one kind of rows after the other: their joins are done once."""
    for metrics, tables in groupby(every(), lambda of: of.metrics):
        counted = rows(metrics, context)
        text, values = compiled(counted)
        con.execute(f"CREATE OR REPLACE TEMP TABLE {ROWS} AS {text}", values)
        listed = sa.table(ROWS, *(sa.column(c.name) for c in counted.selected_columns))
        for of in tables:
            con.execute(f"CREATE TABLE {SCHEMA}.{of.name} AS {compiled(of.built(listed))[0]}")


def ready(fact: Callable[[str], str | None]) -> frozenset[str]:
    """Return the tables a version has whose numbers mean what they mean today."""
    held = fact(FACT)
    return _names() if held and held == _definitions() else frozenset()


@cache
def _names() -> frozenset[str]:
    return frozenset(of.name for of in every())


@cache
def _definitions() -> str:
    """Return the fingerprint of whatever says how numbers are made."""
    root = Path(insights.__file__).parent
    files = [path for name in MEANING for path in (sorted((root / name).rglob("*.py")) or [root / name])]
    said = hashlib.sha256(fingerprint().encode())
    for path in files:
        said.update(path.read_bytes())
    return said.hexdigest()[:16]
