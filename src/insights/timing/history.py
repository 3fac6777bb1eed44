"""From events and timestamps to the history of each ticket: states, public comments, waits.

Everything is set-based, over temporary tables keyed by `ticket_no`, the rowid of the ticket. Times are whole seconds
since 1970 UTC. Within a ticket, events are ordered by (time, seq); an event before the ticket's creation counts at
creation.
"""

from collections.abc import Collection

import duckdb

from insights.settings import Settings
from insights.timing import macros, slices, voices
from insights.timing.calendars import numbers, set_rules
from insights.timing.statements import run

OF_ALL = ("timing_slices", "timing_sources", "timing_robots", "timing_policies", "timing_eras")
"""What holds for all tickets, whichever are at hand."""


def begin(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Find out what every ticket's history rests on: whose words count as whose, what each source knows at all."""
    macros.make(con)
    voices.hear(con, settings)
    run(con, "exported_tickets", "sources")


def read(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Build the temporary tables of the history of the tickets at hand."""
    tell(con, settings)
    run(con, "repliers", "turns", "cycles")


def tell(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Build states, comments, holders and owed answers of the tickets at hand; `sources` comes first."""
    set_rules(con, settings)
    run(
        con,
        "tickets",
        "state_changes",
        "logged_tickets",
        "assumed_changes",
        "spans",
        "comments",
        "holders",
        calendar_no=numbers(settings)[settings.calendar],
        opening_within_s=settings.answers.opening_within_s,
        owners=settings.answers.owners,
    )
    voices.owe(con, settings)


def recall(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Build the history tables a replay needs from those an attached warehouse `w` has stored."""
    macros.make(con)
    slices.take(con)
    run(con, "recalled_spans", "recalled_cycles", "holders", owners=settings.answers.owners)


def forget(con: duckdb.DuckDBPyConnection, *, kept: Collection[str] = ()) -> None:
    """Drop the temporary tables except those `kept`."""
    named = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE temporary AND table_name LIKE 'timing\\_%' ESCAPE '\\'"
    )
    for (name,) in named.fetchall():
        if name not in kept:
            con.execute(f"DROP TABLE {name}")
