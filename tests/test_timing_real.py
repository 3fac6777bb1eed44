"""Durations of real exports: where a vendor states its own figure beside its timestamps, ours is that figure."""

from pathlib import Path

import duckdb
import pytest

from insights import warehouse
from insights.settings import Settings
from insights.timing import reconcile

DATA = Path(__file__).parents[2] / "shared" / "data"


def load(tmp_path: Path, file: str) -> duckdb.DuckDBPyConnection:
    if not (DATA / file).exists():
        pytest.skip(f"the real file {file} is not here")
    report = warehouse.load([DATA / file], Settings(warehouse=tmp_path))
    assert report.version is not None
    con = duckdb.connect()
    con.execute(f"ATTACH '{warehouse.open_current(tmp_path).path}' AS w (READ_ONLY)")
    con.execute("USE w")
    return con


def test_zendesk_solved_less_created_is_its_full_resolution_on_every_solved_ticket(tmp_path: Path) -> None:
    con = load(tmp_path, "zendesk_plum/zendesk_tickets_2023-04.csv.gz")
    found = con.execute("""
    SELECT count(*), max(abs(full_resolution_s - reported_full_resolution_s)),
        count(*) FILTER (full_resolution_s <> epoch(solved_at - created_at))
    FROM tickets WHERE status IN ('solved', 'closed')""").fetchall()
    assert found == [(7363, 60, 0)]
    reopened = con.execute("""
    SELECT max(abs(first_resolution_s - reported_first_resolution_s)), count(*) FILTER (first_solved_at > solved_at)
    FROM tickets WHERE reopens > 0""").fetchall()
    assert reopened == [(0, 0)]
    # Replies are only known in the vendor's business minutes: they stand on both clocks, as reported.
    replies = con.execute("""
    SELECT count(first_response_business_s), count(*) FILTER (first_response_s = first_response_business_s),
        count(*) FILTER (first_response_s IS NOT NULL AND clock_basis <> 'reported')
    FROM tickets""").fetchall()
    assert replies == [(6494, 6494, 0)]
    assert con.execute("SELECT count(*) FROM tickets WHERE clock_basis = 'events'").fetchall() == [(0,)]
    assert con.execute("SELECT count(*) FROM tickets WHERE is_open").fetchall() == [(860,)]
    held = warehouse.open_current(tmp_path)
    lines = {(r["figure"], r["clock"]): r for r in reconcile(held.path, Settings(), held.as_of).summary()}
    for figure, compared in (("first_resolution", 6188), ("full_resolution", 7363)):
        calendar, business = lines[figure, "calendar"], lines[figure, "business"]
        assert (calendar["compared"], calendar["equal"]) == (compared, compared)
        # The company's own hours are not ours: with the calendar figures equal, nothing else can be the reason.
        assert business["reasons"].keys() <= {"other_hours", "business_clock"}
    assert (lines["first_response", "business"]["not_ours"], lines["first_response", "business"]["compared"]) == (
        6494,
        0,
    )


def test_servicenow_resolves_when_it_says_so_and_closing_is_no_resolution(tmp_path: Path) -> None:
    con = load(tmp_path, "uci_incident/incident_event_log_first2500.csv.gz")
    found = con.execute("SELECT count(full_resolution_s), median(full_resolution_s) / 3600.0 FROM tickets").fetchall()
    assert found[0][0] == 2421
    assert round(found[0][1], 1) == 92.7
    kept = con.execute("""
    SELECT count(*) FROM tickets WHERE full_resolution_s <> epoch(solved_at - created_at) OR clock_basis <> 'events'
        OR requester_wait_s + agent_wait_s < first_resolution_s""").fetchall()
    assert kept == [(0,)]
