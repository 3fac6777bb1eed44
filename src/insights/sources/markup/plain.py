"""Tables many programs write as a web page, or as Excel's XML, and call .xls: rewritten as delimited text.

Nothing of a page is run, followed or drawn: tags are cut away, what stands in the cells of its table is text.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from insights.errors import FileRefused
from insights.sources.markup import cutting
from insights.sources.model import ReadOptions
from insights.sources.reading import text
from insights.sources.reading.unpack import BOMB_FLOOR, Member, members

_BEGIN, _CHUNK, _LONGEST = 1 << 16, 1 << 20, 1 << 24
_TABLE = re.compile(r"<(?:\w+:)?(?:table|tr)\b", re.I)
_EXCEL = "urn:schemas-microsoft-com:office:spreadsheet"
_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z][\w.:-]{1,30})""")
_RATIO = 30
"""So many times its own length a page may grow by cells that reach over many rows."""


def plain_members(path: Path, folder: Path, options: ReadOptions) -> Iterator[Member]:
    """Yield the plain files behind `path` as `members` does, a page or Excel's XML as the table in it."""
    for number, member in enumerate(members(path, folder, options.limits)):
        way = _way(member.path)
        if way is None:
            yield member
        else:
            target = folder / f"table{number}"
            target.mkdir()
            yield replace(member, path=_rewritten(member, target, way, options))


def _way(path: Path) -> cutting.Way | None:
    """Return how the tables of a file are marked; None for a file without."""
    with path.open("rb") as file:
        begin = file.read(_BEGIN).replace(b"\0", b"").decode("utf-8", "replace").lstrip("\ufeff\ufffd \t\r\n")
    if not begin.startswith("<") or not _TABLE.search(begin):
        return None
    if begin[:5].lower() == "<?xml" and "<html" not in begin.lower():
        return cutting.EXCEL if _EXCEL in begin else None
    return cutting.PAGE


def _rewritten(member: Member, folder: Path, way: cutting.Way, options: ReadOptions) -> Path:
    """Return the one table of a page as comma separated text; raises FileRefused where there is none, or several."""
    room = max(BOMB_FLOOR, _RATIO * member.path.stat().st_size)
    tables = cutting.Tables(way, cutting.Out(folder, options.encoding or "utf-8", member.name, room, options.limits))
    try:
        for piece in _pieces(member, _encoding(member, options)):
            tables.take(piece)
        found = tables.done()
    finally:
        tables.leave()
    if found is None:
        raise FileRefused("unsupported_type", file=member.name, found="HTML / XML")
    return found


def _encoding(member: Member, options: ReadOptions) -> str:
    """Return the encoding asked for, else the one the page names, else what its bytes prove."""
    with member.path.open("rb") as file:
        begin = file.read(4096)
    named = _CHARSET.search(begin)
    if options.encoding is None and named and not begin.startswith((codecs.BOM_UTF8, b"\xff\xfe", b"\xfe\xff")):
        try:
            return text.known(named[1].decode("ascii"), member.name)
        except FileRefused:
            pass
    return text.inspect(member.path, member.name, options.encoding).encoding


def _pieces(member: Member, encoding: str) -> Iterator[str]:
    """Yield the text cut before each `<`."""
    rest = ""
    with member.path.open("r", encoding=encoding, errors="surrogateescape", newline="") as file:
        while chunk := file.read(_CHUNK):
            *whole, rest = (rest + chunk).split("<")
            yield from whole
            if len(rest) > _LONGEST:
                raise FileRefused("corrupt", key="refused_damaged", file=member.name)
    yield rest
