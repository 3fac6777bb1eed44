"""The command line: shapes of the JSON, exit codes, and the same numbers as the road."""

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import asked as road
import pytest
from typer.testing import CliRunner

from insights.cli import app, gather
from insights.cli import asking as commands
from insights.errors import BadFilter, UnknownName
from insights.filters import EVERYTHING, Filters
from insights.metrics import METRICS
from insights.warehouse.reader import Warehouse

gather()
SPRING = ("--since", "2025-03-01", "--until", "2025-04-30")


@pytest.fixture
def run(small_directory: Path) -> Any:
    def command(*arguments: str) -> Any:
        result = CliRunner().invoke(app, ["--warehouse", str(small_directory), *arguments, "--format", "json"])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return json.loads(result.stdout)

    return command


def test_query_prints_exactly_the_contract(run: Any) -> None:
    (plain,) = run("query", "csat")
    assert list(plain) == ["metric", "unit", "value", "n", "low", "high"]
    grained = run("query", "csat", *SPRING, "--grain", "month", "--by", "channel,team", "--compare", "previous")
    parts = ["value", "n", "low", "high", "previous", "complete"]
    assert list(grained[0]) == ["metric", "unit", "period", "channel", "team", *parts]
    assert {r["period"] for r in grained} == {"2025-03-01", "2025-04-01"}
    assert "bucket" in run("query", "ageing")[0]


def test_the_command_line_says_what_the_road_says(run: Any, small: Warehouse) -> None:
    filters = Filters(dt.date(2025, 3, 1), dt.date(2025, 4, 30), clock="business").choose("channel", "email", "chat")
    expected = road.query(small, ["frt_p50", "created"], filters, scope=EVERYTHING)
    found = run("query", "frt_p50", "created", *SPRING, "--clock", "business", "--where", "channel=email,chat")
    assert [(r["metric"], r["value"], r["n"]) for r in found] == [(r["metric"], r["value"], r["n"]) for r in expected]
    again = run("query", "created", *SPRING, "--where", "channel=email", "--where", "channel=chat")
    assert again[0]["n"] == expected[1]["n"]


@pytest.mark.parametrize(
    ("where", "said"),
    [
        (("channel=nosuch,email",), ["No row has channel = nosuch"]),
        (("channel=email", "team=first,nix,(unknown)"), ["No row has team = nix"]),
        (("policy=zz", "channel=yy"), ["No row has channel = yy", "No row has policy = zz"]),
        (("channel=email",), []),
        (("country=(unknown)",), []),
    ],
)
def test_a_value_no_row_has_is_said_aloud_and_ends_as_any_other(
    small_directory: Path, where: tuple[str, ...], said: list[str]
) -> None:
    words = [word for value in where for word in ("--where", value)]
    asked = ["--warehouse", str(small_directory), "query", "created", *words, "--format", "json"]
    found = CliRunner().invoke(app, asked)
    assert found.exit_code == 0
    assert [line.partition(";")[0] for line in found.stderr.splitlines() if "No row has" in line] == said
    assert [number["metric"] for number in json.loads(found.stdout)] == ["created"]


def test_of_what_others_have_a_reader_is_told_what_is_told_of_what_nobody_has(
    small_directory: Path,
) -> None:
    mine = ["--warehouse", str(small_directory), "--role", "agent", "--agent", "a1", "query", "created"]
    told = {name: CliRunner().invoke(app, [*mine, "--where", f"agent={name}"]).stderr for name in ("a1", "a2", "a9")}
    assert told["a1"] == ""
    assert told["a2"].replace("a2", "a9") == told["a9"] != ""


def test_a_filter_a_metric_does_not_know_is_said_aloud(small_directory: Path) -> None:
    asked = ["--warehouse", str(small_directory), "query", "csat", "--where", "policy=Complaint", "--format", "json"]
    found = CliRunner().invoke(app, asked)
    assert found.exit_code == 0
    assert "policy" in found.stderr
    assert "csat" in found.stderr
    assert len(json.loads(found.stdout)) == 1


@pytest.mark.parametrize("key", ["created", "csat", "frt_p90", "solved", "backlog", "sla_compliance", "repeat_rate"])
def test_rows_are_as_many_as_n(run: Any, key: str) -> None:
    assert len(run("rows", key)) == run("query", key)[0]["n"]


def test_rows_left_out_have_a_reason(run: Any) -> None:
    assert {r["reason"] for r in run("rows", "csat", "--excluded")} >= {"not_answered"}


def test_sql_is_one_statement(run: Any) -> None:
    (found,) = run("sql", "csat", "--by", "channel")
    assert found["sql"].startswith("SELECT")


def test_the_catalogue_lists_every_key(run: Any) -> None:
    found = run("metrics")
    assert [m["key"] for m in found] == list(METRICS)
    assert set(found[0]) == {"key", "name", "unit", "better", "anchor", "definition"}


def test_cohorts_print_the_contract(run: Any) -> None:
    found = run("cohorts", "--grain", "month", "--mode", "on")
    assert {"cohort", "size", "k", "value", "n", "complete"} <= set(found[0])
    assert {c["value"] for c in found if c["k"] == 0} == {1.0}


def test_times_are_read_as_they_are_meant() -> None:
    zone = ZoneInfo("Europe/Istanbul")
    assert commands.moment("2025-04-30", zone) == dt.datetime(2025, 4, 30, 20, 59, 59, 999999)
    assert commands.moment("2025-04-30T12:00:00", zone) == dt.datetime(2025, 4, 30, 12)
    assert commands.moment("2025-04-30T12:00:00+03:00", zone) == dt.datetime(2025, 4, 30, 9)
    assert commands.moment(None, zone) is None
    with pytest.raises(BadFilter):
        commands.moment("yesterday", zone)
    with pytest.raises(BadFilter):
        commands.day("30.04.2025")
    with pytest.raises(BadFilter):
        commands.values(["channel"])


def test_an_unknown_clock_or_key_is_refused(run: Any) -> None:
    with pytest.raises(UnknownName, match="business"):
        run("query", "frt_p50", "--clock", "lunar")
    with pytest.raises(UnknownName, match="csat"):
        run("query", "csta")


def test_a_refusal_is_one_sentence_on_stderr_and_exit_2(small_directory: Path) -> None:
    command = [sys.executable, "-m", "insights", "--warehouse", str(small_directory), "--lang", "tr", "query", "csta"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "csat" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_amount_says_its_currency_and_unlike_money_is_not_added(run: Any, tables: Any) -> None:
    (whole,) = run("query", "revenue")
    split = {r["currency"]: r["value"] for r in run("query", "revenue", "--by", "currency")}
    counted = [o for o in tables["orders"] if o["amount"] < 0 or o["status"] in ("paid", None)]
    for currency in ("TRY", "EUR", None):
        assert split[currency] == pytest.approx(sum(o["amount"] for o in counted if o["currency"] == currency))
    assert whole["value"] == pytest.approx(split["TRY"] + split[None])
    (euros,) = run("query", "revenue", "--where", "currency=EUR")
    assert (euros["value"], euros["currency"]) == (split["EUR"], "EUR")
    left = [r for r in run("rows", "revenue", "--excluded") if r["reason"] == "other_currency"]
    assert {r["currency"] for r in left} == {"EUR"}
