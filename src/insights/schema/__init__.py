"""All warehouse tables with column comments: the data dictionary."""

# ruff: noqa: I001 -- tables are declared in the order in which they are loaded and documented

from insights.schema.words import SOLVED, UNSOLVED, WORDS
from insights.schema.columns import CUSTOMER_COPIES, metadata
from insights.schema.customers import customers, customer_aliases
from insights.schema.service import (
    tickets,
    ticket_events,
    status_spans,
    ticket_holders,
    reply_cycles,
    sla_clocks,
    ticket_as_loaded,
)
from insights.schema.working_time import calendar_days, calendar_segments
from insights.schema.voices import surveys
from insights.schema.purchases import orders, order_lines
from insights.schema.outreach import interactions, campaigns, campaign_members, opportunities
from insights.schema.staff import agents, trainings
from insights.schema.buying import customer_months, customer_purchases
from insights.schema.books import verdicts, loads, rejects, facts
from insights.schema.asked import (
    LENT,
    REQUIRED_TIMES,
    USUAL_SCALES,
    as_exported,
    canonical_tables,
    kind_of,
    loaded_columns,
    upwards,
    usual_scale,
)

# fmt: off
__all__ = [
    "CUSTOMER_COPIES", "LENT", "REQUIRED_TIMES", "SOLVED", "UNSOLVED", "USUAL_SCALES", "WORDS", "agents", "as_exported",
    "calendar_days",
    "calendar_segments", "campaign_members", "campaigns", "canonical_tables", "customer_aliases", "customer_months",
    "customer_purchases", "customers", "facts", "interactions", "kind_of", "loaded_columns", "loads", "metadata",
    "opportunities", "order_lines", "orders", "rejects", "reply_cycles", "sla_clocks", "status_spans", "surveys",
    "ticket_as_loaded", "ticket_events", "ticket_holders", "tickets", "trainings", "upwards", "usual_scale", "verdicts",
]
