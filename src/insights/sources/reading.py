"""One plain file on disk as tables of text, whatever its format."""

import datetime as dt
import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from insights.errors import FileRefused
from insights.sources import delimited, fast, parquet, records, sheets, text, tolerant
from insights.sources.model import ReadOptions
from insights.sources.profile import Profile
from insights.sources.staging import Ragged, Staged, fresh, stage_raw
from insights.sources.tables import Table
from insights.sources.unpack import Member

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORTH_A_COPY = 1 << 20
"""Below this size reading row by row is as fast as writing a copy first."""
_UNSUPPORTED = ("<html", "<!doctype", "<?xml", "<table")


@dataclass(frozen=True)
class Read:
    """A table read and staged: what the file was and what came out."""

    name: str
    sha256: str
    profile: Profile
    staged: Staged
    encoding: str | None = None
    delimiter: str | None = None


def read(
    con: duckdb.DuckDBPyConnection,
    member: Member,
    profiles: Sequence[Profile],
    options: ReadOptions,
    latest: dt.datetime,
) -> Iterator[Read]:
    """Read and stage every table of a file; raises FileRefused."""
    found = tables(con, member, profiles, options)
    if found is None:
        yield _delimited(con, member, profiles, options, latest)
        return
    for table in found:
        staged = stage_raw(con, table.raw, table.profile, options, table.name, latest)
        con.execute(f"DROP TABLE {table.raw.sql}")
        yield Read(table.name, table.sha256, table.profile, staged, table.encoding)


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
    if begin.startswith(("{", "[")):
        return records.read(con, member, profiles, options)
    if _lone_value(member.path, begin):
        raise FileRefused("bad_type", file=member.name, found=begin[:80])
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


def _delimited(
    con: duckdb.DuckDBPyConnection,
    member: Member,
    profiles: Sequence[Profile],
    options: ReadOptions,
    latest: dt.datetime,
) -> Read:
    facts, how = _laid_out(member, profiles, options)
    encoding = "utf-8" if facts.encoding == "utf-8-sig" else facts.encoding
    staged = _fast(con, member, facts, how, options, latest) or _rewritten(con, member, facts, how, options, latest)
    if staged is None:
        raw = tolerant.read(con, member.path, fresh("raw"), facts, how, options.limits, member.name)
        staged = stage_raw(con, raw, how.profile, options, member.name, latest)
        con.execute(f"DROP TABLE {raw.sql}")
    return Read(member.name, facts.sha256, how.profile, staged, encoding, how.delimiter)


def _laid_out(
    member: Member, profiles: Sequence[Profile], options: ReadOptions
) -> tuple[text.TextFacts, delimited.Layout]:
    """Return the encoding and the layout of a file; where nothing proves the encoding, a profile may know it."""
    facts = text.inspect(member.path, member.name, options.encoding)
    hints = {p.encoding for p in profiles if p.encoding} if facts.encoding in text.GUESSED else set()
    for encoding in sorted(hints if options.encoding is None else ()):
        hinted = text.inspect(member.path, member.name, encoding)
        with suppress(FileRefused):
            knowing = [p for p in profiles if p.encoding == encoding]
            return hinted, delimited.layout(member.path, hinted, knowing, options, member.name)
    return facts, delimited.layout(member.path, facts, profiles, options, member.name)


def _fast(
    con: duckdb.DuckDBPyConnection,
    member: Member,
    facts: text.TextFacts,
    how: delimited.Layout,
    options: ReadOptions,
    latest: dt.datetime,
) -> Staged | None:
    """Stage straight from disk when the bytes allow it; None sends the file to the tolerant reader."""
    raw = fast.offer(member.path, facts, how, options.limits)
    if raw is None or any(s.occurrence for t in how.profile.tables.values() for s in t.columns.values()):
        return None
    try:
        return stage_raw(con, raw, how.profile, options, member.name, latest, fast.rows(facts, how))
    except Ragged:
        return None


def _rewritten(
    con: duckdb.DuckDBPyConnection,
    member: Member,
    facts: text.TextFacts,
    how: delimited.Layout,
    options: ReadOptions,
    latest: dt.datetime,
) -> Staged | None:
    """Stage a large file in another encoding from a copy in UTF-8; None where a byte is no letter of that encoding."""
    if facts.encoding in ("utf-8", "utf-8-sig") or member.path.stat().st_size < _WORTH_A_COPY:
        return None
    with tempfile.TemporaryDirectory(prefix="insights-") as folder:
        copy = Path(folder) / "utf8"
        try:
            with (
                member.path.open("r", encoding=facts.encoding, newline="") as old,
                copy.open("w", encoding="utf-8", newline="") as new,
            ):
                shutil.copyfileobj(old, new, 1 << 20)
        except UnicodeError:
            return None
        rewritten = text.inspect(copy, member.name, "utf-8")
        return _fast(con, Member(member.name, copy), rewritten, how, options, latest)


__all__ = ["Read", "read", "tables"]
