"""Customers nobody of the company turned to for months: with what they brought, their last rating, open complaints."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from insights import schema, sql
from insights.metrics.bases import known
from insights.metrics.core import excluded, is_in
from insights.stats.intervals import wilson
from insights.studies.core import Answer, Asker, Options, Row, Shape, Study
from insights.studies.core import Column as Shown
from insights.studies.customers.buying import buyers, literal, today
from insights.studies.customers.contacts import human
from insights.studies.customers.people import people, present
from insights.studies.options import Option

YEAR = 365
MONTHS = (3, 6, 12)
_LISTED = (
    Shown("customer_id", "text"),
    Shown("name", "text"),
    Shown("segment", "text"),
    Shown("last_contact_day", "day"),
    Shown("days", "count"),
    Shown("revenue", "money"),
    Shown("rating", "points"),
    Shown("open_complaints", "count"),
    Shown("contact_allowed", "flag"),
)


def forgotten(asker: Asker, options: Options) -> Answer:
    """Return the customers without a person's contact for so many months, and how many there are at 3, 6 and 12.

    Who came within a year and was never turned to stands apart, and is in no share.
    """
    each = _each(asker)
    lists = (_listed(each, which, options["limit"]) for which in (_since(each, options["months"]), each.c.new))
    (counted,), found, new = asker.fetch_each(_counted(each), *lists)
    n = int(counted["n"])
    by_months = [_share(months, counted, n) for months in MONTHS]
    tables: dict[str, Sequence[Row]] = {"forgotten": found, "new": new, "by_months": by_months}
    return Answer(tables, {"n": n, "new": int(counted["new"]), "months": options["months"]})


def _days(months: int) -> int:
    return round(months * YEAR / 12)


def _since(each: sa.CTE, months: int) -> sa.ColumnElement[bool]:
    long_ago = sa.or_(each.c.days.is_(None), each.c.days > _days(months))
    return sa.and_(sa.not_(each.c.new), long_ago)


def _counted(each: sa.CTE) -> sa.Select[Any]:
    of: list[sa.ColumnElement[Any]] = [
        sa.func.count().filter(sa.not_(each.c.new)).label("n"),
        sa.func.count().filter(each.c.new).label("new"),
    ]
    for months in MONTHS:
        of += [
            sa.func.count().filter(_since(each, months)).label(f"n_{months}"),
            sa.func.sum(each.c.revenue).filter(_since(each, months)).label(f"revenue_{months}"),
        ]
    return sa.select(*of)


def _share(months: int, counted: Row, n: int) -> Row:
    hits, revenue = int(counted[f"n_{months}"]), counted[f"revenue_{months}"]
    low, high = wilson(hits, n) or (None, None)
    return {
        "months": months,
        "n": hits,
        "share": hits / n if n else None,
        "low": low,
        "high": high,
        "revenue": float(revenue) if revenue is not None else None,
    }


def _listed(each: sa.CTE, which: sa.ColumnElement[bool], limit: int | None) -> sa.Select[Any]:
    columns = (each.c[column.name] for column in _LISTED)
    order = (each.c.revenue.desc().nulls_last(), each.c.customer_id)
    return sa.select(*columns).where(which).order_by(*order).limit(limit)


def _each(asker: Asker) -> sa.CTE:
    p, b, r, c, h = people(asker), buyers(asker), rated(asker), complaining(asker), _turned_to(asker)
    now, contacted = today(asker), h.c.last_contact_day
    came = sa.func.coalesce(p.c.acquired_day, b.c.first_day) > literal(now - dt.timedelta(days=YEAR))
    joined = p
    for other in (b, r, c, h):
        joined = joined.outerjoin(other, other.c.customer_id == p.c.customer_id)  # type: ignore[assignment]
    columns = (
        p.c.customer_id,
        p.c["name"],
        p.c.segment,
        p.c.contact_allowed,
        b.c.revenue,
        r.c.rating,
        contacted,
        sa.func.coalesce(c.c.open_complaints, 0).label("open_complaints"),
        sql.days_between(contacted, literal(now)).label("days"),
        sa.and_(contacted.is_(None), sa.func.coalesce(came, sa.false())).label("new"),
    )
    return sa.select(*columns).select_from(joined).where(*present(p, asker)).cte("each")


def _turned_to(asker: Asker) -> sa.Subquery:
    h, context = human(asker), asker.context()
    last = sql.local_day(sa.func.max(h.c.at), context.zone, context.as_of)
    return sa.select(h.c.customer_id, last.label("last_contact_day")).group_by(h.c.customer_id).subquery("turned_to")


def rated(asker: Asker) -> sa.Subquery:
    """Return the last rating of each customer on a scale of 1 to 5."""
    s = known.surveys(asker.context())
    last = sql.last_by(s.c.score_5, sa.func.coalesce(s.c.answered_at, s.c.sent_at)).label("rating")
    known_ones = (s.c.score_5.is_not(None), s.c.customer_id.is_not(None))
    return sa.select(s.c.customer_id, last).where(*known_ones).group_by(s.c.customer_id).subquery("rated")


def complaining(asker: Asker) -> sa.Subquery:
    """Return how many unsolved complaints each customer has."""
    t = known.tickets(asker.context())
    counted = [sa.not_(condition) for _, condition in excluded(t)]
    standing = (t.c.kind == "complaint", is_in(t.c.status, schema.UNSOLVED), t.c.customer_id.is_not(None))
    n = sa.func.count().label("open_complaints")
    return sa.select(t.c.customer_id, n).where(*standing, *counted).group_by(t.c.customer_id).subquery("complaining")


def _rows(asker: Asker, options: Options) -> Sequence[Row]:
    each = _each(asker)
    return asker.fetch(_listed(each, _since(each, options["months"]), None))


STUDIES = (
    Study(
        "forgotten",
        ("customers", "interactions"),
        answer=forgotten,
        behind=_rows,
        heeds=("values", "as_of"),
        options=(Option("months", "whole", 12), Option("limit", "whole", 200)),
        shapes=(
            Shape("forgotten", _LISTED),
            Shape("new", _LISTED),
            Shape(
                "by_months",
                (
                    Shown("months", "count"),
                    Shown("n", "count"),
                    Shown("share", "share"),
                    Shown("low", "share"),
                    Shown("high", "share"),
                    Shown("revenue", "money"),
                ),
            ),
        ),
    ),
)
