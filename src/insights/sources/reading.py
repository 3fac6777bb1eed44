"""One plain file on disk as tables of text, whatever its format."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb

from insights.errors import FileRefused
from insights.sources import delimited, fast, records, sheets, text, tolerant
from insights.sources.model import ReadOptions
from insights.sources.profile import Profile
from insights.sources.raw import Raw
from insights.sources.staging import Ragged, Staged, fresh, stage_raw
from insights.sources.unpack import Member

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UNSUPPORTED = (b"<html", b"<!doctype", b"<?xml", b"<table")


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
    con: duckdb.DuckDBPyConnection, member: Member, profiles: Sequence[Profile], options: ReadOptions, latest: dt.datetime
) -> Iterator[Read]:
    """Read and stage every table of a file; raises FileRefused."""
    with member.path.open("rb") as file:
        magic = file.read(512)
    if magic.startswith(b"PK") or magic.startswith(_OLE):
        tables = sheets.read(con, member, profiles, options)
    elif magic.startswith(b"PAR1"):
        tables = records.parquet(con, member, profiles)
    elif magic.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        tables = records.json_records(con, member, profiles, options)
    elif magic.lstrip(b"\xef\xbb\xbf \t\r\n")[:9].lower().startswith(_UNSUPPORTED):
        raise FileRefused("unsupported_type", file=member.name, found="HTML / XML")
    else:
        yield _delimited(con, member, profiles, options, latest)
        return
    for table in tables:
        staged = stage_raw(con, table.raw, table.profile, options, table.name, latest)
        con.execute(f"DROP TABLE {table.raw.sql}")
        yield Read(table.name, table.sha256, table.profile, staged, table.encoding)


def _delimited(
    con: duckdb.DuckDBPyConnection, member: Member, profiles: Sequence[Profile], options: ReadOptions, latest: dt.datetime
) -> Read:
    facts = text.inspect(member.path, member.name, options.encoding)
    how = delimited.layout(member.path, facts, profiles, options, member.name)
    encoding = "utf-8" if facts.encoding == "utf-8-sig" else facts.encoding
    staged = _fast(con, member, facts, how, options, latest)
    if staged is None:
        raw = tolerant.read(con, member.path, fresh("raw"), facts, how, options.limits, member.name)
        staged = stage_raw(con, raw, how.profile, options, member.name, latest)
        con.execute(f"DROP TABLE {raw.sql}")
    return Read(member.name, facts.sha256, how.profile, staged, encoding, how.delimiter)


def _fast(
    con: duckdb.DuckDBPyConnection, member: Member, facts: text.TextFacts, how: delimited.Layout, options: ReadOptions, latest: dt.datetime
) -> Staged | None:
    """Stage straight from disk when the bytes allow it; None sends the file to the tolerant reader."""
    raw = fast.offer(member.path, facts, how, options.limits)
    if raw is None or any(s.occurrence for t in how.profile.tables.values() for s in t.columns.values()):
        return None
    try:
        return stage_raw(con, raw, how.profile, options, member.name, latest, fast.rows(facts, how))
    except Ragged:
        return None


__all__ = ["Raw", "Read", "read"]
