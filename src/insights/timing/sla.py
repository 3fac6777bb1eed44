"""SLA clocks as a pure replay over states, waits and priorities: the same history and policies, the same clocks."""

import datetime as dt
from collections.abc import Sequence

import duckdb

from insights.settings import Policy, Settings
from insights.timing.promises import set_policies
from insights.timing.statements import run
from insights.timing.tickets import seconds_of

OPEN_STATES = ("breached_open", "at_risk", "on_track", "paused")
"""A clock in one of these still runs, or will run again."""


def clocks(con: duckdb.DuckDBPyConnection, settings: Settings, policies: Sequence[Policy], as_of: dt.datetime) -> None:
    """Replay `policies` over the history tables as known at `as_of`: one row per clock in `sla_clocks`."""
    con.execute("DELETE FROM sla_clocks")
    if not policies:
        return
    set_policies(con, settings, policies)
    run(
        con, "covered_tickets", "team_stretches", "priority_stretches", "team_turns", "standing", "clocks",
        "promised", "pieces", "verdicts", "due_verdicts", "sla_clocks",
        now=seconds_of(as_of), zone=settings.company.time_zone,
    )  # fmt: skip
