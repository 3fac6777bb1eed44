"""`insights load`, `rejects`, `status`, `undo` and loading from the dashboard, as a user meets them."""

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from staged_rows import small_settings

from insights import cli, warehouse
from insights.settings import Settings
from insights.warehouse import Event, LoadRefused, load_in_process

TICKETS = """ticket_id,customer_id,status,created_at,updated_at
1,c1,open,2024-01-05 10:00,2024-01-05 11:00
2,c1,solved,2024-01-06 10:00,2024-01-07 11:00
,c1,solved,2024-01-06 10:00,2024-01-07 11:00
4,c1,open,2024-01-08 10:00,sometime
"""
LATER = """ticket_id,customer_id,status,created_at,updated_at
1,c1,solved,2024-01-05 10:00,2024-01-09 11:00
2,c1,solved,2024-01-06 10:00,2024-01-07 11:00
5,c2,new,2024-01-09 10:00,2024-01-09 10:00
"""
FILE_KEYS = {
    *("path", "source", "encoding", "delimiter", "date_order"),
    *("rows_read", "rows_rejected", "warnings", "rejects", "tables"),
}


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


def run(directory: Path, *arguments: object, lang: str = "en") -> Done:
    """Run the command line inside this process: starting Python dozens of times would be most of the test's time."""
    out, err = io.StringIO(), io.StringIO()
    argv = ["insights", "--warehouse", str(directory / "warehouse"), "--lang", lang, *map(str, arguments)]
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", argv)
        with pytest.raises(SystemExit) as end:
            cli.main()
    return Done(int(end.value.code or 0), out.getvalue(), err.getvalue())


