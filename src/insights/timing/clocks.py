"""SLA clocks as a pure replay over states, waits and priorities (METRICS §3): same history, same clocks."""

import datetime as dt
from collections.abc import Sequence

import duckdb

from insights.schema import UNSOLVED
from insights.settings import Policy, Settings
from insights.timing.calendars import numbers
from insights.timing.statements import run
from insights.timing.tickets import seconds_of

OPEN_STATES = ("breached_open", "at_risk", "on_track", "paused")
"""A clock in one of these still runs, or will run again."""
COUNTING = dict.fromkeys(("first_response", "next_response", "resolution"), UNSOLVED) | {
    "requester_wait": ("new", "open", "hold")
}
FILTERS = ("kind", "channel", "segment", "team", "priority")


def publish(con: duckdb.DuckDBPyConnection, settings: Settings, as_of: dt.datetime) -> None:
    """Replay the promises over the history tables as known at `as_of`: one row per clock in `sla_clocks`."""
    run(
        con,
        "covered_tickets",
        "stretches",
        "team_turns",
        "standing",
        "clocks",
        "promised",
        "pieces",
        "verdicts",
        "due_verdicts",
        "sla_clocks",
        now=seconds_of(as_of),
        zone=settings.company.time_zone,
    )


def set_policies(con: duckdb.DuckDBPyConnection, settings: Settings, policies: Sequence[Policy]) -> None:
    """Write the policies to timing_policies, and the days on which their set changes to timing_eras."""
    number, starts = numbers(settings), eras(policies)
    run(con, "policies")
    run(con, "eras", starts=starts)
    for place, policy in enumerate(sorted(policies, key=lambda policy: policy.rank)):
        counting = [state for state in COUNTING[policy.metric] if state not in policy.paused]
        since = era_of(policy.valid_from, starts) if policy.valid_from else 0
        until = era_of(policy.valid_to, starts) if policy.valid_to else len(starts)
        filters = [list(getattr(policy, name)) for name in FILTERS]
        row = [
            place,
            policy.name,
            policy.metric,
            policy.per,
            policy.target_s,
            policy.calendar,
            number[policy.calendar],
            policy.warn_at,
            since,
            until,
            *filters,
            counting,
        ]
        con.execute(f"INSERT INTO timing_policies VALUES ({', '.join('?' * len(row))})", row)


def eras(policies: Sequence[Policy]) -> list[dt.date]:
    """Return the local days on which the set of valid policies changes."""
    since = {p.valid_from for p in policies if p.valid_from}
    after = {p.valid_to + dt.timedelta(days=1) for p in policies if p.valid_to}
    return sorted(since | after)


def era_of(day: dt.date, starts: Sequence[dt.date]) -> int:
    """Return the era of a day: how many changes lie on or before it."""
    return sum(start <= day for start in starts)
