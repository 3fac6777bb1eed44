"""When a source is so incoherent that its durations are refused, and when it is not."""

import datetime as dt
import random
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlalchemy as sa
from asked import query, rows, survival
from empty_tables import create_tables
from staged_rows import small_settings, staged

from insights import quality
from insights.filters import EVERYTHING, Filters
from insights.metrics import METRICS, Metric
from insights.metrics.bases import TICKETS
from insights.metrics.core import flag
from insights.metrics.reads import reads
from insights.warehouse import Warehouse, open_current
from insights.warehouse.build import load, load_staged
from insights.warehouse.engine.compiling import compiled

RESOLUTION = {
    "frst_res_p50",
    "frst_res_p90",
    "full_res_p50",
    "full_res_p90",
    "rwt_p50",
    "awt_p50",
    "agent_work",
    "agent_wait",
    "on_hold",
    "resolution_7d",
}
DURATIONS = RESOLUTION | {
    "frt_p50",
    "frt_p90",
    "frt_1h",
    "frt_4h",
    "frt_24h",
    "nrt_p50",
    "nrt_p90",
    "waiting_now",
    "waiting_oldest",
    "fcr",
    "sla_compliance",
    "sla_completed",
    "sla_created",
    "sla_open_breaches",
    "sla_at_risk",
    "sla_paused",
    "sla_over_p50",
    "sla_over_p90",
}
VOLUME = {
    "created",
    "solved",
    "net_flow",
    "clearance_rate",
    "backlog",
    "ageing",
    "resolution_rate",
    "resolution_7d",
    "transfer_rate",
    "escalation_rate",
    "frt_1h",
    "frt_4h",
    "frt_24h",
    "waiting_now",
    "waiting_oldest",
    "fcr",
}
UNTOUCHED = {
    "csat",
    "csat_avg",
    "nps",
    "ces",
    "ces_top",
    "resp_rate",
    "throughput",
    "one_touch",
    "reopen_rate",
    "sla_source",
    "orders",
    "revenue",
    "active_customers",
    "repeat_rate",
}
"""The KPIs of the catalogue by what they rest on, read off their definitions by a person; new ones may join them."""
NAMED = DURATIONS | VOLUME | UNTOUCHED

START = dt.datetime(2026, 1, 1, 9)
HOUR = dt.timedelta(hours=1)


def judged(rows: list[dict[str, Any]]) -> dict[str, tuple[quality.Verdict, ...]]:
    con = duckdb.connect()
    create_tables(con)
    named = list(dict.fromkeys(name for row in rows for name in row))
    marks = f"({', '.join('?' * (len(named) + 1))})"
    cells = [cell for i, row in enumerate(rows) for cell in (str(i), *(row.get(name) for name in named))]
    con.execute(f"INSERT INTO tickets (ticket_id, {', '.join(named)}) VALUES {', '.join([marks] * len(rows))}", cells)

    def fetch(select: sa.Select[Any]) -> list[dict[str, Any]]:
        done = con.execute(*compiled(select))
        columns = [d[0] for d in done.description or ()]
        return [dict(zip(columns, found, strict=True)) for found in done.fetchall()]

    for _ in range(2):  # judging again replaces what was judged before
        quality.judge(lambda statement: con.execute(*compiled(statement)).fetchall())
    return quality.verdicts(fetch)


def ticket(i: int, first_response_h: float | None = 1, solved_h: float | None = 5, **cells: Any) -> dict[str, Any]:
    """Return a ticket opened at hour i, answered and solved so many hours later."""
    created = START + i * HOUR
    row = {"source": "desk", "status": "solved", "created_at": created}
    row["first_response_at"] = None if first_response_h is None else created + first_response_h * HOUR
    row["solved_at"] = None if solved_h is None else created + solved_h * HOUR
    return row | cells


def refused(rows: list[dict[str, Any]]) -> set[str]:
    return set(judged(rows)) & NAMED


def test_half_the_tickets_solved_before_they_were_answered_refuses_every_duration() -> None:
    rows = [ticket(i, first_response_h=9 if i % 2 else 1) for i in range(100)]
    found = judged(rows)
    assert set(found) & NAMED == DURATIONS
    assert found["frt_p50"] == (quality.Verdict("desk", "frt_p50", "reply_after_solve", 0.5, 100),)


def test_a_few_late_replies_are_normal_as_in_real_exports() -> None:
    assert not refused([ticket(i, first_response_h=9 if i % 50 == 0 else 1) for i in range(500)])
    assert not refused([ticket(i, first_response_h=9 if i < 19 else 1) for i in range(100)])
    assert refused([ticket(i, first_response_h=9 if i < 20 else 1) for i in range(100)])


def test_reported_durations_are_judged_like_timestamps() -> None:
    reported = {"first_response_at": None, "solved_at": None, "reported_full_resolution_business_s": 600}
    rows = [ticket(i, **reported, reported_first_response_business_s=1200 if i < 18 else 60) for i in range(1000)]
    assert not refused(rows)
    assert refused([row | {"reported_first_response_business_s": 1200} for row in rows[:60]]) == DURATIONS


