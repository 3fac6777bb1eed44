"""The open clocks by time left: what the support lead looks at first."""

import sqlalchemy as sa

from insights.filters import Filters, Scope, conditions
from insights.schema import customers, sla_clocks, tickets

OPEN_STATES = ("breached_open", "at_risk", "on_track", "paused")


def open_clocks(filters: Filters, scope: Scope, limit: int | None = None) -> sa.Select[tuple[object, ...]]:
    """Return the select of running clocks, least time left first; `left_s` is negative when overdue."""
    c, t, p = sla_clocks.c, tickets.c, customers.c
    left = (c.target_s - c.elapsed_s).label("left_s")
    joined = sla_clocks.join(tickets, sa.and_(t.source == c.source, t.ticket_id == c.ticket_id)).outerjoin(
        customers, sa.and_(p.source == t.source, p.customer_id == t.customer_id)
    )
    chosen = sa.select(
        c.source, c.ticket_id, t.customer_id, p.name.label("customer"), c.policy, c.metric, c.cycle, c.state, c.due_at,
        left, c.elapsed_s, c.target_s, c.calendar, t.agent_id, t.team, t.priority, t.segment, t.loyalty_tier, t.kind,
        t.channel, t.category, t.subject,
    )  # fmt: skip
    return (
        chosen.select_from(joined).where(c.state.in_(OPEN_STATES), *conditions(tickets, None, filters, scope))
        .order_by(left, c.source, c.ticket_id, c.metric, c.cycle).limit(limit)
    )  # fmt: skip
