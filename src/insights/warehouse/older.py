"""Reading a version that an older CRM Insights built: what its tables do not have yet is unknown."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from insights import schema
from insights.schema import PREPARED
from insights.settings import Engine
from insights.warehouse.ddl import columns_there, quoted
from insights.warehouse.engine import open_copier, open_reader, open_views

_OLDER = "older"


def open_any(path: Path, engine: Engine) -> duckdb.DuckDBPyConnection:
    """Open a published version read-only; one that lacks columns of the schema is read through views that have them."""
    con = open_reader(path, engine)
    there = columns_there(con)
    if all(c.name in there.get(t.name, ()) for t in schema.declared.values() for c in t.columns):
        return con
    con.close()
    return open_views(path, engine, _OLDER, [_view(name, there.get(name, set())) for name in schema.declared])


@contextmanager
def open_to_copy(path: Path, engine: Engine) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a published version read-only to write files of its tables, whichever columns it has."""
    with open_copier(path, engine, _OLDER) as con:
        there = columns_there(con, _OLDER)
        for name in schema.declared:
            con.execute(_view(name, there.get(name, set())))
        con.execute(f"CREATE SCHEMA {PREPARED}")
        for name in columns_there(con, _OLDER, PREPARED):
            con.execute(f"CREATE VIEW {PREPARED}.{name} AS FROM {_OLDER}.{PREPARED}.{name}")
        yield con


def _view(name: str, there: set[str]) -> str:
    table = schema.declared[name]
    cells = (
        quoted(c.name) if c.name in there else f"CAST(NULL AS {c.type}) AS {quoted(c.name)}" for c in table.columns
    )
    source = f"FROM {_OLDER}.{name}" if there else "WHERE false"
    return f"CREATE VIEW {name} AS SELECT {', '.join(cells)} {source}"
