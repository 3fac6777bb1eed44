"""Answers prepared at load, so that questions about many rows read few; they are made anew by every load."""

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

import insights
from insights.schema import PREPARED
from insights.warehouse.ddl import fingerprint

if TYPE_CHECKING:
    import sqlalchemy as sa

FACT, LEFT_OUT = "prepared", "prepared_left_out"
MEANING = ("metrics", "dimensions.py", "filters.py", "sql.py")
"""What says how a number is made; where it differs from what it was at load, the rows answer."""


def prepare(con: duckdb.DuckDBPyConnection, facts: Mapping[str, str], least: int) -> dict[str, str]:
    """Make the tables where there are at least so many tickets, and return the fact that says so.

    What memory does not suffice for is left out: there the rows answer, only slower.
    """
    con.execute(f"DROP SCHEMA IF EXISTS {PREPARED} CASCADE")
    (tickets,) = con.execute("SELECT count(*) FROM tickets").fetchall()[0]
    if tickets < least:
        return {}
    con.execute(f"CREATE SCHEMA {PREPARED}")
    from insights.warehouse.preparing.making import ROWS, make  # hardly any warehouse has so many

    try:
        made = make(con, facts)
    finally:
        con.execute(f"DROP TABLE IF EXISTS {ROWS}")
    return {FACT: _definitions(), LEFT_OUT: ",".join(sorted(_names() - made))}


def ready(fact: Callable[[str], str | None]) -> frozenset[str]:
    """Return the tables a version has whose numbers mean what they mean today."""
    held = fact(FACT)
    left_out = (fact(LEFT_OUT) or "").split(",")
    return _names().difference(left_out) if held and held == _definitions() else frozenset()


def tables(fact: Callable[[str], str | None]) -> "list[sa.Table]":
    """Return the same as they are read."""
    from insights.metrics.selects.prepared import every

    held = ready(fact)
    return [of.table for of in every() if of.name in held]


@cache
def _names() -> frozenset[str]:
    from insights.metrics.selects.prepared import every

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
