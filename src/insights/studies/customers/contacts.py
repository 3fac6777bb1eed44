"""When somebody of the company turned to a customer, and when a machine did."""

import datetime as dt

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
    """Return every contact the company began, campaigns included: customer, moment, whether by a person."""
    i = known.interactions(asker.context())
    outward = sa.select(i.c.customer_id, i.c.at, by_person(i).label("by_person"))
    return outward.where(i.c.direction == "outbound", i.c.customer_id.is_not(None)).subquery("sent")


def human(asker: Asker, since: dt.date | None = None, until: dt.date | None = None) -> sa.Subquery:
    """Return what people of the company said to customers: contacts they began and their public replies.

    Where only days from `since` to `until` are looked at, what is days beside them is left out.
    """
    began, t, e = sent(asker), schema.tickets, schema.ticket_events
    public = sa.func.coalesce(e.c.public, sa.true())
    same = sa.and_(t.c.source == e.c.source, t.c.ticket_id == e.c.ticket_id)
    replied = (
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
    contacts = sa.select(began.c.customer_id, began.c.at)
    contacts = contacts.where(began.c.by_person, *sql.about(began.c.at, since, until))
    return sa.union_all(contacts, replied).subquery("human")
