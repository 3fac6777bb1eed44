"""Every derived field of every ticket against an event-by-event computation; what derive promises about itself."""

import datetime as dt
import random
import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from timing_histories import (
    AS_OF,
    MINUTE,
    START,
    Known,
    Row,
    Ticket,
    add,
    comments,
    cycles,
    histories,
    insert,
    known_of,
    loaded,
    moves,
    owed,
    settings,
    spans,
    stated,
    working,
)

from insights.schema import SOLVED, UNSOLVED
from insights.settings import Calendar, CalendarFor, Policy, Robots, Settings
from insights.timing import EXPORTED, derive, stale, status_at
from insights.timing.hours import WEEKDAYS

ZONE = ZoneInfo("Europe/Istanbul")
STATES = {
    "requester_wait": ("new", "open", "hold"),
    "agent_work": ("new", "open"),
    "agent_wait": ("pending",),
    "on_hold": ("hold",),
}
UNITS = ("_s", "_business_s")
POLICIES = [
    Policy(name=m, metric=m, target_s=7200, calendar="support")
    for m in ("first_response", "next_response", "resolution")
]


def local(moment: dt.datetime | None) -> dt.datetime | None:
    return moment.replace(tzinfo=dt.UTC).astimezone(ZONE).replace(tzinfo=None) if moment else None


def day(moment: dt.datetime | None) -> dt.date | None:
    here = local(moment)
    return here.date() if here else None


def positive(value: int | None) -> int | None:
    return value if value is not None and value >= 0 else None


def expected(ticket: Ticket, known: Known) -> Row:
    """Tell every derived field of a ticket from its story."""
    row, stretches = ticket.row, spans(ticket, known.keeps_solved)
    logged = any(e["field"] == "status" and e["new"] for e in ticket.events)
    talks = any(e["field"] == "comment" for e in ticket.events)
    replies, _ = comments(ticket)
    basis, due = owed(ticket)
    in_time = [c for c in replies if due and (c["at"], c["seq"]) > due]
    solves = [raw for s, p, _, _, raw in stretches if s in SOLVED and p not in SOLVED]
    state = stretches[-1][0] if logged else stated(row, known.keeps_solved)
    own = row.get("solved_at")
    denied = logged and bool(
        own is None and known.keeps_solved and solves and row.get("updated_at") and max(solves) <= row["updated_at"]
    )
    found: Row = {}
    found["response_basis"], found["response_from_at"] = basis, due[0] if due else None
    found["first_response_at"] = (
        min((c["raw"] for c in in_time), default=None) if talks else row.get("first_response_at")
    )
    if not logged:
        found["solved_at"], found["first_solved_at"] = own, row.get("first_solved_at")
        reported = positive(row.get("reported_first_resolution_s"))
        if found["first_solved_at"] is None and row.get("reopens") == 0:
            found["first_solved_at"] = own
        if found["first_solved_at"] is None and reported is not None:
            made = ticket.created + dt.timedelta(seconds=reported)
            found["first_solved_at"] = min(made, own) if own else made
    else:
        last = max(solves, default=None)
        newer = last is not None and (own is None or last > (row.get("updated_at") or own))
        found["solved_at"] = None if denied else last if newer else own
        found["first_solved_at"] = None if denied and state in SOLVED else min(solves, default=own)
    found["replies"] = (
        len(replies) if talks else (row.get("replies") or 0) if known.logs_comments and logged else row.get("replies")
    )
    found["reopens"] = sum(s in UNSOLVED and p in SOLVED for s, p, *_ in stretches) if logged else row.get("reopens")
    for name, what, logs in (("reassignments", "agent", known.logs_agents), ("transfers", "team", known.logs_teams)):
        has = any(e["field"] == what and e["new"] for e in ticket.events)
        none = (row.get(name) or 0) if logs and (logged or talks) else row.get(name)
        found[name] = moves(ticket, what) if has else none
    found |= durations(ticket, found, stretches, state, logged=logged, talks=talks)
    found["is_open"] = None if state is None else state in UNSOLVED
    if row.get("excluded") or row.get("merged_into"):
        found["is_open"] = False
    return found


def lasted(a: dt.datetime, b: dt.datetime) -> tuple[int, int]:
    return int((b - a).total_seconds()), working(a, b)


