"""Our figures beside the vendors' own: every ticket of random histories against a slow second account of the rules."""

import datetime as dt
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import asked as road
import pytest
from opening import opener
from streamlit.testing.v1 import AppTest
from test_sla import published
from test_timing import contents, expected, records
from timing_histories import (
    AS_OF,
    MINUTE,
    START,
    Known,
    Row,
    Ticket,
    add,
    changes_of,
    comments,
    histories,
    known_of,
    loaded,
    owed,
    settings,
    spans,
    working,
)
from timing_histories import opening as opened_by
from typer.testing import CliRunner

from insights import texts, timing, warehouse
from insights.asking import Desk
from insights.cli import app
from insights.cli import reconcile as _command  # noqa: F401
from insights.errors import SettingsWrong, UnknownName
from insights.filters import EVERYTHING, Filters
from insights.metrics import METRICS
from insights.schema import SOLVED, UNSOLVED, WORDS
from insights.settings import Company, RuleName, Settings, load_settings
from insights.timing import EXPORTED, FIGURES, REASONS, RULES, derive, reconcile
from insights.ui.views.data import reconciliation

ROOT = Path(__file__).parents[1]
UNITS = {"calendar": "_s", "business": "_business_s"}
STATES = {"requester_wait": ("new", "open", "hold"), "agent_wait": ("pending",), "on_hold": ("hold",)}
RULED = {
    "own": {},
    "zendesk": {},
    "jira": {
        "first_response": "reply_or_solve",
        "first_resolution": "first_cycle_without_pending",
        "full_resolution": "last_cycle_without_pending",
    },
    "freshdesk": {
        "first_response": "human_reply",
        "first_resolution": "first_cycle_without_waits",
        "full_resolution": "without_waits",
    },
    "servicenow": {"first_response": "picked_up"},
}
TRAITS = {
    "first_response": {
        "from_creation_by_agent": "agent_opened",
        "from_creation_by_robot": "robot",
        "bot_reply": "bot_reply",
        "internal_note": "internal_note",
        "opening_comment": "opening_comment",
        "reply_or_solve": "solved_without_reply",
        "picked_up": "picked_up",
        "since_its_team": "other_team",
    },
    "first_resolution": {
        "last_solve": "reopened",
        "first_cycle_without_pending": "paused",
        "first_cycle_without_waits": "paused",
        "closed": "closed_not_solved",
    },
    "full_resolution": {
        "first_solve": "reopened",
        "whatever_state": "reopened",
        "since_reopening": "reopened",
        "unsolved_time": "reopened",
        "last_cycle_without_pending": "paused",
        "without_pending": "paused",
        "without_waits": "paused",
        "closed": "closed_not_solved",
        "since_its_team": "other_team",
    },
    "requester_wait": {
        "first_cycle": "reopened",
        "without_hold": "paused",
        "with_pending": "paused",
        "finished": "still_running",
    },
    "agent_wait": {"first_cycle": "reopened", "with_hold": "paused", "finished": "still_running"},
    "on_hold": {"first_cycle": "reopened", "with_pending": "paused", "finished": "still_running"},
}
Pair = tuple[int | None, int | None]
NOTHING: Pair = (None, None)


def length(a: dt.datetime | None, b: dt.datetime | None) -> Pair:
    """Return the seconds and the working seconds between two moments."""
    return NOTHING if a is None or b is None or b < a else (int((b - a).total_seconds()), working(a, b))


def total(pieces: list[Any], *states: str) -> Pair:
    """Return the time spent in states."""
    parts = [length(a, b) for status, a, b in pieces if status in states]
    return sum(p[0] or 0 for p in parts), sum(p[1] or 0 for p in parts)


def is_logged(ticket: Ticket) -> bool:
    return any(e["field"] == "status" and e["new"] in WORDS["status"] for e in ticket.events)


def first_of(*moments: dt.datetime | None) -> dt.datetime | None:
    return min((m for m in moments if m), default=None)


