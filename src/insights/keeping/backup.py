"""Making a backup: the version served, and whatever stands beside it, as it is at one moment."""

import datetime as dt
import fcntl
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from insights.errors import NotWritable
from insights.keeping import archive
from insights.settings import Settings, settings_path
from insights.warehouse.publishing import lock, versions

AUDIT = ("audit.ndjson", "audit.head")
ACCOUNTS = "access.sqlite"
_NOT_KEPT = ("warehouse-*", "undone-*", versions.POINTER, "SUMS", lock.FILE, "*.tmp*", "*.new", "*.sqlite-*", ".*")


def back_up(into: Path, settings: Settings, config: Path | None = None, now: dt.datetime | None = None) -> Path:
    """Write the version served and what belongs to it into one new file of a folder, and return it."""
    directory, at = settings.warehouse, now or dt.datetime.now(dt.UTC)
    with lock.locked(directory, waiting=lambda _: None), _snapshot(directory) as beside:
        version = versions.require_current(directory)
        parts = {archive.WAREHOUSE: version} | dict(_settings(settings, config))
        parts |= {f"{archive.BESIDE}{path.name}": path for path in beside}
        about = {"made_at": f"{at:%Y-%m-%dT%H:%M:%SZ}", "version": versions.number(version)}
        path = into / f"insights-{at:%Y%m%d-%H%M%S}-v{versions.number(version)}.zip"
        try:
            into.mkdir(parents=True, exist_ok=True, mode=0o700)
            archive.write(path, parts, about)
        except OSError as error:
            raise NotWritable("backup_not_written", directory=str(into), problem=error.strerror or "") from error
    return path


def _settings(settings: Settings, config: Path | None) -> Iterator[tuple[str, Path]]:
    written, merged = settings_path(config), settings.merged_people
    if written.is_file():
        yield archive.SETTINGS, written
    if merged.is_file():
        yield archive.MERGED, merged
    for profile in sorted(settings.profiles.glob("*.toml")):
        yield f"{archive.PROFILES}{profile.name}", profile


@contextmanager
def _snapshot(directory: Path) -> Iterator[list[Path]]:
    """Copy what stands beside the versions to a folder of its own: accounts in one transaction, the trail locked."""
    folder = directory / "backup.tmp"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        with _quiet(directory / AUDIT[0]):
            for path in sorted(p for p in directory.iterdir() if p.is_file() and not any(map(p.match, _NOT_KEPT))):
                _copy(path, folder / path.name)
        yield sorted(folder.iterdir())
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy(path: Path, to: Path) -> None:
    if path.suffix != ".sqlite":
        shutil.copyfile(path, to)
        return
    with closing(sqlite3.connect(path)) as live, closing(sqlite3.connect(to)) as copy:
        live.backup(copy)


@contextmanager
def _quiet(trail: Path) -> Iterator[None]:
    """Let nobody write to the trail meanwhile, so that its end and its head belong together."""
    if not trail.exists():
        yield
        return
    with trail.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_SH)
        yield
