"""The derived columns of tickets: durations in calendar and working time, counts, local days, what they rest on."""

import datetime as dt

import duckdb

from insights.settings import Settings
from insights.timing.calendars import numbers, worked
from insights.timing.history import BECAME_SOLVED, IS_SOLVED, IS_UNSOLVED, seconds, timestamp, words

OWN_TIMES = ("first_response_at", "first_solved_at", "solved_at")
OWN_COUNTS = ("replies", "reopens", "reassignments", "transfers")
OWN = (*OWN_TIMES, *OWN_COUNTS)
"""Columns a source may fill and its events may correct; the source's own values are kept in ticket_as_loaded."""

STATES = {
    "requester_wait": ("new", "open", "hold"),
    "agent_work": ("new", "open"),
    "agent_wait": ("pending",),
    "on_hold": ("hold",),
}
UNITS = ("_s", "_business_s")
MOMENTS = {"first_response": "first_response", "first_resolution": "first_solved", "full_resolution": "solved"}

# Each ticket's number of changes of agent or team: the first assignment and gaps without one do not count. What it was
# taken from is known too: T1 -> nobody -> T2 is one change, also when the log begins there.
MOVES = """
CREATE OR REPLACE TEMP TABLE timing_moves AS
SELECT n, count(*) FILTER (field = 'agent' AND new <> before) AS reassignments, bool_or(field = 'agent') AS logs_agent,
    count(*) FILTER (field = 'team' AND new <> before) AS transfers, bool_or(field = 'team') AS logs_team
FROM (SELECT t.n, e.field, e.new,
    coalesce(lag(coalesce(e.new, e.old)) OVER (PARTITION BY t.n, e.field ORDER BY e.at, e.seq), e.old) AS before
    FROM ticket_events AS e JOIN timing_tickets AS t USING (source, ticket_id)
    WHERE e.field IN ('agent', 'team') AND coalesce(e.new, e.old) IS NOT NULL AND e.at IS NOT NULL) GROUP BY n"""

SAID = """
CREATE OR REPLACE TEMP TABLE timing_said AS
SELECT n, min(raw) FILTER (answers) AS response, count(*) FILTER (answers) AS replies FROM timing_comments GROUP BY n"""


def _waits(calendar_no: int, now: int) -> str:
    """Return the statement for each logged ticket's solves, reopens, state now and time in states until `now`."""
    until = f"coalesce(s.b, greatest(s.a, {now}))"
    start, w_start = worked("s.a", str(calendar_no), "wa")
    end, w_end = worked(until, str(calendar_no), "wb")
    sums = ", ".join(
        f"coalesce(sum({length}) FILTER (status IN {words(states)}), 0)::BIGINT AS {name}{unit}"
        for name, states in STATES.items()
        for unit, length in (("_s", "length"), ("_business_s", "worked"))
    )
    return f"""
    CREATE OR REPLACE TEMP TABLE timing_waits AS
    SELECT n, min(raw) FILTER ({BECAME_SOLVED}) AS first_solve, max(raw) FILTER ({BECAME_SOLVED}) AS last_solve,
        count(*) FILTER (status {IS_UNSOLVED} AND previous {IS_SOLVED}) AS reopens,
        max(status) FILTER (b IS NULL) AS status_now, {sums}
    FROM (SELECT s.*, {until} - s.a AS length, {w_end} - {w_start} AS worked FROM timing_spans AS s {start} {end}
        WHERE s.n IN (SELECT n FROM timing_logged)) GROUP BY n"""


