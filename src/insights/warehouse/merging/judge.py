"""Judging the rows of one staged table against what is stored, set-based, by (source, id).

The newer row wins by the source's own update time, else by load order; an unknown update time is older than any known
one. A column the file does not have keeps its stored value; an empty cell makes it unknown. A late row that lost may
still fill columns no export has filled before, so that files end in the same warehouse in whatever order they come.
"""

from dataclasses import dataclass
from functools import cached_property

import duckdb

from insights import schema, timing
from insights.sources.raw import repeated
from insights.warehouse.ddl import quoted


@dataclass(frozen=True)
class Incoming:
    """One staged table on its way into its canonical table.

    `main` is the staged table of the file's own grain: its update time also dates what the same line says elsewhere.
    """

    con: duckdb.DuckDBPyConnection
    table: schema.Table
    staged: str
    source: str
    main: str

    @cached_property
    def empty(self) -> bool:
        """Tell whether nothing of this source was stored before."""
        return not self.tell(f"SELECT EXISTS (FROM {self.table.name} WHERE source = $source)")

    @cached_property
    def unique(self) -> bool:
        """Tell whether each id stands in one row."""
        return not repeated(self.con, quoted(self.staged), self.keys())

    @property
    def new(self) -> bool:
        """Tell whether every row that has an id is inserted: there is nothing to judge."""
        return self.empty and self.unique

    @property
    def judged(self) -> str:
        """Return the name of the table `judge` leaves: staged_row, line, said_at, content, action, outcome."""
        return f"judged_{self.table.name}"

    @property
    def outcomes(self) -> str:
        """Return what holds `line` and `outcome` of every row that has an id: 2 inserted, 1 updated, 0 unchanged."""
        if not self.new:
            return self.judged
        return f"(SELECT _line AS line, 2 AS outcome FROM {quoted(self.staged)} AS staged WHERE {self.named})"

    @property
    def named(self) -> str:
        """Return the condition that a staged row has an id."""
        return " AND ".join(f'staged."{k}" IS NOT NULL' for k in self.key)

    @cached_property
    def key(self) -> tuple[str, ...]:
        """Return the id columns, source left out."""
        return tuple(c for c in self.table.info["key"] if c != "source")

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Return the other columns the file fills, in the schema's order."""
        there = self._columns_of(self.staged)
        return tuple(c for c in schema.loaded_columns(self.table) if c in there and c not in self.key)

    @cached_property
    def dated(self) -> str | None:
        """Return where a row's update time stands: in its `own` table, in the `main` one, or nowhere."""
        if "updated_at" in self.columns:
            return "own"
        if self.table.name == "surveys" and self.main == self.staged and "answered_at" in self.columns:
            return "answered"
        return "main" if self.main != self.staged and "updated_at" in self._columns_of(self.main) else None

    @cached_property
    def filled(self) -> str:
        """Return the columns of the file as they are written down in `row_columns`."""
        return ",".join(sorted((*self.key, *self.columns)))

    @cached_property
    def news(self) -> str:
        """Return the condition that the file has a column no export has filled in the stored row."""
        return f"NOT list_has_all(string_split(row_columns, ','), string_split('{self.filled}', ','))"

    def exported(self, name: str) -> str:
        """Return what an export said of a stored column (table alias t), not what the ticket has lent it since."""
        return schema.as_exported(self.table.name, name)

    @property
    def held(self) -> str:
        """Return where the stored rows stand as exported: what events made of a ticket since is not compared."""
        return timing.EXPORTED if self.table.name == "tickets" else self.table.name

    def keys(self, alias: str = "") -> str:
        """Return the id columns for a select list or a PARTITION BY."""
        return ", ".join(f'{alias}."{k}"' if alias else f'"{k}"' for k in self.key)

    def same(self, left: str, right: str) -> str:
        """Return the condition that two aliases hold the same id."""
        return " AND ".join(f'{left}."{k}" = {right}."{k}"' for k in self.key)

    def run(self, sql: str) -> duckdb.DuckDBPyConnection:
        """Run a statement; `$source` in it is the file's source."""
        return self.con.execute(sql, {"source": self.source} if "$source" in sql else None)

    def tell(self, sql: str) -> bool:
        """Return the answer of a yes-or-no query."""
        row = self.run(sql).fetchone()
        return bool(row and row[0])

    def _columns_of(self, name: str) -> set[str]:
        return {row[0] for row in self.con.execute(f"DESCRIBE {quoted(name)}").fetchall()}

    def fingerprint(self, cells: list[str]) -> str:
        """Return the SQL of a row's hash over the columns of the file, given as `cells`."""
        types = (self.table.columns[c].type for c in self.columns)
        cast = ", ".join(f"CAST({cell} AS {type_})" for cell, type_ in zip(cells, types, strict=True))
        return f"CAST(hash({cast or 'true'}) >> 1 AS BIGINT)"


