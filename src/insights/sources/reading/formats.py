"""Which reader a plain file needs: its first bytes decide, never its name."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from insights.errors import FileRefused
from insights.sources.folding import form
from insights.sources.model import ReadOptions
from insights.sources.profile import Profile
from insights.sources.reading import parquet, records, sheets, streams
from insights.sources.reading.tables import Table
from insights.sources.reading.unpack import Member

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UNSUPPORTED = ("<html", "<!doctype", "<?xml", "<table")


def tables(
    con: duckdb.DuckDBPyConnection, member: Member, profiles: Sequence[Profile], options: ReadOptions
) -> Iterator[Table] | None:
    """Return the tables of a workbook, a JSON or a Parquet file, None for delimited text; raises FileRefused."""
    with member.path.open("rb") as file:
        magic = file.read(512)
    begin = _letters(magic)
    if magic.startswith((b"PK", _OLE)):
        return sheets.read(con, member, profiles, options)
    if magic.startswith(b"PAR1"):
        return parquet.read(con, member, profiles)
    if begin.startswith(("{", "[")) or streams.in_cells(begin):
        return records.read(con, member, profiles, options)
    if _lone_value(member.path, begin):
        raise FileRefused("bad_type", file=member.name, found=form(begin[:80]))
    if begin[:9].lower().startswith(_UNSUPPORTED):
        raise FileRefused("unsupported_type", file=member.name, found="HTML / XML")
    return None


def _letters(magic: bytes) -> str:
    """Return the first letters of a text file, whatever its Unicode form."""
    wide = next((e for bom, e in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")) if magic.startswith(bom)), "utf-8")
    return magic.decode(wide, errors="replace").replace("\0", "").lstrip("\ufeff \t\r\n")


def _lone_value(path: Path, begin: str) -> bool:
    """Tell whether a file is one JSON value that is no record: a text or a number."""
    if path.stat().st_size > 512:
        return False
    try:
        return not isinstance(json.loads(begin), dict | list)
    except ValueError:
        return False
