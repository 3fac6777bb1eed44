"""From a path to plain files on disk: gz, zip and folders, with bombs and tricks refused while unpacking."""

import errno
import gzip
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from insights.errors import FileRefused
from insights.sources.model import Limits
from insights.sources.notices import Notice

SUFFIXES = {
    ".csv",
    ".tsv",
    ".tab",
    ".psv",
    ".txt",
    ".json",
    ".ndjson",
    ".jsonl",
    ".xlsx",
    ".xls",
    ".xlsm",
    ".xlsb",
    ".ods",
    ".parquet",
    ".gz",
    ".zip",
    ".dat",
    ".log",
}
NOT_EXPORTS = {"truth.json"}  # the sample company's answers lie beside its exports
BROKEN = (zipfile.BadZipFile, NotImplementedError, lzma.LZMAError, zlib.error, EOFError, ValueError)
"""What a damaged or unusual zip raises."""
_CHUNK = 1 << 20
BOMB_RATIO = 250
BOMB_FLOOR = 8 << 20


@dataclass(frozen=True)
class Member:
    """One plain file on disk and the name it is reported under."""

    name: str
    path: Path
    encoding: str | None = None
    """What it was rewritten in, which holds before the encoding asked for."""
    notices: tuple[Notice, ...] = ()


def members(path: Path, folder: Path, limits: Limits) -> Iterator[Member]:
    """Yield the plain files behind `path`, unpacked into `folder` where needed; raises FileRefused."""
    refuse_name(path.name)
    if path.is_dir():
        yield from _folder(path, folder, limits)
        return
    if path.exists() and not path.is_file():
        raise FileRefused("not_readable", key="refused_no_plain_file", file=path.name)
    try:
        with path.open("rb") as file:
            magic = file.read(8)
    except FileNotFoundError as error:
        raise FileRefused("not_readable", file=path.name, problem="no such file") from error
    except OSError as error:
        raise FileRefused("not_readable", file=path.name, problem=error.strerror or "not readable") from error
    if not magic:
        raise FileRefused("empty_file", file=path.name)
    yield from _one(path.name, path, magic, folder, limits)


def refuse_name(name: str) -> None:
    """Refuse a file name that cannot be shown or stored: control characters, or bytes that are no letters."""
    shown = "".join(f"\\x{ord(c):02x}" if c < " " or c == "\x7f" or "\ud800" <= c <= "\udfff" else c for c in name)
    if shown != name:
        raise FileRefused("bad_file_name", file=shown)


def _folder(path: Path, folder: Path, limits: Limits) -> Iterator[Member]:
    listed = sorted(f for f in path.rglob("*") if not f.is_dir() and _is_export(f.relative_to(path).as_posix()))
    _refuse_leading_out(path, listed)
    found = [f for f in listed if f.exists()]
    if not found:
        raise FileRefused("empty_file", file=path.name)
    if len(found) > limits.max_members:
        raise FileRefused("archive_many_files", file=path.name, found=len(found), allowed=limits.max_members)
    for number, file in enumerate(found):
        inside = folder / f"d{number}"
        inside.mkdir()
        yield from members(file, inside, limits)


def _refuse_leading_out(folder: Path, files: list[Path]) -> None:
    """Refuse a link to what lies outside the folder: whoever gives a folder means what is in it."""
    inside = folder.resolve()
    for file in files:
        if file.is_symlink() and not file.resolve().is_relative_to(inside):
            raise FileRefused("archive_path", key="refused_link_out", file=folder.name, found=file.name)


def _is_export(name: str) -> bool:
    parts = PurePosixPath(name).parts
    hidden = any(p.startswith(".") or p == "__MACOSX" for p in parts)
    return not hidden and parts[-1].lower() not in NOT_EXPORTS and PurePosixPath(name).suffix.lower() in SUFFIXES


def _one(name: str, path: Path, magic: bytes, folder: Path, limits: Limits) -> Iterator[Member]:
    if magic.startswith(b"\x1f\x8b"):
        yield _gunzip(name, path, folder, limits)
    elif magic.startswith(b"PK\x05\x06"):
        raise FileRefused("empty_file", file=name)
    elif magic.startswith(b"PK") and not _is_workbook(name, path):
        yield from _unzip(name, path, folder, limits)
    else:
        yield Member(name, path)