def readings(ticket: Ticket, known: Known) -> tuple[dict[str, dict[str, Pair]], int, dict[str, bool]]:
    """Return every known reading of every figure, the number of solves, and whether each figure is not ours."""
    row, created, found = ticket.row, ticket.created, expected(ticket, known)
    logged, talks = is_logged(ticket), any(e["field"] == "comment" for e in ticket.events)
    stretches = spans(ticket, known.keeps_solved)
    reply, solve, last = (found[c] for c in ("first_response_at", "first_solved_at", "solved_at"))
    base = {f: (found[f"{f}_s"], found[f"{f}_business_s"]) for f in FIGURES}
    read: dict[str, dict[str, Pair]] = {f: {FIGURES[f][0].name: base[f]} for f in FIGURES}
    if talks:
        replies, _ = comments(ticket)
        said = ticket.ordered("comment")
        opening = opened_by(said, ticket)
        word = {"customer_words": "agent", "agent_opened": "agent", "handover": "robot", "robot": "robot"}
        if (by := word.get(owed(ticket)[0])) is not None:
            first = first_of(*(c["at"] for c in replies))
            read["first_response"][f"from_creation_by_{by}"] = length(created, first)
        heard: dict[str, list[dt.datetime]] = {
            "bot_reply": [c["at"] for c in said if c["public"] is not False and c["actor"] in ("bot", "system")],
            "internal_note": [
                c["at"] for c in said if c["public"] is False and c["actor"] == "agent" and c["seq"] != opening
            ],
            "opening_comment": [c["at"] for c in said if c["public"] is not False and c["seq"] == opening],
        }
        for name, moments in heard.items():
            read["first_response"][name] = length(created, first_of(*moments, *(c["at"] for c in replies)))
    read["first_response"]["reply_or_solve"] = length(created, first_of(reply, solve))
    taken = [e["at"] for e in ticket.ordered("agent") if e["new"] is not None]
    taken += [a for _, p, a, _, _ in stretches if logged and p == "new"]
    if logged or taken:
        read["first_response"]["picked_up"] = length(created, first_of(*taken))
    closings = [a for s, _, a, _, _ in stretches if logged and s == "closed"]
    closed = max(closings, default=row.get("closed_at"))
    handed = [max(created, e["at"]) for e in ticket.ordered("team")] if created else []
    for figure, end in (("first_response", reply), ("full_resolution", last)):
        since = max((at for at in handed if end is not None and at <= end), default=None)
        read[figure]["since_its_team"] = length(since, end)
    read["first_resolution"] |= {"last_solve": length(created, last), "closed": length(created, closed)}
    read["full_resolution"] |= {
        "first_solve": length(created, solve),
        "whatever_state": length(created, last),
        "closed": length(created, closed),
    }
    solves = 0
    if logged:
        cycles: list[list[Any]] = [[]]
        reopenings: list[tuple[int, dt.datetime]] = []
        for s, p, a, b, _ in stretches:
            if s in SOLVED and p not in SOLVED:
                solves += 1
                cycles.append([])
            if s in UNSOLVED and p in SOLVED:
                reopenings.append((solves, a))
            cycles[-1].append((s, a, b or max(a, AS_OF)))
        back = max((a for before, a in reopenings if before == solves - 1), default=None)
        everything = [piece for cycle in cycles for piece in cycle]
        ended = [(s, a, b) for s, _, a, b, _ in stretches if b is not None]
        if solves:
            read["first_resolution"] |= {
                "first_cycle_without_pending": total(cycles[0], "new", "open", "hold"),
                "first_cycle_without_waits": total(cycles[0], "new", "open"),
            }
            solved = stretches[-1][0] in SOLVED and last is not None
            read["full_resolution"] |= {
                "since_reopening": length(back, last) if solved else NOTHING,
                "unsolved_time": total(everything, *UNSOLVED) if solved else NOTHING,
                "last_cycle_without_pending": total(cycles[-2], "new", "open", "hold") if solved else NOTHING,
                "without_pending": total(everything, "new", "open", "hold") if solved else NOTHING,
                "without_waits": total(everything, "new", "open") if solved else NOTHING,
            }
        others = {
            "requester_wait": {"without_hold": ("new", "open"), "with_pending": UNSOLVED},
            "agent_wait": {"with_hold": ("pending", "hold")},
            "on_hold": {"with_pending": ("pending", "hold")},
        }
        for figure, states in STATES.items():
            read[figure]["first_cycle"] = total(cycles[0], *states)
            read[figure]["finished"] = total(ended, *states)
            for name, other in others[figure].items():
                read[figure][name] = total(everything, *other)
    made = row.get("first_solved_at") is None and (row.get("solved_at") is None or row.get("reopens") != 0)
    foreign = {
        "first_response": reply is None and not talks,
        "first_resolution": not logged and made,
        "full_resolution": last is None and not logged,
        **dict.fromkeys(STATES, not logged),
    }
    return read, solves, foreign


