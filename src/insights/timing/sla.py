"""SLA clocks as a pure replay over states, waits and priorities: the same history and policies, the same clocks."""

import datetime as dt
from collections.abc import Sequence

import duckdb

from insights.schema import SOLVED
from insights.settings import Policy, Settings
from insights.timing.calendars import due, worked
from insights.timing.history import BECAME_SOLVED, timestamp, words
from insights.timing.promises import COVERED, FILTERS, attribute_pieces, covers, era_of, eras, set_policies
from insights.timing.tickets import local

OPEN_STATES = ("breached_open", "at_risk", "on_track", "paused")
"""A clock in one of these still runs, or will run again."""

# Where each ticket stood at `now`, and since when it was solved if it was.
STANDING = """
CREATE OR REPLACE TEMP TABLE timing_standing AS
SELECT n, status, CASE WHEN status IN {solved} THEN last_solve END AS solved
FROM (SELECT n, arg_max(status, span) AS status, max(a) FILTER ({became_solved}) AS last_solve
    FROM timing_spans WHERE a <= {now} AND n IN (SELECT n FROM timing_covered) GROUP BY n)"""

# A clock runs from `a` and, once it stopped, until `b`; `z` is where it is looked at. `c` is its number.
CLOCKS = """
CREATE OR REPLACE TEMP TABLE timing_clocks AS
WITH started AS (
    SELECT n, CASE WHEN cycle = 1 THEN 'first_response' ELSE 'next_response' END AS metric,
        greatest(cycle - 1, 1) AS cycle, a, CASE WHEN b <= {now} THEN b END AS b
    FROM timing_cycles WHERE a <= {now} AND (b >= a OR b IS NULL)
    UNION ALL SELECT s.n, m.metric, 1, t.created, s.solved
    FROM timing_standing AS s JOIN timing_covered AS t ON t.n = s.n,
        (VALUES ('resolution'), ('requester_wait')) AS m (metric))
SELECT (s.n * 4 + m.no) * 1000000 + s.cycle AS c, s.n, s.metric, s.cycle, s.a, s.b, coalesce(s.b, {now}) AS z,
    g.team, t.kind, t.channel, t.segment, t.cancelled OR d.status = 'deleted' AS cancelled, {era} AS era
FROM started AS s JOIN timing_covered AS t ON t.n = s.n JOIN timing_standing AS d ON d.n = s.n
JOIN timing_team AS g ON g.n = s.n AND g.a <= s.a AND (g.b > s.a OR g.b IS NULL)
JOIN (SELECT metric, row_number() OVER (ORDER BY metric) - 1 AS no FROM timing_policies GROUP BY metric) AS m
    ON m.metric = s.metric"""

# The priority at the time decides; a change to a priority without a promise leaves the promise there was standing,
# and time before the first promise counts by it. Nothing was promised, so nothing was broken, before `since`.
PROMISED = f"""
CREATE OR REPLACE TEMP TABLE timing_promised AS
WITH rated AS (
    SELECT c.c, c.n, c.a AS a0, c.z, c.metric, c.kind, c.channel, c.segment, c.team, c.era, p.priority,
        greatest(p.a, c.a) AS a, least(p.b, c.z) AS b
    FROM timing_clocks AS c JOIN timing_priority AS p ON p.n = c.n
    WHERE (p.b > c.a OR p.b IS NULL) AND (p.a <= c.a OR p.a < c.z)),
combos AS (SELECT DISTINCT metric, kind, channel, segment, team, era, priority FROM rated),
matched AS (
    SELECT c.*, min(p.no) AS no FROM combos AS c JOIN timing_policies AS p
    ON p.metric = c.metric AND c.era BETWEEN p.era_from AND p.era_to AND {" AND ".join(map(covers, FILTERS))}
    GROUP BY ALL),
found AS (
    SELECT r.c, r.n, r.a0, r.z, r.a, r.b, m.no FROM rated AS r LEFT JOIN matched AS m
    USING (metric, kind, channel, segment, team, era, priority)),
filled AS (
    SELECT * REPLACE (coalesce(last_value(no IGNORE NULLS) OVER w,
        first_value(no IGNORE NULLS) OVER (w ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)) AS no),
        min(CASE WHEN no IS NOT NULL THEN a END) OVER (PARTITION BY c) AS since
    FROM found WHERE a > a0 OR b < z WINDOW w AS (PARTITION BY c ORDER BY a))
SELECT * FROM (SELECT *, a AS since FROM found WHERE a = a0 AND b = z UNION ALL FROM filled) WHERE no IS NOT NULL"""