def _is_workbook(name: str, path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (*BROKEN, OSError) as error:
        raise broken_zip(name, path) from error
    return "[Content_Types].xml" in names or "content.xml" in names


def broken_zip(name: str, path: Path) -> FileRefused:
    """Return the refusal of a zip that cannot be opened: cut short when the directory at its end is missing."""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - 70_000, 0))
        ends = b"PK\x05\x06" in file.read()
    if ends:
        return FileRefused("corrupt", key="refused_damaged", file=name)
    return FileRefused("truncated", key="refused_cut_short", file=name)


def _gunzip(name: str, path: Path, folder: Path, limits: Limits) -> Member:
    inner = name[:-3] if name.lower().endswith(".gz") else name
    target = folder / "unpacked"
    with gzip.open(path, "rb") as packed:
        _copy(packed, target, name, _Room(path.stat().st_size, limits.max_unpacked, limits.max_unpacked))
    _refuse_nested(target, name)
    return Member(inner, target)


def _unzip(name: str, path: Path, folder: Path, limits: Limits) -> Iterator[Member]:
    try:
        with zipfile.ZipFile(path) as archive:
            wanted = [i for i in archive.infolist() if not i.is_dir()]
            _refuse_bad_names(name, wanted, limits)
            left = limits.max_unpacked
            for number, info in enumerate(i for i in wanted if _is_export(i.filename)):
                if info.flag_bits & 1:
                    raise FileRefused("encrypted", file=name)
                target = folder / f"m{number}"
                with archive.open(info) as packed:
                    left -= _copy(packed, target, name, _Room(info.compress_size, left, limits.max_unpacked))
                _refuse_nested(target, name)
                yield Member(f"{name}/{info.filename}", target)
    except BROKEN as error:
        raise FileRefused("corrupt", key="refused_damaged", file=name) from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # no room, no right: not the archive's fault
            raise
        raise FileRefused("corrupt", key="refused_damaged", file=name) from error
    if not any(_is_export(i.filename) for i in wanted):
        raise FileRefused("empty_file", file=name)


def _refuse_bad_names(name: str, wanted: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(wanted) > limits.max_members:
        raise FileRefused("archive_many_files", file=name, found=len(wanted), allowed=limits.max_members)
    for info in wanted:
        refuse_name(info.filename)
        raw = info.orig_filename.replace("\\", "/")
        if raw.startswith("/") or ".." in raw.split("/") or ":" in raw.split("/")[0] or "\0" in raw:
            raise FileRefused("archive_path", file=name, found=info.filename)
        if (info.external_attr >> 16) & 0o170000 == 0o120000:
            raise FileRefused("archive_path", file=name, found=info.filename)
        if info.filename.lower().endswith((".zip", ".gz", ".tar", ".tgz", ".bz2", ".xz", ".7z", ".rar")):
            raise FileRefused("archive_nested", file=name, found=info.filename)


@dataclass(frozen=True)
class _Room:
    """How many bytes a file has packed, how many are left for it unpacked, and how many an archive may have at most."""

    packed: int
    left: int
    most: int


def _copy(packed: IO[bytes] | gzip.GzipFile, target: Path, name: str, room: _Room) -> int:
    """Unpack to disk, counting bytes as they come: what an archive claims is not believed."""
    size = 0
    try:
        with target.open("wb") as out:
            while chunk := packed.read(_CHUNK):
                size += len(chunk)
                if size > BOMB_FLOOR and size > BOMB_RATIO * max(room.packed, 1):
                    raise FileRefused("archive_bomb", file=name, allowed=f"{room.most / 1e9:g} GB")
                if size > room.left:
                    raise FileRefused("too_large", file=name)
                out.write(chunk)
    except EOFError as error:
        raise FileRefused("truncated", file=name, line=_lines(target)) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise FileRefused("corrupt", key="refused_damaged", file=name) from error
    return size


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return 1 + sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(_CHUNK), b""))


def _refuse_nested(path: Path, name: str) -> None:
    with path.open("rb") as file:
        magic = file.read(4)
    if magic.startswith(b"\x1f\x8b") or (magic.startswith(b"PK\x03\x04") and not _is_workbook(name, path)):
        raise FileRefused("archive_nested", file=name, found=name)