def measured(rule: str, figure: str, clock: str) -> int:
    """Return which of a pair a rule shows on a clock."""
    return 1 if clock == "business" or (rule == "freshdesk" and figure in RULED[rule]) else 0


def by_rule(rule: str, figure: str, read: dict[str, Pair], place: int) -> int | None:
    """Return a figure by a rule; where its reading is not known, ours."""
    name = RULED[rule].get(figure, FIGURES[figure][0].name)
    found = read[name][place] if name in read else read[FIGURES[figure][0].name][place]
    return found if found is None or rule != "zendesk" else found - found % 60


def near(a: int | None, b: int | None) -> bool:
    return a is not None and b is not None and abs(a - b) <= 60


def why(rule: str, figure: str, clock: str, ticket: Ticket, read: dict[str, Pair], solves: int) -> str | None:
    """Return why ours and theirs differ, trying one explanation after another; None when they are equal."""
    place = measured(rule, figure, clock)
    ours, theirs = by_rule(rule, figure, read, place), reported(ticket, figure, UNITS[clock])
    if near(ours, theirs):
        return None
    if theirs is None:
        return "only_ours"
    other = by_rule(rule, figure, read, 1 - place)
    compares = clock == "business" and measured(rule, figure, "calendar") == 0
    if compares and near(by_rule(rule, figure, read, 0), reported(ticket, figure, "_s")):
        return "business_clock" if near(other, theirs) else "other_hours"
    own, base = RULED[rule].get(figure, FIGURES[figure][0].name), FIGURES[figure][0].name
    found = []
    for name, values in read.items():
        if name != own and near(values[place], theirs):
            mine, its = traits(figure, own), traits(figure, name)
            differing = sorted((mine ^ its) or its or mine, key=REASONS.index)
            if differing == ["reopened", "paused"]:
                found.append(("paused", "reopened" if solves > 1 else "paused"))
            else:
                found.append((differing[0], differing[0]))
    plain = read[base][list(UNITS).index(clock)]
    if near(other, theirs) or (place != list(UNITS).index(clock) and near(plain, theirs)):
        found.append(("business_clock", "business_clock"))
    if place == 0 and figure not in STATES and ours is not None and abs(abs(theirs - ours) - 3 * 3600) <= 60:
        found.append(("zone", "zone"))
    if found:  # the first of equals
        return min(found, key=lambda f: REASONS.index(f[0]))[1]
    return "only_theirs" if ours is None else "unexplained"


def traits(figure: str, name: str) -> set[str]:
    if name == "last_cycle_without_pending":
        return {"reopened", "paused"}
    return {TRAITS[figure][name]} if name in TRAITS[figure] else set()


def reported(ticket: Ticket, figure: str, unit: str) -> int | None:
    value = ticket.row.get(f"reported_{figure}{unit}")
    return value if value is not None and value >= 0 else None


def knowns(tickets: list[Ticket]) -> dict[str, Known]:
    return {source: known_of(tickets, source) for source in {t.row["source"] for t in tickets}}


