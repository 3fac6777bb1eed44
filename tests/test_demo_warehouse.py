"""The sample company in a warehouse: nothing is lost on the way in, and what is derived is what was planted."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from insights import demo, warehouse
from insights.asking import Desk
from insights.filters import EVERYTHING, Filters
from insights.settings import load_settings
from insights.stats.intervals import Z
from insights.ui.views.home import tour
from insights.warehouse import open_current

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "data" / "sample"
TRUTH: dict[str, Any] = json.loads((SAMPLE / demo.TRUTH).read_text("utf-8"))
TOTALS = TRUTH["totals"]
DESKS = ("zendesk", "freshdesk", "generic")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def loaded(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[warehouse.LoadReport, duckdb.DuckDBPyConnection]]:
    directory = tmp_path_factory.mktemp("sample")
    settings = load_settings(ROOT / "insights.toml").model_copy(update={"warehouse": directory})
    report = warehouse.load([SAMPLE / name for name in demo.EXPORTS], settings, as_of=demo.AS_OF)
    with duckdb.connect(str(max(directory.glob("warehouse-*.duckdb"))), read_only=True) as con:
        yield report, con


@pytest.fixture
def con(loaded: tuple[warehouse.LoadReport, duckdb.DuckDBPyConnection]) -> duckdb.DuckDBPyConnection:
    return loaded[1]


def counts(con: duckdb.DuckDBPyConnection, sql: str) -> dict[Any, Any]:
    """Return key → value of a two-column query."""
    return dict(con.execute(sql).fetchall())


def test_every_row_of_every_file_is_inserted(loaded: tuple[warehouse.LoadReport, duckdb.DuckDBPyConnection]) -> None:
    report, con = loaded
    assert sorted(f.rows_read for f in report.files) == sorted(TRUTH["files"].values())
    assert sum(f.rows_rejected for f in report.files) == 0
    assert con.execute('SELECT reason, "column", count(*) FROM rejects GROUP BY ALL').fetchall() == []


TABLES = [
    "ticket_events",
    "orders",
    "order_lines",
    "interactions",
    "campaigns",
    "campaign_members",
    "trainings",
    "opportunities",
]


@pytest.mark.parametrize("table", TABLES)
def test_tables_have_the_rows_written(con: duckdb.DuckDBPyConnection, table: str) -> None:
    assert con.execute(f"SELECT count(*) FROM {table}").fetchall() == [(TOTALS[table]["rows"],)]


def test_tickets_by_desk(con: duckdb.DuckDBPyConnection) -> None:
    kept = "FROM tickets WHERE excluded IS NULL"
    for name, sql in {
        "rows": "SELECT source, count(*) FROM tickets GROUP BY 1",
        "counted": f"SELECT source, count(*) {kept} GROUP BY 1",
        "open_now": f"SELECT source, count(*) FILTER (is_open) {kept} GROUP BY 1",
        "solved_now": f"SELECT source, count(*) FILTER (status IN ('solved', 'closed')) {kept} GROUP BY 1",
        "answered": f"SELECT source, count(first_response_s) {kept} GROUP BY 1",
    }.items():
        assert counts(con, sql) == {desk: TOTALS["tickets"][desk][name] for desk in DESKS}, name


@pytest.mark.parametrize("column", ["kind", "channel"])
def test_words_of_every_desk_are_mapped(con: duckdb.DuckDBPyConnection, column: str) -> None:
    for desk in DESKS:
        found = counts(
            con, f"SELECT {column}, count(*) FROM tickets WHERE source = '{desk}' AND excluded IS NULL GROUP BY 1"
        )
        assert found == TOTALS["tickets"][desk][column]


def test_clocks_from_events_see_every_reopening_and_first_human_answer(con: duckdb.DuckDBPyConnection) -> None:
    generic = TOTALS["tickets"]["generic"]
    found = con.execute("""
        SELECT count(*) FILTER (reopens > 0), count(*) FILTER (first_solved_at IS NOT NULL AND excluded IS NULL),
               count(*) FILTER (replies = 1 AND status IN ('solved', 'closed') AND excluded IS NULL)
        FROM tickets WHERE source = 'generic'""").fetchall()
    assert found == [(generic["reopened"], generic["ever_solved"], generic["one_public_reply"])]


def test_surveys_by_kind(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute(
        "SELECT source, kind, count(*), count(score), count(*) FILTER (good) FROM surveys GROUP BY ALL"
    ).fetchall()
    found = {(source, kind): (sent, answered, good) for source, kind, sent, answered, good in rows}
    for source, kinds in TOTALS["surveys"].items():
        for kind, wanted in kinds.items():
            assert found[source, kind] == (
                wanted["sent"],
                wanted["answered"],
                wanted.get("good", wanted.get("promoters")),
            )


def test_the_company_number_joins_every_system(con: duckdb.DuckDBPyConnection) -> None:
    assert con.execute(
        "SELECT count(*), count(DISTINCT customer_id) FROM customers WHERE source = 'generic'"
    ).fetchall() == [(8000, 8000)]
    for table in ("tickets", "surveys", "orders", "opportunities", "interactions"):
        lost = f"""SELECT count(*) FROM {table}
                   WHERE customer_id NOT IN (SELECT customer_id FROM customers WHERE source = 'generic')"""
        assert con.execute(lost).fetchall() == [(0,)], table


def test_paid_revenue_is_exact(con: duckdb.DuckDBPyConnection) -> None:
    assert con.execute("SELECT (100 * sum(amount))::BIGINT FROM orders WHERE status = 'paid'").fetchall() == [
        (TOTALS["orders"]["paid_cents"],)
    ]


def test_fast_answers_are_those_planted(con: duckdb.DuckDBPyConnection) -> None:
    """The unit of the speed → kept customers truth, planted from creation on, not from a robot's hand-over."""
    truth = next(t for t in TRUTH["truths"] if t["key"] == "fast_answer_keeps")
    n, naive = con.execute("""
        WITH first AS (SELECT * FROM tickets WHERE kind = 'complaint' AND excluded IS NULL
                       QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY created_at, source, ticket_id) = 1),
             unit AS (SELECT coalesce(coalesce(date_diff('second', created_at, first_response_at),
                                             first_response_s) <= 14400, false) AS fast,
                             EXISTS (FROM orders o WHERE o.customer_id = t.customer_id AND o.status = 'paid'
                                                     AND o.ordered_at > t.created_at
                                                     AND o.ordered_at <= t.created_at + INTERVAL 180 DAY) AS kept
                      FROM first t WHERE created_at + INTERVAL 180 DAY <= TIMESTAMP '2026-11-21 20:59:00')
        SELECT count(*), avg(kept::INT) FILTER (fast) - avg(kept::INT) FILTER (NOT fast) FROM unit""").fetchall()[0]
    assert n == truth["n"]
    assert naive == pytest.approx(truth["observed_naive"], abs=1e-6)


