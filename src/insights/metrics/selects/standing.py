"""What stands open, told by what came to stand and what ended on each day: all up to a day is what stood then."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from insights import sql
from insights.metrics.core import Metric
from insights.metrics.periods import period_start
from insights.metrics.selects import sides
from insights.metrics.selects.question import Question
from insights.sql import Column


def moved(stretches: sa.FromClause, keys: Sequence[str], metrics: Sequence[Metric]) -> sa.Select[Any]:
    """Return the SELECT of what came to stand, less what ended, by day and keys: of stretches with their days."""
    c = stretches.c
    own, added = [c[name] for name in keys], [c[metric.key] for metric in metrics]
    began = sa.select(c.day, *own, *added)
    ended = sa.select(c.ended, *own, *(-of for of in added)).where(c.ended.is_not(None))
    moves = sa.union_all(began, ended).subquery("moves")
    groups = [moves.c[name] for name in ("day", *keys)]
    sums = [sa.func.sum(moves.c[metric.key]) for metric in metrics]
    named = (sa.cast(of, sa.BigInteger()).label(f"{m.key}_n") for m, of in zip(metrics, sums, strict=True))
    return (
        sa.select(*groups, *named)
        .group_by(*groups)
        .having(sa.or_(*(of != sa.literal_column("0") for of in sums)))
        .order_by(groups[0])
    )


def at_the_end(asked: Question, held: sa.TableClause, chosen: Sequence[Column]) -> sa.Subquery:
    """Return the cells up to the end of the period, and again up to that of the other one, each with its side."""
    context, names = asked.context, (*asked.dimensions, *(f"{metric.key}_n" for metric in asked.metrics))
    spans = [(sides.NOW, asked.filters.since, context.last_day)]
    if asked.beside:
        spans.append((sides.BEFORE, asked.beside[0], min(asked.beside[1], context.today)))
    each = (
        sa.select(
            *(held.c[name] for name in names),
            *([sa.literal_column(str(side), sa.Integer()).label(sides.SIDE)] if asked.beside else []),
        ).where(held.c.day <= sa.literal(until, sa.Date()) if since is None or since <= until else sa.false(), *chosen)
        for side, since, until in spans
    )
    return sa.union_all(*each).subquery("counted")


def moves(asked: Question, held: sa.TableClause, chosen: Sequence[Column], last: Any) -> sa.Subquery:
    """Return the cells up to the last day by the period they change; what stood before it began, by its first."""
    context, day = asked.context, held.c.day
    assert context.grain
    assert context.since
    first = sa.literal(period_start(context.since, context.grain, context.starts), sa.Date())
    period = sa.func.greatest(sql.period(day, context.grain, context.starts), first).label("period")
    added = (sa.func.sum(held.c[f"{metric.key}_n"]).label(metric.key) for metric in asked.metrics)
    groups = [*(held.c[name] for name in asked.by), period]
    before = day <= sa.literal(last, sa.Date())
    return sa.select(*groups, *added).where(before, *chosen).group_by(*groups).subquery("moves")
