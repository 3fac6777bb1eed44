"""All tickets in slices that fit into memory: what is derived of a ticket rests on its own rows and on what is small.

So a load of ten times as many tickets takes ten times as long, and no more memory.
"""

import math

import duckdb

from insights.timing.statements import run

_BYTES_A_ROW = 200
"""What all statements over a slice hold at once, measured, for each of its events."""
_A_TICKET = 5
"""A ticket's figures are worked out in one wide row, as large as so many events."""
_BYTES_A_CELL = 50
"""What the engine may hold until the end of an UPDATE for each cell it changes: 15 to 20 measured, and the join."""
_UNITS = {"bytes": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}


def memory(con: duckdb.DuckDBPyConnection) -> int:
    """Return the engine's memory in bytes."""
    number, unit = str(_one(con, "SELECT current_setting('memory_limit')")).split()
    return int(float(number) * _UNITS[unit])


def fitting(con: duckdb.DuckDBPyConnection) -> int:
    """Return how many rows may be looked at once within the engine's memory: events, a ticket counted for several."""
    return max(memory(con) // _BYTES_A_ROW, 1)


def cut(con: duckdb.DuckDBPyConnection, rows_at_once: int) -> int:
    """Put stale tickets into slices of about `rows_at_once` rows, by their place in time; return how many there are.

    An event is a row, a ticket is several.
    """
    tickets = int(_one(con, "SELECT count(*) FROM timing_stale"))
    if not tickets:
        return 0
    rows = tickets * _A_TICKET + int(_one(con, "SELECT sum(events) FROM timing_stale"))
    size = math.ceil(tickets / math.ceil(rows / rows_at_once))
    run(con, "slices", size=size)
    return math.ceil(tickets / size)


def take(con: duckdb.DuckDBPyConnection, number: int | None = None) -> None:
    """Bring the tickets of a slice (None: all there are) and their events to hand."""
    run(con, "numbered_tickets" if number is None else "sliced_tickets", "events", slice=number)


def ranges(
    con: duckdb.DuckDBPyConnection, table: str, columns: int, *, place: str = "rowid", cells_at_once: int | None = None
) -> list[tuple[int, int]]:
    """Return ranges of `place` in a table with so many rows that `columns` of each can be changed in one statement.

    None where the table is empty.
    """
    rows, first, last = con.execute(f"SELECT count(*), min({place}), max({place}) FROM {table}").fetchall()[0]
    if not rows:
        return []
    cells = cells_at_once or max(memory(con) // _BYTES_A_CELL, 1)
    step = max((last + 1 - first) // math.ceil(rows * columns / cells), 1)
    return [(start, start + step - 1) for start in range(first, last + 1, step)]


def _one(con: duckdb.DuckDBPyConnection, query: str) -> int | str:
    found: int | str = con.execute(query).fetchall()[0][0]
    return found