@pytest.mark.parametrize(("share", "expected"), [(0.03, set()), (0.09, set()), (0.10, DURATIONS)])
def test_solved_before_opened_refuses_from_a_tenth(share: float, expected: set[str]) -> None:
    rows = [ticket(i, first_response_h=None, solved_h=-1 if i < share * 100 else 5) for i in range(100)]
    assert refused(rows) == expected


def test_no_creation_time_refuses_volume_and_durations() -> None:
    assert refused([ticket(i) | {"created_at": None} for i in range(40)]) == {*VOLUME, *DURATIONS}


def test_reported_durations_need_no_creation_time() -> None:
    rows = [ticket(i, reported_first_response_s=60) | {"created_at": None} for i in range(40)]
    assert refused(rows) == VOLUME


def test_one_creation_time_for_all_refuses_durations() -> None:
    rows = [ticket(i) | {"created_at": START} for i in range(40)]
    assert refused(rows) == DURATIONS


def test_solved_the_moment_they_were_opened_refuses_resolution_only() -> None:
    assert refused([ticket(i, first_response_h=None, solved_h=0) for i in range(40)]) == RESOLUTION
    assert not refused([ticket(i, first_response_h=None, solved_h=0 if i % 10 < 6 else 5) for i in range(100)])


def test_thirty_rows_are_needed_to_judge() -> None:
    assert not refused([ticket(i, first_response_h=9) for i in range(29)])
    assert refused([ticket(i, first_response_h=9) for i in range(30)])


def test_one_source_does_not_condemn_another() -> None:
    rows = [ticket(i, first_response_h=9, source="made_up") for i in range(50)] + [ticket(i) for i in range(50)]
    assert {v.source for found in judged(rows).values() for v in found} == {"made_up"}


def test_spam_and_deleted_tickets_are_no_witnesses() -> None:
    assert not refused(
        [ticket(i, first_response_h=9, excluded="spam") for i in range(50)] + [ticket(i) for i in range(40)]
    )


def test_verdicts_equal_a_recount_on_random_tickets() -> None:
    rng = random.Random(7)
    rows = [
        ticket(rng.randrange(99), rng.choice([-1, 1, 9, None]), rng.choice([-2, 0, 5, None]), source=rng.choice("abc"))
        for _ in range(600)
    ]
    found = {(v.source, v.reason): v for verdicts in judged(rows).values() for v in verdicts}
    for source in "abc":
        mine = [r for r in rows if r["source"] == source]
        both = [r for r in mine if r["first_response_at"] and r["solved_at"]]
        late = sum(r["first_response_at"] > r["solved_at"] for r in both)
        early = [r for r in mine if r["solved_at"]]
        assert found[source, "reply_after_solve"].share == pytest.approx(late / len(both))
        assert found[source, "solved_before_created"].n == len(early)


def test_every_rule_reads_tickets_only() -> None:
    froms = sa.select(*(column for rule in quality.RULES for column in (rule.n, rule.failing))).get_final_froms()
    assert [f.name for f in froms if isinstance(f, sa.Table)] == ["tickets"]


