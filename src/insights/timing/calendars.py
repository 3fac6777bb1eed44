"""Working time as cumulative seconds per UTC day, so that any interval is two look-ups in SQL (METRICS §2)."""

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from zoneinfo import ZoneInfo

import duckdb

from insights.errors import SettingsWrong
from insights.schema.working_time import PIECES, STRIDE
from insights.settings import Calendar, Settings
from insights.timing.hours import ALWAYS, DAY_S, Hours, Spans
from insights.timing.statements import run

HORIZON_YEARS = 5
EPOCH = dt.date(1970, 1, 1)
BY = (
    "source",
    "kind",
    "channel",
    "category",
    "product",
    "priority",
    "team",
    "agent",
    "segment",
    "region",
    "country",
    "loyalty_tier",
)
"""What the calendar of a ticket's durations may depend on."""


def numbers(settings: Settings) -> dict[str, int]:
    """Return the number of each calendar: 0 is 24x7, which needs no table, then the settings' in order."""
    return {name: i for i, name in enumerate([ALWAYS, *(n for n in settings.calendars if n != ALWAYS)])}


def set_rules(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Write whose durations count in which calendar to timing_calendar_rules."""
    run(con, "calendar_rules")
    number = numbers(settings)
    for place, rule in enumerate(settings.calendar_for):
        row = [place, number[rule.calendar], *(list(getattr(rule, name)) for name in BY)]
        con.execute(f"INSERT INTO timing_calendar_rules VALUES ({', '.join('?' * len(row))})", row)


def first_day(con: duckdb.DuckDBPyConnection, as_of: dt.datetime) -> dt.date:
    """Return the earliest day the tickets speak of."""
    found = con.execute(
        "SELECT least((SELECT min(created_at) FROM tickets), (SELECT min(e.at) FROM ticket_events AS e))"
    ).fetchall()
    return min(found[0][0] or as_of, as_of).date()


def horizon(as_of: dt.datetime) -> dt.date:
    """Return the last day calendars are built for: promises made now are due by then."""
    return dt.date(as_of.year + HORIZON_YEARS, 12, 31)


def build(con: duckdb.DuckDBPyConnection, settings: Settings, first: dt.date, last: dt.date) -> None:
    """Fill calendar_days and calendar_segments for every calendar from a day before `first` to a day after `last`."""
    con.execute("DELETE FROM calendar_days")
    con.execute("DELETE FROM calendar_segments")
    from_day, to_day = max((first - EPOCH).days - 1, 1), (last - EPOCH).days + 2
    for name, number in list(numbers(settings).items())[1:]:
        days, stretches = _counted(name, settings.calendars[name].model_dump_json(), from_day, to_day)
        _insert(con, "calendar_days", name, number, [(number * STRIDE + day, *cells) for day, *cells in days])
        _insert(con, "calendar_segments", name, number, stretches)


@lru_cache(maxsize=16)
def _counted(name: str, calendar: str, from_day: int, to_day: int) -> tuple[list[tuple[int, ...]], ...]:
    """Return a calendar's days and its working stretches, each with the seconds worked before it."""
    days: list[tuple[int, ...]] = []
    stretches: list[tuple[int, ...]] = []
    worked = 0
    for day, pieces in working_pieces(Hours(name, Calendar.model_validate_json(calendar)), from_day, to_day):
        if len(pieces) > PIECES:
            raise SettingsWrong("calendar_too_many_spans", calendar=name, most=PIECES - 1)
        padded = [*pieces, *[(0, 0)] * (PIECES - len(pieces))]
        days.append((day, worked, *(edge for piece in padded for edge in piece)))
        for start, end in pieces:
            stretches.append((worked, day * DAY_S + start, day * DAY_S + end))
            worked += end - start
    return days, stretches


def working_pieces(hours: Hours, from_day: int, to_day: int) -> Iterator[tuple[int, Spans]]:
    """Yield (UTC day, working seconds of that day as spans) for UTC days since 1970.

    An instant works iff its local wall clock lies inside a span of its local date; that also settles the gap and
    the overlap of a clock change.
    """
    zone = ZoneInfo(hours.zone)
    known: dict[int, Spans] = {}

    def spans(local: int) -> Spans:
        if local not in known:
            known[local] = hours.spans(EPOCH + dt.timedelta(days=local))
        return known[local]

    after = _offset(zone, from_day * DAY_S)
    for day in range(from_day, to_day):
        begin, before, after = day * DAY_S, after, _offset(zone, (day + 1) * DAY_S)
        stretches = [(begin, begin + DAY_S, before)]
        if before != after:
            stretches = list(_constant_offsets(zone, begin, begin + DAY_S))
        yield (
            day,
            _of_day(
                tuple(
                    (start - begin, end - begin, local * DAY_S - offset - begin, spans(local))
                    for start, end, offset in stretches
                    for local in range((start + offset) // DAY_S, (end + offset - 1) // DAY_S + 1)
                )
            ),
        )


@lru_cache(maxsize=1024)
def _of_day(dates: tuple[tuple[int, int, int, Spans], ...]) -> Spans:
    """Return a UTC day's working seconds: of each local date in it (from, until, when it begins, its hours)."""
    cut = ((max(a + begin, start), min(b + begin, end)) for start, end, begin, spans in dates for a, b in spans)
    return _joined(sorted((a, b) for a, b in cut if a < b))


def _constant_offsets(zone: ZoneInfo, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield (from, until, UTC offset) stretches of [start, end) within which the zone's offset does not change."""
    offset = _offset(zone, start)
    if _offset(zone, end - 1) == offset:
        yield start, end, offset
        return
    low, high = start, end - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(zone, middle) == offset else (low, middle)
    yield start, high, offset
    yield from _constant_offsets(zone, high, end)


def _offset(zone: ZoneInfo, at: int) -> int:
    delta = dt.datetime.fromtimestamp(at, zone).utcoffset()
    return 0 if delta is None else int(delta.total_seconds())


def _joined(pieces: list[tuple[int, int]]) -> Spans:
    joined: list[tuple[int, int]] = []
    for a, b in pieces:
        if joined and a <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(b, joined[-1][1]))
        else:
            joined.append((a, b))
    return tuple(joined)


def _insert(con: duckdb.DuckDBPyConnection, table: str, name: str, number: int, rows: list[tuple[int, ...]]) -> None:
    """Insert integer rows column by column: one statement, no row-by-row binding."""
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        unnested = ", ".join(f"unnest(${i + 3}::BIGINT[])" for i in range(len(columns)))
        con.execute(f"INSERT INTO {table} SELECT $1, $2, {unnested}", [name, number, *columns])
