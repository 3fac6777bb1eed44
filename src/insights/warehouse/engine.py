"""The only place that opens the database: one connection to build in, read-only connections to read from."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import sqlalchemy as sa
from duckdb_sqlalchemy import Dialect

from insights.errors import InsightsError, NoSpace, WarehouseCorrupt
from insights.settings import Engine

Config = dict[str, str | bool | int | float | list[str]]
READ_CONFIG: Config = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",
}
_FULL = ("no space left", "file too large", "disk quota", "max_temp_directory_size", "could not write")


class _Moment(sa.DateTime):
    def literal_processor(self, dialect: sa.Dialect) -> Callable[[Any], str]:
        return lambda value: f"TIMESTAMP '{value.isoformat(sep=' ')}'"


class _Day(sa.Date):
    def literal_processor(self, dialect: sa.Dialect) -> Callable[[Any], str]:
        return lambda value: f"DATE '{value.isoformat()}'"


class _Written(Dialect):
    """DuckDB's dialect with times written as times: as bare text they would not run everywhere in a statement."""

    supports_statement_cache = True
    colspecs = {**Dialect.colspecs, sa.DateTime: _Moment, sa.Date: _Day}


@cache
def dialect() -> sa.Dialect:
    """Return the dialect every statement is compiled with; a bound value used twice keeps one number."""
    made: sa.Dialect = _Written(paramstyle="numeric_dollar")
    return made


def compiled(statement: sa.ClauseElement) -> tuple[str, list[Any]]:
    """Return SQL text and its bound values in order."""
    done = statement.compile(dialect=dialect(), compile_kwargs={"render_postcompile": True})
    names = getattr(done, "positiontup", None) or []
    return str(done), [done.params[name] for name in names]


def literal(statement: sa.ClauseElement) -> str:
    """Return SQL text with its values written in, to be read and run by a person."""
    return str(statement.compile(dialect=dialect(), compile_kwargs={"literal_binds": True}))


def open_reader(path: Path, engine: Engine) -> duckdb.DuckDBPyConnection:
    """Open a published version read-only; raises WarehouseCorrupt when it cannot be read."""
    with translating(path):
        con = duckdb.connect(str(path), read_only=True, config=_read_config(engine))
        con.execute("SET GLOBAL TimeZone = 'UTC'")
        return con


def open_views(path: Path, engine: Engine, name: str, views: Sequence[str]) -> duckdb.DuckDBPyConnection:
    """Open a published version read-only as the database `name` below `views`; raises WarehouseCorrupt."""
    with translating(path):
        con = duckdb.connect(config=_read_config(engine) | {"enable_external_access": "true"})
        con.execute("SET GLOBAL TimeZone = 'UTC'")
        place = str(path).replace("'", "''")
        con.execute(f"ATTACH '{place}' AS {name} (READ_ONLY)")
        con.execute("SET enable_external_access = false")
        for view in views:
            con.execute(view)
        return con


def _read_config(engine: Engine) -> Config:
    spill = Path(tempfile.gettempdir()) / "insights-spill"
    return {
        **READ_CONFIG, "memory_limit": engine.memory_limit, "threads": engine.threads, "temp_directory": str(spill),
    }  # fmt: skip


def open_builder(path: Path, engine: Engine) -> duckdb.DuckDBPyConnection:
    """Open a file that is being built; it spills beside itself and keeps memory within the limit."""
    config: Config = {
        "memory_limit": engine.memory_limit, "threads": engine.threads, "temp_directory": f"{path}.spill",
        "autoload_known_extensions": "false", "autoinstall_known_extensions": "false",
        "python_enable_replacements": "false",
    }  # fmt: skip
    con = duckdb.connect(str(path), config=config)
    con.execute("SET GLOBAL TimeZone = 'UTC'")
    return con


@contextmanager
def translating(path: Path) -> Iterator[None]:
    """Turn the engine's failures into ours: a full disk, too little memory, a version that cannot be read."""
    try:
        yield
    except duckdb.Error as error:
        if (refusal := translated(error, path)) is None:
            raise
        raise refusal from error


def translated(error: duckdb.Error, path: Path) -> InsightsError | None:
    """Return our error for one of the engine's about the file `path`, or None for a programming error."""
    problem = str(error).casefold()
    if any(word in problem for word in _FULL):
        return NoSpace("disk_full", directory=str(path.parent))
    if isinstance(error, duckdb.OutOfMemoryException):
        return NoSpace("memory_short", directory=str(path.parent))
    corrupt = (duckdb.IOException, duckdb.SerializationException, duckdb.FatalException, duckdb.InternalException)
    if isinstance(error, corrupt) or "corrupt database file" in problem:
        return WarehouseCorrupt("warehouse_corrupt", file=path.name, directory=str(path.parent))
    return None
