"""Times, numbers and durations are read as a second, stupid computation reads them."""

import datetime as dt
import random
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import duckdb
import pytest

from insights.sources import moment
from insights.sources.staging import amounts, dates

TURKISH = (
    "Ocak",
    "Şubat",
    "Mart",
    "Nisan",
    "Mayıs",
    "Haziran",
    "Temmuz",
    "Ağustos",
    "Eylül",
    "Ekim",
    "Kasım",
    "Aralık",
)
ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def cells(values: Sequence[str]) -> tuple[duckdb.DuckDBPyConnection, str]:
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    con.execute(
        "CREATE TABLE cells AS SELECT unnest(?) AS v, generate_subscripts(?, 1) AS n", [list(values), list(values)]
    )
    return con, "cells"


def times(
    values: Sequence[str], zone: str = "UTC", order: str | None = None, hint: str | None = None
) -> list[dt.datetime | None]:
    con, table = cells(values)
    plan = dates.decide(con, table, "v", order=order, hint=hint)
    assert plan.problem is None, plan
    return [r[0] for r in con.execute(f"SELECT {dates.sql(plan, 'v', zone)} FROM {table} ORDER BY n").fetchall()]


def problem(values: Sequence[str]) -> str | None:
    con, table = cells(values)
    return dates.decide(con, table, "v", order=None, hint=None).problem


def turkish_day(t: dt.datetime) -> str:
    return f"{t.day} {TURKISH[t.month - 1]} {t.year} {t:%H:%M}"


def half_day(t: dt.datetime) -> str:
    return f"{t:%m/%d/%Y} {t.hour % 12 or 12}:{t:%M:%S} {'ÖÖ' if t.hour < 12 else 'ÖS'}"


FORMS = {
    "iso": lambda t: t.isoformat(" "),
    "iso_t": lambda t: t.isoformat(),
    "slashes_unpadded": lambda t: f"{t.day}/{t.month}/{t.year} {t:%H:%M:%S}",
    "american": lambda t: f"{t:%m/%d/%Y %I:%M:%S %p}",
    "turkish_dots": lambda t: f"{t:%d.%m.%Y %H:%M:%S}",
    "compact": lambda t: f"{t:%Y%m%d%H%M%S}",
    "jira": lambda t: f"{t.day:02d}/{ENGLISH[t.month - 1]}/{t:%y %H:%M:%S}",
    "half_days_in_turkish": half_day,
    "epoch": lambda t: str(int(t.replace(tzinfo=dt.UTC).timestamp())),
    "epoch_ms": lambda t: str(int(t.replace(tzinfo=dt.UTC).timestamp()) * 1000),
    "serial": lambda t: repr((t - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)),
    "mixed_iso_and_dots": lambda t: t.isoformat(" ") if t.day % 2 else f"{t:%d.%m.%Y %H:%M:%S}",
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_time_is_read(form: str) -> None:
    dice = random.Random(form)
    moments = [dt.datetime(2015, 1, 1) + dt.timedelta(seconds=dice.randrange(11 * 365 * 86400)) for _ in range(300)]
    assert times([FORMS[form](t) for t in moments]) == moments


def test_turkish_month_names_are_read() -> None:
    moments = [dt.datetime(2025, month, 9 + month, month, 59) for month in range(1, 13)]
    assert times([turkish_day(t) for t in moments]) == moments
    assert times([turkish_day(t).upper() for t in moments]) == moments


@pytest.mark.parametrize("zone", ["Europe/Istanbul", "America/New_York", "Europe/London", "Asia/Kolkata"])
def test_local_times_become_utc_as_the_zone_says(zone: str) -> None:
    dice = random.Random(zone)
    wall = [dt.datetime(2014, 1, 1) + dt.timedelta(minutes=dice.randrange(8 * 365 * 1440)) for _ in range(500)]
    utc = [t.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC) for t in wall]
    there = [u.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for u in utc]
    real = [(w, u.replace(tzinfo=None)) for w, u, t in zip(wall, utc, there, strict=True) if w == t]
    assert times([t.isoformat(" ") for t, _ in real], zone) == [u for _, u in real]


