"""Answers prepared at load: what rows add to metrics that add up, by day and some dimensions, instead of the rows.

A table holds what belongs together (the same rows, the same date) by one set of dimensions; which one answers a
question, if any does, is told here alone. Whatever does not fit (a past moment, working time, one currency, another
dimension) is answered from the rows themselves.

Of what stands open a table holds what came to stand and what ended on each day: all up to a day is what stood then.

A reader of some rows is answered by the cells of these where a row is seen with its ticket, by what the ticket is: of
dimensions that a row may call otherwise than its ticket does (whose answer it was) the ticket's own is kept beside.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.visitors import iterate

from insights import schema, sql
from insights.filters import among, dimension_column
from insights.metrics import METRICS
from insights.metrics.bases.held import THEN
from insights.metrics.bases.joined import same
from insights.metrics.core import Context, Metric
from insights.metrics.selects import sides, standing
from insights.metrics.selects.question import Question, counts_stretches, dimension, together
from insights.schema import PREPARED
from insights.sql import Column, Rows

SETS = (
    ("channel", "segment", "region"),
    ("channel", "kind", "category", "priority", "team"),
    ("channel", "category", "product"),
)
"""Dimensions kept together besides the source, the fewest cells first."""
OWN = "team"
"""The dimension of which the ticket's own is kept beside: what a lead sees goes by it."""
SUMMED = frozenset({"count", "share", "sum", "ratio"})
"""Measures made of sums: whole numbers and amounts add up to the same in any order."""
BY_PERIOD = frozenset({"nps_answers", "buyers"})
"""Rows that depend on the period asked for."""
BY_OTHERS = frozenset({"contacts"})
"""Rows that count by what other rows say of their customer: others for whoever sees less."""
_ANY = Context(datetime(2000, 1, 1), past=False, zone="UTC")


@dataclass(frozen=True)
class Prepared:
    """One table: the metrics it answers and the dimensions it knows."""

    name: str
    metrics: tuple[Metric, ...]
    dimensions: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the columns its cells are told apart by, besides the day."""
        own = OWN in self.dimensions and _told_apart(self.metrics[0])
        return (*self.dimensions, *([_own(OWN)] if own else []))

    def seen_by(self, dimension: str) -> str | None:
        """Return the column that tells which rows a reader sees by a dimension, None where none does."""
        if dimension not in self.dimensions:
            return None
        if isinstance(_rows(self.metrics[0]), sa.Table) or (_of_tickets(self.metrics[0]) and dimension not in _HELD):
            return dimension
        return _own(dimension) if _own(dimension) in self.keys else None

    @cached_property
    def table(self) -> sa.Table:
        """Return the table as it is read."""
        types = {"money_sum": sa.Numeric(38, 2)}
        named = ((f"{m.key}_{part}", f"{m.unit}_{part}") for m in self.metrics for part in _parts(m))
        sums = (sa.Column(name, types.get(kind, sa.BigInteger())) for name, kind in named)
        keys = (sa.Column(name, sa.Text()) for name in self.keys)
        return sa.Table(self.name, sa.MetaData(), sa.Column("day", sa.Date()), *keys, *sums, schema=PREPARED)

    def built(self, rows: sa.FromClause) -> sa.Select[Any]:
        """Return the SELECT that makes it, from the rows of its kind."""
        if self.metrics[0].base.stock:
            return standing.moved(rows, self.keys, self.metrics)
        groups = [rows.c[name] for name in ("day", *self.keys)]
        sums = [_made(part, rows.c[m.key]).label(f"{m.key}_{part}") for m in self.metrics for part in _parts(m)]
        return sa.select(*groups, *sums).group_by(*groups).order_by(groups[0])

    def answers(self, asked: Question) -> bool:
        """Tell whether it holds all that a question needs."""
        of = asked.first.base.rows(asked.context)
        chosen = {name for name, _ in asked.filters.values if dimension_column(of, name) is not None}
        known = {*asked.metrics} <= {*self.metrics} and {*asked.dimensions, *chosen} <= {*self.dimensions}
        return known and (not asked.seen or self._shows(asked))

    def _shows(self, asked: Question) -> bool:
        """Tell whether it knows which of its cells a reader of some rows sees, and nothing else decides what counts."""
        by = all(self.seen_by(name) for name, _ in asked.seen)
        return by and all(may_be_prepared(metric, asked) for metric in asked.metrics)


_HELD = frozenset("agent" if name == "agent_id" else name for name in THEN)
"""Dimensions that may be another's on a row than on its ticket: those of then."""


