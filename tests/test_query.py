"""The road to numbers: periods, gaps, completeness, comparisons, curves and highlights."""

import datetime as dt
import math
from dataclasses import replace
from itertools import pairwise
from typing import Any

import asked as road
import duckdb
import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from oracles import Oracle
from small_company import AS_OF, Tables, open_tables

from insights.filters import EVERYTHING, Filters
from insights.metrics.periods import midnight_after, next_period, period_start, periods
from insights.sql import GRAINS, Starts, offset_changes, period
from insights.stats import intervals
from insights.warehouse.engine import literal
from insights.warehouse.reader import Warehouse

SPRING = Filters(dt.date(2025, 3, 5), dt.date(2025, 5, 20))
Result = dict[str, Any]


def ask(warehouse: Warehouse, *keys: str, filters: Filters = SPRING, **options: Any) -> list[Result]:
    return road.query(warehouse, keys, filters, scope=EVERYTHING, **options)


@given(st.dates(dt.date(1999, 1, 1), dt.date(2040, 1, 1)), st.sampled_from(GRAINS))
def test_periods_start_where_calendars_do(day: dt.date, grain: Any) -> None:
    start = period_start(day, grain)
    assert start <= day < next_period(start, grain)
    assert period_start(start, grain) == start
    if grain == "week":
        assert (start.isocalendar().year, start.isocalendar().week) == (day.isocalendar().year, day.isocalendar().week)
        assert start.isoweekday() == 1


@given(st.dates(dt.date(1999, 1, 1), dt.date(2040, 1, 1)), st.integers(1, 7), st.integers(1, 12))
def test_weeks_and_years_begin_when_the_company_says(day: dt.date, weekday: int, month: int) -> None:
    starts = Starts(week=weekday, year=month)

    def back_to(found: Any) -> dt.date:
        return next(d for d in (day - dt.timedelta(n) for n in range(400)) if found(d))

    beginnings = {
        "day": day,
        "week": back_to(lambda d: d.isoweekday() == weekday),
        "month": back_to(lambda d: d.day == 1),
        "quarter": back_to(lambda d: d.day == 1 and (d.month - month) % 3 == 0),
        "year": back_to(lambda d: d.day == 1 and d.month == month),
    }
    for grain in GRAINS:
        assert period_start(day, grain, starts) == beginnings[grain]
        asked = sa.select(period(sa.literal(day, sa.Date()), grain, starts))
        assert duckdb.sql(literal(asked)).fetchall() == [(beginnings[grain],)]


def test_a_chart_by_weeks_and_quarters_follows_the_settings(tables: Tables) -> None:
    told = {"name": "starts", "value": '{"week": 7, "year": 2}'}
    sunday = open_tables(tables | {"facts": [*tables["facts"], told]})
    weeks, quarters = ask(sunday, "created", grain="week"), ask(sunday, "created", grain="quarter")
    assert {dt.date.fromisoformat(r["period"]).isoweekday() for r in weeks} == {7}
    assert [r["period"] for r in quarters] == ["2025-02-01", "2025-05-01"]
    assert sum(r["value"] for r in weeks) == sum(r["value"] for r in quarters) > 0


@pytest.mark.parametrize("grain", GRAINS)
def test_each_period_holds_its_own_rows_and_none_is_missing(small: Warehouse, tables: Tables, grain: Any) -> None:
    found = ask(small, "created", "csat", "frt_p50", grain=grain)
    starts = periods(SPRING.since, SPRING.until, grain)  # type: ignore[arg-type]
    for key in ("created", "csat", "frt_p50"):
        mine = [r for r in found if r["metric"] == key]
        assert [r["period"] for r in mine] == [s.isoformat() for s in starts]
        for start, result in zip(starts, mine, strict=True):
            last = next_period(start, grain) - dt.timedelta(1)
            span = (max(start, SPRING.since), min(last, SPRING.until))  # type: ignore[type-var]
            n, value = Oracle(tables, span).ask(key)
            assert (result["n"], result["value"]) == (n, pytest.approx(value) if value is not None else None)


