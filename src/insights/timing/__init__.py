"""Exact time: business calendars, ticket clocks from events, SLA replay. Everything at load, in set-based SQL."""

import datetime as dt

import duckdb

from insights.settings import Settings
from insights.timing import calendars, clocks, history, readings, stretches, tickets
from insights.timing.clocks import OPEN_STATES
from insights.timing.hours import Day, calendar_year
from insights.timing.reconcile import Reconciliation, comparable, reconcile
from insights.timing.replay import Replay, read_policies, replay
from insights.timing.rules import FIGURES, REASONS, RULES
from insights.timing.stretches import status_at
from insights.timing.tickets import restore


def derive(con: duckdb.DuckDBPyConnection, settings: Settings, as_of: dt.datetime) -> dict[str, int]:
    """Fill calendars, derived ticket columns, status_spans, reply_cycles and sla_clocks; return problems by name.

    Runs inside the loader's build connection and may run again: the result depends on the loaded rows alone.
    """
    restore(con)
    calendars.build(con, settings, calendars.first_day(con, as_of), calendars.horizon(as_of))
    history.read(con, settings)
    tickets.compute(con, settings, as_of)
    readings.apply(con, settings, as_of)
    tickets.write(con)
    stretches.publish(con, settings)
    clocks.publish(con, settings, settings.sla, as_of)
    history.forget(con)
    return tickets.problems(con)


__all__ = [
    "FIGURES",
    "OPEN_STATES",
    "REASONS",
    "RULES",
    "Day",
    "Reconciliation",
    "Replay",
    "calendar_year",
    "comparable",
    "derive",
    "read_policies",
    "reconcile",
    "replay",
    "restore",
    "status_at",
]
