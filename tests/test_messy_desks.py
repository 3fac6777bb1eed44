"""What real help desks do: hand tickets about, write as robots, rate twice, delete people, vanish from exports."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from staged_rows import small_settings, staged

from insights import texts
from insights.asking import Desk
from insights.filters import EVERYTHING, Filters
from insights.settings import Settings
from insights.ui.kinds.groups import by
from insights.warehouse.build import load_staged
from insights.warehouse.reader import close, open_current

AS_OF = dt.datetime(2026, 3, 10, 12)


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    yield small_settings(tmp_path)
    close(tmp_path / "warehouse")


def desk(settings: Settings, *stages: object, language: str = "en") -> Desk:
    load_staged(stages, settings, as_of=AS_OF)  # type: ignore[arg-type]
    held = open_current(settings.warehouse, settings.engine)
    return Desk(held, Filters(), EVERYTHING, language, settings)


def counts(of: Desk, key: str, dimension: str, day: int) -> dict[object, object]:
    """Return a stock by a dimension at the end of a day of March."""
    then = of.with_filters(Filters(until=dt.date(2026, 3, day)))
    return {n.member(dimension): n.value for n in then.numbers([key], by=[dimension]) if n.value}


HELD = """
    ticket_id customer_id status team   agent_id priority created_at
    t1        c1          open   Second x        high     2026-03-01T09:00:00
    t2        c2          open   First  y        low      2026-03-02T09:00:00"""
MOVES = """
    ticket_id seq at                  field    old   new    actor
    t1        1   2026-03-03T09:00:00 team     First Second agent
    t1        2   2026-03-04T09:00:00 priority low   high   agent
    t1        3   2026-03-05T09:00:00 agent    -     x      agent"""
PAST = {
    ("team", 2): {"First": 2},
    ("team", 3): {"First": 1, "Second": 1},
    ("priority", 3): {"low": 2},
    ("priority", 4): {"low": 1, "high": 1},
    ("agent", 4): {None: 1, "y": 1},
    ("agent", 5): {"x": 1, "y": 1},
}


def test_a_past_backlog_is_whose_it_was_then_in_one_number_and_in_a_series(settings: Settings) -> None:
    of = desk(settings, staged({"tickets": HELD, "ticket_events": MOVES}))
    for (dimension, day), wanted in PAST.items():
        assert counts(of, "backlog", dimension, day) == wanted
    series = of.with_filters(Filters(since=dt.date(2026, 3, 1), until=dt.date(2026, 3, 6)))
    for dimension in ("team", "agent", "priority"):
        found = series.numbers(["backlog"], by=[dimension], grain="day")
        for day in range(1, 7):
            on = {n.member(dimension): n.value for n in found if n.period == dt.date(2026, 3, day) and n.value}
            assert on == counts(of, "backlog", dimension, day)
    assert [
        r["ticket_id"]
        for r in of.narrow("team", "Second")
        .with_filters(Filters(until=dt.date(2026, 3, 2), values=(("team", ("Second",)),)))
        .rows("backlog")
    ] == []


def test_looked_from_a_past_moment_the_backlog_is_whose_it_was_then(settings: Settings) -> None:
    of = desk(settings, staged({"tickets": HELD, "ticket_events": MOVES}))
    for hour, wanted in ((8, {"First": 2}), (10, {"First": 1, "Second": 1})):
        then = of.with_filters(Filters(as_of=dt.datetime(2026, 3, 3, hour)))
        assert {n.member("team"): n.value for n in then.numbers(["backlog"], by=["team"]) if n.value} == wanted


def test_owners_of_today_are_what_the_settings_may_ask_for(settings: Settings) -> None:
    now = Settings.model_validate(settings.model_dump() | {"answers": {"owners": "now"}})
    of = desk(now, staged({"tickets": HELD, "ticket_events": MOVES}))
    assert counts(of, "backlog", "team", 2) == {"First": 1, "Second": 1}


@pytest.mark.parametrize("language", texts.languages())
def test_the_card_says_where_a_source_does_not_know_whose_a_ticket_was(settings: Settings, language: str) -> None:
    quiet = staged({"tickets": HELD}, source="quiet")
    of = desk(settings, staged({"tickets": HELD, "ticket_events": MOVES}), quiet, language=language)
    then = of.with_filters(Filters(until=dt.date(2026, 3, 2)))
    assert by(then, "backlog", "team").body().notes == [texts.t("ui.owners_of_today", language, sources="quiet")]
    assert not by(of, "backlog", "team").body().notes
    assert not by(then, "backlog", "status").body().notes


TALK = """
    ticket_id seq at                  field   public new actor    actor_id
    a         1   2026-03-02T09:00:00 comment true   -   agent    x
    a         2   2026-03-02T11:00:00 comment true   -   customer c1
    a         3   2026-03-02T11:30:00 comment true   -   agent    x
    b         1   2026-03-02T09:00:00 comment true   -   customer c2
    b         2   2026-03-02T09:01:00 comment true   -   agent    robo
    b         3   2026-03-02T10:00:00 agent   -      y   system   -
    b         4   2026-03-02T10:20:00 comment true   -   agent    y
    c         1   2026-03-02T09:00:00 comment true   -   customer c3
    c         2   2026-03-02T09:45:00 comment true   -   agent    left
    d         1   2026-03-02T09:00:00 comment true   -   agent    x"""
SPOKEN = """
    ticket_id customer_id status agent_id created_at
    a         c1          open   x        2026-03-02T09:00:00
    b         c2          open   y        2026-03-02T09:00:00
    c         c3          open   x        2026-03-02T09:00:00
    d         c4          open   x        2026-03-02T09:00:00"""


@pytest.mark.parametrize(
    ("changed", "waits"),
    [
        ({}, {"a": 30, "b": 20, "c": 45}),
        ({"robots": {"names": ["robo"], "count_from": "creation"}}, {"a": 30, "b": 80, "c": 45}),
        ({"robots": {"names": []}}, {"a": 30, "b": 1, "c": 45}),
        ({"answers": {"agent_opened": "creation"}}, {"a": 150, "b": 20, "c": 45}),
    ],
)
def test_a_first_response_counts_from_when_it_was_owed(
    settings: Settings, changed: dict[str, object], waits: dict[str, int]
) -> None:
    chosen = Settings.model_validate(settings.model_dump() | {"robots": {"names": ["robo"]}} | changed)
    of = desk(chosen, staged({"tickets": SPOKEN, "ticket_events": TALK}))
    assert {r["ticket_id"]: r["first_response_s"] // 60 for r in of.rows("frt_p50")} == waits
    assert of.one("nrt_p50").n == 0
    credited = {n.member("agent"): n.n for n in of.numbers(["frt_p50"], by=["agent"]) if n.n}
    assert credited.get("left") == 1
