"""Working time and due times against a minute-by-minute count in Python, over zones, clock changes and holidays."""

import datetime as dt
import random
from bisect import bisect_right
from functools import cache
from itertools import accumulate
from zoneinfo import ZoneInfo

import duckdb
import holidays
import pytest
from empty_tables import create_tables

from insights.errors import SettingsWrong
from insights.settings import Calendar, Dated, Settings
from insights.timing import calendar_year, macros
from insights.timing.calendars import build, numbers
from insights.timing.hours import WEEKDAYS, ends_a_minute_short
from insights.timing.statements import run

UTC = dt.UTC
WINDOWS = {
    "Europe/Istanbul": [dt.date(2015, 10, 20), dt.date(2016, 3, 15), dt.date(2026, 3, 10), dt.date(2026, 10, 15)],
    "America/New_York": [dt.date(2026, 3, 1), dt.date(2026, 10, 25)],
    "Europe/London": [dt.date(2025, 10, 20)],
    "Asia/Kathmandu": [dt.date(2024, 2, 20)],
    "Australia/Lord_Howe": [dt.date(2025, 3, 28)],
    "Pacific/Apia": [dt.date(2011, 12, 20)],
}
DAYS = 30


def con_with(settings: Settings, first: dt.date, last: dt.date) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    create_tables(con)
    macros.make(con)
    build(con, settings, first, last)
    return con


def ask(con: duckdb.DuckDBPyConnection, rows: list[tuple[int, int]]) -> None:
    """Put pairs of numbers into a table, in order."""
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE asked AS
        SELECT unnest($1::BIGINT[]) AS a, unnest($2::BIGINT[]) AS b, unnest($3::BIGINT[]) AS i""",
        [[a for a, _ in rows], [b for _, b in rows], list(range(len(rows)))],
    )


DAYS_OF = """LEFT JOIN calendar_days AS first_day ON first_day.day = calendar_day($number, a)
    LEFT JOIN calendar_days AS last_day ON last_day.day = calendar_day($number, b)"""


def worked_s(con: duckdb.DuckDBPyConnection, number: int, intervals: list[tuple[int, int]]) -> list[int | None]:
    ask(con, intervals)
    found = con.execute(
        f"SELECT worked($number, b, last_day) - worked($number, a, first_day) FROM asked {DAYS_OF} ORDER BY i",
        {"number": number},
    )
    return [w for (w,) in found.fetchall()]


def due_s(con: duckdb.DuckDBPyConnection, number: int, targets: list[tuple[int, int]]) -> list[int | None]:
    ask(con, targets)
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE timing_verdicts AS
        SELECT i, $number::BIGINT AS calendar_no, worked($number, a, first_day) + b AS used_up FROM asked {DAYS_OF}""",
        {"number": number},
    )
    run(con, "due_verdicts")
    return [d for (d,) in con.execute("SELECT due FROM timing_due_verdicts ORDER BY i").fetchall()]


def random_hours(rng: random.Random, spans: int) -> tuple[str, ...]:
    edges = sorted(rng.sample(range(0, 1441, 15), 2 * spans))
    clock = [f"{e // 60:02d}:{e % 60:02d}" for e in edges]
    return tuple(f"{a}-{b}" for a, b in zip(clock[::2], clock[1::2], strict=True))


def random_calendar(rng: random.Random, zone: str, first: dt.date) -> Calendar:
    return Calendar(
        zone=zone,
        holidays=rng.choice(["", "TR", "DE", "US"]),
        half_day_ends=rng.choice(["12:00", "13:00", "10:30"]),
        hours={d: random_hours(rng, rng.choice([0, 1, 1, 2, 3])) for d in WEEKDAYS},
        dated=rng.choice(
            (
                (),
                (
                    Dated(
                        until=first + dt.timedelta(days=rng.randrange(20)),
                        hours={"mon": ("08:00-12:00",), "fri": ("21:00-23:59",)},
                    ),
                ),
            )
        ),
        dates={
            first + dt.timedelta(days=rng.randrange(DAYS)): random_hours(rng, rng.choice([0, 1, 2])) for _ in range(3)
        },
    )


