"""Loyalty tiers: who is in them, what they bring, and whether they buy again more than customers like them."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from insights import sql
from insights.sql import Column
from insights.stats.comparing import overlap, standardised
from insights.stats.intervals import wilson
from insights.studies.core import Answer, Asker, Options, Row, Shape, Study
from insights.studies.core import Column as Shown
from insights.studies.customers.buying import buyers, literal, rows, today
from insights.studies.customers.people import people, present
from insights.studies.options import Option

YEAR = 365
TIMES = (1, 2, 4, 8)
"""Customers are alike who had bought on at most so many days before, …"""
RECENCIES = (30, 90, 180, 365)
"""… and had last bought at most so many days before."""


def loyalty(asker: Asker, options: Options) -> Answer:
    """Return each tier's customers, points, revenue of a year and share that bought again, and what goes with it."""
    each = _each(asker, options)
    keys = (each.c.loyalty_tier, each.c.times, each.c.recency)
    counted = sa.select(*keys, sa.func.count().label("n"), _kept(each).label("kept"))
    alike = counted.where(each.c.times.is_not(None)).group_by(*keys).order_by(*keys)
    found, cells = asker.fetch_each(_by_tier(each), alike)
    tiers = [_tier(r) for r in found]
    effects = [_effect(tier["loyalty_tier"], cells) for tier in tiers if tier["loyalty_tier"] is not None]
    n = sum(tier["n"] for tier in tiers)
    said = "tier_today" if effects else "no_tiers"
    return Answer({"loyalty": tiers, "effect": effects}, {"n": n, "gone_days": options["gone_days"]}, said)


def _each(asker: Asker, options: Options) -> sa.CTE:
    now = today(asker)
    before = now - dt.timedelta(days=options["gone_days"])
    p, b, y, later = people(asker), buyers(asker, before), _last_year(asker), buyers(asker).alias("later")
    again = sa.case((b.c.customer_id.is_not(None), later.c.last_day > literal(before)))
    columns = (
        p.c.customer_id,
        p.c.loyalty_tier,
        p.c.loyalty_points,
        y.c.revenue,
        again.label("kept"),
        _band(b.c.purchase_days, TIMES).label("times"),
        _band(sql.days_between(b.c.last_day, literal(before)), RECENCIES).label("recency"),
    )
    joined: Any = p
    for other in (b, y, later):
        joined = joined.outerjoin(other, other.c.customer_id == p.c.customer_id)
    return sa.select(*columns).select_from(joined).where(*present(p, asker)).cte("each")


def _last_year(asker: Asker) -> sa.Subquery:
    d = rows(asker)
    since = literal(today(asker) - dt.timedelta(days=YEAR))
    summed = sa.select(d.c.customer_id, sa.func.sum(d.c.revenue).label("revenue")).where(d.c.day > since)
    return summed.group_by(d.c.customer_id).subquery("last_year")


def _band(of: Column, edges: Sequence[int]) -> Column:
    """Return the number of the first edge a value does not exceed; one more for the rest, NULL where unknown."""
    steps = ((of <= edge, place) for place, edge in enumerate(edges))
    return sa.case(*steps, (of.is_not(None), len(edges)))


def _kept(each: sa.CTE) -> Column:
    return sa.func.count().filter(each.c.kept)


def _by_tier(each: sa.CTE) -> sa.Select[Any]:
    tier = each.c.loyalty_tier
    columns = (
        tier,
        sa.func.count().label("n"),
        sa.func.sum(each.c.loyalty_points).label("points"),
        sql.quantile(each.c.loyalty_points, 0.5).label("points_median"),
        sa.func.sum(each.c.revenue).label("revenue"),
        sa.func.count(each.c.kept).label("before"),
        _kept(each).label("kept"),
    )
    return sa.select(*columns).group_by(tier).order_by(tier)


def _tier(record: Row) -> dict[str, Any]:
    low, high = wilson(record["kept"], record["before"]) or (None, None)
    revenue = float(record["revenue"]) if record["revenue"] is not None else None
    share = record["kept"] / record["before"] if record["before"] else None
    return dict(record) | {"revenue": revenue, "share": share, "low": low, "high": high}


def _effect(tier: str, cells: Sequence[Row]) -> Row:
    """Return how much more of a tier bought again than of others alike, at an equal mix of how they had bought."""
    strata: dict[tuple[int, int], list[int]] = {}
    for cell in cells:
        counts = strata.setdefault((cell["times"], cell["recency"]), [0, 0, 0, 0])
        place = 0 if cell["loyalty_tier"] == tier else 2
        counts[place] += cell["kept"]
        counts[place + 1] += cell["n"]
    compared = [(a, b, c, d) for a, b, c, d in strata.values()]
    found = standardised(compared)
    names = ("value", "low", "high", "n_with", "n_without", "real")
    return {"loyalty_tier": tier, "overlap": overlap(compared)} | {
        name: getattr(found, name) if found else None for name in names
    }


def _rows(asker: Asker, options: Options) -> Sequence[Row]:
    each = _each(asker, options)
    return asker.fetch(sa.select(each).order_by(each.c.loyalty_tier, each.c.customer_id))


STUDIES = (
    Study(
        "loyalty",
        ("customers", "orders"),
        answer=loyalty,
        behind=_rows,
        heeds=("values", "as_of"),
        options=(Option("gone_days", "whole", 180),),
        shapes=(
            Shape(
                "loyalty",
                (
                    Shown("loyalty_tier", "member"),
                    Shown("n", "count"),
                    Shown("points", "number"),
                    Shown("points_median", "number"),
                    Shown("revenue", "money"),
                    Shown("before", "count"),
                    Shown("kept", "count"),
                    Shown("share", "share"),
                    Shown("low", "share"),
                    Shown("high", "share"),
                ),
            ),
            Shape(
                "effect",
                (
                    Shown("loyalty_tier", "member"),
                    Shown("value", "difference"),
                    Shown("low", "difference"),
                    Shown("high", "difference"),
                    Shown("n_with", "count"),
                    Shown("n_without", "count"),
                    Shown("overlap", "share"),
                    Shown("real", "flag"),
                ),
            ),
        ),
    ),
)
