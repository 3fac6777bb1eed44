"""Tables many programs write as a web page, or as Excel's XML, and call .xls: rewritten as delimited text.

Nothing of a page is run, followed or drawn: tags are cut away, what stands in the cells of its table is text.
"""

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from insights.errors import FileRefused
from insights.sources.markup import cutting
from insights.sources.markup.grid import Grid, Out
from insights.sources.model import ReadOptions
from insights.sources.notices import Notice
from insights.sources.reading import text
from insights.sources.reading.unpack import BOMB_FLOOR, Member, members

_BEGIN, _STYLED, _CHUNK, _LONGEST = 1 << 10, 1 << 23, 1 << 20, 1 << 24
"""Styles and scripts may stand long before the first table."""
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
            yield _rewritten(member, target, way, options)


def _way(path: Path) -> cutting.Way | None:
    """Return how the tables of a file are marked; None for a file without."""
    with path.open("rb") as file:
        start = file.read(_BEGIN)
        if not _text(start).startswith("<"):
            return None
        begin = _text(start + file.read(_STYLED))
    page = "<html" in begin.lower()
    if not _TABLE.search(begin):
        return None
    if _EXCEL in begin and not page:
        return cutting.EXCEL
    return cutting.PAGE if page or begin[:5].lower() != "<?xml" else None


def _text(begin: bytes) -> str:
    """Return the letters of a beginning as far as tags need them, whatever its Unicode form."""
    return begin.replace(b"\0", b"").decode("utf-8", "replace").lstrip("\ufeff\ufffd \t\r\n")


def _rewritten(member: Member, folder: Path, way: cutting.Way, options: ReadOptions) -> Member:
    """Return the one table of a page as comma separated text; raises FileRefused where there is none, or several."""
    room = max(BOMB_FLOOR, _RATIO * member.path.stat().st_size)
    tables = cutting.Tables(way, Out(folder, member.name, room, options.limits), options.sheet)
    encoding = _encoding(member, options)
    try:
        for piece in _pieces(member, encoding):
            tables.take(piece)
        found = tables.done()
    except UnicodeError as error:
        raise FileRefused("encoding", file=member.name, found=encoding) from error
    finally:
        tables.leave()
    # What is written is UTF-8 but for bytes that are no letters, whatever the page was in.
    return replace(
        member, path=found.path, encoding="utf-8" if options.encoding else None, notices=_left(tables.left, way)
    )


def _left(tables: list[Grid], way: cutting.Way) -> tuple[Notice, ...]:
    """Return the notice that further tables were not read."""
    if not tables:
        return ()
    if way is cutting.EXCEL:
        return (Notice("sheets_left", None, {"sheets": list(dict.fromkeys(t.sheet for t in tables))}),)
    return (Notice("tables_left", None, {"count": len(tables)}),)


def _encoding(member: Member, options: ReadOptions) -> str:
    """Return the encoding asked for, else the one the page names, else what its bytes prove."""
    with member.path.open("rb") as file:
        begin = file.read(4096)
    named = _CHARSET.search(begin)
    if options.encoding is None and named and not begin.startswith((codecs.BOM_UTF8, b"\xff\xfe", b"\xfe\xff")):
        with suppress(FileRefused):
            found = text.known(named[1].decode("ascii"), member.name)
            if not found.startswith(("utf-16", "utf-32")):  # who can read the word without them is not in them
                return found
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
