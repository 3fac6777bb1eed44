"""Exact time: business calendars, ticket clocks from events, SLA replay. Everything at load, in set-based SQL."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import duckdb

from insights.lazily import offered
from insights.settings import Settings
from insights.timing import calendars, clocks, history, readings, slices, stale, stretches, tickets
from insights.timing.clocks import OPEN_STATES
from insights.timing.hours import Day, calendar_year
from insights.timing.replay import Replay, read_policies, replay
from insights.timing.rules import FIGURES, REASONS, RULES
from insights.timing.statements import run
from insights.timing.stretches import status_at
from insights.timing.tickets import EXPORTED, exported

if TYPE_CHECKING:
    from insights.timing.reconciling import Reconciliation, comparable, reconcile
else:
    __getattr__ = offered(__name__, {"reconciling": ("Reconciliation", "comparable", "reconcile")})


def derive(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    as_of: dt.datetime,
    *,
    anew: bool = False,
    rows_at_once: int | None = None,
    told: Callable[[float], None] | None = None,
) -> dict[str, int]:
    """Fill calendars, derived ticket columns, status_spans, reply_cycles and sla_clocks; return problems by name.

    Runs inside the loader's build connection and may run again: only tickets of which anything has changed are derived
    again (`anew`: all), and the result depends on the loaded rows alone, not on how many tickets and events are looked
    at at once (None: as many as fit into memory). `told` hears the share done before each further slice.
    """
    calendars.build(con, settings, calendars.first_day(con, as_of), calendars.horizon(as_of))
    history.begin(con, settings)
    stale.find(con, settings, as_of, anew=anew)
    tickets.restore(con)
    stale.forget(con)
    clocks.set_policies(con, settings, settings.sla)
    count = slices.cut(con, rows_at_once or slices.fitting(con))
    for number in range(count):
        if number and told:
            told(number / count)
        history.forget(con, kept=history.OF_ALL)
        slices.take(con, number)
        _derive(con, settings, as_of)
    tickets.end(con)
    history.forget(con)
    return tickets.problems(con)


def _derive(con: duckdb.DuckDBPyConnection, settings: Settings, as_of: dt.datetime) -> None:
    """Derive everything of the tickets at hand."""
    history.read(con, settings)
    tickets.compute(con, settings, as_of)
    readings.apply(con, settings, as_of)
    stretches.publish(con, settings)
    run(con, "unsettled_tickets", now=tickets.seconds_of(as_of))
    if settings.sla:
        clocks.publish(con, settings, as_of)
        run(con, "running_clocks")
    tickets.write(con)


__all__ = [
    "EXPORTED",
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
    "exported",
    "read_policies",
    "reconcile",
    "replay",
    "status_at",
]