@pytest.fixture(scope="module")
def desk(
    loaded: tuple[warehouse.LoadReport, duckdb.DuckDBPyConnection], tmp_path_factory: pytest.TempPathFactory
) -> Desk:
    """Return a desk over a copy: one process opens a file in one way."""
    (place,) = loaded[1].execute("SELECT path FROM duckdb_databases() WHERE path IS NOT NULL").fetchone() or ("",)
    copy = tmp_path_factory.mktemp("tour") / "warehouse"
    shutil.copytree(Path(place).parent, copy)
    return Desk(open_current(copy), Filters(), EVERYTHING)


def test_the_tour_finds_every_planted_effect_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    planted = tour.truths()
    steps = tour.steps(desk, planted)
    assert [s.key for s in steps] == [p["key"] for p in planted if p["key"] not in ("bad_month", "campaign")]
    for step in steps:  # one interval of twenty misses what is true: none by more than chance does in a hundred
        value, low, high = step.fair
        assert value is not None
        assert low is not None
        assert high is not None
        assert abs(value - step.true) < 2.6 * (high - low) / (2 * Z), step
    assert sum(step.recovered for step in steps) >= len(steps) - 1
    hasty = {s.key: abs((s.naive or 0) - s.true) for s in steps}
    for key in ("fast_answer_keeps", "agent_with_hard_cases", "campaign_with_effect", "campaign_without_effect"):
        (step,) = (s for s in steps if s.key == key)
        assert step.fair[0] is not None
        assert abs(step.fair[0] - step.true) < hasty[key]


def test_a_campaign_that_held_nobody_out_has_no_effect_to_tell(desk: Desk) -> None:
    rows = {r["campaign_id"]: r for r in desk.study("campaigns").rows}
    for truth in (p for p in TRUTH["truths"] if p["key"] == "campaign"):
        one = rows[truth["campaign"]]
        assert (one["lift"] is None) == (truth["n_control"] == 0)
        if one["lift"] is not None:
            assert one["lift_low"] <= truth["population"] <= one["lift_high"]


def test_a_bad_month_is_told_with_its_cause(desk: Desk) -> None:
    (truth,) = (p for p in TRUTH["truths"] if p["key"] == "bad_month")
    before, after = truth["months"]["2026-08"], truth["months"]["2026-09"]
    assert tour.month(desk, truth) == {
        "before": before["complaints"],
        "after": after["complaints"],
        "cause_before": before["cargo_complaints"],
        "cause_after": after["cargo_complaints"],
    }
