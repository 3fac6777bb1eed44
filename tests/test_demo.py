"""The sample company: same bytes for a seed, true totals, believable shapes, planted truths found by plain SQL."""

import datetime as dt
import gzip
import io
import json
import math
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from typer.testing import CliRunner

from insights import demo
from insights.cli import app
from insights.cli import demo as demo_command  # noqa: F401  registers the command
from insights.demo import world
from insights.demo.hours import working_seconds
from insights.errors import InsightsError, NotWritable
from insights.settings import load_settings
from insights.timing import calendar_year

SAMPLE = Path(__file__).parents[1] / "data" / "sample"
TRUTH: dict[str, Any] = json.loads((SAMPLE / demo.TRUTH).read_text("utf-8"))
TOTALS = TRUTH["totals"]
TRUTHS: dict[str, dict[str, Any]] = {t["key"]: t for t in TRUTH["truths"]}


def unpacked(path: Path) -> dict[str, bytes]:
    """Return the content without the compression, which depends on the machine's zlib."""
    if path.suffix == ".gz":
        return {"": gzip.decompress(path.read_bytes())}
    if path.suffix in (".zip", ".xlsx"):
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    return {"": path.read_bytes()}


def files_of(directory: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(directory.iterdir()) if p.name != "README.md"}


# The same bytes


def test_a_seed_writes_the_same_bytes_again(tmp_path: Path) -> None:
    for name in ("one", "two"):
        demo.write(tmp_path / name, 150, seed=7)
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")


def test_another_seed_is_another_company(tmp_path: Path) -> None:
    demo.write(tmp_path / "one", 60, seed=7)
    demo.write(tmp_path / "two", 60, seed=8)
    one, two = files_of(tmp_path / "one"), files_of(tmp_path / "two")
    assert [name for name in one if one[name] == two[name]] == ["campaigns.csv.gz"]


def test_the_committed_sample_is_what_the_command_writes(tmp_path: Path) -> None:
    demo.write(tmp_path)
    assert sorted(files_of(tmp_path)) == sorted([*demo.EXPORTS, demo.TRUTH]) == sorted(files_of(SAMPLE))
    assert [n for n in files_of(tmp_path) if unpacked(tmp_path / n) != unpacked(SAMPLE / n)] == []


def test_the_committed_sample_is_small() -> None:
    assert sum(p.stat().st_size for p in SAMPLE.iterdir()) <= 6_000_000


@pytest.mark.parametrize("customers", [1, 2, 17])
def test_a_tiny_company_is_written_whole(tmp_path: Path, customers: int) -> None:
    written = demo.write(tmp_path, customers)
    assert written.rows["customers.csv.gz"] == customers
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([*demo.EXPORTS, demo.TRUTH])


def test_blocks_do_not_share_ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("insights.demo.company.BLOCK", 40)
    written = demo.write(tmp_path, 130)
    for table in ("customers", "tickets", "orders", "surveys", "interactions"):
        column = f"{table.removesuffix('s')}_id"
        n, distinct = duckdb.execute(
            f"SELECT count(*), count(DISTINCT {column}) FROM {csv(tmp_path, table)}"
        ).fetchall()[0]
        assert (n, distinct) == (written.rows[f"{table}.csv.gz"],) * 2


def test_a_company_without_customers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InsightsError, match="--customers"):
        demo.write(tmp_path, 0)
    with pytest.raises(InsightsError, match="--seed"):
        demo.write(tmp_path, 1, -1)


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotWritable, match="--out"):
        demo.write(tmp_path / "file", 1)


def test_the_command_lists_its_files_as_json(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["demo", "--customers", "5", "--out", str(tmp_path), "--format", "json"])
    assert done.exit_code == 0
    assert {row["file"] for row in json.loads(done.stdout)} == set(demo.EXPORTS)


# Plain totals, counted in the files


