"""Studies of service against counts case by case in plain Python, and their claims against simulated truths."""

import datetime as dt
import random
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import simulated
from small_company import AS_OF, Tables, bought, local_day, open_tables
from test_studies_customers import days_of, orders_of

from insights.asking import Desk
from insights.filters import EVERYTHING, Filters
from insights.stats.comparing import standardised
from insights.stats.hazards import cox
from insights.stats.landmark import Read, more_needed
from insights.studies.service.agents import judged
from insights.warehouse import open_current

TODAY = local_day(AS_OF)


@pytest.fixture
def desk(small_directory: Path) -> Desk:
    return Desk(open_current(small_directory), Filters(), EVERYTHING)


def complaints_of(tables: Tables) -> dict[str, list[Any]]:
    """Return the complaints that count of each customer, oldest first."""
    found: dict[str, list[Any]] = defaultdict(list)
    for t in sorted(tables["tickets"], key=lambda t: (t["created_at"], t["source"], t["ticket_id"])):
        if t["kind"] == "complaint" and t["customer_id"] and t["excluded"] is None and t["status"] != "deleted":
            found[t["customer_id"]].append(t)
    return found


def watched(tables: Tables, hours: float, gone_days: int) -> list[dict[str, Any]]:
    """Return each first complaint with whether it was answered by the landmark, and whether something was bought."""
    ends = {c["customer_id"]: c["ended_at"] for c in tables["customers"]}
    mine, found = orders_of(tables), []
    for who, (first, *_) in complaints_of(tables).items():
        landmark = (first.get("response_from_at") or first["created_at"]) + dt.timedelta(hours=hours)
        day, ended = local_day(landmark), local_day(ends[who]) if ends[who] else None
        ended = ended if ended and ended <= TODAY else None
        answered = first["first_response_s"]
        known = answered is not None or (first["source"] != "mute" and first["first_response_at"] is None)
        if landmark > AS_OF or (ended and ended <= day) or not known:
            continue
        bought_days = [d for d in days_of(mine.get(who, [])) if d > day]
        silent = (min(bought_days, default=TODAY) - day).days > gone_days
        left = silent or bool(ended and (ended - day).days <= gone_days)
        far = (TODAY - day).days >= gone_days
        found.append(
            {
                "customer_id": who,
                "fast": answered is not None and answered <= hours * 3600,
                "kept": False if left else True if far else None,
                "stratum": tuple(first[name] for name in ("priority", "segment", "category")),
            }
        )
    return found


def test_complaints_are_compared_within_equal_strata_from_the_landmark_on(desk: Desk, tables: Tables) -> None:
    expected = watched(tables, 24, 20)
    found = desk.study("speed_to_kept", gone_days=20)
    assert {r["customer_id"]: (r["exposed"], r["kept"]) for r in desk.study_rows("speed_to_kept", gone_days=20)} == {
        r["customer_id"]: (r["fast"], r["kept"]) for r in expected
    }
    told = [r for r in expected if r["kept"] is not None]
    sides = {side: [r["kept"] for r in told if r["fast"] == side] for side in (True, False)}
    rows = {r["compared"]: r for r in found.rows}
    assert rows["as_it_stands"]["value"] == pytest.approx(
        sum(sides[True]) / len(sides[True]) - sum(sides[False]) / len(sides[False])
    )
    cells: dict[Any, dict[bool, list[bool]]] = defaultdict(lambda: {True: [], False: []})
    for r in told:
        cells[r["stratum"]][r["fast"]].append(r["kept"])
    usable = [c for c in cells.values() if c[True] and c[False]]
    total = sum(len(c[True]) + len(c[False]) for c in usable)
    value = sum(
        (len(c[True]) + len(c[False])) / total * (sum(c[True]) / len(c[True]) - sum(c[False]) / len(c[False]))
        for c in usable
    )
    assert rows["alike"]["value"] == pytest.approx(value)
    assert found.facts["overlap"] == pytest.approx(total / len(told))
    assert found.facts["running"] == len(expected) - len(told)


