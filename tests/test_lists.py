"""Lists given away are remembered, hold the same people out each time, and are told against them."""

import datetime as dt
from pathlib import Path

import pytest
from small_company import Tables, bought

from insights.asking import Desk
from insights.filters import EVERYTHING, Filters, Scope
from insights.settings import Settings
from insights.stats.intervals import newcombe
from insights.warehouse import open_current
from insights.warehouse.personal import lists

DAY = dt.date(2025, 3, 1)
TODAY = dt.date(2025, 6, 18)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(warehouse=tmp_path)


@pytest.fixture
def desk(small_directory: Path, settings: Settings) -> Desk:
    return Desk(open_current(small_directory), Filters(), EVERYTHING, settings=settings)


def kept(settings: Settings, customers: list[str], share: float = 0.4, day: dt.date = DAY) -> lists.TargetList:
    ours, held = lists.split(customers, "spring", share)
    made = lists.TargetList("spring", dt.datetime.combine(day, dt.time(12)).isoformat(), "ada", "segments", ours, held)
    lists.keep(settings.warehouse, made)
    return made


def everybody(tables: Tables) -> list[str]:
    return sorted({c["customer_id"] for c in tables["customers"]})


def test_the_lot_falls_the_same_way_and_close_to_the_share() -> None:
    people = [str(n) for n in range(2000)]
    ours, held = lists.split(people, "spring", 0.25)
    assert lists.split(people, "spring", 0.25) == (ours, held)
    assert sorted((*ours, *held)) == sorted(people)
    assert 0.22 < len(held) / 2000 < 0.28
    assert set(held) != set(lists.split(people, "autumn", 0.25)[1])
    assert lists.split(people, "spring", 0.0) == (tuple(people), ())


def test_a_list_is_told_by_who_bought_after_it_against_who_was_held_out(
    desk: Desk, settings: Settings, tables: Tables
) -> None:
    made = kept(settings, everybody(tables))
    until = DAY + dt.timedelta(days=30)
    buyers = {o["customer_id"] for o in tables["orders"] if bought(o) and DAY < o["ordered_day"] <= until}
    complained = {
        t["customer_id"]
        for t in tables["tickets"]
        if t["kind"] == "complaint"
        and t["excluded"] is None
        and t["status"] != "deleted"
        and DAY < t["created_day"] <= until
    }
    (row,) = desk.study("lists").rows
    ours, held = (len(buyers.intersection(of)) for of in (made.customers, made.held_out))
    assert (row["n"], row["held_out"], row["bought"]) == (len(made.customers), len(made.held_out), ours)
    assert row["complained"] == len(complained.intersection(made.customers))
    assert row["gap"] == pytest.approx(ours / row["n"] - held / row["held_out"])
    assert (row["gap_low"], row["gap_high"]) == newcombe(ours, row["n"], held, row["held_out"])
    assert row["complete"]


def test_a_list_that_held_nobody_out_is_not_measured(desk: Desk, settings: Settings, tables: Tables) -> None:
    kept(settings, everybody(tables)[:10], share=0.0, day=TODAY - dt.timedelta(days=3))
    (row,) = desk.study("lists").rows
    assert (row["gap"], row["share_held_out"], row["complete"]) == (None, None, False)
    assert desk.with_filters(Filters(as_of=dt.datetime(2025, 1, 1))).study("lists").sentence == "none_yet"


def test_a_reader_sees_nobody_of_a_list_beyond_the_scope(desk: Desk, settings: Settings, tables: Tables) -> None:
    kept(settings, everybody(tables))
    nobody = Desk(desk.warehouse, Filters(), Scope(nobody=True), settings=settings)
    assert nobody.study_rows("lists") == []
    (row,) = nobody.study("lists").rows
    assert (row["n"], row["bought"]) == (0, 0)


def test_only_who_allows_contact_and_has_no_open_complaint_may_be_turned_to(desk: Desk, tables: Tables) -> None:
    may = {row["customer_id"] for row in desk.study("reachable").rows}
    refused = {c["customer_id"] for c in tables["customers"] if c["contact_allowed"] is not True}
    waiting = {
        t["customer_id"]
        for t in tables["tickets"]
        if t["kind"] == "complaint" and t["excluded"] is None and t["status"] in ("new", "open", "pending", "hold")
    }
    assert may
    assert not may & (refused | waiting)


def test_the_oldest_list_goes_beyond_two_hundred(tmp_path: Path) -> None:
    for n in range(lists.MOST + 2):
        lists.keep(tmp_path, lists.TargetList(f"list {n}", "2025-01-01T00:00:00", "", "segments", ("1",)))
    held = lists.listed(tmp_path)
    assert (len(held), held[0].name, held[-1].name) == (lists.MOST, "list 201", "list 2")
    lists.forget(tmp_path, "list 2", "2025-01-01T00:00:00")
    assert len(lists.listed(tmp_path)) == lists.MOST - 1
