"""What the sample company is: its dates, its words and the sizes of the truths planted in it."""

import datetime as dt
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Texts = NDArray[np.object_]

DAY, HOUR, MINUTE = 86_400, 3_600, 60
LOCAL = 3 * HOUR  # Europe/Istanbul has been UTC+3 all year round since 2016
NEVER = np.int64(1) << 60


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    """Return the epoch second of a moment of Istanbul."""
    return int(dt.datetime(year, month, day, hour, minute, tzinfo=dt.UTC).timestamp()) - LOCAL


AS_OF = dt.datetime(2026, 11, 21, 20, 59)
"""The moment of the exports, UTC: 21 November 2026 23:59 in Istanbul. A constant, never the wall clock."""

START, END = utc(2022, 11, 22), utc(2026, 11, 21, 23, 59)
FRESHDESK_FROM, GENERIC_FROM = utc(2023, 10, 1), utc(2025, 1, 1)
"""The company changed its help desk twice: Zendesk, then Freshdesk, then the present one."""
BAD_MONTH = (utc(2026, 9, 1), utc(2026, 10, 1))
CALLS_STOPPED, FORGOTTEN_AT = utc(2024, 11, 21), utc(2025, 11, 21)
TRAINING_AT = utc(2025, 10, 6, 17)

# Planted effects, as added shares.
EFFECT_FAST, EFFECT_CHAT, EFFECT_TRAINING = 0.06, -0.12, 0.10
FORGOTTEN_LOSS = 0.30
FAST_S, KEPT_S, WINDOW_S = 4 * HOUR, 180 * DAY, 14 * DAY
CAMPAIGN_WITH_EFFECT, CAMPAIGN_WITHOUT_EFFECT = "KMP-2025-09", "KMP-2026-06"

CHANNELS = ("phone", "email", "web", "chat", "messaging", "social", "store")
PRIORITIES = ("urgent", "high", "normal", "low")
KINDS = ("complaint", "question", "request", "incident", "praise", "other")
STATUSES = ("new", "open", "pending", "hold", "solved", "closed", "deleted")

WORDS: dict[str, Any] = tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))
TEAMS, TIERS, SEGMENTS = tuple(WORDS["teams"]), tuple(WORDS["tiers"]), tuple(WORDS["segments"])
FIRST_LINE, RELATIONS = 0, 5


@dataclass(frozen=True)
class Category:
    """A topic: its kind, team, share within its kind, what customers write and which causes are found."""

    name: str
    kind: str
    team: int
    share: float
    subjects: tuple[str, ...]
    causes: tuple[str, ...]


@dataclass(frozen=True)
class Campaign:
    """A campaign and what it truly does; see words.toml."""

    id: str
    name: str
    channel: str
    goal: str
    start: int
    lift: float
    control: float
    reach: float
    cost: int


def _category(of: dict[str, Any]) -> Category:
    team = TEAMS.index(of["team"])
    return Category(of["name"], of["kind"], team, of["share"], tuple(of["subjects"]), tuple(of.get("causes", ())))


def _campaign(of: dict[str, Any]) -> Campaign:
    start = int(of["start"].replace(tzinfo=dt.UTC).timestamp()) - LOCAL
    return Campaign(**{**of, "start": start})


CATEGORIES = tuple(_category(c) for c in WORDS["categories"])
CARGO = 0
CAMPAIGNS = tuple(_campaign(c) for c in WORDS["campaigns"])
GROUPS = tuple(p["group"] for p in WORDS["products"])
"""Product groups: the product of a ticket, the category of an order line."""
