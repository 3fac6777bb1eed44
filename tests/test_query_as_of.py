"""The time machine: a number asked as of a past moment is the number of the data as it stood then."""

import datetime as dt
import json

import asked as road
import pytest
import sqlalchemy as sa
from small_company import TEAMS, Row, Tables, open_tables, whole

from insights import schema
from insights.asking import Desk
from insights.asking.recorder import Recorder
from insights.filters import EVERYTHING, Filters, Scope
from insights.metrics import METRICS
from insights.warehouse.engine import moments
from insights.warehouse.reader import Warehouse

THEN = dt.datetime(2025, 4, 10, 12)
NOT_KEPT = ("sla_paused", "sla_at_risk")
"""Whether a clock stood still or was at risk at a past moment is not kept."""


def ended(row: Row, *results: str) -> Row:
    later = row["ended_at"] is not None and row["ended_at"] > THEN
    return row | dict.fromkeys(("ended_at", "ended_day", *results), None) if later else row


def ticket_then(t: Row, tables: Tables) -> Row:
    """Return a ticket as it stood at THEN, from its history."""
    own = (t["source"], t["ticket_id"])
    spans = [s for s in tables["status_spans"] if (s["source"], s["ticket_id"]) == own and s["started_at"] <= THEN]
    events = [e for e in tables["ticket_events"] if (e["source"], e["ticket_id"]) == own and e["at"] <= THEN]
    solves = [s for s in spans if s["status"] in schema.SOLVED and s["previous"] not in schema.SOLVED]
    status = spans[-1]["status"]
    solved, last = status in schema.SOLVED, solves[-1] if solves else None
    every = [s for s in tables["status_spans"] if (s["source"], s["ticket_id"]) == own]
    unchanged = solved and len(every) == len(spans)
    length = whole(last["started_at"] - t["created_at"]) if solved and last else None
    then: Row = t | {
        "status": status,
        "is_open": not solved,
        "solved_at": last and last["started_at"],
        "solved_day": last and last["started_day"],
        "source_sla_met": t["source_sla_met"] if unchanged else None,
        "reopens": sum(s["status"] in schema.UNSOLVED and s["previous"] in schema.SOLVED for s in spans),
        "transfers": sum(e["field"] == "team" for e in events),
        "full_resolution_s": t["full_resolution_s"] if unchanged else length,
        "full_resolution_business_s": t["full_resolution_business_s"] if unchanged else None,
    }
    if t["replies"] is not None:
        said = [e for e in events if e["field"] == "comment" and e["actor"] == "agent"]
        then["replies"] = sum(e["public"] is not False for e in said)
    for at, names in {
        "first_response_at": ("first_response_s", "first_response_business_s", "first_response_day"),
        "first_solved_at": ("first_resolution_s", "first_resolution_business_s", "first_solved_day"),
    }.items():
        if t[at] is None or t[at] > THEN:
            then |= dict.fromkeys((at, *names), None)
    waits = {
        "requester_wait": ("new", "open", "hold"),
        "agent_work": ("new", "open"),
        "agent_wait": ("pending",),
        "on_hold": ("hold",),
    }
    for name, words in waits.items():
        lengths = (whole(min(s["ended_at"] or THEN, THEN) - s["started_at"]) for s in spans if s["status"] in words)
        then |= {f"{name}_s": sum(lengths), f"{name}_business_s": t[f"{name}_business_s"] if unchanged else None}
    return then


def survey_then(s: Row) -> Row:
    late = s["answered_at"] is not None and s["answered_at"] > THEN
    hidden = dict.fromkeys(("answered_at", "score", "good", "nps_group", "score_5"), None)
    return s | hidden | {"answered": False, "answered_day": s["sent_day"]} if late else s


def clock_then(c: Row) -> Row:
    stopped = c["stopped_at"] is not None and c["stopped_at"] <= THEN
    breached = c["breached_at"] is not None and c["breached_at"] <= THEN
    decided = c["decided_at"] is not None and c["decided_at"] <= THEN
    state = ("breached" if breached else "met") if stopped else ("breached_open" if breached else "on_track")
    return c | {
        "stopped_at": c["stopped_at"] if stopped else None,
        "breached_at": c["breached_at"] if breached else None,
        "decided_at": c["decided_at"] if decided else None,
        "decided_day": c["decided_day"] if decided else None,
        "state": c["state"] if c["state"] == "cancelled" else state,
    }


