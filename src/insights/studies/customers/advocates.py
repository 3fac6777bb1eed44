"""Who recommends the company and what they are worth, and whether the disappointed heard from somebody in a week."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from insights import schema, sql
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
    Column("referred", "count"),
    Column("followed_up", "flag"),
)


def advocates(asker: Asker, options: Options) -> Answer:
    """Return what promoters, passives and detractors brought, promoters by value, detractors, and who recommends.

    `referred` counts the customers who came by each, and is unknown where no export of theirs tells of any. Each
    customer's last answer of the period counts. A detractor is due once `follow_days` have passed.
    """
    each = _each(asker, options)
    due = sa.and_(each.c.nps_group == "detractor", each.c.followed_up.is_not(None))
    followed = sa.func.count().filter(each.c.followed_up)
    counts: list[sa.ColumnElement[Any]] = [sa.func.count().label("due"), followed.label("followed")]
    lists = (_listed(each, of, options["limit"]) for of in ("promoter", "detractor", "ambassador"))
    found, (counted,), *listed = asker.fetch_each(_by_group(each), sa.select(*counts).where(due), *lists)
    groups = [_group(r) for r in sorted(found, key=lambda r: GROUPS.index(r["nps_group"]))]
    n = sum(g["n"] for g in groups)
    rows = [dict(g) | {"share": g["n"] / n} for g in groups]
    low, high = wilson(counted["followed"], counted["due"]) or (None, None)
    share = counted["followed"] / counted["due"] if counted["due"] else None
    facts = {"n": n, **counted, "followed_share": share, "low": low, "high": high}
    return Answer({"advocates": rows, "promoters": listed[0], "detractors": listed[1], "ambassadors": listed[2]}, facts)


def _by_group(each: sa.CTE) -> sa.Select[Any]:
    buyer = sa.func.count(each.c.revenue).label("buyers")
    sums = (sa.func.sum(each.c[name]).label(name) for name in ("revenue", "referred"))
    columns = (each.c.nps_group, sa.func.count().label("n"), buyer, *sums)
    return sa.select(*columns).group_by(each.c.nps_group)


def _group(record: Row) -> dict[str, Any]:
    revenue = float(record["revenue"]) if record["revenue"] is not None else None
    each = revenue / record["buyers"] if revenue is not None else None
    referred = int(record["referred"]) if record["referred"] is not None else None
    return dict(record) | {"revenue": revenue, "revenue_each": each, "referred": referred}


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
    r, nobody = _referrals(asker), sa.case((a.c.customer_id.in_(_telling()), 0))
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
        sa.func.coalesce(r.c.referred, nobody).label("referred"),
        sa.case((found, sa.true()), (passed, sa.false())).label("followed_up"),
    )
    joined = sa.join(a, b, b.c.customer_id == a.c.customer_id, isouter=True)
    for more in (p, r):
        joined = joined.outerjoin(more, more.c.customer_id == a.c.customer_id)
    return sa.select(*columns).select_from(joined).where(a.c.place == 1).cte("each")


def _followed(a: sa.FromClause, h: sa.FromClause, options: Options) -> sa.Select[Any]:
    """Return the customers who were contacted in time: looked up once, which every engine can."""
    until = sql.plus_seconds(a.c.answered_at, options["follow_days"] * 86_400)
    after = (a.c.place == 1, h.c.at > a.c.answered_at, h.c.at <= until)
    return sa.select(a.c.customer_id).join(h, h.c.customer_id == a.c.customer_id).where(*after)


def _referrals(asker: Asker) -> sa.Subquery:
    """Return one row per customer who recommended others: how many people came by them until now.

    Both are who they are now: nobody recommends themselves, or by a number that means nobody.
    """
    c, came, by = (
        schema.customers.c,
        schema.customer_aliases.alias("newcomers"),
        schema.customer_aliases.alias("referrers"),
    )
    said: sa.FromClause = schema.customers
    for who, number in ((came, c.customer_id), (by, c.referred_by)):
        said = said.outerjoin(who, sa.and_(who.c.source == c.source, who.c.customer_id == number))
    new, one = (sa.func.coalesce(w.c.merged_into, n) for w, n in ((came, c.customer_id), (by, c.referred_by)))
    real = (sa.func.coalesce(w.c.evidence, "") != "placeholder" for w in (came, by))
    then = sa.or_(c.acquired_at.is_(None), c.acquired_at <= sa.literal(asker.at, sa.DateTime()))
    pairs = sa.select(one.label("customer_id"), new.label("new")).select_from(said)
    p = pairs.where(c.referred_by.is_not(None), *real, new != one, then).distinct().subquery("pairs")
    counted = sa.select(p.c.customer_id, sa.func.count().label("referred"))
    return counted.group_by(p.c.customer_id).subquery("referrals")


def _telling() -> sa.Select[Any]:
    """Return the customers of sources that tell of anybody who recommended them: of these it is known to be none."""
    c, a, said = schema.customers.c, schema.customer_aliases.alias("joined"), schema.customers.alias("told")
    now = schema.customers.outerjoin(a, sa.and_(a.c.source == c.source, a.c.customer_id == c.customer_id))
    sources = sa.select(said.c.source).where(said.c.referred_by.is_not(None))
    return sa.select(sa.func.coalesce(a.c.merged_into, c.customer_id)).select_from(now).where(c.source.in_(sources))


def _listed(each: sa.CTE, group: str | None, limit: int | None) -> sa.Select[Any]:
    order: tuple[sa.ColumnElement[Any], ...] = (each.c.revenue.desc().nulls_last(), each.c.customer_id)
    of = [each.c.nps_group == group] if group else []
    if group == "ambassador":
        order, of = (each.c.referred.desc(), *order), [each.c.nps_group == "promoter", each.c.referred > 0]
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
                    Column("referred", "count"),
                ),
            ),
            Shape("promoters", LISTED),
            Shape("detractors", LISTED),
            Shape("ambassadors", LISTED),
        ),
    ),
)
