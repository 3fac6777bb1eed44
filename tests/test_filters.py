"""Filters and scope: they part the whole into pieces, and no row escapes them."""

import datetime as dt

import asked as road
import pytest
from small_company import Tables

from insights.errors import BadFilter, UnknownName
from insights.filters import EVERYTHING, UNKNOWN, Filters, Scope
from insights.metrics import METRICS
from insights.warehouse.reader import Warehouse

COUNTED = (
    "created",
    "solved",
    "net_flow",
    "backlog",
    "csat",
    "nps",
    "resp_rate",
    "frt_p50",
    "full_res_p90",
    "sla_compliance",
)


@pytest.mark.parametrize("dimension", ["channel", "kind", "priority", "team", "segment", "source"])
@pytest.mark.parametrize("key", COUNTED)
def test_the_values_of_a_dimension_part_the_whole(small: Warehouse, key: str, dimension: str) -> None:
    whole = road.query(small, [key], Filters(), scope=EVERYTHING)[0]["n"]
    parts = road.query(small, [key], Filters(), scope=EVERYTHING, by=[dimension])
    assert sum(p["n"] for p in parts) == whole
    for p in parts:
        value = UNKNOWN if p[dimension] is None else p[dimension]
        (alone,) = road.query(small, [key], Filters().choose(dimension, value), scope=EVERYTHING)
        assert (alone["n"], alone["value"]) == (p["n"], p["value"])


@pytest.mark.parametrize("key", [k for k in COUNTED if METRICS[k].base.name not in ("nps_answers", "backlog")])
def test_two_periods_side_by_side_part_the_whole(small: Warehouse, key: str) -> None:
    middle = dt.date(2025, 4, 1)
    spans = [Filters(), Filters(until=middle), Filters(since=middle + dt.timedelta(1))]
    whole, first, second = (road.query(small, [key], f, scope=EVERYTHING)[0]["n"] for f in spans)
    assert first + second == whole


def test_several_values_and_several_dimensions_narrow_down(small: Warehouse, tables: Tables) -> None:
    filters = Filters().choose("channel", "email", "chat").choose("team", "first", UNKNOWN)
    (found,) = road.query(small, ["created"], filters, scope=EVERYTHING)
    expected = [
        t
        for t in tables["tickets"]
        if t["channel"] in ("email", "chat") and t["team"] in ("first", None) and t["excluded"] is None
    ]
    assert found["n"] == len(expected)


@pytest.mark.parametrize("key", METRICS)
def test_scope_hides_rows_from_every_number(small: Warehouse, key: str) -> None:
    gold = Scope((("segment", ("gold",)),))
    filtered = road.query(small, [key], Filters().choose("segment", "gold"), scope=EVERYTHING)
    assert road.query(small, [key], Filters(), scope=gold) == filtered
    assert {r["segment"] for r in road.rows(small, key, Filters(), scope=gold)} <= {"gold"}
    assert {r["segment"] for r in road.rows(small, key, Filters(), scope=gold, excluded=True)} <= {"gold"}


def test_rows_that_do_not_know_the_scopes_dimension_are_hidden(small: Warehouse) -> None:
    assert road.query(small, ["orders"], Filters(), scope=Scope((("team", ("first",)),)))[0]["n"] == 0


def test_scope_has_no_default(small: Warehouse) -> None:
    with pytest.raises(TypeError):
        road.query(small, ["created"], Filters())  # type: ignore[call-arg]


def test_a_metric_says_which_filter_it_ignores() -> None:
    filters = Filters().choose("team", "first").choose("segment", "gold")
    assert road.meta("orders", filters)["ignored"] == ("team",)
    assert road.meta("csat", filters)["ignored"] == ()


def test_unknown_names_are_refused_with_what_is_known(small: Warehouse) -> None:
    with pytest.raises(UnknownName, match="channel"):
        Filters().choose("chanel", "email")
    with pytest.raises(UnknownName, match="frt_p90"):
        road.query(small, ["frt_p95"], Filters(), scope=EVERYTHING)
    with pytest.raises(UnknownName, match="week"):
        road.query(small, ["created"], Filters(), scope=EVERYTHING, grain="fortnight")
    with pytest.raises(UnknownName, match="channel"):
        road.query(small, ["created"], Filters(), scope=EVERYTHING, by=["colour"])
    with pytest.raises(BadFilter, match="segment"):
        road.query(small, ["orders"], Filters(), scope=EVERYTHING, by=["team"])
    with pytest.raises(UnknownName, match="year"):
        road.query(small, ["created"], Filters(), scope=EVERYTHING, compare="yesterday")
    with pytest.raises(BadFilter, match="--since"):
        road.query(small, ["created"], Filters(), scope=EVERYTHING, compare="previous")
    with pytest.raises(BadFilter, match="swap"):
        Filters(dt.date(2025, 2, 1), dt.date(2025, 1, 1))


def test_the_period_before_is_as_long_and_a_year_ago_has_the_same_weekdays() -> None:
    filters = Filters(dt.date(2025, 3, 1), dt.date(2025, 3, 30))
    before, year = filters.previous(), filters.last_year()
    assert (before.since, before.until) == (dt.date(2025, 1, 30), dt.date(2025, 2, 28))  # type: ignore[union-attr]
    assert year.since.weekday() == filters.since.weekday()  # type: ignore[union-attr]
    assert Filters().previous() is None


def test_values_from_outside_are_never_sql(small: Warehouse) -> None:
    evil = "x'); DROP TABLE tickets; --"
    filters = Filters().choose("channel", evil)
    assert road.query(small, ["created"], filters, scope=EVERYTHING)[0]["n"] == 0
    assert evil.replace("'", "''") in road.sql(small, "created", filters, scope=EVERYTHING)
    assert road.query(small, ["created"], Filters(), scope=EVERYTHING)[0]["n"] > 0


@pytest.mark.parametrize("key", ["sla_compliance", "sla_created", "sla_open_breaches", "sla_over_p50"])
@pytest.mark.parametrize("dimension", ["policy", "promise"])
def test_promises_are_filters_of_the_clocks_that_know_them(small: Warehouse, key: str, dimension: str) -> None:
    parts = road.query(small, [key], Filters(), scope=EVERYTHING, by=[dimension])
    assert sum(p["n"] for p in parts) == road.query(small, [key], Filters(), scope=EVERYTHING)[0]["n"] > 0
    for p in parts:
        (alone,) = road.query(small, [key], Filters().choose(dimension, p[dimension]), scope=EVERYTHING)
        assert (alone["n"], alone["value"]) == (p["n"], p["value"])
    assert road.meta("csat", Filters().choose(dimension, "x"))["ignored"] == (dimension,)
