"""What is promised to customers: policies."""

import datetime as dt
from typing import Literal, Self

from pydantic import Field, model_validator

from insights.settings.parts import Channel, Kind, Part, Priority, State
from insights.settings.refusing import refused

Metric = Literal["first_response", "next_response", "resolution", "requester_wait"]


class Policy(Part):
    """One promise: which tickets it covers, what is promised, and in which time it counts."""

    name: str = Field(description="Name shown")
    rank: int = Field(100, description="Lowest rank that matches wins, per metric")
    kind: tuple[Kind, ...] = Field((), description="Ticket kinds covered, empty for all")
    priority: tuple[Priority, ...] = Field((), description="Priorities covered, empty for all")
    channel: tuple[Channel, ...] = Field((), description="Channels covered, empty for all")
    segment: tuple[str, ...] = Field((), description="Segments covered, empty for all")
    team: tuple[str, ...] = Field((), description="Teams covered, empty for all")
    metric: Metric = Field(description="first_response, next_response, resolution or requester_wait")
    per: Literal["ticket", "team"] = Field(
        "ticket",
        description="team: a clock of its own for each stretch one of its teams held the ticket, stopped when it left "
        "(resolution and requester_wait)",
    )
    target_s: int = Field(gt=0, description="Seconds promised")
    share: float = Field(0.9, gt=0, le=1, description="Share of cases promised to be in time")
    calendar: str = Field("24x7", description="Name of a calendar, or 24x7")
    paused: tuple[State, ...] = Field(("pending",), description="States in which the clock stands still")
    warn_at: float = Field(0.8, gt=0, lt=1, description="Share of the target used from which a clock is at risk")
    valid_from: dt.date | None = Field(None, description="First local day the promise holds")
    valid_to: dt.date | None = Field(None, description="Last local day the promise holds")

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise refused("days_in_order", first="valid_from", last="valid_to")
        return self
