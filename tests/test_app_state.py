"""The view: codes in the address, the same in every language; periods and averages by hand."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from insights.dimensions import DIMENSIONS
from insights.filters import Filters
from insights.sql import CALENDAR_YEAR, Starts
from insights.ui.frame.period import beside
from insights.ui.run import periods, state, steps
from insights.ui.run.state import View, parse

DAYS = st.dates(dt.date(2001, 1, 1), dt.date(2030, 12, 31))
WORDS = st.text(min_size=1, max_size=12).filter(str.strip)
LAST = dt.date(2026, 11, 21)
ISTANBUL = ZoneInfo("Europe/Istanbul")


@st.composite
def views(draw: st.DrawFn) -> View:
    period = draw(st.sampled_from(state.PERIODS))
    first, second = sorted((draw(DAYS), draw(DAYS)))
    view = View(
        draw(st.sampled_from(["tr", "en"])),
        period=period,
        since=first if period == "custom" else None,
        until=second if period == "custom" else None,
        as_of=draw(st.none() | DAYS),
        clock=draw(st.sampled_from(["calendar", "business"])),
        compare=draw(st.sampled_from(["previous", "year"])),
    )
    for dimension in draw(st.lists(st.sampled_from(list(DIMENSIONS)), unique=True, max_size=3)):
        view = view.choose(dimension, *draw(st.lists(WORDS, min_size=1, max_size=3, unique=True)))
    return view


@given(views())
def test_an_address_read_back_is_the_same_view(view: View) -> None:
    assert parse(state.params(view), "en") == view


@given(views())
def test_the_other_language_sees_the_same_filters(view: View) -> None:
    other = parse({**state.params(view), "lang": "en" if view.language == "tr" else "tr"}, "en")
    zone = ISTANBUL
    assert state.filters(other, LAST, zone) == state.filters(view, LAST, zone)


@given(st.dictionaries(st.sampled_from(sorted(state.OURS)), st.text(max_size=20)))
def test_whatever_stands_in_the_address_gives_a_view(address: dict[str, str]) -> None:
    view = parse(address, "tr")
    assert view.language in ("tr", "en")
    state.filters(view, LAST, ISTANBUL)


def test_a_value_with_a_comma_is_one_value() -> None:
    view = View("tr").choose("team", "İade, değişim", "100%")
    assert parse(state.params(view), "tr").chosen("team") == ("İade, değişim", "100%")


@pytest.mark.parametrize(
    ("period", "since"),
    [
        ("7d", dt.date(2026, 11, 15)),
        ("30d", dt.date(2026, 10, 23)),
        ("90d", dt.date(2026, 8, 24)),
        ("ytd", dt.date(2026, 1, 1)),
    ],
)
def test_presets_end_with_the_data_and_include_both_ends(period: state.Period, since: dt.date) -> None:
    assert state.span(View("tr", period=period), LAST) == (since, LAST)


def test_an_as_of_day_means_its_end_in_the_companys_zone() -> None:
    found = state.filters(View("tr", as_of=dt.date(2026, 10, 1)), LAST, ISTANBUL)
    assert found.as_of == dt.datetime(2026, 10, 1, 21)
    assert found.until == dt.date(2026, 10, 1)


@given(DAYS, st.integers(0, 400))
def test_weekdays_are_counted_day_by_day(since: dt.date, length: int) -> None:
    until = since + dt.timedelta(days=length)
    counted = dict.fromkeys(range(1, 8), 0)
    for i in range(length + 1):
        counted[(since + dt.timedelta(days=i)).isoweekday()] += 1
    assert periods.weekdays(Filters(since=since, until=until), None) == counted


@given(DAYS, st.integers(0, 500), st.sampled_from(["day", "week", "month"]))
def test_a_trend_starts_with_a_whole_period_and_compares_with_as_many_before(
    since: dt.date, length: int, grain: periods.Grain
) -> None:
    filters = Filters(since=since, until=since + dt.timedelta(days=length))
    shown = periods.sequence(filters, grain, None)
    earlier = periods.before(filters, shown, grain)
    assert len(periods.sequence(earlier, grain, None)) == len(shown)
    assert earlier.until == shown[0] - dt.timedelta(days=1)
    if len(shown) > 1:
        assert shown[0] >= since


def test_a_group_clicked_twice_is_taken_back_and_another_takes_its_place() -> None:
    email: steps.Group = (("channel", "email"),)
    once = steps.narrowed(View("tr"), email)
    assert once.chosen("channel") == ("email",)
    assert steps.narrowed(once, email) == View("tr")
    assert steps.narrowed(once, (("channel", None), ("hour", 3))).values == (("channel", ("(unknown)",)),)


SATURDAY = dt.date(2026, 11, 21)
APRIL = Starts(week=7, year=4)


@pytest.mark.parametrize(
    ("period", "starts", "days"),
    [
        ("week", CALENDAR_YEAR, ("2026-11-16", "2026-11-21")),
        ("last_week", CALENDAR_YEAR, ("2026-11-09", "2026-11-15")),
        ("last_week", APRIL, ("2026-11-08", "2026-11-14")),
        ("month", CALENDAR_YEAR, ("2026-11-01", "2026-11-21")),
        ("last_month", CALENDAR_YEAR, ("2026-10-01", "2026-10-31")),
        ("ytd", APRIL, ("2026-01-01", "2026-11-21")),
        ("quarter", CALENDAR_YEAR, ("2026-10-01", "2026-11-21")),
        ("fiscal", APRIL, ("2026-04-01", "2026-11-21")),
        ("last_quarter", CALENDAR_YEAR, ("2026-07-01", "2026-09-30")),
    ],
)
def test_presets_of_the_calendar_begin_where_the_company_s_do(
    period: state.Period, starts: Starts, days: tuple[str, str]
) -> None:
    since, until = state.span(View("tr", period=period), SATURDAY, None, starts)
    assert (str(since), str(until)) == days


def test_a_step_from_a_whole_month_is_the_month_beside_it_and_from_days_as_many_days() -> None:
    october = Filters(since=dt.date(2026, 10, 1), until=dt.date(2026, 10, 31))
    assert beside(october, -1) == (dt.date(2026, 9, 1), dt.date(2026, 9, 30))
    week = Filters(since=dt.date(2026, 9, 14), until=dt.date(2026, 9, 20))
    assert beside(week, 1) == (dt.date(2026, 9, 21), dt.date(2026, 9, 27))
    assert beside(Filters(), 1) is None


@pytest.mark.parametrize("grain", ["day", "week", "month"])
def test_a_trend_seen_against_last_year_has_as_many_periods_a_year_earlier(grain: periods.Grain) -> None:
    filters = Filters(since=dt.date(2026, 2, 1), until=dt.date(2026, 4, 30), compare="year")
    shown = periods.sequence(filters, grain, None)
    earlier = periods.before(filters, shown, grain)
    assert len(periods.sequence(earlier, grain, None)) == len(shown)
    assert earlier.since
    assert 364 <= (shown[0] - earlier.since).days <= 366


def test_days_of_one_s_own_to_compare_with_stand_in_the_address_and_are_the_span_compared_with() -> None:
    january = (dt.date(2026, 1, 1), dt.date(2026, 1, 31))
    view = View("tr", compare="custom", against=january)
    assert state.params(view)["compare"] == "2026-01-01..2026-01-31"
    assert state.parse(state.params(view), "en") == view
    assert state.parse({"compare": "2026-02-01..2026-01-01"}, "tr").compare == "previous"
    seen = state.filters(view, SATURDAY, dt.UTC).compared()
    assert seen
    assert (seen.since, seen.until) == january


def test_a_choice_of_several_stands_in_the_address_by_its_codes() -> None:
    def page() -> None:
        import streamlit as st

        from insights.ui.run import pick

        with pick.several("tried", ["hold", "pending"], ["pending"]):
            st.pills("Tried", ["hold", "pending"], key="tried", selection_mode="multi", format_func=str.upper)

    app = AppTest.from_function(page)
    app.query_params["tried"] = "pending,hold,unheard of"
    pills = app.run().pills(key="tried")
    assert (pills.value, app.query_params["tried"]) == (["hold", "pending"], "hold,pending")
    assert pills.set_value([]).run().query_params["tried"] == "-", "nothing is not what is usual"
    assert "tried" not in app.pills(key="tried").set_value(["pending"]).run().query_params