def durations(ticket: Ticket, found: Row, stretches: list[Any], state: str | None, *, logged: bool, talks: bool) -> Row:
    out: Row = {}
    row, created = ticket.row, ticket.created
    reported = False
    for name, at, silent in (
        ("first_response", "first_response_at", not talks),
        ("first_resolution", "first_solved_at", not logged),
        ("full_resolution", "solved_at", not logged),
    ):
        moment, allowed = found[at], name != "full_resolution" or state in SOLVED
        for unit in UNITS:
            value = None
            start = found["response_from_at"] if name == "first_response" else created
            if allowed and moment is not None and start is not None and moment >= start:
                value = int((moment - start).total_seconds()) if unit == "_s" else working(start, moment)
            elif allowed and moment is None and silent:
                value = positive(row.get(f"reported_{name}{unit}"))
                reported |= value is not None
            out[f"{name}{unit}"] = value
    for name, states in STATES.items():
        for unit in UNITS:
            if logged:
                pieces = [(a, b or max(a, AS_OF)) for s, _, a, b, _ in stretches if s in states]
                out[f"{name}{unit}"] = sum(
                    int((b - a).total_seconds()) if unit == "_s" else working(a, b) for a, b in pieces
                )
            else:
                value = positive(row.get(f"reported_{name}{unit}"))
                if name == "agent_work":
                    wait, hold = row.get(f"reported_requester_wait{unit}"), positive(row.get(f"reported_on_hold{unit}"))
                    value = positive(wait - hold) if wait is not None and hold is not None else None
                out[f"{name}{unit}"] = value
                reported |= value is not None
    out["clock_basis"] = "events" if logged or talks else "reported" if reported else "timestamps"
    here = local(created)
    assert here
    out |= {"created_day": here.date(), "created_hour": here.hour, "created_weekday": here.isoweekday()}
    answered = out["first_response_s"] is not None or out["first_response_business_s"] is not None
    out["first_response_day"] = day(found["first_response_at"]) or (here.date() if answered else None)
    out |= {"first_solved_day": day(found["first_solved_at"]), "solved_day": day(found["solved_at"])}
    return out


def records(con: duckdb.DuckDBPyConnection, table: str) -> list[Row]:
    """Return the rows of a table as dicts."""
    found = con.execute(f"SELECT * FROM {table} ORDER BY ALL")
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_field_of_every_ticket_equals_an_event_by_event_computation(seed: int) -> None:
    tickets = histories(seed, 150)
    con = loaded(tickets)
    derive(con, settings(), AS_OF)
    rows = {(r["source"], r["ticket_id"]): r for r in records(con, "tickets")}
    stretches = con.execute(
        "SELECT source, ticket_id, status, previous, started_at, ended_at FROM status_spans ORDER BY span"
    ).fetchall()
    waits = con.execute("""
    SELECT source, ticket_id, cycle, started_at, ended_at, promise_ended_at, answered, wait_s, wait_business_s
    FROM reply_cycles ORDER BY cycle""").fetchall()
    known = {source: known_of(tickets, source) for source in {t.row["source"] for t in tickets}}
    for ticket in tickets:
        key, of = (ticket.row["source"], ticket.row["ticket_id"]), known[ticket.row["source"]]
        wanted = expected(ticket, of)
        found = {name: rows[key][name] for name in wanted}
        assert {n: (found[n], wanted[n]) for n in wanted if found[n] != wanted[n]} == {}, ticket
        assert [s[2:] for s in stretches if s[:2] == key] == [
            (s, p, a, b) for s, p, a, b, _ in spans(ticket, of.keeps_solved)
        ], ticket
        lengths = [
            (cycle, a, b, stop, done, *(lasted(a, b) if done and b and b >= a else (None, None)))
            for cycle, a, b, done, stop in cycles(ticket, of)
        ]
        assert [w[2:] for w in waits if w[:2] == key] == lengths, ticket


def contents(con: duckdb.DuckDBPyConnection) -> dict[str, list[Row]]:
    return {
        table: records(con, table)
        for table in (
            "tickets",
            "status_spans",
            "reply_cycles",
            "ticket_holders",
            "sla_clocks",
            "ticket_as_loaded",
        )
    }


