"""Cohorts of a company with tickets alone: kept means in touch again, as far as anything is known of anybody."""

import datetime as dt
from collections import defaultdict

import pytest
from small_company import Row, Tables, open_tables

from insights.asking import Desk
from insights.filters import EVERYTHING, Filters

WITHOUT_ORDERS: Tables = {"orders": [], "customer_purchases": [], "customer_months": []}


def desk_of(tables: Tables) -> Desk:
    return Desk(open_tables(tables), Filters(), EVERYTHING)


def turned(tables: Tables) -> dict[str, set[dt.date]]:
    """Return the days each customer turned to the company: with a ticket that counts, or a contact it began."""
    found: dict[str, set[dt.date]] = defaultdict(set)
    rows: list[tuple[Row, dt.date]] = [
        *((t, t["created_day"]) for t in tables["tickets"] if not t["excluded"]),
        *((i, i["day"]) for i in tables["interactions"] if i["direction"] == "inbound"),
    ]
    for row, day in rows:
        if row["customer_id"] and day:
            found[row["customer_id"]].add(day)
    return found


def month(day: dt.date) -> int:
    return day.year * 12 + day.month


def test_who_is_in_touch_again_equals_a_count_by_hand(tables: Tables) -> None:
    counted = {**tables, **WITHOUT_ORDERS, "interactions": [i for i in tables["interactions"] if i["direction"]]}
    days = turned(counted)
    began = {
        t["customer_id"]: min(x["created_day"] for x in tables["tickets"] if _complaint_of(x, t["customer_id"]))
        for t in tables["tickets"]
        if _complaint_of(t, t["customer_id"])
    }
    found = desk_of(counted).study("cohorts", start="first_complaint")
    assert found.sentence == "contacts"
    assert not found.lacks
    cells = {(c["cohort"], c["k"]): (c["size"], c["kept"]) for c in found.rows if c["cohort"] != "average"}
    for (cohort, k), (size, kept) in cells.items():
        mine = [who for who, day in began.items() if month(day) == month(dt.date.fromisoformat(cohort))]
        again = [w for w in mine if any(d >= began[w] and month(d) - month(began[w]) == k for d in days[w])]
        assert (size, kept) == (len(mine), len(again)), (cohort, k)
    assert sum(size for (_, k), (size, _) in cells.items() if k == 0) == len(began) > 20


def _complaint_of(ticket: Row, who: str | None) -> bool:
    mine = ticket["customer_id"] == who is not None
    return bool(mine and ticket["kind"] == "complaint" and not ticket["excluded"] and ticket["created_day"])


def test_months_after_the_last_ticket_of_anybody_are_unknown_and_not_empty(tables: Tables) -> None:
    last = dt.date(2025, 3, 31)
    early = [t for t in tables["tickets"] if t["created_day"] and t["created_day"] <= last and not t["excluded"]]
    known = max(t["created_day"] for t in early)
    found = desk_of({**tables, **WITHOUT_ORDERS, "tickets": early, "interactions": []}).study(
        "cohorts", start="first_contact", grain="day"
    )
    cells = [c for c in found.rows if c["cohort"] != "average"]
    reach = max(dt.date.fromisoformat(c["cohort"]) + dt.timedelta(days=c["k"]) for c in cells)
    assert reach == known, "the warehouse speaks of June"
    assert all(c["complete"] for c in cells)


def test_months_after_the_last_order_of_anybody_are_unknown_and_not_empty(tables: Tables) -> None:
    last = dt.date(2025, 3, 31)
    early = [o for o in tables["orders"] if o["ordered_day"] and o["ordered_day"] <= last]
    known = max(o["ordered_day"] for o in early)
    months = [m for m in tables["customer_months"] if m["month"] <= last]
    bought = [
        p | {"last_day": min(p["last_day"], last)} for p in tables["customer_purchases"] if p["first_day"] <= last
    ]
    desk = desk_of({**tables, "orders": early, "customer_months": months, "customer_purchases": bought})
    for asked in (desk, desk.narrow("segment", "gold")):
        found = asked.study("cohorts", start="first_order", grain="day")
        cells = [c for c in found.rows if c["cohort"] != "average"]
        reach = max(dt.date.fromisoformat(c["cohort"]) + dt.timedelta(days=c["k"]) for c in cells)
        assert reach == known, "tickets speak of June, and so may the orders of others than those asked about"


@pytest.mark.parametrize("asked", [{"start": "first_order"}, {"start": "first_contact", "measure": "revenue"}])
def test_what_needs_purchases_says_so(tables: Tables, asked: dict[str, str]) -> None:
    assert desk_of({**tables, **WITHOUT_ORDERS}).study("cohorts", **asked).lacks == ("orders",)


def test_with_orders_kept_is_having_bought(tables: Tables) -> None:
    assert desk_of(tables).study("cohorts", start="first_contact").sentence is None


def test_who_stands_behind_a_cell_is_who_it_counts(tables: Tables) -> None:
    desk = desk_of({**tables, **WITHOUT_ORDERS})
    cells = [c for c in desk.study("cohorts", start="first_contact").rows if c["cohort"] != "average" and c["k"] < 3]
    assert cells
    for cell in cells:
        day = dt.date.fromisoformat(cell["cohort"])
        facts = desk.study("cohort_members", start="first_contact", cohort=day, k=cell["k"]).facts
        assert (facts["n"], facts["kept"]) == (cell["size"], cell["kept"])
