"""The promise pages against slow recounts: queue at any moment, why late, what if, one ticket's story, calendars."""

import datetime as dt
import json
import random
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import asked_promises as sla
import pytest
import sqlalchemy as sa
from opening import Open, opener
from streamlit.testing.v1 import AppTest
from test_sla import published, random_policies, run
from timing_histories import AS_OF, START, Ticket, add, histories, loaded, opens, settings

from insights import texts, timing
from insights.asking import Desk
from insights.cli import plain
from insights.filters import EVERYTHING, Filters, Scope
from insights.schema import UNSOLVED, sla_clocks, tickets
from insights.settings import Calendar, Policy, Settings, load_settings
from insights.settings.desks import Queue
from insights.studies.promises.queue import SHOWS
from insights.ui.cards import tables
from insights.ui.views.data import pasted
from insights.ui.views.service import whatif
from insights.warehouse import Warehouse, open_current

ROOT = Path(__file__).parents[1]
KEY = ("source", "ticket_id", "promise", "cycle")
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(scope="module")
def of() -> Settings:
    """Return settings with overlapping promises."""
    return settings(*random_policies(random.Random(31)))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, of: Settings) -> Warehouse:
    """Return a published warehouse of random histories."""
    directory = tmp_path_factory.mktemp("promises") / "w"
    published(directory, histories(31, 150), of, AS_OF)
    return open_current(directory)


@pytest.fixture(scope="module")
def counted(desk: Warehouse) -> set[tuple[str, str]]:
    """Return the tickets that count: not spam, test, merged or deleted."""
    t = tickets.c
    rows = desk.fetch(sa.select(t.source, t.ticket_id, t.excluded, t.merged_into, t.status))
    return {
        (r["source"], r["ticket_id"])
        for r in rows
        if not r["excluded"] and not r["merged_into"] and r["status"] != "deleted"
    }


