"""A file as a table of text: either DuckDB reads it straight from disk, or a reader has filled a temporary table."""

import itertools
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from insights.sources.folding import composed, sql_name
from insights.sources.notices import Notice

BATCH = 20_000
_counter = itertools.count(1)
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_ASIDE = {"line": pa.int64(), "column": pa.string(), "value": pa.string(), "reason": pa.string(), "row": pa.string()}


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
        if self.rows:
            cut = zip(self.headers, zip(*self.rows, strict=True), strict=True)
            arrays = [self._composed(header, pa.array(cells, pa.string())) for header, cells in cut]
            names = [f"c{i}" for i in range(len(arrays))]
            self._insert(self.name, pa.table([*arrays, pa.array(self.lines, pa.int64())], [*names, "_line"]))
            self.rows, self.lines = [], []
        if self.asides:
            held = [(a.line, a.column, a.value, a.reason, as_json(self.headers, a.cells)) for a in self.asides]
            columns = [pa.array(c, t) for c, t in zip(zip(*held, strict=True), _ASIDE.values(), strict=True)]
            self._insert(self.aside, pa.table(columns, list(_ASIDE)))
            self.asides = []

    def _composed(self, header: str, cells: pa.Array) -> pa.Array:
        """Return cells with every accent joined to its letter, so that what looks alike is alike."""
        if pc.all(pc.string_is_ascii(cells)).as_py() is not False:
            return cells
        if self.mend:
            cells = pa.array([c and self.mend(c) for c in cells.to_pylist()], pa.string())
        joined = pc.utf8_normalize(cells, form="NFC")
        if pc.any(pc.not_equal(cells, joined)).as_py():
            self.apart.add(header)
        return joined

    def _insert(self, table: str, batch: pa.Table) -> None:
        self.con.register("_batch", batch)
        self.con.execute(f"INSERT INTO {sql_name(table)} BY NAME SELECT * FROM _batch")
        self.con.unregister("_batch")

    def done(self, numeric: frozenset[int] = frozenset(), *, error_cells: bool = True, odd_blanks: bool = True) -> Raw:
        """Return the filled table."""
        self.flush()
        return Raw(
            self.name, self.headers, streamed=False, set_aside=self.aside, numeric=numeric,
            error_cells=error_cells, odd_blanks=odd_blanks, notices=tuple(Notice("nfc", h) for h in sorted(self.apart)),
        )  # fmt: skip


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
