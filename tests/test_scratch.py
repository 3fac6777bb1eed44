"""What lies on disk for a while is its owner's alone and goes with its process, also with one that was killed."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import pytest

from insights import scratch
from insights.settings import Engine
from insights.warehouse.engine import open_reader

LIVES = """
import sys
from insights import scratch
(scratch.kept("uploads") / "person.csv").write_text("canary")
print(scratch.room(), flush=True)
sys.stdin.read()
"""


def living(place: Path) -> tuple["subprocess.Popen[str]", Path]:
    """Start a process that keeps a file in its folder until it is told to end; return it and its folder."""
    command, pipes = [sys.executable, "-c", LIVES], {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    process = subprocess.Popen(command, text=True, env=os.environ | {"TMPDIR": str(place)}, **pipes)
    assert process.stdout
    return process, Path(process.stdout.readline().strip())


def ended(process: "subprocess.Popen[str]") -> None:
    process.communicate("", timeout=60)


def test_a_folder_is_its_owners_alone_and_goes_with_its_process(tmp_path: Path) -> None:
    process, folder = living(tmp_path)
    assert folder.stat().st_mode & 0o077 == 0
    assert [f.read_text() for f in folder.rglob("person.csv")] == ["canary"]
    ended(process)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_goes_with_the_next_and_what_a_living_one_holds_stays(tmp_path: Path) -> None:
    (killed, left), (lives, held) = living(tmp_path), living(tmp_path)
    killed.kill()
    ended(killed)
    (tmp_path / f"{scratch.PREFIX}elsewhere").symlink_to(tmp_path / "other")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / scratch.HELD).write_text("")
    assert left.exists()
    third, own = living(tmp_path)
    assert not left.exists()
    assert [f.read_text() for f in held.rglob("person.csv")] == ["canary"]
    for process in (lives, third):
        ended(process)
    assert {p.name for p in tmp_path.iterdir()} == {"other", f"{scratch.PREFIX}elsewhere"}
    assert own.name != held.name


def test_what_a_reading_connection_spills_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "warehouse-1.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE TABLE people AS SELECT 'kanarya ' || i AS name, hash(i) AS h FROM range(1500000) r(i)")
    con = open_reader(path, Engine(memory_limit="60MB", threads=1))
    con.execute("CREATE TEMP TABLE sorted AS SELECT * FROM people ORDER BY h")
    spilled = list((scratch.room() / "spill").iterdir())
    assert sum(f.stat().st_size for f in spilled) > 0
    assert scratch.room().stat().st_mode & 0o077 == 0
    con.close()


def test_where_nothing_can_be_written_reading_goes_on_without_spilling(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from insights.warehouse import engine

    def nowhere() -> Path:
        raise FileNotFoundError(2, "No usable temporary directory found", tempfile.gettempdir())

    path = tmp_path / "warehouse-1.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE TABLE t AS SELECT 7 AS n")
    monkeypatch.setattr(engine, "_spill", engine._spill.__wrapped__)
    monkeypatch.setattr(engine, "room", nowhere)
    assert open_reader(path, Engine()).execute("SELECT n FROM t").fetchall() == [(7,)]
