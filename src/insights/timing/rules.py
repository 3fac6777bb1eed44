"""How others read the same history: the readings of every figure, and by name the rules that choose among them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Stretch = Literal["all", "first", "last", "finished"]
"""Which time in states counts: all of it, up to the first solve, since the last reopening, or what has ended."""

REASONS = (
    "other_hours",
    "agent_opened",
    "robot",
    "bot_reply",
    "internal_note",
    "opening_comment",
    "solved_without_reply",
    "business_clock",
    "reopened",
    "paused",
    "closed_not_solved",
    "picked_up",
    "other_team",
    "still_running",
    "zone",
    "merged",
    "unexplained",
)
"""Why two figures of one ticket differ; where several explain it, the first."""


@dataclass(frozen=True)
class Reading:
    """One way to read a figure from a ticket's history: up to a moment, or as time spent in states.

    `traits` are the reasons for which it can differ from our own reading, which has none.
    """

    name: str
    traits: frozenset[str] = frozenset()
    stop: str = ""
    start: str = "created"
    states: tuple[str, ...] = ()
    stretch: Stretch = "all"
    while_solved: bool = False
    """Known only while the ticket is solved."""


def _reading(
    name: str,
    *traits: str,
    stop: str = "",
    start: str = "created",
    states: str = "",
    stretch: Stretch = "all",
    while_solved: bool = False,
) -> Reading:
    return Reading(name, frozenset(traits), stop, start, tuple(states.split()), stretch, while_solved)


FIGURES: dict[str, tuple[Reading, ...]] = {
    "first_response": (
        _reading("human_reply"),
        _reading("from_creation_by_agent", "agent_opened", stop="agent_opened"),
        _reading("from_creation_by_robot", "robot", stop="robot"),
        _reading("bot_reply", "bot_reply", stop="bot_reply"),
        _reading("internal_note", "internal_note", stop="internal_note"),
        _reading("opening_comment", "opening_comment", stop="opening_comment"),
        _reading("reply_or_solve", "solved_without_reply", stop="reply_or_solve"),
        _reading("picked_up", "picked_up", stop="picked_up"),
        _reading("since_its_team", "other_team", start="team_that_replied", stop="first_reply"),
    ),
    "first_resolution": (
        _reading("first_solve"),
        _reading("last_solve", "reopened", stop="last_solve"),
        _reading("first_cycle_without_pending", "paused", states="work hold", stretch="first"),
        _reading("first_cycle_without_waits", "paused", states="work", stretch="first"),
        _reading("closed", "closed_not_solved", stop="closed"),
    ),
    "full_resolution": (
        _reading("last_solve"),
        _reading("first_solve", "reopened", stop="first_solve"),
        _reading("whatever_state", "reopened", stop="last_solve"),
        _reading("since_reopening", "reopened", start="reopened", stop="last_solve", while_solved=True),
        _reading("unsolved_time", "reopened", states="work pending hold", while_solved=True),
        _reading(
            "last_cycle_without_pending", "reopened", "paused", states="work hold", stretch="last", while_solved=True
        ),
        _reading("without_pending", "paused", states="work hold", while_solved=True),
        _reading("without_waits", "paused", states="work", while_solved=True),
        _reading("closed", "closed_not_solved", stop="closed"),
        _reading("since_its_team", "other_team", start="team_that_solved", stop="last_solve"),
    ),
    "requester_wait": (
        _reading("own_states"),
        _reading("first_cycle", "reopened", states="work hold", stretch="first"),
        _reading("without_hold", "paused", states="work"),
        _reading("with_pending", "paused", states="work pending hold"),
        _reading("finished", "still_running", states="work hold", stretch="finished"),
    ),
    "agent_wait": (
        _reading("own_states"),
        _reading("first_cycle", "reopened", states="pending", stretch="first"),
        _reading("with_hold", "paused", states="pending hold"),
        _reading("finished", "still_running", states="pending", stretch="finished"),
    ),
    "on_hold": (
        _reading("own_states"),
        _reading("first_cycle", "reopened", states="hold", stretch="first"),
        _reading("with_pending", "paused", states="pending hold"),
        _reading("finished", "still_running", states="hold", stretch="finished"),
    ),
}
"""Every figure a source may report, with the ways to read it; the first is ours."""


@dataclass(frozen=True)
class Rule:
    """A vendor's rules: the figures it reads in another way, in working time only or not, rounded down or not."""

    readings: Mapping[str, str] = field(default_factory=dict)
    working: bool = False
    """The figures named in `readings` are working time on both clocks."""
    round_s: int = 1

    def reading(self, figure: str) -> Reading:
        """Return how a figure is read."""
        wanted = self.readings.get(figure, FIGURES[figure][0].name)
        return next(r for r in FIGURES[figure] if r.name == wanted)

    def unit(self, figure: str, unit: str) -> str:
        """Return the unit (`_s` or `_business_s`) a figure is measured in where it stands in the column of `unit`."""
        return "_business_s" if self.working and figure in self.readings else unit


# Where each comes from is said in docs/decisions-timing.md.
RULES: dict[str, Rule] = {
    "own": Rule(),
    "zendesk": Rule(round_s=60),
    "jira": Rule(
        {
            "first_response": "reply_or_solve",
            "first_resolution": "first_cycle_without_pending",
            "full_resolution": "last_cycle_without_pending",
        }
    ),
    "freshdesk": Rule(
        {
            "first_response": "human_reply",
            "first_resolution": "first_cycle_without_waits",
            "full_resolution": "without_waits",
        },
        working=True,
    ),
    "servicenow": Rule({"first_response": "picked_up"}),
}
"""The rules a reader may switch to by name."""