def test_a_period_is_complete_when_it_is_over_whole_and_mature(small: Warehouse) -> None:
    found = {
        r["period"]: r["complete"] for r in ask(small, "created", filters=Filters(dt.date(2025, 3, 5)), grain="month")
    }
    assert found == {"2025-03-01": False, "2025-04-01": True, "2025-05-01": True, "2025-06-01": False}
    weeks = ask(small, "frt_24h", "resolution_7d", filters=Filters(dt.date(2025, 6, 2)), grain="week")
    # The week of 9 June ended on Sunday the 15th; as of Wednesday the 18th its tickets are not all seven days old.
    complete = {(r["metric"], r["period"]): r["complete"] for r in weeks}
    assert complete["frt_24h", "2025-06-09"]
    assert not complete["resolution_7d", "2025-06-09"]
    assert complete["resolution_7d", "2025-06-02"]


def test_nothing_counted_is_null_and_never_zero(small: Warehouse) -> None:
    future = Filters(dt.date(2030, 1, 1), dt.date(2030, 1, 31))
    for result in ask(small, "csat", "nps", "frt_p50", "created", "revenue", filters=future):
        assert (result["n"], result["value"], result["low"], result["high"]) == (0, None, None, None)
    assert ask(small, "csat", filters=future, by=["channel"]) == []


def test_every_grain_of_backlog_is_the_history_day_by_day(small: Warehouse, tables: Tables) -> None:
    for result in ask(small, "backlog", "waiting_now", grain="day"):
        day = dt.date.fromisoformat(result["period"])
        assert result["n"] == Oracle(tables, (day, day)).ask(result["metric"])[0]
    days = {r["period"]: r["n"] for r in ask(small, "backlog", grain="day")}
    for result in ask(small, "backlog", grain="week"):
        sunday = min(dt.date.fromisoformat(result["period"]) + dt.timedelta(6), SPRING.until)  # type: ignore[type-var]
        assert result["n"] == days[sunday.isoformat()]


def test_backlog_grows_by_the_net_flow(small: Warehouse) -> None:
    backlog = [r["n"] for r in ask(small, "backlog", grain="day")]
    flow = [r["value"] or 0 for r in ask(small, "net_flow", grain="day")]
    assert [b - a for a, b in pairwise(backlog)] == flow[1:]


def test_ageing_by_period_adds_up_to_the_backlog(small: Warehouse) -> None:
    backlog = {r["period"]: r["n"] for r in ask(small, "backlog", grain="month")}
    ageing = ask(small, "ageing", grain="month")
    assert {p: sum(r["n"] for r in ageing if r["period"] == p) for p in backlog} == backlog


def test_quantiles_carry_exact_order_statistics(small: Warehouse) -> None:
    for key, q in (("frt_p50", 0.5), ("frt_p90", 0.9), ("full_res_p50", 0.5)):
        for by in ([], ["channel"]):
            for result in ask(small, key, filters=Filters(), by=by):
                filters = Filters().choose("channel", result["channel"]) if by else Filters()
                values = sorted(r["value"] for r in road.rows(small, key, filters, scope=EVERYTHING))
                low, high = intervals.quantile_ranks(len(values), q) or (0, 0)
                assert (result["low"], result["high"]) == (values[low - 1], values[high - 1])
                assert result["low"] <= result["value"] <= result["high"]


def test_sparklines_skip_intervals_and_keep_values(small: Warehouse) -> None:
    keys = ("csat", "frt_p90", "nps", "csat_avg")
    bare, full = (ask(small, *keys, grain="week", intervals=wanted) for wanted in (False, True))
    assert [(r["value"], r["n"]) for r in bare] == [(r["value"], r["n"]) for r in full]
    assert {r["low"] for r in bare} == {None}


@pytest.mark.parametrize("compare", ["previous", "year"])
def test_a_comparison_is_the_other_period_asked_alone(small: Warehouse, compare: str) -> None:
    keys = ("csat", "frt_p50", "nps", "created", "csat_avg")
    before = SPRING.previous() if compare == "previous" else SPRING.last_year()
    alone = {r["metric"]: r for r in ask(small, *keys, filters=before)}  # type: ignore[arg-type]
    for result in ask(small, *keys, compare=compare):
        other = alone[result["metric"]]
        names = ("value", "n", "low", "high")
        assert [result[f"previous{'_' + n if n != 'value' else ''}"] for n in names] == [other[n] for n in names]
        if other["value"] is not None:
            assert result["change"] == pytest.approx(result["value"] - other["value"])


