"""SLA clocks against a simulation that walks through every minute of every clock; replay, queue and early warning."""

import datetime as dt
import json
import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar, get_args

import duckdb
import pytest
from empty_tables import create_tables
from test_timing import day, records
from timing_histories import (
    AS_OF,
    MINUTE,
    START,
    Known,
    Row,
    Ticket,
    add,
    cycles,
    histories,
    insert,
    known_of,
    loaded,
    minutes,
    opens,
    settings,
    spans,
)
from typer.testing import CliRunner, Result

from insights import texts
from insights.delivery.webhook import post
from insights.errors import DeliveryFailed, SettingsWrong
from insights.schema import SOLVED, UNSOLVED, WORDS
from insights.settings import Channel, Kind, Policy, Priority, Settings, State, load_settings
from insights.timing import derive, replay
from insights.warehouse import facts
from insights.warehouse.publishing import versions

METRICS = ("first_response", "next_response", "resolution", "requester_wait")


def random_policies(rng: random.Random) -> list[Policy]:
    """Return overlapping promises: by priority and team, with pauses, calendars and days of validity."""
    found = []
    for i in range(12):
        since = START.date() + dt.timedelta(days=rng.randrange(10))
        found.append(
            Policy(
                name=f"p{i}",
                rank=rng.choice((1, 2, 3)),
                metric=METRICS[i % 4],
                target_s=60 * rng.choice((30, 120, 480, 600, 1800)),
                kind=rng.choice(((), (), ("complaint",))),
                channel=rng.choice(((), (), ("email",))),
                segment=rng.choice(((), (), (), ("gold",))),
                priority=rng.choice(((), ("urgent", "high"), ("normal",))),
                team=rng.choice(((), (), ("first",))),
                calendar=rng.choice(("24x7", "support", "shop", "east")),
                paused=rng.choice(((), ("pending",), ("pending", "hold"))),
                valid_from=rng.choice((None, None, since)),
                valid_to=rng.choice((None, None, since + dt.timedelta(days=rng.randrange(6)))),
            )
        )
    return found


def attribute(ticket: Ticket, what: str, moment: dt.datetime) -> str | None:
    """Return the priority or team a ticket had at a moment."""
    changes = [e for e in ticket.ordered(what) if e["old"] or e["new"]]
    value: str | None = changes[0]["old"] if changes else ticket.row[what]
    if changes and what == "team" and value is None:
        value = changes[0]["new"]
    for e in changes:
        value = e["new"] if e["at"] <= moment else value
    return value


def match(
    policies: list[Policy], ticket: Ticket, metric: str, start: dt.datetime, team: str | None, priority: str | None
) -> Policy | None:
    """Return the first policy by rank that covers the ticket as it was."""
    opened = day(start)
    assert opened
    for p in sorted(policies, key=lambda policy: policy.rank):
        is_valid = (not p.valid_from or p.valid_from <= opened) and (not p.valid_to or opened <= p.valid_to)
        if (
            p.metric == metric
            and is_valid
            and all(
                not allowed or value in allowed
                for allowed, value in (
                    (p.kind, ticket.row["kind"]),
                    (p.channel, ticket.row["channel"]),
                    (p.segment, ticket.row["segment"]),
                    (p.team, team),
                    (p.priority, priority),
                )
            )
        ):
            return p
    return None