def csv(directory: Path, table: str) -> str:
    return f"read_csv('{directory / table}.csv.gz', all_varchar = true, header = true)"


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    """The exports as one set of views, read with nothing of ours."""
    con = duckdb.connect()
    con.execute("SET threads = 2")
    for path in SAMPLE.glob("*.csv.gz"):
        name = path.name.removesuffix(".csv.gz")
        con.execute(f"CREATE TABLE raw_{name} AS SELECT * FROM {csv(SAMPLE, name)}")
    shop = unpacked(SAMPLE / "freshdesk_kayitlar.zip")["freshdesk_kayitlar.csv"].decode("cp1254")
    con.register("shop", _table(shop))
    con.execute(f"""CREATE TABLE events AS SELECT * FROM read_json(
        '{SAMPLE}/ticket_events.ndjson.gz', format = 'newline_delimited', columns = {{
        ticket_id: 'VARCHAR', "at": 'VARCHAR', seq: 'INT', field: 'VARCHAR', "old": 'VARCHAR', "new": 'VARCHAR',
        actor: 'VARCHAR', public: 'BOOLEAN', actor_id: 'VARCHAR'}})""")
    con.execute('ALTER TABLE events ALTER "at" TYPE TIMESTAMP')
    con.execute(f"""
        CREATE TABLE customers AS SELECT customer_id, segment, acquired_at::TIMESTAMP AS acquired_at FROM raw_customers;
        CREATE TABLE orders AS SELECT customer_id, ordered_at::TIMESTAMP AS ordered_at, status,
               amount::DECIMAL(18,2) AS amount FROM raw_orders;
        CREATE TABLE tickets AS
        WITH words(tr, kind) AS (VALUES ('Şikâyet','complaint'),('Soru','question'),('Talep','request'),
('Arıza','incident'),                                        ('Teşekkür','praise'),('Diğer','other')),
             level(tr, priority) AS (VALUES ('Acil','urgent'),('Yüksek','high'),('Orta','normal'),('Düşük','low')),
             reply AS (SELECT ticket_id, min("at") AS replied FROM events
                       WHERE field = 'comment' AND actor = 'agent' AND public GROUP BY 1)
        SELECT 'generic' AS source, t.ticket_id, customer_id, kind, category, channel, priority, team, agent_id,
               status, excluded, created_at::TIMESTAMP AS created_at,
               epoch(replied - created_at::TIMESTAMP) AS first_response_s
        FROM raw_tickets t LEFT JOIN reply USING (ticket_id)
        UNION ALL BY NAME
        SELECT 'zendesk' AS source, "Id" AS ticket_id, "Requester external id" AS customer_id, kind,
               "Konu [list]" AS category,
               CASE "Via" WHEN 'Chat' THEN 'chat' WHEN 'Phone call (inbound)' THEN 'phone' ELSE 'other' END AS channel,
               lower("Priority") AS priority, "Group" AS team, "Assignee" AS agent_id, lower("Status") AS status,
               "Created at"::TIMESTAMP - INTERVAL 3 HOUR AS created_at,
               "First reply time in minutes"::INT * 60 AS first_response_s
        FROM raw_zendesk_tickets JOIN words ON tr = "Kayıt türü [list]"
        UNION ALL BY NAME
        SELECT 'freshdesk' AS source, "Kayıt No" AS ticket_id, "Müşteri No" AS customer_id, kind,
               "Kategori" AS category,
               CASE "Kaynak" WHEN 'Sohbet' THEN 'chat' WHEN 'Telefon' THEN 'phone' ELSE 'other' END AS channel,
               priority,
               "Grup" AS team, "Temsilci" AS agent_id, {moment("Oluşturulma zamanı")} AS created_at,
               epoch({moment("İlk yanıt zamanı")} - {moment("Oluşturulma zamanı")}) AS first_response_s
        FROM shop JOIN words ON words.tr = "Tür" JOIN level ON level.tr = "Öncelik";
        CREATE TABLE csat AS
        SELECT s.ticket_id, s.score::INT >= 4 AS good, t.* EXCLUDE (ticket_id)
        FROM raw_surveys s JOIN tickets t USING (ticket_id)
        WHERE s.kind = 'csat' AND s.score IS NOT NULL""")
    return con


def moment(column: str) -> str:
    return f"(strptime(nullif(\"{column}\", ''), '%d.%m.%Y %H:%M') - INTERVAL 3 HOUR)"


def _table(text: str) -> Any:
    import pyarrow as pa

    rows = [line.split(";") for line in text.removesuffix("\r\n").split("\r\n")]
    return pa.table({h: [r[i] for r in rows[1:]] for i, h in enumerate(rows[0])})


def one(con: duckdb.DuckDBPyConnection, sql: str) -> Any:
    """Return the one row, or its one value."""
    (row,) = con.execute(sql).fetchall()
    return row[0] if len(row) == 1 else row


