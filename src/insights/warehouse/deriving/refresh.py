"""Setting derived columns of rows where they differ from what they should be, so many at once as fit into memory."""

from collections.abc import Mapping

import duckdb

from insights import schema
from insights.timing import slices
from insights.warehouse.ddl import quoted


def refresh(
    con: duckdb.DuckDBPyConnection,
    table: str,
    cells: Mapping[str, str],
    joins: str,
    *,
    cells_at_once: int | None = None,
) -> None:
    """Set columns of the rows of `table` (alias t) to `cells`, `cells_at_once` in one go (None: as many as fit)."""
    if not con.execute(f"SELECT EXISTS (FROM {table})").fetchall()[0][0]:
        return  # to plan for no rows at all takes as long as for thousands
    keys = [quoted(key) for key in schema.declared[table].info["key"]]
    before, after = (", ".join(f"{of}{quoted(name)}" for name in cells) for of in ("t.", ""))
    wanted = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in cells.items())
    named = ", ".join(f"t.{key} AS key_{i}" for i, key in enumerate(keys))
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE refreshed AS
        SELECT * EXCLUDE (before)
        FROM (SELECT t.rowid AS row_place, {named}, row({before}) AS before, {wanted} FROM {table} t {joins})
        WHERE before IS DISTINCT FROM row({after})""")
    into = ", ".join(f"{quoted(name)} = fresh.{quoted(name)}" for name in cells)
    parts = slices.ranges(con, "refreshed", len(cells), place="row_place", cells_at_once=cells_at_once)
    # What is written of one part may move the rows of the next: they are found again by their id.
    found = (
        [f"{table}.{key} = fresh.key_{i}" for i, key in enumerate(keys)]
        if len(parts) > 1
        else [f"{table}.rowid = fresh.row_place"]
    )
    for first, last in parts:
        part = f"(FROM refreshed WHERE row_place BETWEEN {first} AND {last})"
        con.execute(f"UPDATE {table} SET {into} FROM {part} AS fresh WHERE {' AND '.join(found)}")
    con.execute("DROP TABLE refreshed")
