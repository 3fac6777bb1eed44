"""What serving a customer costs, as far as the company says, and what other currencies are worth in its own."""

import datetime as dt
from typing import Annotated

from pydantic import Field

from insights.settings.parts import Currency, Part

Rate = Annotated[float, Field(gt=0)]
Rates = dict[Currency, Rate | dict[dt.date, Rate]]
"""Company currency for one unit of another: fixed, or by the first day each rate holds."""


class Costs(Part):
    """What serving a customer costs; without these, cost to serve is unknown, never nothing."""

    hour: float | None = Field(None, ge=0, description="Cost of an hour of an agent's work, in the company's currency")
    minutes_per_ticket: float | None = Field(None, ge=0, description="Minutes of an agent's work a ticket takes")

    @property
    def per_ticket(self) -> float | None:
        """Return what handling one ticket costs; None while either part of it is not said."""
        if self.hour is None or self.minutes_per_ticket is None:
            return None
        return self.hour * self.minutes_per_ticket / 60
