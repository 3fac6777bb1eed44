"""Restoring a backup: checked whole on the side first, then published like any load, while people go on reading."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import tomlkit
from tomlkit import TOMLDocument

from insights.access import Trail
from insights.errors import InsightsError, NoSpace
from insights.keeping import archive, beside
from insights.keeping.archive import BackupRefused
from insights.keeping.backup import ACCOUNTS, AUDIT
from insights.keeping.erase import finish
from insights.settings import Settings, load_settings, settings_path
from insights.warehouse import check_version, sending
from insights.warehouse.personal import marks
from insights.warehouse.personal.forgetting import bring_back
from insights.warehouse.personal.scrub import Needle
from insights.warehouse.publishing import lock, versions

_HERE = ("warehouse", "profiles")
"""Settings that say where things lie on this machine: a backup does not move them."""


@dataclass(frozen=True)
class Restored:
    """What a restore brought back: the version now served, when the backup was made, and which parts stayed ours."""

    version: int
    made_at: str
    kept: tuple[str, ...]


def restore(path: Path, settings: Settings, config: Path | None = None, *, accounts: bool = False) -> Restored:
    """Check a backup whole, then serve its version with its settings, mappings and what stood beside it.

    Our own trail goes on, and accounts that are there stay unless `accounts` says otherwise: a restore lets nobody
    back in. Raises BackupRefused, with nothing changed.
    """
    finish(settings)
    with lock.locked(settings.warehouse, waiting=lambda _: None), archive.opened(path) as (zipped, listed):
        base, building = versions.current(settings.warehouse), versions.begin(settings.warehouse, None)
        with _unpacked(zipped, listed, settings.warehouse) as folder:
            written = _checked(folder, path.name, settings, config)
            known = marks.read(settings.warehouse / marks.FILE).joined(marks.read(folder / archive.BESIDE / marks.FILE))
            _forget(folder, *bring_back(folder / archive.WAREHOUSE, building, known, settings))
            version = versions.publish(building)
            versions.prune(settings.warehouse, settings.loading.keep_versions, base)
            if known.by_salt:
                (folder / archive.BESIDE).mkdir(exist_ok=True)
                marks.write(folder / archive.BESIDE / marks.FILE, known)
            kept = tuple(_put(folder, settings, accounts=accounts))
            _put_settings(folder, settings, config, written)
        sending.follow(settings)
    return Restored(version, str(listed.get("made_at", "")), kept)


@contextmanager
def _unpacked(zipped: ZipFile, listed: Mapping[str, Any], directory: Path) -> Iterator[Path]:
    """Write every part to a folder of its own beside the versions, checking each against the list."""
    needed = sum(one["size"] for one in listed["parts"].values())
    if (free := shutil.disk_usage(directory).free) < needed:
        raise NoSpace("backup_no_space", needed=f"{needed / 1e6:,.0f} MB", free=f"{free / 1e6:,.0f} MB")
    folder = directory / "restore.tmp"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        for name in listed["parts"]:
            to = folder / name
            to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with to.open("wb") as file:
                to.chmod(0o600)
                archive.copy(zipped, listed, name, file.write)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _checked(folder: Path, file: str, settings: Settings, config: Path | None) -> TOMLDocument | None:
    """Return the settings to write; raises BackupRefused where warehouse, settings or trail cannot be used."""
    try:
        check_version(folder / archive.WAREHOUSE, settings.engine)
        written = _settings_of(folder, settings, config)
    except InsightsError as error:
        raise BackupRefused("backup_foreign", file=file) from error
    if (folder / archive.BESIDE / AUDIT[0]).exists() and Trail(folder / archive.BESIDE).verify()[1]:
        raise BackupRefused("backup_damaged", file=file, part=AUDIT[0])
    return written


def _settings_of(folder: Path, settings: Settings, config: Path | None) -> TOMLDocument | None:
    """Return the backup's settings with this machine's places in them, proven to be valid."""
    path = folder / archive.SETTINGS
    if not path.exists():
        return None
    found, here = tomlkit.parse(path.read_text("utf-8")), settings_path(config)
    ours = tomlkit.parse(here.read_text("utf-8")) if here.exists() else tomlkit.document()
    for name in _HERE:
        found.pop(name, None)
        if name in ours:
            found[name] = ours[name]
    if (folder / archive.MERGED).exists():
        found.setdefault("customers", tomlkit.table())["merged"] = str(settings.profiles / "merged.csv")
    path.write_text(tomlkit.dumps(found), "utf-8")
    load_settings(path)
    return found


def _forget(folder: Path, ids: Mapping[str, str], needles: Sequence[Needle]) -> None:
    """Take whoever was erased since out of what stood beside the version, too."""
    if not ids:
        return
    without = beside.without(needles, ids)
    for path in beside.texts(folder / archive.PROFILES, (folder / archive.MERGED).parent, folder / archive.BESIDE):
        beside.rewrite(path, without)
    Trail(folder / archive.BESIDE).rewrite(without)


def _put(folder: Path, settings: Settings, *, accounts: bool) -> Iterator[str]:
    """Put back mappings and what stood beside the versions; yield what of ours stayed instead."""
    for path in _files(folder / archive.PROFILES):
        _move(path, settings.profiles / path.name)
    if (merged := folder / archive.MERGED).exists():
        _move(merged, settings.profiles / "merged.csv")
    found = {path.name: path for path in _files(folder / archive.BESIDE)}
    if (settings.warehouse / ACCOUNTS).exists() and ACCOUNTS in found and not accounts:
        found.pop(ACCOUNTS)
        yield ACCOUNTS
    if AUDIT[0] in found and not _continues(folder / archive.BESIDE, settings.warehouse):
        for name in AUDIT:
            found.pop(name, None)
        yield AUDIT[0]
    for name, path in found.items():
        _move(path, settings.warehouse / name)


def _continues(found: Path, ours: Path) -> bool:
    """Tell whether the backup's trail holds all of ours, and perhaps more: else ours is the longer or another one."""
    here = Trail(ours).file
    return not here.exists() or Trail(found).file.read_bytes().startswith(here.read_bytes())


def _files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.exists() else []


def _move(path: Path, to: Path) -> None:
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = to.with_name(f".{to.name}.new")
    shutil.move(path, new)
    new.replace(to)


def _put_settings(folder: Path, settings: Settings, config: Path | None, written: TOMLDocument | None) -> None:
    """Write the settings; the file that stood there is kept beside it."""
    here = settings_path(config)
    if written is None:
        return
    if here.exists():
        shutil.copy(here, here.with_name(f"{here.name}.before-restore"))
        shutil.copymode(here, folder / archive.SETTINGS)
    _move(folder / archive.SETTINGS, here)
