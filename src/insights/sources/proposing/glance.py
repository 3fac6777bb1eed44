"""The beginning of a file no profile knows: its headers, what their cells are, and how a draft would convert them."""

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from insights.errors import FileRefused
from insights.sources import road, stage
from insights.sources.folding import fold, sql_name
from insights.sources.markup.plain import plain_members
from insights.sources.model import ReadOptions
from insights.sources.notices import Notice
from insights.sources.profile import Profile, TableSpec, common_words, read_profile
from insights.sources.profile.recognise import bare
from insights.sources.raw import Raw
from insights.sources.reading import delimited, text, tolerant
from insights.sources.reading.formats import tables as tables_of
from insights.sources.reading.unpack import Member
from insights.sources.staging import dates
from insights.sources.staging.cells import UNKNOWN_NAME

_BEGINNING = 1 << 20
_ROWS = 1_000
_KIND = '(PARTITION BY "column", reason ORDER BY line ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)'
_NOISE = re.compile(r"[\s%₺$€£]|TL|TRY|USD|EUR|GBP")
_NUMBER = re.compile(r"[-+]?\d[\d.,]*|\d{1,3}(?:[.,]\d{3})+")
_DURATION = re.compile(
    r"\d+:\d\d(:\d\d)?|(\d+[.,]?\d*\s*(d|g|gün|h|sa|saat|hours?|m|min|mins|dk|dakika|s|sec|sn)\s*)+", re.I
)
YES = (
    "true",
    "1",
    "yes",
    "y",
    "t",
    "evet",
    "e",
    "doğru",
    "x",
    "ja",
    "oui",
    "sí",
    "var",
    "izinli",
    "onaylı",
    "opted in",
    "subscribed",
)
NO = (
    "false",
    "0",
    "no",
    "n",
    "f",
    "hayır",
    "h",
    "yanlış",
    "nein",
    "non",
    "nee",
    "yok",
    "izinsiz",
    "onaysız",
    "opted out",
    "unsubscribed",
)
_FLAGS = {fold(w) for w in YES + NO}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.\w+")


