"""Every rule of counting is a setting that can be seen, changed in the file alone, and counted by what it did."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from staged_rows import small_settings, staged

from insights import texts
from insights.asking import Desk
from insights.errors import SettingsWrong
from insights.filters import EVERYTHING, Filters
from insights.settings import Settings, load_settings
from insights.settings.options import option, put_option, said
from insights.settings.written import fingerprint
from insights.ui.views.data.counting.rules import SECTIONS, changeable
from insights.warehouse.build import load_staged
from insights.warehouse.reader import close, open_current

FILE = """# our own
[company]
name = "Acme"  # shown

[[sla]]
name = "a"
metric = "resolution"
target_s = 3600

[targets]
csat = 0.9
"""
CHANGED = {
    "robots.names": ["bot@acme.example", "Echo*"],
    "robots.by_source": {"zendesk": ["77"]},
    "robots.count_from": "creation",
    "answers.staff_by_deeds": False,
    "answers.agent_opened": "creation",
    "answers.opening_within_s": 60,
    "answers.credit": "assigned",
    "answers.owners": "now",
    "exclude": [{"tags": ["test"], "reason": "test"}],
    "customers.merged": "merged.csv",
    "customers.same": ["email"],
    "customers.unknown": ["Nobody"],
    "csat.top_boxes": {"5": 1},
    "csat.sources": {"zendesk": {"5": 1}},
    "company.currency": "EUR",
    "rates": {"EUR": 45.5, "USD": {"2026-01-01": 40.0}},
    "company.week_starts": "sunday",
    "company.fiscal_year_starts": 7,
    "calendar": "24x7",
    "calendar_for": [{"calendar": "24x7", "team": ["Night"]}],
    "resolutions.closed_is_solved": False,
    "resolutions.first_needs_reopens": False,
    "rules": "zendesk",
}


@pytest.mark.parametrize("rule", changeable())
def test_a_rule_is_written_into_the_file_and_nothing_else_changes(rule: str, tmp_path: Path) -> None:
    file = tmp_path / "insights.toml"
    file.write_text(FILE, "utf-8")
    put_option(file, rule, CHANGED[rule], fingerprint(file))
    kept = [line for line in FILE.splitlines() if line.strip()]
    assert [line for line in file.read_text("utf-8").splitlines() if line in kept] == kept
    settings = load_settings(file)
    if rule != "rates":  # dates of rates are read as dates
        assert said(settings, rule) == CHANGED[rule]
    assert said(settings, rule) != option(rule).default
    put_option(file, rule, None, fingerprint(file))
    assert said(load_settings(file), rule) == option(rule).default
    left = {name: held for name, held in tomllib.loads(file.read_text("utf-8")).items() if held != {}}
    assert left == tomllib.loads(FILE)


def test_a_rule_that_is_no_valid_setting_leaves_the_file_alone(tmp_path: Path) -> None:
    file = tmp_path / "insights.toml"
    file.write_text(FILE, "utf-8")
    for rule, wrong in {
        "robots.count_from": "sometimes",
        "company.fiscal_year_starts": 13,
        "calendar": "nights",
    }.items():
        with pytest.raises(SettingsWrong):
            put_option(file, rule, wrong, fingerprint(file))
    with pytest.raises(SettingsWrong):
        put_option(file, "rules", "jira", "seen before somebody changed it")
    assert file.read_text("utf-8") == FILE


def test_every_rule_has_its_words_in_every_language() -> None:
    for rule in (rule for rules in SECTIONS.values() for rule in rules):
        for language in texts.languages():
            assert texts.has(f"rule.{rule}.name", language)
            assert texts.has(f"rule.{rule}.what", language)


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    yield small_settings(tmp_path)
    close(tmp_path / "warehouse")


TICKETS = """
    ticket_id customer_id agent_id status created_at          closed_at           tags
    t1        c1          a1       open   2026-03-01T09:00:00 -                   -
    t2        c2          a1       open   2026-03-01T09:00:00 -                   junk
    t3        0           a2       open   2026-03-01T09:00:00 -                   -"""
EVENTS = """
    ticket_id seq at                  field   public actor    actor_id
    t1        1   2026-03-01T09:00:00 comment true   customer c1
    t1        2   2026-03-01T09:05:00 comment true   agent    robo
    t1        3   2026-03-01T09:10:00 comment true   customer a2"""
ORDERS = """
    order_id customer_id ordered_at          amount currency
    o1       c1          2026-03-01T10:00:00 10     EUR
    o2       c1          2026-03-01T10:00:00 20     USD
    o3       c1          2026-03-01T10:00:00 30     TRY"""


def test_each_rule_says_how_many_rows_it_touched(settings: Settings) -> None:
    chosen = Settings.model_validate(
        settings.model_dump()
        | {"robots": {"names": ["robo"]}, "rates": {"EUR": 50.0}, "customers": {"unknown": ["0"]}}
        | {"exclude": [{"tags": ["junk"], "reason": "internal"}]}
    )
    load_staged(
        [staged({"tickets": TICKETS, "ticket_events": EVENTS}), staged({"orders": ORDERS}, source="shop")], chosen
    )
    desk = Desk(open_current(chosen.warehouse, chosen.engine), Filters(), EVERYTHING, settings=chosen)
    touched = {row["rule"]: row["touched"] for row in desk.study("rules").rows}
    assert (
        touched
        | {
            "robots.names": 1,
            "answers.staff_by_deeds": 1,
            "exclude": 1,
            "customers.unknown": 1,
            "rates": 1,
            "company.currency": 1,
            "answers.credit": 1,
            "load_complete": 0,
            "calendar_for": 0,
        }
        == touched
    )
