"""From events and timestamps to the history of each ticket: states, public comments, waits.

Everything is set-based, over temporary tables keyed by `ticket_no`, the rowid of the ticket. Times are whole seconds
since 1970 UTC. Within a ticket, events are ordered by (time, seq); an event before the ticket's creation counts at
creation.
"""

import duckdb

from insights.settings import Settings
from insights.timing import macros, voices
from insights.timing.calendars import numbers, set_rules
from insights.timing.statements import run


def read(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Build the temporary tables of every ticket's history."""
    macros.make(con)
    voices.hear(con, settings)
    run(con, "sources")
    tell(con, settings)
    run(con, "repliers", "turns", "cycles")


def tell(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Build states, comments, holders and owed answers of the tickets there are; `sources` comes first."""
    set_rules(con, settings)
    run(
        con, "tickets", "state_changes", "logged_tickets", "assumed_changes", "spans", "comments", "holders",
        calendar_no=numbers(settings)[settings.calendar], opening_within_s=settings.answers.opening_within_s,
        owners=settings.answers.owners,
    )  # fmt: skip
    voices.owe(con, settings)


def recall(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Build the history tables a replay needs from those an attached warehouse `w` has stored."""
    macros.make(con)
    run(con, "numbered_tickets", "recalled_spans", "recalled_cycles", "holders", owners=settings.answers.owners)


def forget(con: duckdb.DuckDBPyConnection) -> None:
    """Drop the temporary tables."""
    named = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE temporary AND table_name LIKE 'timing\\_%' ESCAPE '\\'"
    )
    for (name,) in named.fetchall():
        con.execute(f"DROP TABLE {name}")
