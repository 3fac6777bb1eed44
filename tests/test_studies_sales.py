"""Studies of sales against counts member by member and offer by offer in plain Python."""

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from small_company import AS_OF, Tables, local_day
from test_studies_customers import scores, segment
from test_studies_service import complaints_of

from insights.asking import Desk
from insights.filters import EVERYTHING, Filters
from insights.settings import Settings
from insights.stats.intervals import difference, wilson
from insights.warehouse import load, open_current


@pytest.fixture
def desk(small_directory: Path) -> Desk:
    return Desk(open_current(small_directory), Filters(), EVERYTHING)


def standing(tables: Tables, who: str, at: dt.datetime) -> bool:
    """Tell whether a complaint of a customer was unsolved at a moment, opened again included."""
    mine = {(t["source"], t["ticket_id"]) for t in complaints_of(tables).get(who, [])}
    return any(
        s["started_at"] <= at and (s["ended_at"] is None or s["ended_at"] > at)
        for s in tables["status_spans"]
        if (s["source"], s["ticket_id"]) in mine and s["status"] in ("new", "open", "pending", "hold")
    )


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
    spans = [
        ((local_day(o["closed_at"] or AS_OF) - local_day(o["created_at"])).days, o["outcome"] != "open")
        for o in tables["opportunities"]
    ]
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


EXPERIMENT = {"Mens E-Mail": (21307, 3894, 267), "Womens E-Mail": (21387, 3238, 189), "No E-Mail": (21306, 2262, 122)}
"""Members, visits and conversions by arm, as published of Hillstrom's experiment."""


def test_each_treatment_of_an_experiment_is_held_against_the_one_control_arm(tmp_path: Path) -> None:
    heads = "recency,history_segment,history,mens,womens,zip_code,newbie,channel,segment,visit,conversion,spend"
    own = '10,"2) $100 - $200",142.44,1,0,Rural,0,Web'
    lines = [
        f"{own},{arm},{int(i < visits)},{int(i < bought)},{49.5 * (i < bought)}"
        for arm, (n, visits, bought) in EXPERIMENT.items()
        for i in range(n)
    ]
    path = tmp_path / "experiment.csv"
    path.write_text("\n".join([heads, *lines]), "utf-8")
    load([path], held := Settings(warehouse=tmp_path / "held"))
    asked = Desk(open_current(held.warehouse), Filters(), EVERYTHING)
    shares = {arm: (visits / n, bought / n) for arm, (n, visits, bought) in EXPERIMENT.items()}
    for place, outcome in enumerate(("responded", "converted")):
        rows = {r["variant"]: r for r in asked.study("campaigns", outcome=outcome).rows}
        assert rows.keys() == {"Mens E-Mail", "Womens E-Mail"}
        for arm, row in rows.items():
            assert (row["share"], row["share_control"]) == (shares[arm][place], shares["No E-Mail"][place])
            assert row["lift"] == pytest.approx(shares[arm][place] - shares["No E-Mail"][place])
            assert row["n_treated"] == EXPERIMENT[arm][0]
            assert (row["opened"], row["complaints_added"], row["cost"]) == (None, None, None)
        assert asked.study("campaigns", outcome=outcome).tables["kept_and_won"] == []
    visits = {r["variant"]: round(100 * r["share"], 2) for r in asked.study("campaigns", outcome="responded").rows}
    assert visits == {"Mens E-Mail": 18.28, "Womens E-Mail": 15.14}


def members(tmp_path: Path, **files: str) -> Desk:
    """Return a desk of a company whose files are these."""
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    load([tmp_path / f"{name}.csv" for name in files], held := Settings(warehouse=tmp_path / "held"))
    return Desk(open_current(held.warehouse), Filters(), EVERYTHING)


def test_what_a_source_never_tells_of_members_is_unknown_and_not_zero(tmp_path: Path) -> None:
    sent = "".join(f"00v{i},7011,,003{i},Sent,{'true' if i % 4 == 0 else 'false'}\n" for i in range(40))
    desk = members(tmp_path, members=f"Id,CampaignId,LeadId,ContactId,Status,HasResponded\n{sent}")
    (row,) = desk.study("campaigns").rows
    assert (row["n_treated"], row["share"], row["opened"]) == (40, None, None)
    (row,) = desk.study("campaigns", outcome="responded").rows
    assert row["share"] == 0.25


def test_costs_of_another_currency_are_never_added(tmp_path: Path) -> None:
    campaigns = "campaign_id,name,started_at,cost,currency\nk1,A,2026-01-01,100,TRY\nk2,B,2026-01-01,70,EUR\n"
    lines = "".join(f"k{1 + i % 2},c{i},treated,2026-01-01,2026-01-03\n" for i in range(20))
    orders = "".join(f"o{i},c{i},2025-05-05,10,TRY\n" for i in range(20))
    desk = members(
        tmp_path,
        campaigns=campaigns,
        orders=f"order_id,customer_id,ordered_at,amount,currency\n{orders}",
        members=f"campaign_id,customer_id,arm,sent_at,converted_at\n{lines}",
    )
    found = desk.study("campaigns")
    assert {r["campaign_id"]: r["cost"] for r in found.rows} == {"k1": 100.0, "k2": None}
    assert [r["cost"] for r in found.tables["kept_and_won"]] == [100.0]


def test_a_decision_later_than_all_else_an_export_says_counts_today(tmp_path: Path) -> None:
    won, lost = "p1,c1,Won,2026-01-05,2026-03-01,won", "p2,c2,Lost,2026-01-09,2026-01-10,lost"
    deals = f"{won}\n{lost}\np3,c3,Offer,2026-01-09,2026-04-01,open\n"
    desk = members(tmp_path, deals=f"opportunity_id,customer_id,stage,created_at,closed_at,outcome\n{deals}")
    found = desk.study("pipeline").facts
    assert (found["won"], found["lost"], found["open"]) == (1, 1, 1)
    then = desk.with_filters(Filters(as_of=dt.datetime(2026, 1, 7))).study("pipeline").facts
    assert (then["won"], then["lost"], then["open"]) == (0, 0, 1)
