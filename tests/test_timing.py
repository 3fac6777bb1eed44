"""Every derived field of every ticket against an event-by-event computation; what derive promises about itself."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from timing_histories import (
    AS_OF, START, Known, Row, Ticket, add, changes_of, comments, cycles, histories, insert, known_of, loaded, moves, settings, spans,
    stated, working,
)  # fmt: skip

from insights.schema import SOLVED, UNSOLVED
from insights.timing import derive, restore, status_at

ZONE = ZoneInfo("Europe/Istanbul")
STATES = {"requester_wait": ("new", "open", "hold"), "agent_work": ("new", "open"), "agent_wait": ("pending",), "on_hold": ("hold",)}
UNITS = ("_s", "_business_s")


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
    solves = [raw for s, p, _, _, raw in stretches if s in SOLVED and p not in SOLVED]
    state = stretches[-1][0] if logged else stated(row, known.keeps_solved)
    own = row.get("solved_at")
    denied = logged and bool(
        own is None and known.keeps_solved and solves and row.get("updated_at") and max(solves) <= row["updated_at"]
    )
    found: Row = {}
    found["first_response_at"] = min((c["raw"] for c in replies), default=None) if talks else row.get("first_response_at")
    if not logged:
        found["solved_at"], found["first_solved_at"] = own, row.get("first_solved_at")
        reported = positive(row.get("reported_first_resolution_s"))
        if found["first_solved_at"] is None and not row.get("reopens"):
            found["first_solved_at"] = own
        if found["first_solved_at"] is None and reported is not None:
            made = ticket.created + dt.timedelta(seconds=reported)
            found["first_solved_at"] = min(made, own) if own else made
    else:
        last = max(solves, default=None)
        newer = last is not None and (own is None or last > (row.get("updated_at") or own))
        found["solved_at"] = None if denied else last if newer else own
        found["first_solved_at"] = None if denied and state in SOLVED else min(solves, default=own)
    found["replies"] = len(replies) if talks else (row.get("replies") or 0) if known.logs_comments and logged else row.get("replies")
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


def durations(ticket: Ticket, found: Row, stretches: list[Any], state: str | None, *, logged: bool, talks: bool) -> Row:
    row, created, out = ticket.row, ticket.created, {}
    reported = False
    for name, at, silent in (
        ("first_response", "first_response_at", not talks), ("first_resolution", "first_solved_at", not logged),
        ("full_resolution", "solved_at", not logged),
    ):  # fmt: skip
        moment, allowed = found[at], name != "full_resolution" or state in SOLVED
        for unit in UNITS:
            value = None
            if allowed and moment is not None and moment >= created:
                value = int((moment - created).total_seconds()) if unit == "_s" else working(created, moment)
            elif allowed and moment is None and silent:
                value = positive(row.get(f"reported_{name}{unit}"))
                reported |= value is not None
            out[f"{name}{unit}"] = value
    for name, states in STATES.items():
        for unit in UNITS:
            if logged:
                pieces = [(a, b or max(a, AS_OF)) for s, _, a, b, _ in stretches if s in states]
                out[f"{name}{unit}"] = sum(int((b - a).total_seconds()) if unit == "_s" else working(a, b) for a, b in pieces)
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
    stretches = con.execute("SELECT source, ticket_id, status, previous, started_at, ended_at FROM status_spans ORDER BY span").fetchall()
    waits = con.execute(
        "SELECT source, ticket_id, started_at, ended_at, answered, wait_s, wait_business_s FROM reply_cycles ORDER BY cycle"
    ).fetchall()
    known = {source: known_of(tickets, source) for source in {t.row["source"] for t in tickets}}
    for ticket in tickets:
        key, of = (ticket.row["source"], ticket.row["ticket_id"]), known[ticket.row["source"]]
        wanted = expected(ticket, of)
        found = {name: rows[key][name] for name in wanted}
        assert {n: (found[n], wanted[n]) for n in wanted if found[n] != wanted[n]} == {}, ticket
        assert [s[2:] for s in stretches if s[:2] == key] == [(s, p, a, b) for s, p, a, b, _ in spans(ticket, of.keeps_solved)], ticket
        lengths = [
            (a, b, done, *((int((b - a).total_seconds()), working(a, b)) if done and b and b >= a else (None, None)))
            for a, b, done in cycles(ticket, of)
        ]
        assert [w[2:] for w in waits if w[:2] == key] == lengths, ticket