def test_deriving_again_or_from_rows_in_another_order_or_zone_changes_nothing() -> None:
    tickets = histories(11, 120)
    con = loaded(tickets)
    derive(con, settings(*POLICIES), AS_OF)
    once = contents(con)
    derive(con, settings(*POLICIES), AS_OF)
    assert contents(con) == once
    shuffled = loaded([Ticket(t.row, t.events[::-1]) for t in tickets[::-1]])
    shuffled.execute("SET GLOBAL TimeZone = 'America/New_York'")
    derive(shuffled, settings(*POLICIES), AS_OF)
    assert contents(shuffled) == once


def test_what_the_sources_said_stays_known() -> None:
    con = loaded(histories(12, 120))
    own = "source, ticket_id, first_response_at, first_solved_at, solved_at, replies, reopens, reassignments, transfers"
    before = con.execute(f"SELECT {own} FROM tickets ORDER BY ALL").fetchall()
    derive(con, settings(), AS_OF)
    assert con.execute(f"SELECT {own} FROM tickets ORDER BY ALL").fetchall() != before
    assert con.execute(f"SELECT {own} FROM {EXPORTED} ORDER BY ALL").fetchall() == before


def test_parts_of_time_add_up_and_never_exceed_the_whole() -> None:
    con = loaded(histories(13, 200))
    derive(con, settings(*POLICIES), AS_OF)
    wrong = """
    SELECT count(*) FROM tickets AS t JOIN (
        SELECT source, ticket_id, sum(epoch(coalesce(ended_at, greatest(started_at, $1)) - started_at)) AS unsolved
        FROM status_spans WHERE status IN ('new', 'open', 'pending', 'hold') GROUP BY ALL) USING (source, ticket_id)
    WHERE clock_basis = 'events' AND requester_wait_s + agent_wait_s <> unsolved"""
    assert con.execute(wrong, [AS_OF]).fetchall() == [(0,)]
    wrong = " OR ".join(
        [
            f"t.{name}_business_s > t.{name}_s OR t.{name}_s < 0"
            for name in ("first_response", "first_resolution", *STATES)
        ]
        + ["t.agent_work_s > t.requester_wait_s", "first_resolution_s > full_resolution_s"]
    )
    assert con.execute(f"SELECT count(*) FROM tickets AS t WHERE source = 'log' AND ({wrong})").fetchall() == [(0,)]


def test_status_at_an_instant_is_the_stretch_that_covers_it() -> None:
    tickets = histories(14, 80)
    con = loaded(tickets)
    derive(con, settings(), AS_OF)
    moment = START + dt.timedelta(days=8, minutes=7)
    known = {source: known_of(tickets, source) for source in {t.row["source"] for t in tickets}}
    wanted = set()
    for t in tickets:
        for status, _, a, b, _ in spans(t, known[t.row["source"]].keeps_solved):
            if a <= moment and (b is None or moment < b):
                wanted.add((t.row["source"], t.row["ticket_id"], status))
    assert set(status_at(con, moment).fetchall()) == wanted


def test_impossible_times_are_counted_and_give_no_duration() -> None:
    con = loaded([])
    row = {
        "source": "s",
        "ticket_id": "1",
        "created_at": START,
        "status": "solved",
        "solved_at": START - MINUTE,
        "first_response_at": START - MINUTE,
    }
    insert(con, "tickets", [row])
    problems = derive(con, settings(), AS_OF)
    found = con.execute(
        "SELECT first_response_s, full_resolution_s, full_resolution_business_s FROM tickets"
    ).fetchall()
    assert found == [(None, None, None)]
    assert (problems["response_before_creation"], problems["solve_before_creation"]) == (1, 1)


def test_only_a_public_reply_by_a_human_is_a_first_response() -> None:
    ticket = Ticket({"source": "log", "ticket_id": "1", "created_at": START, "status": "open"})
    add(ticket, START, "comment", actor="agent", public=True)  # the agent opened the ticket with it
    add(ticket, START + MINUTE, "comment", actor="customer", public=True)
    for minute, actor, public in ((2, "bot", True), (3, "agent", False), (4, "system", True), (9, "agent", True)):
        add(ticket, START + MINUTE * minute, "comment", actor=actor, public=public)
    con = loaded([ticket])
    derive(con, settings(), AS_OF)
    assert con.execute("SELECT first_response_s, replies FROM tickets").fetchall() == [(480, 1)]


