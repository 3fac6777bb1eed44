"""What share each target would have kept: per policy, over the clocks that started in the period."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from insights.filters import conditions
from insights.metrics.core import flag
from insights.sql import Column, Rows
from insights.stats.intervals import wilson
from insights.studies.core import Answer, Asker, Options, Row, Shape, Study
from insights.studies.core import Column as Shown
from insights.studies.options import Option
from insights.studies.promises.clocks import clock_rows, listed

HOURS = (0.25, 0.5, 1, 2, 4, 8, 16, 24, 48, 72, 120, 168)


def targets(asker: Asker, options: Options) -> Answer:
    """Return per policy the share of clocks started in the period that each target would have kept.

    At a target, a clock counts once it stopped or ran longer: one that still runs within it is not decided yet.
    """
    edges: Sequence[float] = options["edges"]
    rows, counts = clock_rows(asker.context())
    r = rows.c
    parts = [part for place, edge in enumerate(edges) for part in _counts(rows.c, place, edge)]
    chosen = sa.select(r.policy, sa.func.max(r.target_s).label("target_s"), *parts).where(
        *counts, *_started(rows, asker, options)
    )
    records = asker.fetch(chosen.group_by(r.policy).order_by(r.policy))
    return Answer({"targets": [_point(record, place, e) for record in records for place, e in enumerate(edges)]})


def _counts(r: Any, place: int, edge: float) -> tuple[Column, Column]:
    stopped = r.stopped_at.is_not(None)
    kept, decided = sa.and_(stopped, r.elapsed_s <= edge), sa.or_(stopped, r.elapsed_s > edge)
    return sa.func.sum(flag(kept)).label(f"kept_{place}"), sa.func.sum(flag(decided)).label(f"n_{place}")


def _point(record: Row, place: int, edge: float) -> Row:
    n, hits = int(record[f"n_{place}"]), int(record[f"kept_{place}"])
    low, high = wilson(hits, n) or (None, None)
    same = {"policy": record["policy"], "target_s": record["target_s"], "edge": edge}
    return same | {"value": hits / n if n else None, "n": n, "low": low, "high": high}


def _rows(asker: Asker, options: Options) -> list[Row]:
    return listed(asker, lambda rows: _started(rows, asker, options))


def _started(rows: Rows, asker: Asker, options: Options) -> list[Column]:
    return [rows.c.promise == options["promise"], *conditions(rows, rows.c.started_day, asker.filters)]


PROMISE = Option(
    "promise", "word", "first_response", ("first_response", "next_response", "resolution", "requester_wait")
)
STUDIES = (
    Study(
        "sla_targets",
        ("tickets", "sla_clocks"),
        answer=targets,
        behind=_rows,
        options=(PROMISE, Option("edges", "numbers", tuple(hours * 3600 for hours in HOURS))),
        shapes=(
            Shape(
                "targets",
                (
                    Shown("policy", "text"),
                    Shown("target_s", "seconds"),
                    Shown("edge", "seconds"),
                    Shown("value", "share"),
                    Shown("n", "count"),
                    Shown("low", "share"),
                    Shown("high", "share"),
                ),
            ),
        ),
    ),
)