def test_every_file_has_the_rows_it_states(con: duckdb.DuckDBPyConnection) -> None:
    for name, rows in TRUTH["files"].items():
        if name.endswith(".csv.gz"):
            assert one(con, f"SELECT count(*) FROM raw_{name.removesuffix('.csv.gz')}") == rows
    assert one(con, "SELECT count(*) FROM shop") == TRUTH["files"]["freshdesk_kayitlar.zip"]
    assert one(con, "SELECT count(*) FROM events") == TRUTH["files"]["ticket_events.ndjson.gz"]


def test_totals_are_those_of_the_files(con: duckdb.DuckDBPyConnection) -> None:
    for desk in ("zendesk", "freshdesk", "generic"):
        assert one(con, f"SELECT count(*) FROM tickets WHERE source = '{desk}'") == TOTALS["tickets"][desk]["rows"]
        kinds = dict(
            con.execute(
                f"SELECT kind, count(*) FROM tickets WHERE source = '{desk}' AND excluded IS NULL GROUP BY 1"
            ).fetchall()
        )
        assert kinds == TOTALS["tickets"][desk]["kind"]
    excluded = dict(
        con.execute("SELECT excluded, count(*) FROM tickets WHERE excluded IS NOT NULL GROUP BY 1").fetchall()
    )
    assert excluded == TOTALS["tickets"]["generic"]["excluded"]
    sent, answered, good = one(
        con, "SELECT count(*), count(score), count(*) FILTER (score::INT >= 4) FROM raw_surveys WHERE kind = 'csat'"
    )
    assert TOTALS["surveys"]["generic"]["csat"] == {"sent": sent, "answered": answered, "good": good}
    paid = one(con, "SELECT (100 * sum(amount))::BIGINT FROM orders WHERE status = 'paid'")
    assert paid == TOTALS["orders"]["paid_cents"]


def test_order_totals_are_the_sums_of_their_lines(con: duckdb.DuckDBPyConnection) -> None:
    wrong = one(
        con,
        """
        SELECT count(*) FROM raw_orders o FULL JOIN
          (SELECT order_id, sum(amount::DECIMAL(18,2)) AS lines FROM raw_order_lines GROUP BY 1) USING (order_id)
        WHERE o.amount::DECIMAL(18,2) IS DISTINCT FROM lines""",
    )
    assert wrong == 0


def test_every_reference_points_at_a_row(con: duckdb.DuckDBPyConnection) -> None:
    for table in ("tickets", "orders", "raw_surveys", "raw_interactions", "raw_campaign_members"):
        assert one(con, f"SELECT count(*) FROM {table} ANTI JOIN customers USING (customer_id)") == 0, table
    assert (
        one(
            con,
            "SELECT count(*) FROM raw_surveys s ANTI JOIN raw_tickets USING (ticket_id) WHERE ticket_id IS NOT NULL",
        )
        == 0
    )
    assert one(con, "SELECT count(*) FROM events ANTI JOIN raw_tickets USING (ticket_id)") == 0
    assert (
        one(con, "SELECT count(*) FROM raw_tickets t WHERE merged_into NOT IN (SELECT ticket_id FROM raw_tickets)") == 0
    )
    assert (
        one(con, "SELECT count(*) FROM raw_tickets ANTI JOIN raw_agents USING (agent_id) WHERE agent_id IS NOT NULL")
        == 0
    )


def test_nothing_happens_after_the_moment_of_the_exports(con: duckdb.DuckDBPyConnection) -> None:
    latest = [
        one(con, 'SELECT max("at") FROM events'),
        one(con, "SELECT max(ordered_at) FROM orders"),
        one(con, "SELECT max(created_at) FROM tickets"),
        one(con, "SELECT max(answered_at::TIMESTAMP) FROM raw_surveys"),
    ]
    assert max(latest) <= demo.AS_OF


# Histories


def test_histories_are_unbroken(con: duckdb.DuckDBPyConnection) -> None:
    broken = one(
        con,
        """
        SELECT count(*) FROM (
          SELECT seq <> row_number() OVER t OR "at" < lag("at") OVER t AS wrong,
                 field <> 'comment' AND "old" IS DISTINCT FROM lag("new") OVER f AS jump
          FROM events
          WINDOW t AS (PARTITION BY ticket_id ORDER BY seq), f AS (PARTITION BY ticket_id, field ORDER BY seq))
        WHERE wrong OR jump""",
    )
    assert broken == 0


