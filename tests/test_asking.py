"""The desk: every question asked in one place, answers that carry all they need, desks that are cache keys."""

import datetime as dt

from insights.asking import Desk
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
    names = ["metric", "unit", "period", "channel", "value", "n", "low", "high", "previous"]
    assert list(first.record()) == names
