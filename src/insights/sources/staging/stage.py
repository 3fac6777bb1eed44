"""One file in typed temporary tables: the wide table is built, what is wrong set aside, and the canonical tables cut out."""

import datetime as dt
from dataclasses import dataclass, field

import duckdb

from insights import schema
from insights.errors import FileRefused
from insights.sources.folding import form, sql_name
from insights.sources.notices import Notice
from insights.sources.profile import TableSpec
from insights.sources.raw import Raw, fresh, unique
from insights.sources.reading.delimited import UNNAMED
from insights.sources.staging import events, history, lines, marks
from insights.sources.staging.columns.evidence import Evidence
from insights.sources.staging.convert import BLANK, planned
from insights.sources.staging.fitting import FEWEST_ROWS, NEARLY_ALL, Fitting
from insights.sources.staging.plan import Plan, Task
from insights.sources.staging.setaside import SetAside

_SAMPLE = 2_048


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
    uses: dict[str, list[str]] = field(default_factory=dict)
    """What each header was read for; one that is not here was not used."""
    unused: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()


class Ragged(Exception):
    """A streamed file turned out not to be clean: it must be read tolerantly."""


def stage_raw(con: duckdb.DuckDBPyConnection, raw: Raw, task: Task, rows: int | None = None) -> Staged:
    """Return the typed tables of `raw`; raises FileRefused, or Ragged when a streamed file cannot be read so."""
    build = _Build(con, raw, task)
    try:
        return build.run(rows)
    except duckdb.OutOfMemoryException as error:
        raise FileRefused("too_large", file=task.file) from error
    except duckdb.Error as error:
        if raw.streamed:
            raise Ragged from error
        raise
    finally:
        for name in build.scratch:
            con.execute(f"DROP TABLE IF EXISTS {name}")