def test_who_had_a_ticket_is_known_from_where_it_was_taken_too() -> None:
    logs: list[tuple[int, list[tuple[str | None, str | None]]]] = [
        (0, [(None, "A")]),
        (1, [("A", "B")]),
        (1, [("A", None), (None, "B")]),  # the log begins with A, not with nobody
        (0, [(None, "A"), ("A", None), (None, "A")]),
        (0, [(None, None), (None, "A")]),
    ]
    tickets = []
    for number, (_, changes) in enumerate(logs):
        row = {"source": "log", "ticket_id": str(number), "created_at": START, "status": "open"}
        tickets.append(Ticket(row))
        for minute, (old, new) in enumerate(changes):
            add(tickets[-1], START + MINUTE * minute, "team", old=old, new=new)
    con = loaded(tickets)
    derive(con, settings(), AS_OF)
    found = con.execute("SELECT transfers FROM tickets ORDER BY ticket_id::INT").fetchall()
    assert found == [(moves,) for moves, _ in logs]


def test_durations_count_in_the_calendar_of_the_first_rule_a_ticket_matches() -> None:
    night = Calendar(zone="UTC", holidays="", hours=dict.fromkeys(WEEKDAYS, ("18:00-24:00",)))
    day_shift = Calendar(zone="UTC", holidays="", hours=dict.fromkeys(WEEKDAYS, ("08:00-18:00",)))
    rules = (
        CalendarFor(calendar="night", team=("Night",), channel=("phone",)),
        CalendarFor(calendar="24x7", country=("DE",)),
    )
    of = Settings(calendars={"support": day_shift, "night": night}, calendar_for=rules)
    evening = dt.datetime(2026, 6, 9, 17)
    rows: list[Row] = [
        {"team": "Night", "channel": "phone"},
        {"team": "Night", "channel": "email"},
        {"country": "DE"},
        {},
        {"team": "Day", "channel": "phone"},
    ]
    tickets = [
        Ticket(
            row
            | {
                "source": "s",
                "ticket_id": str(i),
                "created_at": evening,
                "first_response_at": evening + dt.timedelta(hours=3),
            }
        )
        for i, row in enumerate(rows)
    ]
    add(tickets[4], evening, "team", old="Night", new="Day")  # Night had it first: its past does not move with it
    con = loaded(tickets)
    derive(con, of, AS_OF)
    found = con.execute("SELECT first_response_business_s FROM tickets ORDER BY ticket_id").fetchall()
    assert [s for (s,) in found] == [2 * 3600, 3600, 3 * 3600, 3600, 2 * 3600]


HOUR = dt.timedelta(hours=1)


def told(*events: dict[str, Any], **row: Any) -> Ticket:
    """Return an open ticket of customer c with events at hours after START."""
    ticket = Ticket(
        {"source": "log", "ticket_id": "1", "created_at": START, "status": "open", "customer_id": "c"} | row
    )
    for e in events:
        cells = {name: cell for name, cell in e.items() if name not in ("hour", "what")}
        add(ticket, START + HOUR * e["hour"], e.get("what", "comment"), **cells)
    return ticket


def said(hour: float, actor: str, who: str | None = None, *, public: bool = True) -> dict[str, Any]:
    return {"hour": hour, "actor": actor, "actor_id": who, "public": public}


def first_answers(ticket: Ticket, of: Settings | None = None) -> Row:
    con = loaded([ticket])
    derive(con, of or settings(), AS_OF)
    row = records(con, "tickets")[0]
    return {name: row[name] for name in ("first_response_s", "response_basis", "response_agent_id", "replies")}


@pytest.mark.parametrize("public", [True, False])
def test_a_ticket_an_agent_opened_owes_an_answer_from_the_customers_first_words(public: bool) -> None:
    opened = [said(0, "agent", "a", public=public), said(2, "agent", "a")]
    nothing = {"first_response_s": None, "response_basis": "agent_opened", "response_agent_id": None, "replies": 1}
    assert first_answers(told(*opened)) == nothing
    answered = first_answers(told(*map(dict, opened), said(5, "customer", "c"), said(6, "agent", "b")))
    wanted = {"first_response_s": 3600, "response_basis": "customer_words", "response_agent_id": "b", "replies": 2}
    assert answered == wanted


