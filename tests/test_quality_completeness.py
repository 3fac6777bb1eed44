"""Coverage, gaps, freshness, excluded and rejected rows, recounted in Python; and the page in both languages."""

import datetime as dt
from collections import Counter, defaultdict
from typing import Any

import duckdb
import pytest
from test_quality import AS_OF, SOURCES, Data, fetch_from, filled, random_data

from insights import quality, schema
from insights.asking.rewrites import rewritten
from insights.filters import Filters, Scope
from insights.quality.completeness import MOMENTS
from insights.quality.model import ANCHORS

ALL = Filters()
DAY = dt.timedelta(days=1)
LABELS = ("phone", "email")


@pytest.fixture(scope="module")
def world() -> tuple[Data, Any]:
    data = random_data(5)
    return data, fetch_from(filled(data))


def test_coverage_equals_a_count_of_filled_cells(world: tuple[Data, Any]) -> None:
    data, fetch = world
    found = {(c.table, c.source, c.column, c.month): (c.filled, c.n) for c in quality.coverage(fetch, ALL)}
    day_of = {"tickets": "created_day", "surveys": "answered_day", "orders": "ordered_day", "interactions": "day"}
    expected: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for table, columns in quality.KEY_COLUMNS.items():
        for row in data[table]:
            day = row[day_of[table]] if table in day_of else row["acquired_at"] and row["acquired_at"].date()
            for column in columns:
                cell = expected[table, row["source"], column, day.replace(day=1) if day else None]
                cell[0] += row[column] is not None
                cell[1] += 1
    assert found == {key: tuple(cell) for key, cell in expected.items()}


def test_key_columns_and_moments_are_columns_of_their_tables() -> None:
    for name, columns in (*quality.KEY_COLUMNS.items(), *MOMENTS.items()):
        assert set(columns) <= set(schema.metadata.tables[name].columns.keys())
        assert name in ANCHORS


def days_of(present: list[dt.date]) -> quality.Days:
    rows = [{"source": "desk", "ticket_id": str(i), "created_day": day} for i, day in enumerate(present)]
    (found,) = quality.days(fetch_from(filled({"tickets": rows})), ALL, names=("tickets",))
    return found


def test_an_empty_day_is_a_gap_only_on_a_weekday_that_has_rows() -> None:
    weekdays = [d for i in range(140) if (d := dt.date(2026, 1, 5) + i * DAY).weekday() < 5]
    missing = dt.date(2026, 3, 4)
    found = days_of([d for d in weekdays if d != missing])
    assert found.gaps == (missing,)
    assert found.rows[missing] == 0
    assert len(found.rows) == (weekdays[-1] - weekdays[0]).days + 1


def test_a_source_with_few_rows_has_no_gaps() -> None:
    assert days_of([dt.date(2026, 1, 5) + 3 * i * DAY for i in range(60)]).gaps == ()


def test_freshness_is_the_latest_time_not_after_as_of(world: tuple[Data, Any]) -> None:
    data, fetch = world
    found = quality.freshness(fetch, as_of=AS_OF, stale_after_days=3)
    for f in found:
        mine = [r for r in data[f.table] if r["source"] == f.source]
        times = [r[t] for r in mine for t in MOMENTS[f.table] if r[t] and r[t] <= AS_OF]
        assert (f.rows, f.latest) == (len(mine), max(times))
        assert f.age_days == pytest.approx((AS_OF - max(times)) / DAY)
        assert f.stale == (f.age_days > 3)
    assert {(f.table, f.source) for f in found} == {(t, s) for t in MOMENTS for s in SOURCES}


def test_a_source_without_times_is_stale_not_fresh() -> None:
    fetch = fetch_from(filled({"orders": [{"source": "shop", "order_id": "1"}]}))
    (found,) = quality.freshness(fetch, as_of=AS_OF, stale_after_days=3)
    assert (found.latest, found.age_days, found.stale) == (None, None, True)


def test_excluded_rows_are_counted_by_reason(world: tuple[Data, Any]) -> None:
    data, fetch = world
    found = {(r["table"], r["source"], r["reason"]): r["rows"] for r in quality.excluded(fetch, ALL)}
    expected = Counter(("tickets", r["source"], r["excluded"]) for r in data["tickets"] if r["excluded"])
    expected += Counter(("surveys", r["source"], "x") for r in data["surveys"] if r["ticket_excluded"])
    expected += Counter(("orders", r["source"], "cancelled") for r in data["orders"] if r["status"] == "cancelled")
    assert found == expected


def rejecting() -> duckdb.DuckDBPyConnection:
    con = filled({})
    for file, read in (("/in/a.csv.gz", 50), ("/in/b.csv", 9)):
        con.execute(
            "INSERT INTO loads (load_id, file, sha256, source, rows_read) VALUES (1, ?, 'x', 'desk', ?)", [file, read]
        )
    for line, column, reason in ((3, None, "bad_date"), (4, "Score", "bad_number"), (5, "Score", "bad_number")):
        con.execute(
            "INSERT INTO rejects VALUES (1, 'a.csv', ?, ?, '=1+1', ?, '{}', ?)", [line, column, reason, column is None]
        )
    return con


def test_rejects_are_counted_by_file_column_and_reason() -> None:
    found = fetch_from(rejecting())(quality.set_aside())
    assert [(r["column"], r["reason"], r["row_rejected"], r["count"], r["rows_read"]) for r in found] == [
        ("Score", "bad_number", False, 2, 50),
        (None, "bad_date", True, 1, 50),
    ]


def test_rejected_rows_come_back_as_they_stood() -> None:
    found = fetch_from(rejecting())(quality.set_aside_rows(reason="bad_number", file="a.csv"))
    assert [(r["line"], r["value"]) for r in found] == [(4, "=1+1"), (5, "=1+1")]


def test_a_reader_of_some_channels_sees_nobody_elses_raw_rows() -> None:
    scope = Scope((("channel", LABELS),))
    assert fetch_from(rejecting())(rewritten(quality.set_aside_rows(), scope)) == []