def test_what_a_robot_had_first_is_watched_from_its_answer_s_own_limit_on(tables: Tables) -> None:
    """Handed over ten days later, an answer in time lies after a landmark that was counted from the opening."""
    first = {of[0]["ticket_id"] for of in complaints_of(tables).values()}
    over = dt.timedelta(days=10)

    def handed(t: Any) -> Any:
        robot = t["ticket_id"] in first and t["first_response_s"] is not None
        late = {"response_from_at": t["created_at"] + over, "response_basis": "handover"}
        return {**t, **late, "first_response_at": t["first_response_at"] + over} if robot else t

    moved = {**tables, "tickets": [handed(t) for t in tables["tickets"]]}
    rows = Desk(open_tables(moved), Filters(), EVERYTHING).study_rows("speed_to_kept", gone_days=20)
    told = {r["customer_id"]: (r["fast"], r["kept"]) for r in watched(moved, 24, 20)}
    assert {r["customer_id"]: (r["exposed"], r["kept"]) for r in rows} == told
    assert told != {r["customer_id"]: (r["fast"], r["kept"]) for r in watched(tables, 24, 20)}
    assert any(r["exposed"] for r in rows)
    assert all(local_day(r["first_response_at"]) <= r["landmark_day"] for r in rows if r["exposed"])


def test_who_cannot_be_compared_is_set_aside_with_the_reason(desk: Desk, tables: Tables) -> None:
    aside = desk.study_left_out("speed_to_kept")
    counted = desk.study_rows("speed_to_kept")
    assert {r["customer_id"] for r in aside} | {r["customer_id"] for r in counted} == complaints_of(tables).keys()
    assert {r["reason"] for r in aside} <= {"before_landmark", "left_before", "not_known"}
    facts = desk.study("speed_to_kept").facts
    assert sum(facts[word] for word in ("before_landmark", "left_before", "not_known")) == len(aside)


@pytest.mark.parametrize("exposure", ["resolution", "promise", "owned", "compensation"])
def test_every_kind_of_answer_can_be_asked_for(desk: Desk, exposure: str) -> None:
    found = desk.study("speed_to_kept", exposure=exposure, gone_days=20)
    assert found.sentence in ("together", "less", "none", "few", "apart", "differed_before")
    assert all(r["exposed"] is not None for r in desk.study_rows("speed_to_kept", exposure=exposure))


def test_the_placebo_looks_at_the_days_before_the_complaint(desk: Desk, tables: Tables) -> None:
    mine, first = orders_of(tables), {who: of[0] for who, of in complaints_of(tables).items()}
    for row in desk.study_rows("speed_to_kept", gone_days=20):
        day = first[row["customer_id"]]["created_day"]
        earlier = [(day - d).days for d in days_of([o for o in mine.get(row["customer_id"], []) if bought(o)])]
        known = max(earlier, default=0) > 20
        assert row["before"] == (any(0 < ago <= 20 for ago in earlier) if known else None)


@pytest.mark.parametrize("strata", [1, 60], ids=["few", "many"])
@pytest.mark.parametrize("case", simulated.CASES)
def test_equal_complaints_cover_the_true_difference_where_shares_as_they_stand_fail(case: str, strata: int) -> None:
    found = simulated.said(case, 300, strata)
    assert 0.92 <= found["covered"] <= 0.97
    assert found["misled"] > 0.5
    if case == "none":
        assert abs(found["truth"]) < 0.01
        assert found["claimed"] <= 0.05


@pytest.mark.parametrize("effect", [1.0, 0.5])
def test_the_hazard_of_leaving_covers_the_true_ratio(effect: float) -> None:
    draw = np.random.default_rng(5)
    covered = 0
    for _ in range(100):
        severity, fast, left = simulated.drawn(draw, effect, late=False)
        seen = np.minimum(left, 365)
        found = cox(list(seen), list(left <= 365), [[float(f)] for f in fast], list(severity))
        assert found
        low, high = found.interval
        covered += low <= effect <= high
    assert 92 <= covered <= 99


