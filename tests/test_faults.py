"""A load that dies, finds no room, no right to write or another loader: the last version is served, whole."""

import ctypes
import json
import multiprocessing
import os
import resource
import shutil
import signal
import sys
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from staged_rows import small_settings, staged

from insights import cli, schema, texts, warehouse
from insights.errors import FileRefused, InsightsError, LoaderBusy, NoSpace, NotWritable
from insights.warehouse import failpoints
from insights.warehouse.build import Stage
from insights.warehouse.publishing import lock, versions

CHILDREN = multiprocessing.get_context("forkserver")
CHILDREN.set_forkserver_preload([__name__, "insights.cli.load"])  # so that a loader of its own starts in no time


def customers(count: int) -> Stage:
    """Return a file of `count` customers whose names do not compress well."""
    rows: list[tuple[object, ...]] = [(f"c{i}", str(hash((i, count)) ** 5)) for i in range(count)]
    return staged({"customers": (["customer_id", "name"], rows)})


def load(directory: Path, count: int) -> int | None:
    return warehouse.load_staged([customers(count)], small_settings(directory)).version


def loader(directory: Path, count: int, failpoint: str, largest_file: int | None) -> None:
    """Load in a process that dies at a failpoint or finds that files cannot grow; a refusal is exit 2."""
    os.environ["INSIGHTS_FAILPOINT"] = failpoint
    if largest_file:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    try:
        load(directory, count)
    except InsightsError as error:
        (directory / "said").write_text(type(error).__name__)
        sys.exit(2)


def started(directory: Path, count: int, *, failpoint: str = "", largest_file: int | None = None) -> BaseProcess:
    """Start a loader of its own."""
    process = CHILDREN.Process(target=loader, args=(directory, count, failpoint, largest_file))
    process.start()
    return process


def ended(directory: Path, count: int, *, failpoint: str = "", largest_file: int | None = None) -> int | None:
    """Return how a loader of its own ended: its exit code, or minus the signal that killed it."""
    process = started(directory, count, failpoint=failpoint, largest_file=largest_file)
    process.join()
    return process.exitcode


def held(directory: Path) -> tuple[int, int]:
    """Return the version a new reader is served and the rows it counts."""
    settings = small_settings(directory)
    warehouse.close(settings.warehouse)
    reader = warehouse.open_current(settings.warehouse, settings.engine)
    rows = reader.fetch(sa.select(sa.func.count(sa.distinct(schema.customers.c.customer_id)).label("n")))
    return reader.version, rows[0]["n"]


@pytest.fixture(scope="module")
def loaded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a directory with one version of one customer, to be copied."""
    directory = tmp_path_factory.mktemp("loaded")
    load(directory, 1)
    return directory


@pytest.fixture
def loaded(loaded_once: Path, tmp_path: Path) -> Path:
    """Return a directory of the test's own with one version of one customer."""
    shutil.copytree(loaded_once, tmp_path / "own")
    return tmp_path / "own"


@pytest.mark.parametrize("stage", failpoints.STAGES)
def test_kill_at_any_stage_leaves_a_whole_version_and_the_next_load_ends_the_same(loaded: Path, stage: str) -> None:
    assert ended(loaded, 2, failpoint=stage) == -signal.SIGKILL
    published = stage in ("published", "pruned")
    assert held(loaded) == ((2, 2) if published else (1, 1))
    load(loaded, 2)
    version, rows = held(loaded)
    assert rows == 2
    assert versions.published(loaded / "warehouse") == sorted({1, version})
    assert [p.name for p in (loaded / "warehouse").iterdir() if "tmp" in p.name] == []


def test_kill_at_the_very_first_load_leaves_nothing_that_hinders_the_next(tmp_path: Path) -> None:
    assert ended(tmp_path, 2, failpoint="checked") == -signal.SIGKILL
    assert load(tmp_path, 2) is not None
    assert held(tmp_path)[1] == 2


