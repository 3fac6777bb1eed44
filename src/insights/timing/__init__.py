"""Exact time: business calendars, ticket clocks from events, SLA replay. Everything at load, in set-based SQL."""

import datetime as dt

import duckdb

from insights.settings import Settings
from insights.timing import calendars, history, sla, stretches, tickets
from insights.timing.hours import Day, calendar_year
from insights.timing.stretches import status_at
from insights.timing.tickets import restore


def derive(con: duckdb.DuckDBPyConnection, settings: Settings, as_of: dt.datetime) -> dict[str, int]:
    """Fill calendars, derived ticket columns, status_spans, reply_cycles and sla_clocks; return problems by name.

    Runs inside the loader's build connection and may run again: the result depends on the loaded rows alone.
    """
    restore(con)
    calendars.build(con, settings, first_day(con, as_of), horizon(as_of))
    history.read(con)
    tickets.derive_tickets(con, settings, as_of)
    stretches.publish(con, settings)
    sla.clocks(con, settings, settings.sla, as_of)
    history.forget(con)
    return tickets.problems(con)


def first_day(con: duckdb.DuckDBPyConnection, as_of: dt.datetime) -> dt.date:
    """Return the earliest day the tickets speak of."""
    found = con.execute(
        "SELECT least((SELECT min(created_at) FROM tickets), (SELECT min(e.at) FROM ticket_events AS e))"
    ).fetchall()
    return min(found[0][0] or as_of, as_of).date()


def horizon(as_of: dt.datetime) -> dt.date:
    """Return the last day calendars are built for: promises made now are due by then."""
    return dt.date(as_of.year + calendars.HORIZON_YEARS, 12, 31)


__all__ = ["Day", "calendar_year", "derive", "restore", "status_at"]
