"""The warehouse directory: versioned files, the pointer naming the current one, publishing and going back.

A published file is never written again and its name never used again. `CURRENT` holds the name of the version readers
open; it is replaced atomically. Everything a crash can leave behind is a `*.tmp` file or a version above the pointer.
"""

import errno
import os
import re
import shutil
from contextlib import suppress
from pathlib import Path

from insights.errors import InsightsError, NoSpace, NotWritable, WarehouseMissing
from insights.warehouse.failpoints import failpoint
from insights.warehouse.publishing import sums, unfinished

POINTER = "CURRENT"
ROLES = "roles"
"""Folder of the files that hold what single roles see of a version; gone when another is published."""
_VERSION = re.compile(r"^warehouse-(\d+)\.duckdb$")
_ANY = re.compile(r"^(?:warehouse|undone)-(\d+)\.duckdb(?:\.tmp)?$")
FREE_SPACE_FACTOR = 3
SMALLEST_FREE_BYTES = 16_000_000


def name_of(version: int) -> str:
    """Return the file name of a version."""
    return f"warehouse-{version}.duckdb"


def number(path: Path) -> int:
    """Return the version a version file, or the .tmp file it is built in, has in its name."""
    return int(path.name.removeprefix("warehouse-").split(".")[0])


def published(directory: Path) -> list[int]:
    """Return the numbers of the version files in the directory, oldest first; a missing directory has none."""
    with suppress(FileNotFoundError, NotADirectoryError):
        return sorted(int(m[1]) for name in os.listdir(directory) if (m := _VERSION.match(name)))
    return []


def pointed(directory: Path) -> int | None:
    """Return the version the pointer names, or None when it is missing or cut short."""
    with suppress(OSError, UnicodeDecodeError):
        if m := _VERSION.match((directory / POINTER).read_text("ascii").strip()):
            return int(m[1])
    return None


def current(directory: Path) -> int | None:
    """Return the version to serve: the one pointed to, else the newest whole one below it, else None.

    Where none is whole the damaged one is named all the same, so that opening it says what is wrong.
    """
    there, named = published(directory), pointed(directory)
    below = [v for v in reversed(there) if named is None or v <= named]
    return next((v for v in below if _whole(directory, v)), below[0] if below else None)


def fallback(directory: Path) -> bool:
    """Tell whether readers are served another version than the pointer names, or the pointer cannot be read."""
    return current(directory) is not None and pointed(directory) != current(directory)


def require_current(directory: Path) -> Path:
    """Return the file to serve; raises WarehouseMissing when nothing was ever published."""
    if (version := current(directory)) is None:
        raise WarehouseMissing("no_warehouse", directory=str(directory))
    return directory / name_of(version)


def begin(directory: Path, base: int | None) -> Path:
    """Copy version `base` (None: start empty) to the next version's .tmp file and return it, with room to work."""
    numbers = [int(m[1]) for name in os.listdir(directory) if (m := _ANY.match(name))]
    for leftover in directory.glob("*.tmp*"):
        _remove(leftover)
    size = (directory / name_of(base)).stat().st_size if base else 0
    needed = max(FREE_SPACE_FACTOR * size, SMALLEST_FREE_BYTES)
    if (free := shutil.disk_usage(directory).free) < needed:
        raise NoSpace("no_space", directory=str(directory), needed=_mb(needed), free=_mb(free))
    building = directory / f"{name_of(1 + max([*numbers, pointed(directory) or 0]))}.tmp"
    try:
        if base:
            shutil.copyfile(directory / name_of(base), building)
    except OSError:
        discard(building)
        raise
    return building


def publish(building: Path) -> int:
    """Make a finished .tmp file the current version, so that a crash at any point leaves one whole version served."""
    _sync(building)
    final = building.with_suffix("")
    sums.write(final.parent, {final.name: sums.of(building)})
    building.chmod(0o400)
    building.rename(final)
    _sync(final.parent)
    failpoint("renamed")
    point(final.parent, final.name)
    failpoint("published")
    return number(final)


def point(directory: Path, name: str) -> None:
    """Replace the pointer atomically."""
    new = directory / f"{POINTER}.tmp"
    new.touch(mode=0o600)
    new.write_text(f"{name}\n", "ascii")
    _sync(new)
    new.replace(directory / POINTER)
    _sync(directory)


def prune(directory: Path, keep: int, base: int | None) -> None:
    """Remove all but the newest `keep` published versions, what was undone, and versions a crash left unpublished.

    `base` is the version served before this load: any other between it and the new one was never published.
    """
    there, new = published(directory), pointed(directory)
    kept = [v for v in there if v <= (base or 0) or v == new][-keep:]
    for version in set(there) - set(kept):
        _remove(directory / name_of(version))
    for undone in directory.glob("undone-*.duckdb"):
        _remove(undone)
    drop_roles(directory, new)


def drop_roles(directory: Path, version: int | None) -> None:
    """Remove what single roles saw of any version but this one."""
    for file in (directory / ROLES).glob("*"):
        if not file.name.startswith(f"{version}-"):
            _remove(file)


def step_back(directory: Path) -> int:
    """Point to the version before the one served; the file stepped back from is kept, aside, until the next load."""
    served = current(directory)
    named = unfinished.noted(directory) or 0
    older = [v for v in published(directory) if served is not None and named < v < served and _whole(directory, v)]
    if not older:
        raise WarehouseMissing("nothing_to_undo", directory=str(directory))
    point(directory, name_of(older[-1]))
    (directory / name_of(served or 0)).rename(directory / f"undone-{served}.duckdb")
    drop_roles(directory, older[-1])
    _sync(directory)
    return older[-1]


def _whole(directory: Path, version: int) -> bool:
    return sums.whole(directory / name_of(version))


def translated(error: OSError, directory: Path) -> InsightsError:
    """Return our error for one of the operating system's while working in the warehouse directory."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return NoSpace("disk_full", directory=str(directory))
    return NotWritable("not_writable", directory=str(directory), problem=error.strerror or type(error).__name__)


def discard(building: Path) -> None:
    """Remove a .tmp file and what the engine left beside it."""
    for leftover in building.parent.glob(f"{building.name}*"):
        _remove(leftover)


def _remove(path: Path) -> None:
    with suppress(OSError):  # a leftover that cannot be removed now is removed by the next load
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _mb(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
