"""What a card says beside a metric's number, whatever the number is."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.sql.visitors import iterate

from insights import schema
from insights.filters import Clock, Filters, ignored
from insights.metrics import Context, Metric, metric
from insights.metrics.core import Anchor, Better, Unit
from insights.sql import Rows

RULED = {"first_response_at"} | {c.name for c in schema.tickets.c if c.info["derived"] and c.name.endswith("_s")}
"""Columns of tickets that are filled by the rules the settings name."""
_ANY = Context(dt.datetime(2000, 1, 1), past=False, zone="UTC")


@dataclass(frozen=True)
class About:
    """Unit, direction, date anchor, and what a reader must know of a number."""

    metric: str
    unit: Unit
    better: Better
    anchor: Anchor
    clock: Clock | None
    ignored: tuple[str, ...]
    """Chosen dimensions the metric does not know."""
    least_n: int
    ruled: bool
    """The figures it rests on follow the settings' rules."""


def about(key: str, filters: Filters) -> About:
    """Return what a card says beside a number."""
    return _about(metric(key), filters)


@lru_cache(maxsize=1000)
def _about(of: Metric, filters: Filters) -> About:
    rows = of.base.rows(_ANY)
    return About(
        of.key,
        of.unit,
        of.better,
        of.anchor,
        clock=filters.clock if of.clocks else None,
        ignored=ignored(rows, filters),
        least_n=10 if of.q not in (None, 0.5) else 1,
        ruled=_ruled(of.value(rows, _ANY), rows),
    )


def _ruled(value: sa.ColumnElement[object], rows: Rows) -> bool:
    used = {column.name for column in iterate(value) if isinstance(column, sa.Column)}
    return bool(used & RULED) and "merged_into" in rows.c
