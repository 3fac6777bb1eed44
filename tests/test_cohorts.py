"""Retention triangles against a count customer by customer, and what must hold for any purchases."""

import datetime as dt
import random
from collections import Counter
from typing import Any

import asked as road
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_company import AS_OF, COPIES, Tables, add_purchases, open_tables

from insights import schema
from insights.errors import BadFilter, UnknownName
from insights.filters import EVERYTHING, Filters
from insights.studies.purchases import BRACKETS
from insights.warehouse.reader import Warehouse

Cell = dict[str, Any]


def index(day: dt.date, grain: str) -> int:
    return day.year * 12 + day.month - 1 if grain == "month" else day.year * 4 + (day.month - 1) // 3


def by_hand(tables: Tables, grain: str, mode: str, measure: str) -> dict[tuple[str, int], tuple[float, int]]:
    """Return (value, size) by cohort and k."""
    bought: dict[str, dict[int, float]] = {}
    money: dict[str, dict[int, float]] = {}
    for m in tables["customer_months"]:
        place, paid = index(m["month"], grain), money.setdefault(m["customer_id"], {})
        paid[place] = paid.get(place, 0) + (m["revenue"] or 0)
        if m["orders"]:
            bought.setdefault(m["customer_id"], {})[place] = 1
    found = {}
    for first in {min(mine) for mine in bought.values()}:
        members = [mine for mine in bought.values() if min(mine) == first]
        paid_by = [money[who] for who, mine in bought.items() if min(mine) == first]
        start = (
            dt.date(first // 12, first % 12 + 1, 1) if grain == "month" else dt.date(first // 4, first % 4 * 3 + 1, 1)
        )
        for k in range(index(AS_OF.date(), grain) - first + 1):
            if measure == "revenue":
                value = sum(m.get(first + k, 0) for m in paid_by) / sum(m[first] for m in paid_by)
            elif mode == "on":
                value = sum(first + k in m for m in members) / len(members)
            else:
                value = sum(max(m) >= first + k for m in members) / len(members)
            found[start.isoformat(), k] = (value, len(members))
    return found


@pytest.mark.parametrize("grain", ["month", "quarter"])
@pytest.mark.parametrize(("mode", "measure"), [("on", "customers"), ("on_or_after", "customers"), ("on", "revenue")])
def test_cells_equal_a_count_by_hand(small: Warehouse, tables: Tables, grain: str, mode: str, measure: str) -> None:
    cells = road.cohorts(small, Filters(), scope=EVERYTHING, grain=grain, mode=mode, measure=measure)
    found = {(c["cohort"], c["k"]): (c["value"], c["size"]) for c in cells if c["cohort"] != "average"}
    expected = by_hand(tables, grain, mode, measure)
    assert found.keys() == expected.keys()
    for key, (value, size) in expected.items():
        assert found[key] == (pytest.approx(value), size)


def test_a_cell_is_complete_when_its_whole_period_has_passed(small: Warehouse) -> None:
    for c in road.cohorts(small, Filters(), scope=EVERYTHING):
        if c["cohort"] != "average":
            months = index(dt.date.fromisoformat(c["cohort"]), "month") + c["k"]
            assert c["complete"] == (months < index(AS_OF.date(), "month"))


def test_the_average_row_weighs_complete_cells_by_size(small: Warehouse) -> None:
    cells = road.cohorts(small, Filters(), scope=EVERYTHING)
    for average in (c for c in cells if c["cohort"] == "average"):
        column = [c for c in cells if c["k"] == average["k"] and c["complete"] and c["cohort"] != "average"]
        assert average["value"] == pytest.approx(sum(c["kept"] for c in column) / sum(c["size"] for c in column))
        assert average["n"] == sum(c["size"] for c in column)


def test_a_past_moment_knows_only_the_months_before_it(small: Warehouse) -> None:
    cells = road.cohorts(small, Filters(as_of=dt.datetime(2025, 4, 10)), scope=EVERYTHING)
    assert all(c["complete"] for c in cells)
    now = {(c["cohort"], c["k"]): c["value"] for c in road.cohorts(small, Filters(), scope=EVERYTHING)}
    kept = {(c["cohort"], c["k"]): c["value"] for c in cells if c["cohort"] != "average"}
    assert kept == {key: now[key] for key in kept}
    assert max(cohort for cohort, _ in kept) == "2025-03-01"


def test_filters_choose_cohorts_and_customers(small: Warehouse, tables: Tables) -> None:
    gold = road.cohorts(small, Filters(since=dt.date(2025, 2, 15)).choose("segment", "gold"), scope=EVERYTHING)
    first = [
        p for p in tables["customer_purchases"] if p["segment"] == "gold" and p["first_day"] >= dt.date(2025, 2, 1)
    ]
    assert sum(c["size"] for c in gold if c["k"] == 0 and c["cohort"] != "average") == len(first)


def test_unknown_words_are_refused(small: Warehouse) -> None:
    for options in ({"grain": "hour"}, {"mode": "before"}, {"measure": "smiles"}):
        with pytest.raises(UnknownName):
            road.cohorts(small, Filters(), scope=EVERYTHING, **options)
    with pytest.raises(BadFilter):
        road.cohorts(small, Filters(), scope=EVERYTHING, mode="on_or_after", measure="revenue")


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.integers(1, 60))
def test_what_holds_for_any_purchases(seed: int, orders: int) -> None:
    draw = random.Random(seed)
    customers = [
        {
            "source": "shop",
            "customer_id": str(i),
            "segment": None,
            "region": None,
            "country": None,
            "loyalty_tier": None,
        }
        for i in range(12)
    ]
    tables: Tables = {"orders": [], "customer_purchases": [], "customer_months": []}
    for number in range(orders):
        day = dt.date(2024, 6, 1) + dt.timedelta(draw.randrange(380))
        who = draw.choice(customers)["customer_id"]
        tables["orders"].append(
            {
                "source": "shop",
                "order_id": str(number),
                "customer_id": who,
                "amount": (amount := draw.randrange(1, 99)),
                "company_amount": amount,
                "status": "paid",
                "ordered_at": dt.datetime.combine(day, dt.time(9)),
                "ordered_day": day,
            }
        )
    add_purchases(customers, tables)
    tables["facts"] = [{"name": "as_of", "value": str(AS_OF)}, {"name": "time_zone", "value": "Europe/Istanbul"}]
    warehouse = open_tables(tables)
    classic, rolling = (
        {(c["cohort"], c["k"]): c for c in road.cohorts(warehouse, Filters(), scope=EVERYTHING, mode=mode)}
        for mode in ("on", "on_or_after")
    )
    assert classic.keys() == rolling.keys()
    for (cohort, k), cell in classic.items():
        assert cell["value"] <= rolling[cohort, k]["value"]
        assert k > 0 or cell["value"] == 1
        if k and cohort != "average":
            assert rolling[cohort, k]["value"] <= rolling[cohort, k - 1]["value"]
    customers_seen = sum(c["size"] for (cohort, k), c in classic.items() if k == 0 and cohort != "average")
    assert customers_seen == len(tables["customer_purchases"])


