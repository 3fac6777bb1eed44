"""The desk: every question asked in one place, answers that carry all they need, desks that are cache keys."""

import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa

from insights import schema
from insights.asking import Desk
from insights.asking.recorder import study_sql
from insights.asking.rewrites.visible import OPEN, PART_OF
from insights.dimensions import EVERY
from insights.filters import EVERYTHING, Filters, Scope
from insights.warehouse.reader import Warehouse

SPRING = Filters(dt.date(2025, 3, 5), dt.date(2025, 5, 20))


def test_a_number_behind_the_desk_is_its_rows_counted(small: Warehouse) -> None:
    desk = Desk(small, SPRING, EVERYTHING)
    for key in ("csat", "created", "frt_p50", "orders"):
        assert desk.one(key).n == len(desk.rows(key))
        assert sum(row["n"] for row in desk.left_out(key)) == len(desk.rows(key, excluded=True))


def test_a_narrowed_desk_is_the_group_of_the_wider_one(small: Warehouse) -> None:
    desk = Desk(small, SPRING, EVERYTHING)
    for number in desk.numbers(["csat"], by=["channel"]):
        alone = desk.narrow("channel", str(number.member("channel"))).one("csat")
        assert (alone.value, alone.n, alone.low, alone.high) == (number.value, number.n, number.low, number.high)


def test_equal_desks_are_one_cache_key_whatever_the_language(small: Warehouse) -> None:
    desk = Desk(small, SPRING, EVERYTHING, "tr")
    assert desk == Desk(small, SPRING, EVERYTHING, "en")
    assert hash(desk) == hash(Desk(small, SPRING, EVERYTHING, "en"))
    assert desk != Desk(small, SPRING, Scope((("team", ("first",)),)))
    assert desk.key != desk.with_filters(Filters()).key


def test_a_number_records_what_the_command_line_promises(small: Warehouse) -> None:
    (first, *_) = Desk(small, SPRING, EVERYTHING).numbers(["csat"], by=["channel"], grain="month", compare="previous")
    names = ["metric", "unit", "period", "channel", "value", "n", "low", "high", "previous", "complete"]
    assert list(first.record()) == names


SOURCE = Path(__file__).parents[1] / "src" / "insights"


def test_nobody_but_the_desk_asks_the_warehouse() -> None:
    rooms = [p for room in ("ui", "cli", "studies", "asking") for p in sorted((SOURCE / room).rglob("*.py"))]
    words = ("warehouse.fetch(", "warehouse.frame(", "warehouse.sql(")
    found = {str(p.relative_to(SOURCE)) for p in rooms if any(word in p.read_text("utf-8") for word in words)}
    assert found == {"asking/desk.py"}


def test_every_table_is_open_or_shows_a_reader_of_no_team_nothing(small: Warehouse) -> None:
    for dimension in (d.name for d in EVERY if d.name != "source"):
        nobody = Desk(small, Filters(), Scope(((dimension, ("nobody's",)),)))
        for table in schema.metadata.tables.values():
            seen = nobody.fetch(sa.select(sa.func.count().label("n")).select_from(table))[0]["n"]
            whole = small.fetch(sa.select(sa.func.count().label("n")).select_from(table))[0]["n"]
            assert seen == (whole if table.name in OPEN else 0), (dimension, table.name)


def test_a_reader_sees_the_parts_of_the_tickets_they_see_and_no_others(small: Warehouse) -> None:
    desk = Desk(small, Filters(), Scope((("team", ("first",)),)))
    mine = {(r["source"], r["ticket_id"]) for r in desk.fetch(sa.select(schema.tickets))}
    theirs = small.fetch(sa.select(schema.tickets).where(schema.tickets.c.team == "first"))
    assert mine == {(r["source"], r["ticket_id"]) for r in theirs} != set()
    for name in (name for name, (owner, _) in PART_OF.items() if owner == "tickets" and name != "customers"):
        table = schema.metadata.tables[name]
        wanted = [r for r in small.fetch(sa.select(table)) if (r["source"], r["ticket_id"]) in mine]
        assert len(desk.fetch(sa.select(table))) == len(wanted), name


@pytest.mark.parametrize("least", [0, 5])
def test_breakdowns_asked_together_are_those_asked_one_by_one(small: Warehouse, least: int) -> None:
    desk = Desk(small, SPRING, Scope(least=least))
    asked = {
        "csat": ("channel", "team", "segment"),
        "created": ("channel", "kind"),
        "frt_p50": ("team",),
        "ageing": ("team", "priority"),
        "revenue": ("region", "segment"),
    }
    one_by_one = {(key, name): desk.values([key], by=[name]) for key, names in asked.items() for name in names}
    before = desk.before()
    then = {(key, name): before.values([key], by=[name]) for key, names in asked.items() for name in names}
    assert desk.breakdowns(asked, before) == (one_by_one, then)


def test_a_study_tells_its_statements_though_its_numbers_are_remembered(small: Warehouse) -> None:
    desk = Desk(small, SPRING, EVERYTHING)
    before = study_sql(desk, "story")
    desk.study("story")
    assert study_sql(desk, "story") == before
    assert len(before) > 5