def _own(dimension: str) -> str:
    return f"own_{dimension}"


def _of_tickets(metric: Metric) -> bool:
    """Tell whether rows are seen with the one ticket they are about."""
    return metric.base.ids[:2] == ("source", "ticket_id")


def _told_apart(metric: Metric) -> bool:
    """Tell whether a row about a ticket may say another thing than the ticket."""
    return _of_tickets(metric) and _rows(metric) is not schema.tickets


def _rows(metric: Metric) -> sa.FromClause:
    """Return the rows of a metric; a table where they are its rows as they are stored."""
    return metric.base.rows(_ANY)


def may_be_prepared(metric: Metric, asked: Question) -> bool:
    """Tell whether what is prepared of a metric, if it is, can answer whoever asks."""
    return adds_up(metric) and (not asked.seen or _by_itself(metric, asked.context))


def _by_itself(metric: Metric, context: Context) -> bool:
    """Tell whether a row counts by what it says itself, not by what others say."""
    if metric.base.name in BY_OTHERS:
        return False
    counted = metric.counted(metric.base.rows(context), context)
    return not any(isinstance(part, sa.Select) for part in iterate(counted))


def _made(part: str, added: Column) -> Column:
    return sa.func.count(added) if part == "n" else sa.func.sum(added)


def _parts(metric: Metric) -> tuple[str, ...]:
    return ("n",) if metric.measure == "count" else ("n", "sum")


def adds_up(metric: Metric) -> bool:
    """Tell whether a metric can be prepared."""
    base, summed = metric.base, metric.measure in SUMMED and metric.unit != "seconds" and not metric.always_by
    return counts_stretches(metric) if base.stock else summed and base.name not in BY_PERIOD


def rows(metrics: tuple[Metric, ...], context: Context) -> sa.Select[Any]:
    """Return all the rows of metrics that go together, with their dimensions and what each adds."""
    first = metrics[0]
    of = _all_stretches(first, context) if first.base.stock else first.base.rows(context)
    names = dict.fromkeys(name for one in every() if one.metrics == metrics for name in one.dimensions)
    added = [metric.counted(of, context).label(metric.key) for metric in metrics]
    known = [dimension(first, of, name).label(name) for name in names]
    days = (
        [of.c.started_day.label("day"), of.c.ended_day.label("ended")]
        if first.base.stock
        else [first.at(of).label("day")]
    )
    found = sa.select(*days, *known, *added)
    if OWN not in names or not _told_apart(first):
        return found
    ticket = schema.tickets.alias("ticket")
    own = ticket.c[OWN].label(_own(OWN))
    return found.add_columns(own).select_from(of.join(ticket, same(of, ticket)))


def _all_stretches(metric: Metric, context: Context) -> Rows:
    assert metric.base.stretches
    return metric.base.stretches(replace(context, since=date.min))


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
    refused = any(context.refused(metric.key) for metric in asked.metrics)
    if asked.first.base.stock and (refused or (context.grain and not context.since)):
        return None
    return next((of for of in every() if of.name in asked.prepared and of.answers(asked)), None)


def cells(asked: Question, of: Prepared) -> sa.Subquery:
    """Return the cells of the period with what each adds; those of a refused source add nothing."""
    held, context = of.table, asked.context
    if asked.first.base.stock:
        return standing.at_the_end(asked, held, _chosen(asked, of))
    day = held.c.day
    columns: list[Column] = [held.c[name].label(name) for name in asked.dimensions]
    where = [*_chosen(asked, of), *sides.days(day, asked.filters, asked.beside)]
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


def moves(asked: Question, of: Prepared, last: date) -> sa.Subquery:
    """Return what stands more or less by period, of what stands open, up to the last day."""
    return standing.moves(asked, of.table, _chosen(asked, of), last)


def _chosen(asked: Question, of: Prepared) -> list[Column]:
    """Return the conditions of the cells that are chosen and seen."""
    held = of.table
    chosen = [among(held.c[name], values) for name, values in asked.filters.values if name in of.dimensions]
    return [*chosen, *(among(held.c[str(of.seen_by(name))], values) for name, values in asked.seen)]


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
