"""From cells of text to canonical columns: the SQL and the checks of every column of a profile over one file's headers."""

from typing import Any

import duckdb
import sqlalchemy as sa

from insights import schema
from insights.errors import FileRefused
from insights.sources.folding import fold, sql_in, sql_text
from insights.sources.notices import Notice
from insights.sources.profile import Spec
from insights.sources.profile.recognise import mapping_lacks, zone_in
from insights.sources.raw import Raw
from insights.sources.reading.delimited import UNNAMED
from insights.sources.staging import amounts, dates
from insights.sources.staging.cells import UNKNOWN, UNKNOWN_NAME, Cells, folded
from insights.sources.staging.plan import Check, Plan, Task
from insights.sources.staging.vocabulary import Vocabulary

NAMES = {"name", "company", "subject", "comment", "city", "course", "goal"}
BLANK = "blank"
"""Not a reason but a sign that a streamed file has empty rows, which are none."""
_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#YOK", "#BAŞV!", "#DEĞER!", "#SAYI/0!", "#SAYI!", "#AD?", "#BOŞ!")  # fmt: skip
_TRUE = ("true", "t", "1", "1.0", "yes", "y", "evet", "e", "doğru", "x", "on", "met")
_FALSE = ("false", "f", "0", "0.0", "no", "n", "hayır", "hayir", "h", "yanlış", "off", "breached")
_ANY_TIME = {"due_at", "ended_at", "left_at", "started_at", "opportunities.closed_at"}
_LONG_AGO = {"acquired_at", "hired_at"}
_NEVER = ("1900-01-01", "0001-01-01", "9999-12-31")
_SCIENTIFIC = r"^\d([.,]\d+)?[eE]\+?\d+$"
_CELL_OF_EXCEL = 32_767
"""Characters at which spreadsheet programs cut a cell off without a word."""
_SCALES = (2, 3, 4, 5, 6, 7, 10)
_A_GOOD_PART = 0.05
_USUAL_SCALE = {"scale_min": ("0", "1", "1"), "scale_max": ("10", "7", "5")}


