"""The most valuable customers, what serving them cost, and how much of the revenue hangs on few."""

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from insights.filters import Filters, conditions
from insights.metrics.bases import known
from insights.metrics.core import excluded
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.customers.buying import days
from insights.studies.customers.people import people
from insights.studies.options import Option

TOP_SHARES = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def value(asker: Asker, options: Options) -> Answer:
    """Return the customers who brought most in the period with their cost to serve, and the concentration of revenue.

    Cost to serve is tickets × the settings' cost of one, plus what was made good; unknown while no cost is set.
    """
    rows = _customers(asker)
    listed = sorted(rows, key=lambda r: (r["revenue"] is None, -(r["revenue"] or 0), r["customer_id"]))
    brought = [r["revenue"] for r in listed if r["revenue"] is not None]
    costs = [r["cost"] for r in listed if r["cost"] is not None]
    losing = sum(r["left"] is not None and r["left"] < 0 for r in listed)
    per_ticket = asker.settings.costs.per_ticket
    facts = {
        "n": len(rows),
        "revenue": round(sum(brought), 2),
        "cost": round(sum(costs), 2) if costs else None,
        "cost_per_ticket": per_ticket,
        "unprofitable": losing if costs else None,
        "gini": gini(brought),
    }
    tables = {"value": listed[: options["limit"]], "concentration": concentration(brought)}
    return Answer(tables, facts, None if per_ticket is not None else "no_cost")


def concentration(brought: Sequence[float]) -> list[Row]:
    """Return which share of the revenue the best share of the customers brought; refunded more than bought is nothing.

    `brought` is in descending order.
    """
    kept = [max(amount, 0.0) for amount in brought]
    total, n = sum(kept), len(kept)
    if not total:
        return []
    counts = [(share, max(1, round(share * n))) for share in TOP_SHARES]
    return [{"top": share, "n": count, "value": sum(kept[:count]) / total} for share, count in counts]


def gini(brought: Sequence[float]) -> float | None:
    """Return how unevenly revenue is spread over customers: 0 for evenly, towards 1 for all on one."""
    kept = sorted(max(amount, 0.0) for amount in brought)
    total, n = sum(kept), len(kept)
    if not total:
        return None
    return sum((2 * place - n - 1) * amount for place, amount in enumerate(kept, 1)) / (n * total)


def _customers(asker: Asker) -> list[Row]:
    b, t, p = bought(asker), served(asker), people(asker)
    joined = b.outerjoin(t, t.c.customer_id == b.c.customer_id).outerjoin(p, p.c.customer_id == b.c.customer_id)
    tickets = sa.func.coalesce(t.c.tickets, 0).label("tickets")
    columns = (b.c.customer_id, p.c["name"], p.c.segment, b.c.orders, b.c.revenue, tickets, t.c.compensation)
    found = asker.fetch(sa.select(*columns).select_from(joined))
    return [_priced(r, asker.settings.costs.per_ticket) for r in found]


def _priced(record: Row, per_ticket: float | None) -> Row:
    revenue, made_good = (float(record[n]) if record[n] is not None else None for n in ("revenue", "compensation"))
    cost = record["tickets"] * per_ticket + (made_good or 0) if per_ticket is not None else None
    left = revenue - cost if revenue is not None and cost is not None else None
    return dict(record) | {"revenue": revenue, "compensation": made_good, "cost": cost, "left": left}


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
            Shape("concentration", (Column("top", "share"), Column("n", "count"), Column("value", "share"))),
        ),
    ),
)
