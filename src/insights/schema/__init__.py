"""All warehouse tables with column comments: the data dictionary.

`declared` says what tables and columns there are; the tables statements are built from are made when asked for.
"""

# ruff: noqa: I001 -- tables are declared in the order in which they are loaded and documented

from typing import TYPE_CHECKING

from insights.lazily import offered
from insights.schema.words import SOLVED, UNSOLVED, WORDS
from insights.schema.columns import CUSTOMER_COPIES, Column, Table, declared, is_id
from insights.schema import people, service, working_time, voices, purchases, outreach, staff, buying, books
from insights.schema.asked import (
    LENT,
    PREPARED,
    REQUIRED_TIMES,
    USUAL_SCALES,
    as_exported,
    canonical_tables,
    kind_of,
    loaded_columns,
    usual_scale,
)

if TYPE_CHECKING:
    from insights.schema.tables import (
        agents,
        calendar_days,
        calendar_segments,
        campaign_members,
        campaigns,
        customer_aliases,
        customer_months,
        customer_purchases,
        customers,
        facts,
        interactions,
        loads,
        metadata,
        opportunities,
        order_lines,
        orders,
        rejects,
        reply_cycles,
        sla_clocks,
        status_spans,
        surveys,
        ticket_as_loaded,
        ticket_events,
        ticket_holders,
        tickets,
        trainings,
        upwards,
        verdicts,
        worked_until,
    )
else:
    __getattr__ = offered(
        __name__,
        {"tables": (*declared, "metadata", "upwards", "worked_until")},
    )

_DECLARING = (people, service, working_time, voices, purchases, outreach, staff, buying, books)

# fmt: off
__all__ = [
    "CUSTOMER_COPIES",
    "LENT",
    "PREPARED",
    "REQUIRED_TIMES",
    "SOLVED",
    "UNSOLVED",
    "USUAL_SCALES",
    "WORDS",
    "Column",
    "Table",
    "agents",
    "as_exported",
    "calendar_days",
    "calendar_segments",
    "campaign_members",
    "campaigns",
    "canonical_tables",
    "customer_aliases",
    "customer_months",
    "customer_purchases",
    "customers",
    "declared",
    "facts",
    "interactions",
    "is_id",
    "kind_of",
    "loaded_columns",
    "loads",
    "metadata",
    "opportunities",
    "order_lines",
    "orders",
    "rejects",
    "reply_cycles",
    "sla_clocks",
    "status_spans",
    "surveys",
    "ticket_as_loaded",
    "ticket_events",
    "ticket_holders",
    "tickets",
    "trainings",
    "upwards",
    "usual_scale",
    "verdicts",
    "worked_until",
]