def judge(incoming: Incoming) -> None:
    """Leave the outcome of every row and what the winner of each id does.

    Actions: insert, replace, fill (only columns never filled before), touch (same content, newer); none for rows that
    lose.
    """
    parts = {
        "incoming": arriving(incoming, f"staged.rowid AS staged_row, staged._line, {incoming.keys('staged')}"),
        "ranked": "SELECT *, true AS leads, true AS wins FROM incoming" if incoming.unique else _ranked(incoming),
        "stored": _stored(incoming) + (" AND false" if incoming.empty else ""),
        "compared": _compared(incoming),
        "decided": _decided(incoming),
    }
    ctes = ", ".join(f"{name} AS ({sql})" for name, sql in parts.items())
    incoming.run(f"""
        CREATE OR REPLACE TEMP TABLE {incoming.judged} AS WITH {ctes}
        SELECT staged_row, _line AS line, _said_at AS said_at, _content AS content, action,
               CASE WHEN action = 'fill' THEN 1 WHEN NOT (leads AND fresh) THEN 0
                    WHEN before IS NULL THEN 2 WHEN before <> _content THEN 1 ELSE 0 END AS outcome
        FROM decided""")


def arriving(i: Incoming, cells: str) -> str:
    """Return the SELECT of the staged rows that have an id: `cells` of them, `_said_at` and `_content`."""
    version = {"own": "staged.updated_at", "answered": "staged.answered_at", "main": "main.said_at", None: "NULL"}[
        i.dated
    ]
    dates = f"SELECT _line, max(updated_at) AS said_at FROM {quoted(i.main)} GROUP BY ALL"
    join = f"LEFT JOIN ({dates}) AS main ON main._line = staged._line" if i.dated == "main" else ""
    content = i.fingerprint([f'staged."{c}"' for c in i.columns])
    return f"""SELECT {cells}, CAST({version} AS TIMESTAMP) AS _said_at, {content} AS _content
               FROM {quoted(i.staged)} AS staged {join} WHERE {i.named}"""


def _ranked(i: Incoming) -> str:
    """Return rows of one id in the file: those at least as new as all before them lead, the newest of all wins."""
    each = f"PARTITION BY {i.keys()}"
    placed = (
        f"SELECT *, row_number() OVER ({each} ORDER BY _said_at NULLS FIRST, _line, staged_row) AS place FROM incoming"
    )
    before = f"max(place) OVER ({each} ORDER BY _line, staged_row ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    return f"""SELECT * EXCLUDE (place), place > coalesce({before}, 0) AS leads,
                      place = count(*) OVER ({each}) AS wins FROM ({placed})"""


def _stored(i: Incoming) -> str:
    # What was exported is compared, not what was derived into the row since: hence its hash as loaded.
    content = i.fingerprint([i.exported(c) for c in i.columns])
    as_loaded = f"CASE WHEN t.row_columns = '{i.filled}' THEN t.row_hash END"
    return f"""SELECT {i.keys("t")}, t.row_at, t.row_columns, coalesce({as_loaded}, {content}) AS held
               FROM {i.held} t WHERE t.source = $source"""


def _compared(i: Incoming) -> str:
    fresh = "stored.row_at IS NULL OR coalesce(ranked._said_at >= stored.row_at, false)" if i.dated else "true"
    return f"""SELECT ranked.*, stored.held, stored.row_at, stored.row_columns, {fresh} AS fresh
               FROM ranked LEFT JOIN stored ON {i.same("ranked", "stored")}"""


def _decided(i: Incoming) -> str:
    last = f"lag(_content) OVER (PARTITION BY {i.keys()}, leads AND fresh ORDER BY _line, staged_row)"
    newer = "_said_at > row_at OR row_at IS NULL AND _said_at IS NOT NULL"
    return f"""SELECT *, {"held" if i.unique else f"coalesce({last}, held)"} AS before,
                      CASE WHEN NOT wins THEN NULL
                           WHEN held IS NULL THEN 'insert'
                           WHEN NOT fresh THEN CASE WHEN {i.news} THEN 'fill' END
                           WHEN _content <> held THEN 'replace'
                           WHEN {i.news} OR {newer} THEN 'touch' END AS action
               FROM compared"""
