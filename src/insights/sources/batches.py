"""Batches of cells on their way into a table, column by column."""

from collections.abc import Callable, Mapping, Sequence

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from insights.sources.folding import sql_name


def whole(cells: Sequence[int | None]) -> pa.Array:
    """Return a column of whole numbers."""
    return pa.array(cells, pa.int64())


def text(cells: Sequence[str | None]) -> pa.Array:
    """Return a column of text."""
    return pa.array(cells, pa.string())


def composed(cells: Sequence[str | None], mend: Callable[[str], str] | None) -> tuple[pa.Array, bool]:
    """Return cells with every accent joined to its letter, so that what looks alike is alike; and whether any was not."""
    column = text(cells)
    if pc.all(pc.string_is_ascii(column)).as_py() is not False:
        return column, False
    if mend:
        column = text([c and mend(c) for c in cells])
    joined = pc.utf8_normalize(column, form="NFC")
    return joined, bool(pc.any(pc.not_equal(column, joined)).as_py())


def insert(con: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, pa.Array]) -> None:
    """Add rows to a table by the names of its columns."""
    con.register("_batch", pa.table(dict(columns)))
    con.execute(f"INSERT INTO {sql_name(table)} BY NAME SELECT * FROM _batch")
    con.unregister("_batch")
