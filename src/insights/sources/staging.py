"""One file in typed temporary tables: builds the wide table, sets rows and cells aside, and cuts the canonical tables out of it."""

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from insights import schema
from insights.errors import FileRefused
from insights.sources import events
from insights.sources.convert import BLANK, Check, Field, Plan, Planner
from insights.sources.folding import fold, sql_name, sql_text
from insights.sources.model import ReadOptions
from insights.sources.profile import Profile, TableSpec, common_words
from insights.sources.raw import Raw, unique

_SAMPLE = 20_000
_counter = itertools.count(1)


@dataclass(frozen=True)
class Staged:
    """What staging one raw table gave."""

    tables: dict[str, str]
    rejects: str
    rows_read: int
    rows_rejected: int
    date_order: str | None
    decimal: str | None
    latest: dt.datetime | None


class Ragged(Exception):
    """A streamed file turned out not to be clean: it must be read tolerantly."""


def fresh(what: str) -> str:
    """Return a name no other temp table of this process has."""
    return f"stage_{next(_counter)}_{what}"


def stage_raw(
    con: duckdb.DuckDBPyConnection, raw: Raw, profile: Profile, options: ReadOptions, file: str, latest: dt.datetime, rows: int | None = None
) -> Staged:
    """Return the typed tables of `raw`; raises FileRefused, or Ragged when a streamed file cannot be read so."""
    build = _Build(con, raw, profile, options, file, latest)
    return build.run(rows)