@dataclass(frozen=True)
class Facts:
    """What the cells of one column are; shares are of the filled cells."""

    cells: tuple[str, ...]
    rows: int
    by_row: tuple[str, ...] = ()
    """The same with an empty text where a row has none, so that columns can be held against each other."""

    @cached_property
    def counted(self) -> dict[str, int]:
        """Return each different cell with its count, the most frequent first."""
        return dict(Counter(self.cells).most_common())

    def share(self, accept: Any) -> float:
        """Return the share of filled cells that `accept` takes."""
        return sum(n for c, n in self.counted.items() if accept(c)) / len(self.cells) if self.cells else 0.0

    @property
    def filled(self) -> float:
        """Return the share of rows with a cell."""
        return len(self.cells) / self.rows if self.rows else 0.0

    @property
    def distinct(self) -> int:
        """Return how many different cells there are."""
        return len(self.counted)

    @property
    def unique(self) -> float:
        """Return how many different cells there are per filled one."""
        return self.distinct / len(self.cells) if self.cells else 0.0

    @cached_property
    def time(self) -> float:
        """Return the share written as a date or time."""
        return self.share(dates.readable)

    @cached_property
    def epoch(self) -> float:
        """Return the share that could be seconds, or thousandths of them, since 1970, this century."""
        return self.share(dates.since_1970)

    @cached_property
    def number(self) -> float:
        """Return the share written as a number."""
        return self.share(lambda c: _NUMBER.fullmatch(_NOISE.sub("", c)))

    @cached_property
    def duration(self) -> float:
        """Return the share written as hours and minutes."""
        return self.share(lambda c: _DURATION.fullmatch(c))

    @cached_property
    def email(self) -> float:
        """Return the share that are e-mail addresses."""
        return self.share(_EMAIL.fullmatch)

    @cached_property
    def flag(self) -> float:
        """Return the share that says yes or no."""
        return self.share(lambda c: fold(c) in _FLAGS)

    @cached_property
    def words(self) -> dict[str, float]:
        """Return, by vocabulary, the share of cells whose word is known."""
        return {v: self.share(lambda c, known=known: fold(c) in known) for v, known in common_words().items()}

    @cached_property
    def length(self) -> float:
        """Return the usual length of a cell."""
        return statistics.fmean(map(len, self.cells)) if self.cells else 0.0

    @cached_property
    def high(self) -> float:
        """Return the largest whole number, 0 where there is none."""
        return max(
            (float(c.replace(",", ".")) for c in self.counted if re.fullmatch(r"\d{1,9}([.,]\d)?", c)), default=0.0
        )

    @cached_property
    def low(self) -> float:
        """Return the smallest whole number, 0 where there is none."""
        return min((float(c) for c in self.counted if re.fullmatch(r"\d{1,9}", c)), default=0.0)

    @property
    def is_score(self) -> bool:
        """Tell whether these could be answers on a scale."""
        return self.number >= 0.8 and self.distinct <= 11 and self.high <= 10

    @cached_property
    def is_key(self) -> bool:
        """Tell whether these could be the id of each row: filled, hardly ever repeated, one short word."""
        return self.filled > 0.97 and self.unique > 0.9 and self._one_word

    @cached_property
    def is_reference(self) -> bool:
        """Tell whether these could be ids of something that occurs in several rows."""
        return (
            0.02 < self.unique <= 0.99
            and self.distinct > 2
            and self._one_word
            and self.share(lambda c: re.search(r"\d", c)) > 0.8
        )

    @cached_property
    def _one_word(self) -> bool:
        fraction = self.share(lambda c: re.fullmatch(r"[-+]?\d{1,8}[.,]\d{1,2}", c))
        return self.share(lambda c: " " in c) < 0.1 and fraction < 0.2 and self.length <= 40 and self.time < 0.5

    @cached_property
    def middle(self) -> tuple[int, ...]:
        """Return the middle one of the times, year first, for comparing columns."""
        found = sorted(t for c in self.cells if (t := _sortable(c)))
        return found[len(found) // 2] if found else (9999,)


def _sortable(cell: str) -> tuple[int, ...]:
    """Return year, month, day, hour ... of a cell, the day taken as first where the year is last."""
    parts = [int(p) for p in re.findall(r"\d{1,4}", cell)]
    if len(parts) < 3:
        return ()
    day = parts[:3] if parts[0] > 31 else parts[2::-1]
    return (*day, *parts[3:])


@dataclass(frozen=True)
class Sample:
    """A file no profile knows: where its beginning and all of it are, and what its columns hold."""

    name: str
    beginning: Path
    whole: Path
    facts: dict[str, Facts]
    encoding: str | None = None
    """What the file was rewritten in."""

    @property
    def headers(self) -> tuple[str, ...]:
        """Return the headers, those that mean the same only once."""
        return tuple(self.facts)


@dataclass(frozen=True)
class Preview:
    """The first rows as a draft converts them, and what of the rows looked at could not be kept."""

    rows: list[dict[str, Any]]
    problems: list[dict[str, Any]]
    read: int
    rejected: int
    date_order: str | None
    decimal: str | None
    notices: tuple[Notice, ...] = ()


@contextmanager
def _connection() -> Iterator[duckdb.DuckDBPyConnection]:
    con = duckdb.connect(config={"threads": 1, "memory_limit": "1GB"})
    try:
        con.execute("SET TimeZone = 'UTC'")
        yield con
    finally:
        con.close()


def glance(path: Path, name: str, folder: Path, options: ReadOptions) -> Sample:
    """Return the sample of a file refused under `name` (`a.zip/b.csv` for one in an archive); raises FileRefused.

    `path` may be called anything; what is unpacked stays in `folder`, which must outlive the sample.
    """
    inside = name.partition("/")[2]
    member = next(m for m in plain_members(path, folder, options) if m.name.partition("/")[2] == inside)
    member, options = replace(member, name=name), replace(options, encoding=member.encoding or options.encoding)
    start = _beginning(member.path, folder)
    with _connection() as con:
        try:
            return _sample(con, replace(member, path=start), member.path, options)
        except FileRefused:
            if start == member.path:
                raise
            return _sample(con, member, member.path, options)


def _beginning(path: Path, folder: Path) -> Path:
    """Return a file with the first whole lines of a large text, else the file itself."""
    with path.open("rb") as file:
        head = file.read(_BEGINNING)
        more = file.read(1)
    if not more or b"\0" in head or b"\n" not in head:
        return path
    short = folder / "beginning"
    short.write_bytes(head[: head.rindex(b"\n") + 1])
    return short


def _sample(con: duckdb.DuckDBPyConnection, member: Member, whole: Path, options: ReadOptions) -> Sample:
    raw = _raw(con, member, _probe(_headers(con, member, options)), options)
    cells = con.execute(
        f"SELECT {', '.join(f'c{i}' for i in range(len(raw.headers)))} FROM {sql_name(raw.sql)} LIMIT {_ROWS}"
    ).fetchall()
    places = {fold(bare(h)): i for i, h in reversed(list(enumerate(raw.headers)))}
    facts = {
        raw.headers[i]: facts_of(" ".join((row[i] or "").split()) for row in cells) for i in sorted(places.values())
    }
    return Sample(member.name, member.path, whole, facts, member.encoding)


def facts_of(cells: Iterable[str]) -> Facts:
    """Return what the cells of a column are; those that mean unknown are empty."""
    by_row = tuple("" if c in UNKNOWN_NAME else c for c in cells)
    return Facts(tuple(c for c in by_row if c), len(by_row), by_row)


def _headers(con: duckdb.DuckDBPyConnection, member: Member, options: ReadOptions) -> Sequence[str]:
    """Return what the reader of this kind of file takes for its headers when no profile helps it."""
    try:
        next(road.read(con, member, (), options, options.earliest), None)
    except FileRefused as refused:
        found = refused.details.get("headers")
        if refused.kind == "unrecognised_format" and isinstance(found, tuple) and any(found):
            return found
        raise
    raise FileRefused("empty_file", file=member.name)


def _probe(headers: Sequence[str]) -> Profile:
    """Return a profile that fits exactly these headers and reads nothing."""
    named = tuple((bare(h),) for h in headers if h.strip())
    return Profile(name="", label="", main="tickets", tables={"tickets": TableSpec()}, required=named)


def _raw(con: duckdb.DuckDBPyConnection, member: Member, probe: Profile, options: ReadOptions) -> Raw:
    tables = tables_of(con, member, (probe,), options)
    if tables is not None:
        return next(tables).raw
    facts = text.inspect(member.path, member.name, options.encoding)
    layout = delimited.layout(member.path, facts, (probe,), options, member.name)
    return tolerant.read(con, member.path, facts, layout, options, member.name)


def preview(sample: Sample, toml: str, options: ReadOptions, rows: int = 10) -> Preview:
    """Return what the real reader makes of the file with this profile; raises FileRefused, SettingsWrong.

    The beginning is enough unless it is refused: day and month may be told apart only further down.
    """
    profile = read_profile(toml, sample.name, own=True)
    chosen = replace(options, profile=profile, source=None, encoding=sample.encoding or options.encoding)
    try:
        return _preview(sample.beginning, chosen, rows)
    except FileRefused:
        if sample.beginning == sample.whole:
            raise
        return _preview(sample.whole, chosen, rows)


def _preview(path: Path, options: ReadOptions, rows: int) -> Preview:
    with _connection() as con:
        staged = next(iter(stage(con, path, (), options)))
        table, rejects = staged.tables[staged.main], staged.rejects
        first = f"SELECT _line AS line FROM {table} UNION SELECT line FROM {rejects} WHERE row_rejected"
        lines = f"({first} ORDER BY line LIMIT {rows})"
        kept = _dicts(con, f"SELECT t.*, l.line FROM {lines} l LEFT JOIN {table} t ON t._line = l.line ORDER BY l.line")
        one = f"SELECT *, row_number() OVER w AS nth, count(*) OVER w AS n FROM {rejects} WINDOW w AS {_KIND}"
        aside = _dicts(con, f"SELECT * FROM ({one}) WHERE nth = 1 OR line IN {lines} ORDER BY line, nth")
        found = [{k: v for k, v in row.items() if k != "_line"} for row in kept]
        counts = staged.rows_read, staged.rows_rejected, staged.date_order, staged.decimal
        return Preview(found, aside, *counts, staged.notices)


def _dicts(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    result = con.execute(sql)
    names = [d[0] for d in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


__all__ = ["Facts", "Preview", "Sample", "facts_of", "glance", "preview"]
