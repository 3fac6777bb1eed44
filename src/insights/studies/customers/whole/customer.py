"""One customer at a glance: who it is, what it is worth, how it stands, everything that happened, what to do next."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from insights import schema, sql
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.customers.buying import buyers, literal, today
from insights.studies.customers.contacts import human
from insights.studies.customers.forgotten import complaining, rated
from insights.studies.customers.people import people
from insights.studies.customers.segmenting.scores import segment_of
from insights.studies.customers.whole.story import bought, timeline
from insights.studies.options import Option

LONG_DAYS = 365
QUIET_DAYS = 180
CLOSE_DAYS = 5
"""Purchase days from which a customer, lately in touch, is bound to the company."""


def customer(asker: Asker, options: Options) -> Answer:
    """Return one customer's standing, timeline, products and next step, or the customers a search finds.

    The stage: discovery (nothing bought), basic (once), collaborative (again), interconnected (five days or more, and
    in touch within a year).
    """
    found = asker.fetch(_search(options["search"], asker)) if options["search"] else []
    who = options["customer"] or (found[0]["customer_id"] if len(found) == 1 else None)
    rows = asker.fetch(_standing(asker, who)) if who else []
    if not (who and rows):
        asked = options["search"] or options["customer"]
        return Answer({"found": found}, {"n": len(found)}, "found" if found else "nobody" if asked else None)
    one = _told(rows[0]) | {"rfm_segment": segment_of(asker, today(asker), rows[0])}
    action = next_step(one)
    tables = {
        "customer": [one],
        "timeline": asker.fetch(timeline(asker, who)),
        "bought": asker.fetch(bought(asker, who)),
        "found": found,
    }
    return Answer(tables, {**one, "action": action}, action)


def next_step(one: Row) -> str:
    """Return what to do next with a customer: the first rule that holds."""
    quiet = one["recency_days"] is not None and one["recency_days"] > QUIET_DAYS
    forgotten = one["contact_days"] is None or one["contact_days"] > LONG_DAYS
    rules = (
        ("solve", bool(one["open_complaints"])),
        ("leave", one["contact_allowed"] is False),
        ("call_back", one["rating"] is not None and one["rating"] <= 2),
        ("win_back", quiet and (one["purchase_days"] or 0) > 1),
        ("greet", forgotten and one["revenue"] is not None),
    )
    return next((action for action, holds in rules if holds), "keep")


def _search(text: str, asker: Asker) -> sa.Select[Any]:
    """Return customers one of whose numbers, names, e-mails or telephones holds the text."""
    c = schema.customers.c
    digits = "".join(sign for sign in text if sign.isdigit())
    like = [sql.holds(of, text.strip()) for of in (c.customer_id, c["name"], c.email)]
    if len(digits) >= 7:
        like.append(sql.telephone_key(c.phone, 7) == digits[-7:])
    p = people(asker, sa.or_(*like))
    return sa.select(*(p.c[column.name] for column in WHO)).order_by(p.c["name"], p.c.customer_id).limit(50)


def _standing(asker: Asker, who: str) -> sa.Select[Any]:
    h, context = human(asker), asker.context()
    last = sql.local_day(sa.func.max(h.c.at), context.zone, context.as_of).label("day")
    touched = sa.select(h.c.customer_id, last).group_by(h.c.customer_id).subquery("touched")
    # Each part reads the rows of this one alone: a page must not wait for all customers.
    r, c, t = (
        sa.select(part).where(part.c.customer_id == who).subquery(part.name)
        for part in (rated(asker), complaining(asker), touched)
    )
    p, b = people(asker, one=who), buyers(asker, who=who)
    joined: Any = p
    for other in (b, r, c, t):
        joined = joined.outerjoin(other, other.c.customer_id == p.c.customer_id)
    now = literal(today(asker))
    columns = (
        p.c.customer_id,
        p.c["name"],
        p.c.segment,
        p.c.region,
        p.c.loyalty_tier,
        p.c.loyalty_points,
        p.c.contact_allowed,
        b.c.first_day,
        b.c.last_day,
        b.c.purchase_days,
        b.c.revenue,
        sql.days_between(b.c.last_day, now).label("recency_days"),
        r.c.rating,
        sa.func.coalesce(c.c.open_complaints, 0).label("open_complaints"),
        t.c.day.label("last_contact_day"),
        sql.days_between(t.c.day, now).label("contact_days"),
    )
    return sa.select(*columns).select_from(joined)


def _told(record: Row) -> dict[str, Any]:
    revenue = float(record["revenue"]) if record["revenue"] is not None else None
    return dict(record) | {"revenue": revenue, "stage": stage(record)}


def stage(record: Row) -> str:
    """Return how far the relationship has come, by rule."""
    times, touched = record["purchase_days"] or 0, record["contact_days"]
    if times >= CLOSE_DAYS and touched is not None and touched <= LONG_DAYS:
        return "interconnected"
    return "collaborative" if times > 1 else "basic" if times else "discovery"


def _rows(asker: Asker, options: Options) -> Sequence[Row]:
    found = customer(asker, options).tables
    return found.get("timeline", ()) or found["found"]


WHO = (
    Column("customer_id", "text"),
    Column("name", "text"),
    Column("segment", "member"),
    Column("region", "member"),
)
STUDIES = (
    Study(
        "customer",
        ("customers",),
        answer=customer,
        behind=_rows,
        heeds=("values", "as_of"),
        options=(Option("customer", "text"), Option("search", "text")),
        shapes=(
            Shape(
                "customer",
                (
                    *WHO,
                    Column("loyalty_tier", "member"),
                    Column("loyalty_points", "number"),
                    Column("contact_allowed", "flag"),
                    Column("rfm_segment", "word", "rfm_segment"),
                    Column("first_day", "day"),
                    Column("last_day", "day"),
                    Column("purchase_days", "count"),
                    Column("revenue", "money"),
                    Column("recency_days", "count"),
                    Column("rating", "points"),
                    Column("open_complaints", "count"),
                    Column("last_contact_day", "day"),
                    Column("contact_days", "count"),
                    Column("stage", "word", "relationship"),
                ),
            ),
            Shape(
                "timeline",
                (
                    Column("at", "moment"),
                    Column("what", "word", "happened"),
                    Column("source", "text"),
                    Column("id", "text"),
                    Column("text", "text"),
                    Column("more", "text"),
                    Column("currency", "text"),
                ),
            ),
            Shape(
                "bought",
                (
                    Column("product", "text"),
                    Column("category", "text"),
                    Column("n", "count"),
                    Column("quantity", "number"),
                    Column("day", "day"),
                ),
            ),
            Shape("found", WHO),
        ),
    ),
)
