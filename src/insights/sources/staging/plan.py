"""The SQL of one file's wide table: every column of every canonical table it fills, in three layers.

`v` is a cell without blanks and words for "unknown", `t` the typed value, a field the value kept. Each layer is one
SELECT around the one before, so that nothing is computed twice. `_bad` tells that some cell was there but not kept;
which one and why is asked only of the rows concerned (`Check`).
"""

import datetime as dt
import re
from dataclasses import dataclass, field

from insights.sources.folding import sql_name
from insights.sources.model import ReadOptions
from insights.sources.notices import Notice
from insights.sources.profile import Profile
from insights.sources.raw import Raw


@dataclass(frozen=True)
class Task:
    """How a table of text is to be read: by which profile and options, whose file, and what the latest moment can be."""

    profile: Profile
    options: ReadOptions
    file: str
    latest: dt.datetime


@dataclass(frozen=True)
class Check:
    """A reason to set a cell (or, when it `rejects`, its row) aside: both SQL over the layers of the row."""

    when: str
    reason: str
    cells: tuple[int, ...]
    rejects: bool = False


@dataclass
class Field:
    """A column of the wide table; `event` marks times at which something happened."""

    name: str
    sql: str
    cells: tuple[int, ...] = ()
    event: bool = False


@dataclass
class Plan:
    """Everything needed to build the wide table of one file; `tentative` when it rests on the first rows only."""

    raw: Raw
    v: dict[str, str] = field(default_factory=dict)
    t: dict[str, str] = field(default_factory=dict)
    fields: dict[str, Field] = field(default_factory=dict)
    bad: list[str] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    tables: dict[str, dict[str, str]] = field(default_factory=dict)
    histories: dict[str, str] = field(default_factory=dict)
    """The field with the list of changes a table is told from."""
    whens: dict[str, str] = field(default_factory=dict)
    strange: dict[str, tuple[tuple[int, ...], list[str]]] = field(default_factory=dict)
    uses: dict[int, list[str]] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    date_order: str | None = None
    decimal: str | None = None
    tentative: bool = False

    def cell(self, sql: str) -> str:
        """Name an expression over the raw cells (layer v)."""
        return _named(self.v, "v", sql)

    def typed(self, sql: str) -> str:
        """Name an expression over layer v (layer t)."""
        return sql if sql in self.v else _named(self.t, "t", sql)

    def add(self, name: str | None, sql: str, cells: tuple[int, ...], *, event: bool = False) -> str:
        """Add a column under `name`; without a name an equal column is used again."""
        if name is None:
            same = next((f.name for f in self.fields.values() if f.sql == sql), None)
            name = same or f"x{len(self.fields)}"
        self.fields[name] = Field(name, sql, cells, event or (name in self.fields and self.fields[name].event))
        return name

    def check(self, check: Check, bad: str | None = None) -> None:
        """Add a check; `bad` is a cheaper (or wider) condition for the build."""
        if check not in self.checks:
            self.checks.append(check)
            self.bad.append(bad or check.when)

    def layers(self, source: str, wanted: str | None = None) -> str:
        """Return the SELECT of layers v and t over `source`, which has the raw cells and `_line`.

        Values that rest on other values of layer t stand in a SELECT of their own: a name used beside its definition
        is planned as its whole text once more. `wanted` keeps only what that expression rests on.
        """
        needed = None if wanted is None else self._rests_on(wanted)
        cells = "".join(f", {e} AS {n}" for n, e in self.v.items() if needed is None or n in needed)
        sql = f"SELECT *{cells} FROM {source}"
        depths = self._depths()
        for depth in range(1, 1 + max(depths.values(), default=0)):
            named = [n for n, d in depths.items() if d == depth and (needed is None or n in needed)]
            if named:
                sql = f"SELECT *{''.join(f', {self.t[n]} AS {n}' for n in named)} FROM ({sql})"
        return sql

    def _depths(self) -> dict[str, int]:
        depths: dict[str, int] = {}
        for name, sql in self.t.items():  # a value is named after all it rests on
            depths[name] = 1 + max((depths[n] for n in _names(sql) if n in depths), default=0)
        return depths

    def _rests_on(self, sql: str) -> set[str]:
        found: set[str] = set()
        open_ = _names(sql)
        while open_:
            found |= open_
            open_ = {n for name in open_ for n in _names(self.t.get(name) or self.v.get(name) or "")} - found
        return found

    def raw_cells(self, wanted: str) -> list[str]:
        """Return the raw cells an expression rests on."""
        texts = [self.v[n] for n in self._rests_on(wanted) if n in self.v]
        return sorted({c for text in texts for c in re.findall(r"\bc\d+\b", text)})

    def header(self, places: tuple[int, ...]) -> str:
        """Return the name of a cell made of the columns at these places."""
        return " + ".join(self.raw.headers[p] for p in places)

    def source(self) -> str:
        """Return the raw cells with `_line`."""
        if not self.raw.streamed:
            return self.raw.sql
        return f"(SELECT *, row_number() OVER () - 1 + {self.raw.first_line} AS _line FROM {self.raw.sql})"

    def sql(self) -> str:
        """Return the SELECT that makes the wide table; a streamed file's lines are numbered afterwards.

        Numbering rows while reading would take a single thread; a table keeps the order of the file by itself.
        """
        kept = "".join(f"{f.sql} AS {sql_name(f.name)}, " for f in self.fields.values())
        bad = " OR ".join(f"coalesce({b}, false)" for b in dict.fromkeys(self.bad)) or "false"
        line, source = ("", self.raw.sql) if self.raw.streamed else (", _line", self.source())
        return f"SELECT {kept}{bad} AS _bad{line} FROM ({self.layers(source)})"


def _names(sql: str) -> set[str]:
    """Return the names of layers v and t in an expression (and what looks like one in a text: harmless)."""
    return set(re.findall(r"\b[vt]\d+\b", sql))


def _named(layer: dict[str, str], letter: str, sql: str) -> str:
    name = next((n for n, e in layer.items() if e == sql), None)
    if name is None:
        name = f"{letter}{len(layer)}"
        layer[name] = sql
    return name
