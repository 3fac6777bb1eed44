"""The tables of the schema in an open database, without the comments: these take three times as long as all else."""

from functools import cache

import duckdb
from sqlalchemy.schema import CreateTable

from insights import schema
from insights.warehouse.engine.dialect import dialect


@cache
def _statements() -> str:
    tables = (CreateTable(table, if_not_exists=True) for table in schema.metadata.tables.values())
    return ";".join(("BEGIN", *(str(table.compile(dialect=dialect())) for table in tables), "COMMIT"))


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Create every table that is not there, empty."""
    con.execute(_statements())