def with_reports(seed: int, n: int) -> list[Ticket]:
    """Return histories whose sources report figures: some reading of the history, in some clock, or noise."""
    rng, tickets = random.Random(seed), histories(seed, n)
    of = knowns(tickets)
    for ticket in tickets:
        if ticket.row["source"] == "reported":
            continue
        read, _, _ = readings(ticket, of[ticket.row["source"]])
        planted: Row = {}
        for figure in FIGURES:
            name = rng.choice([n for n in read[figure] if n != "since_its_team"])
            for place, unit in enumerate(UNITS.values()):
                base, wanted = read[figure][FIGURES[figure][0].name][place], read[figure][name][place]
                swapped = read[figure][name][1 - place]
                moved = None if base is None else base + rng.choice((-10_800, 10_800, 30, -60, 61))
                planted[f"reported_{figure}{unit}"] = rng.choice(
                    (wanted, wanted, wanted, base, base, swapped, moved, rng.randrange(400_000), None)
                )
        since, whole = (read["first_response"][name] for name in ("since_its_team", "human_reply"))
        if int(ticket.row["ticket_id"]) % 2 and since not in (whole, NOTHING):
            planted |= {f"reported_first_response{unit}": of for unit, of in zip(UNITS.values(), since, strict=True)}
        ticket.row |= {name: value for name, value in planted.items() if value is None or value >= 0}
    return tickets


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[list[Ticket], Path, Path]]:
    """Return tickets with reported figures, the directory that publishes them, and the version's file."""
    tickets, directory = with_reports(41, 280), tmp_path_factory.mktemp("reports") / "w"
    yield tickets, directory, published(directory, tickets, settings(), AS_OF)
    warehouse.close(directory)


Account = tuple[dict[str, dict[str, Pair]], int, dict[str, bool]]


@pytest.fixture(scope="module")
def accounts(desk: tuple[list[Ticket], Path, Path]) -> dict[tuple[str, str], Account]:
    """Return the slow account of every ticket, told once for all rules."""
    of = knowns(desk[0])
    return {(t.row["source"], t.row["ticket_id"]): readings(t, of[t.row["source"]]) for t in desk[0]}


@pytest.mark.parametrize("rule", RULES)
def test_every_figure_of_every_ticket_has_the_side_and_the_reason_a_slow_account_gives(
    desk: tuple[list[Ticket], Path, Path], accounts: dict[tuple[str, str], Account], rule: str
) -> None:
    tickets, _, path = desk
    found = reconcile(path, settings(), AS_OF, rules=rule)
    listed = {(r["source"], r["ticket_id"], r["figure"], r["clock"]): r for r in found.rows()}
    wanted, sums = {}, Counter[tuple[str, ...]]()
    reporting = {
        (t.row["source"], f, c)
        for t in tickets
        for f in FIGURES
        for c, u in UNITS.items()
        if reported(t, f, u) is not None
    }
    took_over = {(t.row["source"], t.row["merged_into"]) for t in tickets}
    for ticket in tickets:
        source = ticket.row["source"]
        read, solves, foreign = accounts[source, ticket.row["ticket_id"]]
        for figure in FIGURES:
            for clock, unit in UNITS.items():
                if (source, figure, clock) not in reporting:
                    continue
                theirs = reported(ticket, figure, unit)
                if foreign[figure]:
                    sums[source, figure, clock, "not_ours"] += theirs is not None
                    continue
                ours = by_rule(rule, figure, read[figure], measured(rule, figure, clock))
                if ours is None and theirs is None:
                    continue
                reason = why(rule, figure, clock, ticket, read[figure], solves)
                if reason == "unexplained" and (source, ticket.row["ticket_id"]) in took_over:
                    reason = "merged"
                if reason:
                    wanted[source, ticket.row["ticket_id"], figure, clock] = (theirs, ours, reason)
                both = ours is not None and theirs is not None
                side = (reason or "equal") if both else "only_theirs" if ours is None else "only_ours"
                sums[source, figure, clock, side] += 1
    assert {k: (r["reported_s"], r["ours_s"], r["reason"]) for k, r in listed.items()} == wanted
    for line in found.summary():
        key = (line["source"], line["figure"], line["clock"])
        assert line["equal"] + sum(line["reasons"].values()) == line["compared"]
        assert sum(line["reasons"].values()) == line["differing"]
        parts = {k: line[k] for k in ("equal", "only_ours", "only_theirs", "not_ours")} | line["reasons"]
        assert {k: n for k, n in parts.items() if n} == {k[3]: n for k, n in sums.items() if k[:3] == key and n}
    seen = {r["reason"] for r in listed.values()}
    wanted_of_all = {"bot_reply", "internal_note", "business_clock", "reopened", "paused", "other_hours", "unexplained"}
    assert wanted_of_all | ({"other_team"} if rule == "own" else set()) <= seen
    assert ("zone" in seen) == (rule != "freshdesk")  # its calendar column is working time