def started(
    ticket: Ticket, known: Known, as_of: dt.datetime
) -> list[tuple[str, int, dt.datetime, dt.datetime | None, str]]:
    """Return (metric, cycle, start, stop, state of the ticket) of every clock that has started by `as_of`."""
    stretches = [s for s in spans(ticket, known.keeps_solved) if s[2] <= as_of]
    if not stretches:
        return []
    status = stretches[-1][0]
    found = []
    for cycle, a, _, _, b in cycles(ticket, known):
        if a <= as_of and not (b and b < a):
            metric = "first_response" if cycle == 1 else "next_response"
            found.append((metric, max(cycle - 1, 1), a, b if b and b <= as_of else None, status))
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
        team, rated = attribute(ticket, "team", a), [e for e in ticket.ordered("priority") if e["old"] or e["new"]]
        priority = attribute(ticket, "priority", a)
        by_minute = {e["at"]: e["new"] for e in rated}
        asked: list[str | None] = []
        for m in moments:
            priority = by_minute.get(m, priority)
            asked.append(priority)
        matched = {p: match(policies, ticket, metric, a, team, p) for p in set(asked)}
        promises = fill([matched[p] for p in asked])
        if not promises:
            continue
        used, broken, at, counts, place = 0, None, None, False, 0
        counting = ("new", "open", "hold") if metric == "requester_wait" else UNSOLVED
        for m, p in zip(moments, promises, strict=True):
            while (end := stretches[place][3]) and end <= m:
                place += 1
            state = stretches[place][0]
            counts = state in counting and state not in p.paused
            if z == a:
                break
            if used > p.target_s and not broken:
                broken, at = p, m
            if counts and opens(p.calendar, (m - START) // MINUTE):
                if used == p.target_s and not broken:
                    broken, at = p, m
                used += 60
        if at:  # nothing was promised, so nothing was broken, before the first promise
            at = max(at, next(m for m, rated_as in zip(moments, asked, strict=True) if matched[rated_as]))
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
    ticket: Ticket,
    p: Policy,
    a: dt.datetime,
    b: dt.datetime | None,
    at: dt.datetime | None,
    used: int,
    counts: bool,
    status: str,
) -> Row:
    cancelled = ticket.row.get("excluded") or ticket.row.get("merged_into") or status == "deleted"
    state = (
        "cancelled"
        if cancelled
        else ("breached" if at else "met")
        if b
        else "breached_open"
        if at
        else "paused"
        if not counts
        else "at_risk"
        if used >= 0.8 * p.target_s
        else "on_track"
    )
    decided = None if cancelled else at or b
    return {
        "policy": p.name,
        "target_s": p.target_s,
        "calendar": p.calendar,
        "started_at": a,
        "stopped_at": b,
        "breached_at": at,
        "elapsed_s": used,
        "state": state,
        "decided_at": decided,
        "started_day": day(a),
        "decided_day": day(decided),
    }


@pytest.mark.parametrize(
    ("seed", "as_of"), [(1, AS_OF), (2, AS_OF), (3, START + dt.timedelta(days=9, hours=13)), (4, AS_OF)]
)
def test_every_clock_of_every_ticket_equals_a_walk_through_its_minutes(seed: int, as_of: dt.datetime) -> None:
    tickets = histories(seed, 120)
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


def published(directory: Path, tickets: list[Ticket], of: Settings, as_of: dt.datetime) -> Path:
    """Publish a warehouse version of these tickets and return its file."""
    directory.mkdir(exist_ok=True)
    building = versions.begin(directory, versions.current(directory))
    with duckdb.connect(str(building)) as con:
        con.execute("SET GLOBAL TimeZone = 'UTC'")
        create_tables(con)
        insert(con, "tickets", [t.row for t in tickets])
        insert(con, "ticket_events", [e for t in tickets for e in t.events])
        derive(con, of, as_of)
        facts.write(con, facts.stated(of, as_of, sample=False))
    return directory / versions.name_of(versions.publish(building))


def compliance(con: duckdb.DuckDBPyConnection, until: dt.datetime) -> tuple[int, int]:
    """Return (kept, decided) of clocks decided by `until`."""
    found = con.execute(
        "SELECT count(*) FILTER (state = 'met'), count(decided_at) FROM sla_clocks WHERE decided_at <= $1", [until]
    ).fetchall()
    return found[0][0], found[0][1]


