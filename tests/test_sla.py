"""SLA clocks against a simulation that walks through every minute of every clock; replay, queue and early warning."""

import datetime as dt
import random
from typing import Any

import pytest
from timing_histories import (
    AS_OF, MINUTE, START, Known, Row, Ticket, cycles, histories, known_of, loaded, minutes, opens, settings, spans,
)  # fmt: skip

from insights.schema import SOLVED, UNSOLVED
from insights.settings import Policy
from insights.timing import derive
from test_timing import day, records

METRICS = ("first_response", "next_response", "resolution", "requester_wait")


def random_policies(rng: random.Random) -> list[Policy]:
    """Return overlapping promises: by priority and team, with pauses, calendars and days of validity."""
    found = []
    for i in range(12):
        since = START.date() + dt.timedelta(days=rng.randrange(10))
        found.append(Policy(
            name=f"p{i}", rank=rng.choice((1, 2, 3)), metric=METRICS[i % 4], target_s=60 * rng.choice((30, 120, 480, 600, 1800)),
            kind=rng.choice(((), (), ("complaint",))), channel=rng.choice(((), (), ("email",))), segment=rng.choice(((), (), (), ("gold",))),
            priority=rng.choice(((), ("urgent", "high"), ("normal",))), team=rng.choice(((), (), ("first",))),
            calendar=rng.choice(("24x7", "support", "shop", "east")), paused=rng.choice(((), ("pending",), ("pending", "hold"))),
            valid_from=rng.choice((None, None, since)), valid_to=rng.choice((None, None, since + dt.timedelta(days=rng.randrange(6)))),
        ))  # fmt: skip
    return found


def attribute(ticket: Ticket, what: str, moment: dt.datetime) -> str | None:
    """Return the priority or team a ticket had at a moment."""
    changes = ticket.ordered(what)
    if not changes:
        return ticket.row[what]
    value = changes[0]["old"]
    if what == "team" and value is None:
        value = changes[0]["new"]
    for e in changes:
        value = e["new"] if e["at"] <= moment else value
    return value


def match(policies: list[Policy], ticket: Ticket, metric: str, start: dt.datetime, moment: dt.datetime) -> Policy | None:
    """Return the first policy by rank that covers the ticket as it was."""
    team, priority = attribute(ticket, "team", start), attribute(ticket, "priority", moment)
    opened = day(start)
    assert opened
    for p in sorted(policies, key=lambda policy: policy.rank):
        is_valid = (not p.valid_from or p.valid_from <= opened) and (not p.valid_to or opened <= p.valid_to)
        if p.metric == metric and is_valid and all(
            not allowed or value in allowed
            for allowed, value in (
                (p.kind, ticket.row["kind"]), (p.channel, ticket.row["channel"]), (p.segment, ticket.row["segment"]),
                (p.team, team), (p.priority, priority),
            )
        ):  # fmt: skip
            return p
    return None


def started(ticket: Ticket, known: Known, as_of: dt.datetime) -> list[tuple[str, int, dt.datetime, dt.datetime | None, str]]:
    """Return (metric, cycle, start, stop, state of the ticket) of every clock that has started by `as_of`."""
    stretches = [s for s in spans(ticket, known.keeps_solved) if s[2] <= as_of]
    if not stretches:
        return []
    status = stretches[-1][0]
    found = []
    for i, (a, b, _) in enumerate(cycles(ticket, known)):
        if a <= as_of and not (b and b < a):
            found.append(("next_response" if i else "first_response", i or 1, a, b if b and b <= as_of else None, status))
    solves = [a for s, p, a, _, _ in stretches if s in SOLVED and p not in SOLVED]
    for metric in METRICS[2:]:
        found.append((metric, 1, ticket.created, solves[-1] if status in SOLVED else None, status))
    return found


