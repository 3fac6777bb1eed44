"""`status_spans`, `ticket_holders`, `reply_cycles`: what backlog, time in state and next responses are counted from."""

import datetime as dt

import duckdb

from insights.settings import Settings
from insights.timing.statements import run


def publish(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Add the stretches of the tickets at hand from the history tables."""
    run(
        con,
        "status_spans",
        "ticket_holders",
        "reply_cycles",
        zone=settings.company.time_zone,
        credit=settings.answers.credit,
    )


def status_at(con: duckdb.DuckDBPyConnection, at: dt.datetime) -> duckdb.DuckDBPyRelation:
    """Return (source, ticket_id, status) of every ticket that existed at an instant, excluded ones included."""
    return con.sql(
        """
        SELECT source, ticket_id, status FROM status_spans
        WHERE started_at <= $1 AND (ended_at > $1 OR ended_at IS NULL)""",
        params=[at],
    )