def test_whoever_acted_as_staff_answers_as_staff_whatever_the_export_calls_them() -> None:
    left = told(said(0, "customer", "c"), said(1, "customer", "left"), said(9, "agent", "b"))
    assert first_answers(left)["first_response_s"] == 9 * 3600
    for deed in ({"what": "comment", "public": False}, {"what": "priority", "new": "high"}):
        left = told(
            said(0, "customer", "c"),
            said(1, "customer", "left"),
            said(9, "agent", "b"),
            {"hour": 3, "actor": "customer", "actor_id": "left"} | deed,
        )
        assert first_answers(left)["first_response_s"] == 3600
    copied_in = told(
        said(0, "customer", "c"),
        said(1, "customer", "friend"),
        said(9, "agent", "b"),
        {"hour": 1, "what": "status", "old": "solved", "new": "open", "actor_id": "friend"},
    )
    assert first_answers(copied_in)["first_response_s"] == 9 * 3600


def test_where_a_robot_handled_a_ticket_first_people_owe_an_answer_from_the_hand_over() -> None:
    begun = [said(0, "customer", "c"), said(0.5, "agent", "Fin Bot")]
    handed: list[dict[str, Any]] = [
        {"hour": 4, "what": "agent", "old": "Fin Bot", "new": "b"},
        {"hour": 4, "what": "agent", "old": "Fin Bot"},
    ]
    by_name = settings().model_copy(update={"robots": Robots(names=("fin*",))})  # type: ignore[call-arg]
    from_creation = settings().model_copy(update={"robots": Robots(names=("fin*",), count_from="creation")})
    for change in handed:
        story = [*begun, change, said(6, "agent", "b")]
        assert first_answers(told(*map(dict, story)), by_name)["first_response_s"] == 2 * 3600
        assert first_answers(told(*map(dict, story)), from_creation)["first_response_s"] == 6 * 3600
    solved = {"hour": 1, "what": "status", "old": "open", "new": "solved", "actor_id": "Fin Bot"}
    again = {"hour": 3, "what": "status", "old": "solved", "new": "open", "actor_id": "c"}
    alone = first_answers(told(*map(dict, [*begun, solved]), status="solved"), by_name)
    assert (alone["first_response_s"], alone["response_basis"]) == (None, "robot")
    back = first_answers(told(*map(dict, [*begun, solved, again, said(6, "agent", "b")])), by_name)
    assert (back["first_response_s"], back["response_basis"]) == (3 * 3600, "handover")
    acknowledged = told(said(0, "customer", "c"), said(0.1, "bot"), said(6, "agent", "b"))
    assert first_answers(acknowledged)["first_response_s"] == 6 * 3600


def test_the_first_human_reply_is_never_also_a_next_response() -> None:
    ticket = told(
        said(0, "customer", "c"),
        {"hour": 1, "what": "status", "old": "open", "new": "solved"},
        {"hour": 2, "what": "status", "old": "solved", "new": "open"},
        said(3, "customer", "c"),
        said(5, "agent", "a"),
        said(6, "customer", "c"),
        said(8, "agent", "a"),
    )
    con = loaded([ticket])
    derive(con, settings(), AS_OF)
    found = con.execute("SELECT cycle, wait_s, agent_id FROM reply_cycles ORDER BY cycle").fetchall()
    assert found == [(1, 5 * 3600, "a"), (2, 2 * 3600, "a")]
    assert con.execute("SELECT first_response_s FROM tickets").fetchall() == [(5 * 3600,)]


def test_closing_is_the_solve_where_a_source_says_nothing_else_and_one_solve_time_is_not_the_first() -> None:
    rows: list[Row] = [
        {"source": "only", "closed_at": START + HOUR},
        {"source": "only"},
        {"source": "once", "status": "solved", "solved_at": START + HOUR},
        {"source": "counted", "status": "solved", "solved_at": START + HOUR, "reopens": 0},
        {"source": "states", "status": "open", "closed_at": START + HOUR},
    ]
    con = loaded([Ticket(row | {"ticket_id": str(i), "created_at": START}) for i, row in enumerate(rows)])
    derive(con, settings(), AS_OF)
    found = con.execute("SELECT full_resolution_s, first_resolution_s FROM tickets ORDER BY ticket_id").fetchall()
    assert found == [(3600, None), (None, None), (3600, None), (3600, 3600), (None, None)]


