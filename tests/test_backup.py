"""A backup brings everything back, is checked whole before it replaces anything, and lets nobody back in."""

import json
import os
import sqlite3
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa
from staged_rows import small_settings, staged

from insights import keeping, schema, warehouse
from insights.access import Accounts, Trail
from insights.errors import InsightsError
from insights.keeping import archive
from insights.keeping.archive import BackupRefused
from insights.settings import Settings
from insights.warehouse.publishing import versions

COUNT = sa.select(sa.func.count().label("n")).select_from(schema.customers)


def settings_at(directory: Path) -> Settings:
    return small_settings(directory).model_copy(update={"profiles": directory / "profiles"})


def load(settings: Settings, count: int) -> None:
    rows = "\n".join(f"c{i} vip" for i in range(count))
    warehouse.load_staged([staged({"customers": f"customer_id segment\n{rows}\n"})], settings)


def seen(settings: Settings) -> int:
    found: int = warehouse.open_current(settings.warehouse).fetch(COUNT)[0]["n"]
    return found


def bytes_of(directory: Path) -> dict[str, bytes]:
    return {str(p.relative_to(directory)): p.read_bytes() for p in sorted(directory.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a backup of a warehouse of three customers with settings, a mapping, an account, a trail and a view."""
    directory = tmp_path_factory.mktemp("old")
    settings = settings_at(directory)
    load(settings, 3)
    settings.profiles.mkdir()
    (settings.profiles / "desk.toml").write_text("x = 1\n", "utf-8")
    (settings.warehouse / "views.json").write_text('["mine"]', "utf-8")
    Accounts(settings.warehouse).add("ada", "a long password", "lead")
    Trail(settings.warehouse).add("ada", "page", page="overview")
    config = directory / "insights.toml"
    config.write_text('warehouse = "/elsewhere"\ncalendar = "support"  # ours\n[company]\nname = "Eski"\n', "utf-8")
    return keeping.back_up(directory / "backups", settings, config)


def test_a_backup_brings_everything_back_on_another_machine(backup: Path, tmp_path: Path) -> None:
    settings, config = settings_at(tmp_path), tmp_path / "insights.toml"
    done = keeping.restore(backup, settings, config)
    assert (done.version, done.kept, seen(settings)) == (1, (), 3)
    assert [a.name for a in Accounts(settings.warehouse).listed()] == ["ada"]
    assert (Trail(settings.warehouse).verify(), (settings.warehouse / "views.json").read_text()) == (
        (1, None),
        '["mine"]',
    )
    assert (settings.profiles / "desk.toml").read_text() == "x = 1\n"
    assert config.read_text() == 'calendar = "support"  # ours\n[company]\nname = "Eski"\n', (
        "it never moves the warehouse"
    )


def test_readers_move_on_to_it_and_undo_goes_back(backup: Path, tmp_path: Path) -> None:
    settings = settings_at(tmp_path)
    load(settings, 5)
    before = warehouse.open_current(settings.warehouse)
    keeping.restore(backup, settings, tmp_path / "insights.toml")
    assert (seen(settings), before.fetch(COUNT)[0]["n"]) == (3, 5)
    warehouse.undo(settings)
    assert seen(settings) == 5


def test_what_was_written_down_and_who_was_locked_out_here_stays(backup: Path, tmp_path: Path) -> None:
    settings = settings_at(tmp_path)
    Accounts(settings.warehouse).add("ada", "another password", "agent")
    Accounts(settings.warehouse).change("ada", disabled=True)
    Trail(settings.warehouse).add("eve", "export")
    (config := tmp_path / "insights.toml").write_text('[company]\nname = "Yeni"\n', "utf-8")
    done = keeping.restore(backup, settings, config)
    assert done.kept == ("access.sqlite", "audit.ndjson")
    assert [a.disabled for a in Accounts(settings.warehouse).listed()] == [True]
    assert [e["who"] for e in Trail(settings.warehouse).entries()] == ["eve"]
    assert (tmp_path / "insights.toml.before-restore").read_text("utf-8") == '[company]\nname = "Yeni"\n'


def test_it_and_what_it_writes_is_for_its_owner_alone(backup: Path, tmp_path: Path) -> None:
    settings = settings_at(tmp_path)
    keeping.restore(backup, settings, tmp_path / "insights.toml")
    assert os.stat(backup).st_mode & 0o077 == 0
    shared = {p.name for p in settings.warehouse.iterdir() if p.stat().st_mode & 0o007}
    assert shared <= {"CURRENT", "SUMS"}


def spoiled(backup: Path, how: str, to: Path) -> Path:
    data = bytearray(backup.read_bytes())
    if how == "cut":
        data = data[: len(data) // 2]
    elif how == "emptied":
        data = bytearray()
    elif how == "text":
        data = bytearray(b"id,name\n1,a\n")
    elif how.startswith("flipped"):
        data[len(data) * int(how[-1]) // 10] ^= 0x10
    to.write_bytes(data)
    return to


@pytest.mark.parametrize("how", ["cut", "emptied", "text", *(f"flipped {n}" for n in range(1, 9))])
def test_a_damaged_file_is_refused_and_changes_nothing(backup: Path, tmp_path: Path, how: str) -> None:
    settings, config = settings_at(tmp_path), tmp_path / "insights.toml"
    load(settings, 2)
    before = bytes_of(tmp_path)
    with pytest.raises(BackupRefused, match="Nothing was changed"):
        keeping.restore(spoiled(backup, how, tmp_path / "b.zip"), settings, config)
    (tmp_path / "b.zip").unlink()
    assert bytes_of(tmp_path) == before


HOSTILE = (
    "../evil",
    "beside/../../evil",
    "beside/.hidden",
    "/etc/evil",
    "beside/a/b",
    "profiles/..",
    "beside/a\\b",
    "x",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_part_with_a_name_we_never_give_is_refused(backup: Path, tmp_path: Path, name: str) -> None:
    settings, made = settings_at(tmp_path), tmp_path / "b.zip"
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(made, "w") as new:
        listed = json.loads(old.read(archive.LIST))
        listed["parts"][name] = listed["parts"][archive.WAREHOUSE]
        for one in [*listed["parts"]]:
            new.writestr(one, old.read(archive.WAREHOUSE if one == name else one))
        new.writestr(archive.LIST, json.dumps(listed))
    with pytest.raises(BackupRefused):
        keeping.restore(made, settings, tmp_path / "insights.toml")
    assert not list(tmp_path.rglob("*evil*"))


def rewritten(backup: Path, to: Path, name: str, content: bytes) -> Path:
    """Return a backup whose list is right, but one part is something else."""
    with zipfile.ZipFile(backup) as old:
        parts = {one: old.read(one) for one in old.namelist() if one != archive.LIST} | {name: content}
    folder = to.parent / "parts"
    folder.mkdir()
    for place, one in enumerate(parts):
        (folder / str(place)).write_bytes(parts[one])
    archive.write(to, {one: folder / str(place) for place, one in enumerate(parts)}, {})
    return to


def foreign(directory: Path) -> bytes:
    path = directory / "other.sqlite"
    with sqlite3.connect(path) as con:
        con.execute("CREATE TABLE facts (name TEXT, value TEXT)")
    return path.read_bytes()


@pytest.mark.parametrize("name", [archive.WAREHOUSE, archive.SETTINGS, "beside/audit.ndjson"])
def test_a_whole_file_of_something_else_is_refused(backup: Path, tmp_path: Path, name: str) -> None:
    settings = settings_at(tmp_path)
    content = {archive.WAREHOUSE: foreign(tmp_path), archive.SETTINGS: b"[company]\ncolour = 1\n"}.get(name, b"{}\n")
    made = rewritten(backup, tmp_path / "b.zip", name, content)
    with pytest.raises(BackupRefused, match="Nothing was changed"):
        keeping.restore(made, settings, tmp_path / "insights.toml")
    assert versions.published(settings.warehouse) == []


def test_a_folder_that_cannot_be_written_is_said_in_one_sentence(tmp_path: Path) -> None:
    settings = settings_at(tmp_path)
    load(settings, 1)
    (tmp_path / "file").write_text("")
    with pytest.raises(InsightsError, match="could not be written"):
        keeping.back_up(tmp_path / "file", settings)
    assert not list(settings.warehouse.glob("*.tmp"))
