"""What can be asked of a file, given the canonical columns its headers fill."""

from collections.abc import Mapping

_ASKED: dict[str, tuple[frozenset[str], ...]] = {
    "volume": (frozenset({"tickets.ticket_id", "tickets.created_at"}),),
    "first_response": (
        frozenset({"tickets.created_at", "tickets.first_response_at"}),
        frozenset({"ticket_events.at", "ticket_events.field"}),
        frozenset({"tickets.reported_first_response_s"}),
        frozenset({"tickets.reported_first_response_business_s"}),
    ),
    "resolution": (
        frozenset({"tickets.created_at", "tickets.solved_at"}),
        frozenset({"tickets.created_at", "tickets.closed_at"}),
        frozenset({"ticket_events.at", "ticket_events.field"}),
        frozenset({"tickets.reported_full_resolution_s"}),
        frozenset({"tickets.reported_full_resolution_business_s"}),
    ),
    "reopening": (frozenset({"tickets.reopens"}), frozenset({"ticket_events.at", "ticket_events.field"})),
    "backlog": (
        frozenset({"tickets.created_at", "tickets.status"}),
        frozenset({"tickets.created_at", "tickets.solved_at"}),
    ),
    "by_agent": (frozenset({"tickets.agent_id"}),),
    "by_team": (frozenset({"tickets.team"}),),
    "by_channel": (frozenset({"tickets.channel"}),),
    "by_topic": (frozenset({"tickets.category"}), frozenset({"tickets.product"})),
    "by_customer": (
        frozenset({"tickets.customer_id"}),
        frozenset({"orders.customer_id"}),
        frozenset({"surveys.customer_id"}),
    ),
    "satisfaction": (frozenset({"surveys.score"}),),
    "revenue": (frozenset({"orders.order_id", "orders.ordered_at", "orders.amount"}),),
    "retention": (frozenset({"orders.customer_id", "orders.ordered_at"}),),
    "pipeline": (frozenset({"opportunities.opportunity_id", "opportunities.stage"}),),
}
"""For each question the sets of columns any one of which answers it."""


def possible(uses: Mapping[str, list[str]]) -> dict[str, bool]:
    """Return for every question whether the columns used answer it, given what each header was read for."""
    filled = {column for columns in uses.values() for column in columns}
    return {question: any(needed <= filled for needed in ways) for question, ways in _ASKED.items()}


__all__ = ["possible"]
