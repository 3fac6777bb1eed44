"""Random ticket histories, and what every figure of theirs must be, told event by event in plain Python."""

import datetime as dt
import random
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
from empty_tables import create_tables

from insights.schema import SOLVED, UNSOLVED, WORDS
from insights.settings import Calendar, Company, Policy, Robots, Settings

START = dt.datetime(2026, 3, 14)  # holidays, a half day and two clock changes follow within three weeks
AS_OF = dt.datetime(2026, 4, 4, 10, 30)
MINUTE = dt.timedelta(minutes=1)
CALENDARS = {
    "support": Calendar(),
    "shop": Calendar(
        zone="Europe/London",
        holidays="",
        hours=dict.fromkeys(("mon", "wed", "sat", "sun"), ("10:00-13:00", "14:00-22:00")),
    ),
    "east": Calendar(zone="America/New_York", holidays="US", dates={dt.date(2026, 3, 18): ()}),
}
STATUS = ("new", "open", "open", "pending", "pending", "hold", "solved", "solved", "closed")
Row = dict[str, Any]


@dataclass
class Ticket:
    """A ticket row, its events in file order, and whether its source is known to log each field."""

    row: Row
    events: list[Row] = field(default_factory=list)

    @property
    def created(self) -> dt.datetime:
        created: dt.datetime = self.row["created_at"]
        return created

    def ordered(self, *fields: str) -> list[Row]:
        """Return events of these fields in order, none before the ticket's creation."""
        mine = [dict(e, at=max(e["at"], self.created), raw=e["at"]) for e in self.events if e["field"] in fields]
        return sorted(mine, key=lambda e: (e["at"], e["seq"]))


def later(rng: random.Random, than: dt.datetime, hours: float) -> dt.datetime:
    """Return a whole minute after `than`; often the same one."""
    return than if rng.random() < 0.15 else than + MINUTE * int(rng.expovariate(1 / (hours * 60)))


def random_ticket(rng: random.Random, source: str, number: int) -> Ticket:
    created = START + MINUTE * rng.randrange(14 * 1440)
    row: Row = {
        "source": source,
        "ticket_id": f"{number:05}",
        "created_at": created,
        "status": rng.choice((*STATUS, "deleted", None)),
        "kind": rng.choice(("complaint", "question", None)),
        "channel": rng.choice(("email", "phone")),
        "segment": rng.choice(("gold", None)),
        "priority": rng.choice(("urgent", "high", "normal", None)),
        "team": rng.choice(("first", "second", None)),
        "excluded": rng.choice(("spam", "test", *[None] * 12)),
        "merged_into": rng.choice(("1", *[None] * 15)),
    }
    ticket = Ticket(row)
    if source in ("log", "part") and rng.random() < 0.9:
        log(rng, ticket, comments=source == "log")
    if source in ("stamp", "part"):
        stamp(rng, row)
    if source == "reported":
        for name in (
            "first_response",
            "first_resolution",
            "full_resolution",
            "requester_wait",
            "agent_wait",
            "on_hold",
        ):
            for unit in ("_s", "_business_s"):
                row[f"reported_{name}{unit}"] = rng.choice((None, None, -60, 60 * rng.randrange(3000)))
        if rng.random() < 0.5:
            row["solved_at"], row["reopens"] = later(rng, created, 30), rng.choice((None, 0, 1))
    return ticket


def stamp(rng: random.Random, row: Row) -> None:
    """Give a ticket the timestamps and counts a source may state, some of them impossible."""
    created = row["created_at"]
    row["first_response_at"] = rng.choice((None, later(rng, created, 6), created - MINUTE))
    row["first_solved_at"] = rng.choice((None, None, later(rng, created, 20)))
    row["solved_at"] = rng.choice((None, later(rng, created, 40), later(rng, created, 40), created - 5 * MINUTE))
    row["closed_at"] = rng.choice((None, later(rng, created, 60)))
    row["updated_at"] = rng.choice((None, later(rng, created, 90)))
    row.update({name: rng.choice((None, 0, 2)) for name in ("replies", "reopens", "reassignments", "transfers")})


