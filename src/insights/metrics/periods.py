"""Days, weeks and months as calendars cut them."""

import datetime as dt
from zoneinfo import ZoneInfo

from insights.metrics.core import Context
from insights.sql import CALENDAR_YEAR, Grain, Starts


def midnight_after(day: dt.date, zone: str) -> dt.datetime:
    """Return the UTC moment at which a local day ends."""
    local = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), ZoneInfo(zone))
    return local.astimezone(dt.UTC).replace(tzinfo=None)


def period_start(day: dt.date, grain: Grain, starts: Starts = CALENDAR_YEAR) -> dt.date:
    """Return the first day of the period a day lies in, as the company's weeks and years begin."""
    if grain == "week":
        return day - dt.timedelta(days=(day.isoweekday() - starts.week) % 7)
    into = {"day": 0, "month": 0, "quarter": (day.month - starts.year) % 3, "year": (day.month - starts.year) % 12}
    years, month = divmod(day.year * 12 + day.month - 1 - into[grain], 12)
    return day if grain == "day" else dt.date(years, month + 1, 1)


def next_period(start: dt.date, grain: Grain) -> dt.date:
    """Return the first day of the period after the one that starts on `start`."""
    if grain in ("day", "week"):
        return start + dt.timedelta(days=1 if grain == "day" else 7)
    months = {"month": 1, "quarter": 3, "year": 12}[grain]
    years, month = divmod(start.month - 1 + months, 12)
    return dt.date(start.year + years, month + 1, 1)


def periods(since: dt.date, until: dt.date, grain: Grain, starts: Starts = CALENDAR_YEAR) -> list[dt.date]:
    """Return the first day of every period that touches the span."""
    found, start = [], period_start(since, grain, starts)
    while start <= until:
        found.append(start)
        start = next_period(start, grain)
    return found


def period_ends(context: Context) -> list[tuple[dt.date, dt.datetime]]:
    """Return (last local day, UTC moment) of every period between since and until, none after `as_of`."""
    last = context.last_day
    days = [last]
    if context.beside and context.since:
        both = ((context.since, last), (context.beside[0], min(context.beside[1], context.today)))
        days = [until for since, until in both if until >= since]
    elif context.grain and context.since:
        first, days = context.since, []
        for start in periods(context.since, last, context.grain, context.starts):
            days.append(min(next_period(start, context.grain) - dt.timedelta(days=1), last))
        days = [day for day in days if day >= first]
    return [(day, context.as_of if day >= context.today else midnight_after(day, context.zone)) for day in days]
