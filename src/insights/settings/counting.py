"""What counts: which answers are good on which scale, and which tickets are no customer's."""

from typing import Annotated, Literal

from pydantic import Field

from insights.settings.parts import Part

Points = Annotated[int, Field(ge=2)]
Boxes = Annotated[int, Field(ge=1)]
TOP_BOXES = {2: 1, 3: 1, 4: 2, 5: 2, 6: 2, 7: 2, 10: 3, 11: 3}
"""By number of points; a scale not listed is not counted."""


class Satisfaction(Part):
    """Which satisfaction answers count as good."""

    top_boxes: dict[Points, Boxes] = Field(
        default_factory=lambda: dict(TOP_BOXES),
        description="How many of the best answers are good, by points of the scale (5 = 2: 4 and 5 on 1-5)",
    )
    sources: dict[str, dict[Points, Boxes]] = Field(
        default_factory=dict, description="The same for single sources, where they count otherwise"
    )


Attribute = Literal[
    "kind",
    "kind_raw",
    "channel",
    "channel_raw",
    "category",
    "product",
    "priority",
    "priority_raw",
    "status",
    "status_raw",
    "team",
    "agent_id",
    "customer_id",
    "subject",
]


class Exclusion(Part):
    """Tickets that are no customer's: those of these sources with one of the tags and all the attributes."""

    tags: tuple[str, ...] = Field((), description="Any of these tags; empty where tags do not matter")
    having: dict[Attribute, tuple[str, ...]] = Field(
        default_factory=dict, description="Values by column of tickets, all of which must fit"
    )
    source: tuple[str, ...] = Field((), description="Sources it holds in, empty for all")
    reason: Literal["spam", "test", "merged", "internal", "side_conversation"] = Field(
        "internal", description="Why the ticket counts nowhere: spam, test, merged, internal or side_conversation"
    )


EXCLUSIONS = (
    Exclusion(tags=("closed_by_merge",), reason="merged"),
    Exclusion(tags=("created_for_side_conversation",), reason="side_conversation"),
)
"""What Zendesk tags itself."""
