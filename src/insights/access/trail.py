"""The trail of looks: who saw, took out or changed what, each entry holding the hash of the one before.

A changed, removed or inserted line breaks the chain where it stands; a cut end is told by the head kept beside it.
"""

import datetime as dt
import fcntl
import hashlib
import json
import os
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from insights.access.store import had_trail, note_trail

START = "0" * 64
MOST_PEOPLE = 2_000
"""Customers named in one entry; a look at more is kept as its filters, and counts as a look at anyone."""
NOTED_EVERY = 64
"""So often the store of accounts is told that there is a trail, from the first entry on."""

Entry = dict[str, Any]


@dataclass(frozen=True)
class Broken:
    """Where the chain does not hold: the line (from 1), or the line after the last when the end was cut."""

    line: int
    reason: str
    """`changed`, `unreadable`, `cut`, `headless` where what the end was is not held beside it, `gone` where all is."""


@dataclass(frozen=True)
class Trail:
    """The trail kept in a directory."""

    directory: Path

    @property
    def file(self) -> Path:
        """Return the file of entries, one JSON object a line."""
        return self.directory / "audit.ndjson"

    @property
    def head(self) -> Path:
        """Return the file that holds how many entries there are and the hash of the last."""
        return self.directory / "audit.head"

    def add(
        self, who: str, what: str, *, at: dt.datetime | None = None, people: Sequence[str] = (), **more: Any
    ) -> None:
        """Write an entry to the disk before what it tells of is shown.

        `what` is a word: sign_in, sign_in_failed, sign_out, page, rows, export, select, reveal, load, undo, settings,
        erase, ...; `people` are the customers whose rows it shows.
        """
        entry: Entry = {"at": _moment(at), "who": who, "what": what, **{k: v for k, v in more.items() if v is not None}}
        if people:
            named = sorted(set(people))
            entry |= {"people": named} if len(named) <= MOST_PEOPLE else {"people_n": len(named)}
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(self.file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            entry |= {"headless": True} if self._headless() else {}
            count, before = self._last()
            line = _line(entry, before)
            file.write(b"\n" * self._is_torn() + line)
            file.flush()
            os.fsync(file.fileno())
            self._keep(count + 1, _hash_of(line))
            if count % NOTED_EVERY == 0:
                note_trail(self.directory)

    def rewrite(self, without: Callable[[str], str]) -> bool:
        """Write the trail anew without what an erased person is known by; its last entry holds what it ended with.

        The one exception to writing only at the end: the law asks for it, and the chain says where it happened.
        """
        if not self.file.exists():
            return False
        with self.file.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            broken = self.verify()[1]  # would be whole again: what was so stays told
            entries = list(_read(file))
            kept = [json.loads(without(json.dumps(entry, ensure_ascii=False))) for entry in entries]
            if kept == entries and not broken:
                return False
            before, lines = START, list[bytes]()
            ended = self._last()[1]
            told = {"ended": ended} | ({"broken": [broken.line, broken.reason]} if broken else {})
            for entry in [*kept, {"at": _moment(None), "who": "", "what": "trail_rewritten", **told}]:
                lines.append(_line(entry, before))
                before = _hash_of(lines[-1])
            file.seek(0)
            file.writelines(lines)
            file.truncate()
            os.fsync(file.fileno())
            self._keep(len(lines), before)
        return True

    def _headless(self) -> bool:
        """Tell whether entries may be missing: what says which was the last is gone, or they are gone altogether."""
        return self._kept() is None and (self._is_there() or had_trail(self.directory))

    def _is_there(self) -> bool:
        return self.file.exists() and self.file.stat().st_size > 0

    def _is_torn(self) -> bool:
        """Tell whether the last line has no end: a power failure as it was written."""
        with self.file.open("rb") as file:
            return file.seek(0, os.SEEK_END) > 0 and file.seek(-1, os.SEEK_END) >= 0 and file.read() != b"\n"

    def _kept(self) -> tuple[int, str] | None:
        try:
            count, last = self.head.read_text("ascii").split()
            return int(count), last
        except (FileNotFoundError, ValueError):
            return None

    def _last(self) -> tuple[int, str]:
        kept = self._kept()
        if kept is None:
            lines = self.file.read_bytes().splitlines() if self.file.exists() else []
            return len(lines), _hash_of(lines[-1]) if lines else START
        return kept

    def _keep(self, count: int, last: str) -> None:
        beside = self.head.with_suffix(".new")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(f"{count} {last}")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.head)

    def entries(self) -> Iterator[Entry]:
        """Yield the entries, oldest first, without what only the chain needs; `verify` tells of what is no entry."""
        if not self.file.exists():
            return
        with self.file.open("rb") as lines:
            yield from _read(lines)

    def verify(self) -> tuple[int, Broken | None]:
        """Return how many entries hold, and where the chain breaks, if it does."""
        before, held = START, 0
        for line in self.file.read_bytes().splitlines() if self.file.exists() else []:
            try:
                entry = json.loads(line)
                whole = entry.get("before") == before and _line(_bare(entry), before).rstrip(b"\n") == line
            except (ValueError, AttributeError):
                return held, Broken(held + 1, "unreadable")
            if not whole:
                return held, Broken(held + 1, "changed")
            if entry.get("headless"):
                return held, Broken(held + 1, "headless")
            if was := entry.get("broken"):
                return held, Broken(*was)
            before, held = _hash_of(line), held + 1
        if self._headless():
            return held, Broken(held + 1, "headless" if self._is_there() else "gone")
        count, last = self._last()
        return held, None if (count, last) == (held, before) else Broken(held + 1, "cut")

    def newest(self, most: int) -> list[Entry]:
        """Return the newest entries, newest first."""
        return list(deque(self.entries(), most))[::-1]

    def between(self, since: dt.datetime, until: dt.datetime) -> Iterator[Entry]:
        """Yield the entries of a span, oldest first."""
        return (e for e in self.entries() if since <= dt.datetime.fromisoformat(e["at"]) <= until)

    def shown(self, ids: Collection[str], since: dt.datetime, until: dt.datetime) -> list[Entry]:
        """Return the looks at one person's data between two moments; those too large to name people count as such.

        `ids` are all the person may stand under: what they are called in any source, and what masked readers see.
        """
        sought = frozenset(ids)
        return [
            {k: v for k, v in e.items() if k != "people"} | {"certain": bool(sought & set(e.get("people", ())))}
            for e in self.between(since, until)
            if "people_n" in e or sought & set(e.get("people", ()))
        ]


def _moment(at: dt.datetime | None) -> str:
    return (at or dt.datetime.now(dt.UTC)).astimezone(dt.UTC).isoformat(timespec="milliseconds")


def _bare(entry: Entry) -> Entry:
    return {k: v for k, v in entry.items() if k not in ("before", "hash")}


def _read(lines: Iterable[bytes]) -> Iterator[Entry]:
    """Yield the entries of a trail without what only the chain needs, of its lines those that are one."""
    for line in lines:
        with suppress(ValueError):
            yield _bare(json.loads(line))


def _line(entry: Entry, before: str) -> bytes:
    """Return an entry as its line: its own hash covers everything in it and the entry before."""
    chained = entry | {"before": before}
    text = json.dumps(chained, ensure_ascii=False, sort_keys=True, default=str)
    whole = chained | {"hash": hashlib.sha256(text.encode()).hexdigest()}
    return (json.dumps(whole, ensure_ascii=False, sort_keys=True, default=str) + "\n").encode()


def _hash_of(line: bytes) -> str:
    return str(json.loads(line)["hash"])
