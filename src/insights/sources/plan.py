"""The SQL of one file's wide table: every column of every canonical table it fills, in three layers.

`v` is a cell without blanks and words for "unknown", `t` the typed value, a field the value kept. Each layer is one
SELECT around the one before, so that nothing is computed twice. `_bad` tells that some cell was there but not kept;
which one and why is asked only of the rows concerned (`Check`).
"""

from dataclasses import dataclass, field

from insights.sources.folding import sql_name
from insights.sources.raw import Raw


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
    whens: dict[str, str] = field(default_factory=dict)
    strange: dict[str, tuple[tuple[int, ...], list[str]]] = field(default_factory=dict)
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

    def layers(self, source: str) -> str:
        """Return the SELECT of layers v and t over `source`, which has the raw cells and `_line`."""
        cells = "".join(f", {e} AS {n}" for n, e in self.v.items())
        typed = "".join(f", {e} AS {n}" for n, e in self.t.items())
        return f"SELECT *{typed} FROM (SELECT *{cells} FROM {source})"

    def source(self) -> str:
        """Return the raw cells with `_line`."""
        if not self.raw.streamed:
            return self.raw.sql
        return f"(SELECT *, row_number() OVER () - 1 + {self.raw.first_line} AS _line FROM {self.raw.sql})"

    def sql(self) -> str:
        """Return the SELECT that makes the wide table."""
        kept = "".join(f"{f.sql} AS {sql_name(f.name)}, " for f in self.fields.values())
        bad = " OR ".join(f"coalesce({b}, false)" for b in dict.fromkeys(self.bad)) or "false"
        return f"SELECT {kept}{bad} AS _bad, _line FROM ({self.layers(self.source())})"


def _named(layer: dict[str, str], letter: str, sql: str) -> str:
    name = next((n for n, e in layer.items() if e == sql), None)
    if name is None:
        name = f"{letter}{len(layer)}"
        layer[name] = sql
    return name
