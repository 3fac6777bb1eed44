"""What sections of the settings share: nothing unknown, time zones, hours of the day, words of tickets."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from insights.kept import time_zones
from insights.settings.refusing import CURRENCY, HOURS, refused


def _zone(name: str) -> str:
    if name not in time_zones():
        raise refused("zone")
    return name


Zone = Annotated[str, AfterValidator(_zone)]
Currency = Annotated[str, Field(pattern=CURRENCY)]
Hours = Annotated[str, Field(pattern=HOURS)]
Kind = Literal["complaint", "question", "request", "incident", "praise", "other"]
Priority = Literal["urgent", "high", "normal", "low"]
Channel = Literal["phone", "email", "chat", "web", "social", "store", "messaging", "api", "other"]
State = Literal["new", "open", "pending", "hold", "solved", "closed", "deleted"]
"""The words of tickets: a promise with a misspelt one would cover nothing, and nobody would notice."""


class Part(BaseModel):
    """A frozen section; unknown options are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
