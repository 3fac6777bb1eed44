"""Answers prepared at load: what rows add to metrics that add up, by day and some dimensions, instead of the rows.

A table holds what belongs together (the same rows, the same date) by one set of dimensions; which one answers a
question, if any does, is told here alone. Whatever does not fit (a past moment, working time, one currency, another
dimension) is answered from the rows themselves.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from insights import sql
from insights.filters import among, dimension_column
from insights.metrics import METRICS
from insights.metrics.core import Context, Metric
from insights.metrics.selects import sides
from insights.metrics.selects.question import Question, dimension, together
from insights.schema import PREPARED
from insights.sql import Column

SETS = (
    ("channel", "segment", "region"),
    ("channel", "kind", "category", "priority", "team"),
    ("channel", "category", "product"),
)
"""Dimensions kept together besides the source, the fewest cells first."""
SUMMED = frozenset({"count", "share", "sum", "ratio"})
"""Measures made of sums: whole numbers and amounts add up to the same in any order."""
BY_PERIOD = frozenset({"contacts", "nps_answers", "buyers"})
"""Rows that depend on the period asked for."""
_ANY = Context(datetime(2000, 1, 1), past=False, zone="UTC")


@dataclass(frozen=True)
class Prepared:
    """One table: the metrics it answers and the dimensions it knows."""

    name: str
    metrics: tuple[Metric, ...]
    dimensions: tuple[str, ...]

    @property
    def table(self) -> sa.TableClause:
        """Return the table as it is read."""
        sums = (sa.column(f"{m.key}_{part}", sa.Numeric()) for m in self.metrics for part in _parts(m))
        keys = (sa.column(name, sa.Text()) for name in self.dimensions)
        return sa.table(self.name, sa.column("day", sa.Date()), *keys, *sums, schema=PREPARED)

    def built(self, rows: sa.FromClause) -> sa.Select[Any]:
        """Return the SELECT that makes it, from the rows of its kind."""
        groups = [rows.c[name] for name in ("day", *self.dimensions)]
        sums = [_made(part, rows.c[m.key]).label(f"{m.key}_{part}") for m in self.metrics for part in _parts(m)]
        return sa.select(*groups, *sums).group_by(*groups).order_by(groups[0])

    def answers(self, asked: Question) -> bool:
        """Tell whether it holds all that a question needs."""
        of = asked.first.base.rows(asked.context)
        chosen = {name for name, _ in asked.filters.values if dimension_column(of, name) is not None}
        return {*asked.metrics} <= {*self.metrics} and {*asked.dimensions, *chosen} <= {*self.dimensions}


def _made(part: str, added: Column) -> Column:
    return sa.func.count(added) if part == "n" else sa.func.sum(added)


def _parts(metric: Metric) -> tuple[str, ...]:
    return ("n",) if metric.measure == "count" else ("n", "sum")


def adds_up(metric: Metric) -> bool:
    """Tell whether a metric can be prepared."""
    base, summed = metric.base, metric.measure in SUMMED and metric.unit != "seconds" and not metric.always_by
    return summed and not base.stock and base.name not in BY_PERIOD


def rows(metrics: tuple[Metric, ...], context: Context) -> sa.Select[Any]:
    """Return all the rows of metrics that go together, with their dimensions and what each adds."""
    first = metrics[0]
    of = first.base.rows(context)
    names = dict.fromkeys(name for one in every() if one.metrics == metrics for name in one.dimensions)
    added = [metric.counted(of, context).label(metric.key) for metric in metrics]
    known = [dimension(first, of, name).label(name) for name in names]
    return sa.select(first.at(of).label("day"), *known, *added)


@cache
def every() -> tuple[Prepared, ...]:
    """Return all tables there can be."""
    groups = together([metric for metric in METRICS.values() if adds_up(metric)])
    return tuple(Prepared(f"{group[0].key}_{place}", group, names) for group in groups for place, names in _sets(group))


def _sets(group: tuple[Metric, ...]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the sets of dimensions that rows know, each once."""
    of, seen = group[0].base.rows(_ANY), set()
    for place, names in enumerate(SETS):
        known = tuple(name for name in ("source", *names) if dimension_column(of, name) is not None)
        if len(known) > 1 and known not in seen:
            seen.add(known)
            yield place, known


def fitting(asked: Question) -> Prepared | None:
    """Return the table that answers a question, None where only the rows do."""
    context = asked.context
    if not asked.prepared or context.past or context.clock != "calendar" or context.one_currency:
        return None
    return next((of for of in every() if of.name in asked.prepared and of.answers(asked)), None)


def cells(asked: Question, of: Prepared) -> sa.Subquery:
    """Return the cells of the period with what each adds; those of a refused source add nothing."""
    held, context = of.table, asked.context
    day = held.c.day
    columns: list[Column] = [held.c[name].label(name) for name in asked.dimensions]
    where: list[Column] = [among(held.c[n], values) for n, values in asked.filters.values if n in of.dimensions]
    where += sides.days(day, asked.filters, asked.beside)
    columns += [sides.side(day, asked.filters)] if asked.beside else []
    if context.grain:
        columns.append(sql.period(day, context.grain, context.starts).label("period"))
        where.append(day.is_not(None))
    for metric in asked.metrics:
        refused = context.refused(metric.key)
        for part in _parts(metric):
            added: Column = held.c[f"{metric.key}_{part}"]
            counts = sa.case((held.c.source.in_(refused), sa.null()), else_=added) if refused else added
            columns.append(counts.label(f"{metric.key}_{part}"))
    return sa.select(*columns).where(*where).subquery("counted")


def parts(metric: Metric, of: sides.Of) -> dict[str, Column]:
    """Return value, n and what an interval needs, as the rows themselves would give them."""
    n: Column = sa.cast(sa.func.coalesce(sa.func.sum(of(f"{metric.key}_n")), 0), sa.BigInteger())
    if metric.measure == "count":
        return {"value": n, "n": n}
    total: Column = sa.func.sum(of(f"{metric.key}_sum"))
    double: Column = sa.cast(total, sa.Double())
    match metric.measure:
        case "share":
            return {"value": double / sa.func.nullif(n, 0), "n": n, "hits": total}
        case "ratio":
            return {"value": double / sa.func.nullif(n - total, 0), "n": n}
    return {"value": total, "n": n}
