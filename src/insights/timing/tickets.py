"""The derived columns of tickets: durations in calendar and working time, counts, local days, what they rest on."""

import datetime as dt

import duckdb

from insights.settings import Settings
from insights.timing import slices
from insights.timing.statements import run

OWN_TIMES = ("first_response_at", "first_solved_at", "solved_at")
OWN_COUNTS = ("replies", "reopens", "reassignments", "transfers")
OWN = (*OWN_TIMES, *OWN_COUNTS)
"""Columns a source may fill and its events may correct; the source's own values are kept in ticket_as_loaded."""
EXPORTED = "timing_exported"
"""The view of the tickets as their sources exported them."""

STATES = ("requester_wait", "agent_work", "agent_wait", "on_hold")
UNITS = ("_s", "_business_s")
MOMENTS = ("first_response", "first_resolution", "full_resolution")


def compute(con: duckdb.DuckDBPyConnection, settings: Settings, as_of: dt.datetime) -> None:
    """Compute the derived columns of the tickets at hand from the history tables."""
    run(
        con,
        "handovers",
        "replies",
        "state_times",
        "known_moments",
        "derived",
        now=seconds_of(as_of),
        zone=settings.company.time_zone,
        credit=settings.answers.credit,
        closed_is_solved=settings.resolutions.closed_is_solved,
        first_needs_reopens=settings.resolutions.first_needs_reopens,
    )


def seconds_of(moment: dt.datetime) -> int:
    """Return a naive UTC moment as whole seconds since 1970."""
    return int(moment.replace(tzinfo=dt.UTC).timestamp())


def write(con: duckdb.DuckDBPyConnection) -> None:
    """Fill the derived columns of the tickets at hand with what was computed."""
    run(con, "marked", "ticket_as_loaded", "derived_columns")


def end(con: duckdb.DuckDBPyConnection) -> None:
    """Fill what rests on the figures of all tickets of a source."""
    run(con, "working_figures_alone")


def exported(con: duckdb.DuckDBPyConnection) -> None:
    """Make the view of the tickets as exported, so that a load compares export with export."""
    run(con, "exported_tickets")


def restore(con: duckdb.DuckDBPyConnection) -> None:
    """Put the source's own values back into the stale tickets: they are derived from those."""
    for first_no, last_no in slices.ranges(con, "ticket_as_loaded", len(OWN)):
        run(con, "restored_columns", first_no=first_no, last_no=last_no)


def problems(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return how many tickets have times that cannot be: such a duration is unknown and enters no average."""
    found = run(con, "problems")
    names = [column[0] for column in found.description or ()]
    return dict(zip(names, found.fetchall()[0], strict=True))
