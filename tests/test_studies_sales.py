"""Studies of sales against counts member by member and offer by offer in plain Python."""

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from small_company import AS_OF, Tables
from test_studies_customers import scores, segment
from test_studies_service import complaints_of

from insights.asking import Desk
from insights.filters import EVERYTHING, Filters
from insights.stats.intervals import difference, wilson
from insights.warehouse import open_current


@pytest.fixture
def desk(small_directory: Path) -> Desk:
    return Desk(open_current(small_directory), Filters(), EVERYTHING)


def standing(tables: Tables, who: str, at: dt.datetime) -> bool:
    """Tell whether a complaint of a customer was unsolved at a moment."""
    for t in complaints_of(tables).get(who, []):
        solved = t["first_solved_at"]
        open_ = solved > at if solved else t["status"] in ("new", "open", "pending", "hold")
        if t["created_at"] < at and open_:
            return True
    return False


def arms(tables: Tables, campaign: str, within_days: int = 14) -> dict[str, list[bool]]:
    (start,) = (c["started_at"] for c in tables["campaigns"] if c["campaign_id"] == campaign)
    found: dict[str, list[bool]] = {"treated": [], "control": []}
    for m in tables["campaign_members"]:
        if m["campaign_id"] == campaign and not standing(tables, m["customer_id"], start):
            soon = m["converted_at"] and m["converted_at"] <= start + dt.timedelta(days=within_days)
            found[m["arm"]].append(bool(soon))
    return found


def test_a_campaign_is_held_against_those_held_out_and_only_against_them(desk: Desk, tables: Tables) -> None:
    rows = {r["campaign_id"]: r for r in desk.study("campaigns").rows}
    one, other = (arms(tables, "c1")[arm] for arm in ("treated", "control"))
    p, q = sum(one) / len(one), sum(other) / len(other)
    assert (rows["c1"]["n_treated"], rows["c1"]["n_control"]) == (len(one), len(other))
    assert rows["c1"]["lift"] == pytest.approx(p - q)
    a, b = wilson(sum(one), len(one)), wilson(sum(other), len(other))
    assert a
    assert b
    assert (rows["c1"]["lift_low"], rows["c1"]["lift_high"]) == pytest.approx(difference(p, a, q, b))
    assert rows["c2"]["lift"] is None
    assert rows["c2"]["share"] == pytest.approx(sum(arms(tables, "c2")["treated"]) / len(arms(tables, "c2")["treated"]))


def test_members_with_an_open_complaint_are_in_no_arm_and_are_listed(desk: Desk, tables: Tables) -> None:
    aside = desk.study_left_out("campaigns")
    counted = desk.study_rows("campaigns")
    assert len(aside) + len(counted) == len(tables["campaign_members"])
    assert {r["reason"] for r in aside} == {"open_complaint"}
    (start,) = {c["started_at"] for c in tables["campaigns"] if c["campaign_id"] == "c1"}
    expected = {c["customer_id"] for c in tables["customers"] if standing(tables, c["customer_id"], start)}
    assert {r["customer_id"] for r in aside if r["campaign_id"] == "c1"} == expected


def test_a_split_that_is_not_the_planned_one_compares_nothing(desk: Desk) -> None:
    broken = {r["campaign_id"]: r for r in desk.study("campaigns", split=0.95).rows}["c1"]
    assert broken["broken_split"]
    assert broken["lift"] is None
    assert not {r["campaign_id"]: r for r in desk.study("campaigns", split=0.5).rows}["c1"]["broken_split"]


def test_a_cost_is_shared_among_the_treated_alike(desk: Desk) -> None:
    paid = desk.study("campaigns").tables["kept_and_won"]
    assert sum(r["cost"] for r in paid) == pytest.approx(1000)


def test_opportunities_are_counted_by_stage_and_outcome(desk: Desk, tables: Tables) -> None:
    found = desk.study("pipeline")
    open_ = Counter(o["stage"] for o in tables["opportunities"] if o["outcome"] == "open")
    assert {r["stage"]: r["n"] for r in found.rows} == open_
    outcomes = Counter(o["outcome"] for o in tables["opportunities"])
    assert found.facts["win_rate"] == pytest.approx(outcomes["won"] / (outcomes["won"] + outcomes["lost"]))
    assert sum(r["decided"] for r in found.tables["owners"]) == outcomes["won"] + outcomes["lost"]


def test_half_are_decided_when_the_share_left_has_halved_open_ones_kept_in(desk: Desk, tables: Tables) -> None:
    spans = [(((o["closed_at"] or AS_OF).date() - o["created_at"].date()).days, o["outcome"] != "open")
             for o in tables["opportunities"]]  # fmt: skip
    share, day = 1.0, 0
    while share > 0.5:
        day += 1
        share *= 1 - sum(d == day and e for d, e in spans) / sum(d >= day for d, _ in spans)
    assert desk.study("pipeline").facts["cycle_days"] == day


def test_a_later_decision_was_not_known_before(desk: Desk, tables: Tables) -> None:
    moment = dt.datetime(2025, 4, 1)
    then = desk.with_filters(Filters(as_of=moment)).study("pipeline").facts
    seen = [o for o in tables["opportunities"] if o["created_at"] <= moment]
    decided = [o for o in seen if o["closed_at"] and o["closed_at"] <= moment]
    assert (then["n"], then["open"]) == (len(seen), len(seen) - len(decided))


def test_reasons_and_competitors_are_shares_of_what_they_are_of(desk: Desk, tables: Tables) -> None:
    found = desk.study("lost")
    gone = [o for o in tables["opportunities"] if o["outcome"] == "lost"]
    assert {r["lost_reason"]: r["n"] for r in found.rows} == Counter(o["lost_reason"] for o in gone)
    decided = sum(o["outcome"] != "open" for o in tables["opportunities"])
    rivals: Any = Counter(o["competitor"] for o in gone if o["competitor"])
    assert {r["competitor"]: r["share"] for r in found.tables["competitors"]} == {
        name: pytest.approx(n / decided) for name, n in rivals.items()
    }


def test_channels_of_acquisition_are_held_against_all_others(desk: Desk, tables: Tables) -> None:
    came = {c["customer_id"]: c["acquisition_channel"] for c in tables["customers"]}
    best = {who: segment(*s) in ("champions", "loyal", "cant_lose") for who, s in scores(tables).items()}
    rows = {r["acquisition_channel"]: r for r in desk.study("acquisition").rows}
    mine = [b for who, b in best.items() if came[who] == "web"]
    others = [b for who, b in best.items() if came[who] != "web"]
    assert (rows["web"]["n"], rows["web"]["share"]) == (len(mine), pytest.approx(sum(mine) / len(mine)))
    assert rows["web"]["gap"] == pytest.approx(sum(mine) / len(mine) - sum(others) / len(others))
