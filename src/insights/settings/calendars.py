"""In which time durations and promises count: working hours, and which tickets go by which."""

import datetime as dt
from typing import Literal, Self

from pydantic import ConfigDict, Field, model_validator

from insights.settings.parts import Channel, Hours, Kind, Part, Priority, Zone
from insights.settings.refusing import refused

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Dated(Part):
    """Weekly hours that held in a span of days: a change of hours leaves the time before it alone."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    since: dt.date | None = Field(None, alias="from", description="First local day these hours hold")
    until: dt.date | None = Field(None, alias="to", description="Last local day these hours hold")
    hours: dict[Day, tuple[Hours, ...]] = Field(description="Working hours by weekday in this span of days")

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.since and self.until and self.until < self.since:
            raise refused("days_in_order", first="from", last="to")
        return self


class Calendar(Part):
    """Working time: weekly hours per day with breaks, half days, holidays of a country, own dates on top."""

    zone: Zone = Field("Europe/Istanbul", description="Zone the hours are written in")
    hours: dict[Day, tuple[Hours, ...]] = Field(
        default_factory=lambda: dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-18:00",)),  # type: ignore[arg-type]
        description="Working hours by weekday; several spans make breaks; 00:00-24:00 is the whole day; "
        "22:00-06:00 goes on into the next day",
    )
    dated: tuple[Dated, ...] = Field((), description="Weekly hours of other spans of days; the first that holds wins")
    holidays: str = Field("TR", description="Country code of public holidays, empty for none")
    half_day_ends: str = Field("13:00", description="When work ends on a half day (arife, 28 October)")
    dates: dict[dt.date, tuple[Hours, ...]] = Field(
        default_factory=dict, description="Own dates on top: hours worked that day, empty list for closed"
    )


class CalendarFor(Part):
    """Whose durations count in another calendar than the company's: tickets that have one of the values everywhere."""

    calendar: str = Field(description="Name of a calendar, or 24x7")
    source: tuple[str, ...] = Field((), description="Sources, empty for all")
    kind: tuple[Kind, ...] = Field((), description="Ticket kinds, empty for all")
    channel: tuple[Channel, ...] = Field((), description="Channels, empty for all")
    category: tuple[str, ...] = Field((), description="Topics, empty for all")
    product: tuple[str, ...] = Field((), description="Products, empty for all")
    priority: tuple[Priority, ...] = Field((), description="Priorities, empty for all")
    team: tuple[str, ...] = Field((), description="Teams, empty for all; the first one a ticket had counts")
    agent: tuple[str, ...] = Field((), description="Ids of agents, empty for all")
    segment: tuple[str, ...] = Field((), description="Segments, empty for all")
    region: tuple[str, ...] = Field((), description="Regions, empty for all")
    country: tuple[str, ...] = Field((), description="Countries, empty for all")
    loyalty_tier: tuple[str, ...] = Field((), description="Loyalty tiers, empty for all")
