"""Ticket events out of a log that repeats the whole ticket at every change: what differs from the row before is an event."""

import duckdb

from insights.sources.profile import TableSpec

_FIELDS = {"status": "status", "priority": "priority", "team": "team", "agent_id": "agent"}


def changes(
    con: duckdb.DuckDBPyConnection, name: str, wide: str, columns: dict[str, dict[str, str]], good: str, spec: TableSpec, line: str
) -> str:
    """Create temp table `name`: one event per changed column between consecutive rows of a ticket, in time order.

    The first row gives the state the ticket was opened in, dated when it was opened.
    """
    ticket, event = columns["tickets"], columns["ticket_events"]
    kept = ", ".join(f"{ticket[c]} AS {c}" for c in spec.changes if c in ticket)
    actor = f"{event['actor_id']}" if "actor_id" in event else "NULL::VARCHAR"
    order = event.get("seq", "0")
    rows = (
        f"""SELECT {event['ticket_id']} AS ticket_id, {event['at']} AS "at", {ticket['created_at']} AS created_at, {actor} AS actor_id, """
        f"{order} AS _order, {line} AS _line, {kept} FROM {wide} WHERE {good} AND {event['at']} IS NOT NULL"
    )
    parts = []
    for number, column in enumerate(c for c in spec.changes if c in ticket):
        parts.append(
            f"""SELECT ticket_id, CASE WHEN _first THEN least(created_at, "at") ELSE "at" END AS "at", '{_FIELDS[column]}' AS field, _old_{column} AS "old", """
            f'{column} AS "new", actor_id, _line, _order, {number} AS _field FROM seen WHERE {column} IS DISTINCT FROM _old_{column}'
        )
    before = ", ".join(f"lag({c}) OVER w AS _old_{c}" for c in spec.changes if c in ticket)
    con.execute(
        f"CREATE TEMP TABLE {name} AS WITH logged AS ({rows}), "
        f'seen AS (SELECT *, row_number() OVER w = 1 AS _first, {before} FROM logged WINDOW w AS (PARTITION BY ticket_id ORDER BY "at", _order, _line)), '
        f"listed AS ({' UNION ALL '.join(parts)}) "
        f'SELECT ticket_id, row_number() OVER (PARTITION BY ticket_id ORDER BY "at", _order, _line, _field) AS seq, "at", field, "old", "new", actor_id, _line '
        f"FROM listed"
    )
    return name
