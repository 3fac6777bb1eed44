"""Who recommends the company and what they are worth, and whether the disappointed heard from somebody in a week."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from insights import sql
from insights.filters import conditions
from insights.metrics.bases import known
from insights.stats.intervals import wilson
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.customers.buying import buyers
from insights.studies.customers.contacts import human
from insights.studies.customers.people import people
from insights.studies.options import Option

GROUPS = ("promoter", "passive", "detractor")
LISTED = (
    Column("customer_id", "text"),
    Column("name", "text"),
    Column("nps_group", "word", "nps_group"),
    Column("score", "number"),
    Column("answered_at", "moment"),
    Column("revenue", "money"),
    Column("followed_up", "flag"),
)


def advocates(asker: Asker, options: Options) -> Answer:
    """Return what promoters, passives and detractors brought, the promoters by value, and the detractors.

    Each customer's last answer of the period counts. A detractor is due once `follow_days` have passed.
    """
    each = _each(asker, options)
    due = sa.and_(each.c.nps_group == "detractor", each.c.followed_up.is_not(None))
    followed = sa.func.count().filter(each.c.followed_up)
    counts: list[sa.ColumnElement[Any]] = [sa.func.count().label("due"), followed.label("followed")]
    lists = (_listed(each, name, options["limit"]) for name in ("promoter", "detractor"))
    found, (counted,), *listed = asker.fetch_each(_by_group(each), sa.select(*counts).where(due), *lists)
    groups = [_group(r) for r in sorted(found, key=lambda r: GROUPS.index(r["nps_group"]))]
    n = sum(g["n"] for g in groups)
    rows = [dict(g) | {"share": g["n"] / n} for g in groups]
    low, high = wilson(counted["followed"], counted["due"]) or (None, None)
    share = counted["followed"] / counted["due"] if counted["due"] else None
    facts = {"n": n, **counted, "followed_share": share, "low": low, "high": high}
    return Answer({"advocates": rows, "promoters": listed[0], "detractors": listed[1]}, facts)


def _by_group(each: sa.CTE) -> sa.Select[Any]:
    buyer = sa.func.count(each.c.revenue).label("buyers")
    columns = (each.c.nps_group, sa.func.count().label("n"), buyer, sa.func.sum(each.c.revenue).label("revenue"))
    return sa.select(*columns).group_by(each.c.nps_group)


def _group(record: Row) -> dict[str, Any]:
    revenue = float(record["revenue"]) if record["revenue"] is not None else None
    each = revenue / record["buyers"] if revenue is not None else None
    return dict(record) | {"revenue": revenue, "revenue_each": each}


def _answers(asker: Asker) -> sa.Subquery:
    s = known.surveys(asker.context())
    told = (s.c.nps_group.is_not(None), s.c.customer_id.is_not(None), s.c.ticket_excluded.is_(None))
    at = sa.func.coalesce(s.c.answered_at, s.c.sent_at)
    order = sa.func.row_number().over(partition_by=s.c.customer_id, order_by=(at.desc().nulls_last(), s.c.survey_id))
    columns = (s.c.customer_id, s.c.nps_group, s.c.score, at.label("answered_at"), order.label("place"))
    inside = conditions(s, s.c.answered_day, asker.filters)
    return sa.select(*columns).where(*told, *inside).subquery("answers")


def _each(asker: Asker, options: Options) -> sa.CTE:
    """Return each customer's last answer with its value; followed up or not is unknown while the time still runs."""
    first, last = asker.filters.since, asker.filters.until
    late = last + dt.timedelta(days=options["follow_days"]) if last else None
    a, b, p, h = _answers(asker), buyers(asker), people(asker), human(asker, first, late)
    until = sql.plus_seconds(a.c.answered_at, options["follow_days"] * 86_400)
    found = a.c.customer_id.in_(_followed(a.alias("asked"), h, options))
    passed = until <= sa.literal(asker.at, sa.DateTime())
    columns = (
        a.c.customer_id,
        p.c["name"],
        a.c.nps_group,
        a.c.score,
        a.c.answered_at,
        b.c.revenue,
        sa.case((found, sa.true()), (passed, sa.false())).label("followed_up"),
    )
    joined = a.outerjoin(b, b.c.customer_id == a.c.customer_id).outerjoin(p, p.c.customer_id == a.c.customer_id)
    return sa.select(*columns).select_from(joined).where(a.c.place == 1).cte("each")


def _followed(a: sa.FromClause, h: sa.FromClause, options: Options) -> sa.Select[Any]:
    """Return the customers who were contacted in time: looked up once, which every engine can."""
    until = sql.plus_seconds(a.c.answered_at, options["follow_days"] * 86_400)
    after = (a.c.place == 1, h.c.at > a.c.answered_at, h.c.at <= until)
    return sa.select(a.c.customer_id).join(h, h.c.customer_id == a.c.customer_id).where(*after)


def _listed(each: sa.CTE, group: str | None, limit: int | None) -> sa.Select[Any]:
    order = (each.c.revenue.desc().nulls_last(), each.c.customer_id)
    of = [each.c.nps_group == group] if group else []
    columns = (each.c[column.name] for column in LISTED)
    return sa.select(*columns).where(*of).order_by(*order).limit(limit)


def _rows(asker: Asker, options: Options) -> Sequence[Row]:
    return asker.fetch(_listed(_each(asker, options), None, None))


STUDIES = (
    Study(
        "advocates",
        ("surveys",),
        answer=advocates,
        behind=_rows,
        options=(Option("follow_days", "whole", 7), Option("limit", "whole", 200)),
        shapes=(
            Shape(
                "advocates",
                (
                    Column("nps_group", "word", "nps_group"),
                    Column("n", "count"),
                    Column("share", "share"),
                    Column("buyers", "count"),
                    Column("revenue", "money"),
                    Column("revenue_each", "money"),
                ),
            ),
            Shape("promoters", LISTED),
            Shape("detractors", LISTED),
        ),
    ),
)
