"""Which grain a trend is drawn in, and which of its periods are whole."""

import datetime as dt
from dataclasses import replace

from insights.filters import Filters
from insights.metrics.periods import next_period, period_start
from insights.sql import CALENDAR_YEAR, Grain, Starts

ENOUGH = 8
"""Cases a point of a trend should rest on."""


def grain_for(filters: Filters, first: dt.date | None, n: float | None = None) -> Grain:
    """Return the grain that gives a readable number of points, each of enough of the `n` cases to mean something."""
    since = filters.since or first or filters.until
    if since is None or filters.until is None:
        return "month"
    days = (filters.until - since).days + 1
    a_day = ENOUGH if n is None else n / days
    if days <= 31 and (a_day >= ENOUGH or days <= 7):
        return "day"
    return "week" if days <= 400 and (a_day * 7 >= ENOUGH or days <= 62) else "month"


def following(period: dt.date, grain: Grain, steps: int = 1) -> dt.date:
    """Return the first day of the period `steps` later (earlier when negative)."""
    if grain in ("day", "week"):
        return period + dt.timedelta(days=steps * (7 if grain == "week" else 1))
    months = {"month": 1, "quarter": 3, "year": 12}[grain] * steps + period.year * 12 + period.month - 1
    return dt.date(months // 12, months % 12 + 1, 1)


def sequence(filters: Filters, grain: Grain, first: dt.date | None, starts: Starts = CALENDAR_YEAR) -> list[dt.date]:
    """Return the periods of a trend: from the first whole one to the one the filters end in."""
    until = filters.until
    since = filters.since or first
    if until is None or since is None:
        return []
    at = period_start(since, grain, starts)
    if at < since and next_period(at, grain) <= until:
        at = next_period(at, grain)
    found = []
    while at <= until:
        found.append(at)
        at = next_period(at, grain)
    return found


def covering(filters: Filters, periods: list[dt.date]) -> Filters:
    """Return the filters cut to start with the first of the periods shown."""
    return replace(filters, since=periods[0]) if periods else filters


def before(filters: Filters, periods: list[dt.date], grain: Grain) -> Filters:
    """Return the filters of as many periods just before those shown, or of those it is seen against."""
    if filters.compare == "year":
        steps = {"day": 364, "week": 52, "month": 12, "quarter": 4, "year": 1}[grain]
        start, end = (following(day, grain, -steps) for day in (periods[0], next_period(periods[-1], grain)))
        return replace(filters, since=start, until=end - dt.timedelta(days=1))
    if filters.compare == "custom" and filters.against:
        return replace(filters, since=filters.against[0], until=filters.against[1])
    earlier = following(periods[0], grain, -len(periods))
    return replace(filters, since=earlier, until=periods[0] - dt.timedelta(days=1))


def last_weeks(filters: Filters, last: dt.date, count: int, starts: Starts = CALENDAR_YEAR) -> Filters:
    """Return the filters of the last weeks up to a day, one more than asked for: the newest may still run."""
    until = min(filters.until or last, last)
    begin = period_start(until, "week", starts)
    end = begin + dt.timedelta(days=6)
    return replace(filters, since=following(begin, "week", -count), until=min(end, last))


def weekdays(filters: Filters, first: dt.date | None) -> dict[int, int]:
    """Return how many Mondays (1) to Sundays (7) the filters span: what averages by weekday are divided by."""
    since = filters.since or first
    if since is None or filters.until is None:
        return dict.fromkeys(range(1, 8), 1)
    days = (filters.until - since).days + 1
    return {d: days // 7 + ((d - since.isoweekday()) % 7 < days % 7) for d in range(1, 8)}
