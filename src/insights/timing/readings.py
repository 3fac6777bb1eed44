"""Every reading of every ticket's figures, from the history tables of a build; a vendor's rules in place of ours.

All in set-based SQL over the temporary tables `timing_*`: one pass over comments, one over states, one over
assignments. A reading is NULL where the ticket's history does not record what it needs.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Set

import duckdb

from insights.settings import Settings
from insights.timing.calendars import numbers, worked
from insights.timing.history import BECAME_SOLVED, IS_SOLVED, IS_UNSOLVED, seconds, timestamp, words
from insights.timing.rules import FIGURES, RULES, Reading, Rule
from insights.timing.tickets import STATES, UNITS, local, seconds_of

GROUPS = {"work": ("new", "open"), "pending": ("pending",), "hold": ("hold",)}
STRETCHES = {"all": "true", "first": "turn = 0", "last": "turn = solves - 1", "finished": "b IS NOT NULL"}
STOPS = (
    "bot_reply", "internal_note", "opening_comment", "reply_or_solve", "picked_up", "first_solve", "last_solve",
    "closed", "reopened",
)  # fmt: skip

HEARD = """
CREATE OR REPLACE TEMP TABLE timing_heard AS
SELECT n, min(moment) FILTER (answers OR automatic) AS bot_reply,
    min(moment) FILTER (answers OR noted) AS internal_note, min(moment) FILTER (answers OR opened) AS opening_comment
FROM timing_comments GROUP BY n"""

# Picked up: assigned for the first time, or no longer new.
PICKED = f"""
CREATE OR REPLACE TEMP TABLE timing_picked AS
SELECT n, min(moment) AS picked_up FROM (
    SELECT t.n, greatest({seconds("e.at")}, t.created) AS moment
    FROM ticket_events AS e JOIN timing_tickets AS t USING (source, ticket_id)
    WHERE e.field = 'agent' AND e.new IS NOT NULL AND e.at IS NOT NULL
    UNION ALL SELECT n, a FROM timing_spans WHERE previous = 'new' AND n IN (SELECT n FROM timing_logged)) GROUP BY n"""


def _spent(calendar_no: int, now: int, stretches: Set[str]) -> str:
    """Return the statement for each logged ticket's solves, last reopening and closing, and time by group of states.

    `turn` counts the solves before a stretch: 0 until the first one. Only the `stretches` asked for are measured.
    """
    until = f"coalesce(s.b, greatest(s.a, {now}))"
    start, w_start = worked("s.a", str(calendar_no), "wa")
    end, w_end = worked(until, str(calendar_no), "wb")
    sums = [
        f"coalesce(sum({length}) FILTER (status IN {words(states)} AND {stretch}), 0)::BIGINT AS {group}_{name}{unit}"
        for group, states in GROUPS.items()
        for name, stretch in STRETCHES.items()
        if name in stretches
        for unit, length in zip(UNITS, ("length", "worked"), strict=True)
    ]
    reopened = f"status {IS_UNSOLVED} AND previous {IS_SOLVED} AND turn = solves - 1"
    return f"""
    CREATE OR REPLACE TEMP TABLE timing_spent AS
    WITH turns AS (
        SELECT *, sum(({BECAME_SOLVED})::INT) OVER (PARTITION BY n ORDER BY span ROWS UNBOUNDED PRECEDING) AS turn,
            sum(({BECAME_SOLVED})::INT) OVER (PARTITION BY n) AS solves
        FROM timing_spans WHERE n IN (SELECT n FROM timing_logged)),
    measured AS (
        SELECT s.*, {until} - s.a AS length, {w_end} - {w_start} AS worked FROM turns AS s {start} {end})
    SELECT n, max(solves) AS solves, max(a) FILTER ({reopened}) AS reopened,
        {", ".join(["max(a) FILTER (status = 'closed') AS closed", *sums])}
    FROM measured GROUP BY n"""


MOMENTS_OF = f"""
CREATE OR REPLACE TEMP TABLE timing_moments AS
SELECT k.n, k.created, h.bot_reply, h.internal_note, h.opening_comment,
    least(k.first_response, k.first_solved) AS reply_or_solve, p.picked_up, k.first_solved AS first_solve,
    k.solved AS last_solve, coalesce(s.closed, {seconds("o.closed_at")}) AS closed, s.reopened
FROM timing_known AS k JOIN tickets AS o ON o.rowid = k.n LEFT JOIN timing_heard AS h ON h.n = k.n
LEFT JOIN timing_picked AS p ON p.n = k.n LEFT JOIN timing_spent AS s ON s.n = k.n"""


def _worked(calendar_no: int) -> str:
    looked_up = {m: worked(f"m.{m}", str(calendar_no), f"w{i}") for i, m in enumerate(("created", *STOPS))}
    return f"""
    CREATE OR REPLACE TEMP TABLE timing_worked AS
    SELECT m.n, {", ".join(f"{w} AS {name}" for name, (_, w) in looked_up.items())}
    FROM timing_moments AS m {" ".join(join for join, _ in looked_up.values())}"""


def known(figure: str, reading: Reading) -> str:
    """Return whether a ticket's history records what a reading needs (aliases k, m, s)."""
    if reading.states:
        return "k.logged" if figure in STATES else "k.logged AND s.solves > 0"
    return "k.logged OR m.picked_up IS NOT NULL" if reading.stop == "picked_up" else "true"