# A piece is a stretch of one clock in one state under one promise. `used_up` is the point of the calendar's running sum
# at which its target is used up: the same for a piece that counts, seen from either end.
PIECES = """
CREATE OR REPLACE TEMP TABLE timing_pieces AS
WITH cut AS (
    SELECT p.c, p.no, p.since, greatest(p.a, s.a) AS lo, least(p.b, s.b) AS hi,
        list_contains(o.counting, s.status) AS counting, o.calendar_no, o.target_s
    FROM timing_promised AS p JOIN timing_policies AS o ON o.no = p.no
    JOIN timing_spans AS s ON s.n = p.n AND s.a < greatest(p.b, p.a + 1) AND (s.b > p.a OR s.b IS NULL)
    WHERE least(p.b, s.b) > greatest(p.a, s.a) OR p.z = p.a0),
measured AS (
    SELECT t.c, t.no, t.since, t.lo, t.counting, t.target_s, {worked_hi} AS w, CASE WHEN t.counting
        THEN {worked_hi} - {worked_lo} ELSE 0 END AS counted
    FROM cut AS t {joins})
SELECT *, sum(counted) OVER (PARTITION BY c ORDER BY lo) AS elapsed FROM measured"""

# The first piece that passes its target breaks the promise for good, whatever the priority becomes afterwards.
VERDICTS = """
CREATE OR REPLACE TEMP TABLE timing_verdicts AS
WITH broken AS (
    SELECT c, any_value(since) AS since, sum(counted)::BIGINT AS elapsed, bool_or(elapsed > target_s) AS breached,
        min(lo) FILTER (elapsed > target_s) AS breach_lo,
        arg_min(elapsed - counted > target_s, lo) FILTER (elapsed > target_s) AS at_once,
        coalesce(arg_min(no, lo) FILTER (elapsed > target_s), arg_max(no, lo)) AS no,
        coalesce(arg_min(w + target_s - elapsed, lo) FILTER (elapsed > target_s), arg_max(w + target_s - elapsed,
            lo))::BIGINT AS used_up,
        arg_max(counting, lo) AS counting
    FROM timing_pieces GROUP BY c)
SELECT b.*, p.calendar_no FROM broken AS b JOIN timing_policies AS p ON p.no = b.no"""

RESULT = """
INSERT INTO {into} (source, ticket_id, metric, cycle, policy, target_s, calendar, started_at, due_at, stopped_at,
    breached_at,
    elapsed_s, state, decided_at, started_day, decided_day)
WITH judged AS (
    SELECT k.n, k.metric, k.cycle, p.name, p.target_s, p.calendar, k.a, k.b, v.elapsed, k.cancelled, v.counting,
        p.warn_at,
        CASE WHEN v.breached THEN greatest(CASE WHEN v.at_once THEN v.breach_lo ELSE v.due END, v.since) END
            AS breached,
        v.due
    FROM {verdicts} AS v JOIN timing_clocks AS k ON k.c = v.c JOIN timing_policies AS p ON p.no = v.no),
decided AS (SELECT *, CASE WHEN NOT cancelled THEN coalesce(breached, b) END AS decided FROM judged)
SELECT t.source, t.ticket_id, d.metric, d.cycle, d.name, d.target_s, d.calendar, {a}, {due}, {b}, {breached}, d.elapsed,
    CASE WHEN d.cancelled THEN 'cancelled' WHEN d.breached IS NULL AND d.b IS NOT NULL THEN 'met' WHEN d.b IS NOT NULL
        THEN 'breached'
        WHEN d.breached IS NOT NULL THEN 'breached_open' WHEN NOT d.counting THEN 'paused'
        WHEN d.elapsed >= d.warn_at * d.target_s THEN 'at_risk' ELSE 'on_track' END,
    {decided}, {started_day}::DATE, {decided_day}::DATE
FROM decided AS d JOIN timing_tickets AS t ON t.n = d.n"""


def clocks(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    policies: Sequence[Policy],
    as_of: dt.datetime,
    into: str = "sla_clocks",
) -> None:
    """Replay `policies` over the history tables as known at `as_of`: one row per clock in the table `into`."""
    now, zone = str(int(as_of.replace(tzinfo=dt.UTC).timestamp())), settings.company.time_zone
    con.execute(f"DELETE FROM {into}")
    if not policies:
        return
    set_policies(con, settings, policies)
    standing = STANDING.format(now=now, solved=words(SOLVED), became_solved=BECAME_SOLVED)
    started = CLOCKS.format(now=now, era=era_of(f"{local('s.a', zone)}::DATE", eras(policies)))
    (join_lo, lo), (join_hi, hi) = worked("t.lo", "t.calendar_no", "wl"), worked("t.hi", "t.calendar_no", "wh")
    pieces = PIECES.format(worked_lo=lo, worked_hi=hi, joins=f"{join_lo} {join_hi}")
    result = RESULT.format(
        into=into, verdicts=due("timing_verdicts"), a=timestamp("d.a"), b=timestamp("d.b"),
        due=timestamp("coalesce(d.breached, d.due)"), breached=timestamp("d.breached"), decided=timestamp("d.decided"),
        started_day=local("d.a", zone), decided_day=local("d.decided", zone),
    )  # fmt: skip
    team, priority = attribute_pieces("team", "coalesce(old, new)"), attribute_pieces("priority", "old")
    for statement in (COVERED, team, priority, standing, started, PROMISED, pieces, VERDICTS, result):
        con.execute(statement)
