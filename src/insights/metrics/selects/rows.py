"""The SELECT of the rows behind a number, or of those left out and why."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from insights.dimensions import DIMENSIONS
from insights.filters import among, conditions, dimension_column
from insights.metrics.core import Metric
from insights.metrics.selects.question import Question
from insights.metrics.selects.question import dimension as split_by
from insights.sql import Column, Rows

Inside = Sequence[tuple[str, str]]
"""Values of what rows can be split by, of which rows are wanted."""


def rows(asked: Question, *, excluded: bool, inside: Inside = ()) -> sa.Select[Any]:
    """Return the SELECT of the rows behind a number (or behind a part of it), or of those left out with the reason."""
    metric, context = asked.first, asked.context
    of = metric.base.rows(context)
    at, added = metric.at(of), metric.counted(of, context)
    last = metric.reason(of, context).label("reason") if excluded else metric.value(of, context).label("value")
    where = [*conditions(of, at, asked.filters), *([metric.concerns(of, context)] if metric.concerns else [])]
    where.append(added.is_(None) if excluded else added.is_not(None))
    where += [among(sa.cast(split_by(metric, of, name), sa.String()), (value,)) for name, value in inside]
    columns = [column.label(name) for name, column in _shown(metric, of).items() if name != "day"]
    order = [at.asc().nulls_last(), *(of.c[name].asc().nulls_last() for name in metric.base.ids)]
    return sa.select(*columns, at.label("day"), last).where(*where).order_by(*order)


def _shown(metric: Metric, of: Rows) -> dict[str, Column]:
    """Return what a reader knows a row by: its ids, what its base shows, and every dimension it has."""
    shown: dict[str, Column] = {name: of.c[name] for name in (*metric.base.ids, *metric.base.shown)}
    for dimension in DIMENSIONS:
        if (known := dimension_column(of, dimension)) is not None:
            shown.setdefault(dimension, known)
    own = dict(metric.base.extras)
    return shown | {name: of.c[own[name]] for name in metric.always_by}


def extremes(asked: Question, by: str, largest: bool, needs: str | None) -> sa.Select[Any]:
    """Return the SELECT of the rows behind a number by a column, smallest (largest) first, those with `needs` known."""
    listed = rows(asked, excluded=False).order_by(None).subquery("listed")
    value, ids = listed.c[by], [listed.c[name] for name in asked.first.base.ids]
    ordered = [value.desc() if largest else value.asc(), listed.c.day.desc().nulls_last(), *ids]
    return sa.select(listed).where(listed.c[needs or by].is_not(None)).order_by(*ordered)


def left_out(asked: Question) -> sa.Select[Any]:
    """Return the SELECT of how many rows are left out, by reason."""
    listed = rows(asked, excluded=True).order_by(None).subquery("excluded")
    n = sa.func.count().label("n")
    return sa.select(listed.c.reason, n).group_by(listed.c.reason).order_by(n.desc(), listed.c.reason)