def of_two_sources(seed: int) -> Tables:
    """Return customers who buy in a shop and at a branch under one number, each of which keeps its own months."""
    draw = random.Random(seed)
    tables: Tables = {t.name: [] for t in schema.metadata.tables.values()}
    for number in range(60):
        segment = draw.choice(("gold", "basic", None))
        for source in draw.choice((("shop",), ("branch",), ("shop", "branch"))):
            who = {"source": source, "customer_id": f"{number:03}", **dict.fromkeys(COPIES), "segment": segment}
            tables["customers"].append(who)
            days = [dt.date(2024, 9, 1) + dt.timedelta(draw.randrange(285)) for _ in range(draw.randrange(1, 6))]
            own = [a_purchase(who, place, day, draw) for place, day in enumerate(days)]
            tables["orders"] += own
            add_purchases([who], mine := {"orders": own, "customer_purchases": [], "customer_months": []})
            for name in ("customer_purchases", "customer_months"):
                tables[name] += mine[name]
    tables["facts"] = [{"name": "as_of", "value": str(AS_OF)}, {"name": "time_zone", "value": "Europe/Istanbul"}]
    return tables


def a_purchase(who: Cell, place: int, day: dt.date, draw: random.Random) -> Cell:
    amount = draw.randrange(1, 99)
    return {
        **{name: who[name] for name in ("source", "customer_id", *COPIES)},
        "order_id": f"{who['customer_id']}-{place}",
        "amount": amount,
        "company_amount": amount,
        "status": "paid",
        "ordered_at": dt.datetime.combine(day, dt.time(9)),
        "ordered_day": day,
    }


