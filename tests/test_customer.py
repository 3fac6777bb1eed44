"""One customer: found, told whole, and never more than the reader may see."""

import dataclasses
import datetime as dt
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from small_company import AS_OF, Tables, open_tables
from typer.testing import CliRunner

from insights import cli, texts
from insights.asking import Desk
from insights.errors import BadFilter
from insights.filters import EVERYTHING, Filters, Scope
from insights.studies.customers.histories import histories
from insights.studies.customers.whole.customer import next_step, stage
from insights.studies.customers.whole.offers import fitting, withheld
from insights.ui.views.customers import customer as page
from insights.warehouse import open_current

WHO = "0003"


@pytest.fixture
def desk(small_directory: Path) -> Desk:
    return Desk(open_current(small_directory), Filters(), EVERYTHING)


def moments(tables: Tables, at: dt.datetime) -> list[tuple[str, dt.datetime]]:
    """Return what happened with a customer up to a moment, table by table."""
    found: list[tuple[str, Any]] = []
    for what, table, column in (
        ("ticket", "tickets", "created_at"),
        ("rating", "surveys", "answered_at"),
        ("order", "orders", "ordered_at"),
        ("contact", "interactions", "at"),
        ("campaign", "campaign_members", "sent_at"),
        ("opportunity", "opportunities", "created_at"),
    ):
        found += [(what, row[column]) for row in tables[table] if row["customer_id"] == WHO]
    return [(what, moment) for what, moment in found if moment and moment <= at]


@pytest.mark.parametrize("at", [AS_OF, dt.datetime(2025, 4, 1)])
def test_a_timeline_holds_everything_up_to_the_moment(desk: Desk, tables: Tables, at: dt.datetime) -> None:
    seen = desk.with_filters(Filters(as_of=at)).study("customer", customer=WHO).tables["timeline"]
    assert sorted((r["what"], r["at"]) for r in seen) == sorted(moments(tables, at))
    assert [r["at"] for r in seen] == sorted((r["at"] for r in seen), reverse=True)
    paid_in = {o["order_id"]: o["currency"] for o in tables["orders"]}
    assert all(
        r["currency"] == (paid_in[r["id"]] if r["what"] == "order" else None)
        for r in seen
        if r["what"] != "opportunity"
    )


def test_a_customer_is_found_by_number_name_or_part_of_it(desk: Desk) -> None:
    assert {r["customer_id"] for r in desk.study("customer", search="customer 3").tables["found"]} >= {WHO, "0030"}
    one = desk.study("customer", search="Customer 41")
    assert one.rows[0]["name"] == "Customer 41"
    assert desk.study("customer", search="nobody at all").sentence == "nobody"
    assert desk.study("customer", customer="no such number").rows == ()


def test_a_customer_is_found_by_what_any_of_its_numbers_is_known_by(tables: Tables) -> None:
    other = {
        **tables["customers"][0],
        "source": "old",
        "customer_id": "old 7",
        "name": "Selin Eski",
        "email": "se@x.com",
    }
    alias = {"source": "old", "customer_id": "old 7", "merged_into": WHO, "evidence": "email"}
    joined = {**tables, "customers": [*tables["customers"], other], "customer_aliases": [alias]}
    desk = Desk(open_tables(joined), Filters(), EVERYTHING)
    for text in ("old 7", "Selin Eski", "se@x"):
        assert desk.study("customer", search=text).rows[0]["customer_id"] == WHO
    assert desk.study("customer", customer=WHO).rows[0]["name"] != "Selin Eski"


def test_a_reader_finds_nobody_outside_the_scope(desk: Desk) -> None:
    nobody = dataclasses.replace(desk, scope=Scope((("team", ("no such team",)),)))
    found = nobody.study("customer", customer=WHO)
    assert not found.rows
    assert not found.tables["timeline"]
    assert not nobody.study("customer", search="Customer").tables["found"]


CALM = {
    "open_complaints": 0,
    "contact_allowed": True,
    "rating": 5.0,
    "recency_days": 10,
    "purchase_days": 3,
    "contact_days": 20,
    "revenue": 100.0,
}


@pytest.mark.parametrize(
    ("changed", "action"),
    [
        ({}, "keep"),
        ({"contact_days": 400}, "greet"),
        ({"contact_days": None}, "greet"),
        ({"recency_days": 200, "contact_days": 400}, "win_back"),
        ({"rating": 2.0, "recency_days": 200}, "call_back"),
        ({"contact_allowed": False, "rating": 1.0}, "leave"),
        ({"open_complaints": 1, "contact_allowed": False}, "solve"),
    ],
)
def test_the_first_rule_that_holds_names_the_next_step(changed: dict[str, Any], action: str) -> None:
    assert next_step(CALM | changed) == action


@pytest.mark.parametrize("key", ["speed_to_kept", "neglected"])
def test_a_difference_chance_may_explain_is_no_evidence_for_a_step(desk: Desk, key: str) -> None:
    found = desk.any_time().study(key)
    said = texts.t("pages.customer.no_evidence", desk.language)
    assert (page._evidence(desk, key, {}) == said) == (found.sentence not in ("together", "less"))
    assert found.sentence not in ("together", "less")