class Planner:
    """Builds the Plan of a file.

    `sample` holds its first rows: what they settle is taken for settled, because the build flags every cell that does
    not agree; the cells in `ask` (places) have disagreed and are settled on the whole file.
    """

    def __init__(
        self, con: duckdb.DuckDBPyConnection, raw: Raw, task: Task, sample: str, ask: frozenset[int] = frozenset()
    ) -> None:
        self.con, self.raw, self.profile, self.options, self.file = con, raw, task.profile, task.options, task.file
        self.latest, self.sample, self.ask = task.latest, sample, ask
        self.plan = Plan(raw)
        self.cells = Cells(con, self.plan, task.profile, task.file)
        self.plan.uses = self.cells.uses
        self.words = Vocabulary(task.profile, self.plan)
        self.dates: dict[str, tuple[str, dates.DatePlan]] = {}
        self.copies: list[str] = []
        self.numbers: dict[str, tuple[str, amounts.NumberPlan]] = {}

    def build(self) -> Plan:
        """Return the plan of all tables; raises FileRefused (missing_required_column, ambiguous_dates, ...)."""
        self._no_rows()
        tables = sorted(self.profile.tables.items(), key=lambda t: t[0] != self.profile.main)
        for table, spec in tables:
            self.cells.reading = table
            if spec.when and not self._when(table, spec.when):
                continue
            columns: dict[str, str] = {}
            for column, source in spec.columns.items():
                self.cells.reading = f"{table}.{column}"
                if name := self._column(table, column, source):
                    columns[column] = name
                    self._keep_raw(table, column, name, spec.columns, columns)
            if spec.history and (place := self.cells.place(spec.history.cell)) is not None:
                self.plan.histories[table] = self.plan.add(None, self.plan.cell(f"c{place}"), (place,))
            if columns or table in self.plan.histories:
                self.plan.tables[table] = columns
            if table == "surveys" and "score" in columns:
                self._scale(columns, spec.columns.get("scale_max"))
            if table == "tickets" and "status" in columns:
                self._done(columns)
        self._settle()
        return self.plan

    def _when(self, table: str, spec: Spec) -> bool:
        value, places = self.cells.source(spec)
        if value is not None:
            self.plan.whens[table] = self.plan.add(None, self.plan.typed(value), places)
        return value is not None

    def _no_rows(self) -> None:
        """Find rows that are none: empty ones of a streamed file, and the header once more."""
        count = len(self.raw.headers)
        if self.raw.streamed:
            whole = f"trim(concat({', '.join(f'c{i}' for i in range(count))})) = ''"
            empty = f"CASE WHEN c0 IS NULL OR c0 <= ' ' THEN {whole} ELSE false END"
            self.plan.check(Check(empty, f"'{BLANK}'", (), rejects=True))
        named = {i: h for i, h in enumerate(self.raw.headers) if not h.startswith(UNNAMED)}
        if not self.profile.header and named:
            same = [f"coalesce(trim(c{i}), '') = {sql_text(h)}" for i, h in named.items()]
            first = next(iter(named))
            begins = f"starts_with(c{first}, {sql_text(named[first])})"
            repeated = f"CASE WHEN {begins} THEN {' AND '.join(same)} ELSE false END"
            self.plan.check(Check(repeated, "'repeated_header'", (), rejects=True))

    # -- one canonical column ------------------------------------------------------------------------------------

    def _column(self, table: str, column: str, spec: Spec) -> str | None:
        declared = schema.metadata.tables[table].columns[column]
        kind, main = schema.kind_of(declared), table == self.profile.main
        needed = main and (
            column in schema.metadata.tables[table].info["key"] or column == schema.REQUIRED_TIMES.get(table)
        )
        name = column if main else None
        if spec.occurrence:
            return self._occurrence(spec, kind, name)
        if spec.product:
            return self._product(spec, name)
        if spec.digest:
            return self._digest(spec, kind, name)
        unknown = UNKNOWN_NAME if column in NAMES else (*UNKNOWN, "0", "0.0") if column == "customer_id" else UNKNOWN
        value, places = self.cells.source(spec, unknown)
        if value is None:
            if spec.required or needed:
                raise self._missing(spec)
            return None
        v = self.plan.typed(value)
        if needed:
            absent = f"{v} IS NULL OR {dates.never(v)}" if kind == "time" else f"{v} IS NULL"
            self.plan.check(Check(f"({absent})", "'missing_value'", places, rejects=True), f"{v} IS NULL")
        return self._read(f"{table}.{column}", kind, v, places, spec, name, needed, declared)

    def _missing(self, spec: Spec) -> FileRefused:
        found = ", ".join(self.raw.headers)[:300]
        column = spec.wanted[0][0] if spec.wanted else "-"
        if self.profile.own:
            return mapping_lacks(self.profile, column, self.file, found)
        return FileRefused(
            "missing_required_column", file=self.file, column=column, profile=self.profile.label, found=found
        )

    def _read(
        self, column: str, kind: str, v: str, places: tuple[int, ...], spec: Spec, name: str | None, needed: bool,
        declared: sa.Column[Any],
    ) -> str:  # fmt: skip
        match kind:
            case "time":
                return self._time(column, v, places, name, needed)
            case "money" | "number" | "count":
                type_ = {"money": "DECIMAL(18, 2)", "number": "DOUBLE", "count": "BIGINT"}[kind]
                return self.plan.add(name, self._number(v, places, type_, needed), places)
            case "seconds":
                return self._seconds(v, places, spec, name)
            case "flag":
                return self._flag(v, places, spec, name)
            case "words":
                return self.plan.add(name, self._words(v, places, declared.info["words"]), places)
        return self._text(v, places, name, needed, is_id=column.endswith("_id"))

    def _keep_raw(self, table: str, column: str, name: str, given: dict[str, Spec], columns: dict[str, str]) -> None:
        """Keep a mapped word as exported, where the table has a column for it and the file does not fill that itself."""
        raw = f"{column}_raw"
        if raw in schema.metadata.tables[table].columns and raw not in columns and name in self.plan.fields:
            field = self.plan.fields[name]
            spec = given.get(raw)
            if field.cells and (spec is None or self.cells.source(spec)[0] is None):
                value = self.plan.typed(self.cells.source(given[column])[0] or "NULL")
                columns[raw] = self.plan.add(raw if table == self.profile.main else None, value, field.cells)

    def _text(self, v: str, places: tuple[int, ...], name: str | None, needed: bool, *, is_id: bool) -> str:
        for c in (f"c{p}" for p in places):
            cut = f"CASE WHEN strlen({c}) < {_CELL_OF_EXCEL} THEN false ELSE length({c}) = {_CELL_OF_EXCEL} END"
            self.plan.check(Check(cut, "'truncated'", places))
        wrong = [sql_in(v, _ERRORS)] if self.raw.error_cells else []
        if is_id:
            wrong.append(
                f"CASE WHEN contains({v}, '+') THEN regexp_matches({v}, {sql_text(_SCIENTIFIC)}) ELSE false END"
            )
        if not wrong or not places:
            return self.plan.add(name, v, places)
        bad = f"({' OR '.join(wrong)})"
        reason = f"CASE WHEN {v} LIKE '#%' THEN 'cell_error' ELSE 'bad_id' END"
        self.plan.check(Check(bad, reason, places, rejects=needed))
        return self.plan.add(name, f"CASE WHEN NOT {bad} THEN {v} END", places)

    def _words(self, v: str, places: tuple[int, ...], vocabulary: str) -> str:
        if not places:
            return v
        relation = self._relation(v, places)
        mapped = self.plan.typed(
            self.words.map(self.con, relation, v, places, vocabulary, whole=not self._sampled(places))
        )
        self.plan.check(Check(f"{v} IS NOT NULL AND {mapped} IS NULL", "'unknown_status'", places))
        return mapped

    def _flag(self, v: str, places: tuple[int, ...], spec: Spec, name: str | None) -> str:
        true, false = (sql_in("_w", [fold(w) for w in words]) for words in (spec.true or _TRUE, spec.false or _FALSE))
        # A lambda, because both branches would otherwise fold every cell ahead.
        either = f"lambda _w: CASE WHEN {true} THEN true WHEN {false} THEN false END"
        typed = self.plan.typed(f"CASE WHEN {v} IS NOT NULL THEN list_transform([{folded(v)}], {either})[1] END")
        if places:
            self.plan.check(Check(f"{v} IS NOT NULL AND {typed} IS NULL", _reason(v, "bad_type"), places))
        return self.plan.add(name, typed, places)

    # -- times ---------------------------------------------------------------------------------------------------

    def _time(self, column: str, v: str, places: tuple[int, ...], name: str | None, needed: bool) -> str:
        plan, short = self._date_plan(v, places), column.partition(".")[2]
        zone = next((z for p in places if (z := zone_in(self.raw.headers[p]))), None) or self.zone
        anyhow = bool({short, column} & _ANY_TIME)
        typed = self.plan.typed(dates.sql(plan, v, zone))
        low = (
            "1900-01-02"
            if short in _LONG_AGO
            else self.profile.earliest or f"{self.options.earliest:%Y-%m-%d %H:%M:%S}"
        )
        outside = f"{typed} < TIMESTAMP '{low}'"
        if not anyhow:
            outside += f" OR {typed} > TIMESTAMP '{self.latest:%Y-%m-%d %H:%M:%S}'"
        there = f"{v} IS NOT NULL AND NOT ({dates.never(v)})"
        unread = f"({typed} IS NULL OR {dates.implausible(v, plan)})"
        self.plan.check(
            Check(
                f"{there} AND {unread}",
                _reason(v, "bad_date", ambiguous_date=dates.undecided(v, plan)),
                places,
                rejects=needed,
            ),
            f"{v} IS NOT NULL AND {typed} IS NULL",
        )
        kept = "" if needed else "".join(f" AND {typed} <> TIMESTAMP '{day}'" for day in _NEVER)
        self.plan.check(
            Check(f"{there} AND ({outside})", "'date_out_of_range'", places, rejects=needed), f"({outside}){kept}"
        )
        return self.plan.add(name, f"CASE WHEN NOT ({outside}) THEN {typed} END", places, event=not anyhow)

    @property
    def zone(self) -> str:
        """Return the zone of the file's local times."""
        return self.options.timezone or self.raw.zone or self.profile.timezone or self.options.default_timezone

    def _date_plan(self, v: str, places: tuple[int, ...]) -> dates.DatePlan:
        if v not in self.dates:
            order, hint = self.options.date_order, self.profile.date_order
            plan = dates.decide(self.con, self._relation(v, places), "v", order=order, hint=hint)
            if self._sampled(places) and plan.kind not in ("iso", "offset", "empty"):
                plan = dates.decide(self.con, self._relation(v, places, whole=True), "v", order=order, hint=hint)
            self.dates[v] = " + ".join(self.raw.headers[p] for p in places), plan
        return self.dates[v][1]

    # -- numbers -------------------------------------------------------------------------------------------------

    def _number_plan(self, v: str, places: tuple[int, ...]) -> amounts.NumberPlan:
        if v not in self.numbers:
            chosen = "." if all(p in self.raw.numeric for p in places) else self.options.decimal
            hint = self.profile.decimal
            plan = amounts.decide(self.con, self._relation(v, places), "v", decimal=chosen, hint=hint)
            if self._sampled(places) and (plan.problem or plan.worded or not plan.plain):
                plan = amounts.decide(self.con, self._relation(v, places, whole=True), "v", decimal=chosen, hint=hint)
            self.numbers[v] = " + ".join(self.raw.headers[p] for p in places), plan
        return self.numbers[v][1]

    def _number(self, v: str, places: tuple[int, ...], type_: str, needed: bool = False) -> str:
        if not places:
            return f"try_cast({v} AS {type_})"
        typed = self.plan.typed(amounts.sql(self._number_plan(v, places), v, type_))
        self.plan.check(Check(f"{v} IS NOT NULL AND {typed} IS NULL", _reason(v, "bad_number"), places, rejects=needed))
        return typed

    def _seconds(self, v: str, places: tuple[int, ...], spec: Spec, name: str | None) -> str:
        typed = self.plan.typed(amounts.duration(v, self._number_plan(v, places), spec.unit or "s"))
        self.plan.check(Check(f"{v} IS NOT NULL AND {typed} IS NULL", _reason(v, "bad_number"), places))
        self.plan.check(Check(f"{typed} < 0", "'negative_duration'", places))
        return self.plan.add(name, f"CASE WHEN {typed} >= 0 THEN {typed} END", places)

    def _product(self, spec: Spec, name: str | None) -> str | None:
        places = [p for a in spec.product if (p := self.cells.place(a)) is not None]
        if len(places) < len(spec.product):
            return None
        factors = [self._number(self.cells.clean(p), (p,), "DECIMAL(18, 4)") for p in places]
        return self.plan.add(name, f"try_cast({' * '.join(factors)} AS DECIMAL(18, 2))", ())

    def _occurrence(self, spec: Spec, kind: str, name: str | None) -> str | None:
        places = [p for a in spec.occurrence if (p := self.cells.place(a)) is not None]
        if not places:
            return None
        cells = ", ".join(f"trim(c{p})" for p in places)
        nth = f"row_number() OVER (PARTITION BY {cells} ORDER BY _line)"
        return self.plan.add(name, self.plan.cell(nth if kind == "count" else f"concat_ws('-', {cells}, {nth})"), ())

    def _done(self, columns: dict[str, str]) -> None:
        """Let a state no map knows count as solved where the ticket carries the time of its solve or closing."""
        field = self.plan.fields[columns["status"]]
        ends = [self.plan.fields[columns[c]].sql for c in ("solved_at", "closed_at") if c in columns]
        for value, (cells, words) in self.plan.strange.items():
            if cells == field.cells and ends and self.profile.defaults.get("status") == "open":
                done = f"{sql_in(value, words)} AND coalesce({', '.join(ends)}) IS NOT NULL"
                self.plan.add(field.name, f"CASE WHEN {done} THEN 'solved' ELSE {field.sql} END", field.cells)

    def _digest(self, spec: Spec, kind: str, name: str | None) -> str | None:
        places = [p for a in spec.digest if (p := self.cells.place(a)) is not None]
        if len(places) < len(spec.digest):
            return None
        cells = ", ".join(f"trim(c{p})" for p in places)
        number = f"CAST(md5_number_lower(concat_ws('|', {cells})) >> 11 AS BIGINT)"
        made = self.plan.cell(f"CAST({number} AS VARCHAR)" if kind == "text" else number)
        return self.plan.add(name, made, tuple(places))

    def _scale(self, columns: dict[str, str], top: Spec | None) -> None:
        """Set scores outside their scale aside; a survey without a written scale has its kind's usual one."""
        main = self.profile.main == "surveys"
        kind = self.plan.fields[columns["kind"]].sql if "kind" in columns else "'csat'"
        for column, (nps, ces, csat) in _USUAL_SCALE.items():
            said = f"{self.plan.fields[columns[column]].sql}, " if column in columns else ""
            usual = f"CASE {kind} WHEN 'nps' THEN {nps} WHEN 'ces' THEN {ces} ELSE {csat} END"
            columns[column] = self.plan.add(column if main else None, f"coalesce({said}CAST({usual} AS DOUBLE))", ())
        self._proved(columns, top)
        score, low, high = (self.plan.fields[columns[c]] for c in ("score", "scale_min", "scale_max"))
        outside = f"({score.sql} < {low.sql} OR {score.sql} > {high.sql})"
        self.plan.check(Check(outside, "'score_out_of_range'", score.cells))
        kept = f"CASE WHEN NOT coalesce({outside}, false) THEN {score.sql} END"
        columns["score"] = self.plan.add("score" if main else None, kept, score.cells)

    def _proved(self, columns: dict[str, str], top: Spec | None) -> None:
        """Take the scale the answers prove where a good part of them lies above the one the profile has written down."""
        score = self.plan.fields[columns["score"]]
        if top is None or top.constant is None or not score.cells:
            return
        limit = float(top.constant)
        answers = self._relation(score.sql, score.cells, whole=True)
        count, above, most = self.con.execute(
            f"SELECT count(v), count(v) FILTER (v > {limit}), quantile_disc(v, 0.98) FROM {answers}"
        ).fetchall()[0]
        proved = next((s for s in _SCALES if most is not None and s >= most), None)
        if proved is not None and proved > limit and above >= max(2, _A_GOOD_PART * count):
            name = columns["scale_max"]
            self.plan.add(name, f"CAST({proved} AS DOUBLE)", ())
            self.plan.notices.append(
                Notice("scale_proved", self.plan.header(score.cells), {"scale": proved, "said": int(limit)})
            )

    # -- the whole file ------------------------------------------------------------------------------------------

    def _sampled(self, places: tuple[int, ...]) -> bool:
        return not self.ask & set(places)

    def _relation(self, v: str, places: tuple[int, ...], *, whole: bool = False) -> str:
        """Return the cells of a column as the one column `v`: of the first rows while they suffice, else of all."""
        source = self.raw.sql
        if self._sampled(places) and not whole:
            self.plan.tentative = True
            source = self.sample
        elif self.raw.streamed:
            source = self._copy(v)
        return f"(SELECT {v} AS v FROM ({self.plan.layers(source, v)}))"

    def _copy(self, v: str) -> str:
        """Return a table of the raw cells behind `v`, so that asking several things reads the file once."""
        cells = self.plan.raw_cells(v)
        name = f"{self.sample}_{'_'.join(cells)}"
        if name not in self.copies:
            self.con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {', '.join(cells)} FROM {self.raw.sql}")
            self.copies.append(name)
        return name

    def _settle(self) -> None:
        """Refuse what stayed open, and report what was decided."""
        problems = [(h, d.problem) for h, d in self.dates.values()] + [(h, n.problem) for h, n in self.numbers.values()]
        for header, problem in problems:
            if problem:
                raise FileRefused(problem, file=self.file, column=header)
        plans = [p for _, p in self.dates.values()]
        orders = {p.order for p in plans if p.order} or (
            {"ymd"} if any(p.kind in ("iso", "offset") for p in plans) else set()
        )
        self.plan.date_order = ",".join(sorted(orders)) or None
        decimals = {n.decimal for _, n in self.numbers.values() if n.decimal}
        self.plan.decimal = decimals.pop() if len(decimals) == 1 else None


def _reason(v: str, reason: str, **others: str) -> str:
    """Return the SQL of why a cell is set aside; `others` are reasons with their conditions, asked before `reason`."""
    asked = "".join(f" WHEN {when} THEN {sql_text(word)}" for word, when in others.items())
    return f"CASE WHEN {sql_in(v, _ERRORS)} THEN 'cell_error'{asked} ELSE {sql_text(reason)} END"