def log(rng: random.Random, ticket: Ticket, *, comments: bool) -> None:
    """Write a history: states, comments of humans, bots and customers, notes, teams, agents, priorities."""
    now: dict[str, str | None] = {
        "status": rng.choice(("new", "open")),
        "team": None,
        "agent": None,
        "priority": rng.choice((None, "normal")),
    }
    words: dict[str, tuple[str | None, ...]] = {
        "status": (*STATUS, "deleted") if rng.random() < 0.1 else STATUS,
        "team": ("first", "second", "experts", None),
        "agent": ("1", "2", None),
        "priority": ("urgent", "high", "normal", "low"),
    }
    moment = ticket.created - MINUTE * rng.choice((0, 0, 0, 0, 3))
    if comments and rng.random() < 0.8:
        actor, public = rng.choice(("customer", "customer", "agent")), rng.choice((True, True, True, False))
        add(ticket, moment, "comment", actor=actor, public=public)
    for _ in range(rng.randrange(14)):
        moment = later(rng, moment, 7)
        what = rng.choice(("comment", "comment", "status", "status", "status", "team", "agent", "priority"))
        if what == "comment":
            if comments:
                actor = rng.choice(("agent", "agent", "customer", "customer", "bot", "system"))
                add(ticket, moment, "comment", actor=actor, public=rng.choice((True, True, True, False, None)))
            continue
        if what == "priority" and not comments:
            continue
        new = rng.choice(words[what])
        actor = rng.choice(("agent", "agent", "bot")) if what == "status" else "agent"
        add(ticket, moment, what, old=now[what] if rng.random() < 0.8 else None, new=new, actor=actor)
        now[what] = new
        if comments and what == "status" and rng.random() < 0.3:
            add(ticket, moment, "comment", actor=rng.choice(("agent", "customer")), public=True)


def add(ticket: Ticket, moment: dt.datetime, what: str, **cells: Any) -> None:
    """Append an event; its place in the ticket is its number."""
    event = {
        "source": ticket.row["source"],
        "ticket_id": ticket.row["ticket_id"],
        "seq": len(ticket.events) + 1,
        "at": moment,
        "field": what,
    }
    ticket.events.append(event | {"old": None, "new": None, "actor": None, "public": None} | cells)


def histories(seed: int, n: int) -> list[Ticket]:
    rng = random.Random(seed)
    return [random_ticket(rng, rng.choice(("log", "log", "log", "part", "stamp", "reported")), i) for i in range(n)]


def settings(*policies: Policy) -> Settings:
    robots = Robots(names=(ROBOT,))  # type: ignore[call-arg]
    return Settings(company=Company(), calendars=CALENDARS, calendar="support", sla=policies, robots=robots)


def loaded(tickets: list[Ticket]) -> duckdb.DuckDBPyConnection:
    """Return a database with the tickets as a load leaves them."""
    con = duckdb.connect()
    con.execute("SET GLOBAL TimeZone = 'UTC'")
    create_tables(con)
    insert(con, "tickets", [t.row for t in tickets])
    insert(con, "ticket_events", [e for t in tickets for e in t.events])
    return con


def insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[Row]) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    if rows:
        columns = ", ".join(f'"{name}"' for name in names)
        cells = ", ".join(f"unnest(${i})" for i in range(1, len(names) + 1))
        con.execute(f"INSERT INTO {table} ({columns}) SELECT {cells}", [[row.get(n) for row in rows] for n in names])


@cache
def opens(calendar: str, minute: int) -> bool:
    """Tell whether a minute since START is worked."""
    moment = START + MINUTE * minute
    if calendar == "24x7":
        return True
    from test_calendar import is_working

    zone = ZoneInfo(CALENDARS[calendar].zone)
    return is_working(CALENDARS[calendar], moment.replace(tzinfo=dt.UTC).astimezone(zone).replace(tzinfo=None))