# Events win over the source's own column, except for the last solve: a source that keeps it is believed up to its
# last update (ServiceNow's resolved_at is the last confirmation, and empty where it does not count a resolution).
# A Zendesk export has no first solve: of a reopened ticket it is creation plus the reported minutes.
KNOWN = f"""
CREATE OR REPLACE TEMP TABLE timing_known AS
WITH own AS (
    SELECT t.n, t.created, s.keeps_solved, s.logs_comments, s.logs_agents, s.logs_teams, o.status,
        o.reported_first_resolution_s,
        {seconds("o.updated_at")} AS updated, {seconds("o.closed_at")} AS closed,
        {", ".join(f"{seconds('o.' + c)} AS own_{c[:-3]}" for c in OWN_TIMES)},
            {", ".join(f"o.{c} AS own_{c}" for c in OWN_COUNTS)},
        w.* EXCLUDE (n), w.n IS NOT NULL AS logged, c.n IS NOT NULL AS talks, c.response, c.replies AS said,
        w.n IS NOT NULL OR c.n IS NOT NULL AS has_events, m.* EXCLUDE (n)
    FROM timing_tickets AS t JOIN tickets AS o ON o.rowid = t.n JOIN timing_sources AS s ON s.source = t.source
    LEFT JOIN timing_waits AS w ON w.n = t.n LEFT JOIN timing_said AS c ON c.n = t.n LEFT JOIN timing_moves AS m
        ON m.n = t.n),
judged AS (
    SELECT *, coalesce(status_now, status, CASE WHEN own_solved IS NOT NULL OR closed IS NOT NULL THEN 'solved'
            WHEN keeps_solved THEN 'open' END) AS state,
        own_solved IS NULL AND keeps_solved AND last_solve <= updated AS not_solved
    FROM own)
SELECT n, created, state, logged, talks, has_events,
    {", ".join(f"{name}{unit}" for name in STATES for unit in UNITS)},
    CASE WHEN talks THEN response ELSE own_first_response END AS first_response,
    CASE WHEN logged AND not_solved AND state {IS_SOLVED} THEN NULL WHEN logged THEN coalesce(first_solve, own_solved)
        ELSE coalesce(own_first_solved, CASE WHEN coalesce(own_reopens, 0) = 0 THEN own_solved END,
            CASE WHEN reported_first_resolution_s >= 0 THEN least(created + reported_first_resolution_s,
                own_solved) END) END AS first_solved,
    CASE WHEN NOT logged THEN own_solved WHEN not_solved THEN NULL
        WHEN own_solved IS NULL OR last_solve > coalesce(updated, own_solved) THEN last_solve
            ELSE own_solved END AS solved,
    CASE WHEN talks THEN said WHEN logs_comments AND has_events THEN coalesce(own_replies, 0)
        ELSE own_replies END AS replies,
    CASE WHEN logged THEN reopens ELSE own_reopens END AS reopens,
    CASE WHEN logs_agent THEN reassignments WHEN logs_agents AND has_events THEN coalesce(own_reassignments, 0)
        ELSE own_reassignments END AS reassignments,
    CASE WHEN logs_team THEN transfers WHEN logs_teams AND has_events THEN coalesce(own_transfers, 0)
        ELSE own_transfers END AS transfers
FROM judged"""


def local(at: str, zone: str) -> str:
    """Return whole seconds since 1970 as a timestamp of the zone's wall clock."""
    return f"timezone('{zone}', timezone('UTC', {timestamp(at)}))"


def _figure(name: str, unit: str) -> str:
    """Return one duration: from moments or states where they are known, else the source's own figure."""
    reported = f"CASE WHEN o.reported_{name}{unit} >= 0 THEN o.reported_{name}{unit} END"
    if name == "agent_work":
        wait, hold = (f"o.reported_{part}{unit}" for part in ("requester_wait", "on_hold"))
        reported = f"CASE WHEN {wait} >= {hold} AND {hold} >= 0 THEN {wait} - {hold} END"
    if name in STATES:
        return f"CASE WHEN k.logged THEN k.{name}{unit} ELSE {reported} END"
    moment = MOMENTS[name]
    length = f"k.{moment} - k.created" if unit == "_s" else f"w_{moment} - w_created"
    measured = f"CASE WHEN k.{moment} >= k.created THEN {length} END"
    silent = "k.talks" if name == "first_response" else "k.logged"
    figure = f"CASE WHEN k.{moment} IS NOT NULL THEN {measured} WHEN NOT {silent} THEN {reported} END"
    return f"CASE WHEN k.state {IS_SOLVED} THEN {figure} END" if name == "full_resolution" else figure


def _derived(settings: Settings) -> str:
    """Return the statement for every derived column of every ticket."""
    number, zone = str(numbers(settings)[settings.calendar]), settings.company.time_zone
    looked_up = {m: worked(f"k.{m}", number, f"w{i}") for i, m in enumerate(("created", *MOMENTS.values()))}
    figures = {f"{name}{unit}": _figure(name, unit) for name in (*MOMENTS, *STATES) for unit in UNITS}
    stated = [
        f"k.{moment} IS NULL AND f.{name}{unit} IS NOT NULL" for name, moment in MOMENTS.items() for unit in UNITS
    ]
    taken = " OR ".join([*stated, *(f"f.{name}{unit} IS NOT NULL" for name in STATES for unit in UNITS)])
    return f"""
    CREATE OR REPLACE TEMP TABLE timing_derived AS
    WITH worked AS (
        SELECT k.n, {", ".join(f"{w} AS w_{m}" for m, (_, w) in looked_up.items())}
        FROM timing_known AS k {" ".join(join for join, _ in looked_up.values())}),
    figures AS (
        SELECT k.n, {", ".join(f"{figure} AS {name}" for name, figure in figures.items())}
        FROM timing_known AS k JOIN worked AS w ON w.n = k.n JOIN tickets AS o ON o.rowid = k.n)
    SELECT k.n, {", ".join(f"{timestamp('k.' + c[:-3])} AS {c}" for c in OWN_TIMES)},
        {", ".join(f"k.{c}" for c in OWN_COUNTS)},
        {", ".join(f"f.{name}" for name in figures)},
        CASE WHEN k.has_events THEN 'events' WHEN {taken} THEN 'reported' ELSE 'timestamps' END AS clock_basis,
        o.excluded IS NULL AND o.merged_into IS NULL AND k.state {IS_UNSOLVED} AS is_open,
        {local("k.created", zone)} AS created_local,
        {local("k.first_response", zone)}::DATE AS response_day,
        {local("k.first_solved", zone)}::DATE AS first_solved_day, {local("k.solved", zone)}::DATE AS solved_day
    FROM timing_known AS k JOIN figures AS f ON f.n = k.n JOIN tickets AS o ON o.rowid = k.n"""


