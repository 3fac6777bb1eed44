"""How long what tells of people is kept, and where raw exports lie."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from insights.settings.parts import Part

Kept = Literal[
    "tickets", "surveys", "orders", "interactions", "opportunities", "campaign_members", "customers", "rejects"
]


class Personal(Part):
    """How long what tells of people is kept, and where raw exports lie."""

    keep_days: dict[Kept, Annotated[int, Field(ge=1)]] = Field(
        default_factory=dict,
        description="Days rows of a table are kept, by table; insights retention --apply removes what is older",
    )
    raw: tuple[Path, ...] = Field(
        (Path("data/inbox"),), description="Folders raw exports lie in: an erasure removes those that name the person"
    )