@pytest.fixture(scope="module")
def then(tables: Tables) -> Warehouse:
    """Return the warehouse somebody would have built at THEN."""
    earlier = dict(tables)
    earlier["tickets"] = [ticket_then(t, tables) for t in tables["tickets"] if t["created_at"] <= THEN]
    earlier["status_spans"] = [ended(s) for s in tables["status_spans"] if s["started_at"] <= THEN]
    waits = ("answered", "wait_s", "wait_business_s")
    earlier["reply_cycles"] = [ended(c, *waits) for c in tables["reply_cycles"] if c["started_at"] <= THEN]
    earlier["ticket_events"] = [e for e in tables["ticket_events"] if e["at"] <= THEN]
    earlier["sla_clocks"] = [clock_then(c) for c in tables["sla_clocks"] if c["started_at"] <= THEN]
    earlier["surveys"] = [
        survey_then(s) for s in tables["surveys"] if (s["sent_at"] or s["answered_at"] or THEN) <= THEN
    ]
    earlier["orders"] = [o for o in tables["orders"] if o["ordered_at"] <= THEN]
    today = THEN.date()
    earlier["customer_purchases"] = [
        p | {"second_day": p["second_day"] if p["second_day"] and p["second_day"] <= today else None}
        for p in tables["customer_purchases"]
        if p["first_day"] <= today
    ]
    earlier["facts"] = [f | {"value": str(THEN)} if f["name"] == "as_of" else f for f in tables["facts"]]
    return open_tables(earlier)


@pytest.mark.parametrize("key", NOT_KEPT)
def test_what_is_not_kept_of_a_past_moment_is_unknown(small: Warehouse, key: str) -> None:
    (result,) = road.query(small, [key], Filters(as_of=THEN), scope=EVERYTHING)
    assert result["value"] is None


@pytest.mark.parametrize("since", [None, dt.date(2025, 3, 1)])
@pytest.mark.parametrize("key", sorted(METRICS.keys() - set(NOT_KEPT)))
def test_a_past_moment_knows_what_was_known_then(
    small: Warehouse, then: Warehouse, key: str, since: dt.date | None
) -> None:
    clocks = ("calendar", "business") if METRICS[key].clocks else ("calendar",)
    for clock in clocks:
        now = road.query(small, [key], Filters(since, as_of=THEN, clock=clock), scope=EVERYTHING)  # type: ignore[arg-type]
        before = road.query(then, [key], Filters(since, clock=clock), scope=EVERYTHING)  # type: ignore[arg-type]
        assert [rounded(r) for r in now] == [rounded(r) for r in before]


def rounded(result: Row) -> Row:
    return {name: round(value, 6) if isinstance(value, float) else value for name, value in result.items()}


@pytest.mark.parametrize("key", ["created", "frt_24h", "csat", "orders", "solved", "backlog", "clearance_rate"])
def test_a_past_month_stays_as_it_was(small: Warehouse, then: Warehouse, key: str) -> None:
    march = Filters(dt.date(2025, 3, 1), dt.date(2025, 3, 31))
    assert road.query(small, [key], march, scope=EVERYTHING) == road.query(then, [key], march, scope=EVERYTHING)


ONE_OF_EACH_BASE = tuple({METRICS[key].base.name: key for key in METRICS}.values())


@pytest.mark.parametrize("scope", [EVERYTHING, Scope((("team", TEAMS[:2]),))], ids=["all", "some"])
def test_what_is_put_aside_for_a_past_moment_answers_as_the_tables_do(tables: Tables, scope: Scope) -> None:
    asked, alone = (Desk(open_tables(tables), Filters(as_of=THEN), scope) for _ in range(2))
    for _ in range(moments.FEW):
        asked.warehouse.moment((THEN, scope))
    for key in ONE_OF_EACH_BASE:
        recorded = Recorder(alone.warehouse, alone.filters, scope)
        assert asked.numbers([key], ["source"], "month") == recorded.numbers([key], ["source"], "month"), key
    aside = asked.warehouse.moment((THEN, scope))
    assert aside
    assert aside.fetch(sa.text("SELECT count(*) AS n FROM temp.known_tickets"))[0]["n"] > 0


def test_later_than_the_data_only_ages_grow(small: Warehouse) -> None:
    later = Filters(as_of=small.as_of + dt.timedelta(days=30))
    now, then = (road.query(small, ["backlog", "waiting_oldest"], f, scope=EVERYTHING) for f in (Filters(), later))
    assert now[0]["value"] == then[0]["value"]
    assert then[1]["value"] - now[1]["value"] == 30 * 86400


@pytest.mark.parametrize("share", [None, 0.8, 0.3])
def test_a_clock_of_a_past_moment_is_at_risk_from_where_its_policy_warns(tables: Tables, share: float | None) -> None:
    warned = json.dumps([] if share is None else [["first_response", "Complaint", share]])
    held = open_tables(dict(tables) | {"facts": [*tables["facts"], {"name": "warned", "value": warned}]})
    ways = {(c["source"], c["ticket_id"]): (c["started_at"], c["due_at"]) for c in tables["sla_clocks"]}
    seen = set()
    for start, due in list(ways.values())[:30]:
        at = start + (due - start) * 0.55
        rows = road.rows(held, "sla_created", Filters(as_of=at), scope=EVERYTHING, excluded=True)
        for row in (r for r in rows if r["state"] in ("at_risk", "on_track")):
            began, ends = ways[row["source"], row["ticket_id"]]
            assert (row["state"] == "at_risk") == ((at - began) / (ends - began) >= (share or 0.8))
            seen.add(row["state"])
    assert seen == {"at_risk", "on_track"}
