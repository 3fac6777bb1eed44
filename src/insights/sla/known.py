"""The clocks as they stood at a moment: stored ones for the newest, the same history replayed for any before."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from insights import schema, timing
from insights.settings import Settings
from insights.sql import Rows
from insights.warehouse import Warehouse

Row = dict[str, Any]
Fetch = Callable[[sa.Select[Any]], list[Row]]


def like_clocks(name: str) -> sa.Table:
    """Return a table shaped like sla_clocks under another name."""
    return sa.Table(name, sa.MetaData(), *(sa.Column(c.name, c.type) for c in schema.sla_clocks.c))


def fetch_from(warehouse: Warehouse, con: Any) -> Fetch:
    """Return how to read selects from a replay's own database."""

    def fetch(select: sa.Select[Any]) -> list[Row]:
        found = con.execute(warehouse.sql(select))
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    return fetch


@contextmanager
def clocks_at(
    warehouse: Warehouse, settings: Settings, at: dt.datetime, only: sa.Select[Any]
) -> Iterator[tuple[Fetch, Rows]]:
    """Give how to read, and the clocks of the tickets `only` selects, exactly as they were known at a moment.

    What was stored last knows later pauses and reopens; a replay up to the moment does not.
    """
    if at >= warehouse.as_of:
        yield warehouse.fetch, schema.sla_clocks
        return
    done = timing.replay(warehouse.path, settings, at, only=warehouse.sql(only))
    try:
        done.con.execute("CREATE TEMP TABLE clocks_then AS FROM sla_clocks")
        done.con.execute("USE w")
        yield fetch_from(warehouse, done.con), like_clocks("clocks_then")
    finally:
        done.con.close()


def unsolved(at: dt.datetime) -> sa.Select[Any]:
    """Return the tickets that were unsolved at a moment."""
    s, moment = schema.status_spans.c, sa.literal(at, sa.DateTime())
    running = sa.or_(s.ended_at.is_(None), s.ended_at > moment)
    return sa.select(s.source, s.ticket_id).where(
        s.status.in_(schema.UNSOLVED), s.started_at <= moment, running
    ).distinct()  # fmt: skip
