"""When things happen: seasons, bayram, weekdays, rush hours and the hours the desk is staffed."""

import datetime as dt

import holidays
import numpy as np

from insights.demo.world import DAY, END, HOUR, LOCAL, START, Flags, Floats, Ints

_HOURS = np.array(
    [4, 2, 1, 1, 1, 2, 5, 12, 30, 58, 78, 80, 62, 60, 72, 70, 62, 52, 46, 48, 56, 58, 36, 14], dtype=np.float64
)
_CUMULATIVE_HOURS = np.cumsum(_HOURS) / _HOURS.sum()
_MONTHS = np.array([0.98, 0.86, 0.92, 0.95, 1.02, 0.98, 0.92, 0.94, 1.02, 1.02, 1.42, 1.18])


def _season() -> Floats:
    days = [dt.date(2022, 11, 22) + dt.timedelta(days=i) for i in range((END - START) // DAY + 2)]
    names = holidays.country_holidays("TR", years=range(2022, 2028), language="tr")
    bayram = {day for day, name in names.items() if "Ramazan Bayramı" in name or "Kurban Bayramı" in name}
    quiet = np.array([0.55 if d in bayram else 1.0 for d in days])
    busy = np.array([1.25 if d + dt.timedelta(days=9) in bayram else 1.0 for d in days])
    mood: Floats = np.array([_MONTHS[d.month - 1] for d in days]) * quiet * busy
    return mood


SEASON = _season()
"""Shopping mood of each local day since START: November campaign, quiet bayram, busy week before it."""
_SEASON_SUM = np.concatenate([[0.0], np.cumsum(SEASON)])


def warp(at: Ints, mood_days: Floats) -> Ints:
    """Return the moment `mood_days` average days after `at`; busy seasons pass faster; just after END beyond it."""
    places = np.arange(len(_SEASON_SUM))
    wanted = np.interp((at - START) / DAY, places, _SEASON_SUM) + mood_days
    days = np.interp(wanted, _SEASON_SUM, places)
    return np.where(wanted >= _SEASON_SUM[-1], END + DAY, START + (days * DAY).astype(np.int64))


def at_rush_hour(rng: np.random.Generator, at: Ints) -> Ints:
    """Return the same local days with a believable hour, and some weekend cases moved to Monday and Tuesday."""
    day = (at + LOCAL) // DAY
    weekday = (day + 3) % 7
    late = (weekday >= 5) & (rng.random(len(at)) < 0.35)
    day = day + np.where(late, 7 - weekday + (rng.random(len(at)) < 0.3), 0)
    hour = np.searchsorted(_CUMULATIVE_HOURS, rng.random(len(at)), side="right")
    moment: Ints = day * DAY + np.minimum(hour, 23) * HOUR + rng.integers(0, HOUR, len(at)) - LOCAL
    return moment


def desk_hours(rng: np.random.Generator, at: Ints, always: Flags | bool = False) -> Ints:
    """Return the moment, or a moment of the next morning where the desk (08:00-22:00) was closed."""
    local = at + LOCAL
    hour = local % DAY // HOUR
    morning = (local // DAY + (hour >= 22)) * DAY + 8 * HOUR + (rng.random(len(at)) ** 2 * 2 * HOUR).astype(np.int64)
    closed = ((hour < 8) | (hour >= 22)) & ~np.asarray(always)
    return np.where(closed, morning - LOCAL, at)


def choose(rng: np.random.Generator, n: int, shares: tuple[float, ...] | Floats) -> Ints:
    """Return n indexes drawn with these shares."""
    cumulative = np.cumsum(shares) / np.sum(shares)
    return np.minimum(np.searchsorted(cumulative, rng.random(n), side="right"), len(shares) - 1).astype(np.int64)
