"""How the team works with the dashboard: its queue, and the way into the systems the tickets come from."""

from typing import Annotated

from pydantic import AfterValidator, Field

from insights.dimensions import KNOWN
from insights.settings.parts import Part
from insights.settings.refusing import refused


def _template(text: str) -> str:
    if not text.startswith(("https://", "http://")) or "{ticket_id}" not in text:
        raise refused("link")
    return text


OWN_WORDS = ("acquisition_channel", "stage", "lost_reason")
"""Columns of a source's own words that nothing is filtered by."""


def _named(name: str) -> str:
    known = (*KNOWN, *OWN_WORDS, "calendar")
    if name not in known:
        raise refused("one_of", allowed=", ".join(known))
    return name


Names = dict[Annotated[str, AfterValidator(_named)], dict[str, dict[str, str]]]
Links = dict[str, Annotated[str, AfterValidator(_template)]]


class Queue(Part):
    """How the queue of open promises is shown."""

    late_days: int = Field(14, ge=0, description="Tickets overdue for more days are folded into one line of the queue")
    refresh_s: int = Field(60, ge=0, description="Seconds after which an open queue looks for newer data; 0 never")


class Voice(Part):
    """What is done with what customers say."""

    answer_within_hours: float = Field(
        48, gt=0, description="Hours within which somebody should turn to a customer after a bad rating"
    )
    themes: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="Words by theme of comments; replaces a theme that ships, without words leaves it out",
    )
