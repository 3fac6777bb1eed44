"""One ticket's story up to a moment: its states, what was said and changed, and its clocks."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from insights.filters import Filters, Scope, conditions
from insights.schema import customers, sla_clocks, status_spans, ticket_events, tickets
from insights.settings import Settings
from insights.sla.known import Row, clocks_at
from insights.warehouse import Warehouse


@dataclass(frozen=True)
class Story:
    """What is known of a ticket at `at`."""

    at: dt.datetime
    ticket: Row
    spans: list[Row]
    events: list[Row]
    clocks: list[Row]


def story(
    warehouse: Warehouse,
    settings: Settings,
    source: str,
    ticket_id: str,
    *,
    scope: Scope,
    at: dt.datetime | None = None,
) -> Story | None:
    """Return a ticket's story as known at a moment (None: the newest); None when the reader may not see it."""
    at = at or warehouse.as_of
    moment = sa.literal(at, sa.DateTime())

    def mine(table: sa.FromClause) -> list[sa.ColumnElement[bool]]:
        return [table.c.source == source, table.c.ticket_id == ticket_id]

    t, p, e, s = tickets, customers, ticket_events.c, status_spans.c
    named = t.outerjoin(p, sa.and_(p.c.source == t.c.source, p.c.customer_id == t.c.customer_id))
    seen = [*mine(t), t.c.created_at <= moment, *conditions(t, None, Filters(), scope)]
    found = warehouse.fetch(sa.select(t, p.c.name.label("customer")).select_from(named).where(*seen))
    if not found:
        return None
    happened = sa.select(e.at, e.seq, e.field, e.old, e.new, e.actor, e.actor_id, e.public)
    events = warehouse.fetch(happened.where(*mine(ticket_events), e.at <= moment).order_by(e.at, e.seq))
    ended = sa.case((s.ended_at <= moment, s.ended_at)).label("ended_at")
    stood = sa.select(s.span, s.status, s.started_at, ended).where(*mine(status_spans), s.started_at <= moment)
    with clocks_at(warehouse, settings, at, sa.select(t.c.source, t.c.ticket_id).where(*mine(t))) as (fetch, clocks):
        ran: sa.Select[Any] = sa.select(*(clocks.c[c.name] for c in sla_clocks.c)).where(*mine(clocks))
        kept = fetch(ran.order_by(clocks.c.started_at, clocks.c.metric, clocks.c.cycle))
    return Story(at, found[0], warehouse.fetch(stood.order_by(s.span)), events, kept)
