"""Whose words count as whose: robots by name, staff by deeds; and from when a ticket is owed its first answer."""

import duckdb

from insights.settings import Settings
from insights.timing.statements import run


def hear(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Write down who acted as somebody else than the export says."""
    name_robots(con, settings)
    run(con, "staff", "acted_as", "event_voices", staff_by_deeds=settings.answers.staff_by_deeds)


def name_robots(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Find the ids of the robots the settings name."""
    run(con, "robot_names")
    named = [(None, settings.robots.names), *settings.robots.by_source.items()]
    for source, patterns in named:
        for pattern in patterns:
            con.execute("INSERT INTO timing_robot_names VALUES (?, ?)", [source, as_like(pattern)])
    run(con, "robots")


def as_like(pattern: str) -> str:
    """Return a name in which only * stands for any letters, as the engine compares it."""
    plain = "".join(f"\\{letter}" if letter in "\\%_" else letter for letter in pattern.lower())
    return plain.replace("*", "%")


def owe(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Find from when each ticket is owed its first answer."""
    answers = settings.answers
    run(con, "robot_marks", "owed_answers", agent_opened=answers.agent_opened, count_from=settings.robots.count_from)