def minutes(a: dt.datetime, b: dt.datetime) -> range:
    return range((a - START) // MINUTE, (b - START) // MINUTE)


def working(a: dt.datetime, b: dt.datetime, calendar: str = "support") -> int:
    """Return the working seconds between two moments, counted minute by minute."""
    whole = 60 * sum(opens(calendar, m) for m in minutes(a, b))
    first, last = ((x.second if opens(calendar, (x - START) // MINUTE) else 0) for x in (a, b))
    return whole - first + last


def spans(
    ticket: Ticket, keeps_solved: bool
) -> list[tuple[str, str | None, dt.datetime, dt.datetime | None, dt.datetime]]:
    """Return (status, previous, from, until, from as the source wrote it) of every stretch."""
    changes: list[tuple[str, dt.datetime, dt.datetime]] = []
    known = [e for e in ticket.ordered("status") if e["new"] in WORDS["status"]]
    if known:
        old, new = known[0]["old"], known[0]["new"]
        changes.append((old or (new if new in UNSOLVED else "open"), ticket.created, ticket.created))
        for e in known:
            if e["new"] != changes[-1][0]:
                changes.append((e["new"], e["at"], e["raw"]))
    else:
        status = stated(ticket.row, keeps_solved)
        solved = ticket.row.get("solved_at") or ticket.row.get("closed_at")
        if status in UNSOLVED or (status in SOLVED and solved and solved >= ticket.created):
            changes.append(("open", ticket.created, ticket.created))
        if status in SOLVED and solved and solved >= ticket.created:
            changes.append(("solved", solved, solved))
    ends: list[dt.datetime | None] = [*(c[1] for c in changes[1:]), None]
    before: list[str | None] = [None, *(c[0] for c in changes)]
    return [(s, p, a, b, raw) for (s, a, raw), p, b in zip(changes, before, ends, strict=False)]


def stated(row: Row, keeps_solved: bool) -> str | None:
    solved = row.get("solved_at") or row.get("closed_at")
    return row["status"] or ("solved" if solved else "open" if keeps_solved else None)


def comments(ticket: Ticket) -> tuple[list[Row], list[Row]]:
    """Return (public human agent replies, public customer comments); an agent's opening comment is no reply."""
    said = ticket.ordered("comment")
    opened = opening(said, ticket)
    public = [c for c in said if c["public"] is not False]
    return (
        [c for c in public if c["actor"] == "agent" and c["seq"] != opened],
        [c for c in public if c["actor"] == "customer"],
    )


def moves(ticket: Ticket, what: str) -> int:
    """Return the number of changes of agent or team after the first assignment."""
    held, count = None, 0
    for e in sorted((e for e in ticket.events if e["field"] == what), key=lambda e: (e["at"], e["seq"])):
        held = held if held is not None else e["old"]
        if e["new"] is None:
            continue
        count += held is not None and e["new"] != held
        held = e["new"]
    return count


Cycle = tuple[int, dt.datetime, dt.datetime | None, bool | None, dt.datetime | None]


def cycles(ticket: Ticket, known: "Known") -> list[Cycle]:
    """Return (cycle, from, until, answered, until its promise stopped) of every wait of the customer."""
    replies, asks = comments(ticket)
    happened = [(c["at"], c["seq"], "answer") for c in replies] + [(c["at"], c["seq"], "ask") for c in asks]
    states = spans(ticket, known.keeps_solved)
    logged = any(e["field"] == "status" and e["new"] in WORDS["status"] for e in ticket.events)
    seqs = [e["seq"] for e in changes_of(ticket)] if logged else [0] * len(states)
    for (status, previous, a, _, _), seq in zip(states, [-1, *seqs], strict=False):
        if status in UNSOLVED and previous and previous not in UNSOLVED:
            happened.append((a, seq, "reopen"))
        if status not in UNSOLVED and (previous is None or previous in UNSOLVED):
            happened.append((a, seq, "solve"))
    happened.sort()
    talks = known.logs_comments and (logged or any(e["field"] == "comment" for e in ticket.events))
    own = [ticket.row.get(name) for name in ("first_response_at", "reported_first_response_s")]
    if known.first_comment and ticket.row.get("status") in UNSOLVED and own == [None, None]:
        talks = talks or ticket.row["created_at"] >= known.first_comment
    firsts, others = walk(happened, *owed(ticket))
    if talks:
        joined = [(1, firsts[0][0], firsts[-1][1], firsts[-1][2], firsts[0][1])] if firsts else []
        return joined + [(place, a, b, done, b) for place, (a, b, done) in enumerate(others, 2)]
    response = ticket.row.get("first_response_at")
    reported = ticket.row.get("reported_first_response_s")
    if response is None and reported is not None:
        response = ticket.created + dt.timedelta(seconds=reported)
    stop = firsts[0][1] if firsts else None
    ends = [x for x in (response, stop) if x]
    until = min(ends) if ends else None
    answered = (response is not None and response <= (stop or response)) if until else None
    return [(1, ticket.created, until, answered, until)] if known.keeps_response else []


Wait = tuple[dt.datetime, dt.datetime | None, bool | None]


def walk(
    happened: list[tuple[dt.datetime, int, str]], basis: str, due: tuple[dt.datetime, int] | None
) -> tuple[list[Wait], list[Wait]]:
    """Return the waits (from, until, answered) before a human ever answered, and those after."""
    firsts: list[Wait] = []
    others: list[Wait] = []
    since = due[0] if due and basis in ("created", "handover") else None
    solved = asked = heard = ended = False
    for moment, seq, what in happened:
        counts = due is not None and (moment, seq) > due
        if what in ("answer", "solve"):
            solved = solved or what == "solve"
            if counts:
                if since:
                    (others if heard else firsts).append((since, moment, what == "answer"))
                since, asked, ended, heard = None, False, True, heard or what == "answer"
        elif what == "reopen":
            solved = False
            if asked and not since:
                since = moment
        elif (ended or basis == "customer_words") and not asked:
            asked = True
            if not solved:
                since = moment
    if since:
        (others if heard else firsts).append((since, None, None))
    return firsts, others


ROBOT = "2"
"""An agent's id that belongs to a robot."""


def owed(ticket: Ticket) -> tuple[str, tuple[dt.datetime, int] | None]:
    """Return why and from when (moment, seq) a ticket is owed its first answer; None when it is owed none."""
    created = ("created", (ticket.created, -2))
    said = ticket.ordered("comment")
    if not said:
        return created
    replies, asks = comments(ticket)
    first_ask = min(((c["at"], c["seq"]) for c in asks), default=None)
    if opening(said, ticket):
        return ("customer_words", first_ask) if first_ask else ("agent_opened", None)
    answer = min(((c["at"], c["seq"]) for c in replies), default=None)
    robot, people = handled(ticket)
    if robot is None or (answer and (answer < robot or (people and answer < people))) or (people and people < robot):
        return created
    if people:
        return "handover", people
    states = [e["new"] for e in changes_of(ticket)]
    return ("robot", None) if states and states[-1] in SOLVED and not answer else created


def handled(ticket: Ticket) -> tuple[tuple[dt.datetime, int] | None, tuple[dt.datetime, int] | None]:
    """Return when a robot first handled a ticket, and when it was first handed to people."""
    robot = [e for e in ticket.ordered("comment") if e["actor"] == "bot" and e["public"] is not False]
    robot += [e for e in ticket.ordered("agent") if e["new"] == ROBOT]
    people = [e for e in ticket.ordered("agent") if e["new"] not in (None, ROBOT)]
    people += [e for e in ticket.ordered("agent") if e["new"] is None and e["old"] == ROBOT]
    changes, state = changes_of(ticket), None
    for e, following in zip(changes, [*changes[1:], None], strict=False):
        if state is None:
            state = e["old"] or (e["new"] if e["new"] in UNSOLVED else "open")
        if e["new"] in SOLVED and state not in SOLVED and e["actor"] == "bot":
            robot.append(e)
            if following and following["new"] in UNSOLVED:
                people.append(following)
        state = e["new"]
    first = [min(((e["at"], e["seq"]) for e in events), default=None) for events in (robot, people)]
    return first[0], first[1]


def opening(said: list[Row], ticket: Ticket) -> int | None:
    """Return the place of the comment with which an agent opened a ticket."""
    edge = ticket.created + dt.timedelta(seconds=10)
    early = sorted((c for c in said if c["raw"] <= edge), key=lambda c: (c["raw"], c["seq"]))
    return early[0]["seq"] if early and early[0]["actor"] == "agent" else None


def changes_of(ticket: Ticket) -> list[Row]:
    """Return the status events that changed the state."""
    state, kept = None, []
    for e in (e for e in ticket.ordered("status") if e["new"] in WORDS["status"]):
        if state is None:
            state = e["old"] or (e["new"] if e["new"] in UNSOLVED else "open")
        if e["new"] != state:
            kept.append(e)
            state = e["new"]
    return kept


@dataclass
class Known:
    """What a source records at all."""

    keeps_solved: bool
    keeps_response: bool
    logs_comments: bool
    logs_agents: bool
    logs_teams: bool
    first_comment: dt.datetime | None


def known_of(tickets: list[Ticket], source: str) -> Known:
    mine = [t for t in tickets if t.row["source"] == source]
    logs = {e["field"] for t in mine for e in t.events}
    return Known(
        any(t.row.get("solved_at") or t.row.get("closed_at") for t in mine),
        any(t.row.get("first_response_at") or t.row.get("reported_first_response_s") is not None for t in mine),
        "comment" in logs,
        "agent" in logs,
        "team" in logs,
        min((e["at"] for t in mine for e in t.events if e["field"] == "comment"), default=None),
    )
