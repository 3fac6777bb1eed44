"""Whose words start and stop clocks, whom answers are credited to, and what counts as a resolution."""

from typing import Literal

from pydantic import Field

from insights.settings.parts import Part


class Robots(Part):
    """Who is no human: robots' words never stop a clock, also from an agent's seat."""

    names: tuple[str, ...] = Field((), description="Ids, e-mail addresses or names; * stands for any letters")
    by_source: dict[str, tuple[str, ...]] = Field(default_factory=dict, description="Further names by source")
    count_from: Literal["handover", "creation"] = Field(
        "handover",
        description="Where a robot handled a ticket first, the first response counts from the hand-over to people "
        "(hand-off, assignment to a person, reopening after a robot's solve), or from creation",
    )


class Answers(Part):
    """Whose words start and stop the clocks of answers, and whom an answer is credited to."""

    staff_by_deeds: bool = Field(
        True,
        description="Who ever wrote a private comment, changed a field of another's ticket or was assigned is staff, "
        "whatever the export calls them",
    )
    agent_opened: Literal["first_words", "creation"] = Field(
        "first_words",
        description="The first response to a ticket an agent opened counts from the customer's first public words "
        "(without any, none is owed), or from creation",
    )
    opening_within_s: int = Field(
        10, ge=0, description="Seconds after creation within which the first comment counts as the opening one"
    )
    credit: Literal["replier", "assigned"] = Field(
        "replier", description="Responses by agent and team count for who replied, or for whom the ticket has now"
    )
    owners: Literal["then", "now"] = Field(
        "then",
        description="Promises and past backlogs by team, agent and priority count as they were when it was decided "
        "or on that day, or as they are now",
    )


class Resolutions(Part):
    """What counts as a resolution where a source says little."""

    closed_is_solved: bool = Field(
        True, description="Closing counts as the solve where a source has neither states nor solve times"
    )
    first_needs_reopens: bool = Field(
        True, description="With a single solve time, the first resolution is known only where reopening is known"
    )
