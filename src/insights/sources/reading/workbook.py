"""The package around a workbook: tricks refused before anything opens it, and the error cells its reader leaves blank."""

import re
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from insights.errors import FileRefused
from insights.sources.model import Limits
from insights.sources.reading import gaps
from insights.sources.reading.unpack import BOMB_FLOOR, BOMB_RATIO, BROKEN, broken_zip

_CHUNK = 1 << 20
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,3})(\d{1,7})["']""")
_DECLARED = re.compile(rb"<!(DOCTYPE|ENTITY)")
_KEEP = 64
_ERROR = re.compile(rb'<c (?=[^>]*t="e")[^>]*r="([A-Z]{1,3})(\d+)"[^>]*>.{0,2000}?<v>([^<]*)</v>', re.DOTALL)
_NAMES = {
    "m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}


def refuse_tricks(path: Path, name: str, limits: Limits) -> None:
    """Refuse a workbook that is encrypted, cut, holds macros, links or entities, or is larger than it should be."""
    with path.open("rb") as file:
        old = file.read(4) == b"\xd0\xcf\x11\xe0"
    if old:
        _refuse_old(path, name)
        return
    try:
        with zipfile.ZipFile(path) as book:
            _refuse_parts(book, path, name, limits)
            if "content.xml" in book.namelist():
                gaps.refuse(book, name, limits)
    except (*BROKEN, OSError) as error:
        raise broken_zip(name, path) from error


def _refuse_old(path: Path, name: str) -> None:
    """Look into an OLE file: the container of old workbooks and of encrypted new ones."""
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise FileRefused("encrypted", file=name)
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise FileRefused("macros", file=name)
    sector = 1 << struct.unpack_from("<H", content, 30)[0] if len(content) >= 512 else 0
    starts = struct.unpack_from("<109I", content, 76) if sector else ()
    last = max(
        [s for s in starts if s < 0xFFFFFFF0] + ([struct.unpack_from("<I", content, 48)[0]] if sector else []),
        default=0,
    )
    table = [w for s in starts if s < 0xFFFFFFF0 for w in _table(content, s, sector)]
    used = max((i for i, word in enumerate(table) if word != 0xFFFFFFFF), default=0)
    if not sector or (max(last, used) + 2) * sector > len(content) + sector - 1:
        raise FileRefused("truncated", key="refused_cut_short", file=name)


def _table(content: bytes, place: int, sector: int) -> tuple[int, ...]:
    at = (place + 1) * sector
    return struct.unpack_from(f"<{sector // 4}I", content, at) if at + sector <= len(content) else ()


def _refuse_parts(book: zipfile.ZipFile, path: Path, name: str, limits: Limits) -> None:
    parts = {part.filename.lower() for part in book.infolist()}
    if any(part.startswith(("word/", "ppt/")) for part in parts):
        raise FileRefused("unsupported_type", file=name, found="word/" if "word/document.xml" in parts else "office")
    size, packed = 0, path.stat().st_size
    for part in book.infolist():
        lower = part.filename.lower()
        if lower.endswith("vbaproject.bin"):
            raise FileRefused("macros", file=name)
        if "externallinks/" in lower:
            raise FileRefused("external_links", file=name)
        if part.flag_bits & 1:
            raise FileRefused("encrypted", file=name)
        size = _refuse_xml(book, part, name, size, packed, limits)  # whatever its name: the links decide what is read


def _refuse_xml(book: zipfile.ZipFile, part: zipfile.ZipInfo, name: str, size: int, packed: int, limits: Limits) -> int:
    """Read one part through, counting bytes, and refuse declarations and cells beyond any table."""
    tail, rows, columns = b"", 0, 0
    sheet = "styles" not in part.filename.lower() and "shared" not in part.filename.lower()
    with book.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            seen = tail + chunk.replace(b"\0", b"")  # UTF-16 too; a word may lie across two chunks
            tail = seen[-_KEEP:]
            if _DECLARED.search(seen):
                raise FileRefused("xml_entities", file=name)
            if size > BOMB_FLOOR and size > BOMB_RATIO * packed:
                raise FileRefused("archive_bomb", file=name, allowed=f"{limits.max_unpacked / 1e9:g} GB")
            if size > limits.max_unpacked:
                raise FileRefused("too_large", file=name)
            if sheet:
                places = _PLACE.findall(seen)
                rows = max([rows, *map(int, {r for _, r in places})])
                columns = max([columns, *map(_number, {c for c, _ in places})])
    if columns > limits.max_columns:
        raise FileRefused("too_many_columns", file=name, found=columns, allowed=limits.max_columns)
    if rows * columns > gaps.MAX_CELLS:
        raise FileRefused("too_large", file=name)
    return size


def _number(letters: bytes) -> int:
    """Return 1 for A, 28 for AB."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def errors(path: Path, sheet: str) -> dict[tuple[int, int], str]:
    """Return the error cells of an xlsx sheet by row and column from 0: `{(1, 3): "#REF!"}`; none for other formats."""
    try:
        with zipfile.ZipFile(path) as book:
            part = _part(book, sheet)
            return dict(_errors(book, part)) if part else {}
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError):
        return {}


def _part(book: zipfile.ZipFile, sheet: str) -> str | None:
    if "xl/workbook.xml" not in book.namelist():
        return None
    listed = ElementTree.fromstring(book.read("xl/workbook.xml")).iterfind("m:sheets/m:sheet", _NAMES)
    link = next((s.get(f"{{{_NAMES['r']}}}id") for s in listed if s.get("name") == sheet), None)
    links = ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))
    target = next((r.get("Target", "") for r in links if r.get("Id") == link), "")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _errors(book: zipfile.ZipFile, part: str) -> Iterator[tuple[tuple[int, int], str]]:
    held = b""
    with book.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            held += chunk
            if b't="e"' in held:
                for letters, row, value in _ERROR.findall(held):
                    yield (int(row) - 1, _number(letters) - 1), value.decode("utf-8", "replace")
            held = held[-4096:]
