"""Real exports are read with the figures counted from them by hand."""

import datetime as dt
import itertools
from pathlib import Path

import duckdb
import pytest

from insights import sources
from insights.sources import ReadOptions, StagedFile

DATA = Path(__file__).parents[2] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the real files are not here")


def staged(path: str, **options: object) -> tuple[duckdb.DuckDBPyConnection, StagedFile]:
    con = duckdb.connect()
    [file] = sources.stage(con, DATA / path, sources.profiles(), ReadOptions(**options))  # type: ignore[arg-type]
    rejects = con.execute(f"SELECT count(*) FROM {file.rejects} WHERE row_rejected").fetchall()[0][0]
    assert rejects == file.rows_rejected
    return con, file


def one(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[object, ...]:
    return con.execute(sql).fetchall()[0]


def test_zendesk_month_has_its_tickets_and_surveys() -> None:
    con, file = staged("zendesk_plum/zendesk_tickets_2023-04.csv.gz")
    assert (file.source, file.rows_read, file.rows_rejected) == ("zendesk", 8_223, 0)
    surveys = one(con, f"SELECT count(*), count(score), count(*) FILTER (score >= 4) FROM {file.tables['surveys']}")
    assert surveys == (2_658, 407, 362)
    never = one(con, f"SELECT count(*) FILTER (solved_at IS NULL), count(*) FROM {file.tables['tickets']}")
    assert never == (860, 8_223)
    assert file.as_of == dt.datetime(2023, 6, 19, 8, 47)


def test_zendesk_minutes_are_those_between_creation_and_solution() -> None:
    con, file = staged("zendesk_plum/zendesk_tickets_2023-04.csv.gz")
    apart = f"""SELECT count(*) FROM {file.tables["tickets"]} WHERE solved_at IS NOT NULL
                AND abs(date_diff('second', created_at, solved_at) - reported_full_resolution_s) > 60"""
    assert one(con, apart) == (0,)


def test_enriched_zendesk_tickets_have_their_verdicts() -> None:
    con, file = staged("fivetran_streamlit_zendesk/dunder_mifflin_tickets.csv.gz")
    assert (file.source, file.rows_read, file.rows_rejected) == ("dbt_zendesk", 5_849, 0)
    good = one(con, f"SELECT count(*), count(*) FILTER (score = 2), max(scale_max) FROM {file.tables['surveys']}")
    assert good == (4_636, 2_335, 2)


def test_servicenow_log_gives_tickets_and_events() -> None:
    con, file = staged("uci_incident/incident_event_log_first2500.csv.gz")
    assert (file.rows_read, file.rows_rejected, file.date_order) == (17_667, 0, "dmy")
    last = f"""SELECT DISTINCT ON (ticket_id) * FROM {file.tables["tickets"]}
               ORDER BY ticket_id, updated_at DESC, _line DESC"""
    found = one(
        con,
        f"""SELECT count(*), count(*) FILTER (source_sla_met), count(solved_at),
        round(median(date_diff('minute', created_at, solved_at)) / 60, 1) FROM ({last})""",
    )
    assert found == (2_500, 851, 2_421, 92.7)
    events = con.execute(
        f"""SELECT ticket_id, seq, "at", field, "old", "new"
        FROM {file.tables["ticket_events"]} ORDER BY ticket_id, seq"""
    ).fetchall()
    assert [r[2:] for r in events if r[0] == "INC0000045"] == [
        (dt.datetime(2016, 2, 29, 1, 16), "status", None, "new"),
        (dt.datetime(2016, 2, 29, 1, 16), "priority", None, "normal"),
        (dt.datetime(2016, 2, 29, 1, 16), "team", None, "Group 56"),
        (dt.datetime(2016, 2, 29, 8, 53), "status", "new", "solved"),
        (dt.datetime(2016, 3, 5, 12, 0), "status", "solved", "closed"),
    ]
    assert all(a[2] <= b[2] for a, b in itertools.pairwise(events) if a[0] == b[0])


def test_events_of_a_log_lead_from_the_first_state_to_the_last() -> None:
    con, file = staged("uci_incident/incident_event_log_first2500.csv.gz")
    ends = f"""SELECT count(*) FROM (SELECT ticket_id, arg_max("new", seq) AS new FROM {file.tables["ticket_events"]}
               WHERE field = 'status' GROUP BY ticket_id) e JOIN (SELECT DISTINCT ON (ticket_id) ticket_id, status
               FROM {file.tables["tickets"]} ORDER BY ticket_id, updated_at DESC, _line DESC) t USING (ticket_id)
               WHERE e.new <> t.status"""
    assert one(con, ends) == (0,)
    chain = f"""SELECT count(*) FROM (SELECT "old", lag("new") OVER (PARTITION BY ticket_id, field ORDER BY seq) AS was
                FROM {file.tables["ticket_events"]}) WHERE "old" IS DISTINCT FROM was"""
    assert one(con, chain) == (0,)


def test_purchase_log_without_header_or_order_ids() -> None:
    con, file = staged("cdnow/CDNOW_sample.txt.gz")
    customers, orders = file.tables["customers"], file.tables["orders"]
    assert one(con, f"SELECT count(*), count(DISTINCT order_id) FROM {orders}") == (6_919, 6_919)
    assert one(con, f"SELECT count(*) FROM {customers}") == (2_357,)
    assert one(con, f"SELECT customer_id, CAST(amount AS VARCHAR) FROM {orders} WHERE _line = 1") == ("00004", "29.33")


def test_order_lines_add_up_to_orders() -> None:
    con, file = staged("online_retail/online_retail_II_2009-12_2010-01.csv.gz")
    assert (file.rows_read, file.rows_rejected, file.main) == (76_783, 0, "order_lines")
    lines, orders = file.tables["order_lines"], file.tables["orders"]
    totals = one(con, f"SELECT (SELECT sum(amount) FROM {lines}), (SELECT sum(amount) FROM {orders})")
    assert totals[0] == totals[1]
    wrong = (
        f"SELECT count(*) FROM {orders} WHERE (order_id LIKE 'C%') <> (status = 'cancelled') OR customer_id LIKE '%.%'"
    )
    assert one(con, wrong) == (0,)
    assert one(con, f"SELECT count(*), count(DISTINCT (order_id, line)) FROM {lines}") == (76_783, 76_783)


def test_maven_pipeline_is_won_and_lost_as_it_says() -> None:
    con, file = staged("maven_crm/sales_pipeline.csv.gz")
    found = f"""SELECT count(*), count(*) FILTER (outcome = 'won'), count(*) FILTER (outcome = 'lost'),
                CAST(sum(amount) FILTER (outcome = 'won') AS BIGINT),
                round(avg(date_diff('day', created_at, closed_at)) FILTER (outcome <> 'open'), 2)
                FROM {file.tables["opportunities"]}"""
    assert one(con, found) == (8_800, 4_238, 2_473, 10_005_534, 47.99)
    assert file.date_order == "dmy"


def test_turkish_excel_and_plain_utf8_of_the_same_complaints_are_equal() -> None:
    content = []
    for name in ("sikayetvar_isbank_excel_tr_cp1254", "sikayetvar_isbank_structural"):
        con, file = staged(f"sikayetvar_banks/{name}.csv.gz")
        assert (file.rows_read, file.rows_rejected) == (2_678, 0)
        tickets, surveys = file.tables["tickets"], file.tables["surveys"]
        rows = con.execute(
            f"""SELECT ticket_id, category, status, status_raw, created_at, score
            FROM {tickets} LEFT JOIN {surveys} USING (ticket_id) ORDER BY ticket_id"""
        ).fetchall()
        content.append(rows)
        shares = f"""SELECT round(100 * avg(CAST(status = 'solved' AS INT)), 2),
                     round(avg(score) FILTER (status = 'solved'), 2), round(avg(score) FILTER (status = 'open'), 2)
                     FROM {tickets} LEFT JOIN {surveys} USING (ticket_id)"""
        assert one(con, shares) == (26.21, 2.89, 1.08)
    assert content[0] == content[1]


def test_city_requests_keep_the_promise_they_came_with() -> None:
    con, file = staged("nyc311/nyc311_export_csv_2018_1000.csv.gz")
    due = f"""SELECT count(*), count(*) FILTER (coalesce(closed_at, solved_at) <= due_at) FROM {file.tables["tickets"]}
              WHERE due_at IS NOT NULL AND coalesce(closed_at, solved_at) IS NOT NULL"""
    assert one(con, due) == (479, 427)
