"""The words and the arithmetic all statements share, as macros of the engine: made anew in every connection."""

from pathlib import Path

import duckdb

from insights import schema
from insights.kept import kept
from insights.schema import SOLVED, UNSOLVED, WORDS
from insights.schema.working_time import STRIDE
from insights.timing.hours import DAY_S


def listed(words: tuple[str, ...]) -> str:
    """Return words as a list of the engine."""
    return "(" + ", ".join(f"'{w}'" for w in words) + ")"


def _worked() -> str:
    import sqlalchemy as sa

    return str(schema.worked_until(schema.calendar_days.alias("day"), sa.literal_column(f"(second % {DAY_S})")))


_WORKED = kept(Path(__file__).parent, "worked", (Path(__file__), *Path(schema.__file__).parent.glob("*.py")), _worked)
MACROS = {
    "whole_seconds(moment)": "epoch_us(moment) // 1000000",
    "as_timestamp(second)": "make_timestamp(second * 1000000)",
    "local_time(second, zone)": "timezone(zone, make_timestamptz(second * 1000000))",
    "is_status(word)": f"word IN {listed(WORDS['status'])}",
    "is_unsolved(word)": f"word IN {listed(UNSOLVED)}",
    "is_solved(word)": f"word IN {listed(SOLVED)}",
    "became_solved(word, before)": "is_solved(word) AND (before IS NULL OR NOT is_solved(before))",
    "stopped_waiting(word, before)": "NOT is_unsolved(word) AND (before IS NULL OR is_unsolved(before))",
    "began_waiting(word, before)": "is_unsolved(word) AND NOT is_unsolved(before)",
    # What a ticket was before its first recorded change: as the event says, else the unsolved state it was found in.
    "first_status(before, word)": "CASE WHEN is_status(before) THEN before WHEN is_unsolved(word) THEN word "
    "ELSE 'open' END",
    "not_negative(figure)": "CASE WHEN figure >= 0 THEN figure END",
    "less_hold(wait, hold)": "CASE WHEN wait >= hold AND hold >= 0 THEN wait - hold END",
    "between_moments(start, stop, length, silent, reported)": "CASE WHEN stop IS NOT NULL THEN "
    "CASE WHEN stop >= start THEN length END WHEN NOT silent THEN not_negative(reported) END",
    "is_broken(state)": "state IN ('breached', 'breached_open')",
    "is_decided(state)": "state = 'met' OR is_broken(state)",
    "covers(allowed, word)": "len(allowed) = 0 OR list_contains(allowed, word)",
    "calendar_day(number, second)": f"CASE WHEN number > 0 THEN number * {STRIDE} + second // {DAY_S} END",
    # The working seconds of a calendar up to a second, `day` being its row of calendar_days; unknown outside its range.
    "worked(number, second, day)": f"CASE WHEN number = 0 THEN second WHEN day.day IS NOT NULL THEN {_WORKED} END",
}
"""Each macro by its call."""


def make(con: duckdb.DuckDBPyConnection) -> None:
    """Make every macro, those others rest on first."""
    for call, meaning in MACROS.items():
        con.execute(f"CREATE OR REPLACE TEMP MACRO {call} AS ({meaning})")
