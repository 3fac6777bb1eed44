"""What is asked at once: metrics that share their rows, of which period, split by what; and what each row adds."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.visitors import iterate

from insights import sql
from insights.dimensions import DIMENSIONS
from insights.errors import BadFilter, UnknownName
from insights.filters import Filters, conditions, dimension_column
from insights.metrics.core import Context, Metric
from insights.metrics.selects import sides
from insights.sql import Column, Rows


@dataclass(frozen=True)
class Question:
    """Metrics that go together, what they must know, and how their rows are chosen and split."""

    metrics: tuple[Metric, ...]
    context: Context
    filters: Filters = field(default_factory=Filters)
    by: tuple[str, ...] = ()
    prepared: frozenset[str] = frozenset()
    """Tables of prepared answers that may be read instead of the rows."""
    seen: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Which rows a reader sees, by dimension, where it is not everything: of what is prepared, nothing else says it."""

    @property
    def first(self) -> Metric:
        """Return the metric that stands for all where they are alike."""
        return self.metrics[0]

    @property
    def beside(self) -> sides.Days | None:
        """Return the days of another period that is asked about in the same statement."""
        return self.context.beside

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Return the dimensions results carry: those asked for and the metric's own."""
        return dimensions(self.first, self.by)

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the columns that name a group: the period with a grain, then the dimensions."""
        return (*(["period"] if self.context.grain else []), *self.dimensions)

    @property
    def grouped(self) -> tuple[str, ...]:
        """Return the columns rows are grouped by: those, of each period apart."""
        return (sides.SIDE, *self.keys) if self.beside and self.keys else self.keys


@dataclass(frozen=True)
class Counted:
    """The rows of the period with what each adds, and the column that holds it by metric."""

    rows: sa.Subquery
    column: Mapping[str, str]

    def of(self, metric: Metric) -> Column:
        """Return what rows add to a metric; NULL where they do not count."""
        return self.rows.c[self.column[metric.key]]

    def reported(self, metric: Metric) -> str | None:
        """Return the column of what rows add whose duration is the source's own figure; None where no row can tell."""
        name = f"{self.column[metric.key]}_reported"
        return name if name in self.rows.c else None


def dimensions(metric: Metric, by: Sequence[str]) -> tuple[str, ...]:
    """Return the dimensions results of a metric carry."""
    return tuple(dict.fromkeys((*by, *metric.always_by)))


def together(metrics: Sequence[Metric]) -> list[tuple[Metric, ...]]:
    """Group metrics that one SELECT can answer: same rows, same date anchor, same dimensions of their own."""
    groups: dict[Any, tuple[Metric, ...]] = {}
    for metric in metrics:
        alike = (metric.base.name, metric.at, metric.always_by, counts_stretches(metric))
        groups[alike] = (*groups.get(alike, ()), metric)
    return list(groups.values())


def counts_stretches(metric: Metric) -> bool:
    """Tell whether a stock can be counted day by day from what begins and ends, without listing it every day."""
    return bool(metric.base.stretches) and metric.measure == "count" and not metric.always_by


def dimension(metric: Metric, of: Rows, name: str) -> Column:
    """Return the column of a dimension; raises UnknownName, or BadFilter when these rows do not know it."""
    own = dict(metric.base.extras)
    if name in own:
        return of.c[own[name]]
    if name not in DIMENSIONS:
        raise UnknownName("unknown_dimension", name=name, known=", ".join((*DIMENSIONS, *own)))
    if (found := dimension_column(of, name)) is None:
        known = [d for d in DIMENSIONS if dimension_column(of, d) is not None]
        raise BadFilter("not_by_dimension", metric=metric.key, name=name, known=", ".join((*known, *own)))
    return found


def counted(asked: Question) -> Counted:
    """Return the rows of the period with what each adds; metrics that count alike share a column."""
    shape = replace(asked.filters, values=tuple((name, ("",)) for name, _ in asked.filters.values))
    of, alike = _narrowed(replace(asked, filters=shape)), {_rule(m, asked.context): m.key for m in asked.metrics[::-1]}
    columns, where = _parts(asked, of)
    held = {m.key: alike[_rule(m, asked.context)] for m in asked.metrics}
    return Counted(sa.select(*columns).where(*where).subquery("counted"), held)


def _rule(metric: Metric, context: Context) -> Hashable:
    """Return what metrics that count alike have in common."""
    return metric.value, metric.reasons, metric.concerns, context.refused(metric.key)


def _parts(asked: Question, of: Rows) -> tuple[list[Column], list[Column]]:
    """Return the columns of what is counted, and the conditions."""
    context, at = asked.context, asked.first.at(of)
    columns: list[Column] = [sides.side(at, asked.filters)] if asked.beside else []
    where = [*sides.days(at, asked.filters, asked.beside), *conditions(of, None, asked.filters)]
    if context.grain:
        columns.append(sql.period(at, context.grain, context.starts).label("period"))
        where.append(at.is_not(None))
    columns += [dimension(asked.first, of, name).label(name) for name in asked.dimensions]
    firsts = {_rule(m, context): m for m in asked.metrics[::-1]}
    own = (_added(m, of, context) for m in asked.metrics if firsts[_rule(m, context)] is m)
    return [*columns, *(column for added in own for column in added)], where


@lru_cache(maxsize=1000)
def _narrowed(asked: Question) -> Rows:
    """Return the rows with the columns that are read alone: what nobody reads is planned all the same."""
    of = asked.first.base.rows(asked.context)
    rows = of.element if isinstance(of, sa.Subquery) else None
    if not isinstance(rows, sa.Select) or rows._distinct:
        return of
    columns, where = _parts(asked, of)
    read = {
        e.key
        for part in (*columns, *where, asked.first.at(of))
        for e in iterate(part)
        if isinstance(e, sa.ColumnClause) and e.table is of
    }
    narrow = [column for column in rows.selected_columns if column.key in read]
    return rows.with_only_columns(*narrow, maintain_column_froms=True).subquery(of.name) if narrow else of


@lru_cache(maxsize=2000)
def _added(metric: Metric, of: Rows, context: Context) -> tuple[Column, ...]:
    """Return what a row adds to a metric, and again where its duration is the source's own figure: once for rows."""
    added = metric.counted(of, context)
    found: list[Column] = [added.label(metric.key)]
    if metric.clocks and metric.unit == "seconds" and "clock_basis" in of.c:
        found.append(sa.case((of.c.clock_basis == "reported", added)).label(f"{metric.key}_reported"))
    return tuple(found)