def test_no_claim_is_made_of_few_cases_of_others_unlike_or_of_a_difference_from_before() -> None:
    many, few = standardised([(300, 400, 200, 400)]), standardised([(15, 20, 5, 20)])
    assert Read(many, None, 1.0).verdict == "together"
    assert Read(many, None, 0.3).verdict == "apart"
    assert Read(many, standardised([(300, 400, 250, 400)]), 1.0).verdict == "differed_before"
    assert Read(few, None, 1.0).verdict == "few"
    assert Read(standardised([(200, 400, 300, 400)]), None, 1.0).verdict == "less"
    same = standardised([(3000, 4000, 3000, 4000)])
    assert Read(same, None, 1.0).verdict == "none"
    assert same
    assert more_needed(same) == 0
    small = standardised([(75, 100, 75, 100)])
    assert small
    assert Read(small, None, 1.0).verdict == "few"
    assert more_needed(small) > 1000


def ratings(tables: Tables) -> list[Any]:
    return [s for s in tables["surveys"] if s["kind"] == "csat" and s["good"] is not None and not s["ticket_excluded"]]


def test_agents_are_held_against_what_everybody_does_with_the_same_cases(desk: Desk, tables: Tables) -> None:
    told = [s for s in ratings(tables) if s["agent_id"]]
    mix = lambda s: (s["ticket_kind"], s["priority"], s["channel"])  # noqa: E731
    share = {m: sum(s["good"] for s in told if mix(s) == m) / sum(mix(s) == m for s in told) for m in map(mix, told)}
    overall = sum(s["good"] for s in told) / len(told)
    found = {r["agent_id"]: r for r in desk.study("agents").rows}
    for agent in ("a1", "a2"):
        mine = [s for s in told if s["agent_id"] == agent]
        expected, good = sum(share[mix(s)] for s in mine), sum(s["good"] for s in mine)
        assert (found[agent]["n"], found[agent]["share"]) == (len(mine), pytest.approx(good / len(mine)))
        assert found[agent]["expected_share"] == pytest.approx(expected / len(mine))
        assert found[agent]["standardised"] == pytest.approx(good / expected * overall)


def test_agents_whose_names_are_shuffled_stand_out_in_at_most_one_of_twenty_tries() -> None:
    assert simulated.flagged(200) <= 0.05


def test_who_has_the_hard_cases_does_not_stand_out_for_them() -> None:
    easy = [(f"a{i}", "easy", 85, 100) for i in range(9)] + [(f"a{i}", "hard", 5, 10) for i in range(9)]
    rows = {r["agent_id"]: r for r in judged([*easy, ("hard", "easy", 17, 20), ("hard", "hard", 45, 90)], 5)}
    assert rows["hard"]["share"] < min(r["share"] for a, r in rows.items() if a != "hard")
    assert not rows["hard"]["stands_out"]
    worse = {r["agent_id"]: r for r in judged([*easy, ("bad", "easy", 40, 100)], 5)}
    assert worse["bad"]["stands_out"]


def test_a_training_is_the_change_of_the_trained_less_that_of_the_others(desk: Desk, tables: Tables) -> None:
    day = dt.date(2025, 3, 27)

    def share(agent: str, after: bool) -> float:
        mine = [s["good"] for s in ratings(tables) if s["agent_id"] == agent and (s["answered_day"] > day) == after]
        return sum(mine) / len(mine)

    (row,) = desk.study("trainings", least=5).rows
    change = share("a1", True) - share("a1", False)
    assert row["value"] == pytest.approx(change - (share("a2", True) - share("a2", False)))
    assert row["low"] < row["value"] < row["high"]


