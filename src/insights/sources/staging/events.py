"""Ticket events out of a log that repeats the whole ticket at every change: what differs from the row before is an event."""

import duckdb

from insights.sources.folding import sql_name
from insights.sources.profile import TableSpec

_FIELDS = {"status": "status", "priority": "priority", "team": "team", "agent_id": "agent"}
_EACH = 2 * len(_FIELDS)
"""How many numbers a row has room for: one a field that changed, one a field as it was found."""
_SECOND = 1 << 20
_NUMBER = f"epoch_us(moment) // 1000000 * {_SECOND} + (place * 4 + again - 1) % {_SECOND // _EACH} * {_EACH}"
"""Of the row, not of its place in the file: every part of a log that is exported numbers its events alike, in order."""


def changes(
    con: duckdb.DuckDBPyConnection, name: str, wide: str, tables: dict[str, dict[str, str]], spec: TableSpec
) -> str:
    """Create temp table `name`: one event per changed column between consecutive rows of a ticket, in time order.

    The first row gives the state the ticket was opened in, dated when it was opened; in a log that numbers its rows and
    does not begin with 0, the state it was found in, which is beside the changes and gives way to them.
    """
    event = {c: sql_name(f) for c, f in tables["ticket_events"].items()}
    ticket = tables["tickets"]
    watched = [c for c in spec.changes if c in ticket]
    opened = "first AND place = 0" if "seq" in event else "first"
    found = f"CASE WHEN first AND place > 0 THEN {len(_FIELDS)} ELSE 0 END"
    parts = " UNION ALL ".join(
        f"""SELECT ticket_id, CASE WHEN {opened} THEN least(created_at, moment) ELSE moment END AS moment,
            {_NUMBER} + {n} + {found} AS seq, '{_FIELDS[c]}' AS field, old_{c} AS before, {c} AS after, actor_id, _line
            FROM seen WHERE {c} IS DISTINCT FROM old_{c}"""
        for n, c in enumerate(watched)
    )
    con.execute(
        f"""CREATE TEMP TABLE {name} AS
        WITH logged AS (
          SELECT {event["ticket_id"]} AS ticket_id, {event["at"]} AS moment, {sql_name(ticket["created_at"])} AS created_at,
            {event.get("actor_id", "CAST(NULL AS VARCHAR)")} AS actor_id, {event.get("seq", "0")} AS place, _line,
            {", ".join(f"{sql_name(ticket[c])} AS {c}" for c in watched)}
          FROM {wide} WHERE {event["at"]} IS NOT NULL),
        seen AS (
          SELECT *, row_number() OVER w = 1 AS first,
            row_number() OVER (PARTITION BY ticket_id, moment, place ORDER BY _line) AS again,
            {", ".join(f"lag({c}) OVER w AS old_{c}" for c in watched)}
          FROM logged WINDOW w AS (PARTITION BY ticket_id ORDER BY moment, place, _line)),
        listed AS ({parts})
        SELECT ticket_id, seq, moment AS "at", field, before AS "old", after AS "new", actor_id, _line FROM listed"""
    )
    return name
