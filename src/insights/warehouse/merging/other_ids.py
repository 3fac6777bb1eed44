"""Exports that name a ticket by another id than its own: the list says the number, the log the internal id."""

import duckdb

from insights.sources import StagedFile
from insights.warehouse.ddl import quoted

_NAMED = ("ticket_events", "surveys")
"""Tables whose rows say which ticket they are of."""


def translate(con: duckdb.DuckDBPyConnection, file: StagedFile) -> None:
    """Name the ticket of a file's rows by its own id, where the tickets are loaded already."""
    for table in _NAMED:
        if (staged := file.tables.get(table)) is not None and _says_ticket(con, staged):
            _rename(con, staged, "?", [file.source])


def _says_ticket(con: duckdb.DuckDBPyConnection, staged: str) -> bool:
    """Tell whether the rows name a ticket: answers of a form are about none."""
    described = con.execute(f"DESCRIBE {quoted(staged)}").fetchall()
    return any(row[0] == "ticket_id" for row in described)


def settle(con: duckdb.DuckDBPyConnection) -> None:
    """Do the same for rows that came before their tickets."""
    con.execute("""
        DELETE FROM ticket_events AS event USING tickets AS own, ticket_events AS there
        WHERE own.source = event.source AND own.other_id = event.ticket_id AND own.ticket_id <> event.ticket_id
            AND there.source = event.source AND there.ticket_id = own.ticket_id AND there.seq = event.seq""")
    for table in _NAMED:
        _rename(con, table, f"{table}.source", [])


def _rename(con: duckdb.DuckDBPyConnection, table: str, source: str, bound: list[str]) -> None:
    named = f"{quoted(table)}.ticket_id"
    con.execute(
        f"""
        UPDATE {quoted(table)} SET ticket_id = own.ticket_id
        FROM (SELECT source, other_id, min(ticket_id) AS ticket_id FROM tickets WHERE other_id IS NOT NULL
              GROUP BY source, other_id) AS own
        WHERE own.source = {source} AND own.other_id = {named} AND own.ticket_id <> {named}
            AND (own.source, {named}) NOT IN (SELECT (source, ticket_id) FROM tickets)""",
        bound,
    )
