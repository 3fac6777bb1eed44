"""Which columns of the tables a metric's number rests on, found by walking its expressions down to the tables."""

import datetime as dt
from collections.abc import Iterator
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import operators
from sqlalchemy.sql.selectable import AliasedReturnsRows

from insights.metrics.core import Context, Metric

_ANY = Context(as_of=dt.datetime(2026, 1, 1), past=False, zone="UTC")
"""Both clocks and every moment stand on the same columns: one context shows them."""


@cache
def reads(metric: Metric) -> frozenset[sa.Column[Any]]:
    """Return the columns that decide a metric: what a row contributes, whether it counts, when, and which rows are."""
    rows = metric.base.rows(_ANY)
    about = [metric.concerns(rows, _ANY)] if metric.concerns else []
    decided = [metric.value(rows, _ANY), *about, _first(metric.at(rows)), *_chosen_by(rows)]
    left_out = [condition for _, condition in (*metric.reasons(rows, _ANY), *metric.unknown(rows, _ANY))]
    found = [*(c for e in decided for c in _columns(e)), *(c for e in left_out for c in _columns(e, presence=False))]
    return frozenset(found)


def _first(at: Any) -> Any:
    """Return the date rows are put in periods by; those it falls back on only serve where it is unknown."""
    return next(iter(at.clauses)) if isinstance(at, sa.Function) else at


def _chosen_by(rows: sa.FromClause) -> Iterator[Any]:
    """Yield the conditions that decide which rows there are."""
    for select in _selects(rows):
        yield from select._where_criteria
        for source in select.get_final_froms():
            yield from _chosen_from(source)


def _chosen_from(source: sa.FromClause) -> Iterator[Any]:
    if not isinstance(source, sa.Join):
        yield from _chosen_by(source)
        return
    yield from _chosen_from(source.left)
    if not source.isouter:
        yield source.onclause
        yield from _chosen_from(source.right)


def _selects(rows: Any) -> list[sa.Select[Any]]:
    """Return the selects a source of rows is made of; none for a table."""
    inner = rows.element if isinstance(rows, AliasedReturnsRows) else rows
    if isinstance(inner, sa.CompoundSelect):
        return [select for part in inner.selects for select in _selects(part)]
    return [inner] if isinstance(inner, sa.Select) else []


def _columns(element: Any, *, presence: bool = True) -> Iterator[sa.Column[Any]]:
    """Yield the columns an expression is worked out from; without `presence` none that is only asked if known."""
    if not presence and _asks_if_known(element):
        return
    if isinstance(element, sa.ColumnClause) and element.table is not None:
        yield from _of_source(element, presence)
        return
    for child in element.get_children():
        yield from _columns(child, presence=presence)


def _asks_if_known(element: Any) -> bool:
    asks = getattr(element, "operator", None) in (operators.is_, operators.is_not)
    return asks and isinstance(element.right, sa.Null)


def _of_source(column: Any, presence: bool) -> Iterator[sa.Column[Any]]:
    """Yield what a column of a table, an alias or a subquery is made of; a constant there tells which rows it has."""
    source = column.table
    while isinstance(source, AliasedReturnsRows) and not _selects(source):
        source = source.element
    if isinstance(source, sa.Table):
        yield source.c[column.name]
        return
    place = list(source.c.keys()).index(column.key)
    for select in _selects(source):
        made_of = list(_columns(list(select.selected_columns)[place], presence=presence))
        yield from made_of or (c for condition in _chosen_by(source) for c in _columns(condition))