def test_a_change_of_shares_has_newcombes_interval(small: Warehouse) -> None:
    (result,) = ask(small, "one_touch", compare="previous")
    hits, before = (round(result[v] * result[n]) for v, n in (("value", "n"), ("previous", "previous_n")))
    expected = intervals.newcombe(hits, result["n"], before, result["previous_n"])
    assert (result["change_low"], result["change_high"]) == pytest.approx(expected)
    assert result["change_real"] == (result["change_low"] > 0 or result["change_high"] < 0)


def test_a_cohort_is_compared_with_the_one_before_when_that_was_as_old(small: Warehouse) -> None:
    late = Filters(dt.date(2025, 6, 1), dt.date(2025, 6, 17))
    for key in ("resolution_rate", "reopen_rate", "sla_created"):
        (result,) = ask(small, key, filters=late, compare="previous")
        before = late.previous()
        assert before
        assert before.until
        assert late.until
        young = replace(before, as_of=small.as_of - (late.until - before.until))
        (then,) = ask(small, key, filters=young)
        assert (result["previous"], result["previous_n"]) == (then["value"], then["n"])
    (mature,) = ask(small, "resolution_rate", filters=before)
    assert mature["value"] != ask(small, "resolution_rate", filters=late, compare="previous")[0]["previous"]


def test_periods_are_compared_in_order(small: Warehouse) -> None:
    april = Filters(dt.date(2025, 4, 7), dt.date(2025, 5, 4))
    earlier = ask(small, "created", filters=april.previous(), grain="week")  # type: ignore[arg-type]
    now = ask(small, "created", filters=april, grain="week", compare="previous")
    assert [r["previous"] for r in now] == [r["value"] for r in earlier]


def test_an_unfinished_period_is_compared_with_as_many_days(small: Warehouse, tables: Tables) -> None:
    june = Filters(dt.date(2025, 6, 1), dt.date(2025, 6, 30))
    (result,) = ask(small, "created", filters=june, compare="previous")
    assert result["previous_n"] == Oracle(tables, (dt.date(2025, 5, 14), dt.date(2025, 5, 31))).ask("created")[0]


def test_the_sql_shown_makes_the_number(small: Warehouse) -> None:
    for key in ("csat", "frt_p50", "backlog", "nps", "sla_compliance", "revenue"):
        text = road.sql(small, key, SPRING, scope=EVERYTHING)
        value = small.source._con.cursor().execute(text).fetchall()[0][0]
        assert float(value) == pytest.approx(ask(small, key)[0]["value"])


def test_as_reported_is_the_share_of_rows_resting_on_the_sources_figures(small: Warehouse, tables: Tables) -> None:
    (result,) = ask(small, "full_res_p50", filters=Filters())
    rows = road.rows(small, "full_res_p50", Filters(), scope=EVERYTHING)
    basis = {t["ticket_id"]: t["clock_basis"] for t in tables["tickets"]}
    assert result["as_reported"] == sum(basis[r["ticket_id"]] == "reported" for r in rows) / len(rows)


def test_extra_dimensions_belong_to_their_own_rows(small: Warehouse) -> None:
    scores = ask(small, "csat_answers", filters=Filters(), by=["score"])
    assert [r["score"] for r in scores] == sorted(r["score"] for r in scores)
    assert (
        sum(r["n"] for r in ask(small, "created", filters=Filters(), by=["weekday", "hour"]))
        == ask(small, "created", filters=Filters())[0]["n"]
    )
    assert {r["policy"] for r in ask(small, "sla_compliance", filters=Filters(), by=["policy"])} == {"Complaint"}