def value(figure: str, reading: Reading, unit: str) -> str:
    """Return one reading of a figure (aliases d, k, m, w, s): ours as derived, another one from its moments or states.

    NULL where a moment lies before its start, and for a resolution that has not come about.
    """
    if not (reading.stop or reading.states):
        return f"d.{figure}{unit}"
    if reading.states:
        found = " + ".join(f"s.{group}_{reading.stretch}{unit}" for group in reading.states)
        found = f"CASE WHEN {known(figure, reading)} THEN {found} END"
    else:
        lengths = "m" if unit == "_s" else "w"
        length = f"{lengths}.{reading.stop} - {lengths}.{reading.start}"
        found = f"CASE WHEN m.{reading.stop} >= m.{reading.start} THEN {length} END"
    solved = f"k.state {IS_SOLVED} AND k.solved IS NOT NULL"
    return f"CASE WHEN {solved} THEN {found} END" if reading.while_solved else found


# A figure is the source's own where neither events nor its timestamps say it; of a reopened ticket without events, the
# first solve is made from the reported figure.
NOT_OURS = {
    "first_response": "k.first_response IS NULL AND NOT k.talks",
    "first_resolution": """NOT k.logged AND o.first_solved_at IS NULL
        AND (o.solved_at IS NULL OR coalesce(o.reopens, 0) <> 0)""",
    "full_resolution": "k.solved IS NULL AND NOT k.logged",
    **dict.fromkeys(("requester_wait", "agent_wait", "on_hold"), "NOT k.logged"),
}


def read(
    con: duckdb.DuckDBPyConnection, settings: Settings, as_of: dt.datetime, wanted: Mapping[str, Collection[Reading]]
) -> None:
    """Build `timing_read`: per ticket each wanted reading, whether it is known, and whose each figure is."""
    number = numbers(settings)[settings.calendar]
    stretches = {reading.stretch for readings in wanted.values() for reading in readings if reading.states}
    for statement in (HEARD, PICKED, _spent(number, seconds_of(as_of), stretches), MOMENTS_OF, _worked(number)):
        con.execute(statement)
    columns = [f"coalesce({condition}, true) AS {figure}_not_ours" for figure, condition in NOT_OURS.items()]
    for figure, readings in wanted.items():
        for reading in readings:
            columns += [f"{value(figure, reading, unit)} AS {column(figure, reading)}{unit}" for unit in UNITS]
            columns.append(f"coalesce({known(figure, reading)}, false) AS {column(figure, reading)}_known")
    con.execute(f"""
    CREATE OR REPLACE TEMP TABLE timing_read AS
    SELECT k.n, k.created, m.* EXCLUDE (n, created), coalesce(s.solves, 0) AS solves, {", ".join(columns)}
    FROM timing_known AS k JOIN timing_derived AS d ON d.n = k.n JOIN tickets AS o ON o.rowid = k.n
    JOIN timing_moments AS m ON m.n = k.n JOIN timing_worked AS w ON w.n = k.n
    LEFT JOIN timing_spent AS s ON s.n = k.n""")


def column(figure: str, reading: Reading) -> str:
    """Return the name of a reading's columns in `timing_read`, without the unit."""
    return f"{figure}__{reading.name}"


def by_rule(rule: Rule, figure: str, measured: str) -> str:
    """Return a figure by a rule (aliases d, v); where the history does not record what it needs, ours stands."""
    reading = rule.reading(figure)
    found = f"d.{figure}{measured}"
    if reading.stop or reading.states:
        of = column(figure, reading)
        found = f"CASE WHEN v.{of}_known THEN v.{of}{measured} ELSE {found} END"
    return f"({found}) // {rule.round_s} * {rule.round_s}" if rule.round_s > 1 else found


def apply(con: duckdb.DuckDBPyConnection, settings: Settings, as_of: dt.datetime) -> None:
    """Put the figures by the settings' rules in place of ours in `timing_derived`; a source's own figure stays."""
    rule = RULES[settings.rules]
    if rule == RULES["own"]:
        return
    read(con, settings, as_of, {figure: (rule.reading(figure),) for figure in FIGURES})
    figures = {
        f"{figure}{unit}": f"CASE WHEN v.{figure}_not_ours THEN d.{figure}{unit} ELSE {of} END"
        for figure in FIGURES
        for unit in UNITS
        for of in [by_rule(rule, figure, rule.unit(figure, unit))]
    }
    figures |= {f"agent_work{u}": _agent_work(rule, u) for u in UNITS}
    if stop := rule.reading("first_response").stop:
        of = column("first_response", rule.reading("first_response"))
        ours = f"v.first_response_not_ours OR NOT v.{of}_known"
        zone = settings.company.time_zone
        figures["first_response_at"] = f"CASE WHEN {ours} THEN d.first_response_at ELSE {timestamp(f'v.{stop}')} END"
        figures["response_day"] = f"CASE WHEN {ours} THEN d.response_day ELSE {local(f'v.{stop}', zone)}::DATE END"
    con.execute(f"""
    CREATE OR REPLACE TEMP TABLE timing_derived AS
    SELECT d.* REPLACE ({", ".join(f"{found} AS {name}" for name, found in figures.items())})
    FROM timing_derived AS d JOIN timing_read AS v ON v.n = d.n""")


def _agent_work(rule: Rule, unit: str) -> str:
    rounded = f"d.agent_work{unit} // {rule.round_s} * {rule.round_s}"
    return f"CASE WHEN v.requester_wait_not_ours THEN d.agent_work{unit} ELSE {rounded} END"
