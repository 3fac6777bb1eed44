"""Access: each table a statement reads is replaced by the rows of it the reader may see, wherever it is read."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from insights import schema, sql
from insights.asking.rewrites.beside import always_beside, each_part
from insights.filters import Scope, among, dimension_column
from insights.personal import kind_of
from insights.personal.masking import masked

Statement = sa.Select[Any] | sa.CompoundSelect[Any]
OPEN = frozenset({"agents", "campaigns", "calendar_days", "calendar_segments", "facts", "loads", "verdicts"})
"""Tables about nobody's tickets or purchases: whole for everyone."""
PART_OF = {
    "customers": ("tickets", "customer_id"),
    "customer_aliases": ("customers", "customer_id"),
    "ticket_events": ("tickets", "ticket_id"),
    "status_spans": ("tickets", "ticket_id"),
    "ticket_holders": ("tickets", "ticket_id"),
    "reply_cycles": ("tickets", "ticket_id"),
    "sla_clocks": ("tickets", "ticket_id"),
    "ticket_as_loaded": ("tickets", "ticket_id"),
    "order_lines": ("orders", "order_id"),
    "campaign_members": ("customers", "customer_id"),
}
"""Rows that are seen with those they belong to, where they do not know a dimension themselves."""
OF_A_TICKET = frozenset(name for name, (_, key) in PART_OF.items() if key == "ticket_id")
"""What a ticket's history holds is seen with the ticket, whichever team or agent a part of it is credited to."""
_KEYS = frozenset({"source", *(key for _, key in PART_OF.values())})
"""Columns by which rows are looked for among those they belong to."""
_ORDER = ("tickets", "orders", "customers")
"""A table others belong to comes before them."""


def seen_by(statement: Statement, scope: Scope) -> tuple[sa.CTE, ...]:
    """Return what hides the tables of a statement by their names: the rows and columns a reader may see of each."""
    read = {e for e in each_part(statement) if isinstance(e, sa.Table)}
    parts = {table.name for table in read if scope.values} & OF_A_TICKET
    beside = always_beside(statement, schema.tickets) & parts if parts else set()
    named = _KEYS | set(_named(statement))
    cut = [table for table in _with_owners(read, scope) if _cut(table, scope)]
    asked = ((t, tuple(c.name for c in t.c if c.name in named) or (t.c[0].name,), t.name in beside) for t in cut)
    return tuple(_visible(table, columns, scope, joined) for table, columns, joined in asked)


def _cut(table: sa.Table, scope: Scope) -> bool:
    """Tell whether a reader sees less of a table than there is."""
    rows = scope.nobody or (bool(scope.values) and table.name not in OPEN)
    return rows or any(kind_of(table.name, c.name) in scope.masked for c in table.c)


def _with_owners(read: set[sa.Table], scope: Scope) -> list[sa.Table]:
    tables = schema.metadata.tables
    names = {table.name for table in read if tables.get(table.name) is table}
    while owners := {PART_OF[name][0] for name in names & PART_OF.keys() if scope.values} - names:
        names |= owners
    return [tables[name] for name in (*(n for n in _ORDER if n in names), *sorted(names - set(_ORDER)))]


def _named(statement: Statement) -> Iterator[str]:
    """Yield the name of each column that a statement reads: of others the engine need know nothing."""
    for e in each_part(statement):
        if isinstance(e, sa.ColumnClause):
            yield str(e.key)
        elif isinstance(e, sa.Select):  # where a whole table is selected, its columns are named nowhere else
            yield from (str(c.key) for of in e._raw_columns if isinstance(of, sa.FromClause) for c in of.c)


@lru_cache(maxsize=2_000)
def _visible(table: sa.Table, columns: tuple[str, ...], scope: Scope, beside: bool) -> sa.CTE:
    """Return what a reader sees of a table: one expression for all statements, so that they compile alike.

    `beside` where its rows are read joined to visible tickets alone, and need not be looked for among these again.
    """
    stored = sql.stored(table)
    seen = sa.select(*(_shown(table.name, stored.c[name], scope) for name in columns)).select_from(stored)
    conditions = _conditions(table, stored, scope) if not beside or scope.nobody else ()
    return seen.where(*conditions).cte(table.name)


def _shown(table: str, column: sa.ColumnClause[Any], scope: Scope) -> sa.ColumnElement[Any]:
    """Return a column, or what this reader sees instead."""
    kind = kind_of(table, str(column.key))
    return masked(column, kind, scope.salt).label(column.key) if kind and kind in scope.masked else column


def _conditions(table: sa.Table, stored: sa.TableClause, scope: Scope) -> Iterator[sa.ColumnElement[bool]]:
    if scope.nobody:
        yield sa.false()
    if not scope.values or table.name in OPEN:
        return
    if table.name in OF_A_TICKET:
        yield _belongs(stored, scope)
        return
    unknown = []
    for dimension, values in scope.values:
        if (known := dimension_column(table, dimension)) is not None:
            yield among(stored.c[known.name], values)
        else:
            unknown.append(dimension)
    if unknown:
        yield _belongs(stored, scope) if table.name in PART_OF else sa.false()


def _belongs(stored: sa.TableClause, scope: Scope) -> sa.ColumnElement[bool]:
    owner, key = PART_OF[stored.name]
    seen = sa.table(owner, sa.column("source"), sa.column(key))
    mine = _shown(stored.name, stored.c[key], scope)  # what is seen of the owner is masked as well
    plain = mine.element if isinstance(mine, sa.Label) else mine
    return sa.tuple_(stored.c.source, plain).in_(sa.select(seen.c.source, seen.c[key]))