def test_replaying_todays_promises_reproduces_every_stored_clock(tmp_path: Path) -> None:
    tickets, of = histories(21, 150), settings(*random_policies(random.Random(21)))
    path = published(tmp_path / "w", tickets, of, AS_OF)
    same = replay(path, of, AS_OF)
    assert same.differences() == 0
    assert same.flips() == []
    assert all((row["value_now"], row["n_now"]) == (row["value_then"], row["n_then"]) for row in same.compliance())
    some = replay(path, of, AS_OF, only="SELECT source, ticket_id FROM tickets WHERE ticket_id LIKE '%7'")
    assert some.differences() == 0
    stored = some.con.execute("SELECT count(*) FROM sla_clocks").fetchall()
    assert (
        stored == some.con.execute("SELECT count(*) FROM w.sla_clocks WHERE ticket_id LIKE '%7'").fetchall() != [(0,)]
    )


def test_a_tighter_target_never_keeps_a_promise_that_was_broken(tmp_path: Path) -> None:
    policies = random_policies(random.Random(22))
    path = published(tmp_path / "w", histories(22, 150), settings(*policies), AS_OF)
    tighter = [p.model_copy(update={"target_s": p.target_s // 2}) for p in policies]
    done = replay(path, settings(*policies), AS_OF, tighter)
    assert {row["now"] for row in done.flips()} == {"broken"}
    looser = [p.model_copy(update={"target_s": p.target_s * 3}) for p in policies]
    assert {row["now"] for row in replay(path, settings(*policies), AS_OF, looser).flips()} == {"kept"}


def test_a_promise_made_late_is_broken_no_earlier_than_it_was_made() -> None:
    ticket = Ticket({"source": "log", "ticket_id": "1", "created_at": START, "status": "open", "priority": "urgent"})
    add(ticket, START, "comment", actor="customer", public=True)
    add(ticket, START + MINUTE * 90, "priority", old="low", new="urgent")
    hour = Policy(name="Urgent", priority=("urgent",), metric="resolution", target_s=3600)
    con = loaded([ticket])
    derive(con, settings(hour), AS_OF)
    raised = START + MINUTE * 90  # a past month does not change when a ticket of it is raised today
    elapsed = int((AS_OF - START).total_seconds())  # the time before counts all the same
    assert con.execute("SELECT breached_at, decided_at, due_at, elapsed_s, state FROM sla_clocks").fetchall() == [
        (raised, raised, raised, elapsed, "breached_open")
    ]


def test_a_replay_at_a_past_moment_is_what_was_stored_then(tmp_path: Path) -> None:
    tickets, of = histories(23, 150), settings(*random_policies(random.Random(23)))
    then = START + dt.timedelta(days=8, hours=5)
    path = published(tmp_path / "w", tickets, of, AS_OF)
    replayed = replay(path, of, then).con.execute("SELECT * FROM sla_clocks ORDER BY ALL").fetchall()
    con = loaded(tickets)
    derive(con, of, then)
    assert con.execute("SELECT * FROM sla_clocks ORDER BY ALL").fetchall() == replayed


def test_what_was_decided_stays_decided_when_time_goes_on_except_by_reopening() -> None:
    tickets, of = histories(24, 200), settings(*random_policies(random.Random(24)))
    then = START + dt.timedelta(days=10)
    con = loaded(tickets)
    derive(con, of, then)
    con.execute("CREATE TABLE then_ AS FROM sla_clocks")
    derive(con, of, AS_OF)
    changed = con.execute("""
    SELECT t.metric, t.source, t.ticket_id
    FROM then_ AS t LEFT JOIN sla_clocks AS n USING (source, ticket_id, metric, cycle)
    WHERE t.decided_at IS NOT NULL AND t.decided_at IS DISTINCT FROM n.decided_at
        AND n.state <> 'cancelled'""").fetchall()
    reopens = """
    SELECT source, ticket_id FROM status_spans WHERE started_at > $1
    AND status IN ('new', 'open', 'pending', 'hold') AND previous IN ('solved', 'closed', 'deleted')"""
    reopened = set(con.execute(reopens, [then]).fetchall())
    assert all(metric in ("resolution", "requester_wait") and (s, t) in reopened for metric, s, t in changed)


def test_an_old_open_ticket_never_improves_compliance() -> None:
    tickets, of = histories(25, 100), settings(*random_policies(random.Random(25)))
    con = loaded(tickets)
    derive(con, of, AS_OF)
    before = compliance(con, AS_OF)
    insert(
        con,
        "tickets",
        [
            {
                "source": "log",
                "ticket_id": "old",
                "created_at": START,
                "status": "open",
                "kind": "complaint",
                "channel": "email",
            }
        ],
    )
    derive(con, of, AS_OF)
    after = compliance(con, AS_OF)
    assert after[0] * before[1] <= before[0] * after[1]


def test_the_target_used_up_to_the_second_is_kept_and_due_at_the_next_opening() -> None:
    friday = dt.datetime(2026, 3, 13, 14, 0)  # 17:00 in Istanbul, an hour before closing
    promise = Policy(name="hour", metric="first_response", target_s=3600, calendar="support")
    for reply, state in (
        (dt.timedelta(hours=1), "met"),
        (dt.timedelta(days=2, hours=16), "met"),
        (dt.timedelta(days=2, hours=16, minutes=1), "breached"),
    ):
        ticket = Ticket({"source": "log", "ticket_id": "1", "created_at": friday, "status": "open"})
        add(ticket, friday, "comment", actor="customer", public=True)
        add(ticket, friday + reply, "comment", actor="agent", public=True)
        con = loaded([ticket])
        derive(con, settings(promise), AS_OF)
        monday = dt.datetime(2026, 3, 16, 6, 0)
        assert con.execute("SELECT state, due_at FROM sla_clocks WHERE metric = 'first_response'").fetchall() == [
            (state, monday)
        ]


def test_lowering_the_priority_does_not_mend_a_broken_promise() -> None:
    urgent = Policy(name="urgent", metric="resolution", target_s=3600, priority=("urgent",))
    low = Policy(name="low", metric="resolution", target_s=36_000, priority=("low",))
    ticket = Ticket({"source": "log", "ticket_id": "1", "created_at": START, "status": "solved"})
    add(ticket, START + MINUTE * 90, "priority", old="urgent", new="low")
    add(ticket, START + MINUTE * 120, "status", old="open", new="solved")
    con = loaded([ticket])
    derive(con, settings(urgent, low), AS_OF)
    found = con.execute("SELECT policy, state, breached_at, elapsed_s FROM sla_clocks").fetchall()
    assert found == [("urgent", "breached", START + MINUTE * 60, 7200)]


@pytest.mark.parametrize("status", ["open", "pending"])
def test_raising_the_priority_past_its_target_breaks_the_promise_at_that_moment(status: str) -> None:
    urgent = Policy(name="urgent", metric="resolution", target_s=3600, priority=("urgent",))
    low = Policy(name="low", metric="resolution", target_s=36_000, priority=("low",))
    ticket = Ticket({"source": "log", "ticket_id": "1", "created_at": START, "status": "open"})
    add(ticket, START + MINUTE * 90, "status", old="open", new=status)
    add(ticket, START + MINUTE * 120, "priority", old="low", new="urgent")
    con = loaded([ticket])
    derive(con, settings(low, urgent), START + MINUTE * 150)
    found = con.execute("SELECT policy, state, breached_at, due_at FROM sla_clocks").fetchall()
    assert found == [("urgent", "breached_open", START + MINUTE * 120, START + MINUTE * 120)]


def run(directory: Path, config: Path, *words: str) -> Result:
    from insights.cli import app
    from insights.cli import sla as commands

    assert commands
    return CliRunner().invoke(app, ["--warehouse", str(directory), "--config", str(config), *words])


CONFIG = """
[[sla]]
name = "reply"
metric = "first_response"
target_s = 7200
calendar = "24x7"
"""


def waiting(number: str, since: dt.datetime) -> Ticket:
    ticket = Ticket(
        {
            "source": "log",
            "ticket_id": number,
            "created_at": since,
            "status": "open",
            "customer_id": "c",
            "team": "first",
            "subject": "=1+1\nSubject: x",
        }
    )
    add(ticket, since, "comment", actor="customer", public=True)
    return ticket


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with one clock overdue, one at risk and one on track."""
    directory = tmp_path_factory.mktemp("three")
    (directory / "insights.toml").write_text(CONFIG, "utf-8")
    tickets = [waiting(n, AS_OF - MINUTE * m) for n, m in (("late", 300), ("risky", 110), ("fine", 10))]
    published(directory / "w", tickets, load_settings(directory / "insights.toml"), AS_OF)
    return directory


@pytest.fixture
def desk(three: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A desk like that of one's own: what is remembered of warnings is written beside it."""
    shutil.copytree(three, tmp_path, dirs_exist_ok=True)
    return tmp_path / "w", tmp_path / "insights.toml"


def test_the_queue_lists_open_clocks_by_time_left(desk: tuple[Path, Path]) -> None:
    shown = run(*desk, "sla", "queue", "--format", "json")
    rows = json.loads(shown.stdout)
    assert [(r["ticket_id"], r["state"], r["left_s"]) for r in rows] == [
        ("late", "breached_open", -10_800),
        ("risky", "at_risk", 600),
        ("fine", "on_track", 6600),
    ]
    assert run(*desk, "sla", "queue", "--where", "team=second").exit_code == 1
    assert (
        json.loads(run(*desk, "sla", "queue", "--where", "team=first", "--limit", "1", "--format", "json").stdout)
        == rows[:1]
    )


def test_replay_prints_compliance_then_and_now_and_the_flips(desk: tuple[Path, Path], tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text(CONFIG.replace("7200", "36000"), "utf-8")
    done = json.loads(run(*desk, "sla", "replay", "--policy", str(other), "--format", "json").stdout)
    assert [(r["ticket_id"], r["now"]) for r in done["flips"]] == [("late", "kept")]
    assert [(r["policy"], r["value_then"], r["n_then"], r["n_now"]) for r in done["compliance"]] == [
        ("reply", 0.0, 1, 0)
    ]
    assert "1" in run(*desk, "sla", "replay", "--policy", str(other)).stdout


@pytest.mark.parametrize(
    "text", ["[[sla]]\nname = 1", "x =", CONFIG.replace("24x7", "moon"), CONFIG + "\n[company]\nname = 'x'"]
)
def test_a_wrong_policy_file_is_refused_in_one_sentence(desk: tuple[Path, Path], tmp_path: Path, text: str) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(text, "utf-8")
    refused = run(*desk, "sla", "replay", "--policy", str(wrong))
    assert isinstance(refused.exception, SettingsWrong)
    assert "wrong.toml" in str(refused.exception)


def test_each_warning_is_given_once_and_again_only_for_a_new_clock(desk: tuple[Path, Path]) -> None:
    directory, config = desk
    first = json.loads(run(directory, config, "sla", "watch", "--format", "json").stdout)
    assert [(w["ticket_id"], w["state"]) for w in first] == [("late", "breached_open"), ("risky", "at_risk")]
    again = run(directory, config, "sla", "watch", "--format", "json")
    assert (json.loads(again.stdout), again.exit_code) == ([], 1)
    published(directory, [waiting("next", AS_OF - MINUTE * 100)], load_settings(config), AS_OF + MINUTE)
    assert [w["ticket_id"] for w in json.loads(run(directory, config, "sla", "watch", "--format", "json").stdout)] == [
        "next"
    ]


def test_the_e_mail_names_every_warning_on_one_line(desk: tuple[Path, Path]) -> None:
    text = run(*desk, "sla", "watch", "--email").stdout.splitlines()
    assert text[0] == "Subject: SLA warning: 2 clocks past their warning line, 1 of them overdue"
    assert [line.split()[1] for line in text[2:]] == ["late", "risky"]


class Receiver(BaseHTTPRequestHandler):
    """A web server that fails twice, then takes what it is sent."""

    answers: ClassVar[list[int]] = []
    bodies: ClassVar[list[dict[str, Any]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.answers.pop(0)
        if status == 200:
            self.bodies.append(json.loads(body))
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_failed_delivery_is_retried_and_marks_nothing_as_warned(
    desk: tuple[Path, Path], receiver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("insights.delivery.webhook.PAUSES_S", (0.0, 0.0))
    Receiver.answers[:], Receiver.bodies[:] = [500, 503, 500], []
    refused = run(*desk, "sla", "watch", "--webhook", receiver)
    assert isinstance(refused.exception, DeliveryFailed)
    Receiver.answers[:] = [500, 200]
    assert run(*desk, "sla", "watch", "--webhook", receiver).exit_code == 0
    assert [[w["ticket_id"] for w in body["warnings"]] for body in Receiver.bodies] == [["late", "risky"]]
    assert Receiver.bodies[0]["as_of"] == AS_OF.isoformat()
    assert isinstance(run(*desk, "sla", "watch", "--webhook", "ftp://x").exception, type(None) | SystemExit)
    with pytest.raises(DeliveryFailed, match="http"):
        post("file:///etc/passwd", b"{}")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('priority = ["urgnt"]', "must be one of urgent, high, normal, low"),
        ('kind = ["complain"]', "must be one of complaint, "),
        ('channel = ["mail"]', ", email, "),
        ('paused = ["waiting"]', ", pending, "),
        ("valid_from = 2026-05-01\nvalid_to = 2026-04-01", "valid_to must not lie before valid_from"),
        ('calendar = "nope"', "must be one of 24x7, support"),
    ],
)
def test_a_promise_that_would_cover_nothing_is_refused(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "insights.toml"
    path.write_text(f'[[sla]]\nname = "Söz"\nmetric = "resolution"\ntarget_s = 3600\n{line}\n', "utf-8")
    with pytest.raises(SettingsWrong) as refused:
        load_settings(path)
    assert said in texts.error(refused.value, "en")


def test_the_words_of_promises_are_those_of_tickets() -> None:
    of = {"kind": Kind, "priority": Priority, "channel": Channel, "status": State}
    assert {name: get_args(words) for name, words in of.items()} == {name: tuple(WORDS[name]) for name in of}


def test_a_wrong_setting_is_refused_in_the_language_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "insights.toml"
    path.write_text('calendar = "nope"\n', "utf-8")
    asked = subprocess.run(
        [sys.executable, "-m", "insights", "--lang", "tr", "--config", str(path), "status"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 2
    assert "Düzeltip yeniden başlatın." in asked.stderr


def test_each_team_answers_for_its_own_turn_at_a_ticket() -> None:
    ticket = Ticket({"source": "log", "ticket_id": "1", "created_at": START, "status": "solved", "team": "L2"})
    hour = dt.timedelta(hours=1)
    add(ticket, START + 9 * hour, "team", old="L1", new="L2")
    add(ticket, START + 10 * hour, "status", old="open", new="solved")
    promises = [
        Policy(name=team, team=(team,), metric="resolution", per="team", target_s=s)
        for team, s in (("L1", 7200), ("L2", 10_800))
    ]
    con = loaded([ticket])
    derive(con, settings(*promises), AS_OF)
    found = con.execute("SELECT policy, team, state, elapsed_s FROM sla_clocks ORDER BY started_at").fetchall()
    assert found == [("L1", "L1", "breached", 9 * 3600), ("L2", "L2", "met", 3600)]


def test_a_promise_counts_for_whom_the_ticket_had_when_it_was_decided_and_a_late_clock_may_be_paused() -> None:
    ticket = Ticket({"source": "log", "ticket_id": "1", "created_at": START, "status": "pending", "agent_id": "b"})
    add(ticket, START, "agent", new="a")
    add(ticket, START + MINUTE * 90, "status", old="open", new="pending")
    add(ticket, START + MINUTE * 100, "agent", old="a", new="b")
    con = loaded([ticket])
    derive(con, settings(Policy(name="hour", metric="resolution", target_s=3600)), AS_OF)
    assert con.execute("SELECT state, paused, agent_id FROM sla_clocks").fetchall() == [("breached_open", True, "a")]