@cache
def holidays_of(country: str, year: int, category: str) -> frozenset[dt.date]:
    known = category in holidays.country_holidays(country).supported_categories
    return frozenset(holidays.country_holidays(country, years=year, categories=(category,))) if known else frozenset()


def begun(calendar: Calendar, day: dt.date) -> tuple[tuple[str, ...], str]:
    """Return the hours that begin on a day and when the day's work ends at the latest."""
    weeks = [d.hours for d in calendar.dated if (d.since or day) <= day <= (d.until or day)]
    hours = [*weeks, calendar.hours][0].get(WEEKDAYS[day.weekday()], ())
    if day in calendar.dates:
        return calendar.dates[day], "24:00"
    if calendar.holidays and day in holidays_of(calendar.holidays, day.year, "public"):
        return (), "24:00"
    if calendar.holidays and day in holidays_of(calendar.holidays, day.year, "half_day"):
        return hours, calendar.half_day_ends
    return hours, "24:00"


def is_working(calendar: Calendar, wall: dt.datetime) -> bool:
    """Tell whether a wall clock minute is worked: the rule, read aloud."""
    clock = wall.strftime("%H:%M")
    for day, now in ((wall.date(), True), (wall.date() - dt.timedelta(days=1), False)):
        hours, ends = begun(calendar, day)
        for a, b in (h.split("-") for h in hours):
            b = "24:00" if b == "23:59" else b
            night = b < a
            if a >= ends:
                continue
            if now and a <= clock < ("24:00" if night and ends == "24:00" else ends if night else min(b, ends)):
                return True
            if not now and night and ends == "24:00" and clock < b:
                return True
    return False


class ByMinute:
    """Every minute of a window classified one by one."""

    def __init__(self, calendar: Calendar, first: dt.date, days: int) -> None:
        self.start = int(dt.datetime.combine(first, dt.time(), UTC).timestamp())
        zone, known = ZoneInfo(calendar.zone), {}
        flags = []
        for minute in range(days * 1440):
            wall = dt.datetime.fromtimestamp(self.start + minute * 60, zone).replace(tzinfo=None)
            if wall not in known:
                known[wall] = is_working(calendar, wall)
            flags.append(known[wall])
        self.flags, self.sums = flags, [0, *accumulate(60 * f for f in flags)]

    def until(self, at: int) -> int:
        minute, second = divmod(at - self.start, 60)
        return self.sums[minute] + (second if minute < len(self.flags) and self.flags[minute] else 0)

    def due(self, at: int, target: int) -> int | None:
        """Return the last instant by which no more than `target` is used up: the next opening when exactly used up."""
        x = self.until(at) + target
        minute = bisect_right(self.sums, x) - 1
        return None if minute >= len(self.flags) else self.start + minute * 60 + x - self.sums[minute]


CASES = [(zone, first) for zone, firsts in WINDOWS.items() for first in firsts]


@pytest.mark.parametrize(("zone", "first"), CASES, ids=str)
def test_working_seconds_and_due_times_equal_a_count_by_minute(zone: str, first: dt.date) -> None:
    rng = random.Random(f"{zone}{first}")
    calendars = {f"c{i}": random_calendar(rng, zone, first) for i in range(2)}
    settings = Settings(calendars=calendars, calendar="c0")
    con = con_with(settings, first, first + dt.timedelta(days=DAYS + 40))
    for name, calendar in calendars.items():
        number, stupid = numbers(settings)[name], ByMinute(calendar, first, DAYS)
        span = (stupid.start, stupid.start + DAYS * 86400 - 1)
        pairs = [sorted((rng.randint(*span), rng.randint(*span))) for _ in range(150)]
        intervals = [(a, b) for a, b in pairs]
        assert worked_s(con, number, intervals) == [stupid.until(b) - stupid.until(a) for a, b in intervals]
        # Targets that end exactly at closing time are the hard ones: take some from real closings.
        wholes = [(a, stupid.until(b - b % 60) - stupid.until(a)) for a, b in intervals]
        targets = [(a, s) for a, s in [*wholes, *((a, rng.randrange(1, 200_000)) for a, _ in intervals)] if s > 0]
        for (a, s), found in zip(targets, due_s(con, number, targets), strict=True):
            if (expected := stupid.due(a, s)) is not None:
                assert found == expected, (name, a, s)


