"""Who each customer number is, put together from every export that names it."""

import sqlalchemy as sa

from insights import schema
from insights.filters import conditions
from insights.studies.core import Asker
from insights.studies.customers.buying import literal, today

ATTRIBUTES = ("segment", "region", "country", "loyalty_tier", "acquisition_channel")
"""What customers are split by."""


def people(asker: Asker) -> sa.Subquery:
    """Return one row per customer: name, attributes, consent (every export must give it), beginning and end.

    What a customer is called and where it belongs is said by its own number, else by those that mean it.
    """
    c, a = schema.customers.c, schema.customer_aliases.c
    joined = schema.customers.outerjoin(
        schema.customer_aliases, sa.and_(a.source == c.source, a.customer_id == c.customer_id)
    )
    who = sa.func.coalesce(a.merged_into, c.customer_id)
    own = a.merged_into.is_(None)
    texts = (c["name"], *(c[name] for name in ATTRIBUTES))
    ended = sa.case((sa.func.count() == sa.func.count(c.ended_at), sa.func.max(c.ended_at)))
    columns = (
        who.label("customer_id"),
        *(sa.func.coalesce(sa.func.min(of).filter(own), sa.func.min(of)).label(of.name) for of in texts),
        sa.func.bool_and(c.contact_allowed).label("contact_allowed"),
        sa.func.max(c.loyalty_points).label("loyalty_points"),
        sa.cast(sa.func.min(c.acquired_at), sa.Date()).label("acquired_day"),
        sa.cast(ended, sa.Date()).label("ended_day"),
    )  # fmt: skip
    named = (
        sa.select(*columns)
        .select_from(joined)
        .where(c.customer_id.is_not(None), *conditions(schema.customers, None, asker.filters))
    )
    return named.group_by(who).subquery("people")


def present(who: sa.Subquery, asker: Asker) -> list[sa.ColumnElement[bool]]:
    """Return the conditions of those who had come and had not left at the moment looked from."""
    now = literal(today(asker))
    arrived, ended = who.c.acquired_day, who.c.ended_day
    return [sa.or_(arrived.is_(None), arrived <= now), sa.or_(ended.is_(None), ended > now)]