def test_a_relationship_comes_as_far_as_purchases_and_contacts_say() -> None:
    told = [
        stage(CALM | {"purchase_days": n, "contact_days": c}) for n, c in ((None, 1), (1, 1), (4, 1), (5, 1), (9, 400))
    ]
    assert told == ["discovery", "basic", "collaborative", "interconnected", "collaborative"]


def test_the_command_prints_the_page_as_json(small_directory: Path) -> None:
    cli.gather()
    words = ["--warehouse", str(small_directory), "customer"]
    done = CliRunner().invoke(cli.app, [*words, WHO])
    assert json.loads(done.stdout)["customer"][0]["customer_id"] == WHO
    assert CliRunner().invoke(cli.app, [*words, "nobody"]).exit_code == 1


def test_what_may_still_come_is_told_by_the_model_of_all_customers(desk: Desk) -> None:
    model = (0.8, 10.0, 1.2, 6.0, 6.0, 4.0, 15.0)
    (row,) = desk.study("worth", customer=WHO, model=model).rows
    mine = histories(desk, dt.date(2025, 6, 18), who=WHO)
    everybody = histories(desk, dt.date(2025, 6, 18))
    place = everybody.customer_id.index(WHO)
    assert (mine.x[0], mine.recency[0], mine.age[0]) == (
        everybody.x[place],
        everybody.recency[place],
        everybody.age[place],
    )
    x, recency, age = float(mine.x[0]), float(mine.recency[0]), float(mine.age[0])
    r, alpha, a, b = model[:4]
    dropped = (a / (b + x - 1)) * ((alpha + age) / (alpha + recency)) ** (r + x) if x else 0.0
    assert row["gone"] == pytest.approx(1 - 1 / (1 + dropped))
    assert row["expected_low"] <= row["expected"] <= row["expected_high"]
    assert row["value_low"] <= row["value_high"]
    with pytest.raises(BadFilter):
        desk.study("worth", customer=WHO, model=(1.0, 2.0))


def test_what_is_bought_next_is_counted_customer_by_customer(tables: Tables) -> None:
    within, today, draw = 60, dt.date(2025, 6, 18), random.Random(3)
    lines = [
        {"source": o["source"], "order_id": o["order_id"], "line": n, "product": draw.choice("abcd")}
        for o in tables["orders"]
        for n in range(draw.randrange(3))
    ]
    desk = Desk(open_tables({**tables, "order_lines": lines}), Filters(), EVERYTHING)
    first: dict[str, dict[str, dt.date]] = {}
    for o in tables["orders"]:
        if o["customer_id"] and o["status"] in ("paid", None) and o["ordered_day"] <= today:
            mine = first.setdefault(o["customer_id"], {})
            for line in lines:
                if (line["source"], line["order_id"]) == (o["source"], o["order_id"]):
                    product = str(line["product"])
                    mine[product] = min(o["ordered_day"], mine.get(product, o["ordered_day"]))
    sizes: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for mine in first.values():
        for one, day in mine.items():
            if day <= today - dt.timedelta(days=within):
                sizes[one] += 1
                later = [p for p, d in mine.items() if p != one and day < d <= day + dt.timedelta(days=within)]
                pairs.update((one, p) for p in later)
    found = desk.study("affinities", within_days=within, least=1).rows
    assert {(r["product"], r["next_product"]): (r["n"], r["n_both"]) for r in found} == {
        pair: (sizes[pair[0]], n) for pair, n in pairs.items()
    }
    for r in found:
        others = sum(n for pair, n in pairs.items() if pair[1] == r["next_product"]) - r["n_both"]
        rest = sum(sizes.values()) - r["n"] - sizes[r["next_product"]]
        assert r["next_lift"] == pytest.approx((r["n_both"] / r["n"]) / (others / rest))
        assert r["low"] < r["next_lift"] < r["high"]


@pytest.mark.parametrize(
    ("open_complaints", "allowed", "why"),
    [(1, True, "open_complaint"), (0, False, "no_consent"), (0, None, "no_consent"), (0, True, None)],
)
def test_nothing_is_offered_against_a_complaint_or_without_consent(
    open_complaints: int, allowed: bool | None, why: str | None
) -> None:
    assert withheld({"open_complaints": open_complaints, "contact_allowed": allowed}) == why


def test_an_offer_is_new_to_the_customer_and_beyond_chance() -> None:
    def pair(one: str, other: str, low: float, real: bool = True) -> dict[str, Any]:
        rest = dict.fromkeys(("n", "n_both", "share", "usual", "next_lift", "high"), 1)
        return {"product": one, "next_product": other, "low": low, "real": real, **rest}

    pairs = [pair("a", "b", 2.0), pair("a", "c", 1.5), pair("d", "c", 3.0), pair("a", "e", 4.0, real=False)]
    offered = list(fitting([{"product": "a"}, {"product": "b"}], pairs))
    assert [(o["product"], o["after_product"]) for o in offered] == [("c", "a")]