@pytest.mark.parametrize("rule", RULES)
def test_loading_by_a_rule_writes_its_figures_and_going_back_restores_ours(
    desk: tuple[list[Ticket], Path, Path], accounts: dict[tuple[str, str], Account], rule: str
) -> None:
    tickets, own = desk[0], settings()
    con = loaded(tickets)
    derive(con, own, AS_OF)
    before = contents(con)
    derive(con, own.model_copy(update={"rules": rule}), AS_OF)
    rows = {(r["source"], r["ticket_id"]): r for r in records(con, "tickets")}
    ours = {(r["source"], r["ticket_id"]): r for r in before["tickets"]}
    for ticket in tickets:
        key = (ticket.row["source"], ticket.row["ticket_id"])
        read, _, foreign = accounts[key]
        for figure in FIGURES:
            for clock, unit in UNITS.items():
                wanted = by_rule(rule, figure, read[figure], measured(rule, figure, clock))
                kept = ours[key][f"{figure}{unit}"]
                assert rows[key][f"{figure}{unit}"] == (kept if foreign[figure] else wanted), (key, figure, clock)
        unchanged = ("solved_at", "first_solved_at", "solved_day", "is_open", "clock_basis", "replies", "reopens")
        assert [rows[key][c] for c in unchanged] == [ours[key][c] for c in unchanged]
        at, seconds = rows[key]["first_response_at"], rows[key]["first_response_s"]
        if at and seconds is not None and rule != "freshdesk" and not foreign["first_response"]:
            owed_from = rows[key]["response_from_at"]
            assert at - dt.timedelta(seconds=seconds) in (ticket.created, owed_from)
    for table in ("status_spans", "reply_cycles", "sla_clocks"):
        assert contents(con)[table] == before[table]
    derive(con, own, AS_OF)
    assert contents(con) == before
    restored = {(r["source"], r["ticket_id"]): r for r in records(con, EXPORTED)}
    names = ("first_response_at", "first_solved_at", "solved_at", "replies", "reopens")
    for ticket in tickets:
        key = (ticket.row["source"], ticket.row["ticket_id"])
        assert [restored[key][n] for n in names] == [ticket.row.get(n) for n in names]


def told() -> Ticket:
    """Return a ticket opened on a Monday at 09:00: picked up after 10 minutes, answered after 30, pending 60 to 120,
    solved at 150, reopened at 200, on hold from 210 to 240, solved again at 250, closed at 400.
    """
    opened = dt.datetime(2026, 3, 16, 6)
    ticket = Ticket({"source": "log", "ticket_id": "1", "created_at": opened, "status": "closed"})
    add(ticket, opened + MINUTE * 1, "comment", actor="bot", public=True)
    add(ticket, opened + MINUTE * 10, "agent", new="7")
    add(ticket, opened + MINUTE * 30 + dt.timedelta(seconds=20), "comment", actor="agent", public=True)
    for minute, old, new in (
        (12, "new", "open"),
        (60, "open", "pending"),
        (120, "pending", "open"),
        (150, "open", "solved"),
        (200, "solved", "open"),
        (210, "open", "hold"),
        (240, "hold", "open"),
        (250, "open", "solved"),
        (400, "solved", "closed"),
    ):
        add(ticket, opened + MINUTE * minute, "status", old=old, new=new)
    return ticket