def text(*rows: dict[str, Any]) -> str:
    """Return rows as the small tables `staged` reads: cells without blanks, `_` for one."""
    cells = [["-" if v is None else str(v).replace(" ", "_") for v in row.values()] for row in rows]
    return "\n".join(" ".join(line) for line in [list(rows[0]), *cells])


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Return a warehouse of an honest desk and a made-up one, which answers half its tickets after the solve."""
    settings = small_settings(tmp_path_factory.mktemp("verdicts"))
    good = [{"ticket_id": f"g{i}", "customer_id": "1"} | ticket(i) for i in range(40)]
    bad = [
        {"ticket_id": f"b{i}", "customer_id": "1"} | ticket(i, first_response_h=9 if i % 2 else 2) for i in range(60)
    ]
    stages = [
        staged(
            {"tickets": text(*({k: v for k, v in r.items() if k != "source"} for r in rows))},
            source=source,
            name=source,
        )
        for source, rows in (("desk", good), ("made_up", bad))
    ]
    load_staged(stages, settings)
    return open_current(settings.warehouse, settings.engine)


def only(results: list[dict[str, Any]]) -> dict[str, Any]:
    (result,) = results
    return result


def test_a_load_judges_its_sources(warehouse: Warehouse) -> None:
    found = quality.verdicts(warehouse.fetch)
    assert {v.source for verdicts in found.values() for v in verdicts} == {"made_up"}
    assert set(found) & NAMED == DURATIONS


def test_a_refused_source_is_left_out_and_named(warehouse: Warehouse) -> None:
    result = only(query(warehouse, ["frt_p50"], Filters(), scope=EVERYTHING))
    assert (result["value"], result["n"], result["refused"]) == (3600, 40, "made_up: reply_after_solve")


def test_a_refused_kpi_has_no_value_but_a_reason(warehouse: Warehouse) -> None:
    result = only(query(warehouse, ["frt_p50"], Filters().choose("source", "made_up"), scope=EVERYTHING))
    assert (result["value"], result["n"], result["low"], result["refused"]) == (
        None,
        0,
        None,
        "made_up: reply_after_solve",
    )


def test_by_source_only_the_refused_one_is_refused(warehouse: Warehouse) -> None:
    found = {r["source"]: r for r in query(warehouse, ["full_res_p50"], Filters(), scope=EVERYTHING, by=["source"])}
    assert (found["desk"]["value"], "refused" in found["desk"]) == (5 * 3600, False)
    assert (found["made_up"]["value"], found["made_up"]["refused"]) == (None, "made_up: reply_after_solve")


def test_rows_of_a_refused_source_are_listed_as_left_out(warehouse: Warehouse) -> None:
    excluded = rows(warehouse, "frt_p50", Filters(), scope=EVERYTHING, excluded=True)
    assert {r["ticket_id"][0] for r in excluded if r["reason"] == "incoherent"} == {"b"}
    assert len(excluded) == 60
    assert len(rows(warehouse, "frt_p50", Filters(), scope=EVERYTHING)) == 40


def test_volume_of_a_refused_source_still_counts(warehouse: Warehouse) -> None:
    result = only(query(warehouse, ["created"], Filters(), scope=EVERYTHING))
    assert (result["value"], "refused" in result) == (100, False)


def test_waiting_curves_leave_a_refused_source_out(warehouse: Warehouse) -> None:
    assert only(survival(warehouse, "response", Filters(), scope=EVERYTHING))["n"] == 40


def answered_within(hours: int, key: str) -> Metric:
    return Metric(
        key,
        "share",
        "up",
        "created",
        TICKETS,
        "share",
        lambda t: t.c.created_day,
        lambda t, context: flag(context.duration(t, "first_response") <= hours * 3600),
    )


def test_a_new_kpi_with_the_rows_of_an_old_one_is_refused_like_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(METRICS, "frt_8h", answered_within(8, "frt_8h"))
    found = judged([ticket(i, first_response_h=9 if i % 2 else 1) for i in range(100)])
    assert "frt_8h" in found
    assert [v.reason for v in found["frt_8h"]] == [v.reason for v in found["frt_4h"]]


def test_a_kpi_reads_what_its_value_its_reasons_and_its_rows_are_made_of() -> None:
    def names(key: str) -> set[str]:
        return {f"{c.table.name}.{c.name}" for c in reads(METRICS[key])}

    assert {"tickets.first_response_s", "tickets.created_at", "tickets.created_day"} <= names("frt_4h")
    assert {"reply_cycles.wait_s", "reply_cycles.answered"} <= names("nrt_p50")  # through a subquery
    assert {"reply_cycles.ended_day", "status_spans.status"} <= names("waiting_now")  # it only counts rows
    assert {"sla_clocks.due_at", "sla_clocks.stopped_at"} <= names("sla_over_p50")  # through an expression
    assert {"ticket_events.old", "ticket_events.new"} <= names("escalation_rate")  # through a subquery of constants
    assert {"tickets.created_day", "status_spans.started_day"} <= names("net_flow")  # through both parts of a union
    assert not {n for n in names("created") if not n.startswith("tickets.created")}


def test_a_column_only_asked_whether_it_is_known_is_not_what_a_kpi_rests_on() -> None:
    assert "surveys.good" in {f"{c.table.name}.{c.name}" for c in reads(METRICS["csat"])}
    assert "surveys.good" not in {f"{c.table.name}.{c.name}" for c in reads(METRICS["ces"])}


DATA = Path(__file__).parents[2] / "shared" / "data"
REAL = {
    "zendesk_plum/zendesk_tickets_2023-04.csv.gz": ("tickets.reply_after_solve", 93, 5789),
    "uci_incident/incident_event_log_first2500.csv.gz": ("tickets.solved_without_time", 79, 2500),
    "nyc311/nyc311_export_csv_2018_1000.csv.gz": ("tickets.closed_before_created", 10, 986),
    "sikayetvar_banks/sikayetvar_isbank_structural.csv.gz": ("surveys.default_score", 1675, 1758),
}


@pytest.mark.parametrize("name", REAL)
@pytest.mark.skipif(not DATA.exists(), reason="the real files are not beside the project")
def test_real_exports_have_contradictions_but_none_is_refused(name: str, tmp_path: Path) -> None:
    settings = small_settings(tmp_path)
    load([DATA / name], settings)
    warehouse = open_current(settings.warehouse, settings.engine)
    assert quality.verdicts(warehouse.fetch) == {}
    key, count, n = REAL[name]
    of = quality.check(key)
    found = quality.findings(warehouse.fetch, Filters(), as_of=warehouse.as_of, of=[of.table])
    assert [(f.count, f.n) for f in found if f.check is of] == [(count, n)]
