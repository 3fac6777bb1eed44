"""One ticket's story up to a moment: its states, what was said and changed, and its clocks."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from insights.schema import customers, sla_clocks, status_spans, ticket_events, tickets
from insights.studies.core import Asker, Row
from insights.studies.promises.clocks import clocks_at


@dataclass(frozen=True)
class Story:
    """What is known of a ticket at `at`."""

    at: dt.datetime
    ticket: Row
    spans: list[Row]
    events: list[Row]
    clocks: list[Row]


@dataclass(frozen=True)
class Ticket:
    """Which ticket."""

    source: str
    ticket_id: str

    def rows_of(self, table: sa.FromClause) -> list[sa.ColumnElement[bool]]:
        """Return the conditions under which a row is about this ticket."""
        return [table.c.source == self.source, table.c.ticket_id == self.ticket_id]


def story(asker: Asker, ticket: Ticket) -> Story | None:
    """Return a ticket's story as known at the filters' moment; None when the reader may not see it."""
    t, p = tickets, customers
    named = t.outerjoin(p, sa.and_(p.c.source == t.c.source, p.c.customer_id == t.c.customer_id))
    seen = [*ticket.rows_of(t), t.c.created_at <= _moment(asker)]
    found = asker.fetch(sa.select(t, p.c.name.label("customer")).select_from(named).where(*seen))
    if not found:
        return None
    return Story(asker.at, found[0], _states(asker, ticket), _events(asker, ticket), _clocks(asker, ticket))


def _moment(asker: Asker) -> sa.BindParameter[dt.datetime]:
    return sa.literal(asker.at, sa.DateTime())


def _events(asker: Asker, ticket: Ticket) -> list[Row]:
    e = ticket_events.c
    happened = sa.select(e.at, e.seq, e.field, e.old, e.new, e.actor, e.actor_id, e.public)
    chosen = happened.where(*ticket.rows_of(ticket_events), e.at <= _moment(asker))
    return list(asker.fetch(chosen.order_by(e.at, e.seq)))


def _states(asker: Asker, ticket: Ticket) -> list[Row]:
    s, moment = status_spans.c, _moment(asker)
    ended = sa.case((s.ended_at <= moment, s.ended_at)).label("ended_at")
    chosen = sa.select(s.span, s.status, s.started_at, ended).where(
        *ticket.rows_of(status_spans), s.started_at <= moment
    )
    return list(asker.fetch(chosen.order_by(s.span)))


def _clocks(asker: Asker, ticket: Ticket) -> list[Row]:
    t = tickets
    with clocks_at(asker, sa.select(t.c.source, t.c.ticket_id).where(*ticket.rows_of(t))) as (fetch, clocks):
        ran: sa.Select[Any] = sa.select(*(clocks.c[c.name] for c in sla_clocks.c)).where(*ticket.rows_of(clocks))
        return list(fetch(ran.order_by(clocks.c.started_at, clocks.c.metric, clocks.c.cycle)))
