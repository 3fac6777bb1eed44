"""Whom not to chase: who refused contact, who costs more than they bring, who never answers."""

import datetime as dt
from typing import Any

import sqlalchemy as sa

from insights import schema
from insights.metrics.bases import known
from insights.metrics.core import quoted
from insights.studies.core import Answer, Asker, Column, Options, Shape, Study
from insights.studies.customers.buying import days, literal, today
from insights.studies.customers.contacts import sent
from insights.studies.customers.people import people, present
from insights.studies.customers.value import bought, served
from insights.studies.options import Option

REASONS = ("refused", "unprofitable", "silent")
YEAR = 365
LISTED = (
    Column("customer_id", "text"),
    Column("name", "text"),
    Column("segment", "text"),
    Column("why", "word", "leave_alone"),
    Column("revenue", "money"),
    Column("cost", "money"),
    Column("contacts", "count"),
)


def leave_alone(asker: Asker, options: Options) -> Answer:
    """Return how many customers not to chase for each reason, the first that holds, and who they are.

    Silent is who was turned to by people `contacts` times or more in a year and neither wrote, called nor bought in it.
    """
    each = _each(asker, options)
    columns = (each.c.why, sa.func.count().label("n"), sa.func.sum(each.c.revenue).label("revenue"))
    found, listed = asker.fetch_each(sa.select(*columns).group_by(each.c.why), _listed(each, options["limit"]))
    counted = {r["why"]: r for r in found}
    rows = [dict(counted[word]) for word in REASONS if word in counted]
    n = sum(r["n"] for r in rows)
    known_cost = asker.settings.costs.per_ticket is not None
    return Answer({"leave_alone": rows, "customers": listed}, {"n": n}, None if known_cost else "no_cost")


def _each(asker: Asker, options: Options) -> sa.CTE:
    p, b, s, c, h = people(asker), bought(asker), served(asker), _turned_to(asker), _heard_of(asker)
    joined: Any = p
    for other in (b, s, c, h):
        joined = joined.outerjoin(other, other.c.customer_id == p.c.customer_id)
    per_ticket = asker.settings.costs.per_ticket
    cost: sa.ColumnElement[Any] = sa.cast(sa.null(), sa.Double())
    if per_ticket is not None:
        cost = sa.func.coalesce(s.c.tickets, 0) * per_ticket + sa.func.coalesce(s.c.compensation, 0)
    often = sa.func.coalesce(c.c.contacts, 0)
    why = sa.case(
        (sa.not_(p.c.contact_allowed), quoted("refused")),
        (cost > _brought(asker, b), quoted("unprofitable")),
        (sa.and_(often >= options["contacts"], h.c.customer_id.is_(None)), quoted("silent")),
    )
    columns = (
        p.c.customer_id,
        p.c["name"],
        p.c.segment,
        why.label("why"),
        b.c.revenue,
        cost.label("cost"),
        often.label("contacts"),
    )
    each = sa.select(*columns).select_from(joined).where(*present(p, asker)).subquery("each")
    return sa.select(each).where(each.c.why.is_not(None)).cte("left_alone")


def _brought(asker: Asker, b: sa.Subquery) -> sa.ColumnElement[Any]:
    """Return what a customer brought: nothing where no order is known of it, unknown where orders or amounts are."""
    if not asker.warehouse.holds(schema.orders):
        return sa.cast(sa.null(), sa.Double())
    return sa.case((b.c.customer_id.is_(None), 0), else_=b.c.revenue)


def _turned_to(asker: Asker) -> sa.Subquery:
    s, since = sent(asker), sa.literal(asker.at - dt.timedelta(days=YEAR), sa.DateTime())
    counted = sa.select(s.c.customer_id, sa.func.count().label("contacts")).where(s.c.by_person, s.c.at > since)
    return counted.group_by(s.c.customer_id).subquery("turned_to")


def _heard_of(asker: Asker) -> sa.Subquery:
    """Return who wrote, called or bought within the year."""
    i, t, d = known.interactions(asker.context()), known.tickets(asker.context()), days(asker)
    since = literal(today(asker) - dt.timedelta(days=YEAR))
    wrote = sa.select(i.c.customer_id).where(i.c.direction == "inbound", i.c.day > since)
    asked = sa.select(t.c.customer_id).where(t.c.created_day > since)
    came = sa.select(d.c.customer_id).where(d.c.paid, d.c.day > since)
    return sa.union(wrote, asked, came).subquery("heard_of")


def _listed(each: sa.CTE, limit: int | None) -> sa.Select[Any]:
    columns = (each.c[column.name] for column in LISTED)
    order = (each.c.revenue.desc().nulls_last(), each.c.customer_id)
    return sa.select(*columns).order_by(*order).limit(limit)


STUDIES = (
    Study(
        "leave_alone",
        ("customers", "interactions"),
        answer=leave_alone,
        behind=lambda asker, options: asker.fetch(_listed(_each(asker, options), None)),
        options=(Option("contacts", "whole", 3), Option("limit", "whole", 200)),
        shapes=(
            Shape(
                "leave_alone",
                (
                    Column("why", "word", "leave_alone"),
                    Column("n", "count"),
                    Column("revenue", "money"),
                ),
            ),
            Shape("customers", LISTED),
        ),
    ),
)