def test_courses_of_many_agents_and_days_equal_a_count_answer_by_answer(tables: Tables) -> None:
    draw = random.Random(5)
    people = [f"p{i}" for i in range(8)]
    answers = [s | {"agent_id": draw.choice(people)} for s in tables["surveys"]]
    hired = {p: dt.datetime(2024, draw.choice((1, 2, 12)), 1) for p in people}
    gone = {"p7"}
    agents = [
        {
            "source": "desk",
            "agent_id": p,
            "hired_at": hired[p],
            "left_at": dt.datetime(2025, 5, 1) if p in gone else None,
        }
        for p in people
    ]
    moments = [dt.datetime(2025, 3, 10, 9), dt.datetime(2025, 4, 5, 9)]
    took = {(c, p): draw.choice(moments) for c in ("Listening", "Writing") for p in draw.sample(people, 4)}
    again = [(course, who, at + dt.timedelta(days=3)) for (course, who), at in took.items()]  # counts once
    trained = [
        {"source": "desk", "training_id": str(i), "agent_id": who, "course": course, "completed_at": at}
        for i, (course, who, at) in enumerate(
            [*((c, p, at) for (c, p), at in took.items()), *again, ("Writing", None, moments[0])]
        )
    ]
    changed = {**tables, "surveys": answers, "agents": agents, "trainings": trained, "ticket_events": []}
    found = Desk(open_tables(changed), Filters(), EVERYTHING).study("trainings", least=1, days=60).rows
    wanted = {course: by_hand(ratings(changed), took, course, hired, gone) for course in ("Listening", "Writing")}
    assert {r["course"]: (r["n"], r["n_others"]) for r in found} == {c: w[:2] for c, w in wanted.items()}
    for r in found:
        assert r["value"] == pytest.approx(wanted[r["course"]][2])


def by_hand(
    given: list[Any],
    took: dict[tuple[str, str], dt.datetime],
    course: str,
    hired: dict[str, dt.datetime],
    gone: set[str],
) -> tuple[int, int, float]:
    """Return answers of the trained and of the others, and the change of the ones less that of the others."""
    parts = []
    for day in sorted({at.date() for (c, _), at in took.items() if c == course}):
        cells: dict[tuple[bool, bool], list[bool]] = defaultdict(list)
        for s in given:
            who, at = s["agent_id"], took.get((course, s["agent_id"]))
            settled = hired[who] <= dt.datetime.combine(day, dt.time()) - dt.timedelta(days=180) and who not in gone
            near = abs((s["answered_day"] - day).days) <= 60
            if settled and near and (at is None or at.date() == day):
                cells[at is not None, s["answered_day"] > day].append(s["good"])
        if len(cells) == 4:
            parts.append(cells)
    n = [sum(len(c[side, after]) for c in parts for after in (False, True)) for side in (True, False)]
    mean = lambda good: sum(good) / len(good)  # noqa: E731
    change = [
        (mean(c[True, True]) - mean(c[True, False])) - (mean(c[False, True]) - mean(c[False, False])) for c in parts
    ]
    weights = [len(c[True, False]) + len(c[True, True]) for c in parts]
    return n[0], n[1], sum(w * x for w, x in zip(weights, change, strict=True)) / sum(weights)


