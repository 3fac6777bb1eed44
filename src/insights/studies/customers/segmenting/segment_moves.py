"""Who moved from one segment to another between two days: what a flow chart of customers is drawn from."""

import datetime as dt
from typing import Any

import sqlalchemy as sa

from insights.errors import BadFilter
from insights.metrics.core import quoted
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.customers.buying import today
from insights.studies.customers.segmenting.scores import SEGMENTS, scored
from insights.studies.options import Option

NOT_YET = "not_yet"
"""Where someone comes from who had bought nothing on the first day."""
USUAL_DAYS = 90


def segment_moves(asker: Asker, options: Options) -> Answer:
    """Return how many customers went from each segment to each other, with what they had brought by the second day."""
    moved, (first, last) = _moved(asker, options)
    columns = (sa.func.count().label("n"), sa.func.sum(moved.c.revenue).label("revenue"))
    pair = (moved.c.segment_before, moved.c.segment_now)
    records = asker.fetch(sa.select(*pair, *columns).group_by(*pair))
    order = {segment: place for place, segment in enumerate((*SEGMENTS, NOT_YET, None))}
    rows = sorted(records, key=lambda r: (order[r["segment_before"]], order[r["segment_now"]]))
    stayed = sum(r["n"] for r in rows if r["segment_before"] == r["segment_now"])
    n = sum(r["n"] for r in rows)
    return Answer({"segment_moves": rows}, {"from": first, "to": last, "n": n, "stayed": stayed})


def _moved(asker: Asker, options: Options) -> tuple[sa.Subquery, tuple[dt.date, dt.date]]:
    first, last = _days(asker, options)
    before, now = scored(asker, first).alias("before"), scored(asker, last).alias("now")
    came = sa.case((before.c.customer_id.is_(None), quoted(NOT_YET)), else_=before.c.segment)
    joined = now.outerjoin(before, before.c.customer_id == now.c.customer_id)
    each = sa.select(
        now.c.customer_id, came.label("segment_before"), now.c.segment.label("segment_now"), now.c.revenue
    ).select_from(joined)
    return each.subquery("moved"), (first, last)


def _days(asker: Asker, options: Options) -> tuple[dt.date, dt.date]:
    last = min(options["later"] or today(asker), today(asker))
    first = options["earlier"] or last - dt.timedelta(days=USUAL_DAYS)
    if first > last:
        raise BadFilter("period_backwards", since=first, until=last)
    return first, last


def _rows(asker: Asker, options: Options) -> list[Row]:
    moved, _ = _moved(asker, options)
    listed: sa.Select[Any] = sa.select(moved).order_by(moved.c.revenue.desc().nulls_last(), moved.c.customer_id)
    return list(asker.fetch(listed))


STUDIES = (
    Study(
        "segment_moves",
        ("orders",),
        answer=segment_moves,
        behind=_rows,
        heeds=("values", "as_of"),
        options=(Option("earlier", "day"), Option("later", "day")),
        shapes=(
            Shape(
                "segment_moves",
                (
                    Column("segment_before", "word", "rfm_segment"),
                    Column("segment_now", "word", "rfm_segment"),
                    Column("n", "count"),
                    Column("revenue", "money"),
                ),
            ),
        ),
    ),
)
