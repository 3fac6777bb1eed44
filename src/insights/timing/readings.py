"""Every reading of every ticket's figures, from the history tables of a build; a vendor's rules in place of ours.

All in set-based SQL over the temporary tables `timing_*`: one pass over comments, one over states, one over
assignments. A reading is NULL where the ticket's history does not record what it needs.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Set

import duckdb

from insights.settings import Settings
from insights.timing.macros import listed
from insights.timing.rules import FIGURES, RULES, Reading, Rule
from insights.timing.statements import run
from insights.timing.tickets import STATES, UNITS, seconds_of

GROUPS = {"work": ("new", "open"), "pending": ("pending",), "hold": ("hold",)}
STRETCHES = {"all": "true", "first": "turn = 0", "last": "turn = solves - 1", "finished": "until IS NOT NULL"}
STOPS = (
    "agent_opened",
    "robot",
    "bot_reply",
    "internal_note",
    "opening_comment",
    "reply_or_solve",
    "picked_up",
    "first_solve",
    "last_solve",
    "closed",
    "reopened",
    "first_reply",
    "team_that_replied",
    "team_that_solved",
)


def _spent(stretches: Set[str]) -> str:
    """Return the statement for each logged ticket's solves, last reopening and closing, and time by group of states.

    Only the `stretches` asked for are measured.
    """
    sums = [
        f"coalesce(sum({length}) FILTER (status IN {listed(states)} AND {stretch}), 0)::BIGINT AS {group}_{name}{unit}"
        for group, states in GROUPS.items()
        for name, stretch in STRETCHES.items()
        if name in stretches
        for unit, length in zip(UNITS, ("length_s", "worked_s"), strict=True)
    ]
    reopened = "is_unsolved(status) AND is_solved(previous) AND turn = solves - 1"
    return f"""
    CREATE OR REPLACE TEMP TABLE timing_spent AS
    SELECT ticket_no, max(solves) AS solves, max(since) FILTER ({reopened}) AS reopened,
        {", ".join(["max(since) FILTER (status = 'closed') AS closed", *sums])}
    FROM timing_measured_turns GROUP BY ticket_no"""


def _worked() -> str:
    """Return the statement for the working seconds up to each moment of the readings."""
    moments = ("created", *STOPS)
    joins = (
        f"LEFT JOIN calendar_days AS day_{name} ON day_{name}.day = calendar_day(ticket.calendar_no, moment.{name})"
        for name in moments
    )
    return f"""
    CREATE OR REPLACE TEMP TABLE timing_worked_readings AS
    SELECT moment.ticket_no, {", ".join(f"worked(ticket.calendar_no, moment.{m}, day_{m}) AS {m}" for m in moments)}
    FROM timing_read_moments AS moment
    JOIN timing_tickets AS ticket ON ticket.ticket_no = moment.ticket_no {" ".join(joins)}"""


def known(figure: str, reading: Reading) -> str:
    """Return whether a ticket's history records what a reading needs (aliases known, moment, spent)."""
    if reading.states:
        return "known.logged" if figure in STATES else "known.logged AND spent.solves > 0"
    return "known.logged OR moment.picked_up IS NOT NULL" if reading.stop == "picked_up" else "true"


def value(figure: str, reading: Reading, unit: str) -> str:
    """Return one reading of a figure : ours as derived, another one from its moments or states.

    NULL where a moment lies before its start, and for a resolution that has not come about.
    """
    if not (reading.stop or reading.states):
        return f"derived.{figure}{unit}"
    if reading.states:
        found = " + ".join(f"spent.{group}_{reading.stretch}{unit}" for group in reading.states)
        found = f"CASE WHEN {known(figure, reading)} THEN {found} END"
    else:
        lengths = "moment" if unit == "_s" else "worked"
        length = f"{lengths}.{reading.stop} - {lengths}.{reading.start}"
        found = f"CASE WHEN moment.{reading.stop} >= moment.{reading.start} THEN {length} END"
    solved = "is_solved(known.state) AND known.solved IS NOT NULL"
    return f"CASE WHEN {solved} THEN {found} END" if reading.while_solved else found


# A figure is the source's own where neither events nor its timestamps say it; of a reopened ticket without events, the
# first solve is made from the reported figure.
NOT_OURS = {
    "first_response": "known.first_response IS NULL AND NOT known.talks",
    "first_resolution": """NOT known.logged AND own.first_solved_at IS NULL
        AND (own.solved_at IS NULL OR own.reopens IS DISTINCT FROM 0)""",
    "full_resolution": "known.solved IS NULL AND NOT known.logged",
    **dict.fromkeys(("requester_wait", "agent_wait", "on_hold"), "NOT known.logged"),
}


