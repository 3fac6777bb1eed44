"""Customers by how lately, how often and for how much they bought: named segments and what each is worth."""

from typing import Any

import sqlalchemy as sa

from insights import sql
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.customers.buying import today
from insights.studies.customers.segmenting.scores import LEAST, SEGMENTS, scored


def segments(asker: Asker, options: Options) -> Answer:
    """Return per segment how many customers, what they brought, and how lately and often they typically bought."""
    s = scored(asker, today(asker))
    records = asker.fetch(_summed(s))
    n, revenue = sum(r["n"] for r in records), sum(r["revenue"] or 0 for r in records)
    order = {segment: place for place, segment in enumerate((*SEGMENTS, None))}
    rows = [_row(r, n, float(revenue)) for r in sorted(records, key=lambda r: order[r["segment"]])]
    return Answer({"segments": rows}, {"n": n, "least": LEAST}, "too_few" if n < LEAST else None)


def _summed(s: sa.Subquery) -> sa.Select[Any]:
    columns = (
        s.c.segment,
        sa.func.count().label("n"),
        sa.func.sum(s.c.revenue).label("revenue"),
        sql.quantile(s.c.recency_days, 0.5).label("recency_days"),
        sql.quantile(s.c.purchase_days, 0.5).label("purchase_days"),
    )
    return sa.select(*columns).group_by(s.c.segment)


def _row(record: Row, n: int, revenue: float) -> Row:
    brought = float(record["revenue"]) if record["revenue"] is not None else None
    part = brought / revenue if brought is not None and revenue > 0 else None
    return dict(record) | {"share": record["n"] / n, "revenue": brought, "revenue_share": part}


def members(asker: Asker, options: Options) -> list[Row]:
    """Return every customer with scores and segment, the most valuable first."""
    s = scored(asker, today(asker))
    return list(asker.fetch(sa.select(s).order_by(s.c.revenue.desc().nulls_last(), s.c.customer_id)))


STUDIES = (
    Study(
        "segments",
        ("orders",),
        answer=segments,
        behind=members,
        heeds=("values", "as_of"),
        shapes=(
            Shape(
                "segments",
                (
                    Column("segment", "word", "rfm_segment"),
                    Column("n", "count"),
                    Column("share", "share"),
                    Column("revenue", "money"),
                    Column("revenue_share", "share"),
                    Column("recency_days", "number"),
                    Column("purchase_days", "number"),
                ),
            ),
        ),
    ),
)
