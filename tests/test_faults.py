"""A load that dies, finds no room, no right to write or another loader: the last version is served, whole."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from staged_rows import small_settings, staged

from insights import schema, texts, warehouse
from insights.errors import LoaderBusy, NoSpace, NotWritable
from insights.settings import Settings
from insights.warehouse import failpoints, versions
from insights.warehouse.build import Stage

CHILD = """
import sys
from pathlib import Path
from staged_rows import small_settings
from test_faults import customers
from insights import warehouse
from insights.errors import InsightsError
try:
    warehouse.load_staged([customers(int(sys.argv[2]))], small_settings(Path(sys.argv[1])))
except InsightsError as error:
    print(type(error).__name__, error, file=sys.stderr)
    sys.exit(2)
"""


def customers(count: int) -> Stage:
    """Return a file of `count` customers whose names do not compress well."""
    rows = [(f"c{i}", str(hash((i, count)) ** 5)) for i in range(count)]
    return staged({"customers": (["customer_id", "name"], rows)})


def load(directory: Path, count: int) -> int | None:
    return warehouse.load_staged([customers(count)], small_settings(directory)).version


def child(
    directory: Path, count: int, *, failpoint: str = "", largest_file: int | None = None
) -> "subprocess.Popen[str]":
    """Start a loader of its own, to be killed at a failpoint or to find files cannot grow beyond a size."""
    limit = (largest_file, largest_file)
    told = {"INSIGHTS_FAILPOINT": failpoint, "PYTHONPATH": str(Path(__file__).parent), "PYTHONHASHSEED": "0"}
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(directory), str(count)], stderr=subprocess.PIPE, text=True,
        env=os.environ | told,
        preexec_fn=(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit)) if largest_file else None,
    )  # fmt: skip


def held(directory: Path) -> tuple[int, int]:
    """Return the version a new reader is served and the rows it counts."""
    settings = small_settings(directory)
    warehouse.close(settings.warehouse)
    reader = warehouse.open_current(settings.warehouse, settings.engine)
    rows = reader.fetch(sa.select(sa.func.count(sa.distinct(schema.customers.c.customer_id)).label("n")))
    return reader.version, rows[0]["n"]


@pytest.mark.parametrize("stage", failpoints.STAGES)
def test_kill_at_any_stage_leaves_a_whole_version_and_the_next_load_ends_the_same(tmp_path: Path, stage: str) -> None:
    load(tmp_path, 1)
    killed = child(tmp_path, 2, failpoint=stage)
    killed.communicate()
    assert killed.returncode == -9
    published = stage in ("published", "pruned")
    assert held(tmp_path) == ((2, 2) if published else (1, 1))
    done = child(tmp_path, 2)
    _, said = done.communicate()
    assert (done.returncode, said) == (0, "")
    version, rows = held(tmp_path)
    assert rows == 2
    assert versions.published(tmp_path / "warehouse") == sorted({1, version})
    assert [p.name for p in (tmp_path / "warehouse").iterdir() if "tmp" in p.name] == []


def test_kill_at_the_very_first_load_leaves_nothing_that_hinders_the_next(tmp_path: Path) -> None:
    killed = child(tmp_path, 2, failpoint="checked")
    killed.communicate()
    assert load(tmp_path, 2) is not None
    assert held(tmp_path)[1] == 2


@pytest.mark.parametrize("share", [0.5, 1.01, 1.5])
def test_a_full_disk_is_told_and_changes_nothing(tmp_path: Path, share: float) -> None:
    load(tmp_path, 1)
    size = (tmp_path / "warehouse" / "warehouse-1.duckdb").stat().st_size
    full = child(tmp_path, 60_000, largest_file=int(size * share))
    _, said = full.communicate()
    assert (full.returncode, said.split()[0]) == (2, "NoSpace"), said
    assert held(tmp_path) == (1, 1)
    assert sorted(p.name for p in (tmp_path / "warehouse").iterdir()) == ["CURRENT", "LOCK", "warehouse-1.duckdb"]
    assert load(tmp_path, 3) == 2


def test_too_little_free_space_is_told_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(tmp_path, 1)
    monkeypatch.setattr(versions, "SMALLEST_FREE_BYTES", 10**18)
    with pytest.raises(NoSpace, match="free some space"):
        load(tmp_path, 2)
    assert held(tmp_path) == (1, 1)


def test_a_directory_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "warehouse").write_text("a file where the directory should be")
    with pytest.raises(NotWritable, match="--warehouse"):
        load(tmp_path, 1)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_directory_is_told_and_still_read(tmp_path: Path) -> None:
    load(tmp_path, 1)
    (tmp_path / "warehouse").chmod(0o555)
    try:
        with pytest.raises(NotWritable):
            load(tmp_path, 2)
        assert held(tmp_path) == (1, 1)
    finally:
        (tmp_path / "warehouse").chmod(0o755)


def test_a_second_loader_is_refused_and_told_who_loads(tmp_path: Path) -> None:
    load(tmp_path, 1)
    settings = small_settings(tmp_path)
    with versions.locked(settings.warehouse):
        with pytest.raises(LoaderBusy, match=f"process {os.getpid()}") as refused:
            load(tmp_path, 2)
        with pytest.raises(LoaderBusy):
            warehouse.undo(settings)
    assert str(os.getpid()) in texts.error(refused.value, "tr")
    assert held(tmp_path) == (1, 1)


def test_two_loads_at_once_end_as_one_after_the_other(tmp_path: Path) -> None:
    load(tmp_path, 1)
    both = [child(tmp_path, n) for n in (2, 3)]
    for loader in both:
        loader.communicate()
    assert {loader.returncode for loader in both} <= {0, 2}
    refused = [n for n, loader in zip((2, 3), both, strict=True) if loader.returncode == 2]
    for n in refused:
        again = child(tmp_path, n)
        again.communicate()
        assert again.returncode == 0
    assert held(tmp_path)[1] == 3


def test_a_lock_left_by_a_dead_loader_does_not_hinder(tmp_path: Path) -> None:
    killed = child(tmp_path, 1, failpoint="locked")
    killed.communicate()
    assert (tmp_path / "warehouse" / "LOCK").read_text().strip() == str(killed.pid)
    assert load(tmp_path, 1) == 1


def test_a_refused_file_takes_the_whole_command_back(tmp_path: Path) -> None:
    from insights.errors import FileRefused

    def refused(con: object) -> list[object]:
        raise FileRefused("empty_file", file="b.csv")

    load(tmp_path, 1)
    settings: Settings = small_settings(tmp_path)
    with pytest.raises(FileRefused):
        warehouse.load_staged([customers(5), refused], settings)  # type: ignore[list-item]
    assert held(tmp_path) == (1, 1)
    assert versions.published(settings.warehouse) == [1]
