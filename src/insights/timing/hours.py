"""Which local hours of a date a calendar works, and why: own date beats holiday beats half day beats weekday."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

import holidays

from insights.errors import SettingsWrong
from insights.settings import Calendar, Settings

ALWAYS = "24x7"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_S = 86_400
Spans = tuple[tuple[int, int], ...]
"""Half-open spans of seconds since local midnight, in order, disjoint."""


@dataclass(frozen=True)
class Day:
    """One date of a calendar: `why` is weekday, holiday, half_day or own_date; `name` the holiday's name."""

    date: dt.date
    spans: Spans
    why: str
    name: str | None = None

    @property
    def hours(self) -> str:
        """Return the hours as settings write them, empty when closed."""
        return ", ".join(f"{_clock(a)}-{_clock(b)}" for a, b in self.spans)


class Hours:
    """The hours of one calendar by local date."""

    def __init__(self, name: str, calendar: Calendar, language: str = "en") -> None:
        self.name, self.zone, self.country, self.language = name, calendar.zone, calendar.holidays, language
        self.week = tuple(parse_spans(name, calendar.hours.get(day, ())) for day in WEEKDAYS)  # type: ignore[call-overload]
        self.own = {date: parse_spans(name, hours) for date, hours in calendar.dates.items()}
        self.half_day_end = _seconds(name, calendar.half_day_ends)

    def of(self, date: dt.date) -> Day:
        """Return the hours of a local date and why they are what they are."""
        weekly = self.week[date.weekday()]
        public, half = _holidays(self.name, self.country, date.year, self.language) if self.country else ({}, {})
        if date in self.own:
            return Day(date, self.own[date], "own_date", public.get(date) or half.get(date))
        if date in public:
            return Day(date, (), "holiday", public[date])
        if date in half:
            cut = tuple((a, min(b, self.half_day_end)) for a, b in weekly if a < self.half_day_end)
            return Day(date, cut, "half_day", half[date])
        return Day(date, weekly, "weekday")


def calendar_year(settings: Settings, name: str, year: int, language: str = "en") -> list[Day]:
    """Return every date of a year as the calendar `name` works it: what the calendar page shows."""
    hours = Hours(name, calendar(settings, name), language)
    first = dt.date(year, 1, 1)
    return [hours.of(first + dt.timedelta(days=i)) for i in range((dt.date(year + 1, 1, 1) - first).days)]


def calendar(settings: Settings, name: str) -> Calendar:
    """Return a calendar of the settings; 24x7 is always there."""
    if name == ALWAYS:
        return Calendar(zone="UTC", hours=dict.fromkeys(WEEKDAYS, ("00:00-24:00",)), holidays="")
    return settings.calendars[name]


def parse_spans(name: str, hours: tuple[str, ...]) -> Spans:
    """Return hours as spans of seconds, joined where they touch; a span must end after it starts, by 24:00."""
    merged: list[tuple[int, int]] = []
    for text in sorted(hours):
        start, end = (_seconds(name, part) for part in text.split("-"))
        if end <= start:
            raise SettingsWrong("calendar_hours_backwards", calendar=name, hours=text)
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _seconds(name: str, clock: str) -> int:
    hour, minute = (int(part) for part in clock.split(":"))
    if minute > 59 or hour * 60 + minute > 24 * 60:
        raise SettingsWrong("calendar_clock_wrong", calendar=name, found=clock)
    return hour * 3600 + minute * 60


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"


@lru_cache(maxsize=1024)
def _holidays(name: str, country: str, year: int, language: str) -> tuple[dict[dt.date, str], dict[dt.date, str]]:
    """Return (public holidays, half days) of a country and year by date, named in the language when it is known."""
    found: list[dict[dt.date, str]] = []
    try:
        known = holidays.country_holidays(country)
        speaks = next((s for s in known.supported_languages if s.split("_")[0] == language), None)
        for category in ("public", "half_day"):
            if category in known.supported_categories:
                listed = holidays.country_holidays(country, years=year, categories=(category,), language=speaks)
                found.append(dict(listed.items()))
            else:
                found.append({})
    except NotImplementedError as error:
        raise SettingsWrong("calendar_country_unknown", calendar=name, found=country) from error
    return found[0], found[1]
