"""Real exports, through the command line, against a count by hand with Python's csv module."""

import csv
import gzip
import io
import statistics
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from test_load import told as insights

FILES = Path(__file__).parents[2] / "shared" / "data"
pytestmark = [
    pytest.mark.skipif(not FILES.exists(), reason="the real files are not beside the project"),
]
ZENDESK = FILES / "zendesk_plum" / "zendesk_tickets_2023-04.csv.gz"
SERVICENOW = FILES / "uci_incident" / "incident_event_log_first2500.csv.gz"
CDNOW = FILES / "cdnow" / "CDNOW_sample.txt.gz"


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a gzipped CSV as text."""
    yield from csv.DictReader(io.StringIO(gzip.decompress(path.read_bytes()).decode("utf-8-sig")))


def one(results: list[dict[str, Any]], key: str) -> dict[str, Any]:
    """Return the single result of a metric."""
    (found,) = [r for r in results if r["metric"] == key]
    return found


def assert_accounted(report: dict[str, Any]) -> None:
    """Check that every row of every file ended somewhere."""
    for file in report["files"]:
        parts = (file["rows_inserted"], file["rows_updated"], file["rows_unchanged"], file["rows_rejected"])
        assert file["rows_read"] == sum(parts), file


@pytest.fixture(scope="module")
def zendesk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("zendesk")
    report = insights(directory, "load", str(ZENDESK))
    assert_accounted(report)
    assert report["files"][0]["source"] == "zendesk"
    return directory


@pytest.fixture(scope="module")
def servicenow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("servicenow")
    report = insights(directory, "load", str(SERVICENOW))
    assert_accounted(report)
    assert report["files"][0]["rows_read"] == 17_667
    return directory


def test_zendesk_satisfaction_equals_a_count_by_hand(zendesk: Path) -> None:
    scores = [r["Satisfaction Score"] for r in rows_of(ZENDESK)]
    answered = [s for s in scores if s in "12345" and s]
    found = insights(zendesk, "query", "csat", "resp_rate", "created")
    assert one(found, "created")["value"] == len(scores) == 8_223
    csat, response = one(found, "csat"), one(found, "resp_rate")
    assert csat["n"] == len(answered) == 407
    assert csat["value"] == pytest.approx(sum(s in "45" for s in answered) / len(answered)) == pytest.approx(362 / 407)
    assert response["n"] == len(answered) + scores.count("Offered") == 2_658
    assert response["value"] == pytest.approx(407 / 2_658)
    assert csat["low"] < csat["value"] < csat["high"]


def test_zendesk_reply_minutes_are_used_as_reported(zendesk: Path) -> None:
    minutes = [r["First reply time in minutes within business hours"] for r in rows_of(ZENDESK)]
    figures = [float(m) * 60 for m in minutes if m not in ("", "-")]
    found = one(insights(zendesk, "query", "frt_p50", "--clock", "business"), "frt_p50")
    assert found["n"] == len(figures)
    assert found["value"] == pytest.approx(statistics.median(figures))


def test_zendesk_durations_equal_its_own_minutes(zendesk: Path) -> None:
    wrong = 0
    for row in rows_of(ZENDESK):
        if row["Solved at"] and not row["Solved at"].startswith("1900") and row["Full resolution time in minutes"]:
            solved, created = (datetime.fromisoformat(row[c]) for c in ("Solved at", "Created at"))
            wrong += abs((solved - created).total_seconds() / 60 - float(row["Full resolution time in minutes"])) > 1
    found = insights(zendesk, "rows", "full_res_p50")
    by_id = {r["Id"]: r["Full resolution time in minutes"] for r in rows_of(ZENDESK)}
    ours = sum(abs(r["full_resolution_s"] / 60 - float(by_id[r["ticket_id"]])) > 1 for r in found)
    assert ours <= wrong


@pytest.mark.parametrize("key", ["csat", "resp_rate", "created", "full_res_p50", "one_touch", "reopen_rate", "frt_p50"])
def test_zendesk_rows_are_as_many_as_n(zendesk: Path, key: str) -> None:
    for clock in ("calendar", "business"):
        n = one(insights(zendesk, "query", key, "--clock", clock), key)["n"]
        command = ["rows", key, "--clock", clock]
        assert (len(insights(zendesk, *command)) if n else 0) == n


def test_servicenow_verdict_counts_incidents_not_rows(servicenow: Path) -> None:
    last: dict[str, dict[str, str]] = {}
    for row in rows_of(SERVICENOW):
        kept = last.get(row["number"])
        if kept is None or int(row["sys_mod_count"]) >= int(kept["sys_mod_count"]):
            last[row["number"]] = row
    found = insights(servicenow, "query", "sla_source", "created", "solved", "full_res_p50")
    sla = one(found, "sla_source")
    assert one(found, "created")["value"] == len(last) == 2_500
    assert sla["n"] == 2_500
    assert sla["value"] == pytest.approx(sum(r["made_sla"] == "true" for r in last.values()) / 2_500)
    assert sla["value"] == pytest.approx(851 / 2_500)


def test_servicenow_resolution_is_resolved_not_closed(servicenow: Path) -> None:
    last = {row["number"]: row for row in rows_of(SERVICENOW)}
    hours = [
        (
            datetime.strptime(r["resolved_at"], "%d/%m/%Y %H:%M") - datetime.strptime(r["opened_at"], "%d/%m/%Y %H:%M")
        ).total_seconds()
        / 3600
        for r in last.values()
        if r["resolved_at"] != "?"
    ]
    resolution = one(insights(servicenow, "query", "full_res_p50"), "full_res_p50")
    assert resolution["n"] == len([h for h in hours if h >= 0]) == 2_421
    assert resolution["value"] / 3600 == pytest.approx(statistics.median(hours))
    assert round(resolution["value"] / 3600, 1) == 92.7


def test_cdnow_has_its_customers_and_purchases(tmp_path: Path) -> None:
    report = insights(tmp_path, "load", str(CDNOW))
    assert_accounted(report)
    tables = insights(tmp_path, "status")["tables"]
    assert (tables["customers"], tables["orders"]) == (2_357, 6_919)
    found = insights(tmp_path, "query", "orders")
    assert one(found, "orders")["value"] == 6_919
    cohorts = insights(tmp_path, "cohorts", "--grain", "month")
    assert sum(c["size"] for c in cohorts if c["k"] == 0 and c["cohort"] != "average") == 2_357


def test_loading_again_changes_nothing(zendesk: Path) -> None:
    before = insights(zendesk, "query", "csat", "created", "full_res_p90")
    report = insights(zendesk, "load", str(ZENDESK))
    file = report["files"][0]
    assert (file["rows_inserted"], file["rows_updated"], file["rows_rejected"]) == (0, 0, 0)
    assert file["rows_unchanged"] == 8_223
    assert insights(zendesk, "query", "csat", "created", "full_res_p90") == before


def test_cdnow_gives_the_published_value_model(tmp_path: Path) -> None:
    insights(tmp_path, "load", str(CDNOW))
    command = ("study", "value_model", "--as-of", "1997-09-30T12:00", "--weeks", "39", "--limit", "3000")
    found = insights(tmp_path, *command)
    assert found["n"] == 2_357
    fitted = [found[name] for name in ("r", "alpha", "a", "b", "log_likelihood")]
    assert fitted == pytest.approx([0.2426, 4.4135, 0.7929, 2.4258, -9582.43], rel=1e-4)
    assert [found[name] for name in ("p", "q", "gamma")] == pytest.approx([6.249, 3.745, 15.448], rel=1e-3)
    rows = {row["customer_id"]: row for row in found["value_model"]}
    again = next(r for r in rows.values() if (r["repeats"], round(r["recency_weeks"], 2)) == (2, 30.43))
    assert (again["age_weeks"], again["expected"]) == (pytest.approx(38.86, abs=0.005), pytest.approx(1.226, abs=0.001))
    assert again["spend"] == pytest.approx(24.66, abs=0.01)
    days: dict[str, dict[str, float]] = {}
    for line in gzip.decompress(CDNOW.read_bytes()).decode().splitlines():
        who, _, day, _, amount = line.split()
        if day <= "19970930":
            days.setdefault(who, {}).setdefault(day, 0)
            days[who][day] += float(amount)
    assert rows.keys() == days.keys()
    for who, mine in days.items():
        row, first, last = rows[who], min(mine), max(mine)
        assert row["repeats"] == len(mine) - 1
        weeks = [
            (datetime.strptime(to, "%Y%m%d") - datetime.strptime(first, "%Y%m%d")).days / 7 for to in (last, "19970930")
        ]
        assert [row["recency_weeks"], row["age_weeks"]] == pytest.approx(weeks)
        assert row["revenue"] == pytest.approx(sum(mine.values()))