def test_tickets_derived_slice_by_slice_are_what_they_are_at_once() -> None:
    tickets = histories(13, 40)
    at_once, sliced = loaded(tickets), loaded(tickets)
    derive(at_once, settings(*POLICIES), AS_OF)
    shares: list[float] = []
    derive(sliced, settings(*POLICIES), AS_OF, rows_at_once=92, told=shares.append)
    assert contents(sliced) == contents(at_once)
    assert shares == [0.2, 0.4, 0.6, 0.8]


def held_of(ticket: Ticket, until: int) -> Ticket:
    """Return what was known of a ticket when its first events were: they alone, and not yet what its row says now."""
    row = ticket.row if until else {k: v for k, v in ticket.row.items() if k in ("source", "ticket_id", "created_at")}
    return Ticket(row, ticket.events[:until])


def bring(con: duckdb.DuckDBPyConnection, tickets: list[Ticket]) -> None:
    """Put tickets and their events into the tables as a load does: rows that were there are replaced."""
    for ticket in tickets:
        for table in ("tickets", "ticket_as_loaded", "ticket_events"):
            con.execute(
                f"DELETE FROM {table} WHERE source = $source AND ticket_id = $ticket_id",
                {name: ticket.row[name] for name in ("source", "ticket_id")},
            )
    insert(con, "tickets", [t.row for t in tickets])
    insert(con, "ticket_events", [e for t in tickets for e in t.events])


@pytest.mark.parametrize("seed", [1, 2])
def test_tickets_derived_as_they_come_are_what_they_are_at_once(seed: int) -> None:
    rng, tickets = random.Random(seed), histories(seed + 30, 90)
    con = loaded([held_of(t, rng.randrange(len(t.events) + 1)) for t in tickets if rng.random() < 0.6])
    derive(con, settings(*POLICIES[:2]), AS_OF - dt.timedelta(days=9))
    for days, of in ((3, POLICIES), (1, POLICIES)):
        part = [t for t in tickets if rng.random() < 0.3]
        bring(con, [held_of(t, rng.randrange(len(t.events) + 1)) for t in part])
        derive(con, settings(*of), AS_OF - dt.timedelta(days=days))
    bring(con, [t for t in tickets if rng.random() < 0.5])
    derive(con, settings(*POLICIES), AS_OF, rows_at_once=70)
    bring(con, tickets)
    derive(con, settings(*POLICIES), AS_OF)
    at_once = loaded(tickets)
    derive(at_once, settings(*POLICIES), AS_OF)
    assert contents(con) == contents(at_once)


def test_what_is_settled_and_did_not_change_is_left_as_it_was() -> None:
    con = loaded(histories(17, 200))
    derive(con, settings(*POLICIES), AS_OF)
    settled = con.execute("SELECT source, ticket_id FROM tickets WHERE derived_hash IS NOT NULL").fetchall()
    assert len(settled) > 60
    con.execute("UPDATE status_spans SET previous = 'as it was'")
    (changed,) = [key for key in settled if key[0] == "log"][:1]
    con.execute("UPDATE tickets SET priority = 'low' WHERE (source, ticket_id) = ($1, $2)", changed)
    derive(con, settings(*POLICIES), AS_OF + dt.timedelta(days=1))
    left = con.execute("SELECT DISTINCT source, ticket_id FROM status_spans WHERE previous = 'as it was'").fetchall()
    with_spans = {row[:2] for row in con.execute("SELECT DISTINCT source, ticket_id FROM status_spans").fetchall()}
    assert set(left) == {*settled} & with_spans - {changed}
    derive(con, settings(*POLICIES[:1]), AS_OF + dt.timedelta(days=1))
    assert con.execute("SELECT count(*) FROM status_spans WHERE previous = 'as it was'").fetchall() == [(0,)]


def test_all_that_is_read_of_a_ticket_is_in_its_fingerprint() -> None:
    folder = Path(stale.__file__).parent / "sql"
    said = {path.stem: path.read_text("utf-8") for path in folder.glob("*.sql")}
    beside = {"exported_tickets", "restored_columns", "stale_tickets"}
    read = {name for stem, text in said.items() if stem not in beside for name in re.findall(r"\bown\.(\w+)", text)}
    assert read - {"rowid", "source", "ticket_id"} <= set(re.findall(r"\bown\.(\w+)", said["stale_tickets"]))
