"""Studies of customers against counts customer by customer in plain Python on the small warehouse."""

import datetime as dt
import statistics
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_company import AS_OF, Tables, bought, local_day, open_tables, random_tables, revenue

from insights.asking import Desk
from insights.filters import EVERYTHING, Filters
from insights.settings import Settings
from insights.settings.costs import Costs
from insights.stats.intervals import wilson
from insights.stats.survival import log_rank, log_rank_groups
from insights.studies.customers.segmenting.scores import segment_of
from insights.warehouse import open_current

TODAY = dt.date(2025, 6, 18)
SOLVED = ("solved", "closed")


@pytest.fixture
def desk(small_directory: Path) -> Desk:
    return Desk(open_current(small_directory), Filters(), EVERYTHING)


def orders_of(tables: Tables, until: dt.date = TODAY) -> dict[str, list[Any]]:
    """Return the orders up to a day of every customer who bought by then."""
    mine: dict[str, list[Any]] = defaultdict(list)
    for order in tables["orders"]:
        if order["customer_id"] and order["ordered_day"] <= until:
            mine[order["customer_id"]].append(order)
    return {customer: found for customer, found in mine.items() if any(bought(o) for o in found)}


def days_of(orders: list[Any]) -> list[dt.date]:
    return sorted({o["ordered_day"] for o in orders if bought(o)})


