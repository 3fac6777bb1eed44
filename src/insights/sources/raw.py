"""A file as a table of text: either DuckDB reads it straight from disk, or a reader has filled a temporary table."""

import itertools
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import duckdb

from insights.sources.folding import composed
from insights.sources.notices import Notice

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 20_000
_TOLD_APART_AT_ONCE = 40_000_000
"""Counting different hashes holds them all: 80 million are more than the engine's memory beside a large load."""
_counter = itertools.count(1)
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_ASIDE = ("column", "value", "reason", "row")


@dataclass(frozen=True)
class Raw:
    """Columns c0, c1, ... of text in `sql` (a FROM item).

    Straight from disk (`streamed`) the n-th row stands on line `first_line` + n; else the table has a `_line` column.
    `set_aside` is a temp table of rows (or single cells) the reader could not take; `numeric` are the columns whose
    numbers the file itself holds as numbers; without `error_cells` or `odd_blanks` no cell can hold such a thing.
    """

    sql: str
    headers: tuple[str, ...]
    streamed: bool
    first_line: int = 0
    set_aside: str | None = None
    numeric: frozenset[int] = frozenset()
    error_cells: bool = True
    odd_blanks: bool = True
    notices: tuple[Notice, ...] = ()
    zone: str | None = None
    """Where the file says beside its table in which zone its times are written."""


@dataclass(frozen=True)
class Aside:
    """A row set aside while reading, or one cell of it."""

    line: int
    reason: str
    value: str
    cells: Sequence[str | None]
    column: str | None = None


class Filler:
    """Fills a temp table batch by batch, so that memory does not grow with the file."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        name: str,
        headers: Sequence[str],
        mend: Callable[[str], str] | None = None,
    ) -> None:
        self.con, self.name, self.aside, self.mend = con, name, f"{name}_aside", mend
        self.headers = tuple(map(composed, headers))
        self.apart: set[str] = {h for h, given in zip(self.headers, headers, strict=True) if h != given}
        columns = ", ".join(f"c{i} VARCHAR" for i in range(len(headers)))
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({columns}, _line BIGINT)")
        con.execute(
            f'CREATE OR REPLACE TEMP TABLE {self.aside} (line BIGINT, "column" VARCHAR, value VARCHAR, reason VARCHAR, row VARCHAR)'
        )
        self.rows: list[list[str | None]] = []
        self.lines: list[int] = []
        self.asides: list[Aside] = []

    def add(self, line: int, cells: list[str | None]) -> None:
        """Take a row of exactly as many cells as there are headers."""
        self.rows.append(cells)
        self.lines.append(line)
        if len(self.rows) >= BATCH:
            self.flush()

    def widen(self, header: str) -> None:
        """Take one more column, empty in the rows before."""
        self.flush()
        self.con.execute(f"ALTER TABLE {self.name} ADD COLUMN c{len(self.headers)} VARCHAR")
        self.headers = (*self.headers, composed(header))

    def reject(self, aside: Aside) -> None:
        """Take a row that could not be read."""
        self.asides.append(replace(aside, value=storable(aside.value), cells=[c and storable(c) for c in aside.cells]))
        if len(self.asides) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what is held to the tables."""
        if not (self.rows or self.asides):
            return
        from insights.sources import batches  # a clean file never comes here, and its import is slow

        if self.rows:
            cut = zip(self.headers, zip(*self.rows, strict=True), strict=True)
            columns = {f"c{i}": self._taken(header, cells) for i, (header, cells) in enumerate(cut)}
            batches.insert(self.con, self.name, columns | {"_line": batches.whole(self.lines)})
            self.rows, self.lines = [], []
        if self.asides:
            held = [(a.line, a.column, a.value, a.reason, as_json(self.headers, a.cells)) for a in self.asides]
            lines, *others = zip(*held, strict=True)
            texts = {name: batches.text(cells) for name, cells in zip(_ASIDE, others, strict=True)}
            batches.insert(self.con, self.aside, {"line": batches.whole(lines)} | texts)
            self.asides = []

    def _taken(self, header: str, cells: Sequence[str | None]) -> "pa.Array":
        from insights.sources import batches

        column, changed = batches.composed(cells, self.mend)
        self.apart |= {header} if changed else set()
        return column

    def done(self, numeric: frozenset[int] = frozenset(), *, error_cells: bool = True, odd_blanks: bool = True) -> Raw:
        """Return the filled table."""
        self.flush()
        return Raw(
            self.name,
            self.headers,
            streamed=False,
            set_aside=self.aside,
            numeric=numeric,
            error_cells=error_cells,
            odd_blanks=odd_blanks,
            notices=tuple(Notice("nfc", h) for h in sorted(self.apart)),
        )


def repeated(con: duckdb.DuckDBPyConnection, table: str, key: str, where: str = "true") -> int:
    """Return how many rows of a table have the hash of a row before them: 0 says that no `key` stands twice.

    Hashes, since telling the ids themselves apart takes twice as long; of so many rows at once as memory holds.
    """
    (rows,) = con.execute(f"SELECT count(*) FROM {table}").fetchall()[0]
    parts = rows // _TOLD_APART_AT_ONCE + 1
    each = f"SELECT hash({key}) AS alike FROM {table} WHERE {where}"
    count = f"SELECT count(*) - count(DISTINCT alike) FROM ({each})"
    found = (con.execute(f"{count} WHERE alike % {parts} = {part}").fetchall()[0][0] for part in range(parts))
    return sum(map(int, found))


def fresh(what: str) -> str:
    """Return a name no other temp table of this process has."""
    return f"stage_{next(_counter)}_{what}"


def storable(text: str) -> str:
    """Return text as the database can hold it: what is no letter is shown as the replacement character."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def as_json(headers: Sequence[str], cells: Sequence[object]) -> str:
    """Return a row as a JSON object by header, every header included; cells beyond the headers are numbered."""
    names = [*unique(headers), *(f"column {i + 1}" for i in range(len(headers), len(cells)))]
    return json.dumps(dict(itertools.zip_longest(names, cells)), ensure_ascii=False)


def unique(headers: Sequence[str]) -> list[str]:
    """Return headers with repeated ones numbered: Labels, Labels (2)."""
    seen: dict[str, int] = {}
    named = []
    for header in headers:
        seen[header] = seen.get(header, 0) + 1
        named.append(header if seen[header] == 1 else f"{header} ({seen[header]})")
    return named
