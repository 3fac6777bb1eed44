"""Offers to business customers: the opportunity view of Dynamics 365, exported to Excel."""

import numpy as np

from insights.demo import world
from insights.demo.block import Block
from insights.demo.files import Excel, moments
from insights.demo.people import Agents
from insights.demo.world import Texts

HEADER = (
    "(Do Not Modify) Opportunity",
    "(Do Not Modify) Row Checksum",
    "(Do Not Modify) Modified On",
    "Topic",
    "Potential Customer",
    "Account Number",
    "Owner",
    "Status",
    "Status Reason",
    "Pipeline Phase",
    "Est. Revenue",
    "Actual Revenue",
    "Currency",
    "Created On",
    "Actual Close Date",
    "Competitor",
    "Product",
)
_STATUS = ("Won", "Lost", "Open")


def write(out: Excel, b: Block, staff: Agents, customer_ids: Texts) -> None:
    """Append the offers to business customers, as Dynamics 365 writes its view to Excel."""
    o = b.offers
    created, closed = moments(o.created_at), moments(o.closed_at)
    changed = moments(np.where(o.closed_at >= 0, o.closed_at, o.created_at))
    rows: list[list[object]] = []
    for i, customer in enumerate(o.customer.tolist()):
        number = b.start.opportunities + i + 1
        won, decided, product = o.outcome[i] == 0, o.outcome[i] != 2, world.GROUPS[o.product[i]]
        reason = "Won" if won else world.WORDS["lost_reasons"][o.reason[i]] if decided else "In Progress"
        rows.append(
            [
                f"{number * 2_654_435_761 % 2**32:08x}-5a1c-ef11-9f89-{number:012x}",
                f"c{number * 40_503 % 2**24:06x}",
                changed[i],
                f"{product} toplu alım",
                b.crowd.company[customer],
                customer_ids[customer],
                staff.name[o.agent[i]],
                _STATUS[o.outcome[i]],
                reason,
                world.WORDS["stages"][o.stage[i]],
                int(o.amount[i]),
                int(o.amount[i]) if won else None,
                "TRY",
                created[i],
                closed[i],
                world.WORDS["competitors"][o.competitor[i]] if o.competitor[i] >= 0 else None,
                product,
            ]
        )
    out.write(rows)