def test_channels_are_compared_at_equal_cases_and_problems_followed_to_the_next(desk: Desk, tables: Tables) -> None:
    cells: dict[Any, dict[bool, list[bool]]] = defaultdict(lambda: {True: [], False: []})
    for s in ratings(tables):
        cells[s["ticket_kind"], s["priority"], s["segment"]][s["channel"] == "chat"].append(s["good"])
    usable = [c for c in cells.values() if c[True] and c[False]]
    total = sum(len(c[True]) + len(c[False]) for c in usable)
    gap = sum(
        (len(c[True]) + len(c[False])) / total * (sum(c[True]) / len(c[True]) - sum(c[False]) / len(c[False]))
        for c in usable
    )
    (chat,) = (r for r in desk.study("channels", figure="csat").rows if r["channel"] == "chat")
    assert chat["gap"] == pytest.approx(gap)
    opened = sorted(
        (
            t
            for t in tables["tickets"]
            if t["customer_id"] and t["category"] and t["excluded"] is None and t["status"] != "deleted"
        ),
        key=lambda t: (t["created_at"], t["source"], t["ticket_id"]),
    )
    again: dict[str, list[bool]] = defaultdict(list)
    for place, t in enumerate(opened):
        later = [
            o for o in opened[place + 1 :] if (o["customer_id"], o["category"]) == (t["customer_id"], t["category"])
        ]
        if later and later[0]["created_at"] - t["created_at"] <= dt.timedelta(days=7):
            again[t["channel"]].append(later[0]["channel"] != t["channel"])
    found = {r["channel"]: (r["again"], r["switched"]) for r in desk.study("channels").tables["switches"] if r["again"]}
    assert found == {channel: (len(of), sum(of)) for channel, of in again.items()}


def test_work_is_counted_by_who_did_it(desk: Desk) -> None:
    assert desk.study("agents").tables["work"] == []  # nobody in this history is named


def test_tickets_of_two_systems_with_one_number_are_two(tables: Tables) -> None:
    counted = [t for t in tables["tickets"] if t["excluded"] is None and t["status"] != "deleted"][:2]
    twins = [t | {"source": source, "ticket_id": "7"} for t, source in zip(counted, ("one", "two"), strict=True)]
    comment = next(e for e in tables["ticket_events"] if e["field"] == "comment")
    wrote = {"actor": "agent", "actor_id": "a1", "public": True}
    events = [
        comment | wrote | {"source": t["source"], "ticket_id": "7", "at": t["created_at"] + dt.timedelta(hours=1)}
        for t in twins
    ]
    desk = Desk(open_tables({**tables, "tickets": twins, "ticket_events": events}), Filters(), EVERYTHING)
    found = desk.study("agents", least=1).tables["work"]
    assert [(r["agent_id"], r["replies"], r["tickets"]) for r in found] == [("a1", 2, 2)]


def test_stretches_held_are_counted_ticket_by_ticket(tables: Tables) -> None:
    draw = random.Random(71)
    events = [
        e | {"actor_id": draw.choice(("a1", "a2")) if e["actor"] == "agent" else None} for e in tables["ticket_events"]
    ]
    since, until = dt.date(2025, 2, 1), dt.date(2025, 4, 30)
    holders, held = [], defaultdict(int)
    for t in tables["tickets"]:
        went = [(t["agent_id"], t["created_day"])]
        if draw.random() < 0.4:
            went = [(draw.choice(("a1", "a2", None)), t["created_day"] + dt.timedelta(days=n)) for n in range(3)]
            own = {"source": t["source"], "ticket_id": t["ticket_id"]}
            ends = [*(day for _, day in went[1:]), None]
            holders += [
                own | {"stretch": n + 1, "agent_id": who, "started_day": day, "ended_day": ends[n]}
                for n, (who, day) in enumerate(went)
            ]
        for place, (who, day) in enumerate(went):
            begins = who and (place == 0 or went[place - 1][0] != who)
            if begins and since <= day <= until and t["excluded"] is None and t["status"] != "deleted":
                held[who] += 1
    changed = {**tables, "ticket_events": events, "ticket_holders": holders}
    period = Filters(since=since, until=until)
    found = Desk(open_tables(changed), period, EVERYTHING).study("agents", least=1)
    work, rated = found.tables["work"], {r["agent_id"]: (r["n"], r["share"]) for r in found.rows}
    assert {r["agent_id"]: r["held"] for r in work} == held
    assert {r["agent_id"]: (r["rated"], r["good_share"]) for r in work} == {
        r["agent_id"]: rated.get(r["agent_id"], (0, None)) for r in work
    }
    assert rated
