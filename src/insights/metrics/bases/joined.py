"""Rows about a ticket with what they take over from it, so that every dimension is at hand."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from insights.dimensions import columns_of
from insights.metrics.core import Context, why_excluded
from insights.sql import Column, Rows

Why = Callable[[Rows], Column]
CASE = (
    "customer_id",
    "subject",
    *(c for c in (*columns_of("tickets"), *columns_of("customers")) if c != "status"),
    "created_at",
    "created_day",
)
"""What a row about a ticket takes over from it; a stretch of a ticket has a status of its own."""


def with_case(
    of: Rows, cases: Rows, *columns: Column, name: str, where: Column, why: Why = why_excluded
) -> sa.Subquery:
    """Return rows of `of` with what they take over from their ticket."""
    taken = [cases.c[c] for c in CASE if c not in {x.key for x in columns}]
    joined = of.join(cases, same(of, cases))
    taken.append(why(cases).label("excluded"))
    return sa.select(of.c.source, of.c.ticket_id, *columns, *taken).select_from(joined).where(where).subquery(name)


def held_then(of: Rows, cases: Rows, *names: str) -> list[Column]:
    """Return attributes as they were when a row was settled, where that is known; else as the ticket has them."""
    return [sa.func.coalesce(of.c[name], cases.c[name]).label(name) for name in names]


def same(a: sa.FromClause, b: sa.FromClause) -> Column:
    """Return whether two rows are about the same ticket."""
    return sa.and_(a.c.source == b.c.source, a.c.ticket_id == b.c.ticket_id)


def later(end: Column, start: Column) -> Column:
    """Return whether a stretch that may still run ends after a day."""
    return sa.or_(end.is_(None), end > start)


def within(select: sa.Select[Any], day: Column, context: Context) -> sa.Select[Any]:
    """Keep the rows whose day lies in the period."""
    if context.since:
        select = select.where(day >= sa.literal(context.since, sa.Date()))
    if context.until:
        select = select.where(day <= sa.literal(context.until, sa.Date()))
    return select


def beside(t: Rows, **added: sa.Subquery) -> sa.Subquery:
    """Return all tickets with columns by name, each of a subquery that knows some of them."""
    joined: sa.FromClause = t
    for of in added.values():
        joined = joined.outerjoin(of, same(t, of))
    return sa.select(*t.c, *(of.c[name] for name, of in added.items())).select_from(joined).subquery("tickets")