def test_a_ticket_stands_as_its_last_events_say(con: duckdb.DuckDBPyConnection) -> None:
    wrong = one(
        con,
        """
        WITH last AS (SELECT ticket_id, max_by("new", seq) FILTER (field = 'status') AS status,
                             max_by("new", seq) FILTER (field = 'priority') AS priority,
                             max_by("new", seq) FILTER (field = 'team') AS team,
                             max_by("new", seq) FILTER (field = 'agent') AS agent, max("at") AS updated,
                             min("at") AS created
                      FROM events GROUP BY 1)
        SELECT count(*) FROM raw_tickets t FULL JOIN last l USING (ticket_id)
        WHERE (t.status, t.priority, t.team, t.agent_id) IS DISTINCT FROM (l.status, l.priority, l.team, l.agent)
           OR t.updated_at::TIMESTAMP <> l.updated OR t.created_at::TIMESTAMP <> l.created""",
    )
    assert wrong == 0


def test_zendesk_figures_agree_with_each_other(con: duckdb.DuckDBPyConnection) -> None:
    wrong = one(
        con,
        """
        SELECT count(*) FROM (
          SELECT "Full resolution time in minutes"::INT AS whole, "First resolution time in minutes"::INT AS first,
                 "Requester wait time in minutes"::INT AS ours, "Agent wait time in minutes"::INT AS theirs,
                 "Full resolution time in minutes within business hours"::INT AS business,
                 datediff('minute', "Created at"::TIMESTAMP, "Solved at"::TIMESTAMP) AS apart FROM raw_zendesk_tickets)
        WHERE whole <> apart OR first > whole OR ours + theirs > whole OR business > whole""",
    )
    assert wrong == 0


# Shapes


def test_shapes_follow_real_help_desks(con: duckdb.DuckDBPyConnection) -> None:
    desks = TOTALS["tickets"]
    assert 38_000 < desks["rows"] < 42_000
    assert desks["generic"]["rows"] >= 25_000
    never_reopened = 1 - sum(desks[d]["reopened"] for d in desks if d not in ("rows", "counted")) / sum(
        desks[d]["ever_solved"] for d in desks if d not in ("rows", "counted")
    )
    assert never_reopened == pytest.approx(0.84, abs=0.015)
    csat = TOTALS["surveys"]["generic"]["csat"]
    assert csat["answered"] / csat["sent"] == pytest.approx(0.153, abs=0.01)
    p50, p90, p99 = one(
        con,
        """
        WITH taken AS (
          SELECT epoch(max(e."at") - any_value(t.created_at)) AS s FROM tickets t JOIN events e USING (ticket_id)
          WHERE e."new" = 'solved' GROUP BY t.ticket_id)
        SELECT quantile_cont(s, 0.5), quantile_cont(s, 0.9), quantile_cont(s, 0.99) FROM taken""",
    )
    assert p90 > 4 * p50 and p99 > 15 * p50  # noqa: PT018
    lunch, night = (
        one(con, f"SELECT count(*) FROM tickets WHERE hour(created_at + INTERVAL 3 HOUR) = {h}") for h in (11, 3)
    )
    assert lunch > 20 * night


def test_repeat_purchases_decay(con: duckdb.DuckDBPyConnection) -> None:
    shares = [
        r[0]
        for r in con.execute("""
        WITH f AS (SELECT customer_id, min(ordered_at) AS first FROM orders GROUP BY 1)
        SELECT avg((EXISTS (FROM orders o WHERE o.customer_id = f.customer_id
                                            AND o.ordered_at > f.first + to_days(k * 90)
                                            AND o.ordered_at <= f.first + to_days(k * 90 + 90)))::INT)
        FROM f, (VALUES (0), (2), (5)) AS v(k)
        WHERE f.first < TIMESTAMP '2025-05-01' GROUP BY k ORDER BY k""").fetchall()
    ]
    assert shares[0] > shares[1] > shares[2] > 0.1


def test_names_are_turkish_and_mail_goes_nowhere(con: duckdb.DuckDBPyConnection) -> None:
    names = one(con, "SELECT string_agg(name, '') FROM raw_customers")
    assert set("çğıöşüİ") <= set(names)
    assert (
        one(
            con,
            r"""SELECT count(*) FROM raw_customers
                WHERE NOT regexp_full_match(email, '[a-z.]+\d+@example\.(com|org|net)')""",
        )
        == 0
    )


def test_the_excel_export_hides_its_first_three_columns() -> None:
    sheet = unpacked(SAMPLE / "dynamics_firsatlar.xlsx")["xl/worksheets/sheet1.xml"].decode()
    assert '<cols><col min="1" max="3"' in sheet
    assert 'hidden="1"' in sheet


