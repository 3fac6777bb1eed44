"""The only place that opens the database: one connection to build in, read-only connections to read from."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from insights.errors import InsightsError, NoSpace, WarehouseCorrupt
from insights.scratch import room
from insights.settings import Engine

if TYPE_CHECKING:
    import sqlalchemy as sa

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


def literal(statement: "sa.ClauseElement") -> str:
    """Return SQL text with its values written in, to be read and run by a person."""
    from insights.warehouse.engine.dialect import dialect

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


def open_between(path: Path, new: Path, engine: Engine) -> duckdb.DuckDBPyConnection:
    """Open a published version, whose tables are read by their names, beside a new file named `role`."""
    con = duckdb.connect(config=_read_config(engine) | {"enable_external_access": "true"})
    for place, name, how in ((path, "before", " (READ_ONLY)"), (new, "role", "")):
        quoted = str(place).replace("'", "''")
        con.execute(f"ATTACH '{quoted}' AS {name}{how}")
    con.execute("USE before")
    return con


@contextmanager
def open_copier(path: Path, engine: Engine, name: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a published version read-only as the database `name`, to write files of its tables."""
    with translating(path), duckdb.connect(config=_read_config(engine) | {"enable_external_access": "true"}) as con:
        con.execute("SET GLOBAL TimeZone = 'UTC'")
        quoted = str(path).replace("'", "''")
        con.execute(f"ATTACH '{quoted}' AS {name} (READ_ONLY)")
        yield con


def _read_config(engine: Engine) -> Config:
    return {
        **READ_CONFIG,
        "memory_limit": engine.memory_limit,
        "threads": engine.threads,
        "temp_directory": _spill(),
    }


@cache
def _spill() -> str:
    """Return where reading connections put what memory does not hold; nowhere where nothing can be written."""
    try:
        return str(room() / "spill")
    except OSError:
        return ""


def open_builder(path: Path, engine: Engine) -> duckdb.DuckDBPyConnection:
    """Open a file that is being built; it spills beside itself and keeps memory within the limit."""
    config: Config = {
        "memory_limit": engine.memory_limit,
        "threads": engine.threads,
        "temp_directory": f"{path}.spill",
        "autoload_known_extensions": "false",
        "autoinstall_known_extensions": "false",
        "python_enable_replacements": "false",
    }
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
    another = isinstance(error, duckdb.PermissionException) and "extensions" in problem  # another engine's file
    if another or isinstance(error, corrupt) or "corrupt database file" in problem:
        return WarehouseCorrupt("warehouse_corrupt", file=path.name, directory=str(path.parent))
    return None
