"""Open tickets that a file said to be everything no longer held."""

import sqlalchemy as sa

from insights import schema
from insights.filters import conditions
from insights.studies.core import Answer, Asker, Column, Options, Shape, Study

_SHOWN = ("source", "ticket_id", "customer_id", "subject", "team", "agent_id", "created_at", "gone_at")


def gone(asker: Asker, options: Options) -> Answer:
    """Return the tickets that are gone, the newest absence first; those that came back are not among them."""
    t = schema.tickets
    chosen = sa.select(*(t.c[name] for name in _SHOWN)).where(
        t.c.excluded == "gone", *conditions(t, t.c.created_day, asker.filters)
    )
    rows = asker.fetch(chosen.order_by(t.c.gone_at.desc(), t.c.source, t.c.ticket_id))
    return Answer({"gone": rows}, {"gone": len(rows)})


_COLUMNS = (
    Column("source", "member", "source"),
    Column("ticket_id", "text"),
    Column("customer_id", "text"),
    Column("subject", "text"),
    Column("team", "member", "team"),
    Column("agent_id", "member", "agent"),
    Column("created_at", "moment"),
    Column("gone_at", "moment"),
)
STUDIES = (Study("gone", ("tickets",), answer=gone, heeds=("period", "values"), shapes=(Shape("gone", _COLUMNS),)),)