def test_share_within_each_edge(small: Warehouse) -> None:
    edges = [3600, 14_400, 86_400]
    values = [r["value"] for r in road.rows(small, "frt_p50", SPRING, scope=EVERYTHING)]
    for result, edge in zip(road.within(small, "frt_p50", edges, SPRING, scope=EVERYTHING), edges, strict=True):
        assert result["edge"] == edge
        assert result["value"] == pytest.approx(sum(v <= edge for v in values) / len(values))


@pytest.mark.parametrize(("event", "step"), [("response", 60), ("resolution", 600)])
def test_open_tickets_stay_in_the_curve(small: Warehouse, tables: Tables, event: str, step: int) -> None:
    waits = []
    for t in Oracle(tables, (None, None)).tickets("created_day"):
        took = t["first_response_s" if event == "response" else "first_resolution_s"]
        if event == "response" and t["source"] == "mute":
            continue
        last = AS_OF
        if event == "response" and t["status"] in ("solved", "closed"):
            last = t["solved_at"]
        seconds = took if took is not None else (last - t["created_at"]).total_seconds()
        waits.append((math.ceil(seconds / step) * step, took is not None))
    (found,) = road.survival(small, event, Filters(), scope=EVERYTHING)
    assert (found["n"], found["open"]) == (len(waits), sum(not happened for _, happened in waits))
    share, median = 1.0, None
    for at in sorted({t for t, happened in waits if happened}):
        share *= 1 - waits.count((at, True)) / sum(t >= at for t, _ in waits)
        median = at if median is None and share <= 0.5 else median
    assert found["median"] == median
    shares = [p["share"] for p in found["points"]]
    assert all(a >= b for a, b in pairwise(shares))


def test_survival_by_group_keeps_every_case(small: Warehouse) -> None:
    whole = road.survival(small, "resolution", Filters(), scope=EVERYTHING)[0]
    parts = road.survival(small, "resolution", Filters(), scope=EVERYTHING, by=["channel"])
    assert sum(p["n"] for p in parts) == whole["n"]


def test_highlights_say_only_what_chance_does_not_explain(tables: Tables) -> None:
    quiet = open_tables(tables)
    keys = ("frt_24h", "one_touch", "resolution_7d")
    worse = dict(tables)
    worse["tickets"] = [
        t | {"first_response_s": 999_999, "first_response_business_s": 999_999}
        if t["channel"] == "phone" and t["first_response_s"] is not None
        else t
        for t in tables["tickets"]
    ]
    found = road.highlights(open_tables(worse), keys, Filters(), scope=EVERYTHING)
    assert [(f["what"], f["metric"], f["member"]) for f in found] == [("worst", "frt_24h", "phone")]
    assert found[0]["value"] < found[0]["rest"]
    assert found[0]["n"] >= 30
    assert road.highlights(quiet, keys, Filters(), scope=EVERYTHING) == []


@pytest.mark.parametrize("zone", ["Europe/Istanbul", "Europe/London", "America/New_York", "Asia/Kolkata"])
def test_a_local_day_ends_at_local_midnight(zone: str) -> None:
    from zoneinfo import ZoneInfo

    draw = np.random.default_rng(3)
    for offset in draw.integers(0, 9000, 200):
        day = dt.date(2005, 1, 1) + dt.timedelta(int(offset))
        end = midnight_after(day, zone).replace(tzinfo=dt.UTC)
        assert end.astimezone(ZoneInfo(zone)).date() == day + dt.timedelta(1)
        assert (end - dt.timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date() == day


def test_offsets_written_out_equal_the_zones() -> None:
    from zoneinfo import ZoneInfo

    changes = offset_changes("Europe/Istanbul", dt.datetime(2000, 1, 1), dt.datetime(2026, 1, 1))
    assert (changes[-1][0], changes[-1][1]) == (dt.datetime(2016, 3, 27, 1), 10800)
    draw = np.random.default_rng(4)
    for second in draw.integers(0, 26 * 365 * 86400, 500):
        moment = dt.datetime(2000, 1, 1) + dt.timedelta(seconds=int(second))
        offset = next(o for at, o in reversed(changes) if at <= moment)
        assert moment.replace(tzinfo=dt.UTC).astimezone(ZoneInfo("Europe/Istanbul")).utcoffset() == dt.timedelta(
            seconds=offset
        )