def test_an_offset_in_the_value_wins_over_the_zone() -> None:
    found = times(
        ["2026-01-05T10:00:00+03:00", "2026-01-05 10:00:00 -0500", "2026-01-05T10:00Z", "2026-01-05 10:00"],
        "Asia/Kolkata",
    )
    assert [f"{t:%H:%M}" for t in found if t] == ["07:00", "15:00", "10:00", "04:30"]


def test_one_value_above_twelve_settles_a_column() -> None:
    assert times(["01/02/2026", "13/02/2026"])[0] == dt.datetime(2026, 2, 1)
    assert times(["01/02/2026", "02/13/2026"])[0] == dt.datetime(2026, 1, 2)


def test_what_proves_nothing_is_asked_and_what_proves_both_is_mixed() -> None:
    assert problem(["01/02/2026", "03/04/2026"]) == "ambiguous_dates"
    assert problem(["13/02/2026", "02/13/2026"]) == "mixed_dates"
    assert problem(["13-02-2026", "03/04/2026"]) == "mixed_dates"
    assert problem(["01.02.2026", "05/05/2026"]) is None
    assert times(["01/02/2026"], order="mdy") == [dt.datetime(2026, 1, 2)]
    assert times(["01/02/2026"], hint="dmy") == [dt.datetime(2026, 2, 1)]


def numbers(values: Sequence[str], type_: str = "DOUBLE", decimal: str | None = None) -> list[float | None]:
    con, table = cells(values)
    plan = amounts.decide(con, table, "v", decimal=decimal, hint=None)
    assert plan.problem is None, plan
    return [r[0] for r in con.execute(f"SELECT {amounts.sql(plan, 'v', type_)} FROM {table} ORDER BY n").fetchall()]


@pytest.mark.parametrize(("thousands", "mark"), [(",", "."), (".", ","), ("", ","), ("", "."), (" ", ","), ("'", ".")])
def test_numbers_are_read_in_every_notation(thousands: str, mark: str) -> None:
    dice = random.Random(thousands + mark)
    wanted = [round(dice.uniform(-5e6, 5e6), 2) for _ in range(300)]
    texts = [f"{n:,.2f}".replace(",", "_").replace(".", mark).replace("_", thousands) for n in wanted]
    assert numbers(texts) == wanted
    assert numbers([f"₺{t}" if i % 2 else f"{t} TL" for i, t in enumerate(texts)]) == wanted


def test_numbers_that_prove_nothing_are_asked() -> None:
    def verdict(*values: str) -> str | None:
        con, table = cells(values)
        return amounts.decide(con, table, "v", decimal=None, hint=None).problem

    assert verdict("1.234", "2.345") == "ambiguous_numbers"
    assert verdict("1,234", "2,345") == "ambiguous_numbers"
    assert verdict("1.234", "2,345") == "mixed_numbers"
    assert verdict("12,5", "12.5") == "mixed_numbers"
    assert verdict("1.234", "0.5") is None
    assert numbers(["1.234"], decimal=",") == [1234.0]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("26:10:00", 94_200),
        ("0:05", 300),
        ("1d 2h 3m", 93_780),
        ("2 gün 3 saat", 183_600),
        ("90s", 90),
        ("5 dk", 300),
        ("1,5 saat", 5_400),
        ("2 days 03:04:05", 183_845),
        ("-00:10:00", -600),
        ("90", 5_400),
        ("1.5", 90),
        ("soon", None),
        ("10:99:00", None),
    ],
)
def test_durations_are_read(text: str, seconds: int | None) -> None:
    con, table = cells([text])
    plan = amounts.decide(con, table, "v", decimal=".", hint=None)
    assert con.execute(f"SELECT {amounts.duration('v', plan, 'min')} FROM {table}").fetchall() == [(seconds,)]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("export_2023_06_15_id_7.csv", dt.datetime(2023, 6, 15, 20, 59, 59)),
        ("rapor-20260131-0915.xlsx", dt.datetime(2026, 1, 31, 6, 15)),
        ("tickets_2023-04.csv", None),
        ("orders 2026-01-05.csv", None),
        ("export_2023_13_45.csv", None),
    ],
)
def test_the_moment_in_an_export_s_name(name: str, found: dt.datetime | None) -> None:
    assert moment.in_name(name, "Europe/Istanbul") == found