def simulate(ticket: Ticket, known: Known, policies: list[Policy], as_of: dt.datetime) -> dict[tuple[str, int], Row]:
    found = {}
    stretches = spans(ticket, known.keeps_solved)
    for metric, cycle, a, b, status in started(ticket, known, as_of):
        z = b or as_of
        moments = [START + MINUTE * m for m in minutes(a, z)] or [a]
        promises = fill([match(policies, ticket, metric, a, m) for m in moments])
        if not promises:
            continue
        used, broken, at, counts = 0, None, None, False
        for m, p in zip(moments, promises, strict=True):
            state = next(s for s, _, x, y, _ in stretches if x <= m and (y is None or m < y))
            counting = ("new", "open", "hold") if metric == "requester_wait" else UNSOLVED
            counts = state in counting and state not in p.paused
            if z == a:
                break
            if used > p.target_s and not broken:
                broken, at = p, m
            if counts and opens(p.calendar, (m - START) // MINUTE):
                if used == p.target_s and not broken:
                    broken, at = p, m
                used += 60
        policy = broken or promises[-1]
        found[metric, cycle] = verdict(ticket, policy, a, b, at, used, counts, status) | {
            "due_at": at or due(z, policy, policy.target_s - used)
        }
    return found


def fill(promises: list[Policy | None]) -> list[Policy]:
    """Let a promise stand until another replaces it, and the first one count from the start."""
    standing = next((p for p in promises if p), None)
    filled = []
    for p in promises:
        standing = p or standing
        if standing:
            filled.append(standing)
    return filled


def due(z: dt.datetime, policy: Policy, left: int) -> dt.datetime:
    """Return when the rest of the target is used up and more time would count, if the clock runs on from `z`."""
    minute = (z - START) // MINUTE
    while left or not opens(policy.calendar, minute):
        left -= 60 * opens(policy.calendar, minute)
        minute += 1
    return START + MINUTE * minute


def verdict(
    ticket: Ticket, p: Policy, a: dt.datetime, b: dt.datetime | None, at: dt.datetime | None, used: int, counts: bool, status: str
) -> Row:  # fmt: skip
    cancelled = ticket.row.get("excluded") or ticket.row.get("merged_into") or status == "deleted"
    state = (
        "cancelled" if cancelled else ("breached" if at else "met") if b else "breached_open" if at
        else "paused" if not counts else "at_risk" if used >= 0.8 * p.target_s else "on_track"
    )  # fmt: skip
    decided = None if cancelled else at or b
    return {
        "policy": p.name, "target_s": p.target_s, "calendar": p.calendar, "started_at": a, "stopped_at": b, "breached_at": at,
        "elapsed_s": used, "state": state, "decided_at": decided, "started_day": day(a), "decided_day": day(decided),
    }  # fmt: skip


@pytest.mark.parametrize(("seed", "as_of"), [(1, AS_OF), (2, AS_OF), (3, START + dt.timedelta(days=9, hours=13)), (4, AS_OF)])
def test_every_clock_of_every_ticket_equals_a_walk_through_its_minutes(seed: int, as_of: dt.datetime) -> None:
    tickets = histories(seed, 60)
    policies = random_policies(random.Random(seed))
    con = loaded(tickets)
    derive(con, settings(*policies), as_of)
    found: dict[Any, dict[Any, Row]] = {}
    for row in records(con, "sla_clocks"):
        key = row.pop("source"), row.pop("ticket_id")
        found.setdefault(key, {})[row.pop("metric"), row.pop("cycle")] = row
    known = {source: known_of(tickets, source) for source in {t.row["source"] for t in tickets}}
    for ticket in tickets:
        wanted = simulate(ticket, known[ticket.row["source"]], policies, as_of)
        got = found.pop((ticket.row["source"], ticket.row["ticket_id"]), {})
        assert got.keys() == wanted.keys(), ticket
        for clock, row in wanted.items():
            assert {n: (got[clock][n], row[n]) for n in row if got[clock][n] != row[n]} == {}, (clock, ticket)
    assert found == {}
