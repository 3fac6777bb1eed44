"""How customers live: they buy, complain, are answered, and stay or leave. Order by order, a block at a time."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from insights.demo import draws, world
from insights.demo.people import People
from insights.demo.world import DAY, END, HOUR, NEVER, Flags, Floats, Ints

_LEAVING = np.array([0.060, 0.052, 0.040, 0.022])
_KEPT_BASE = np.array([0.58, 0.64, 0.70, 0.73])
"""Share of complaining customers who order again within 180 days when answered late: by severity, urgent first."""
_SEVERITY = (0.10, 0.26, 0.50, 0.14)
_COMPLAINT_CHANNELS = (0.22, 0.25, 0.16, 0.17, 0.12, 0.05, 0.03)


@dataclass(frozen=True)
class Complaints:
    """The complaints of a block and their potential outcomes; `order` is the row of the order complained about."""

    order: Ints
    customer: Ints
    created_at: Ints
    priority: Ints
    channel: Ints
    category: Ints
    first_response_s: Ints
    kept: Flags
    kept_if_fast: Flags
    kept_if_slow: Flags


@dataclass(frozen=True)
class Life:
    """Orders and complaints of a block, with what would have happened to forgotten customers."""

    customer: Ints
    ordered_at: Ints
    must_be_paid: Flags
    lost_after: Flags
    complaints: Complaints
    forgotten_kept: tuple[Ints, Flags, Flags]


def first_response(
    rng: np.random.Generator, created: Ints, complaint: bool, priority: Ints, vip: Flags, channel: Ints
) -> Ints:
    """Return seconds until the first human answer, -1 for never. VIPs are answered first and at night too."""
    n = len(created)
    busy = (created >= world.BAD_MONTH[0]) & (created < world.BAD_MONTH[1])
    fast_share = np.where(vip, 0.86, 0.58 if complaint else 0.68) + np.array([0.04, 0.02, 0.0, -0.04])[priority]
    fast_share = np.where(channel == 0, 1.0, fast_share - 0.15 * (busy & ~vip))
    minutes = np.clip(rng.lognormal(np.log(50), 0.9, n), 1.5, 236)
    late = 250 + np.minimum(rng.lognormal(np.log(420), 1.0, n), 12 * 1440)
    seconds = np.where(rng.random(n) < fast_share, minutes, late) * 60
    on_call = np.clip(rng.lognormal(np.log(110), 0.6, n), 20, 900)
    seconds = np.where(channel == 0, on_call, seconds).astype(np.int64)
    reply = draws.desk_hours(rng, created + seconds, vip | (channel == 0))
    silent = (rng.random(n) < 0.015) & ~vip & (channel != 0)
    seconds = reply - created
    whole_minutes = np.maximum(seconds // 60 * 60, 60)
    return np.where(silent, -1, np.where(created < world.GENERIC_FROM, whole_minutes, seconds))


def is_fast(first_response_s: Ints) -> Flags:
    """Tell which were answered within four hours."""
    return (first_response_s >= 0) & (first_response_s <= world.FAST_S)


def to_the_minute(created: Ints) -> Ints:
    """Return creation times as the older help desks wrote them: whole minutes."""
    return np.where(created < world.GENERIC_FROM, created // 60 * 60, created)


def _complaints(
    rng: np.random.Generator, who: Ints, ordered: Ints, crowd: People
) -> tuple[Flags, dict[str, Ints], Floats]:
    n = len(who)
    bad = (ordered >= world.BAD_MONTH[0] - 4 * DAY) & (ordered < world.BAD_MONTH[1] - 5 * DAY)
    complains = rng.random(n) < np.where(bad, 0.55, 0.30)
    created = to_the_minute(draws.at_rush_hour(rng, ordered + ((1.3 + rng.gamma(2.0, 2.2, n)) * DAY).astype(np.int64)))
    created = np.maximum(created, to_the_minute(ordered + 3 * HOUR) + 60)
    topics = [c.share for c in world.CATEGORIES if c.kind == "complaint"]
    category = np.where(bad & (rng.random(n) < 0.62), world.CARGO, draws.choose(rng, n, tuple(topics)))
    priority, channel = draws.choose(rng, n, _SEVERITY), draws.choose(rng, n, _COMPLAINT_CHANNELS)
    waited = first_response(rng, created, True, priority, crowd.vip[who], channel)
    base = _KEPT_BASE[priority] + np.where(crowd.vip[who], 0.19, 0.0)
    fields = {"created": created, "category": category, "priority": priority, "channel": channel, "waited": waited}
    return complains & (created < END), fields, base


@dataclass(frozen=True)
class _Round:
    """The next order of every customer who is still there: `free` as it would come to someone who is called."""

    free: Ints
    following: Ints
    dropped: Flags
    kept: Flags
    kept_if_fast: Flags
    kept_if_slow: Flags


def _continue(
    rng: np.random.Generator,
    who: Ints,
    ordered: Ints,
    first: bool,
    crowd: People,
    case: tuple[Flags, dict[str, Ints], Floats],
) -> _Round:
    """Return when each customer orders again, if ever."""
    n = len(who)
    complains, fields, base = case
    luck = rng.random(n)
    slow, fast = luck < base, luck < base + world.EFFECT_FAST
    kept = np.where(is_fast(fields["waited"]), fast, slow)
    soon = ((1.2 + rng.beta(1.1, 2.3, n) * 172) * DAY).astype(np.int64)
    returns = rng.random(n) < 0.06
    much_later = np.where(returns, fields["created"] + rng.integers(200, 420, n) * DAY, NEVER)
    after_case = np.where(kept, fields["created"] + soon, much_later)
    leaves = rng.random(n) < _LEAVING[crowd.tier[who]] + (0.15 if first else 0.0)
    gap_days = crowd.pace_days[who] * rng.gamma(1.4, 1 / 1.4, n) + 0.3
    natural = np.maximum(draws.at_rush_hour(rng, draws.warp(ordered, gap_days)), ordered + 2 * HOUR)
    free = np.where(complains, after_case, np.where(leaves, NEVER, natural))
    forgotten_from = np.maximum(world.CALLS_STOPPED, crowd.acquired_at[who]) + 365 * DAY
    dropped = (rng.random(n) < world.FORGOTTEN_LOSS) & ~complains & (free > forgotten_from)
    following = np.where(dropped & crowd.forgotten[who], NEVER, free)
    return _Round(free, following, dropped, kept, fast, slow)


def live(rng: np.random.Generator, crowd: People) -> Life:
    """Return every order and complaint of a block. Each complaint decides anew whether its customer stays.

    One who stays orders within 180 days; one who does not is silent for longer, mostly for good.
    So the planted effect holds for every complaint, whichever window an analyst chooses.
    """
    orders: list[tuple[Any, ...]] = []
    cases: list[tuple[Any, ...]] = []
    index_day: list[tuple[Any, ...]] = []
    who, ordered, pays = np.arange(len(crowd)), crowd.acquired_at, np.ones(len(crowd), bool)
    rows = 0
    while len(who):
        complains, case, base = _complaints(rng, who, ordered, crowd)
        go = _continue(rng, who, ordered, rows == 0, crowd, (complains, case, base))
        lost = (go.following >= NEVER) | (complains & ~go.kept)
        orders.append((who, ordered, pays, lost))
        order = np.arange(rows, rows + len(who))
        named = (case[name] for name in ("created", "priority", "channel", "category", "waited"))
        columns = (order, who, *named, go.kept, go.kept_if_fast, go.kept_if_slow)
        cases.append(tuple(x[complains] for x in columns))
        index_day.append(_at_index(who, ordered, crowd, go))
        rows += len(who)
        on = go.following < END
        who, ordered, pays = who[on], go.following[on], complains[on]
    joined = [np.concatenate(column) for column in zip(*orders, strict=True)]
    complaints = Complaints(*(np.concatenate(column) for column in zip(*cases, strict=True)))
    who, called, neglected = (np.concatenate(column) for column in zip(*index_day, strict=True))
    return Life(joined[0], joined[1], joined[2], joined[3], complaints, (who, called, neglected))


def _at_index(who: Ints, ordered: Ints, crowd: People, go: _Round) -> tuple[Ints, Flags, Flags]:
    """Return the customers judged at FORGOTTEN_AT, and whether each orders within 180 days if called, if forgotten."""
    recent = (ordered <= world.FORGOTTEN_AT) & (ordered > world.FORGOTTEN_AT - 365 * DAY)
    judged = recent & (go.free > world.FORGOTTEN_AT) & (crowd.acquired_at[who] < world.CALLS_STOPPED)
    again = go.free <= world.FORGOTTEN_AT + world.KEPT_S
    return who[judged], again[judged], (again & ~go.dropped)[judged]
