"""JSON records as a table of text: nested objects become columns named with dots, lists of values one text."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import Any

import duckdb

from insights.errors import FileRefused
from insights.sources.clues.mojibake import mended
from insights.sources.folding import fold
from insights.sources.model import ReadOptions
from insights.sources.notices import Notice
from insights.sources.profile import Profile
from insights.sources.profile.kinds import kinds, may_hold
from insights.sources.profile.recognise import bare
from insights.sources.raw import Aside, Filler, Raw, fresh, storable
from insights.sources.reading import jsonfast, text
from insights.sources.reading.jsontext import MAX_DEPTH, TWICE, Number, is_lines
from insights.sources.reading.streams import Part, of_stream, streams
from insights.sources.reading.tables import Table, fitting
from insights.sources.reading.unpack import Member

_HEAD = 5_000
Flat = dict[str, Any]


def read(
    con: duckdb.DuckDBPyConnection, member: Member, profiles: Sequence[Profile], options: ReadOptions
) -> Iterator[Table]:
    """Yield the table of a JSON file, or one for each stream in it that fits; raises FileRefused (bad_type, truncated, ...)."""
    facts = text.inspect(member.path, member.name, options.encoding, legacy=False)
    found, wrapped = streams(member.path, facts.encoding, member.name)
    refused: FileRefused | None = None
    fitted = 0
    for stream in found or [None]:
        name = member.name if len(found) <= 1 else f"{member.name}#{stream}"
        try:
            yield _table(con, member, profiles, options, facts, Part(name, stream, wrapped, fitted == 0))
            fitted += 1
        except FileRefused as error:
            if error.kind not in ("unrecognised_format", "missing_required_column"):
                raise
            refused = refused or error
    if refused and not fitted:
        raise refused


def _table(
    con: duckdb.DuckDBPyConnection,
    member: Member,
    profiles: Sequence[Profile],
    options: ReadOptions,
    facts: text.TextFacts,
    part: Part,
) -> Table:
    notices: list[Notice] = []
    listed = of_stream(member.path, facts.encoding, member.name, part, notices)
    flat = (_flattened(n, r, member.name) for n, r in listed)
    head = list(islice(flat, _HEAD))
    names = list(dict.fromkeys(key for _, record in head if isinstance(record, dict) for key in record))
    if not names:
        other = any(isinstance(record, Aside) for _, record in head)
        raise FileRefused("bad_type" if other else "empty_file", file=member.name, found="no objects")
    _refuse_too_many(names, options, member.name)
    profile = fitting(_leaves(names, head), profiles, member.name)
    raw = None if part.wrapped or options.mend else _quick(con, member, facts, head, names, profile)
    if raw is None:
        filling = _Filling(
            Filler(con, fresh("raw"), names, mended if options.mend else None),
            profile,
            options,
            member.name,
            facts.error_cells,
        )
        for number, record in chain(head, flat):
            filling.take(number, record)
        raw = filling.done()
    raw = replace(raw, notices=(*raw.notices, *notices))
    return Table(part.name, facts.sha256, raw, profile, facts.encoding.removesuffix("-sig"))


def _quick(
    con: duckdb.DuckDBPyConnection,
    member: Member,
    facts: text.TextFacts,
    head: Sequence[tuple[int, Flat | Aside]],
    names: list[str],
    profile: Profile,
) -> Raw | None:
    """Return the file as read by the engine, where it is flat objects line by line and large enough to matter."""
    flat = all(isinstance(r, dict) and not any(isinstance(v, dict | list) for v in r.values()) for _, r in head)
    if not flat or len(head) < _HEAD or not is_lines(member.path, facts.encoding):
        return None
    expected = kinds(profile)
    return jsonfast.offer(
        con, member.path, facts, names, lambda name, value: may_hold(expected.get(fold(bare(name))), value)
    )


def _refuse_too_many(names: Sequence[str], options: ReadOptions, file: str) -> None:
    if len(names) > options.limits.max_columns:
        raise FileRefused("too_many_columns", file=file, found=len(names), allowed=options.limits.max_columns)


def _leaves(names: Sequence[str], head: Sequence[tuple[int, Flat | Aside]]) -> list[str]:
    """Return the columns that hold values: an object where others have a value is no reason not to know the file."""
    return [n for n in names if any(isinstance(r, dict) and not isinstance(r.get(n), dict) for _, r in head)]


def _flattened(number: int, record: dict[str, Any] | Aside, file: str) -> tuple[int, Flat | Aside]:
    """Return a record without nesting; an object is kept under its own name too, so that it can be missed there.

    A record wrapped in its only key, however often, or a hit of a search engine (`_index`, `_source`), is what is inside.
    """
    if isinstance(record, Aside):
        return number, record
    flat: Flat = {}
    if not _flatten(_unwrapped(record), "", flat, file, 0):
        shown = json.dumps(record, ensure_ascii=False)
        return number, Aside(number, "bad_json", shown[:200], [shown[:2000]])
    return number, flat


def _unwrapped(record: dict[str, Any]) -> dict[str, Any]:
    for _ in range(MAX_DEPTH):
        inner = (
            next(iter(record.values())) if len(record) == 1 else record.get("_source") if "_index" in record else None
        )
        if not isinstance(inner, dict) or TWICE in record:
            break
        record = inner
    return record


def _flatten(node: dict[str, Any], prefix: str, into: Flat, file: str, depth: int) -> bool:
    """Fill `into`; return False when a key stands twice."""
    if depth > MAX_DEPTH:
        raise FileRefused("too_deep", file=file, allowed=MAX_DEPTH)
    for key, value in node.items():
        if key == TWICE:
            return False
        name = storable(prefix + key)
        if name in into and name != prefix + key:
            return False
        into[name] = value
        if isinstance(value, dict) and not _flatten(value, f"{prefix}{key}.", into, file, depth + 1):
            return False
    return True


def as_text(value: Any) -> str | None:
    """Return a JSON value as a cell."""
    if value is None or isinstance(value, str):
        return str(value) if value else None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return ", ".join(value) or None
    return json.dumps(value, ensure_ascii=False)


class _Filling:
    """Turns records into rows, and sets aside what is of the wrong kind."""

    def __init__(self, filler: Filler, profile: Profile, options: ReadOptions, file: str, error_cells: bool) -> None:
        self.filler, self.options, self.file, self.error_cells = filler, options, file, error_cells
        self.kinds = kinds(profile)
        told = [spec.history.cell for spec in profile.tables.values() if spec.history]
        self.histories = {fold(header) for cell in told for header in cell}
        self.folded: dict[str, str] = {}
        self.names = dict.fromkeys(filler.headers)
        self.texts: set[str] = set()

    def take(self, number: int, record: Flat | Aside) -> None:
        """Add one record."""
        if isinstance(record, Aside):
            self.filler.reject(record)
            return
        for name in record:
            if name not in self.names:
                self._new(name)
        cells = {n: self._cell(n, v) for n, v in record.items()}
        if problem := self._problem(number, record, cells):
            self.filler.reject(problem)
            return
        wrong = [n for n, v in record.items() if isinstance(v, dict | list | bool) and not self._fits(n, v)]
        wrong = [n for n in wrong if not (isinstance(record[n], dict) and self._opened(n, record[n]))]
        for name in wrong:
            shown = json.dumps(record[name], ensure_ascii=False)
            aside = Aside(number, "bad_type", shown[:200], self._row(cells), None if self._needed(name) else name)
            self.filler.reject(aside)
            if aside.column is None:
                return
        self.texts.update(n for n, v in record.items() if type(v) is str and not v.isalpha() and v)
        self.filler.add(number, [None if n in wrong else cells.get(n) for n in self.names])

    def _cell(self, name: str, value: Any) -> str | None:
        """Return the text of a value; an object has none, unless a history is told from it."""
        if isinstance(value, dict):
            return json.dumps(value, ensure_ascii=False) if self._key(name) in self.histories else None
        return as_text(value)

    def _new(self, name: str) -> None:
        self.names[name] = None
        self.filler.widen(name)
        _refuse_too_many(list(self.names), self.options, self.file)

    def _row(self, cells: dict[str, str | None]) -> list[str | None]:
        return [cells.get(n) for n in self.names]

    def _problem(self, number: int, record: Flat, cells: dict[str, str | None]) -> Aside | None:
        joined = "".join(v for v in cells.values() if v)
        if "\0" in joined:
            return Aside(number, "nul_byte", "", self._row(cells))
        if not joined.isascii() and any("\ud800" <= c <= "\udfff" for c in joined):
            return Aside(number, "encoding", "", self._row(cells))
        if len(joined) > self.options.limits.max_cell:
            longest = max((v for v in cells.values() if v), key=len)
            if len(longest) > self.options.limits.max_cell:
                cut = {n: v[:200] if v and len(v) > self.options.limits.max_cell else v for n, v in cells.items()}
                return Aside(number, "cell_too_large", longest[:200], self._row(cut))
        return None

    def _key(self, name: str) -> str:
        if name not in self.folded:
            self.folded[name] = fold(bare(name))
        return self.folded[name]

    def _fits(self, name: str, value: Any) -> bool:
        return may_hold(self.kinds.get(self._key(name)), value)

    def _opened(self, name: str, value: dict[str, Any]) -> bool:
        """Tell whether the profile reads a part of this object, where others have a plain value."""
        return any(self._key(f"{name}.{inner}") in self.kinds for inner in value)

    def _needed(self, name: str) -> bool:
        return "needed" in self.kinds.get(self._key(name), set())

    def done(self) -> Raw:
        """Return the filled table."""
        numeric = frozenset(i for i, n in enumerate(self.names) if n not in self.texts)
        return self.filler.done(numeric, error_cells=self.error_cells)


__all__ = ["Number", "as_text", "read"]
