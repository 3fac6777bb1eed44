"""One customer: found, told whole, and never more than the reader may see."""

import dataclasses
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from small_company import AS_OF, Tables
from typer.testing import CliRunner

from insights import cli
from insights.asking import Desk
from insights.filters import EVERYTHING, Filters, Scope
from insights.studies.customers.whole.customer import next_step, stage
from insights.warehouse import open_current

WHO = "0003"


@pytest.fixture
def desk(small_directory: Path) -> Desk:
    return Desk(open_current(small_directory), Filters(), EVERYTHING)


def moments(tables: Tables, at: dt.datetime) -> list[tuple[str, dt.datetime]]:
    """Return what happened with a customer up to a moment, table by table."""
    found: list[tuple[str, Any]] = []
    for what, table, column in (
        ("ticket", "tickets", "created_at"), ("rating", "surveys", "answered_at"), ("order", "orders", "ordered_at"),
        ("contact", "interactions", "at"), ("campaign", "campaign_members", "sent_at"),
        ("opportunity", "opportunities", "created_at"),
    ):  # fmt: skip
        found += [(what, row[column]) for row in tables[table] if row["customer_id"] == WHO]
    return [(what, moment) for what, moment in found if moment and moment <= at]


@pytest.mark.parametrize("at", [AS_OF, dt.datetime(2025, 4, 1)])
def test_a_timeline_holds_everything_up_to_the_moment(desk: Desk, tables: Tables, at: dt.datetime) -> None:
    seen = desk.with_filters(Filters(as_of=at)).study("customer", customer=WHO).tables["timeline"]
    assert sorted((r["what"], r["at"]) for r in seen) == sorted(moments(tables, at))
    assert [r["at"] for r in seen] == sorted((r["at"] for r in seen), reverse=True)


def test_a_customer_is_found_by_number_name_or_part_of_it(desk: Desk) -> None:
    assert {r["customer_id"] for r in desk.study("customer", search="customer 3").tables["found"]} >= {WHO, "0030"}
    one = desk.study("customer", search="Customer 41")
    assert one.rows[0]["name"] == "Customer 41"
    assert desk.study("customer", search="nobody at all").sentence == "nobody"
    assert desk.study("customer", customer="no such number").rows == ()


def test_a_reader_finds_nobody_outside_the_scope(desk: Desk) -> None:
    nobody = dataclasses.replace(desk, scope=Scope((("team", ("no such team",)),)))
    found = nobody.study("customer", customer=WHO)
    assert not found.rows
    assert not found.tables["timeline"]
    assert not nobody.study("customer", search="Customer").tables["found"]


CALM = {
    "open_complaints": 0, "contact_allowed": True, "rating": 5.0, "recency_days": 10, "purchase_days": 3,
    "contact_days": 20, "revenue": 100.0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "action"),
    [
        ({}, "keep"), ({"contact_days": 400}, "greet"), ({"contact_days": None}, "greet"),
        ({"recency_days": 200, "contact_days": 400}, "win_back"), ({"rating": 2.0, "recency_days": 200}, "call_back"),
        ({"contact_allowed": False, "rating": 1.0}, "leave"),
        ({"open_complaints": 1, "contact_allowed": False}, "solve"),
    ],
)  # fmt: skip
def test_the_first_rule_that_holds_names_the_next_step(changed: dict[str, Any], action: str) -> None:
    assert next_step(CALM | changed) == action


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
