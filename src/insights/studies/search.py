"""The tickets someone looks for by what is at hand: an id, a customer, an e-mail address, a telephone number, words."""

import sqlalchemy as sa

from insights.errors import BadFilter
from insights.schema import customers, tickets
from insights.sql import Column, address_key, begins_with, holds, small, telephone_key
from insights.studies.core import Answer, Asker, Options, Shape, Study
from insights.studies.core import Column as Shown
from insights.studies.options import Option

SHORTEST, DIGITS = 2, 7
LISTED = 50


def find(asker: Asker, options: Options) -> Answer:
    """Return the tickets that match: by id first, then by customer, then by subject; newest first within each."""
    if options["text"] is None:
        return Answer({"find": []})
    text = options["text"].strip()
    if len(text) < SHORTEST:
        raise BadFilter("search_too_short", least=SHORTEST)
    t, p = tickets.c, customers.c
    joined = tickets.outerjoin(customers, sa.and_(p.source == t.source, p.customer_id == t.customer_id))
    place = sa.case(*((matches, n) for n, matches in enumerate(_ways(text))), else_=None).label("place")
    shown = [t.source, t.ticket_id, t.customer_id, p.name.label("customer"), t.subject, t.status, t.created_at, place]
    found = sa.select(*shown).select_from(joined).where(t.created_at <= sa.literal(asker.at, sa.DateTime())).subquery()
    f = found.c
    listed = [f[column.name] for column in _COLUMNS]
    order = (f.place, f.created_at.desc(), f.source, f.ticket_id)
    rows = asker.fetch(sa.select(*listed).where(f.place.is_not(None)).order_by(*order).limit(LISTED))
    return Answer({"find": rows})


def _ways(text: str) -> list[Column]:
    """Return the ways a ticket may match, the surest first."""
    t, p, said = tickets.c, customers.c, sa.literal(text)
    digits = "".join(c for c in text if c.isdigit())[-DIGITS:]
    by_phone = telephone_key(p.phone, DIGITS) == digits if len(digits) == DIGITS else sa.false()
    return [
        small(t.ticket_id) == small(said),
        begins_with(t.ticket_id, text),
        sa.or_(address_key(p.email) == address_key(said), t.customer_id == text, by_phone),
        *(holds(column, text) for column in (p.name, p.email, t.subject)),
    ]


_COLUMNS = (
    *(Shown(name, "text") for name in ("source", "ticket_id", "customer_id", "customer", "subject")),
    Shown("status", "member", "status"),
    Shown("created_at", "moment"),
)
STUDIES = (
    Study(
        "find",
        ("tickets",),
        answer=find,
        heeds=("as_of",),
        options=(Option("text", "text", None),),
        shapes=(Shape("find", _COLUMNS),),
    ),
)
