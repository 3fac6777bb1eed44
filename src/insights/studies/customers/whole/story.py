"""Everything that happened with one customer, newest first: tickets, ratings, orders, contacts, campaigns, offers."""

from typing import Any

import sqlalchemy as sa

from insights import schema
from insights.metrics.bases import known
from insights.metrics.core import quoted
from insights.sql import Column
from insights.studies.core import Asker
from insights.studies.customers.buying import own

MOST = 500


def timeline(asker: Asker, who: str) -> sa.Select[Any]:
    """Return the moments of a customer up to the moment looked from, with what a reader knows each by."""
    context = asker.context()
    t, s, o, i = (of(context) for of in (known.tickets, known.surveys, known.orders, known.interactions))
    m, p = schema.campaign_members, schema.opportunities
    parts = (
        _part("ticket", t, t.c.created_at, t.c.ticket_id, t.c.subject, t.c.status),
        _part("rating", s, s.c.answered_at, s.c.ticket_id, s.c.comment, s.c.score),
        _part("order", o, o.c.ordered_at, o.c.order_id, o.c.status, o.c.amount),
        _part("contact", i, i.c.at, i.c.interaction_id, i.c.kind, i.c.outcome),
        _part("campaign", m, m.c.sent_at, m.c.campaign_id, m.c.arm, m.c.revenue),
        _part("opportunity", p, p.c.created_at, p.c.opportunity_id, p.c.stage, p.c.amount),
    )
    at = sa.literal(asker.at, sa.DateTime())
    mine = (own(asker, of, who) if of is o else [of.c.customer_id == who] for _, of in parts)
    all_ = sa.union_all(*(part.where(*its) for (part, _), its in zip(parts, mine, strict=True))).subquery("all")
    seen = sa.select(all_).where(all_.c.at.is_not(None), all_.c.at <= at)
    return seen.order_by(all_.c.at.desc(), all_.c.what, all_.c.id).limit(MOST)


def _part(what: str, of: Any, at: Column, id_: Column, text: Column, more: Column) -> tuple[sa.Select[Any], Any]:
    columns = (
        at.label("at"),
        quoted(what).label("what"),
        of.c.source,
        id_.label("id"),
        sa.cast(text, sa.Text()).label("text"),
        sa.cast(more, sa.Text()).label("more"),
        (of.c.currency if "currency" in of.c else sa.cast(sa.null(), sa.Text())).label("currency"),
    )
    return sa.select(*columns), of


def bought(asker: Asker, who: str) -> sa.Select[Any]:
    """Return what a customer bought, by product, most often first."""
    o, line = known.orders(asker.context()), schema.order_lines
    joined = o.join(line, sa.and_(line.c.source == o.c.source, line.c.order_id == o.c.order_id))
    keys = (line.c.product, line.c.category)
    columns = (
        *keys,
        sa.func.count().label("n"),
        sa.func.sum(line.c.quantity).label("quantity"),
        sa.func.max(o.c.ordered_day).label("day"),
    )
    paid = sa.func.coalesce(o.c.status, "paid") == "paid"
    chosen = sa.select(*columns).select_from(joined).where(*own(asker, o, who), paid)
    return chosen.group_by(*keys).order_by(sa.func.count().desc(), line.c.product).limit(MOST)
