"""When somebody of the company turned to a customer, and when a machine did."""

import datetime as dt
from typing import Any

import sqlalchemy as sa

from insights import schema, sql
from insights.metrics.bases import known
from insights.metrics.core import acted, is_in
from insights.sql import Column, Rows
from insights.studies.core import Asker

_BY_HAND = ("call", "email", "visit", "message")


def by_person(i: Rows) -> Column:
    """Return whether a person did it; where the export does not say, a contact of a campaign was a machine's."""
    return sa.func.coalesce(i.c.by_human, sa.and_(is_in(i.c.kind, _BY_HAND), i.c.campaign_id.is_(None)))


def sent(asker: Asker) -> sa.Subquery:
    """Return every contact the company began, campaigns included: customer, moment, whether by a person.

    What a campaign sent is a contact also where no export lists it as one.
    """
    i, m = known.interactions(asker.context()), schema.campaign_members
    outward = (i.c.direction == "outbound", i.c.customer_id.is_not(None))
    began = sa.select(i.c.customer_id, i.c.at, by_person(i).label("by_person")).where(*outward)
    same = sa.and_(i.c.customer_id == m.c.customer_id, i.c.campaign_id == m.c.campaign_id)
    listed = sa.select(sa.literal(1)).select_from(i).where(same, *outward).exists()
    mailed = sa.select(m.c.customer_id, m.c.sent_at.label("at"), sa.false().label("by_person")).where(
        m.c.customer_id.is_not(None),
        m.c.sent_at <= sa.literal(asker.at, sa.DateTime()),
        sa.func.coalesce(m.c.arm, "treated") == "treated",
        sa.not_(listed),
    )
    return sa.union_all(began, mailed).subquery("sent")


def human(
    asker: Asker, since: dt.date | None = None, until: dt.date | None = None, *, firsts: bool = True
) -> sa.Subquery:
    """Return what people of the company said to customers: contacts they began and their public replies.

    Where only days from `since` to `until` are looked at, what is days beside them is left out. Of a source that logs
    no replies the first one to each ticket is known; without `firsts` it is left out, for who asks what was never said.
    """
    began = sent(asker)
    contacts = sa.select(began.c.customer_id, began.c.at)
    parts = [
        contacts.where(began.c.by_person, *sql.about(began.c.at, since, until)),
        _replied(asker, since, until),
        *([_first(asker, since, until)] if firsts else []),
    ]
    return sa.union_all(*parts).subquery("human")


def _replied(asker: Asker, since: dt.date | None, until: dt.date | None) -> sa.Select[Any]:
    t, e = schema.tickets, schema.ticket_events
    public = sa.func.coalesce(e.c.public, sa.true())
    same = sa.and_(t.c.source == e.c.source, t.c.ticket_id == e.c.ticket_id)
    return (
        sa.select(t.c.customer_id, e.c.at)
        .select_from(e.join(t, same))
        .where(
            e.c.field == "comment",
            acted(e) == "agent",
            public,
            t.c.customer_id.is_not(None),
            e.c.at <= sa.literal(asker.at, sa.DateTime()),
            *sql.about(e.c.at, since, until),
        )
    )


def _first(asker: Asker, since: dt.date | None, until: dt.date | None) -> sa.Select[Any]:
    """Return the first replies by people to tickets of sources that log none."""
    t, e = schema.tickets, schema.ticket_events
    logging = sa.select(e.c.source).where(e.c.field == "comment").distinct()
    logged = asker.remembered("who logs replies", lambda: asker.fetch(logging))
    at = t.c.first_response_at
    return sa.select(t.c.customer_id, at.label("at")).where(
        t.c.customer_id.is_not(None),
        t.c.source.not_in([r["source"] for r in logged]),
        sa.func.coalesce(t.c.response_basis, "") != "robot",
        at <= sa.literal(asker.at, sa.DateTime()),
        *sql.about(at, since, until),
    )