@pytest.mark.parametrize("share", [0.5, 1.01, 1.5])
def test_a_full_disk_is_told_and_changes_nothing(loaded: Path, share: float) -> None:
    size = (loaded / "warehouse" / "warehouse-1.duckdb").stat().st_size
    assert ended(loaded, 60_000, largest_file=int(size * share)) == 2
    assert (loaded / "said").read_text() == "NoSpace"
    assert held(loaded) == (1, 1)
    assert sorted(p.name for p in (loaded / "warehouse").iterdir()) == ["CURRENT", "LOCK", "SUMS", "warehouse-1.duckdb"]
    assert load(loaded, 3) == 2


def test_too_little_free_space_is_told_first(loaded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "SMALLEST_FREE_BYTES", 10**18)
    with pytest.raises(NoSpace, match="free some space"):
        load(loaded, 2)
    assert held(loaded) == (1, 1)


def test_a_directory_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "warehouse").write_text("a file where the directory should be")
    with pytest.raises(NotWritable, match="--warehouse"):
        load(tmp_path, 1)


def bound_by_rights(directory: Path, *arguments: str) -> None:
    """Run the command line in a process that may write only what its user owns and the rights allow, even as root."""
    version, nothing = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert ctypes.CDLL(None).capset(version, nothing) == 0  # without its capabilities root is a user like any other
    sys.argv = ["insights", "--warehouse", str(directory / "warehouse"), *arguments]
    with (directory / "out").open("w") as sys.stdout:
        cli.main()


def test_a_read_only_directory_is_told_and_still_read(loaded: Path) -> None:
    def run(*arguments: str) -> tuple[int | None, Any]:
        process = CHILDREN.Process(target=bound_by_rights, args=(loaded, *arguments, "--format", "json"))
        process.start()
        process.join()
        return process.exitcode, json.loads((loaded / "out").read_text())

    (loaded / "new.csv").write_text("customer_id,name\nc9,Nine\n")
    there = sorted(p.name for p in (loaded / "warehouse").iterdir())
    (loaded / "warehouse").chmod(0o555)
    try:
        code, said = run("load", str(loaded / "new.csv"))
        assert (code, said["refused"]["class"]) == (2, "not_readable")
        assert str(loaded / "warehouse") in said["refused"]["message"]
        code, said = run("status")
        assert (code, said["version"], said["tables"]["customers"]) == (0, 1, 1)
        assert run("query", "active_customers")[0] == 0
        assert sorted(p.name for p in (loaded / "warehouse").iterdir()) == there
    finally:
        (loaded / "warehouse").chmod(0o755)


def test_a_second_loader_that_does_not_wait_is_refused_and_told_who_loads(loaded: Path) -> None:
    settings = small_settings(loaded, wait=False)
    with lock.locked(settings.warehouse):
        with pytest.raises(LoaderBusy, match=f"process {os.getpid()}") as refused:
            warehouse.load_staged([customers(2)], settings)
        with pytest.raises(LoaderBusy):
            warehouse.undo(settings)
    assert str(os.getpid()) in texts.error(refused.value, "tr")
    assert held(loaded) == (1, 1)


def test_two_loads_at_once_end_as_one_after_the_other(loaded: Path) -> None:
    both = {n: started(loaded, n) for n in (2, 3)}
    for process in both.values():
        process.join()
    assert {process.exitcode for process in both.values()} == {0}
    assert held(loaded)[1] == 3


def test_a_lock_left_by_a_dead_loader_does_not_hinder(tmp_path: Path) -> None:
    killed = started(tmp_path, 1, failpoint="locked")
    killed.join()
    assert (tmp_path / "warehouse" / "LOCK").read_text().strip() == str(killed.pid)
    assert load(tmp_path, 1) == 1


def test_a_refused_file_takes_the_whole_command_back(loaded: Path) -> None:
    def refused(con: object) -> list[object]:
        raise FileRefused("empty_file", file="b.csv")

    settings = small_settings(loaded)
    with pytest.raises(FileRefused):
        warehouse.load_staged([customers(5), refused], settings)  # type: ignore[list-item]
    assert held(loaded) == (1, 1)
    assert versions.published(settings.warehouse) == [1]
