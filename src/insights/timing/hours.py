"""Which local hours of a date a calendar works, and why: own date beats holiday beats half day beats weekday."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

from insights.errors import SettingsWrong
from insights.kept import kept
from insights.settings import Calendar, Settings
from insights.settings import Day as DayName

ALWAYS = "24x7"
WEEKDAYS: tuple[DayName, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_S = 86_400
LAST_MINUTE_S = DAY_S - 60
"""23:59 as an end means the end of the day."""
Spans = tuple[tuple[int, int], ...]
"""Half-open spans of seconds since local midnight, in order, disjoint."""
Holidays = tuple[dict[dt.date, str], dict[dt.date, str]]
"""Public holidays and half days by date, with their names."""
_USUAL_YEARS = range(2015, 2041)


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
        self.week = _week(name, calendar.hours)
        self.dated = tuple(
            (d.since or dt.date.min, d.until or dt.date.max, _week(name, d.hours)) for d in calendar.dated
        )
        self.own = {date: parse_spans(name, hours) for date, hours in calendar.dates.items()}
        self.half_day_end = _seconds(name, calendar.half_day_ends)
        self._known: dict[dt.date, Day] = {}

    def of(self, date: dt.date) -> Day:
        """Return the hours of a local date and why they are what they are; a night shift goes on into the next date."""
        return replace(self._begun(date), spans=self.spans(date))

    def spans(self, date: dt.date) -> Spans:
        """Return the hours of a local date alone."""
        return _worked(self._begun(date).spans, self._begun(date - dt.timedelta(days=1)).spans)

    def _begun(self, date: dt.date) -> Day:
        """Return the spans that begin on a local date; one that ends after midnight ends after 24:00."""
        if (found := self._known.get(date)) is None:
            found = self._known[date] = self._judged(date)
        return found

    def _judged(self, date: dt.date) -> Day:
        weekly = self._weekly(date)
        public, half = _holidays(self.name, self.country, date.year, self.language) if self.country else ({}, {})
        if date in self.own:
            return Day(date, self.own[date], "own_date", public.get(date) or half.get(date))
        if date in public:
            return Day(date, (), "holiday", public[date])
        if date in half:
            cut = tuple((a, min(b, self.half_day_end)) for a, b in weekly if a < self.half_day_end)
            return Day(date, cut, "half_day", half[date])
        return Day(date, weekly, "weekday")

    def _weekly(self, date: dt.date) -> Spans:
        """Return the weekday's spans as they held on a date."""
        held = (week for since, until, week in self.dated if (since or date) <= date <= (until or date))
        week = next(held, self.week)
        return week[date.weekday()]


@lru_cache(maxsize=1024)
def _worked(own: Spans, before: Spans) -> Spans:
    """Return the spans of a date by those that begin on it and on the date before: few dates differ."""
    night = [(0, end - DAY_S) for _, end in before if end > DAY_S]
    return _merged(sorted([*night, *((start, min(end, DAY_S)) for start, end in own)]))


def _week(name: str, hours: Mapping[DayName, tuple[str, ...]]) -> tuple[Spans, ...]:
    return tuple(parse_spans(name, hours.get(day, ())) for day in WEEKDAYS)


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
    """Return hours as spans of seconds, joined where they touch; one that ends before it starts ends the next day."""
    spans: list[tuple[int, int]] = []
    for text in hours:
        start, end = (_seconds(name, part) for part in text.split("-"))
        if end == start:
            raise SettingsWrong("calendar_hours_backwards", calendar=name, hours=text)
        end = DAY_S if end == LAST_MINUTE_S else end
        spans.append((start, end if end > start else end + DAY_S))
    return _merged(sorted(spans))


def ends_a_minute_short(calendar: Calendar) -> bool:
    """Tell whether some hours end at 23:59, which is taken as 24:00."""
    weeks = [*calendar.hours.values(), *(hours for d in calendar.dated for hours in d.hours.values())]
    return any(text.endswith("-23:59") for hours in [*weeks, *calendar.dates.values()] for text in hours)


def _merged(spans: list[tuple[int, int]]) -> Spans:
    """Return spans in order, joined where they touch."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
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
def _holidays(name: str, country: str, year: int, language: str) -> Holidays:
    """Return the holidays of a country and year, named in the language when it is known."""
    try:
        known = _usual(country, language) if country.isalpha() else {}
        return known[year] if year in known else _looked_up(country, year, language)
    except NotImplementedError as error:
        raise SettingsWrong("calendar_country_unknown", calendar=name, found=country) from error


@cache
def _usual(country: str, language: str) -> dict[int, Holidays]:
    """Return the holidays of the usual years, kept: what knows them takes long to import."""
    knows = find_spec("holidays")
    files = [Path(__file__), *([Path(knows.origin).with_name("version.py")] if knows and knows.origin else [])]
    return kept(
        Path(__file__).parent,
        f"holidays-{country}-{language}",
        files,
        lambda: {year: _looked_up(country, year, language) for year in _USUAL_YEARS},
    )


def _looked_up(country: str, year: int, language: str) -> Holidays:
    import holidays

    known = holidays.country_holidays(country)
    speaks = next((s for s in known.supported_languages if s.split("_")[0] == language), None)
    public, half = (
        dict(holidays.country_holidays(country, years=year, categories=(category,), language=speaks).items())
        if category in known.supported_categories
        else {}
        for category in ("public", "half_day")
    )
    return public, half
