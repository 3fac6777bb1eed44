"""What sections of the settings share: frozen, nothing unknown in them, time zones and hours of the day."""

from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("must be an IANA time zone such as Europe/Istanbul")
    return name


Zone = Annotated[str, AfterValidator(_zone)]
Hours = Annotated[str, Field(pattern=r"^\d{2}:\d{2}-\d{2}:\d{2}$")]


class Part(BaseModel):
    """A frozen section; unknown options are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
