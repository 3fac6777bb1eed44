"""When a source is so incoherent that its durations are refused, and when it is not."""

import datetime as dt
import random
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlalchemy as sa
from sqlalchemy.sql.visitors import iterate
from staged_rows import small_settings, staged

from insights import quality
from insights.filters import EVERYTHING, Filters
from insights.metrics import METRICS, Context
from insights.quality.model import DURATIONS, RESOLUTION, VOLUME
from insights.query import query, rows, survival
from insights.warehouse import Warehouse, ddl, open_current
from insights.warehouse.build import load, load_staged
from insights.warehouse.engine import compiled

START = dt.datetime(2026, 1, 1, 9)
HOUR = dt.timedelta(hours=1)


def judged(rows: list[dict[str, Any]]) -> dict[str, tuple[quality.Verdict, ...]]:
    con = duckdb.connect()
    ddl.create_missing(con)
    named = list(dict.fromkeys(name for row in rows for name in row))
    marks = f"({', '.join('?' * (len(named) + 1))})"
    cells = [cell for i, row in enumerate(rows) for cell in (str(i), *(row.get(name) for name in named))]
    con.execute(f"INSERT INTO tickets (ticket_id, {', '.join(named)}) VALUES {', '.join([marks] * len(rows))}", cells)

    def fetch(select: sa.Select[Any]) -> list[dict[str, Any]]:
        done = con.execute(*compiled(select))
        columns = [d[0] for d in done.description or ()]
        return [dict(zip(columns, found, strict=True)) for found in done.fetchall()]

    for _ in range(2):  # judging again replaces what was judged before
        quality.judge(lambda statement: con.execute(*compiled(statement)))
    return quality.verdicts(fetch)


def ticket(i: int, first_response_h: float | None = 1, solved_h: float | None = 5, **cells: Any) -> dict[str, Any]:
    """Return a ticket opened at hour i, answered and solved so many hours later."""
    created = START + i * HOUR
    row = {"source": "desk", "status": "solved", "created_at": created}
    row["first_response_at"] = None if first_response_h is None else created + first_response_h * HOUR
    row["solved_at"] = None if solved_h is None else created + solved_h * HOUR
    return row | cells


def refused(rows: list[dict[str, Any]]) -> set[str]:
    return set(judged(rows))


def test_half_the_tickets_solved_before_they_were_answered_refuses_every_duration() -> None:
    rows = [ticket(i, first_response_h=9 if i % 2 else 1) for i in range(100)]
    found = judged(rows)
    assert set(found) == set(DURATIONS)
    assert found["frt_p50"] == (quality.Verdict("desk", "frt_p50", "reply_after_solve", 0.5, 100),)


def test_a_few_late_replies_are_normal_as_in_real_exports() -> None:
    assert not refused([ticket(i, first_response_h=9 if i % 50 == 0 else 1) for i in range(500)])
    assert not refused([ticket(i, first_response_h=9 if i < 19 else 1) for i in range(100)])
    assert refused([ticket(i, first_response_h=9 if i < 20 else 1) for i in range(100)])


def test_reported_durations_are_judged_like_timestamps() -> None:
    reported = {"first_response_at": None, "solved_at": None, "reported_full_resolution_business_s": 600}
    rows = [ticket(i, **reported, reported_first_response_business_s=1200 if i < 18 else 60) for i in range(1000)]
    assert not refused(rows)
    assert refused([row | {"reported_first_response_business_s": 1200} for row in rows[:60]]) == set(DURATIONS)


@pytest.mark.parametrize(("share", "expected"), [(0.03, set()), (0.09, set()), (0.10, set(DURATIONS))])
def test_solved_before_opened_refuses_from_a_tenth(share: float, expected: set[str]) -> None:
    rows = [ticket(i, first_response_h=None, solved_h=-1 if i < share * 100 else 5) for i in range(100)]
    assert refused(rows) == expected


def test_no_creation_time_refuses_volume_and_durations() -> None:
    assert refused([ticket(i) | {"created_at": None} for i in range(40)]) == {*VOLUME, *DURATIONS}


def test_reported_durations_need_no_creation_time() -> None:
    rows = [ticket(i, reported_first_response_s=60) | {"created_at": None} for i in range(40)]
    assert refused(rows) == set(VOLUME)


def test_one_creation_time_for_all_refuses_durations() -> None:
    rows = [ticket(i) | {"created_at": START} for i in range(40)]
    assert refused(rows) == set(DURATIONS)


def test_solved_the_moment_they_were_opened_refuses_resolution_only() -> None:
    assert refused([ticket(i, first_response_h=None, solved_h=0) for i in range(40)]) == set(RESOLUTION)
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
    assert set(found) == set(DURATIONS)


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


def test_every_duration_metric_is_refused_with_the_durations() -> None:
    judged = ("first_response_s", "first_resolution_s", "full_resolution_s", "requester_wait_s", "agent_work_s")
    context = Context(START, past=False, zone="UTC")
    for metric in METRICS.values():
        if metric.base.name == "tickets" and metric.unit == "seconds":
            value = metric.value(metric.base.rows(context), context)
            assert not any(getattr(e, "name", "") in judged for e in iterate(value)) or metric.key in DURATIONS


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
    found = quality.findings(warehouse.fetch, Filters(), scope=EVERYTHING, as_of=warehouse.as_of, of=[of.table])
    assert [(f.count, f.n) for f in found if f.check is of] == [(count, n)]