def told(directory: Path, *arguments: object) -> Any:
    done = run(directory, *arguments, "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    first, later = tmp_path / "tickets.csv", tmp_path / "later.csv"
    first.write_text(TICKETS)
    later.write_text(LATER)
    return first, later


def test_load_says_what_became_of_every_row(tmp_path: Path, files: tuple[Path, Path]) -> None:
    report = told(tmp_path, "load", files[0])
    (file,) = report["files"]
    assert file.keys() >= FILE_KEYS
    assert report.keys() >= {"load_id", "as_of", "files"}
    assert (file["rows_read"], file["rows_rejected"], file["source"]) == (4, 1, "generic")
    assert file["tables"] == {"tickets": {"inserted": 3, "updated": 0, "unchanged": 0}}
    assert (sum(file["rejects"].values()), file["warnings"]) == (1, {"bad_date": 1})
    assert report["as_of"] == "2024-01-08T10:00:00"

    (second,) = told(tmp_path, "load", files[1])["files"]
    assert second["tables"] == {"tickets": {"inserted": 1, "updated": 1, "unchanged": 1}}

    aside = told(tmp_path, "rejects")
    assert [(r["load_id"], r["line"], r["column"], r["reason"], r["row_rejected"]) for r in aside] == [
        (1, 4, aside[0]["column"], aside[0]["reason"], True),
        (1, 5, "updated_at", "bad_date", False),
    ]
    assert run(tmp_path, "rejects", "--load", 2).returncode == 1
    missing = run(tmp_path, "rejects", "--load", 9)
    assert (missing.returncode, missing.stderr.strip()) == (2, "There is no load 9; choose among 1, 2.")

    now = told(tmp_path, "status")
    assert Path(now["database"]).name == "warehouse-2.duckdb"
    assert (now["tables"]["tickets"], now["last_load"]["load_id"], now["as_of"]) == (4, 2, "2024-01-09T11:00:00")
    assert run(tmp_path, "undo", lang="tr").stdout.strip() == "Sürüm 1 yeniden gösteriliyor."
    assert told(tmp_path, "status")["tables"]["tickets"] == 3


def test_the_same_file_again_and_a_dry_run_publish_nothing(tmp_path: Path, files: tuple[Path, Path]) -> None:
    told(tmp_path, "load", files[0])
    again = told(tmp_path, "load", files[0])
    assert (again["published"], again["load_id"]) == (False, 1)
    assert again["files"][0]["tables"]["tickets"] == {"inserted": 0, "updated": 0, "unchanged": 3}
    would = told(tmp_path, "load", files[1], "--dry-run")
    assert (would["published"], would["files"][0]["rows_updated"]) == (False, 1)
    assert told(tmp_path, "status")["version"] == 1


def test_the_same_file_in_another_zone_is_read_again(tmp_path: Path, files: tuple[Path, Path]) -> None:
    told(tmp_path, "load", files[0])
    (moved,) = told(tmp_path, "load", files[0], "--timezone", "Europe/Istanbul")["files"]
    assert moved["already_loaded_in"] is None


def test_a_refusal_is_one_sentence_and_json_and_changes_nothing(tmp_path: Path, files: tuple[Path, Path]) -> None:
    told(tmp_path, "load", files[0])
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    refused = run(tmp_path, "load", files[1], empty, "--format", "json", lang="tr")
    assert refused.returncode == 2
    said = json.loads(refused.stdout)["refused"]
    assert said["class"] == "empty_file"
    assert refused.stderr.strip() == said["message"]
    assert told(tmp_path, "status")["version"] == 1


def test_with_nothing_loaded_status_says_the_way_out(tmp_path: Path) -> None:
    done = run(tmp_path, "status")
    assert (done.returncode, done.stdout) == (2, "")
    assert "insights load" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return small_settings(tmp_path)


def test_the_dashboard_loads_in_a_process_of_its_own_and_hears_of_every_step(
    settings: Settings, files: tuple[Path, Path]
) -> None:
    events: list[Event] = []
    report = load_in_process([files[0]], settings, progress=events.append)
    assert report["files"][0]["rows_read"] == 4
    assert [e.stage for e in events] == ["copy", "read", "merge", "derive", "check", "publish", "done"]
    assert [e.share for e in events] == sorted(e.share for e in events)
    assert warehouse.open_current(settings.warehouse).version == 1


def test_the_dashboard_hears_why_a_load_was_refused_and_that_a_loader_died(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(LoadRefused) as refused:
        load_in_process([tmp_path / "missing.csv"], settings, language="tr")
    assert refused.value.kind != "died"
    assert "missing.csv" in str(refused.value)
    monkeypatch.setenv("INSIGHTS_FAILPOINT", "locked")
    with pytest.raises(LoadRefused, match="exit -9"):
        load_in_process([tmp_path / "missing.csv"], settings)


def test_of_a_folder_what_can_be_read_is_loaded_and_what_cannot_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "a.csv").write_text("product,series,price\nCup,Blue,5\n")
    (folder / "b.csv").write_text(TICKETS)
    done = run(tmp_path, "load", folder)
    assert done.returncode == 0
    assert "a.csv" in done.stdout
    assert "product, series, price" in done.stdout
    report = told(tmp_path, "load", folder)
    assert [(r["file"], r["class"]) for r in report["left_out"]] == [("a.csv", "unrecognised_format")]
    assert [Path(f["path"]).name for f in report["files"]] == ["b.csv"]
    assert report["files"][0]["rows_unchanged"] == 3


def test_of_a_folder_no_file_of_which_can_be_read_nothing_is_loaded(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "a.csv").write_text("product,series,price\nCup,Blue,5\n")
    assert run(tmp_path, "load", folder).returncode == 2


def test_columns_came_and_went_only_between_files_of_one_export(tmp_path: Path) -> None:
    teams = "sales_agent,manager,regional_office\nAnn,Bo,East\n"
    accounts = (
        "account,sector,year_established,revenue,employees,office_location,subsidiary_of\nAcme,retail,1990,1,2,Kenya,\n"
    )
    for name, text in (("accounts", accounts), ("teams", teams)):
        (tmp_path / f"{name}.csv").write_text(text)
    (tmp_path / "later.csv").write_text("sales_agent,manager,regional_office,grade\nEva,Bo,West,2\n")
    paths = [tmp_path / f"{n}.csv" for n in ("accounts", "teams", "later")]
    files = told(tmp_path, "load", *paths)["files"]
    assert [[(n["kind"], n["columns"]) for n in f["notices"]] for f in files] == [
        [],
        [],
        [("columns_appeared", ["grade"])],
    ]