class _Build:
    """The steps of staging one file, in order."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, raw: Raw, profile: Profile, options: ReadOptions, file: str, latest: dt.datetime
    ) -> None:
        self.con, self.raw, self.profile, self.options, self.file, self.latest = con, raw, profile, options, file, latest
        self.wide, self.rejects = fresh("wide"), fresh("rejects")
        self.words: dict[str, dict[str | None, str]] = {}

    def run(self, rows: int | None) -> Staged:
        plan = self._wide(rows)
        self.line = f"rowid + {self.raw.first_line}" if self.raw.streamed else "_line"
        self._create_rejects()
        for field in plan.fields.values():
            if field.vocabulary:
                self._vocabulary(plan, field)
        aside = self._set_aside()
        self._conflicts(plan)
        self._cells(plan)
        good = f"_bad & {plan.reject_mask()} = 0"
        tables = {table: self._table(table, plan, good) for table in plan.tables}
        read = self._one(f"SELECT count(*) FROM {self.wide}") + aside
        rejected = self._one(f"SELECT count(*) FROM {self.wide} WHERE NOT ({good})") + aside
        latest = self._latest(plan, good)
        self.con.execute(f"DROP TABLE {self.wide}")
        return Staged(tables, self.rejects, read, rejected, plan.date_order, plan.decimal, latest)

    def _one(self, sql: str) -> int:
        return int(self.con.execute(sql).fetchall()[0][0] or 0)

    # -- the wide table ------------------------------------------------------------------------------------------

    def _wide(self, rows: int | None) -> Plan:
        """Build the typed wide table; what the sample settled is settled again on the whole file where a cell disagrees."""
        sample = self._sample() if self.raw.streamed else None
        plan = self._plan(sample)
        self._create(plan)
        if rows is not None and self._one(f"SELECT count(*) FROM {self.wide}") != rows:
            raise Ragged
        blank = next((c for c in plan.checks if c.reason == f"'{BLANK}'"), None)
        if blank and self._one(f"SELECT count(*) FROM {self.wide} WHERE _bad & {1 << blank.bit} <> 0"):
            raise Ragged
        if plan.tentative and self._one(f"SELECT count(*) FROM {self.wide} WHERE _bad <> 0"):
            again = self._plan(None)  # asked again on the whole file
            if again.sql() != plan.sql():
                plan = again
                self._create(plan)
        return plan

    def _sample(self) -> str:
        name = fresh("sample")
        try:
            self.con.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM {self.raw.sql} LIMIT {_SAMPLE}")
        except duckdb.Error as error:
            raise Ragged from error
        return name

    def _plan(self, sample: str | None) -> Plan:
        try:
            return Planner(self.con, self.raw, sample, self.profile, self.options, self.file, self.latest).build()
        except duckdb.Error as error:
            if self.raw.streamed:
                raise Ragged from error
            raise

    def _create(self, plan: Plan) -> None:
        try:
            self.con.execute(f"CREATE OR REPLACE TEMP TABLE {self.wide} AS {plan.sql()}")
        except duckdb.OutOfMemoryException as error:
            raise FileRefused("too_large", file=self.file) from error
        except duckdb.Error as error:
            if self.raw.streamed:
                raise Ragged from error
            raise

    # -- words ---------------------------------------------------------------------------------------------------

    def _vocabulary(self, plan: Plan, field: Field) -> None:
        """Map the words of a column; what no map knows becomes `other`, the profile's default, or unknown, with a warning."""
        vocabulary = field.vocabulary or ""
        allowed = schema.WORDS[vocabulary]
        known = common_words().get(vocabulary, {}) | self.profile.words.get(vocabulary, {})
        seen = [r[0] for r in self.con.execute(f"SELECT DISTINCT {field.name} FROM {self.wide} WHERE {field.name} IS NOT NULL").fetchall()]
        mapped = {word: known[fold(word)] for word in seen if fold(word) in known}
        strange = [word for word in seen if word not in mapped]
        instead = self.profile.defaults.get(vocabulary) or ("other" if "other" in allowed else None)
        if instead:
            mapped |= dict.fromkeys(strange, instead)
            self._warn_words(field, strange)
        elif strange:
            self._flag_words(plan, field, strange)
        self.words[field.name] = dict(mapped)

    def _warn_words(self, field: Field, strange: Sequence[str]) -> None:
        """Keep one warning per strange word: its first line."""
        for start in range(0, len(strange), 500):
            listed = ", ".join(sql_text(w) for w in strange[start : start + 500])
            self._insert_bad(
                f"SELECT min({self.line}) AS _line, 0 AS _bad FROM {self.wide} WHERE {field.name} IN ({listed}) GROUP BY {field.name}",
                [Check(0, "true", "'unknown_status'", field.cells, "''", False)],
                Plan(self.raw),
            )

    def _flag_words(self, plan: Plan, field: Field, strange: Sequence[str]) -> None:
        check = Check(len(plan.checks), "", "'unknown_status'", field.cells, "''", rejects=False)
        plan.checks.append(check)
        for start in range(0, len(strange), 500):
            listed = ", ".join(sql_text(w) for w in strange[start : start + 500])
            self.con.execute(f"UPDATE {self.wide} SET _bad = _bad + {1 << check.bit} WHERE {field.name} IN ({listed})")

    def _conflicts(self, plan: Plan) -> None:
        """Of rows with one id, no newer update time and other content keep the last, set the earlier aside."""
        table, spec = self.profile.main, self.profile.tables[self.profile.main]
        columns = plan.tables[table]
        keys = [columns[k] for k in schema.metadata.tables[table].info["key"] if k in columns]
        if not keys or spec.per or any(t.changes for t in self.profile.tables.values()):
            return
        good, key = f"_bad & {plan.reject_mask()} = 0", ", ".join(keys)
        twice = f"SELECT {key} FROM {self.wide} WHERE {good} GROUP BY ALL HAVING count(*) > 1"
        if not self._one(f"SELECT count(*) FROM ({twice})"):
            return
        same = f"{key}, {columns['updated_at']}" if "updated_at" in columns else key
        content = f"hash({', '.join(plan.fields)})"
        cells = tuple(dict.fromkeys(c for k in keys for c in plan.fields[k].cells))
        check = Check(len(plan.checks), "", "'duplicate_id_conflict'", cells, "''", rejects=True)
        plan.checks.append(check)
        last = f"last_value({content}) OVER (PARTITION BY {same} ORDER BY rowid ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)"
        older = f"SELECT r FROM (SELECT rowid AS r, {content} <> {last} AS other FROM {self.wide} WHERE {good} AND ({key}) IN ({twice})) WHERE other"
        self.con.execute(f"UPDATE {self.wide} SET _bad = _bad + {1 << check.bit} WHERE rowid IN ({older})")

    # -- what was set aside --------------------------------------------------------------------------------------

    def _create_rejects(self) -> None:
        self.con.execute(
            f'CREATE TEMP TABLE {self.rejects} (file VARCHAR, line BIGINT, "column" VARCHAR, value VARCHAR, reason VARCHAR, row VARCHAR, row_rejected BOOLEAN)'
        )

    def _set_aside(self) -> int:
        """Take over the rows the reader could not cut; return how many."""
        if not self.raw.set_aside:
            return 0
        self.con.execute(
            f"INSERT INTO {self.rejects} SELECT {sql_text(self.file)}, line, \"column\", value, reason, row, \"column\" IS NULL FROM {self.raw.set_aside}"
        )
        count = self._one(f"SELECT count(*) FROM {self.raw.set_aside} WHERE \"column\" IS NULL")
        self.con.execute(f"DROP TABLE {self.raw.set_aside}")
        return count

    def _cells(self, plan: Plan) -> None:
        """Record every cell and row the checks set aside; a rejected row is recorded once, with its first reason."""
        if self._one(f"SELECT count(*) FROM {self.wide} WHERE _bad <> 0"):
            self._insert_bad(f"SELECT {self.line} AS _line, _bad FROM {self.wide} WHERE _bad <> 0", plan.checks, plan)

    def _insert_bad(self, bad: str, checks: Sequence[Check], plan: Plan) -> None:
        names = unique(self.raw.headers)
        row = "to_json(map_from_entries([" + ", ".join(f"({sql_text(n)}, c{i})" for i, n in enumerate(names)) + "]))"
        source = (
            f"(SELECT row_number() OVER () - 1 + {self.raw.first_line} AS _line, * FROM {self.raw.sql})" if self.raw.streamed else self.raw.sql
        )
        held = fresh("bad")
        cells = "".join(f", {e} AS {n}" for n, e in plan.v.items() if "OVER (" not in e)
        typed = "".join(f", {e} AS {n}" for n, e in plan.t.items())
        self.con.execute(
            f"CREATE TEMP TABLE {held} AS SELECT *{typed} FROM (SELECT b._bad, r.*{cells} FROM {source} r JOIN ({bad}) b ON b._line = r._line)"
        )
        mask = 0
        rejecting = sum(1 << c.bit for c in checks if c.rejects)
        for check in sorted(checks, key=lambda c: (not c.rejects, c.bit)):
            bit = 1 << check.bit
            first = f"_bad & {mask} = 0" if check.rejects else f"_bad & {rejecting} = 0"
            hit = f"_bad & {bit} <> 0 AND {first}" if bit and check.when != "true" else "true"
            header = " + ".join(self.raw.headers[i] for i in check.cells)
            value = "concat_ws(' + ', " + ", ".join(f"c{i}" for i in check.cells) + ")" if check.cells else "NULL"
            self.con.execute(
                f"INSERT INTO {self.rejects} SELECT {sql_text(self.file)}, _line, {sql_text(header) if header else 'NULL'}, {value}, "
                f"{check.reason}, {row}, {str(check.rejects).lower()} FROM {held} WHERE {hit}"
            )
            mask |= bit if check.rejects else 0
        self.con.execute(f"DROP TABLE {held}")

    # -- canonical tables ----------------------------------------------------------------------------------------

    def _columns(self, plan: Plan) -> dict[str, dict[str, str]]:
        """Return, by table and canonical column, SQL over the wide table."""
        found: dict[str, dict[str, str]] = {}
        for table, columns in plan.tables.items():
            loadable = schema.loaded_columns(schema.metadata.tables[table])
            found[table] = {}
            for column, name in columns.items():
                field = plan.fields.get(name)
                found[table][column] = self._mapped(name) if name in self.words else name
                raw = f"{column}_raw"
                if field and field.vocabulary and field.cells and raw in loadable and raw not in columns:
                    found[table][raw] = name
        return found

    def _mapped(self, name: str) -> str:
        words = self.words[name]
        if not words:
            return "CAST(NULL AS VARCHAR)"
        cases = " ".join(f"WHEN {sql_text(str(w))} THEN {sql_text(c)}" for w, c in words.items())
        return f"CASE {name} {cases} END"

    def _table(self, table: str, plan: Plan, good: str) -> str:
        """Cut one canonical table out of the wide one: its rows, or grouped when the profile says `per`."""
        name, spec, columns = fresh(table), self.profile.tables[table], self._columns(plan)
        if spec.changes:
            return events.changes(self.con, name, self.wide, columns, good, spec, self.line)
        body = columns[table]
        keys = [k for k in schema.metadata.tables[table].info["key"] if k != "source" and k in body]
        where = [good, *(f"{body[k]} IS NOT NULL" for k in keys)]
        if table in plan.whens:
            where.append(f"{plan.whens[table]} IS NOT NULL")
        source = f"FROM {self.wide} WHERE {' AND '.join(where)}"
        if spec.per:
            self.con.execute(f"CREATE TEMP TABLE {name} AS {self._grouped(body, spec, source)}")
        else:
            listed = ", ".join(f"{e} AS {sql_name(c)}" for c, e in body.items())
            self.con.execute(f"CREATE TEMP TABLE {name} AS SELECT {listed}, {self.line} AS _line {source}")
        return name

    def _grouped(self, body: dict[str, str], spec: TableSpec, source: str) -> str:
        def one(column: str, expression: str) -> str:
            if column == spec.per:
                return f"{expression} AS {sql_name(column)}"
            if column in spec.columns and spec.columns[column].sum:
                return f"sum({expression}) AS {sql_name(column)}"
            return f"arg_max({expression}, {self.line}) AS {sql_name(column)}"

        listed = ", ".join(one(c, e) for c, e in body.items())
        return f"SELECT {listed}, max({self.line}) AS _line {source} GROUP BY {body[spec.per or '']} ORDER BY _line"

    def _latest(self, plan: Plan, good: str) -> dt.datetime | None:
        times = [f.name for f in plan.fields.values() if f.time]
        if not times:
            return None
        listed = ", ".join(f"max({t})" for t in times)
        found = self.con.execute(f"SELECT greatest({listed}, NULL) FROM {self.wide} WHERE {good}").fetchall()[0][0]
        return found if isinstance(found, dt.datetime) else None
