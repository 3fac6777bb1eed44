"""Everything that is held on one person, table by table, as it is stored."""

from collections.abc import Iterator
from typing import Any

import duckdb

from insights import schema
from insights.warehouse.ddl import columns_there
from insights.warehouse.personal import keys
from insights.warehouse.personal.who import Person

Rows = list[dict[str, Any]]
_MINE = "(SELECT (source, id) FROM reached)"


def held(con: duckdb.DuckDBPyConnection, person: Person) -> dict[str, Rows]:
    """Return the rows of one person by table; tables without any are left out. Follows `who.find` on a connection."""
    there = columns_there(con)
    con.execute(f"""CREATE OR REPLACE TEMP TABLE their_tickets AS SELECT source, ticket_id FROM tickets
                    WHERE {_owned(set(there["tickets"]))}""")
    found = {}
    for table in schema.declared.values():
        if condition := _condition(table, there.get(table.name, set())):
            order = ", ".join(f'"{c}"' for c in table.info["key"])
            cursor = con.execute(f"SELECT * FROM {table.name} WHERE {condition} ORDER BY {order}")
            found[table.name] = _dicts(cursor)
    found["rejects"] = _set_aside(con, person)
    return {name: rows for name, rows in found.items() if rows}


def _owned(columns: set[str]) -> str:
    return " OR ".join(f"(source, {c}) IN {_MINE}" for c in ("customer_id", "customer_id_raw") if c in columns)


def _condition(table: schema.Table, columns: set[str]) -> str:
    ways = [_owned(columns)] if "customer_id" in columns else []
    if "ticket_id" in columns and table.name != "tickets":
        ways.append("(source, ticket_id) IN (SELECT (source, ticket_id) FROM their_tickets)")
    elif "order_id" in columns and not ways:
        ways.append(
            f"(source, order_id) IN (SELECT (source, order_id) FROM orders WHERE (source, customer_id) IN {_MINE})"
        )
    return " OR ".join(ways)


def _set_aside(con: duckdb.DuckDBPyConnection, person: Person) -> Rows:
    any_of = keys.any_of(keys.pattern(kind, key) for kind, key in person.known_by)
    cells = "CASE WHEN json_valid(row) THEN json_extract_string(row, '$.*') ELSE [] END"
    mine = f"coalesce(list_has_any({cells}, (SELECT list(id) FROM reached)), false)"
    words = "regexp_matches(concat_ws(' ', row, value), $any)" if any_of else "false"
    bound = {"any": any_of} if any_of else None
    return _dicts(con.execute(f"SELECT * FROM rejects WHERE {mine} OR {words} ORDER BY load_id, line", bound))


def _dicts(cursor: duckdb.DuckDBPyConnection) -> Rows:
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def shown(rows: Rows) -> Iterator[dict[str, Any]]:
    """Yield rows as a person is told of them: what is known, without bookkeeping."""
    beside = ("load_id", "derived_hash")
    for row in rows:
        yield {k: v for k, v in row.items() if v is not None and not k.startswith("row_") and k not in beside}
