"""Signs in the cells that something went wrong before the export: broken letters, hidden marks, ids with a point."""

from typing import Any

import duckdb

from insights import schema
from insights.sources.clues.mojibake import PATTERN, mended
from insights.sources.folding import sql_text
from insights.sources.notices import Notice

_HIDDEN = r"[\x{200E}\x{200F}\x{202A}-\x{202E}\x{2066}-\x{2069}]"
_FLOAT = r"^\d+\.0+$"
_FEW = 5
AROUND, SHOWN = 20, 60
"""Letters before the first broken one, and all that are shown of a cell."""


def found(
    con: duckdb.DuckDBPyConnection, table: str, headers: tuple[str, ...], uses: dict[int, list[str]]
) -> list[Notice]:
    """Return what the first rows show, a notice for each column."""
    ids = [i for i, columns in uses.items() if any(schema.is_id(c) for c in columns)]
    every = range(len(headers))
    return [
        *(n for i in _with(con, table, PATTERN, every) if (n := _mojibake(con, table, headers[i], i))),
        *(Notice("bidi", headers[i]) for i in _with(con, table, _HIDDEN, every)),
        *(Notice("float_ids", headers[i]) for i in _with(con, table, _FLOAT, ids)),
    ]


def _with(con: duckdb.DuckDBPyConnection, table: str, pattern: str, places: range | list[int]) -> list[int]:
    """Return the places of the columns with a cell of this form."""
    if not places:
        return []
    asked = ", ".join(f"bool_or(regexp_matches(c{i}, {sql_text(pattern)}))" for i in places)
    row = con.execute(f"SELECT {asked} FROM {table}").fetchall()[0]
    return [i for i, there in zip(places, row, strict=True) if there]


def _mojibake(con: duckdb.DuckDBPyConnection, table: str, header: str, place: int) -> Notice | None:
    cells = con.execute(
        f"SELECT DISTINCT c{place} FROM {table} WHERE regexp_matches(c{place}, {sql_text(PATTERN)}) LIMIT {_FEW}"
    ).fetchall()
    better = next(((c, m) for (c,) in cells if (m := mended(c)) != c), None)
    return Notice("mojibake", header, _beside(*better)) if better else None


def _beside(found: str, meant: str) -> dict[str, Any]:
    """Return both texts from a little before where they begin to differ: the beginning alone may look the same."""
    same = next((i for i, (a, b) in enumerate(zip(found, meant, strict=False)) if a != b), 0)
    begin = max(0, same - AROUND)
    return {"found": found[begin:][:SHOWN], "meant": meant[begin:][:SHOWN]}
