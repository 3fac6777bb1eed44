"""Who each customer number is, put together from every export that names it."""

import datetime as dt
from collections.abc import Iterator

import sqlalchemy as sa

from insights import schema, sql
from insights.filters import conditions
from insights.studies.core import Asker
from insights.studies.customers.buying import literal, today

ATTRIBUTES = ("segment", "region", "country", "loyalty_tier", "acquisition_channel")
"""What customers are split by."""


def people(asker: Asker, found: sa.ColumnElement[bool] | None = None, one: str | None = None) -> sa.Subquery:
    """Return one row per customer: name, attributes, consent (every export must give it), beginning and end.

    What a customer is called and where it belongs is said by its own number, else by those that mean it. `found`
    chooses those one of whose rows is such, `one` a single customer.
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
        sa.func.min(c.acquired_at).label("acquired_at"),
        ended.label("ended_at"),
    )
    chosen = [c.customer_id.is_not(None), *conditions(schema.customers, None, asker.filters)]
    if found is not None:
        chosen.append(who.in_(sa.select(who).select_from(joined).where(found)))
    if one is not None:
        chosen += [who == one, c.customer_id.in_(_meaning(asker, one))]
    named = sa.select(*columns).select_from(joined).where(*chosen).group_by(who).subquery("named")
    return sa.select(*named.c, *_days(asker, named)).subquery("people")


def _days(asker: Asker, named: sa.Subquery) -> Iterator[sa.Label[dt.date]]:
    """Yield the local days a customer came and left on."""
    context = asker.context()
    for name in ("acquired", "ended"):
        yield sql.local_day(named.c[f"{name}_at"], context.zone, context.as_of).label(f"{name}_day")


def _meaning(asker: Asker, one: str) -> list[str]:
    """Return the numbers that mean a customer: known beforehand, the rows of all others need not be read."""
    a = schema.customer_aliases.c
    return [one, *(r["customer_id"] for r in asker.fetch(sa.select(a.customer_id).where(a.merged_into == one)))]


def present(who: sa.Subquery, asker: Asker) -> list[sa.ColumnElement[bool]]:
    """Return the conditions of those who had come and had not left at the moment looked from."""
    now = literal(today(asker))
    arrived, ended = who.c.acquired_day, who.c.ended_day
    return [sa.or_(arrived.is_(None), arrived <= now), sa.or_(ended.is_(None), ended > now)]