def compute(con: duckdb.DuckDBPyConnection, settings: Settings, as_of: dt.datetime) -> None:
    """Compute the derived columns of every ticket from the history tables."""
    waits = _waits(numbers(settings)[settings.calendar], seconds_of(as_of))
    for statement in (MOVES, SAID, waits, KNOWN, _derived(settings)):
        con.execute(statement)


def seconds_of(moment: dt.datetime) -> int:
    """Return a naive UTC moment as whole seconds since 1970."""
    return int(moment.replace(tzinfo=dt.UTC).timestamp())


def write(con: duckdb.DuckDBPyConnection) -> None:
    """Fill the derived columns of every ticket with what was computed."""
    figures = [f"{name}{unit}" for name in (*MOMENTS, *STATES) for unit in UNITS]
    con.execute(f"""
    INSERT INTO ticket_as_loaded (source, ticket_id, {", ".join(OWN)})
    SELECT o.source, o.ticket_id, {", ".join(f"o.{c}" for c in OWN)}
    FROM tickets AS o JOIN timing_derived AS d ON d.n = o.rowid
    WHERE ({", ".join(f"o.{c}" for c in OWN)}) IS DISTINCT FROM ({", ".join(f"d.{c}" for c in OWN)})""")
    same = (*OWN, *figures, "clock_basis", "is_open", "first_solved_day", "solved_day")
    con.execute(f"""
    UPDATE tickets SET {", ".join(f"{c} = d.{c}" for c in same)}, created_day = d.created_local::DATE,
        created_hour = hour(d.created_local), created_weekday = isodow(d.created_local),
        first_response_day = coalesce(d.response_day,
            CASE WHEN coalesce(d.first_response_s, d.first_response_business_s) IS NOT NULL
                THEN d.created_local::DATE END)
    FROM timing_derived AS d WHERE d.n = tickets.rowid""")
    for name in MOMENTS:
        con.execute(_only_in_working_time(name))


def _only_in_working_time(name: str) -> str:
    """Return the statement that takes a source's working-time figure for the calendar one, where it has no other.

    A Zendesk export may hold reply minutes within business hours alone: no answer at all would hide what is known, so
    the figure stands, and `clock_basis` (reported) makes every card say whose it is.
    """
    return f"""
    UPDATE tickets SET {name}_s = {name}_business_s WHERE clock_basis = 'reported' AND source IN (
        SELECT source FROM tickets GROUP BY source HAVING count({name}_s) = 0 AND count({name}_business_s) > 0)"""


def restore(con: duckdb.DuckDBPyConnection) -> None:
    """Put the source's own values back, so that a load compares export with export and derive starts from them."""
    con.execute(
        f"UPDATE tickets SET {', '.join(f'{c} = own.{c}' for c in OWN)} FROM ticket_as_loaded AS own "
        "WHERE own.source = tickets.source AND own.ticket_id = tickets.ticket_id"
    )
    con.execute("DELETE FROM ticket_as_loaded")


def problems(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return how many tickets have times that cannot be: such a duration is unknown and enters no average."""
    found = con.execute("""
    SELECT count(*) FILTER (first_response_at < created_at), count(*) FILTER (first_solved_at < created_at),
        count(*) FILTER (solved_at < created_at),
        count(*) FILTER (solved_at >= created_at AND full_resolution_s IS NOT NULL
            AND full_resolution_business_s IS NULL)
    FROM tickets""").fetchall()
    names = ("response_before_creation", "first_solve_before_creation", "solve_before_creation", "outside_calendar")
    return dict(zip(names, found[0], strict=True))
