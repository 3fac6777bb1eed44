"""Exact time: business calendars, ticket clocks from events, SLA replay. Everything at load, in set-based SQL."""

import datetime as dt

import duckdb

from insights.settings import Settings
from insights.timing import calendars, history, sla, stretches, tickets
from insights.timing.hours import Day, calendar_year
from insights.timing.queue import OPEN_STATES, open_clocks
from insights.timing.stretches import status_at
from insights.timing.tickets import restore
from insights.timing.whatif import Replay, read_policies, replay


def derive(con: duckdb.DuckDBPyConnection, settings: Settings, as_of: dt.datetime) -> dict[str, int]:
    """Fill calendars, derived ticket columns, status_spans, reply_cycles and sla_clocks; return problems by name.

    Runs inside the loader's build connection and may run again: the result depends on the loaded rows alone.
    """
    restore(con)
    calendars.build(con, settings, calendars.first_day(con, as_of), calendars.horizon(as_of))
    history.read(con)
    tickets.derive_tickets(con, settings, as_of)
    stretches.publish(con, settings)
    sla.clocks(con, settings, settings.sla, as_of)
    history.forget(con)
    return tickets.problems(con)


__all__ = [
    "OPEN_STATES",
    "Day",
    "Replay",
    "calendar_year",
    "derive",
    "open_clocks",
    "read_policies",
    "replay",
    "restore",
    "status_at",
]  # fmt: skip