def test_the_turkish_export_is_what_excel_writes() -> None:
    raw = unpacked(SAMPLE / "freshdesk_kayitlar.zip")["freshdesk_kayitlar.csv"]
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    lines = io.StringIO(raw.decode("cp1254"), newline="").read().split("\r\n")
    assert lines[0].startswith("Kayıt No;Konu;Durum;Öncelik")
    assert any(line.endswith(",50") for line in lines)


# Planted truths


def strata(con: duckdb.DuckDBPyConnection, rows: str, cell: str, weight: str) -> tuple[float, float]:
    """Return the difference of `good` between hit and not, equalised over cells, and its standard error."""
    difference, variance = one(
        con,
        f"""
        WITH cells AS (SELECT {cell}, avg(good::INT) FILTER (hit) AS a, avg(good::INT) FILTER (NOT hit) AS b,
                              count(*) FILTER (hit) AS n, count(*) FILTER (NOT hit) AS m
                       FROM ({rows}) GROUP BY ALL HAVING n > 0 AND m > 0),
             weighed AS (SELECT *, ({weight}) / sum({weight}) OVER () AS w FROM cells)
        SELECT sum(w * (a - b)), sum(w * w * ((a * (1 - a) + 0.02) / n + (b * (1 - b) + 0.02) / m))
        FROM weighed""",
    )
    return difference, math.sqrt(variance)


FIRST_COMPLAINTS = """
    SELECT c.segment, t.priority, coalesce(t.first_response_s <= 14400, false) AS hit,
           EXISTS (FROM orders o WHERE o.customer_id = t.customer_id AND o.status = 'paid'
                                   AND o.ordered_at > t.created_at
                                   AND o.ordered_at <= t.created_at + INTERVAL 180 DAY) AS good
    FROM (SELECT * FROM tickets WHERE kind = 'complaint' AND excluded IS NULL
          QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY created_at, ticket_id) = 1) t
    JOIN customers c USING (customer_id)
    WHERE t.created_at + INTERVAL 180 DAY <= TIMESTAMP '2026-11-21 20:59:00'"""


def test_fast_answers_keep_customers_and_the_naive_comparison_overstates_it(con: duckdb.DuckDBPyConnection) -> None:
    truth = TRUTHS["fast_answer_keeps"]
    assert one(con, f"SELECT count(*) FROM ({FIRST_COMPLAINTS})") == truth["n"]
    naive = one(con, f"SELECT avg(good::INT) FILTER (hit) - avg(good::INT) FILTER (NOT hit) FROM ({FIRST_COMPLAINTS})")
    assert naive == pytest.approx(truth["observed_naive"], abs=1e-6)
    found, error = strata(con, FIRST_COMPLAINTS, "segment, priority", "n + m")
    assert abs(found - truth["population"]) < 2.6 * error
    assert found > 2 * error
    assert naive > truth["population"] + 0.02


def test_chat_is_truly_worse(con: duckdb.DuckDBPyConnection) -> None:
    rows = "SELECT kind, priority, first_response_s <= 14400 AS quick, channel = 'chat' AS hit, good FROM csat"
    found, error = strata(con, rows, "kind, priority, quick", "n")
    assert abs(found - TRUTHS["worse_channel"]["population"]) < 2.6 * error
    assert found < -2 * error


def test_the_agent_with_hard_cases_only_looks_worse(con: duckdb.DuckDBPyConnection) -> None:
    agent = TRUTHS["agent_with_hard_cases"]["agent"]
    rows = f"SELECT kind, priority, category, agent_id = '{agent}' AS hit, good FROM csat"
    raw = one(con, f"SELECT avg(good::INT) FILTER (hit) - avg(good::INT) FILTER (NOT hit) FROM ({rows})")
    found, error = strata(con, rows, "kind, priority, category", "n")
    assert raw < -0.1
    assert abs(found) < 2.6 * error


@pytest.mark.parametrize(("key", "works"), [("campaign_with_effect", True), ("campaign_without_effect", False)])
def test_one_campaign_works_and_one_does_not(con: duckdb.DuckDBPyConnection, key: str, works: bool) -> None:
    truth = TRUTHS[key]
    rows = f"""SELECT 1 AS all_, arm = 'treated' AS hit, converted_at IS NOT NULL AS good
               FROM raw_campaign_members WHERE campaign_id = '{truth["campaign"]}'"""
    found, error = strata(con, rows, "all_", "n + m")
    assert abs(found - truth["population"]) < 2.6 * error
    assert (found > 2 * error) == works
    assert truth["observed_openers"] > truth["observed_non_openers"] + 0.05


