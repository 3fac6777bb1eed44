"""Customers the company turned to too often, those who had refused it, and the usual gap between two contacts."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from insights import sql
from insights.stats.intervals import wilson
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.customers.contacts import human, sent
from insights.studies.customers.people import people
from insights.studies.options import Option

DAY_S = 86_400


def overcontacted(asker: Asker, options: Options) -> Answer:
    """Return who was turned to more than `contacts` times in the last `within_days`, campaigns included."""
    each = _each(asker, options)
    over = each.c.contacts > options["contacts"]
    totals: list[sa.ColumnElement[Any]] = [
        sa.func.count().label("n"),
        sa.func.count().filter(over).label("over"),
        sa.func.count().filter(sa.not_(each.c.contact_allowed)).label("refused"),
        sa.func.sum(each.c.contacts).filter(sa.not_(each.c.contact_allowed)).label("refused_contacts"),
    ]
    (counted,), rows = asker.fetch_each(sa.select(*totals), _listed(each, over, options["limit"]))
    n, hits = int(counted["n"]), int(counted["over"])
    low, high = wilson(hits, n) or (None, None)
    facts = {
        "n": n,
        "over": hits,
        "share": hits / n if n else None,
        "low": low,
        "high": high,
        "refused": int(counted["refused"]),
        "refused_contacts": int(counted["refused_contacts"] or 0),
    }
    return Answer({"overcontacted": rows, "cadence": asker.fetch(_cadence(asker))}, facts)


def _each(asker: Asker, options: Options) -> sa.CTE:
    s, p = sent(asker), people(asker)
    since = asker.at - dt.timedelta(days=options["within_days"])
    n = sa.func.count()
    columns = (
        s.c.customer_id,
        sa.func.min(p.c["name"]).label("name"),
        n.label("contacts"),
        n.filter(s.c.by_person).label("by_person"),
        sa.func.max(s.c.at).label("last_at"),
        sa.func.bool_and(p.c.contact_allowed).label("contact_allowed"),
    )
    joined = s.join(p, p.c.customer_id == s.c.customer_id)
    recent = sa.select(*columns).select_from(joined).where(s.c.at > sa.literal(since, sa.DateTime()))
    return recent.group_by(s.c.customer_id).cte("each")


def _listed(each: sa.CTE, over: sa.ColumnElement[bool], limit: int | None) -> sa.Select[Any]:
    order = (each.c.contacts.desc(), each.c.customer_id)
    return sa.select(each).where(over).order_by(*order).limit(limit)


def _cadence(asker: Asker) -> sa.Select[Any]:
    """Return the typical days between two contacts by people, by segment."""
    h, p = human(asker), people(asker)
    before = sa.func.lag(h.c.at).over(partition_by=h.c.customer_id, order_by=h.c.at)
    seconds = sql.seconds_between(before, h.c.at).label("seconds")
    joined = h.join(p, p.c.customer_id == h.c.customer_id)
    gaps = sa.select(p.c.segment, seconds).select_from(joined).subquery("gaps")
    gap = sql.quantile(gaps.c.seconds, 0.5)
    columns = (gaps.c.segment, sa.func.count(gaps.c.seconds).label("n"), (gap / float(DAY_S)).label("gap_days"))
    chosen = sa.select(*columns).where(gaps.c.seconds.is_not(None))
    return chosen.group_by(gaps.c.segment).order_by(gaps.c.segment)


def _rows(asker: Asker, options: Options) -> Sequence[Row]:
    each = _each(asker, options)
    return asker.fetch(_listed(each, each.c.contacts > options["contacts"], None))


STUDIES = (
    Study(
        "overcontacted",
        ("customers", "interactions"),
        answer=overcontacted,
        behind=_rows,
        heeds=("values", "as_of"),
        options=(Option("within_days", "whole", 30), Option("contacts", "whole", 4), Option("limit", "whole", 200)),
        shapes=(
            Shape(
                "overcontacted",
                (
                    Column("customer_id", "text"),
                    Column("name", "text"),
                    Column("contacts", "count"),
                    Column("by_person", "count"),
                    Column("last_at", "moment"),
                    Column("contact_allowed", "flag"),
                ),
            ),
            Shape("cadence", (Column("segment", "text"), Column("n", "count"), Column("gap_days", "number"))),
        ),
    ),
)