@pytest.mark.parametrize(
    ("rule", "first_response", "first_resolution", "full_resolution"),
    [
        ("own", 20 * 60 + 20, 150 * 60, 250 * 60),
        ("zendesk", 20 * 60, 150 * 60, 250 * 60),
        ("jira", 30 * 60 + 20, 90 * 60, 50 * 60),
        ("freshdesk", 20 * 60 + 20, 90 * 60, 110 * 60),
        ("servicenow", 10 * 60, 150 * 60, 250 * 60),
    ],
)
def test_each_vendor_reads_one_story_in_its_own_way(
    rule: str, first_response: int, first_resolution: int, full_resolution: int
) -> None:
    con = loaded([told()])
    derive(con, settings().model_copy(update={"rules": rule}), AS_OF)
    columns = "first_response_s, first_resolution_s, full_resolution_s"
    found = con.execute(f"SELECT {columns} FROM tickets").fetchall()
    assert found == [(first_response, first_resolution, full_resolution)]


def test_by_freshdesk_both_clocks_are_working_time() -> None:
    ticket = Ticket({"source": "log", "ticket_id": "1", "created_at": START, "status": "open"})  # a Saturday, midnight
    add(ticket, START + dt.timedelta(days=2, hours=7), "comment", actor="agent", public=True)  # Monday 10:00 local
    con = loaded([ticket])
    derive(con, settings().model_copy(update={"rules": "freshdesk"}), AS_OF)
    found = con.execute("SELECT first_response_s, first_response_business_s FROM tickets").fetchall()
    assert found == [(3600, 3600)]


def test_by_jira_a_solve_without_a_word_is_the_response_and_its_reason() -> None:
    ticket = Ticket({"source": "log", "ticket_id": "1", "created_at": START, "status": "solved"})
    add(ticket, START + MINUTE * 5, "comment", actor="customer", public=True)
    add(ticket, START + MINUTE * 40, "status", old="open", new="solved")
    con = loaded([ticket])
    for rule, wanted in (("own", None), ("jira", 2400)):
        derive(con, settings().model_copy(update={"rules": rule}), AS_OF)
        assert con.execute("SELECT first_response_s FROM tickets").fetchall() == [(wanted,)]


def test_changed_rules_are_applied_by_the_next_load_of_the_same_file(tmp_path: Path) -> None:
    tickets, events = tmp_path / "tickets.csv", tmp_path / "ticket_events.csv"
    tickets.write_text(
        "ticket_id,customer_id,status,created_at,reported_first_response_s\n1,c,solved,2026-03-16 06:00,600\n"
    )
    lines = [
        "1,1,2026-03-16 06:10,agent,,7,agent,",
        "1,2,2026-03-16 06:30,comment,,,agent,true",
        "1,3,2026-03-16 07:00,status,open,solved,agent,",
    ]
    events.write_text("ticket_id,seq,at,field,old,new,actor,public\n" + "\n".join(lines) + "\n")
    of = Settings(warehouse=tmp_path / "w", profiles=tmp_path)

    def load(rules: str) -> tuple[int | None, list[tuple[int | None, Any]]]:
        chosen = of.model_copy(update={"rules": rules})
        version = warehouse.load([tickets, events], chosen, as_of=dt.datetime(2026, 3, 17)).version
        held = warehouse.open_current(of.warehouse)
        rows = held.source._con.execute("SELECT first_response_s, reported_first_response_s FROM tickets").fetchall()
        assert held.fact("rules") == rules
        return version, rows

    assert load("own") == (1, [(1800, 600)])
    assert load("own") == (None, [(1800, 600)])
    assert load("servicenow") == (2, [(600, 600)])
    assert load("own") == (3, [(1800, 600)])
    warehouse.close(of.warehouse)


def test_wall_clock_times_taken_for_utc_are_off_by_the_zone(tmp_path: Path) -> None:
    opened = dt.datetime(2026, 3, 28, 12)  # London's clocks go forward that night
    row = {"source": "stamp", "created_at": opened, "status": "solved", "solved_at": opened + dt.timedelta(days=1)}
    tickets = [
        Ticket(row | {"ticket_id": name, "reported_full_resolution_s": 86_400 + more})
        for name, more in (("right", 0), ("an hour more", 3600), ("two hours", 7200))
    ]
    london = settings().model_copy(update={"company": Company(time_zone="Europe/London")})
    path = published(tmp_path / "w", tickets, london, AS_OF)
    found = reconcile(path, london, AS_OF).rows(clock="calendar")
    assert [(r["ticket_id"], r["reason"]) for r in found] == [("two hours", "unexplained"), ("an hour more", "zone")]


