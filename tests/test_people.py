"""Merged people are one customer in every fact, and the placeholders of erased ones are nobody."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from staged_rows import small_settings, staged

from insights.errors import SettingsWrong
from insights.settings import Customers, Settings
from insights.warehouse.build import load_staged
from insights.warehouse.deriving import people
from insights.warehouse.reader import Warehouse, close, open_current


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    yield small_settings(tmp_path)
    close(tmp_path / "warehouse")


def loaded(settings: Settings, *stages: object) -> Warehouse:
    load_staged(stages, settings)  # type: ignore[arg-type]
    return open_current(settings.warehouse, settings.engine)


def rows(warehouse: Warehouse, sql: str) -> list[tuple[object, ...]]:
    return warehouse.source._con.execute(sql).fetchall()


ORDERS = """
    order_id customer_id ordered_at           amount
    o1       200         2026-01-10T10:00:00  10
    o2       100         2026-03-10T10:00:00  20
    o3       300         2026-01-11T10:00:00  30"""


def test_a_merged_customer_bought_what_both_bought(settings: Settings) -> None:
    contacts = """
        customer_id merged_ids              segment
        100         200:1772400000000;201   gold
        200         -                       basic
        300         -                       basic"""
    held = loaded(settings, staged({"customers": contacts}), staged({"orders": ORDERS}, name="orders.csv"))
    bought = "SELECT customer_id, first_day::TEXT, purchase_days, segment FROM customer_purchases ORDER BY 1"
    assert rows(held, bought) == [
        ("100", "2026-01-10", 2, "gold"),
        ("300", "2026-01-11", 1, "basic"),
    ]
    assert rows(held, "SELECT order_id, customer_id, customer_id_raw, segment FROM orders ORDER BY 1") == [
        ("o1", "100", "200", "gold"),
        ("o2", "100", None, "gold"),
        ("o3", "300", None, "basic"),
    ]
    assert rows(held, "SELECT customer_id, merged_into, evidence FROM customer_aliases ORDER BY 1") == [
        ("200", "100", "merged_ids"),
        ("201", "100", "merged_ids"),
    ]


def test_an_id_its_own_source_does_not_know_is_looked_up_in_the_others(settings: Settings) -> None:
    crm = staged({"customers": "customer_id merged_into\n200 100\n7 8\n100 -\n8 -"}, source="crm")
    shop = staged({"orders": ORDERS, "customers": "_line customer_id\n9 300\n10 7"}, source="shop", main="orders")
    held = loaded(settings, crm, shop)
    assert rows(held, "SELECT order_id, customer_id FROM orders ORDER BY 1") == [
        ("o1", "100"),
        ("o2", "100"),
        ("o3", "300"),
    ]
    again = staged({"orders": "order_id customer_id ordered_at\no4 7 2026-01-01T00:00:00"}, source="shop", name="b.csv")
    assert rows(loaded(settings, again), "SELECT customer_id FROM orders WHERE order_id = 'o4'") == [("7",)]


def test_a_merge_told_later_reaches_facts_loaded_before_and_loading_again_changes_nothing(settings: Settings) -> None:
    orders = staged({"orders": ORDERS})
    loaded(settings, orders)
    held = loaded(settings, staged({"customers": "customer_id merged_into\n200 100"}, name="people.csv"))
    assert rows(held, "SELECT count(DISTINCT customer_id) FROM orders") == [(2,)]
    report = load_staged([staged({"orders": ORDERS}, salt="again")], settings)
    assert (report.files[0].rows_unchanged, report.files[0].rows_updated) == (3, 0)
    apart = loaded(settings, staged({"customers": "customer_id merged_into\n200 -"}, name="people.csv"))
    assert rows(apart, "SELECT count(DISTINCT customer_id) FROM orders WHERE customer_id_raw IS NULL") == [(3,)]


def test_the_settings_may_say_who_is_one(settings: Settings, tmp_path: Path) -> None:
    pairs = tmp_path / "merged.csv"
    pairs.write_text("customer_id,merged_into\n200,100\n", "utf-8")
    told = settings.model_copy(update={"customers": Customers(merged=pairs)})
    loaded(settings, staged({"orders": ORDERS}))
    held = loaded(told)
    assert rows(held, "SELECT customer_id FROM orders WHERE order_id = 'o1'") == [("100",)]
    pairs.write_text("customer_id,merged_into\n300,100\n", "utf-8")
    held = loaded(told)
    assert rows(held, "SELECT order_id FROM orders WHERE customer_id = '100' ORDER BY 1") == [("o2",), ("o3",)]
    pairs.write_text("who\n300\n", "utf-8")
    with pytest.raises(SettingsWrong):
        loaded(told)


@pytest.mark.parametrize(
    "name", ["Deleted User", "DELETED USER ", "Silinmiş kullanıcı", "SİLİNMİŞ KULLANICI", "Bilinmeyen"]
)
def test_a_placeholder_of_erased_people_is_nobody(settings: Settings, name: str) -> None:
    people: tuple[list[str], list[tuple[object, ...]]] = (["customer_id", "name"], [("100", name), ("300", "Ada")])
    spelt = ORDERS + "\n    o4 unknown 2026-01-11T10:00:00 30"
    held = loaded(settings, staged({"customers": people}), staged({"orders": spelt}, name="o.csv"))
    assert rows(held, "SELECT order_id, customer_id, customer_id_raw FROM orders ORDER BY 1") == [
        ("o1", "200", None),
        ("o2", None, "100"),
        ("o3", "300", None),
        ("o4", None, "unknown"),
    ]
    assert rows(held, "SELECT customer_id FROM customer_purchases ORDER BY 1") == [("200",), ("300",)]
    kept = settings.model_copy(update={"customers": Customers(unknown=())})
    assert rows(loaded(kept), "SELECT count(customer_id) FROM orders") == [(4,)]


@pytest.mark.parametrize("seed", range(30))
def test_random_merges_end_in_the_same_groups_as_walking_them_one_by_one(seed: int) -> None:
    draw = random.Random(seed)
    into = {str(n): str(draw.randrange(12)) for n in draw.sample(range(12), draw.randrange(12))}
    found = people.merged(("desk", old, new, "merged_into") for old, new in into.items())
    for start in map(str, range(12)):
        at, passed = start, []
        while at in into and into[at] != at and at not in passed:
            passed.append(at)
            at = into[at]
        circle = passed[passed.index(at) :] if at in passed else [at]
        end = min(circle)
        assert found.get(("desk", start), (start, ""))[0] == end


def test_two_members_of_a_campaign_who_were_merged_stay_two_rows_of_one_customer(settings: Settings) -> None:
    members = staged({"campaign_members": "campaign_id customer_id arm\nc1 100 treated\nc1 200 treated"})
    held = loaded(settings, members, staged({"customers": "customer_id merged_into\n200 100"}, name="people.csv"))
    assert rows(held, "SELECT customer_id, count(*) FROM campaign_members GROUP BY 1") == [("100", 2)]