def order_by_order(tables: Tables, grain: str, mode: str, measure: str) -> dict[tuple[Any, int, int], Any]:
    """Return what is kept and the size by segment, cohort's place and k: one customer a number, whoever names it."""
    orders: dict[str, list[Cell]] = {}
    for order in tables["orders"]:
        orders.setdefault(order["customer_id"], []).append(order)
    found: dict[tuple[Any, int, int], list[Any]] = {}
    for mine in orders.values():
        first, last = (index(of(o["ordered_day"] for o in mine), grain) for of in (min, max))
        for k in range(index(AS_OF.date(), grain) - first + 1):
            here = [o["amount"] for o in mine if index(o["ordered_day"], grain) == first + k]
            kept = sum(here) if measure == "revenue" else last >= first + k if mode == "on_or_after" else bool(here)
            cell = found.setdefault((mine[0]["segment"], first, k), [0, 0])
            cell[0], cell[1] = cell[0] + kept, cell[1] + 1
    return {key: tuple(cell) for key, cell in found.items()}


@pytest.mark.parametrize("grain", ["month", "quarter"])
@pytest.mark.parametrize(("mode", "measure"), [("on", "customers"), ("on_or_after", "customers"), ("on", "revenue")])
def test_a_customer_of_two_sources_is_one_and_groups_add_up_to_the_whole(grain: str, mode: str, measure: str) -> None:
    tables = of_two_sources(3)
    warehouse, asked = open_tables(tables), {"grain": grain, "mode": mode, "measure": measure}
    expected, whole = order_by_order(tables, grain, mode, measure), Counter[tuple[int, int]]()
    split = road.cohorts(warehouse, Filters(), scope=EVERYTHING, by="segment", **asked)
    cells = {(c["segment"], place(c, grain), c["k"]): (c["kept"], c["size"]) for c in split if c["cohort"] != "average"}
    assert cells == expected
    for (_, first, k), (kept, _) in expected.items():
        whole[first, k] += kept
    together = road.cohorts(warehouse, Filters(), scope=EVERYTHING, **asked)
    assert {(place(c, grain), c["k"]): c["kept"] for c in together if c["cohort"] != "average"} == whole


def place(cell: Cell, grain: str) -> int:
    return index(dt.date.fromisoformat(cell["cohort"]), grain)


def test_brackets_of_months_are_those_of_single_purchases() -> None:
    tables = of_two_sources(4)
    expected = order_by_order(tables, "month", "on", "customers")
    bought = {(o["customer_id"], index(o["ordered_day"], "month")) for o in tables["orders"]}
    first: dict[str, int] = {}
    for who, month in sorted(bought):
        first.setdefault(who, month)
    for cell in road.cohorts(open_tables(tables), Filters(), scope=EVERYTHING, mode="bracket"):
        if cell["cohort"] == "average":
            continue
        began, (low, high) = place(cell, "month"), next(b for b in BRACKETS if b[0] == cell["k"])
        members = [who for who, month in first.items() if month == began]
        assert (
            cell["size"] == len(members) == sum(n for (_, at, k), (_, n) in expected.items() if (at, k) == (began, 0))
        )
        again = [who for who in members if any((who, began + k) in bought for k in range(low, high + 1))]
        assert cell["kept"] == len(again)