def fifths(values: dict[str, Any]) -> dict[str, int]:
    """Return each one's score: one more for every fifth of all that is surely below it."""
    n = len(values)
    return {who: 1 + 5 * sum(v < value for v in values.values()) // n for who, value in values.items()}


def scores(tables: Tables, until: dt.date = TODAY) -> dict[str, tuple[int, int, int]]:
    mine = orders_of(tables, until)
    r = fifths({who: days_of(o)[-1] for who, o in mine.items()})
    f = fifths({who: len(days_of(o)) for who, o in mine.items()})
    m = fifths({who: revenue(o) if revenue(o) is not None else -1e9 for who, o in mine.items()})
    return {who: (r[who], f[who], m[who]) for who in mine}


def segment(r: int, f: int, m: int) -> str:
    if r >= 4:
        return "champions" if f >= 4 and m >= 4 else "loyal" if f >= 4 else "potential" if f >= 2 else "new"
    if r == 3:
        return "loyal" if f >= 4 else "attention" if f >= 2 else "sleeping"
    return "cant_lose" if f >= 4 and m >= 4 else "at_risk" if f >= 3 else "hibernating"


def test_scores_and_segments_equal_a_count_of_who_is_below(desk: Desk, tables: Tables) -> None:
    expected = scores(tables)
    found = {row["customer_id"]: row for row in desk.study_rows("segments")}
    assert {who: (row["r"], row["f"], row["m"]) for who, row in found.items()} == expected
    assert {who: row["segment"] for who, row in found.items()} == {w: segment(*s) for w, s in expected.items()}
    counted = Counter(segment(*s) for s in expected.values())
    assert {row["segment"]: row["n"] for row in desk.study("segments").rows} == counted
    assert sum(row["share"] for row in desk.study("segments").rows) == pytest.approx(1)


def test_equal_customers_have_equal_scores(desk: Desk) -> None:
    for column, score in (("recency_days", "r"), ("purchase_days", "f"), ("revenue", "m")):
        given: dict[Any, set[int]] = defaultdict(set)
        for row in desk.study_rows("segments"):
            given[row[column]].add(row[score])
        assert {len(s) for s in given.values()} == {1}


def test_one_customer_alone_is_in_the_segment_it_has_among_all(desk: Desk) -> None:
    rows = desk.study_rows("segments")
    alone = {r["customer_id"]: segment_of(desk, desk.context().today, r) for r in rows}
    assert alone == {r["customer_id"]: r["segment"] for r in rows}
    assert len(set(alone.values())) > 3


def test_few_customers_have_no_fifths() -> None:
    few = random_tables(3, tickets=60)
    found = Desk(open_tables(few), Filters(), EVERYTHING).study("segments")
    assert found.sentence == "too_few"
    assert [row["segment"] for row in found.rows] == [None]


def test_a_past_moment_scores_what_had_been_bought_then(desk: Desk, tables: Tables) -> None:
    past = desk.with_filters(Filters(as_of=dt.datetime(2025, 4, 1, 12)))
    kept = dict(tables)
    kept["orders"] = [o for o in tables["orders"] if o["ordered_at"] <= dt.datetime(2025, 4, 1, 12)]
    expected = scores(kept, dt.date(2025, 4, 1))
    assert {r["customer_id"]: (r["r"], r["f"], r["m"]) for r in past.study_rows("segments")} == expected


def test_moves_go_from_the_segment_of_one_day_to_that_of_the_other(desk: Desk, tables: Tables) -> None:
    first = dt.date(2025, 4, 1)
    before, now = scores(tables, first), scores(tables)
    pairs = Counter(
        (segment(*before[who]) if who in before else "not_yet", segment(*score)) for who, score in now.items()
    )
    found = desk.study("segment_moves", earlier=first)
    assert {(r["segment_before"], r["segment_now"]): r["n"] for r in found.rows} == pairs
    assert found.facts["n"] == len(now)


def costly(desk: Desk) -> Desk:
    return replace(desk, settings=Settings(costs=Costs(hour=300, minutes_per_ticket=12)))


def test_value_is_revenue_less_tickets_and_what_was_made_good(desk: Desk, tables: Tables) -> None:
    period = Filters(since=dt.date(2025, 2, 1), until=dt.date(2025, 5, 31))
    found = costly(desk).with_filters(period).study("value", limit=1000)
    inside = [o for o in tables["orders"] if period.since <= o["ordered_day"] <= period.until and o["customer_id"]]  # type: ignore[operator]
    mine: dict[str, list[Any]] = defaultdict(list)
    for order in inside:
        mine[order["customer_id"]].append(order)
    assert {r["customer_id"]: r["revenue"] for r in found.rows} == {
        who: pytest.approx(revenue(o)) if revenue(o) is not None else None for who, o in mine.items()
    }
    served = Counter(
        t["customer_id"]
        for t in tables["tickets"]
        if t["excluded"] is None and t["status"] != "deleted" and period.since <= t["created_day"] <= period.until  # type: ignore[operator]
    )
    for row in found.rows:
        assert row["tickets"] == served[row["customer_id"]]
        assert row["cost"] == pytest.approx(60 * row["tickets"])
        assert row["left"] is None or row["left"] == pytest.approx(row["revenue"] - row["cost"])
    total = sum(r["revenue"] or 0 for r in found.rows)
    assert found.facts["revenue"] == pytest.approx(total)
    amounts = sorted((max(r["revenue"], 0) for r in found.rows if r["revenue"] is not None), reverse=True)
    best = {row["top"]: row["value"] for row in found.tables["concentration"]}
    assert best[0.2] == pytest.approx(sum(amounts[: round(0.2 * len(amounts))]) / sum(amounts))
    apart = sum(abs(a - b) for a in amounts for b in amounts) / (2 * len(amounts) * sum(amounts))
    assert found.facts["gini"] == pytest.approx(apart)


def test_the_most_valuable_are_followed_through_the_quarters(desk: Desk, tables: Tables) -> None:
    found = desk.with_filters(Filters(since=dt.date(2025, 5, 1), until=dt.date(2025, 6, 1))).study("value", limit=20)
    months = {1: 1, 2: 1, 3: 1, 4: 4, 5: 4, 6: 4}
    mine: dict[tuple[str, dt.date], list[Any]] = defaultdict(list)
    for order in tables["orders"]:
        if order["customer_id"] and order["ordered_day"] <= dt.date(2025, 6, 1):
            mine[order["customer_id"], dt.date(2025, months[order["ordered_day"].month], 1)].append(order)
    told = {(r["customer_id"], r["quarter"]): r["revenue"] for r in found.tables["quarters"]}
    assert [r["customer_id"] for r in found.rows] == list(dict.fromkeys(who for who, _ in told))
    assert len(told) == 8 * len(found.rows)
    for cell, brought in told.items():
        expected = revenue(mine[cell]) if mine[cell] else 0
        assert brought == (pytest.approx(expected) if expected is not None else None)


def test_an_unknown_cost_is_no_cost_of_nothing(desk: Desk) -> None:
    found = desk.study("value")
    assert found.sentence == "no_cost"
    assert {row["cost"] for row in found.rows} == {None} == {found.facts["cost"]}


def test_the_value_model_says_which_assumption_fails(desk: Desk) -> None:
    found = desk.study("value_model")
    assert (found.sentence, found.facts["refused"]) == ("few_repeaters", "few_repeaters")
    assert found.rows == []


def by_hand(contact: Any) -> bool:
    return contact["by_human"] if contact["by_human"] is not None else contact["campaign_id"] is None


def turned_to(tables: Tables) -> dict[str, list[dt.datetime]]:
    """Return when a person of the company turned to each customer."""
    moments: dict[str, list[dt.datetime]] = defaultdict(list)
    for contact in tables["interactions"]:
        if contact["direction"] == "outbound" and by_hand(contact):
            moments[contact["customer_id"]].append(contact["at"])
    whose = {(t["source"], t["ticket_id"]): t["customer_id"] for t in tables["tickets"]}
    for event in tables["ticket_events"]:
        said = event["field"] == "comment" and event["actor"] == "agent" and event["public"] is not False
        if said and whose[event["source"], event["ticket_id"]]:
            moments[whose[event["source"], event["ticket_id"]]].append(event["at"])
    return moments


def test_forgotten_are_those_no_person_turned_to(desk: Desk, tables: Tables) -> None:
    moments, mine = turned_to(tables), orders_of(tables)
    found = desk.study("forgotten", months=3)
    forgotten, new = set(), set()
    for customer in tables["customers"]:
        who = customer["customer_id"]
        came = local_day(customer["acquired_at"]) if customer["acquired_at"] else None
        if (came and came > TODAY) or (customer["ended_at"] and local_day(customer["ended_at"]) <= TODAY):
            continue
        came = came or (days_of(mine[who])[0] if who in mine else None)
        last = local_day(max(moments[who])) if moments[who] else None
        if last is None and came and (TODAY - came).days < 365:
            new.add(who)
        elif last is None or (TODAY - last).days > 91:
            forgotten.add(who)
    assert {row["customer_id"] for row in found.rows} == forgotten
    assert forgotten
    assert {row["customer_id"] for row in found.tables["new"]} == new
    (three,) = (row for row in found.tables["by_months"] if row["months"] == 3)
    assert (three["n"], three["low"]) == (len(forgotten), wilson(len(forgotten), found.facts["n"])[0])  # type: ignore[index]
    complaints = Counter(
        t["customer_id"]
        for t in tables["tickets"]
        if t["kind"] == "complaint" and t["status"] not in (*SOLVED, "deleted") and t["excluded"] is None
    )
    assert all(row["open_complaints"] == complaints[row["customer_id"]] for row in found.rows)


def test_who_was_turned_to_too_often_is_counted_with_campaigns(desk: Desk, tables: Tables) -> None:
    since = AS_OF - dt.timedelta(days=200)
    counts = Counter(
        i["customer_id"] for i in tables["interactions"] if i["direction"] == "outbound" and i["at"] > since
    )
    listed = {(i["campaign_id"], i["customer_id"]) for i in tables["interactions"] if i["direction"] == "outbound"}
    mailed = [m for m in tables["campaign_members"] if m["arm"] == "treated" and since < m["sent_at"] <= AS_OF]
    counts.update(m["customer_id"] for m in mailed if (m["campaign_id"], m["customer_id"]) not in listed)
    assert mailed
    found = desk.study("overcontacted", within_days=200, contacts=2)
    assert {r["customer_id"]: r["contacts"] for r in found.rows} == {w: n for w, n in counts.items() if n > 2}
    refused = {c["customer_id"] for c in tables["customers"] if c["contact_allowed"] is False}
    assert found.facts["refused_contacts"] == sum(n for who, n in counts.items() if who in refused)
    segments = {c["customer_id"]: c["segment"] for c in tables["customers"]}
    gaps: dict[Any, list[float]] = defaultdict(list)
    for who, moments in turned_to(tables).items():
        ordered = sorted(moments)
        for a, b in pairwise(ordered):
            gaps[segments[who]].append((b - a).total_seconds() / 86_400)
    cadence = {row["segment"]: row["gap_days"] for row in found.tables["cadence"]}
    assert cadence == {s: pytest.approx(statistics.median(g), abs=1e-4) for s, g in gaps.items()}


def test_a_first_reply_is_a_contact_where_no_log_tells_of_replies(tables: Tables) -> None:
    hour = dt.timedelta(hours=1)
    answered = [
        t | {"first_response_at": min(t["created_at"] + hour, AS_OF)} if t["source"] == "mute" else t
        for t in tables["tickets"]
    ]
    moments = turned_to(tables)
    for t in answered:
        if t["source"] == "mute" and t["customer_id"]:
            moments[t["customer_id"]].append(t["first_response_at"])
    desk = Desk(open_tables({**tables, "tickets": answered}), Filters(), EVERYTHING)
    rows = desk.study_rows("forgotten", months=0)
    assert rows
    assert {r["customer_id"]: r["last_contact_day"] for r in rows} == {
        r["customer_id"]: local_day(max(moments[r["customer_id"]], default=None)) for r in rows
    }
    told = {r["survey_id"] for r in desk.study_rows("unanswered_bad")}
    before = Desk(open_tables(tables), Filters(), EVERYTHING)
    assert told == {r["survey_id"] for r in before.study_rows("unanswered_bad")}


def test_detractors_are_followed_up_when_a_person_turned_to_them_in_time(desk: Desk, tables: Tables) -> None:
    moments, last = turned_to(tables), {}
    told = [s for s in tables["surveys"] if s["nps_group"] and s["customer_id"] and s["ticket_excluded"] is None]
    for survey in sorted(told, key=lambda s: (s["answered_at"], s["survey_id"])):
        last[survey["customer_id"]] = survey
    found = desk.study("advocates")
    assert {r["nps_group"]: r["n"] for r in found.rows} == Counter(s["nps_group"] for s in last.values())
    week, due, followed = dt.timedelta(days=7), 0, 0
    for who, survey in last.items():
        at = survey["answered_at"]
        heard = any(at < moment <= at + week for moment in moments[who])
        if survey["nps_group"] == "detractor" and (heard or at + week <= AS_OF):
            due += 1
            followed += heard
    assert (found.facts["due"], found.facts["followed"]) == (due, followed)
    assert due
    mine = orders_of(tables)
    brought = [revenue(mine[w]) for w, s in last.items() if s["nps_group"] == "promoter" and w in mine]
    (promoters,) = (r for r in found.rows if r["nps_group"] == "promoter")
    assert promoters["revenue"] == pytest.approx(sum(amount or 0 for amount in brought))


def test_who_recommended_others_is_counted_once_for_each_person_who_came_by_them(tables: Tables) -> None:
    someone, other, *_ = (c["customer_id"] for c in tables["customers"] if c["referred_by"])
    nobody = tables["customers"][5]["customer_id"]
    placeholder = {"source": "desk", "customer_id": nobody, "merged_into": None, "evidence": "placeholder"}
    same = {"source": "desk", "customer_id": someone, "merged_into": other, "evidence": "email"}
    mute = {"source": "mute", "referred_by": None}
    changed = tables | {"customer_aliases": [placeholder, same]}
    for name in ("customers", "surveys"):
        silent = [row | {"source": "mute", "customer_id": f"m{row['customer_id']}"} for row in tables[name]]
        changed[name] = tables[name] + [row | mute if name == "customers" else row for row in silent]
    rows = Desk(open_tables(changed), Filters(), EVERYTHING).study_rows("advocates")
    came: dict[str, set[str]] = defaultdict(set)
    for customer in tables["customers"]:
        by, who = (other if one == someone else one for one in (customer["referred_by"], customer["customer_id"]))
        if by and by != who and nobody not in (by, who) and (customer["acquired_at"] or AS_OF) <= AS_OF:
            came[by].add(who)
    told = {r["customer_id"]: r["referred"] for r in rows}
    known = [w for w in told if not w.startswith("m")]
    assert {w: told[w] for w in known} == {w: None if w == someone else len(came[w]) for w in known}
    assert {n for w, n in told.items() if w.startswith("m")} == {None}
    assert {0, len(came[other]), None} <= {*told.values()}
    assert came[other]


def test_ambassadors_are_promoters_who_brought_others_the_most_first(desk: Desk, tables: Tables) -> None:
    found = desk.study("advocates")
    listed = [(r["referred"], r["revenue"] or -1e9) for r in found.table("ambassadors")]
    assert listed
    assert listed == sorted(listed, reverse=True)
    promoters = [r["referred"] for r in desk.study_rows("advocates") if r["nps_group"] == "promoter"]
    assert [r["referred"] for r in found.table("ambassadors")] == sorted((n for n in promoters if n), reverse=True)
    (group,) = (r for r in found.rows if r["nps_group"] == "promoter")
    assert group["referred"] == sum(promoters)
    unsaid = {**tables, "customers": [c | {"referred_by": None} for c in tables["customers"]]}
    found = Desk(open_tables(unsaid), Filters(), EVERYTHING).study("advocates")
    assert {r["referred"] for r in found.rows} == {None}
    assert not found.table("ambassadors")


def test_a_tier_is_compared_with_customers_who_had_bought_alike(desk: Desk, tables: Tables) -> None:
    before = TODAY - dt.timedelta(days=60)
    then, now = orders_of(tables, before), orders_of(tables)
    cells: dict[Any, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for customer in tables["customers"]:
        who = customer["customer_id"]
        came, ended = customer["acquired_at"], customer["ended_at"]
        if who not in then or (came and local_day(came) > TODAY) or (ended and local_day(ended) <= TODAY):
            continue
        days = days_of(then[who])
        times = sum(len(days) > edge for edge in (1, 2, 4, 8))
        recency = sum((before - days[-1]).days > edge for edge in (30, 90, 180, 365))
        place = 0 if customer["loyalty_tier"] == "A" else 2
        cells[times, recency][place] += days_of(now[who])[-1] > before
        cells[times, recency][place + 1] += 1
    usable = [c for c in cells.values() if c[1] and c[3]]
    total = sum(c[1] + c[3] for c in usable)
    expected = sum((c[1] + c[3]) / total * (c[0] / c[1] - c[2] / c[3]) for c in usable)
    found = desk.study("loyalty", gone_days=60)
    (effect,) = (row for row in found.tables["effect"] if row["loyalty_tier"] == "A")
    assert effect["value"] == pytest.approx(expected)
    assert effect["n_with"] == sum(c[1] for c in usable)
    assert found.sentence == "tier_today"


def lifetimes(tables: Tables, gone_days: int) -> dict[str, tuple[int, bool]]:
    """Return days kept and whether gone, by walking through each customer's purchase days."""
    ends = {c["customer_id"]: c["ended_at"] for c in tables["customers"]}
    found = {}
    for who, orders in orders_of(tables).items():
        days = days_of(orders)
        gone = None
        for day, following in zip(days, [*days[1:], TODAY], strict=True):
            if (following - day).days > gone_days:
                gone = day + dt.timedelta(days=gone_days)
                break
        ended = local_day(ends[who]) if ends[who] and local_day(ends[who]) <= TODAY else None
        end = min((d for d in (gone, ended) if d), default=None)
        found[who] = (((end or TODAY) - days[0]).days, end is not None)
    return {who: one for who, one in found.items() if one[0] >= 0}


def test_the_share_kept_is_the_product_of_what_each_day_left(desk: Desk, tables: Tables) -> None:
    kept = lifetimes(tables, 20)
    found = desk.study("survival", gone_days=20)
    (whole,) = found.rows
    assert (whole["n"], whole["gone"]) == (len(kept), sum(gone for _, gone in kept.values()))
    share = 1.0
    for day in range(31):
        at_risk = sum(days >= day for days, _ in kept.values())
        share *= 1 - sum(days == day and gone for days, gone in kept.values()) / at_risk
    assert whole["kept_30"] == pytest.approx(share)
    assert whole["kept_30_low"] < share < whole["kept_30_high"]
    left = {row["days"]: row["n"] for row in found.tables["at_risk"]}
    assert left[30] == sum(days >= 30 for days, _ in kept.values())
    assert min(row["at_risk"] for row in found.tables["points"]) >= 10
    gaps = [(b - a).days for o in orders_of(tables).values() for a, b in pairwise(days_of(o))]
    assert found.facts["gaps"] == len(gaps)


def test_several_groups_are_tested_as_two_are(desk: Desk, tables: Tables) -> None:
    kept, regions = lifetimes(tables, 40), {c["customer_id"]: c["region"] for c in tables["customers"]}
    found = desk.study("survival", gone_days=40, by="region")
    two = log_rank(
        [days for days, _ in kept.values()],
        [gone for _, gone in kept.values()],
        [regions[who] == "Ege" for who in kept],
    )
    assert found.facts["chi2"] == pytest.approx(two.chi2)
    assert (found.facts["freedom"], found.facts["p"]) == (1, pytest.approx(two.p))


def test_groups_that_are_one_are_told_apart_by_nothing() -> None:
    times = ([1.0, 2.0, 5.0], [1.0, 1.0, 0.0], [0.0, 1.0, 2.0])
    same = log_rank_groups([times, times, times])
    assert same is not None
    assert (same.freedom, same.chi2) == (2, pytest.approx(0))
    assert log_rank_groups([times]) is None
    few, draw = ([3.0], [1.0], [0.0]), np.random.default_rng(1)
    for n in (40, 400, 4000):  # one group beside a much larger one
        many = (np.arange(n) * 1.0, draw.integers(0, 9, n) * 1.0, draw.integers(0, 9, n) * 1.0)
        assert (tested := log_rank_groups([few, many]))  # type: ignore[list-item]
        assert tested.freedom == 1


def test_a_complaint_counts_only_when_it_came_in_the_first_days(desk: Desk, tables: Tables) -> None:
    found = desk.study("survival", gone_days=60, by="complaint")
    kept = lifetimes(tables, 60)
    groups: Counter[str] = Counter()
    for who, (days, _) in kept.items():
        first = days_of(orders_of(tables)[who])[0]
        end = first + dt.timedelta(days=90)
        mine = [
            t
            for t in tables["tickets"]
            if t["customer_id"] == who
            and t["kind"] == "complaint"
            and t["excluded"] is None
            and t["status"] != "deleted"
            and first <= t["created_day"] < end
        ]
        solved = all(t["first_solved_day"] and t["first_solved_day"] <= end for t in mine)
        if days >= 90:
            groups["none" if not mine else "solved" if solved else "unsolved"] += 1
    assert {row["group"]: row["n"] for row in found.rows} == groups


def first_complaints(tables: Tables) -> dict[str, dt.date]:
    found: dict[str, dt.date] = {}
    for t in tables["tickets"]:
        counted = t["kind"] == "complaint" and t["excluded"] is None and t["status"] != "deleted" and t["customer_id"]
        if counted:
            found[t["customer_id"]] = min(t["created_day"], found.get(t["customer_id"], t["created_day"]))
    return found


def test_cohorts_begin_with_what_was_asked_and_count_weeks_from_it(desk: Desk, tables: Tables) -> None:
    mine, begun = orders_of(tables), first_complaints(tables)
    segments = {c["customer_id"]: c["segment"] for c in tables["customers"]}
    sizes: Counter[Any] = Counter()
    cells: Counter[Any] = Counter()
    for who, day in begun.items():
        monday = day - dt.timedelta(days=day.weekday())
        sizes[segments[who], monday.isoformat()] += 1
        later = {(d - monday).days // 7 for d in days_of(mine.get(who, [])) if d >= day}
        cells.update((segments[who], monday.isoformat(), k) for k in later)
    found = desk.study("cohorts", start="first_complaint", grain="week", by="segment").rows
    seen = [row for row in found if row["cohort"] != "average"]
    assert {(r["segment"], r["cohort"]): r["size"] for r in seen} == sizes
    assert {(r["segment"], r["cohort"], r["k"]): r["kept"] for r in seen if r["kept"]} == cells


def test_a_bracket_counts_a_customer_once_and_is_complete_with_its_last_period(desk: Desk, tables: Tables) -> None:
    months: dict[str, set[int]] = {}
    for m in tables["customer_months"]:
        if m["orders"]:
            months.setdefault(m["customer_id"], set()).add(m["month"].month)
    january = [mine for mine in months.values() if min(mine) == 1]
    found = desk.study("cohorts", mode="bracket").rows
    cells = {row["k"]: row for row in found if row["cohort"] == "2025-01-01"}
    assert cells[1]["kept"] == sum(bool(mine & {2, 3}) for mine in january)
    assert cells[3]["kept"] == sum(bool(mine & {4, 5, 6}) for mine in january)
    assert (cells[1]["complete"], cells[3]["complete"]) == (True, False)


@pytest.mark.parametrize("mode", ["on", "on_or_after"])
@pytest.mark.parametrize("grain", ["month", "quarter"])
def test_groups_of_a_cohort_add_up_to_it(desk: Desk, grain: str, mode: str) -> None:
    whole = {(r["cohort"], r["k"]): (r["kept"], r["size"]) for r in desk.study("cohorts", grain=grain, mode=mode).rows}
    parts: dict[Any, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for r in desk.study("cohorts", grain=grain, mode=mode, by="region").rows:
        kept, size = parts[r["cohort"], r["k"]]
        parts[r["cohort"], r["k"]] = (kept + r["kept"], size + r["size"])
    assert parts == whole


def test_cohorts_without_orders_say_that_orders_are_to_be_loaded(tables: Tables) -> None:
    none = open_tables({**tables, "orders": [], "customer_purchases": [], "customer_months": []})
    assert Desk(none, Filters(), EVERYTHING).study("cohorts").lacks == ("orders",)


@pytest.mark.parametrize("start", ["first_contact", "first_breach"])
def test_every_beginning_has_its_cohorts(desk: Desk, start: str) -> None:
    found = [r for r in desk.study("cohorts", start=start).rows if r["cohort"] != "average"]
    assert sum(r["size"] for r in found if r["k"] == 0) > 20
    assert all(0 <= r["value"] <= 1 for r in found)


def test_who_is_left_alone_has_the_first_reason_that_holds(desk: Desk, tables: Tables) -> None:
    year, mine = AS_OF - dt.timedelta(days=365), orders_of(tables)
    turned: Counter[str] = Counter(
        i["customer_id"]
        for i in tables["interactions"]
        if i["direction"] == "outbound"
        and year < i["at"] <= AS_OF
        and (i["by_human"] if i["by_human"] is not None else i["kind"] == "call" and not i["campaign_id"])
    )
    since = TODAY - dt.timedelta(days=365)
    heard = {i["customer_id"] for i in tables["interactions"] if i["direction"] == "inbound" and i["day"] > since}
    heard |= {t["customer_id"] for t in tables["tickets"] if t["created_day"] > since}
    heard |= {who for who, orders in mine.items() if days_of(orders)[-1] > since}
    expected = {}
    for c in tables["customers"]:
        who = c["customer_id"]
        came, ended = c["acquired_at"], c["ended_at"]
        if (came and local_day(came) > TODAY) or (ended and local_day(ended) <= TODAY):
            continue
        if c["contact_allowed"] is False:
            expected[who] = "refused"
        elif turned[who] >= 1 and who not in heard:
            expected[who] = "silent"
    found = desk.study("leave_alone", contacts=1)
    assert {r["customer_id"]: r["why"] for r in desk.study_rows("leave_alone", contacts=1)} == expected
    assert {r["why"]: r["n"] for r in found.rows} == Counter(expected.values())
    assert found.sentence == "no_cost"
    costly = replace(desk, settings=Settings(costs=Costs(hour=1e7, minutes_per_ticket=60)))
    assert any(r["why"] == "unprofitable" for r in costly.study("leave_alone").rows)
    nothing_known = open_tables({**tables, "orders": [], "customer_purchases": [], "customer_months": []})
    costly = replace(costly, warehouse=nothing_known)
    assert not any(r["why"] == "unprofitable" for r in costly.study("leave_alone").rows)


def shop(tables: Tables, quieter: float) -> Tables:
    """Return 900 customers who buy and leave unseen as the model has it, in the second year so much `quieter`."""
    draw, usual = np.random.default_rng(4), next(o for o in tables["orders"] if o["status"] == "paid")
    orders, start = [], AS_OF - dt.timedelta(days=730)
    for who in range(900):
        rate, leaves = draw.gamma(2, 1 / 50), draw.beta(1, 9)
        first = draw.uniform(0, 200)
        moments = [first, *(first + np.cumsum(draw.exponential(1 / rate, draw.geometric(leaves) - 1)))]
        kept = [m for m in moments if m < 365 or (m < 729 and draw.random() < quieter)]
        for n, m in enumerate(kept):
            at = start + dt.timedelta(days=float(m))
            named = {
                "order_id": f"s{who}-{n}",
                "customer_id": f"s{who}",
                "ordered_at": at,
                "ordered_day": local_day(at),
            }
            orders.append({**usual, **named, "amount": 50.0 + n % 7, "company_amount": 50.0 + n % 7})
    return {**tables, "orders": orders, "customers": [{**c, "ended_at": None} for c in tables["customers"]]}


def test_what_the_model_was_off_by_is_said_and_widens_what_it_tells(tables: Tables) -> None:
    found = Desk(open_tables(shop(tables, 0.8)), Filters(), EVERYTHING).study("value_model", weeks=26)
    facts, held = found.facts, found.tables["holdout"]
    expected, came = (sum(r["n"] * r[side] for r in held) for side in ("expected", "actual"))
    assert (found.sentence, facts["refused"]) == ("less", None)
    assert facts["off"] == pytest.approx(came / expected - 1)
    assert facts["off_low"] < facts["off"] < facts["off_high"] < 0
    assert facts["expected_total_high"] == facts["expected_total"]
    assert facts["expected_total_low"] == pytest.approx(facts["expected_total"] * (1 + facts["off_low"]))
    one = found.rows[0]
    desk = Desk(open_tables(shop(tables, 0.8)), Filters(), EVERYTHING)
    model = tuple(facts[name] for name in ("r", "alpha", "a", "b"))
    asked = {"customer": one["customer_id"], "weeks": 26.0, "model": model}
    (alone,), (wide,) = (desk.study("worth", **asked, came=c).rows for c in ((), (0.8, 0.9)))
    assert wide["expected_low"] == pytest.approx(alone["expected_low"] * 0.8)
    assert wide["expected_high"] == alone["expected_high"]


def test_a_model_that_may_be_off_by_more_than_a_third_tells_nothing(tables: Tables) -> None:
    found = Desk(open_tables(shop(tables, 0.5)), Filters(), EVERYTHING).study("value_model", weeks=26)
    assert (found.sentence, found.rows) == ("missed", [])
    assert found.facts["off_most"] > 1 / 3