class _Build:
    """The steps of staging one file, in order."""

    def __init__(self, con: duckdb.DuckDBPyConnection, raw: Raw, task: Task) -> None:
        self.con, self.raw, self.task, self.profile, self.file = con, raw, task, task.profile, task.file
        self.wide, self.sample, self.rejects = fresh(task.profile.main), fresh("sample"), fresh("rejects")
        self.scratch = [self.sample]

    def run(self, rows: int | None) -> Staged:
        plan = self._wide(rows)
        aside = SetAside(self.con, plan, self.wide, self.rejects, self.file)
        self.scratch.append(aside.lines)
        apart = aside.take_over()
        aside.cells()
        Fitting(self.con, self.raw, self.task, plan, self.rejects).judge()
        read = self._one(f"SELECT count(*) FROM {self.wide}")
        plan.notices += lines.summed(self.con, plan, self.wide, self.profile)
        aside.conflicts(self.profile)
        aside.strange_words()
        rejected = self._one(f"SELECT count(*) FROM {aside.lines}")
        self._refuse_mostly_aside(plan, read + apart, rejected + apart)
        if rejected:
            self.con.execute(f"DELETE FROM {self.wide} WHERE _bad AND _line IN (SELECT line FROM {aside.lines})")
        latest = self._latest(plan)
        notices = (*self.raw.notices, *plan.notices, *marks.found(self.con, self.sample, self.raw.headers, plan.uses))
        main = self.profile.main
        tables = {t: self._table(t, plan) for t in plan.tables if t != main}
        tables[main] = self._table(main, plan) if main in plan.histories else self._main(plan)
        names = unique(self.raw.headers)
        return Staged(
            tables,
            self.rejects,
            read + apart,
            rejected + apart,
            plan.date_order,
            plan.decimal,
            latest,
            uses={names[i]: uses for i, uses in sorted(plan.uses.items())},
            unused=tuple(n for i, n in enumerate(names) if i not in plan.uses and not n.startswith(UNNAMED)),
            notices=notices,
        )

    def _one(self, sql: str) -> int:
        return int(self.con.execute(sql).fetchall()[0][0] or 0)

    def _wide(self, rows: int | None) -> Plan:
        """Build the wide table; what the first rows settled is settled again on all where a cell disagrees."""
        line = ", 0 AS _line" if self.raw.streamed else ""
        self.con.execute(f"CREATE TEMP TABLE {self.sample} AS SELECT *{line} FROM {self.raw.sql} LIMIT {_SAMPLE}")
        plan = self._plan(frozenset())
        self._create(plan)
        if rows is not None and self._one(f"SELECT count(*) FROM {self.wide}") != rows:
            raise Ragged
        if not self._one(f"SELECT count(*) FROM {self.wide} WHERE _bad"):
            return plan
        self._refuse_blank(plan)
        probe = SetAside(self.con, plan, self.wide, fresh("probe"), self.file)
        self.scratch += [probe.rejects, probe.lines]
        if plan.tentative and (fired := probe.fired()):
            again = self._plan(fired)
            if again.sql() != plan.sql():
                self._create(again)
                return again
        return plan

    def _plan(self, ask: frozenset[int]) -> Plan:
        evidence = Evidence(self.con, self.raw, self.task, self.sample, ask)
        try:
            return planned(evidence)
        finally:
            for copy in evidence.copies:
                self.con.execute(f"DROP TABLE {copy}")

    def _create(self, plan: Plan) -> None:
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE {self.wide} AS {plan.sql()}")
        if self.raw.streamed:
            self.con.execute(f"ALTER TABLE {self.wide} ADD COLUMN _line BIGINT")
            self.con.execute(f"UPDATE {self.wide} SET _line = rowid + {self.raw.first_line}")

    def _refuse_blank(self, plan: Plan) -> None:
        """Empty rows are none: a streamed file that has them is read tolerantly."""
        blank = next((c for c in plan.checks if c.reason == f"'{BLANK}'"), None)
        if blank and self._one(f"SELECT count(*) FROM (SELECT 1 FROM {self.raw.sql} WHERE {blank.when} LIMIT 1)"):
            raise Ragged

    def _refuse_mostly_aside(self, plan: Plan, read: int, rejected: int) -> None:
        """Refuse a file hardly a row of which can be kept: then its columns are not what they were taken for."""
        if rejected < max(FEWEST_ROWS, NEARLY_ALL * read) or self.profile.apostrophe:
            return
        worst = self.con.execute(
            f"SELECT \"column\", reason, min(value) FROM {self.rejects} WHERE row_rejected AND reason <> 'repeated_header' "
            "GROUP BY ALL ORDER BY count(*) DESC, reason LIMIT 1"
        ).fetchall()
        for column, reason, value in worst:
            raise FileRefused(
                "wrong_mapping",
                key="refused_mostly_aside",
                file=self.file,
                profile=self.profile.label,
                read=read,
                rejected=rejected,
                column=column or "-",
                reason=reason,
                found=form(str(value)[:60]),
            )

    # -- canonical tables ----------------------------------------------------------------------------------------

    def _main(self, plan: Plan) -> str:
        """Turn the wide table into the main one: what other tables needed goes."""
        if when := plan.whens.get(self.profile.main):
            self.con.execute(f"DELETE FROM {self.wide} WHERE {sql_name(when)} IS NULL")
        columns = set(plan.tables[self.profile.main])
        for name in ["_bad", *(f for f in plan.fields if f not in columns)]:
            self.con.execute(f"ALTER TABLE {self.wide} DROP COLUMN {sql_name(name)}")
        return self.wide

    def _table(self, table: str, plan: Plan) -> str:
        """Cut a further table out of the wide one: a row for each of its keys, or grouped when the profile says `per`."""
        name, spec, columns = fresh(table), self.profile.tables[table], plan.tables[table]
        if table in plan.histories:
            zone = self.task.options.timezone or self.profile.timezone or self.task.options.default_timezone
            main = plan.tables[self.profile.main]
            return history.events(self.con, self.wide, main, plan.histories[table], self.profile, zone)
        if spec.changes:
            return events.changes(self.con, name, self.wide, plan.tables, spec)
        keys = [k for k in schema.declared[table].info["key"] if k in columns]
        there = [f"{sql_name(columns[k])} IS NOT NULL" for k in keys]
        if table in plan.whens:
            there.append(f"{sql_name(plan.whens[table])} IS NOT NULL")
        source = f"FROM {self.wide} WHERE {' AND '.join(there) or 'true'}"
        listed = ", ".join(f"{self._one_column(spec, c, sql_name(f))} AS {sql_name(c)}" for c, f in columns.items())
        if spec.per:
            by = sql_name(columns[spec.per])
            sql = f"SELECT {listed}, max(_line) AS _line {source} GROUP BY {by} ORDER BY _line"
        else:
            sql = f"SELECT {listed}, _line {source}"
        self.con.execute(f"CREATE TEMP TABLE {name} AS {sql}")
        return name

    def _one_column(self, spec: TableSpec, column: str, value: str) -> str:
        if not spec.per or column == spec.per:
            return value
        if column in spec.columns and spec.columns[column].sum:
            return f"sum({value})"
        return f"arg_max({value}, _line)"

    def _latest(self, plan: Plan) -> dt.datetime | None:
        times = [f"max({sql_name(f.name)})" for f in plan.fields.values() if f.event]
        if not times:
            return None
        found = self.con.execute(f"SELECT greatest({', '.join(times)}, NULL) FROM {self.wide}").fetchall()[0][0]
        return found if isinstance(found, dt.datetime) else None