def test_conversions_are_orders_within_the_window(con: duckdb.DuckDBPyConnection) -> None:
    wrong = one(
        con,
        """
        SELECT count(*) FROM raw_campaign_members m JOIN raw_campaigns c USING (campaign_id)
        WHERE (m.converted_at, m.revenue::DECIMAL(18,2)) IS DISTINCT FROM (
          SELECT (min(o.ordered_at), min_by(o.amount, o.ordered_at)::DECIMAL(18,2)) FROM raw_orders o
          WHERE o.customer_id = m.customer_id AND o.status = 'paid' AND o.ordered_at >= c.started_at
            AND o.ordered_at < c.ended_at)
          AND m.converted_at IS NOT NULL""",
    )
    assert wrong == 0


def test_the_bad_month_is_a_month_of_late_cargo(con: duckdb.DuckDBPyConnection) -> None:
    for month, counts in TRUTHS["bad_month"]["months"].items():
        found = one(
            con,
            f"""
            SELECT count(*), count(*) FILTER (category = 'Kargo gecikmesi') FROM tickets WHERE kind = 'complaint'
            AND excluded IS NULL AND strftime(created_at + INTERVAL 3 HOUR, '%Y-%m') = '{month}'""",
        )
        assert found == (counts["complaints"], counts["cargo_complaints"])
    months = TRUTHS["bad_month"]["months"]
    assert months["2026-09"]["cargo_complaints"] > 2.5 * months["2026-08"]["cargo_complaints"]


def test_forgotten_customers_leave_silently(con: duckdb.DuckDBPyConnection) -> None:
    truth = TRUTHS["forgotten_customers"]
    index = f"TIMESTAMP '{truth['index'][:19]}'"
    year, half = f"{index} - INTERVAL 365 DAY AND {index}", f"{index} AND {index} + INTERVAL 180 DAY"
    rows = f"""
        SELECT c.segment,
               NOT EXISTS (FROM raw_interactions i WHERE i.customer_id = c.customer_id AND direction = 'outbound'
                                                     AND by_human = 'true' AND i."at"::TIMESTAMP BETWEEN {year}) AS hit,
               EXISTS (FROM orders o WHERE o.customer_id = c.customer_id AND o.ordered_at BETWEEN {half}) AS good
        FROM customers c WHERE acquired_at < TIMESTAMP '{truth["calls_stopped"][:19]}'
          AND EXISTS (FROM orders o WHERE o.customer_id = c.customer_id AND o.ordered_at BETWEEN {year})"""
    assert one(con, f"SELECT count(*) FILTER (hit) FROM ({rows})") == pytest.approx(truth["n"], abs=3)
    found, error = strata(con, rows, "segment", "n")
    assert abs(found - truth["population"]) < 2.6 * error
    assert found < -2 * error


def test_the_training_helps(con: duckdb.DuckDBPyConnection) -> None:
    truth = TRUTHS["training_helps"]
    at = f"TIMESTAMP '{truth['completed'][:19]}'"
    hard = TRUTHS["agent_with_hard_cases"]["agent"]
    cells = con.execute(f"""
        SELECT agent_id IN (SELECT agent_id FROM raw_trainings WHERE course = '{truth["course"]}') AS trained,
               created_at >= {at} AS later,
               avg(good::INT), count(*)
        FROM csat JOIN raw_agents a USING (agent_id)
        WHERE a.hired_at::TIMESTAMP < {at} - INTERVAL 180 DAY AND a.left_at IS NULL
          AND a.team <> 'Müşteri İlişkileri' AND agent_id <> '{hard}' GROUP BY 1, 2""").fetchall()
    share = {(trained, later): p for trained, later, p, _ in cells}
    found = share[True, True] - share[True, False] - share[False, True] + share[False, False]
    error = math.sqrt(sum(p * (1 - p) / n for *_, p, n in cells))
    assert abs(found - truth["population"]) < 2.6 * error
    assert found > error


def test_business_minutes_of_zendesk_rest_on_the_calendar_of_the_settings() -> None:
    settings = load_settings(SAMPLE.parents[1] / "insights.toml")
    for year in (2023, 2024):
        for day in calendar_year(settings, "support", year):
            midnight = int(dt.datetime.combine(day.date, dt.time(), dt.UTC).timestamp()) - world.LOCAL
            worked = working_seconds(np.array([midnight]), np.array([midnight + world.DAY]))
            assert worked[0] == sum(end - start for start, end in day.spans), day.date