def clocks_of(desk: Warehouse, counted: set[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return the clocks that count."""
    rows = desk.fetch(sa.select(sla_clocks))
    return [r for r in rows if r["state"] != "cancelled" and (r["source"], r["ticket_id"]) in counted]


@pytest.mark.parametrize("at", [AS_OF, START + dt.timedelta(days=8, hours=5)], ids=["newest", "past"])
def test_the_queue_lists_the_clocks_that_were_open_at_the_moment(
    desk: Warehouse, of: Settings, counted: set[tuple[str, str]], at: dt.datetime
) -> None:
    con = loaded(histories(31, 150))
    timing.derive(con, of, at)
    wanted = con.execute(
        "SELECT source, ticket_id, metric, cycle, state, due_at FROM sla_clocks "
        "WHERE state IN ('breached_open', 'at_risk', 'on_track', 'paused')"
    ).fetchall()
    found = sla.queue(desk, of, Filters(as_of=at), scope=EVERYTHING, limit=10_000)
    assert (
        {tuple(r[c] for c in (*KEY, "state", "due_at")) for r in found.rows}
        == {w for w in wanted if w[:2] in counted}
        != set()
    )
    due = [r["due_in_s"] for r in found.rows if r["due_in_s"] is not None]
    assert due == sorted(due)
    assert found.total() == len(found.rows)
    assert {s: found.count(s) for s in timing.OPEN_STATES if found.count(s)} == Counter(r["state"] for r in found.rows)
    team = found.rows[0]["team"]
    mine = sla.queue(desk, of, Filters(as_of=at), scope=EVERYTHING, mine=[("team", team)] if team else [], limit=10_000)
    assert [r for r in found.rows if team is None or r["team"] == team] == mine.rows


@pytest.mark.parametrize("at", [AS_OF, START + dt.timedelta(days=8, hours=5)], ids=["newest", "past"])
def test_the_command_line_lists_what_the_page_lists_row_by_row(
    desk: Warehouse, of: Settings, tmp_path: Path, at: dt.datetime
) -> None:
    config = tmp_path / "insights.toml"
    calendars = [pasted.calendar(name, c) for name, c in of.calendars.items()]
    config.write_text("\n".join([*calendars, pasted.promises(of.sla)]), "utf-8")
    asked = ("sla", "queue", "--where", "kind=complaint", "--as-of", at.isoformat(), "--format", "json")
    listed = json.loads(run(desk.path.parent, config, *asked).stdout)
    shown = sla.queue(desk, of, Filters(as_of=at).choose("kind", "complaint"), scope=EVERYTHING, limit=10_000).rows
    again = [{"promise" if k == "metric" else k: v for k, v in row.items()} for row in listed]
    assert again == [{k: plain(v) for k, v in row.items()} for row in shown] != []
    policy = listed[0]["policy"]
    alone = json.loads(run(desk.path.parent, config, *asked, "--where", f"policy={policy}").stdout)
    assert alone == [row for row in listed if row["policy"] == policy]


RANK = {"late": 1, "paused": 2, "long_late": 3}


def nearest(rows: list[Any]) -> list[Any]:
    """Return one clock a ticket: the first that can be saved, else the least late, else what stands still."""

    def order(row: Any) -> tuple[Any, ...]:
        rank = RANK.get(row["standing"], 0)
        near = {0: row["due_in_s"], 2: row["left_s"]}.get(rank, -(row["due_in_s"] or 0))
        return rank, near, row["promise"], row["cycle"]

    best: dict[Any, Any] = {}
    for row in sorted(rows, key=order):
        best.setdefault((row["source"], row["ticket_id"]), row)
    return list(best.values())


@pytest.mark.parametrize("at", [AS_OF, START + dt.timedelta(days=8, hours=5)], ids=["newest", "past"])
@pytest.mark.parametrize("show", SHOWS)
def test_a_ticket_stands_once_in_the_queue_with_its_nearest_promise_and_what_is_long_late_is_one_line(
    desk: Warehouse, of: Settings, at: dt.datetime, show: str
) -> None:
    few = of.model_copy(update={"queue": Queue(late_days=3)})
    asked = Desk(desk, Filters(as_of=at), EVERYTHING, settings=few)
    every = [dict(row) for row in asked.study("sla_queue").rows]
    midnight = dt.datetime.combine(at.date() + dt.timedelta(days=1), dt.time()) - dt.timedelta(hours=3)
    wanted = {
        "all": every,
        "at_risk": [r for r in every if r["state"] == "at_risk"],
        "today": [r for r in every if r["state"] in ("at_risk", "on_track") and at <= r["due_at"] < midnight],
        "late": [r for r in every if r["state"] == "breached_open"],
        "paused": [r for r in every if r["state"] == "paused"],
    }
    of_each = {name: nearest(rows) for name, rows in wanted.items()}
    long_late = {r["ticket_id"] for r in every if r["state"] == "breached_open" and r["due_in_s"] < -3 * 86400}
    assert long_late
    found = asked.study("sla_tickets", show=show)
    again = [r for r in of_each[show] if r["standing"] != "long_late"]
    assert [(r["ticket_id"], r["promise"], r["left_s"]) for r in found.rows] == [
        (r["ticket_id"], r["promise"], r["left_s"]) for r in again
    ]
    assert len(asked.study("sla_tickets", show=show, unfold="yes").rows) == len(of_each[show])
    assert {r["show"]: (r["n"], r["folded"]) for r in found.tables["shows"]} == {
        name: (len(rows), sum(r["standing"] == "long_late" for r in rows)) for name, rows in of_each.items()
    }
    seen = Desk(desk, Filters(as_of=at), Scope((("team", ("first",)),)), settings=few)
    assert {r["team"] for r in seen.study("sla_tickets", show=show, unfold="yes").rows} <= {"first"}
    alone = asked.study("sla_queue", show=show).rows
    assert {(r["ticket_id"], r["promise"]) for r in alone} == {(r["ticket_id"], r["promise"]) for r in wanted[show]}


def test_a_ticket_leads_to_its_address_in_the_system_it_comes_from(desk: Warehouse, of: Settings) -> None:
    linked = of.model_copy(update={"links": {"log": "https://example.com/t/{ticket_id}"}})
    asked = Desk(desk, Filters(), EVERYTHING, settings=linked)
    row = {"source": "log", "ticket_id": "a/1?x"}
    assert tables.link(asked, row) == "https://example.com/t/a%2F1%3Fx"
    assert tables.link(asked, row | {"source": "other"}) is None
    shown = tables.records(asked, [row, row | {"source": "other"}])
    assert "link" not in shown.columns, "files and reports have the address of none"
    shown = tables.linked(asked, shown)
    assert [*shown.columns] == ["source", "ticket_id", "link"], "the way stands right behind the number"
    assert [cells["link"] for cells in shown.rows] == ["https://example.com/t/a%2F1%3Fx", None]
    assert shown.columns["link"].kind == "link"
    with pytest.raises(ValueError, match="ticket_id"):
        Settings(links={"log": "javascript:{ticket_id}"})


@pytest.mark.parametrize("excluded", [None, "deleted"])
def test_a_ticket_deleted_after_the_moment_was_still_in_the_queue_then(tmp_path: Path, excluded: str | None) -> None:
    promise = settings(Policy(name="reply", metric="resolution", target_s=3600))
    row = {"source": "log", "ticket_id": "1", "created_at": START, "status": "deleted", "excluded": excluded}
    gone = Ticket(row)
    add(gone, START + MINUTE, "comment", actor="customer", public=True)
    add(gone, START + dt.timedelta(days=2), "status", old="open", new="deleted")
    published(tmp_path / "w", [gone], promise, AS_OF)
    desk = open_current(tmp_path / "w")
    assert sla.queue(desk, promise, Filters(), scope=EVERYTHING).rows == []
    then = sla.queue(desk, promise, Filters(as_of=START + dt.timedelta(days=1)), scope=EVERYTHING)
    assert [(r["ticket_id"], r["state"], r["left_s"]) for r in then.rows] == [("1", "breached_open", 3600 - 86_400)]


def test_nobody_sees_rows_outside_their_scope(desk: Warehouse, of: Settings) -> None:
    first = Scope((("team", ("first",)),))
    found = sla.queue(desk, of, Filters(), scope=first, limit=10_000)
    assert {r["team"] for r in found.rows} == {"first"}
    other = next(r for r in sla.queue(desk, of, Filters(), scope=EVERYTHING).rows if r["team"] == "second")
    assert sla.story(desk, of, other["source"], other["ticket_id"], scope=first) is None


def test_every_second_past_a_promise_has_one_cause(
    desk: Warehouse, of: Settings, counted: set[tuple[str, str]]
) -> None:
    con = loaded(histories(31, 150))
    timing.derive(con, of, AS_OF)
    logs = {row[0] for row in con.execute("SELECT DISTINCT source FROM ticket_events WHERE field = 'agent'").fetchall()}
    late = con.execute(
        "SELECT c.source, c.ticket_id, due_at, coalesce(stopped_at, $1) FROM sla_clocks AS c "
        "WHERE metric = 'resolution' AND state IN ('breached', 'breached_open')",
        [AS_OF],
    ).fetchall()
    wanted: Counter[str] = Counter()
    late = [row for row in late if row[:2] in counted]
    for source, ticket, due, stop in late:
        spans = con.execute(
            "SELECT started_at, coalesce(ended_at, $3), status FROM status_spans WHERE source = $1 AND ticket_id = $2",
            [source, ticket, AS_OF],
        ).fetchall()
        events = con.execute(
            "SELECT e.at, field, old, new FROM ticket_events AS e WHERE source = $1 AND ticket_id = $2 "
            "ORDER BY e.at, seq",
            [source, ticket],
        ).fetchall()
        at = due
        while at < stop:
            status = next(s for a, b, s in spans if a <= at < b)
            owner = "unassigned" if source in logs else "with_agent"
            for when, field, old, new in events:
                if when <= at and field == "agent":
                    owner = "with_agent" if new else "unassigned"
                if when <= at and field == "team" and old and new and old != new:
                    owner = "handed_over"
            minute = (at - START) // MINUTE
            waiting = status in ("pending", "hold")
            wanted["outside" if not opens("support", minute) else "waiting" if waiting else owner] += 60
            at += MINUTE
    found = sla.why_late(desk, of, Filters(), scope=EVERYTHING, promise="resolution")
    assert {c: found[c] for c in sla.CAUSES} == {c: wanted[c] for c in sla.CAUSES}
    assert found["n"] == sum(stop > due for _, _, due, stop in late) > 0
    assert found["seconds"] == sum(found[c] for c in sla.CAUSES)


def test_the_curve_at_a_target_is_the_share_kept_by_a_recount(desk: Warehouse, counted: set[tuple[str, str]]) -> None:
    edges = (1800, 7200, 28800, 100_000)
    rows = [r for r in clocks_of(desk, counted) if r["metric"] == "resolution"]
    wanted = {}
    for policy in {r["policy"] for r in rows}:
        for edge in edges:
            mine = [r for r in rows if r["policy"] == policy and (r["stopped_at"] or r["elapsed_s"] > edge)]
            kept = sum(r["stopped_at"] is not None and r["elapsed_s"] <= edge for r in mine)
            wanted[policy, edge] = (kept / len(mine) if mine else None, len(mine))
    found = sla.curve(desk, "resolution", edges, Filters(), scope=EVERYTHING)
    assert {(r["policy"], r["edge"]): (r["value"], r["n"]) for r in found} == wanted != {}


def test_outcomes_and_breach_hours_count_every_clock_once(
    desk: Warehouse, of: Settings, counted: set[tuple[str, str]]
) -> None:
    rows = clocks_of(desk, counted)
    found = sla.outcomes(desk, Filters(), scope=EVERYTHING)
    assert sum(r["met"] + r["broken"] + r["running"] for r in found) == len(rows)
    assert sum(r["met"] for r in found) == sum(r["state"] == "met" for r in rows)
    broken = [r["breached_at"].replace(tzinfo=dt.UTC).astimezone(of.company.zone) for r in rows if r["breached_at"]]
    hours = sla.breaches(desk, Filters(), scope=EVERYTHING)
    assert {(r["weekday"], r["hour"]): r["n"] for r in hours} == Counter((b.isoweekday(), b.hour) for b in broken)


def test_time_by_state_is_the_length_of_the_stretches(desk: Warehouse) -> None:
    con = loaded(histories(31, 150))
    timing.derive(con, settings(), AS_OF)
    spans = con.execute(
        "SELECT t.priority, s.status, s.started_at, coalesce(s.ended_at, $1) FROM status_spans AS s "
        "JOIN tickets AS t USING (source, ticket_id) WHERE t.excluded IS NULL AND t.merged_into IS NULL "
        "AND coalesce(t.status, '') <> 'deleted' AND EXISTS (FROM ticket_events AS e WHERE e.source = t.source "
        "AND e.ticket_id = t.ticket_id AND e.field = 'status')",
        [AS_OF],
    ).fetchall()
    wanted: Counter[tuple[str | None, str]] = Counter()
    for priority, status, a, b in spans:
        if status in UNSOLVED:
            wanted[priority, status] += int((b - a).total_seconds())
    found = sla.status_time(desk, "priority", Filters(), scope=EVERYTHING)
    assert {(r["priority"], r["status"]): r["seconds"] for r in found} == wanted
    asked, study = Desk(desk, Filters(), EVERYTHING), "status_time"
    kept, aside = asked.study_rows(study, by="priority"), asked.study_left_out(study, by="priority")
    assert len(kept) + len(aside) == len(asked.rows("created"))
    assert asked.study(study, by="priority").facts["untold"] == len(aside)


def test_todays_promises_flip_nothing_and_tighter_ones_only_break(desk: Warehouse, of: Settings) -> None:
    same = sla.what_if(desk, of, Filters(), scope=EVERYTHING)
    assert (same.differing, same.flipped, same.flips) == (0, {"kept": 0, "broken": 0}, [])
    assert all(r["n_then"] == r["n_now"] for r in same.load)
    tight = tuple(p.model_copy(update={"target_s": max(60, p.target_s // 4)}) for p in of.sla)
    changed = of.model_copy(update={"sla": tight})
    found = sla.what_if(desk, changed, Filters(), scope=EVERYTHING)
    replayed = timing.replay(desk.path, changed, AS_OF).flips()
    assert found.flipped == {"kept": 0, "broken": len(replayed)}
    assert (
        {tuple(r[c] for c in KEY) for r in found.flips}
        == {(r["source"], r["ticket_id"], r["metric"], r["cycle"]) for r in replayed}
        != set()
    )


@pytest.mark.parametrize("language", texts.languages())
def test_the_cards_of_what_if_say_what_the_study_found(desk: Warehouse, of: Settings, language: str) -> None:
    asked = Desk(desk, Filters(), EVERYTHING, language, settings=of.model_copy(update={"sla": of.sla[:6]}))
    found = asked.study("what_if")
    kept, newly_kept, newly_broken, clocks = (count.value for count in whatif.summary(asked, found))
    assert (newly_kept, newly_broken, clocks) == tuple(
        texts.decimal_text(found.facts[name], language) for name in ("kept", "broken", "clocks")
    )
    assert kept == texts.percent(found.facts["value_now"], language)
    for card in (whatif.compliance(asked, found, ["said"]), whatif.load(asked, found), whatif.flips(asked, found)):
        body = card.body()
        assert body.alt or body.notes
        assert body.rows
    assert str(found.facts["differing"]) in whatif.proven(asked, found)


def test_what_if_counts_only_tickets_under_the_filters(desk: Warehouse, of: Settings) -> None:
    only = Filters(since=START.date(), until=START.date() + dt.timedelta(days=5)).choose("channel", "email")
    found = sla.what_if(desk, of, only, scope=EVERYTHING)
    assert 0 < found.tickets < sla.what_if(desk, of, Filters(), scope=EVERYTHING).tickets
    assert found.differing == 0


def test_a_story_at_a_past_moment_knows_nothing_later(desk: Warehouse, of: Settings) -> None:
    then = START + dt.timedelta(days=8, hours=5)
    row = sla.queue(desk, of, Filters(as_of=then), scope=EVERYTHING).rows[0]
    told = sla.story(desk, of, row["source"], row["ticket_id"], scope=EVERYTHING, at=then)
    assert told is not None
    moments = [e["at"] for e in told.events] + [s["started_at"] for s in told.spans]
    moments += [s["ended_at"] for s in told.spans if s["ended_at"]]
    moments += [c[n] for c in told.clocks for n in ("started_at", "stopped_at", "breached_at") if c[n]]
    assert max(moments) <= then
    assert row["state"] in {c["state"] for c in told.clocks}
    assert sla.story(desk, of, row["source"], "nobody's", scope=EVERYTHING) is None


def test_what_is_pasted_reads_back_as_the_same_settings(of: Settings) -> None:
    read = tomllib.loads(pasted.promises(of.sla))
    assert tuple(Policy.model_validate(p) for p in read["sla"]) == of.sla
    odd = Calendar(
        zone="Europe/London",
        holidays="GB",
        half_day_ends="12:30",
        hours={"mon": ("09:00-12:00", "13:00-17:00")},
        dates={dt.date(2026, 12, 31): ("09:00-13:00",), dt.date(2026, 1, 2): ()},
    )
    for name in ("support", 'gece "7/24"'):
        read = tomllib.loads(pasted.calendar(name, odd))
        assert Calendar.model_validate(read["calendars"][name]) == odd


@pytest.fixture
def opened(desk: Warehouse, of: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Return a function that opens a page of the app on the random histories and their promises."""
    config = tmp_path / "insights.toml"
    calendars = [pasted.calendar(name, c) for name, c in of.calendars.items()]
    config.write_text("\n".join([*calendars, pasted.promises(of.sla)]), "utf-8")

    def open_page(page: str, warehouse: Path = desk.path.parent, **address: str) -> AppTest:
        monkeypatch.setenv("INSIGHTS_CONFIG", str(config))
        return opener(warehouse, monkeypatch)(page, **{"period": "all"} | address)

    return open_page


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_queue_page_shows_the_queue_and_the_story_of_its_link(
    opened: Open, desk: Warehouse, of: Settings, language: str
) -> None:
    complaints = Filters().choose("kind", "complaint")
    held = sla.queue(desk, of, complaints, scope=EVERYTHING)
    row = held.rows[0]
    app = opened("service/complaints", lang=language, ticket=f"{row['source']}/{row['ticket_id']}")
    assert not app.exception
    assert [e.value for e in app.error] == []
    values = {m.label: m.value for m in app.metric}
    assert values[texts.t("sla_page.breached_open", language)] == str(held.count("breached_open"))
    assert values[texts.t("sla_page.paused", language)] == str(held.count("paused"))
    assert texts.t("sla_page.story", language, ticket=row["ticket_id"]) in [h.value for h in app.header]


def test_mine_narrows_the_queue_and_stays_in_the_address(opened: Open) -> None:
    app = opened("service/complaints", lang="en")
    box = app.selectbox(key="queue_team")
    box.set_value(box.options[0]).run()
    assert app.query_params["my_team"] == [box.options[0]] or app.query_params["my_team"] == box.options[0]
    teams = {v for frame in app.dataframe for v in frame.value.get("team", [])}
    assert teams <= {box.options[0]}


def test_trying_a_tighter_promise_shows_what_flips(opened: Open) -> None:
    app = opened("service/whatif", lang="en")
    assert not app.exception
    label = texts.t("whatif_page.flip_broken", "en")
    assert {m.label: m.value for m in app.metric}[label] == "0"
    proven = texts.t("whatif_page.proven", "en").split(":")[0]
    assert any(proven in c.value for c in app.caption)
    for box in [n for n in app.number_input if str(n.key).startswith("whatif_target_")]:
        box.set_value(0.05)
    app.button[[b.label for b in app.button].index(texts.t("whatif_page.replay", "en"))].click().run()
    assert not app.exception
    flipped = {m.label: m.value for m in app.metric}[label]
    assert int(flipped) > 0
    targets = {str(n.key): str(n.value) for n in app.number_input if str(n.key).startswith("whatif_target_")}
    shared = opened("service/whatif", lang="en", **targets)
    assert {m.label: m.value for m in shared.metric}[label] == flipped


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_a_calendar_is_tried_out_and_wrong_hours_are_one_sentence(opened: Open, language: str) -> None:
    app = opened("data/calendars", lang=language)
    assert not app.exception
    submit = texts.t("calendar_page.show", language)
    app.text_input(key="support_sat").set_value("25:00-26:00")
    app.button[[b.label for b in app.button].index(submit)].click().run()
    assert len(app.error) == 1
    app.text_input(key="support_sat").set_value("10:00-12:00")
    app.button[[b.label for b in app.button].index(submit)].click().run()
    assert not app.error
    assert 'sat = ["10:00-12:00"]' in app.code[0].value


def test_a_calendar_is_saved_from_the_page_and_computed_again(opened: Open, tmp_path: Path, desk: Warehouse) -> None:
    directory = tmp_path / "w"
    directory.mkdir()
    for name in (desk.path.name, "CURRENT"):
        (directory / name).write_bytes((desk.path.parent / name).read_bytes())
    app = opened("data/calendars", warehouse=directory, lang="en")
    config, before = tmp_path / "insights.toml", load_settings(tmp_path / "insights.toml")
    assert "calendar_save" not in [b.key for b in app.button]
    app.text_input(key="support_sat").set_value("10:00-12:00")
    show = [b.label for b in app.button].index(texts.t("calendar_page.show", "en"))
    app.button[show].click().run()
    app.button(key="calendar_save").click().run()
    assert not app.exception
    assert not app.error
    saved = load_settings(config)
    hours = before.calendars["support"].hours | {"sat": ("10:00-12:00",)}
    assert saved.calendars == before.calendars | {
        "support": before.calendars["support"].model_copy(update={"hours": hours})
    }
    assert (saved.sla, len(app.success)) == (before.sla, 1)
    app.button(key="calendar_recompute").click().run()
    assert not app.exception
    assert [w.value for w in app.warning] == []
    now = open_current(directory)
    con = loaded(histories(31, 150))
    timing.derive(con, saved, AS_OF)
    wanted = con.execute("SELECT source, ticket_id, first_response_business_s FROM tickets ORDER BY ALL").fetchall()
    t = tickets.c
    held = now.fetch(sa.select(t.source, t.ticket_id, t.first_response_business_s).order_by(t.source, t.ticket_id))
    assert [tuple(row.values()) for row in held] == wanted
    assert now.version > desk.version