def command(directory: Path, *words: str) -> Any:
    return CliRunner().invoke(app, ["--warehouse", str(directory), "reconcile", *words])


def test_the_command_counts_and_lists_the_tickets_that_differ(desk: tuple[list[Ticket], Path, Path]) -> None:
    directory = desk[1]
    said = command(directory, "--metric", "first_response", "--source", "log", "--format", "json")
    assert said.exit_code == 0
    lines = json.loads(said.stdout)
    assert [(line["source"], line["figure"], line["clock"]) for line in lines] == [
        ("log", "first_response", "calendar"),
        ("log", "first_response", "business"),
    ]
    assert list(lines[0]) == [
        "source",
        "figure",
        "clock",
        "compared",
        "equal",
        "differing",
        "only_ours",
        "only_theirs",
        "not_ours",
        "ours_p50_s",
        "theirs_p50_s",
        "reasons",
    ]
    rows = json.loads(
        command(directory, "--metric", "first_response", "--source", "log", "--rows", "--format", "json").stdout
    )
    assert list(rows[0]) == ["source", "ticket_id", "figure", "clock", "reported_s", "ours_s", "difference_s", "reason"]
    both = [r for r in rows if r["reported_s"] is not None and r["ours_s"] is not None]
    assert len(both) == sum(line["differing"] for line in lines)
    assert Counter(r["reason"] for r in both) == sum((Counter(line["reasons"]) for line in lines), Counter())
    assert all(r["difference_s"] == r["ours_s"] - r["reported_s"] for r in both)
    assert len(rows) == sum(line[k] for line in lines for k in ("differing", "only_ours", "only_theirs"))
    assert "bot_reply" in command(directory, "--source", "log").stdout + command(directory, "--format", "csv").stdout


def test_left_out_tickets_and_those_outside_the_period_are_not_compared(
    desk: tuple[list[Ticket], Path, Path],
) -> None:
    tickets, directory, _ = desk
    since = (START + dt.timedelta(days=7)).date()
    words = ("--since", since.isoformat(), "--format", "json")
    found = {(r["source"], r["ticket_id"]) for r in json.loads(command(directory, *words, "--rows").stdout)}
    counts = {
        (t.row["source"], t.row["ticket_id"])
        for t in tickets
        if not t.row["excluded"] and not t.row["merged_into"] and (t.created + dt.timedelta(hours=3)).date() >= since
    }
    assert found
    assert found <= counts


