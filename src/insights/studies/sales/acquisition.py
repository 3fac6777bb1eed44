"""Where the best customers came from: channels by who stays among the champions, buys again, and what they bring."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from insights import sql
from insights.stats.intervals import difference, wilson
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.customers.buying import today
from insights.studies.customers.people import people
from insights.studies.customers.segmenting.scores import scored

BEST = ("champions", "loyal", "cant_lose")
"""Segments of customers one wants more of."""


def acquisition(asker: Asker, options: Options) -> Answer:
    """Return by acquisition channel the share of customers like the best, against all other channels."""
    each = _each(asker)
    n = sa.func.count()
    columns = (
        each.c.acquisition_channel,
        n.label("n"),
        n.filter(each.c.best).label("best"),
        n.filter(each.c.purchase_days > 1).label("again"),
        sa.func.sum(each.c.revenue).label("revenue"),
        sql.quantile(each.c.revenue, 0.5).label("revenue_median"),
    )
    found = asker.fetch(sa.select(*columns).group_by(each.c.acquisition_channel))
    n_all, best = sum(r["n"] for r in found), sum(r["best"] for r in found)
    rows = [_row(r, n_all, best) for r in found]
    rows.sort(key=lambda r: (-r["share"], str(r["acquisition_channel"])))
    better = sum(bool(r["real"] and r["gap"] > 0) for r in rows)
    sentence = ("found" if better else "none") if rows else None
    return Answer({"acquisition": rows}, {"n": n_all, "better": better}, sentence)


def _each(asker: Asker) -> sa.Subquery:
    s, p = scored(asker, today(asker)), people(asker)
    columns = (
        s.c.customer_id,
        p.c["name"],
        p.c.acquisition_channel,
        s.c.segment,
        s.c.revenue,
        s.c.purchase_days,
        sa.func.coalesce(s.c.segment.in_(BEST), sa.false()).label("best"),
    )
    joined = s.join(p, p.c.customer_id == s.c.customer_id)
    return sa.select(*columns).select_from(joined).subquery("each")


def _row(record: Row, n_all: int, best_all: int) -> dict[str, Any]:
    n, best = record["n"], record["best"]
    low, high = wilson(best, n) or (None, None)
    gap = _gap(best, n, best_all - best, n_all - n)
    revenue, median = (float(record[of]) if record[of] is not None else None for of in ("revenue", "revenue_median"))
    return {
        "acquisition_channel": record["acquisition_channel"],
        "n": n,
        "share": best / n,
        "low": low,
        "high": high,
        "gap": gap[0],
        "gap_low": gap[1],
        "gap_high": gap[2],
        "real": gap[1] is not None and (gap[1] > 0 or gap[2] < 0),
        "again": record["again"] / n,
        "revenue": revenue,
        "revenue_median": median,
    }


def _gap(hits: int, n: int, others: int, m: int) -> tuple[Any, Any, Any]:
    one, other = wilson(hits, n), wilson(others, m)
    if one is None or other is None:
        return None, None, None
    return hits / n - others / m, *difference(hits / n, one, others / m, other)


def _rows(asker: Asker, options: Options) -> Sequence[Row]:
    each = _each(asker)
    return asker.fetch(sa.select(each).order_by(each.c.revenue.desc().nulls_last(), each.c.customer_id))


STUDIES = (
    Study(
        "acquisition",
        ("customers", "orders"),
        answer=acquisition,
        behind=_rows,
        heeds=("values", "as_of"),
        shapes=(
            Shape(
                "acquisition",
                (
                    Column("acquisition_channel", "text"),
                    Column("n", "count"),
                    Column("share", "share"),
                    Column("low", "share"),
                    Column("high", "share"),
                    Column("gap", "difference"),
                    Column("gap_low", "difference"),
                    Column("gap_high", "difference"),
                    Column("real", "flag"),
                    Column("again", "share"),
                    Column("revenue", "money"),
                    Column("revenue_median", "money"),
                ),
            ),
        ),
    ),
)
