"""One plain file on disk, whatever its format: read as tables of text, then staged."""

import datetime as dt
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from insights import scratch
from insights.errors import FileRefused
from insights.sources import asked, nested
from insights.sources.clues import zones
from insights.sources.model import ReadOptions
from insights.sources.notices import Notice
from insights.sources.profile import Profile
from insights.sources.raw import Raw
from insights.sources.reading import delimited, fast, text, tolerant
from insights.sources.reading.formats import tables
from insights.sources.reading.tables import Table
from insights.sources.reading.unpack import Member
from insights.sources.staging.plan import Task
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
    notices: tuple[Notice, ...] = ()


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
        facts, how = _laid_out(member, profiles, options)
        yield from _Delimited(con, member, options, latest, facts, how).read(profiles)
        return
    for table in found:
        notices = _zone_used(table.raw.zone, options)

        def stage(profile: Profile, table: Table = table) -> Staged:
            return stage_raw(con, table.raw, Task(profile, options, table.name, latest))

        for profile, staged in asked.all_staged(table.profile, table.raw.headers, profiles, stage):
            yield Read(table.name, table.sha256, profile, staged, table.encoding, notices=notices)
        con.execute(f"DROP TABLE {table.raw.sql}")


def _zone_used(zone: str | None, options: ReadOptions) -> tuple[Notice, ...]:
    """Return the notice that the zone written beside the table was used."""
    return (Notice("zone_said", None, {"zone": zone}),) if zone and options.timezone is None else ()


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


@dataclass(frozen=True)
class _Delimited:
    """A delimited text on its way: at the engine's own speed where its bytes allow it, else row by row."""

    con: duckdb.DuckDBPyConnection
    member: Member
    options: ReadOptions
    latest: dt.datetime
    facts: text.TextFacts
    how: delimited.Layout

    def read(self, profiles: Sequence[Profile]) -> Iterator[Read]:
        """Yield the file read and staged, once for each question where it is a form that asks several."""
        zone = zones.said(delimited.beside(self.member.path, self.facts.encoding, self.how))
        notices = [*self.member.notices, *_zone_used(zone, self.options)]
        if self.facts.guessed:
            notices.append(Notice("encoding_guessed", None, {"encoding": self.facts.encoding}))
        encoding = "utf-8" if self.facts.encoding == "utf-8-sig" else self.facts.encoding
        for profile, staged in asked.all_staged(
            self.how.profile, self.how.headers, profiles, lambda p: self._as(p, zone)
        ):
            yield Read(
                self.member.name, self.facts.sha256, profile, staged, encoding, self.how.delimiter, tuple(notices)
            )

    def _as(self, profile: Profile, zone: str | None) -> Staged:
        one = replace(self, how=replace(self.how, profile=profile))
        return one._fast(zone) or one._rewritten(zone) or one._tolerant(zone)

    def _fast(self, zone: str | None) -> Staged | None:
        """Stage straight from disk when the bytes allow it; None sends the file to the tolerant reader."""
        raw = fast.offer(self.member.path, self.facts, self.how, self.options.limits)
        counted = any(s.occurrence for t in self.how.profile.tables.values() for s in t.columns.values())
        if raw is None or counted or self.options.mend:
            return None
        with suppress(Ragged):
            return self._staged(replace(raw, zone=zone), fast.rows(self.facts, self.how))
        return None

    def _rewritten(self, zone: str | None) -> Staged | None:
        """Stage a large file in another encoding from a copy in UTF-8; None where a byte is no letter of that encoding."""
        large = self.member.path.stat().st_size >= _WORTH_A_COPY
        if self.facts.encoding in ("utf-8", "utf-8-sig") or not large:
            return None
        with scratch.folder() as folder:
            copy = folder / "utf8"
            with suppress(UnicodeError):
                _copy_as_utf8(self.member.path, self.facts.encoding, copy)
                facts = text.inspect(copy, self.member.name, "utf-8")
                return replace(self, member=Member(self.member.name, copy), facts=facts)._fast(zone)
        return None

    def _tolerant(self, zone: str | None) -> Staged:
        raw = tolerant.read(self.con, self.member.path, self.facts, self.how, self.options, self.member.name)
        staged = self._staged(replace(raw, zone=zone))
        self.con.execute(f"DROP TABLE {raw.sql}")
        return staged

    def _staged(self, raw: Raw, rows: int | None = None) -> Staged:
        task = Task(self.how.profile, self.options, self.member.name, self.latest)
        return stage_raw(self.con, nested.opened(raw, self.how.inner), task, rows)


def _copy_as_utf8(path: Path, encoding: str, copy: Path) -> None:
    with path.open("r", encoding=encoding, newline="") as old, copy.open("w", encoding="utf-8", newline="") as new:
        shutil.copyfileobj(old, new, 1 << 20)


__all__ = ["Read", "read"]
