"""`status_spans` and `reply_cycles`: the stretches that backlog, time in state and next responses are counted from."""

import datetime as dt

import duckdb

from insights.settings import Settings
from insights.timing.calendars import numbers, worked
from insights.timing.history import timestamp
from insights.timing.tickets import local


def publish(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Fill status_spans and reply_cycles from the history tables."""
    zone = settings.company.time_zone
    days = f"{local('s.a', zone)}::DATE, {local('s.b', zone)}::DATE"
    con.execute("DELETE FROM status_spans")
    con.execute(f"""
    INSERT INTO status_spans (source, ticket_id, span, status, started_at, ended_at, previous, started_day, ended_day)
    SELECT t.source, t.ticket_id, s.span, s.status, {timestamp("s.a")}, {timestamp("s.b")}, s.previous, {days}
    FROM timing_spans AS s JOIN timing_tickets AS t ON t.n = s.n""")
    start, w_start = worked("s.a", str(numbers(settings)[settings.calendar]), "wa")
    end, w_end = worked("s.b", str(numbers(settings)[settings.calendar]), "wb")
    con.execute("DELETE FROM reply_cycles")
    con.execute(f"""
    INSERT INTO reply_cycles (source, ticket_id, cycle, started_at, ended_at, answered, wait_s, wait_business_s,
        started_day, ended_day)
    SELECT t.source, t.ticket_id, s.cycle, {timestamp("s.a")}, {timestamp("s.b")}, s.answered,
        CASE WHEN s.answered AND s.b >= s.a THEN s.b - s.a END, CASE WHEN s.answered AND s.b >= s.a
            THEN {w_end} - {w_start} END, {days}
    FROM timing_cycles AS s JOIN timing_tickets AS t ON t.n = s.n {start} {end}""")


def status_at(con: duckdb.DuckDBPyConnection, at: dt.datetime) -> duckdb.DuckDBPyRelation:
    """Return (source, ticket_id, status) of every ticket that existed at an instant, excluded ones included."""
    return con.sql(
        """
        SELECT source, ticket_id, status FROM status_spans
        WHERE started_at <= $1 AND (ended_at > $1 OR ended_at IS NULL)""",
        params=[at],
    )
