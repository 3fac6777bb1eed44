"""Which policy promises what to which clock, from the ticket's attributes at the time (METRICS §3)."""

import datetime as dt
from collections.abc import Sequence

import duckdb

from insights.schema import UNSOLVED
from insights.settings import Policy, Settings
from insights.timing.calendars import numbers
from insights.timing.history import seconds

COUNTING = dict.fromkeys(("first_response", "next_response", "resolution"), UNSOLVED) | {
    "requester_wait": ("new", "open", "hold")
}
FILTERS = ("kind", "channel", "segment", "team", "priority")


def set_policies(con: duckdb.DuckDBPyConnection, settings: Settings, policies: Sequence[Policy]) -> None:
    """Write the policies to timing_policies, numbered so that of those that match the lowest number wins."""
    number, starts = numbers(settings), eras(policies)
    lists = ", ".join(f"{name} TEXT[]" for name in (*FILTERS, "counting"))
    con.execute(f"""
    CREATE OR REPLACE TEMP TABLE timing_policies (no BIGINT, name TEXT, metric TEXT, target_s BIGINT, calendar TEXT,
        calendar_no BIGINT, warn_at DOUBLE, era_from BIGINT, era_to BIGINT, {lists})""")
    for i, p in enumerate(sorted(policies, key=lambda policy: policy.rank)):
        counting = [state for state in COUNTING[p.metric] if state not in p.paused]
        since = bisect(starts, p.valid_from) if p.valid_from else 0
        until = bisect(starts, p.valid_to) if p.valid_to else len(starts)
        row = [i, p.name, p.metric, p.target_s, p.calendar, number[p.calendar], p.warn_at, since, until]
        filters = [list(getattr(p, name)) for name in FILTERS]
        con.execute(
            f"INSERT INTO timing_policies VALUES ({', '.join('?' * (len(row) + len(filters) + 1))})",
            [*row, *filters, counting],
        )


def eras(policies: Sequence[Policy]) -> list[dt.date]:
    """Return the local days on which the set of valid policies changes."""
    since = {p.valid_from for p in policies if p.valid_from}
    after = {p.valid_to + dt.timedelta(days=1) for p in policies if p.valid_to}
    return sorted(since | after)


def bisect(starts: Sequence[dt.date], day: dt.date) -> int:
    """Return the era of a day: how many changes lie on or before it."""
    return sum(start <= day for start in starts)


def era_of(day: str, starts: Sequence[dt.date]) -> str:
    """Return the era of a local day in SQL."""
    return " + ".join(["0", *(f"({day} >= DATE '{start}')::BIGINT" for start in starts)])


def covers(attribute: str) -> str:
    """Return whether a policy `p` covers an attribute of the case `c`."""
    return f"(len(p.{attribute}) = 0 OR list_contains(p.{attribute}, c.{attribute}))"


# Tickets that some policy may cover whatever their team and priority become: the others need no replay.
COVERED = f"""
CREATE OR REPLACE TEMP TABLE timing_covered AS
WITH combos AS (
    SELECT DISTINCT coalesce(kind, '') AS kind, coalesce(channel, '') AS channel, coalesce(segment, '') AS segment
    FROM tickets),
promised AS (
    SELECT DISTINCT c.kind, c.channel, c.segment FROM combos AS c JOIN timing_policies AS p
    ON {" AND ".join(map(covers, FILTERS[:3]))})
SELECT t.n, t.created, p.kind, p.channel, p.segment, o.priority, o.team,
    o.excluded IS NOT NULL OR o.merged_into IS NOT NULL AS cancelled
FROM timing_tickets AS t JOIN tickets AS o ON o.rowid = t.n JOIN promised AS p
ON p.kind = coalesce(o.kind, '') AND p.channel = coalesce(o.channel, '') AND p.segment = coalesce(o.segment, '')"""


def attribute_pieces(field: str, at_first: str) -> str:
    """Return the statement for timing_<field>: what a ticket's team or priority was from `a` until `b`.

    Before the first recorded change it was what that change says (`at_first` over old, new); without any it is what
    the ticket says.
    """
    return f"""
    CREATE OR REPLACE TEMP TABLE timing_{field} AS
    WITH logged AS (
        SELECT t.n, t.created, greatest({seconds("e.at")}, t.created) AS moment, e.seq, e.old, e.new
        FROM ticket_events AS e JOIN timing_tickets AS k USING (source, ticket_id) JOIN timing_covered AS t ON t.n = k.n
        WHERE e.field = '{field}' AND e.at IS NOT NULL AND coalesce(e.old, e.new) IS NOT NULL),
    changes AS (
        SELECT n, moment, row_number() OVER (PARTITION BY n ORDER BY moment, seq) AS k, created, old, new FROM logged),
    known AS (
        SELECT n, moment, k, new AS word FROM changes
        UNION ALL SELECT n, created, 0, {at_first} FROM changes WHERE k = 1),
    pieces AS (
        SELECT n, moment AS a, lead(moment) OVER (PARTITION BY n ORDER BY k) AS b, word FROM known
        UNION ALL SELECT n, created, NULL, {field} FROM timing_covered WHERE n NOT IN (SELECT n FROM changes))
    SELECT n, a, b, coalesce(word, '') AS {field} FROM pieces WHERE b IS NULL OR b > a"""
