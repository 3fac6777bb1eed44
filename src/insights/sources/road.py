"""One plain file on disk, whatever its format: read as tables of text, then staged."""

import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from insights.errors import FileRefused
from insights.sources.model import ReadOptions
from insights.sources.profile import Profile
from insights.sources.raw import fresh
from insights.sources.reading import delimited, fast, text, tolerant
from insights.sources.reading.formats import tables
from insights.sources.reading.unpack import Member
from insights.sources.staging.stage import Ragged, Staged, stage_raw

_WORTH_A_COPY = 1 << 20
"""Below this size reading row by row is as fast as writing a copy first."""


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


__all__ = ["Read", "read"]