def read(con: duckdb.DuckDBPyConnection, as_of: dt.datetime, wanted: Mapping[str, Collection[Reading]]) -> None:
    """Build `timing_read`: per ticket each wanted reading, whether it is known, and whose each figure is."""
    stretches = {reading.stretch for readings in wanted.values() for reading in readings if reading.states}
    run(con, "heard", "picked_up", "measured_turns", now=seconds_of(as_of))
    con.execute(_spent(stretches))
    run(con, "read_moments")
    con.execute(_worked())
    columns = [f"coalesce({condition}, true) AS {figure}_not_ours" for figure, condition in NOT_OURS.items()]
    for figure, readings in wanted.items():
        for reading in readings:
            columns += [f"{value(figure, reading, unit)} AS {column(figure, reading)}{unit}" for unit in UNITS]
            columns.append(f"coalesce({known(figure, reading)}, false) AS {column(figure, reading)}_known")
    con.execute(f"""
    CREATE OR REPLACE TEMP TABLE timing_read AS
    SELECT known.ticket_no, known.created, moment.* EXCLUDE (ticket_no, created), coalesce(spent.solves, 0) AS solves,
        {", ".join(columns)}
    FROM timing_known_moments AS known
    JOIN timing_derived AS derived ON derived.ticket_no = known.ticket_no
    JOIN tickets AS own ON own.rowid = known.ticket_no
    JOIN timing_read_moments AS moment ON moment.ticket_no = known.ticket_no
    JOIN timing_worked_readings AS worked ON worked.ticket_no = known.ticket_no
    LEFT JOIN timing_spent AS spent ON spent.ticket_no = known.ticket_no""")


def column(figure: str, reading: Reading) -> str:
    """Return the name of a reading's columns in `timing_read`, without the unit."""
    return f"{figure}__{reading.name}"


def by_rule(rule: Rule, figure: str, measured: str) -> str:
    """Return a figure by a rule; where the history does not record what it needs, ours stands."""
    reading = rule.reading(figure)
    found = f"derived.{figure}{measured}"
    if reading.stop or reading.states:
        of = column(figure, reading)
        found = f"CASE WHEN reading.{of}_known THEN reading.{of}{measured} ELSE {found} END"
    return f"({found}) // {rule.round_s} * {rule.round_s}" if rule.round_s > 1 else found


def apply(con: duckdb.DuckDBPyConnection, settings: Settings, as_of: dt.datetime) -> None:
    """Put the figures by the settings' rules in place of ours in `timing_derived`; a source's own figure stays."""
    rule = RULES[settings.rules]
    if rule == RULES["own"]:
        return
    read(con, as_of, {figure: (rule.reading(figure),) for figure in FIGURES})
    figures = {
        f"{figure}{unit}": f"CASE WHEN reading.{figure}_not_ours THEN derived.{figure}{unit} ELSE {of} END"
        for figure in FIGURES
        for unit in UNITS
        for of in [by_rule(rule, figure, rule.unit(figure, unit))]
    }
    figures |= {f"agent_work{u}": _agent_work(rule, u) for u in UNITS}
    if stop := rule.reading("first_response").stop:
        of = column("first_response", rule.reading("first_response"))
        ours = f"reading.first_response_not_ours OR NOT reading.{of}_known"
        day = f"local_time(reading.{stop}, $zone)::DATE"
        figures["first_response_at"] = (
            f"CASE WHEN {ours} THEN derived.first_response_at ELSE as_timestamp(reading.{stop}) END"
        )
        figures["response_day"] = f"CASE WHEN {ours} THEN derived.response_day ELSE {day} END"
    replaced = f"""
    CREATE OR REPLACE TEMP TABLE timing_derived AS
    SELECT derived.* REPLACE ({", ".join(f"{found} AS {name}" for name, found in figures.items())})
    FROM timing_derived AS derived JOIN timing_read AS reading USING (ticket_no)"""
    con.execute(replaced, {"zone": settings.company.time_zone} if "$zone" in replaced else None)


def _agent_work(rule: Rule, unit: str) -> str:
    rounded = f"derived.agent_work{unit} // {rule.round_s} * {rule.round_s}"
    return f"CASE WHEN reading.requester_wait_not_ours THEN derived.agent_work{unit} ELSE {rounded} END"
