"""One file that holds a version with all that belongs to it: a ZIP with a list of its parts and their checksums."""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from insights.errors import InsightsError

FORMAT = 1
LIST = "backup.json"
WAREHOUSE = "warehouse.duckdb"
SETTINGS = "settings/insights.toml"
MERGED = "settings/merged.csv"
PROFILES = "profiles/"
BESIDE = "beside/"
DAMAGE = (KeyError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error)
"""What reading a part that is not whole any more raises."""
_CHUNK = 1 << 20
_LARGEST_LIST = 10_000_000


class BackupRefused(InsightsError):
    """A file that cannot be restored: no backup of ours, or one that is not whole any more."""

    kind = "backup"


Parts = Mapping[str, Path]
"""Name in the backup, and the file it is copied from."""


def write(path: Path, parts: Parts, about: Mapping[str, Any]) -> None:
    """Write a backup under a name of its own, read it back whole, and only then give it its name."""
    beside = path.with_name(f".{path.name}.part")
    try:
        with os.fdopen(os.open(beside, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
            _fill(file, parts, about)
            file.flush()
            os.fsync(file.fileno())
        with opened(beside) as (archive, listed):
            for name in listed["parts"]:
                copy(archive, listed, name, _nowhere)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _fill(file: IO[bytes], parts: Parts, about: Mapping[str, Any]) -> None:
    listed: dict[str, dict[str, Any]] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, source in parts.items():
            with source.open("rb") as read, archive.open(_header(name), "w", force_zip64=True) as into:
                listed[name] = _copied(read, into.write)
        archive.writestr(_header(LIST), json.dumps({**about, "format": FORMAT, "parts": listed}, indent=1))


def _header(name: str) -> zipfile.ZipInfo:
    header = zipfile.ZipInfo(name)
    header.external_attr = 0o600 << 16
    header.compress_type = zipfile.ZIP_STORED if name == WAREHOUSE else zipfile.ZIP_DEFLATED
    return header


def _copied(read: IO[bytes], into: Callable[[bytes], Any], most: int | None = None) -> dict[str, Any]:
    """Hand a stream on and return its size and checksum; at most one byte more than `most` is read."""
    digest, size = hashlib.sha256(), 0
    while chunk := read.read(_CHUNK if most is None else min(_CHUNK, most + 1 - size)):
        digest.update(chunk)
        into(chunk)
        size += len(chunk)
    return {"sha256": digest.hexdigest(), "size": size}


def _nowhere(_: bytes) -> None:
    pass


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, Any]]]:
    """Open a backup for reading, with its list; raises BackupRefused for a file that is none."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise BackupRefused("backup_unreadable", file=path.name) from error
    with archive:
        yield archive, _list(archive, path.name)


def _list(archive: zipfile.ZipFile, file: str) -> dict[str, Any]:
    try:
        if archive.getinfo(LIST).file_size > _LARGEST_LIST:
            raise BackupRefused("backup_foreign", file=file)
        listed = json.loads(archive.read(LIST))
        parts = listed["parts"]
        sound = all(isinstance(one["size"], int) and isinstance(one["sha256"], str) for one in parts.values())
    except (*DAMAGE, TypeError, AttributeError, OSError) as error:
        raise BackupRefused("backup_foreign", file=file) from error
    if listed.get("format") != FORMAT or WAREHOUSE not in parts or not sound or not all(map(known, parts)):
        raise BackupRefused("backup_foreign", file=file)
    return dict(listed)


def known(name: str) -> bool:
    """Tell whether a part has a name we would give: nothing else is ever written to the disk."""
    folder, _, inside = name.rpartition("/")
    plain = inside == Path(inside).name and not inside.startswith(".") and "\\" not in inside and "\0" not in inside
    return name in (WAREHOUSE, SETTINGS, MERGED) or (f"{folder}/" in (PROFILES, BESIDE) and bool(inside) and plain)


def copy(archive: zipfile.ZipFile, listed: Mapping[str, Any], name: str, into: Callable[[bytes], Any]) -> None:
    """Hand on one part; raises BackupRefused when it is not what the list says."""
    wanted = listed["parts"][name]
    try:
        with archive.open(name) as read:
            found = _copied(read, into, wanted["size"])
    except DAMAGE as error:
        raise BackupRefused("backup_damaged", file=_name(archive), part=name) from error
    if (found["size"], found["sha256"]) != (wanted["size"], wanted["sha256"]):
        raise BackupRefused("backup_damaged", file=_name(archive), part=name)


def _name(archive: zipfile.ZipFile) -> str:
    return Path(archive.filename or "").name


def names(listed: Mapping[str, Any], folder: str) -> Iterator[str]:
    """Yield the parts of a folder."""
    return (name for name in listed["parts"] if name.startswith(folder))