def test_stopped_by_due_and_elapsed_within_target_are_the_same_statement() -> None:
    rng = random.Random(5)
    settings = Settings()
    con = con_with(settings, dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    start = int(dt.datetime(2026, 2, 1, tzinfo=UTC).timestamp())
    rows = [
        (start + rng.randrange(200 * 86400), 900 * rng.randrange(1, 200), rng.randrange(20 * 86400))
        for _ in range(3000)
    ]
    dues = due_s(con, 1, [(a, s) for a, s, _ in rows])
    stops = [a + more for a, _, more in rows[:1500]] + [d or 0 for d in dues[1500:]]
    used = worked_s(con, 1, [(a, stop) for (a, _, _), stop in zip(rows, stops, strict=True)])
    for (_, target, _), deadline, stop, elapsed in zip(rows, dues, stops, used, strict=True):
        assert deadline is not None
        assert elapsed is not None
        assert (stop <= deadline) == (elapsed <= target)


def test_working_time_is_additive_monotone_and_within_calendar_time() -> None:
    rng = random.Random(7)
    con = con_with(Settings(), dt.date(2016, 1, 1), dt.date(2016, 12, 31))
    start = int(dt.datetime(2016, 1, 2, tzinfo=UTC).timestamp())
    triples = [sorted(start + rng.randrange(360 * 86400) for _ in range(3)) for _ in range(2000)]
    whole = worked_s(con, 1, [(a, c) for a, _, c in triples])
    left, right = worked_s(con, 1, [(a, b) for a, b, _ in triples]), worked_s(con, 1, [(b, c) for _, b, c in triples])
    for (a, _, c), w, x, y in zip(triples, whole, left, right, strict=True):
        assert None not in (w, x, y)
        assert (w, 0 <= (w or 0) <= c - a) == ((x or 0) + (y or 0), True)
    assert worked_s(con, 0, [(a, c) for a, _, c in triples]) == [c - a for a, _, c in triples]


def test_istanbul_changed_its_clock_for_the_last_time_in_2016() -> None:
    con = con_with(Settings(), dt.date(2015, 1, 1), dt.date(2017, 12, 31))
    opened = {  # the instant 09:00 in Istanbul, by the offset of that day
        dt.date(2016, 1, 4): 7,
        dt.date(2016, 3, 25): 7,
        dt.date(2016, 3, 28): 6,
        dt.date(2016, 12, 5): 6,
        dt.date(2017, 1, 3): 6,
    }
    for day, hour in opened.items():
        nine = int(dt.datetime.combine(day, dt.time(hour), UTC).timestamp())
        assert worked_s(con, 1, [(nine - 3600, nine), (nine, nine + 3600)]) == [0, 3600]


def test_turkish_holidays_half_days_and_own_dates_of_a_year() -> None:
    friday, sunday = dt.date(2026, 3, 20), dt.date(2026, 8, 30)
    bridge = dt.date(2026, 5, 25)
    settings = Settings(calendars={"support": Calendar(dates={bridge: (), sunday: ("10:00-12:00",)})})
    year = {day.date: day for day in calendar_year(settings, "support", 2026, "tr")}
    assert len(year) == 365
    assert (year[friday].why, year[friday].hours, year[friday].name) == ("holiday", "", "Ramazan Bayramı")
    arife = year[dt.date(2026, 3, 19)]
    assert (arife.why, arife.hours) == ("half_day", "09:00-13:00")
    assert year[dt.date(2026, 10, 28)].hours == "09:00-13:00"
    assert (year[bridge].why, year[bridge].hours) == ("own_date", "")
    assert (year[sunday].why, year[sunday].hours) == ("own_date", "10:00-12:00")
    assert (year[dt.date(2026, 3, 21)].why, year[dt.date(2026, 3, 21)].hours) == ("holiday", "")  # on a Saturday
    assert sum(d.why == "holiday" for d in year.values()) == 13  # 14 public holidays, one of them worked by own date
    assert sum(d.why == "half_day" for d in year.values()) == 3
    assert {d.why for d in calendar_year(settings, "24x7", 2024)} == {"weekday"}


def test_outside_the_calendar_is_unknown_and_drops_no_row() -> None:
    con = con_with(Settings(), dt.date(2026, 1, 1), dt.date(2026, 1, 31))
    inside, outside = (int(dt.datetime(y, 1, 5, tzinfo=UTC).timestamp()) for y in (2026, 2031))
    assert worked_s(con, 1, [(inside, outside), (inside, inside + 60)]) == [None, 0]
    assert due_s(con, 1, [(inside, 10**9)]) == [None]


@pytest.mark.parametrize(
    ("calendar", "key"),
    [
        (Calendar(hours={"mon": ("18:00-18:00",)}), "calendar_hours_backwards"),
        (Calendar(hours={"mon": ("09:00-25:00",)}), "calendar_clock_wrong"),
        (Calendar(hours={"mon": tuple(f"{h:02d}:00-{h:02d}:30" for h in range(8, 20))}), "calendar_too_many_spans"),
        (Calendar(holidays="XX"), "calendar_country_unknown"),
    ],
)
def test_a_wrong_calendar_is_refused_with_the_way_out(calendar: Calendar, key: str) -> None:
    with pytest.raises(SettingsWrong) as refused:
        con_with(Settings(calendars={"support": calendar}), dt.date(2026, 1, 1), dt.date(2026, 1, 31))
    assert refused.value.key == key
    assert "support" in str(refused.value)


def test_a_night_shift_is_one_span_that_goes_on_into_the_next_day() -> None:
    night = Calendar(zone="UTC", holidays="", hours={"mon": ("22:00-06:00",)})
    con = con_with(Settings(calendars={"support": night}), dt.date(2026, 3, 1), dt.date(2026, 3, 31))
    monday = int(dt.datetime(2026, 3, 2, 23, tzinfo=UTC).timestamp())
    assert worked_s(con, 1, [(monday, monday + 6 * 3600), (monday, monday + 86400)]) == [6 * 3600, 7 * 3600]


def test_the_last_minute_of_the_day_is_no_gap() -> None:
    whole = Calendar(zone="UTC", holidays="", hours=dict.fromkeys(WEEKDAYS, ("00:00-23:59",)))
    con = con_with(Settings(calendars={"support": whole}), dt.date(2026, 3, 1), dt.date(2026, 3, 31))
    noon = int(dt.datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp())
    assert worked_s(con, 1, [(noon, noon + 3 * 86400)]) == [3 * 86400]
    assert ends_a_minute_short(whole)
    assert not ends_a_minute_short(Calendar())


def test_a_change_of_hours_leaves_the_time_before_it_alone() -> None:
    earlier = Dated(until=dt.date(2026, 5, 31), hours={"tue": ("09:00-17:00",)})
    changed = Calendar(zone="UTC", holidays="", hours={"tue": ("08:00-18:00",)}, dated=(earlier,))
    con = con_with(Settings(calendars={"support": changed}), dt.date(2026, 5, 1), dt.date(2026, 6, 30))
    may, june = (int(dt.datetime(2026, m, d, 8, tzinfo=UTC).timestamp()) for m, d in ((5, 12), (6, 9)))
    assert worked_s(con, 1, [(may, may + 7200), (june, june + 7200)]) == [3600, 7200]
