"""The most valuable customers, what serving them cost, and how much of the revenue hangs on few."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from insights import sql
from insights.filters import Filters, conditions
from insights.metrics.bases import known
from insights.metrics.core import excluded
from insights.metrics.periods import periods
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.customers.buying import days, literal, rows
from insights.studies.customers.people import people
from insights.studies.options import Option

YEAR, QUARTERS = 365, 8
TOP_SHARES = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def value(asker: Asker, options: Options) -> Answer:
    """Return the customers who brought most in the period with their cost to serve, and the concentration of revenue.

    Cost to serve is tickets × the settings' cost of one, plus what was made good; unknown while no cost is set.
    """
    each, per_ticket = _each(asker), asker.settings.costs.per_ticket
    (counted,) = asker.fetch(_counted(each))
    facts = {
        "n": counted["n"],
        "revenue": float(counted["revenue"] or 0),
        "cost": round(counted["cost"], 2) if counted["cost"] is not None else None,
        "cost_per_ticket": per_ticket,
        "unprofitable": counted["losing"] if counted["cost"] is not None else None,
    }
    spread, gini = _spread(asker, each, counted)
    listed = _listed(asker, each, options["limit"])
    tables = {"value": listed, "concentration": spread, "quarters": _quarters(asker, each, listed)}
    return Answer(tables, {**facts, "gini": gini}, None if per_ticket is not None else "no_cost")


def _quarters(asker: Asker, each: sa.Subquery, listed: Sequence[Row]) -> list[Row]:
    """Return what each customer listed brought in the last quarters, the running one last; nothing bought is 0."""
    context = asker.context()
    starts = periods(context.last_day - dt.timedelta(days=2 * YEAR), context.last_day, "quarter", context.starts)
    starts = starts[-QUARTERS:]
    top = sa.select(each.c.customer_id).order_by(*_best(each)).limit(len(listed)).subquery("top")
    r = rows(asker, context.last_day)
    quarter = sql.period(r.c.day, "quarter", context.starts).label("quarter")
    summed = sa.select(r.c.customer_id, quarter, sa.func.sum(r.c.revenue).label("revenue"))
    inside = (r.c.customer_id.in_(sa.select(top.c.customer_id)), r.c.day >= literal(starts[0]))
    found = asker.fetch(summed.where(*inside).group_by(r.c.customer_id, quarter))
    brought = {(f["customer_id"], f["quarter"]): _known(f["revenue"]) for f in found}
    return [
        {"customer_id": who, "quarter": start, "revenue": brought.get((who, start), 0.0)}
        for who in (r["customer_id"] for r in listed)
        for start in starts
    ]


def _best(each: sa.Subquery) -> tuple[sa.ColumnElement[Any], ...]:
    return each.c.revenue.desc().nulls_last(), each.c.customer_id


def _each(asker: Asker) -> sa.Subquery:
    """Return one row per customer: orders and revenue of the period, tickets, what was made good, cost to serve."""
    b, t, per_ticket = bought(asker), served(asker), asker.settings.costs.per_ticket
    tickets = sa.func.coalesce(t.c.tickets, 0)
    made_good = sa.func.coalesce(_float(t.c.compensation), 0.0)
    cost = _float(tickets) * per_ticket + made_good if per_ticket is not None else _float(sa.null())
    columns = (
        b.c.customer_id,
        b.c.orders,
        b.c.revenue,
        tickets.label("tickets"),
        t.c.compensation,
        cost.label("cost"),
        (_float(b.c.revenue) - cost).label("left"),
    )
    joined = b.outerjoin(t, t.c.customer_id == b.c.customer_id)
    return sa.select(*columns).select_from(joined).subquery("each")


def _float(of: Any) -> sa.ColumnElement[float]:
    return sa.cast(of, sa.Double())


def _counted(each: sa.Subquery) -> sa.Select[Any]:
    kept = sa.func.greatest(each.c.revenue, 0)
    columns: list[sa.ColumnElement[Any]] = [
        sa.func.count().label("n"),
        sa.func.sum(each.c.revenue).label("revenue"),
        sa.func.sum(each.c.cost).label("cost"),
        sa.func.count().filter(each.c.left < 0).label("losing"),
        sa.func.count(each.c.revenue).label("known"),
        sa.func.sum(kept).label("kept"),
    ]
    return sa.select(*columns)


def _listed(asker: Asker, each: sa.Subquery, limit: int) -> list[Row]:
    top, p = sa.select(each).order_by(*_best(each)).limit(limit).subquery("top"), people(asker)
    columns = (top.c.customer_id, p.c["name"], p.c.segment, *list(top.c)[1:])
    listed = sa.select(*columns).select_from(top.outerjoin(p, p.c.customer_id == top.c.customer_id))
    records = asker.fetch(listed.order_by(*_best(top)))
    return [dict(r) | {name: _known(r[name]) for name in ("revenue", "compensation")} for r in records]


def _known(amount: Any) -> float | None:
    return float(amount) if amount is not None else None


def _spread(asker: Asker, each: sa.Subquery, counted: Row) -> tuple[Sequence[Row], float | None]:
    """Return which share of the revenue the best share of the customers brought, and the Gini coefficient.

    Refunded more than bought is nothing. The coefficient is 0 where revenue is spread evenly, towards 1 for all on one.
    """
    n, total = counted["known"], float(counted["kept"] or 0)
    if not total:
        return [], None
    counts = [(share, max(1, round(share * n))) for share in TOP_SHARES]
    place = sa.func.row_number().over(order_by=each.c.revenue.desc())
    kept = sa.func.greatest(each.c.revenue, 0).label("kept")
    r = sa.select(kept, place.label("place")).where(each.c.revenue.is_not(None)).subquery("placed")
    best = [sa.func.sum(r.c.kept).filter(r.c.place <= count).label(f"best_{share}") for share, count in counts]
    apart = sa.func.sum(r.c.kept * (n + 1 - 2 * r.c.place)).label("apart")
    (found,) = asker.fetch(sa.select(apart, *best))
    shares = [{"top": share, "n": count, "value": float(found[f"best_{share}"]) / total} for share, count in counts]
    return shares, float(found["apart"]) / (n * total)


def bought(asker: Asker) -> sa.Subquery:
    """Return orders and revenue of the period by customer."""
    d = days(asker)
    inside = conditions(d, d.c.day, _period_alone(asker))
    columns = (sa.func.count().filter(d.c.paid).label("orders"), sa.func.sum(d.c.revenue).label("revenue"))
    return sa.select(d.c.customer_id, *columns).where(*inside).group_by(d.c.customer_id).subquery("bought")


def _period_alone(asker: Asker) -> Filters:
    """Return the period without chosen values: they chose the customers."""
    return replace(asker.filters, values=())


def served(asker: Asker) -> sa.Subquery:
    """Return the tickets of the period by customer, and what was made good for them."""
    t = known.tickets(asker.context())
    counted = [sa.not_(condition) for _, condition in excluded(t)]
    columns = (t.c.customer_id, sa.func.count().label("tickets"), sa.func.sum(t.c.compensation).label("compensation"))
    inside = conditions(t, t.c.created_day, _period_alone(asker))
    return sa.select(*columns).where(*counted, *inside).group_by(t.c.customer_id).subquery("served")


STUDIES = (
    Study(
        "value",
        ("orders",),
        answer=value,
        behind=lambda asker, options: asker.rows("revenue"),
        options=(Option("limit", "whole", 50),),
        shapes=(
            Shape(
                "value",
                (
                    Column("customer_id", "text"),
                    Column("name", "text"),
                    Column("segment", "text"),
                    Column("orders", "count"),
                    Column("revenue", "money"),
                    Column("tickets", "count"),
                    Column("compensation", "money"),
                    Column("cost", "money"),
                    Column("left", "money"),
                ),
            ),
            Shape(
                "quarters",
                (Column("customer_id", "text"), Column("quarter", "day"), Column("revenue", "money")),
            ),
            Shape("concentration", (Column("top", "share"), Column("n", "count"), Column("value", "share"))),
        ),
    ),
)
