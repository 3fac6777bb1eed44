"""What hangs on the complaints that wait for an answer now, as far as the link of speed and staying is real."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from insights import schema
from insights.filters import conditions
from insights.metrics.bases import known
from insights.metrics.core import excluded, is_in
from insights.stats.landmark import Read
from insights.studies.core import Asker, Column, Row
from insights.studies.customers.buying import literal, rows, today
from insights.studies.customers.people import people

YEAR = 365
OPEN = (
    Column("source", "text"),
    Column("ticket_id", "text"),
    Column("customer_id", "text"),
    Column("name", "text"),
    Column("created_at", "moment"),
    Column("priority", "word", "priority"),
    Column("revenue", "money"),
    Column("stake_low", "money"),
    Column("stake_high", "money"),
)


def at_stake(asker: Asker, read: Read) -> tuple[Sequence[Row], dict[str, Any]]:
    """Return the unanswered complaints with a year's revenue × the difference in staying, and their sum as a range.

    Nothing where the link is not shown: a range around nothing would look like money.
    """
    if read.verdict != "together" or read.adjusted is None:
        return [], {"stake_low": None, "stake_high": None}
    low, high = read.adjusted.low, read.adjusted.high
    waiting = [_priced(r, low, high) for r in asker.fetch(_waiting(asker))]
    each = {r["customer_id"]: r for r in waiting}.values()
    sums = {end: sum(r[end] or 0 for r in each) for end in ("stake_low", "stake_high")}
    return waiting, sums | {"waiting": len(waiting)}


def _priced(record: Row, low: float, high: float) -> Row:
    revenue = float(record["revenue"]) if record["revenue"] is not None else None
    stakes = {"stake_low": low, "stake_high": high}
    return (
        dict(record)
        | {"revenue": revenue}
        | {name: None if revenue is None else max(revenue, 0.0) * of for name, of in stakes.items()}
    )


def _waiting(asker: Asker) -> sa.Select[Any]:
    t, p, y = known.tickets(asker.context()), people(asker), _year(asker)
    counted = [sa.not_(condition) for _, condition in excluded(t)]
    joined: Any = t.outerjoin(p, p.c.customer_id == t.c.customer_id).outerjoin(y, y.c.customer_id == t.c.customer_id)
    columns = (t.c.source, t.c.ticket_id, t.c.customer_id, p.c["name"], t.c.created_at, t.c.priority, y.c.revenue)
    waiting = (
        t.c.kind == "complaint",
        is_in(t.c.status, schema.UNSOLVED),
        t.c.first_response_at.is_(None),
        t.c.customer_id.is_not(None),
        *conditions(t, None, asker.filters),
    )
    order = (y.c.revenue.desc().nulls_last(), t.c.created_at, t.c.ticket_id)
    return sa.select(*columns).select_from(joined).where(*waiting, *counted).order_by(*order)


def _year(asker: Asker) -> sa.Subquery:
    d = rows(asker)
    since = literal(today(asker)) - YEAR
    summed = sa.select(d.c.customer_id, sa.func.sum(d.c.revenue).label("revenue")).where(d.c.day > since)
    return summed.group_by(d.c.customer_id).subquery("year")
