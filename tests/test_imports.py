"""What a command need not know is not imported before it runs: help and a number come at once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_LISTED = "import sys, insights.cli as c; sys.argv = ['insights', *sys.argv[1:]]\n"
_RUN = f"{_LISTED}try: c.main()\nexcept SystemExit: pass\nprint(*sorted(sys.modules), file=sys.stderr)"

HEAVY = {"pandas", "numpy", "scipy", "pyarrow", "statsmodels", "streamlit", "plotly", "holidays"}
ENGINE = {
    "duckdb",
    "sqlalchemy",
    "pydantic",
    "babel",
    "rich",
    "insights.sources",
    "insights.studies",
    "insights.metrics",
}
LOADING = {"insights.sources", "insights.timing", "insights.quality", "insights.warehouse.build"}
BUILDING = {"sqlalchemy", "pydantic_settings", "insights.metrics", "insights.filters"}
"""What statements are built with, and what reads variables."""
STUDIES = {"insights.studies.cohorts", "insights.studies.purchases"}


def imported(*words: str) -> set[str]:
    """Return the modules a command has imported when it ends."""
    done = subprocess.run([sys.executable, "-c", _RUN, *words], capture_output=True, text=True, check=True)
    return set(done.stderr.splitlines()[-1].split())


def test_help_rests_on_nothing_that_answers_questions() -> None:
    assert imported("--help") & (HEAVY | ENGINE | {"pydantic"}) == set()


def test_a_number_rests_on_nothing_that_loads_or_models(small_directory: Path) -> None:
    found = imported("--warehouse", str(small_directory), "query", "csat", "--format", "json")
    assert "insights.asking.desk" in found
    assert found & (HEAVY | LOADING | STUDIES) == set()


def test_a_first_load_of_a_clean_file_needs_no_tables_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "five.csv"
    file.write_text("ticket_id,customer_id,status,created_at\n1,a,open,2026-01-01 10:00:00\n", "utf-8")
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    for place in ("warm", "w"):  # the first load of an installation keeps what is made of files that ship
        found = imported("--warehouse", str(tmp_path / place), "load", str(file), "--format", "json")
    assert (tmp_path / "w").is_dir()
    assert found & (HEAVY | STUDIES | BUILDING | {"insights.asking.desk"}) == set()


def test_a_load_without_variables_of_ours_does_not_import_what_reads_them(tmp_path: Path) -> None:
    said = (
        "import sys; from insights.settings import load_settings as l; "
        "print(l().company.time_zone, 'pydantic_settings' in sys.modules)"
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith("INSIGHTS_")}

    def told(**named: str) -> str:
        command = [sys.executable, "-c", said]
        return subprocess.run(command, capture_output=True, check=True, cwd=tmp_path, env=clean | named).stdout.decode()

    assert told().split() == told(INSIGHTS_CONFIGURED="1").split() == ["Europe/Istanbul", "False"]
    assert told(INSIGHTS_WAREHOUSE="elsewhere").split() == ["Europe/Istanbul", "False"]
    assert told(insights_company__time_zone="Europe/Berlin").split() == ["Europe/Berlin", "True"]