def test_wrong_names_are_refused_with_those_allowed(
    desk: tuple[list[Ticket], Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UnknownName) as refused:
        reconcile(desk[2], settings(), AS_OF, rules="remedy")
    for language in texts.LANGUAGES:
        assert "servicenow" in texts.error(refused.value, language)
    assert isinstance(command(desk[1], "--metric", "nps").exception, UnknownName)
    config = tmp_path / "insights.toml"
    config.write_text('rules = "remedy"\n', "utf-8")
    with pytest.raises(SettingsWrong) as wrong:
        load_settings(config)
    assert "zendesk" in texts.error(wrong.value, "en")


def test_names_of_rules_readings_and_reasons_fit_together() -> None:
    assert tuple(RULES) == get_args(RuleName)
    for figure, ways in FIGURES.items():
        assert len({w.name for w in ways}) == len(ways)
        assert not ways[0].traits
        assert all(w.traits <= set(REASONS) and w.traits for w in ways[1:])
        for rule in RULES.values():
            assert rule.reading(figure) in ways
    for language in texts.LANGUAGES:
        for name in RULES:
            assert texts.t(f"words.rules.{name}", language)
            assert texts.t(f"reconcile.rules.{name}", language)
        for name in (*REASONS, "only_ours", "only_theirs"):
            assert texts.t(f"words.difference.{name}", language)
        for name in FIGURES:
            assert texts.t(f"words.figure.{name}", language)


def test_comparing_writes_nothing_and_all_tickets_are_the_default(desk: tuple[list[Ticket], Path, Path]) -> None:
    size = desk[2].stat().st_size
    whole = reconcile(desk[2], settings(), AS_OF)
    chosen = reconcile(desk[2], settings(), AS_OF, only="SELECT source, ticket_id FROM tickets")
    assert whole.rows() == chosen.rows()
    assert whole.rows(limit=3) == whole.rows()[:3]
    assert desk[2].stat().st_size == size
    assert timing.reconcile is reconcile
    assert changes_of(told())


@pytest.fixture
def opened(desk: tuple[list[Ticket], Path, Path], monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Return a function that opens the page over the tickets with reported figures."""

    def open_page(directory: Path = desk[1]) -> AppTest:
        return opener(directory, monkeypatch)("data/reconciliation", lang="en")

    return open_page


def test_the_page_says_what_the_command_says_by_any_rules(opened: Callable[..., AppTest], desk: Any) -> None:
    page = opened()
    for rules in ("own", "jira"):
        page.segmented_control(key="reconcile_rules").set_value(rules).run()
        assert not page.exception
        assert not page.error
        lines = json.loads(command(desk[1], "--rules", rules, "--source", "log", "--format", "json").stdout)
        shown = page.dataframe[0].value
        assert list(shown["compared"]) == [f"{line['compared']:,}" for line in lines]
        assert list(shown["only_theirs"]) == [f"{line['only_theirs']:,}" for line in lines]
        assert texts.t(f"reconcile.rules.{rules}", "en") in " ".join(c.value for c in page.caption)


def test_numbers_measured_by_a_vendors_rules_say_so(
    opened: Callable[..., AppTest], desk: tuple[list[Ticket], Path, Path], tmp_path: Path
) -> None:
    published(tmp_path / "w", desk[0][:60], settings().model_copy(update={"rules": "jira"}), AS_OF)
    page = opened(tmp_path / "w").switch_page("pages/data/definitions.py").run()
    said = " ".join(i.value for i in page.info)
    assert said.count("By Jira SM's rules") == len([key for key in METRICS if road.meta(key, Filters())["ruled"]])
    page.switch_page("pages/service/response.py").run()
    assert "by Jira SM's rules" in " ".join(c.value for c in page.caption)
    warehouse.close(tmp_path / "w")


def test_exactly_the_metrics_whose_sql_reads_ticket_durations_follow_the_rules(small: warehouse.Warehouse) -> None:
    follow = {key for key in METRICS if road.meta(key, Filters())["ruled"]}
    assert {"frt_p50", "frt_4h", "frst_res_p90", "full_res_p50", "rwt_p50", "awt_p50", "agent_wait"} <= follow
    assert not follow & {"csat", "nrt_p50", "solved", "backlog", "sla_compliance", "reopen_rate", "waiting_oldest"}
    columns = {f"{f}{u}" for f in (*FIGURES, "agent_work") for u in UNITS.values()}
    for key in follow - {"fcr"}:
        assert any(c in road.sql(small, key, Filters(), scope=EVERYTHING) for c in columns), key


@pytest.mark.parametrize("language", texts.languages())
def test_the_cards_show_each_line_and_open_the_tickets_that_differ(
    desk: tuple[list[Ticket], Path, Path], language: str
) -> None:
    _, directory, path = desk
    asked = Desk(warehouse.open_current(directory), Filters(), EVERYTHING, language, settings())
    found = reconcile(path, settings(), AS_OF)
    lines = [line for line in found.summary() if line["source"] == found.summary()[0]["source"]]
    body = reconciliation.compared(asked, lines, found).body()
    assert body.table
    assert body.opens
    assert len(body.table.rows) == len(body.rows) == len(lines)
    for place, line in enumerate(lines):
        _, opened = body.opens(place)
        differing = line["differing"] + line["only_ours"] + line["only_theirs"]
        assert len(opened.rows) == min(differing, reconciliation.SHOWN)
        assert [file.n for file in opened.files] == [differing] * bool(differing)
    bars = reconciliation.bars(asked, [line for line in lines if line["compared"]]).body()
    assert bars.figure
    assert bars.alt
