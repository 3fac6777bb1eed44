"""Working time of the older help desks: Monday to Friday 9-18, Saturday 10-16, Turkish holidays closed."""

import datetime as dt

import holidays
import numpy as np

from insights.demo.world import DAY, HOUR, LOCAL, START, Ints

_DAYS = 5 * 366
_FIRST = (START + LOCAL) // DAY


def _spans() -> tuple[Ints, Ints]:
    full = holidays.country_holidays("TR", years=range(2022, 2028))
    half = holidays.country_holidays("TR", years=range(2022, 2028), categories=("half_day",))
    opens, closes = np.zeros(_DAYS, np.int64), np.zeros(_DAYS, np.int64)
    for i in range(_DAYS):
        day = dt.date(1970, 1, 1) + dt.timedelta(days=int(_FIRST) + i)
        start, end = ((9, 18), (10, 16), (0, 0))[max(0, day.weekday() - 4)]
        closed = day in full
        opens[i], closes[i] = (0, 0) if closed else (start * HOUR, min(end, 13 if day in half else 24) * HOUR)
    return opens, closes


_OPENS, _CLOSES = _spans()
_BEFORE = np.concatenate([[0], np.cumsum(_CLOSES - _OPENS)])


def _worked(at: Ints) -> Ints:
    local = at + LOCAL
    day = np.clip(local // DAY - _FIRST, 0, _DAYS - 1)
    return _BEFORE[day] + np.clip(local % DAY, _OPENS[day], _CLOSES[day]) - _OPENS[day]


def working_seconds(start: Ints, end: Ints) -> Ints:
    """Return the working seconds between two moments."""
    return _worked(end) - _worked(start)
