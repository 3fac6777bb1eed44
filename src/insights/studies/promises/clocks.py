"""The clocks a study of promises reads: those of a period, and those known at a moment, replayed for any before."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from insights import schema, timing
from insights.dimensions import EVERY
from insights.metrics.bases import CLOCKS
from insights.metrics.core import Context, excluded
from insights.sql import Column, Rows
from insights.studies.core import Asker, Row

Fetch = Callable[[sa.Select[Any]], list[dict[str, Any]]]
BROKEN = ("breached", "breached_open")
RUNNING = ("at_risk", "on_track", "paused")


def clock_rows(context: Context) -> tuple[Rows, list[Column]]:
    """Return the clocks with their ticket's dimensions, and the conditions under which one counts at all."""
    rows = CLOCKS.rows(context)
    left_out = [sa.not_(condition) for _, condition in excluded(rows)]
    return rows, [rows.c.state != "cancelled", *left_out]


def outcome(rows: Rows) -> Column:
    """Return how a clock ended: met, broken, or running still."""
    broken = (rows.c.state.in_(BROKEN), "broken")
    return sa.case((rows.c.state == "met", "met"), broken, (rows.c.state.in_(RUNNING), "running"))


def listed(asker: Asker, where: Callable[[Rows], list[Column]]) -> list[Row]:
    """Return the clocks that count and for which all of `where` holds, with what a reader knows them by."""
    rows, counts = clock_rows(asker.context())
    names = (*CLOCKS.ids, *CLOCKS.shown, *(d.column for d in EVERY if d.column in rows.c))
    columns = [*(rows.c[name] for name in dict.fromkeys(names)), outcome(rows).label("outcome")]
    ordered = sa.select(*columns).where(*counts, *where(rows)).order_by(*(rows.c[name] for name in CLOCKS.ids))
    return list(asker.fetch(ordered))


def like_clocks(name: str) -> sa.Table:
    """Return a table shaped like sla_clocks under another name."""
    return sa.Table(name, sa.MetaData(), *(sa.Column(c.name, c.type) for c in schema.sla_clocks.c))


def fetch_from(asker: Asker, con: Any) -> Fetch:
    """Return how to read selects from a replay's own database."""

    def fetch(select: sa.Select[Any]) -> list[dict[str, Any]]:
        found = con.execute(asker.file_statement(select))
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    return fetch


@contextmanager
def clocks_at(asker: Asker, only: sa.Select[Any]) -> Iterator[tuple[Fetch, Rows]]:
    """Give how to read, and the clocks of the tickets `only` selects, exactly as they were known at the moment.

    What was stored last knows later pauses and reopens; a replay up to the moment does not.
    """
    if asker.at >= asker.warehouse.as_of:
        yield asker.fetch, schema.sla_clocks
        return
    done = timing.replay(asker.warehouse.file, asker.settings, asker.at, only=asker.file_statement(only))
    try:
        done.con.execute("CREATE TEMP TABLE clocks_then AS FROM sla_clocks")
        done.con.execute("USE w")
        yield fetch_from(asker, done.con), like_clocks("clocks_then")
    finally:
        done.con.close()


def unsolved(at: dt.datetime) -> sa.Select[Any]:
    """Return the tickets that were unsolved at a moment."""
    s, moment = schema.status_spans.c, sa.literal(at, sa.DateTime())
    running = sa.or_(s.ended_at.is_(None), s.ended_at > moment)
    return (
        sa.select(s.source, s.ticket_id)
        .where(s.status.in_(schema.UNSOLVED), s.started_at <= moment, running)
        .distinct()
    )
