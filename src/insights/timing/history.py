"""From events and timestamps to the history of each ticket: states, public comments, waits.

Everything is set-based, over temporary tables keyed by `ticket_no`, the rowid of the ticket. Times are whole seconds
since 1970 UTC. Within a ticket, events are ordered by (time, seq); an event before the ticket's creation counts at
creation.
"""

import duckdb

from insights.settings import Settings
from insights.timing import macros
from insights.timing.calendars import numbers, set_rules
from insights.timing.statements import run

STORY = ("tickets", "state_changes", "logged_tickets", "assumed_changes", "spans", "comments")
"""States and comments of the tickets there are; `sources`, which looks at whole sources, comes first."""


def read(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Build the temporary tables of every ticket's history."""
    macros.make(con)
    set_rules(con, settings)
    run(con, "sources", *STORY, "turns", "cycles", calendar_no=numbers(settings)[settings.calendar])


def recall(con: duckdb.DuckDBPyConnection) -> None:
    """Build the history tables a replay needs from those an attached warehouse `w` has stored."""
    macros.make(con)
    run(con, "numbered_tickets", "recalled_spans", "recalled_cycles")


def forget(con: duckdb.DuckDBPyConnection) -> None:
    """Drop the temporary tables."""
    named = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE temporary AND table_name LIKE 'timing\\_%' ESCAPE '\\'"
    )
    for (name,) in named.fetchall():
        con.execute(f"DROP TABLE {name}")
