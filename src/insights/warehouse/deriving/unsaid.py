"""What events leave unsaid and other tables or events tell: who did it, and what was there before."""

import duckdb

_SILENT = "e.actor_id IS NOT NULL AND NOT list_contains(string_split(coalesce(e.row_columns, ''), ','), 'actor')"


def complete_events(con: duckdb.DuckDBPyConnection) -> None:
    """Fill what the sources leave unsaid; the rows count as exported all the same."""
    _name_actors(con)
    _say_before(con)


def _say_before(con: duckdb.DuckDBPyConnection) -> None:
    """Fill `old` of changes whose export does not go back far enough to know it, from the change before.

    Where an export knows what was before in general, a state it found and that was so already is no change.
    """
    con.execute("""
        CREATE OR REPLACE TEMP TABLE told AS
        WITH forgetful AS (
            SELECT source, ticket_id, field FROM ticket_events WHERE field <> 'comment'
            GROUP BY ALL HAVING count(*) FILTER ("old" IS NULL) > 1)
        SELECT source, ticket_id, seq, before, before = "new" AND knows AS same FROM (
            SELECT *, list_contains(string_split(coalesce(row_columns, ''), ','), 'old') AS knows,
                lag("new") OVER (PARTITION BY source, ticket_id, field ORDER BY "at", seq) AS before
            FROM ticket_events JOIN forgetful USING (source, ticket_id, field))
        WHERE "old" IS NULL AND before IS NOT NULL""")
    key = "t.source = e.source AND t.ticket_id = e.ticket_id AND t.seq = e.seq"
    con.execute(f"DELETE FROM ticket_events e USING told t WHERE t.same AND {key}")
    con.execute(f'UPDATE ticket_events e SET "old" = t.before FROM told t WHERE NOT t.same AND {key}')
    con.execute("DROP TABLE told")


def _name_actors(con: duckdb.DuckDBPyConnection) -> None:
    """Fill `actor` of events whose export has no such column; nothing is said of an id no table knows.

    A ticket's own customer is its customer, even one who works here; who is listed as an agent, or was ever assigned a
    ticket, is an agent; -1 is the help desk's own rules.
    """
    if not con.execute(f"SELECT 1 FROM ticket_events e WHERE {_SILENT} LIMIT 1").fetchall():
        return
    con.execute("""
        CREATE OR REPLACE TEMP TABLE staff AS
        SELECT source, agent_id AS actor_id FROM agents
        UNION SELECT source, agent_id FROM tickets WHERE agent_id IS NOT NULL
        UNION SELECT source, "new" FROM ticket_events WHERE field = 'agent' AND "new" IS NOT NULL""")
    con.execute(f"""
        UPDATE ticket_events SET actor = found.actor FROM (
            SELECT e.rowid AS r,
                CASE WHEN t.customer_id IS NOT NULL THEN 'customer' WHEN s.actor_id IS NOT NULL THEN 'agent'
                     WHEN e.actor_id = '-1' THEN 'system' WHEN c.customer_id IS NOT NULL THEN 'customer' END AS actor
            FROM ticket_events e
            LEFT JOIN tickets t ON t.source = e.source AND t.ticket_id = e.ticket_id AND t.customer_id = e.actor_id
            LEFT JOIN staff s ON s.source = e.source AND s.actor_id = e.actor_id
            LEFT JOIN customers c ON c.source = e.source AND c.customer_id = e.actor_id
            WHERE {_SILENT}) AS found
        WHERE found.r = ticket_events.rowid AND ticket_events.actor IS DISTINCT FROM found.actor""")
    con.execute("DROP TABLE staff")
