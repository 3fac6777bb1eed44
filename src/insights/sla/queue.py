"""The open clocks as known at a moment, first due first, and how many of each kind there are: page and command."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from insights import query as road
from insights.filters import Filters, Scope, conditions
from insights.metrics import known
from insights.metrics.core import Context, flag, why_excluded
from insights.schema import customers
from insights.settings import Settings
from insights.sla.known import Row, clocks_at, unsolved
from insights.sql import Rows, seconds_between
from insights.timing import OPEN_STATES
from insights.warehouse import Warehouse

HOUR_S = 3600


@dataclass(frozen=True)
class Queue:
    """The most urgent clocks, and per (agent, team) how many there are in each state and how many are due soon."""

    at: dt.datetime
    rows: list[Row]
    owners: list[Row]

    def count(self, name: str, agent: str | None = None, team: str | None = None) -> int:
        """Return how many clocks are of a kind, of everyone or of one agent or team."""
        return sum(o[name] for o in self.owners if agent in (None, o["agent_id"]) and team in (None, o["team"]))

    def total(self, agent: str | None = None, team: str | None = None) -> int:
        """Return how many clocks are open."""
        return sum(self.count(state, agent, team) for state in OPEN_STATES)


def queue(
    warehouse: Warehouse, settings: Settings, filters: Filters, *, scope: Scope, mine: Sequence[tuple[str, str]] = (),
    limit: int | None = 200,
) -> Queue:  # fmt: skip
    """Return the open clocks at the filters' moment, the rows narrowed to `mine`: (dimension, value) pairs.

    A row says twice how long there is: `left_s` in the clock's own calendar, `due_in_s` on the wall clock until
    `due_at` (None while paused). Both are negative when overdue. Ordered by the due moment, paused clocks last.
    """
    context, narrowed = road.context_of(warehouse, filters), filters
    at = context.as_of
    for dimension, value in mine:
        narrowed = narrowed.choose(dimension, value)
    with clocks_at(warehouse, settings, at, unsolved(at)) as (fetch, clocks):
        rows = fetch(_ranked(_open(clocks, context, narrowed, scope), limit))
        return Queue(at, rows, fetch(_owners(_open(clocks, context, filters, scope), at, settings)))


def _open(clocks: Rows, context: Context, filters: Filters, scope: Scope) -> sa.Select[Any]:
    """Return the open clocks of tickets that counted at the moment: one deleted only later was still there."""
    tickets = known.cases(context)
    c, t, p = clocks.c, tickets.c, customers.c
    due_in = seconds_between(sa.literal(context.as_of, sa.DateTime()), c.due_at)
    joined = clocks.join(tickets, sa.and_(t.source == c.source, t.ticket_id == c.ticket_id)).outerjoin(
        customers, sa.and_(p.source == t.source, p.customer_id == t.customer_id)
    )
    chosen = sa.select(
        c.source, c.ticket_id, t.customer_id, p.name.label("customer"), t.segment, t.loyalty_tier, c.policy,
        c.metric.label("promise"), c.cycle, c.state, c.due_at,
        sa.case((c.state != "paused", due_in)).label("due_in_s"), (c.target_s - c.elapsed_s).label("left_s"),
        c.elapsed_s, c.target_s, c.calendar, t.agent_id, t.team, t.priority, t.kind, t.channel, t.category, t.subject,
    )  # fmt: skip
    where = [c.state.in_(OPEN_STATES), why_excluded(tickets).is_(None), *conditions(tickets, None, filters, scope)]
    for dimension, column in (("policy", c.policy), ("promise", c.metric)):
        if values := filters.chosen(dimension):
            where.append(column.in_(values))
    return chosen.select_from(joined).where(*where)


def _ranked(found: sa.Select[Any], limit: int | None) -> sa.Select[Any]:
    o = found.subquery("open_clocks").c
    order = (o.due_in_s.asc().nulls_last(), o.left_s, o.source, o.ticket_id, o.promise, o.cycle)
    return sa.select(*o).order_by(*order).limit(limit)


def _owners(found: sa.Select[Any], at: dt.datetime, settings: Settings) -> sa.Select[Any]:
    o = found.subquery("open_clocks").c
    local = at.replace(tzinfo=dt.UTC).astimezone(settings.company.zone)
    midnight = dt.datetime.combine(local.date() + dt.timedelta(days=1), dt.time(), settings.company.zone)
    today_s = int((midnight - local.astimezone(dt.UTC)).total_seconds())
    counted = [sa.func.sum(flag(o.state == state)).label(state) for state in OPEN_STATES]
    for name, within in (("due_hour", HOUR_S), ("due_today", today_s)):
        counted.append(sa.func.sum(flag(sa.and_(o.due_in_s >= 0, o.due_in_s < within))).label(name))
    return sa.select(o.agent_id, o.team, *counted).group_by(o.agent_id, o.team)
