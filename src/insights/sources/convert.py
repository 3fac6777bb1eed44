"""From cells of text to canonical columns: the SQL of every column of a profile over the headers of one file.

A column is read in three layers, each one SELECT around the next: `v` the cell without blanks and words for "unknown",
`t` the typed value, `f` the value kept. A check (one bit of `_bad`) tells which cells were there but could not be kept.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import duckdb
import sqlalchemy as sa

from insights import schema
from insights.errors import FileRefused
from insights.sources import amounts, dates
from insights.sources.delimited import UNNAMED
from insights.sources.folding import fold, sql_list, sql_text
from insights.sources.model import ReadOptions
from insights.sources.profile import Aliases, Profile, Spec
from insights.sources.raw import Raw
from insights.sources.recognise import bare, zone_in

NAMES = {"name", "company", "subject", "comment", "city", "course", "goal"}
_UNKNOWN = ("?", "-", "--", "—", "N/A", "n/a", "None", "NULL", "null", "nan", "NaN", "(none)", "(null)", r"\N")
_UNKNOWN_NAME = ("?", "-", "--", "—", "N/A")
_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#YOK", "#BAŞV!", "#DEĞER!", "#SAYI/0!", "#SAYI!", "#AD?", "#BOŞ!")  # fmt: skip
_TRUE = ("true", "t", "1", "1.0", "yes", "y", "evet", "e", "doğru", "x", "on", "met")
_FALSE = ("false", "f", "0", "0.0", "no", "n", "hayır", "hayir", "h", "yanlış", "off", "breached")
_ANY_TIME = {"due_at", "ended_at", "left_at", "started_at", "closed_at:opportunities"}
_LONG_AGO = {"acquired_at", "hired_at"}
BLANK = "blank"
"""Not a reason but a sign that a streamed file has empty rows, which are none."""
REQUIRED_TIMES = {"tickets": "created_at", "ticket_events": "at", "orders": "ordered_at", "interactions": "at"}
_BLANKS = "' \t\r\n\u00a0\u200b\u2060\ufeff'"
_SCIENTIFIC = r"^\d([.,]\d+)?[eE]\+?\d+$"


@dataclass(frozen=True)
class Check:
    """A reason a cell or a row is set aside: `bit` of `_bad`; `reason` is SQL over the cell."""

    bit: int
    when: str
    reason: str
    cells: tuple[int, ...]
    value: str
    rejects: bool


@dataclass
class Field:
    """One value of the wide table: `f` its SQL over the typed layer."""

    name: str
    kind: str
    f: str
    vocabulary: str | None = None
    cells: tuple[int, ...] = ()
    time: str | None = None


@dataclass
class Plan:
    """Everything needed to build the wide table of one file."""

    raw: Raw
    v: dict[str, str] = field(default_factory=dict)
    t: dict[str, str] = field(default_factory=dict)
    fields: dict[str, Field] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)
    tables: dict[str, dict[str, str]] = field(default_factory=dict)
    whens: dict[str, str] = field(default_factory=dict)
    date_order: str | None = None
    decimal: str | None = None
    tentative: bool = False

    def sql(self) -> str:
        """Return the SELECT that makes the wide table."""
        line = "" if self.raw.streamed else ", _line"
        inner = ", ".join(f"{e} AS {n}" for n, e in self.v.items()) or "1 AS v_"
        typed = "".join(f", {e} AS {n}" for n, e in self.t.items())
        kept = ", ".join(f"{x.f} AS {n}" for n, x in self.fields.items())
        wide = "HUGEINT" if len(self.checks) > 60 else "BIGINT"
        bits = " + ".join(f"CASE WHEN {c.when} THEN {1 << c.bit}::{wide} ELSE 0 END" for c in self.checks) or "0"
        return f"SELECT {kept}, {bits} AS _bad{line} FROM (SELECT *{typed} FROM (SELECT {inner}{line} FROM {self.raw.sql}))"

    def reject_mask(self) -> int:
        """Return the bits that set a whole row aside."""
        return sum(1 << c.bit for c in self.checks if c.rejects)


class Planner:
    """Builds the Plan of a file: `sample` is a table with the first rows, used where the whole file need not be asked."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, raw: Raw, sample: str | None, profile: Profile, options: ReadOptions, file: str, latest: dt.datetime
    ) -> None:
        self.con, self.raw, self.sample, self.profile, self.options = con, raw, sample, profile, options
        self.file, self.latest = file, latest
        self.plan = Plan(raw)
        self.places: dict[str, list[int]] = {}
        for index, header in enumerate(raw.headers):
            self.places.setdefault(fold(bare(header)), []).append(index)
        self.date_plans: dict[str, tuple[str, dates.DatePlan, str]] = {}
        self.number_plans: dict[str, tuple[amounts.NumberPlan, str]] = {}

    def build(self) -> Plan:
        """Return the plan of all tables of the profile; raises FileRefused (missing_required_column, ambiguous_dates, ...)."""
        self._repeated_header()
        for table, spec in self.profile.tables.items():
            if spec.when and not self._when(table, spec.when):
                continue
            columns: dict[str, str] = {}
            for column, source in spec.columns.items():
                if name := self._column(table, column, source):
                    columns[column] = name
            if table == "surveys" and "score" in columns:
                self._survey_scale(columns)
            if columns:
                self.plan.tables[table] = columns
        self._settle()
        return self.plan

    def _when(self, table: str, spec: Spec) -> bool:
        value, places = self.source(spec, False)
        if value is not None:
            self.plan.whens[table] = self._add("text", self._v2(value), places)
        return value is not None

    # -- where a column comes from -------------------------------------------------------------------------------

    def place(self, aliases: Aliases) -> int | None:
        """Return the file's column behind the first alias present."""
        found = next((p for a in aliases if (p := self._named(a))), None)
        if not found:
            return None
        return found[0] if len(found) == 1 else self._one_of(found)

    def _named(self, alias: str) -> list[int] | None:
        if not alias.startswith("*"):
            return self.places.get(fold(alias))
        end = fold(alias[1:])
        return next((p for h, p in self.places.items() if h.endswith(end)), None)

    def _one_of(self, found: list[int]) -> int:
        """Of repeated headers take the one that is filled; two with different content are a refusal."""
        first = f"c{found[0]}"
        for other in found[1:]:
            differ = f"SELECT 1 FROM {self.raw.sql} WHERE coalesce(c{other}, {first}, '') <> coalesce({first}, '') LIMIT 1"
            if self.con.execute(differ).fetchall():
                raise FileRefused("duplicate_column", file=self.file, column=self.raw.headers[found[0]])
        return found[0]

    def cell(self, index: int, names: bool, keep_zero: bool = True) -> str:
        """Return the name of the cleaned cell (layer v)."""
        c = f"c{index}"
        if self.profile.apostrophe:
            c = f"regexp_replace({c}, '^''', '')"
        unknown = _UNKNOWN_NAME if names else _UNKNOWN if keep_zero else (*_UNKNOWN, "0", "0.0")
        blank = f"trim({c}, {_BLANKS})"
        return self._v(f"CASE WHEN {blank} NOT IN ('', {sql_list(unknown)}) THEN {blank} END")

    def _v(self, sql: str) -> str:
        name = next((n for n, e in self.plan.v.items() if e == sql), None)
        if name is None:
            name = f"v{len(self.plan.v)}"
            self.plan.v[name] = sql
        return name

    def source(self, spec: Spec, names: bool, keep_zero: bool = True) -> tuple[str | None, tuple[int, ...]]:
        """Return SQL over layer v for the cell(s) of a column, and their places; None when the file has none."""
        if spec.constant is not None:
            return sql_text(spec.constant), ()
        places = tuple(p for a in spec.wanted if (p := self.place(a)) is not None)
        if not places:
            return None, ()
        cells = [self.cell(p, names, keep_zero) for p in places]
        value = f"nullif(concat_ws({sql_text(spec.join)}, {', '.join(cells)}), '')" if len(cells) > 1 else cells[0]
        if spec.first:
            value = f"coalesce({', '.join(cells)})"
        if spec.extract:
            value = f"nullif(regexp_extract({value}, {sql_text(spec.extract)}, 1), '')"
        if spec.float_id:
            value = f"regexp_replace({value}, '^(-?\\d+)\\.0+$', '\\1')"
        if spec.unless:
            value = f"CASE WHEN {folded(value)} NOT IN ({sql_list(fold(w) for w in spec.unless)}) THEN {value} END"
        return self._mapped(spec, value), places

    def _mapped(self, spec: Spec, value: str) -> str:
        if spec.map:
            cases = " ".join(f"WHEN {sql_text(w)} THEN {sql_text(t)}" for w, t in spec.map.items())
            rest = value if spec.default is None else sql_text(spec.default)
            value = f"nullif(CASE {folded(value)} {cases} ELSE {rest} END, '')"
        elif spec.default is not None:
            value = f"coalesce({value}, {sql_text(spec.default)})"
        return f"{sql_text(spec.prefix)} || {value}" if spec.prefix else value

    # -- one canonical column ------------------------------------------------------------------------------------

    def _column(self, table: str, column: str, spec: Spec) -> str | None:
        declared = schema.metadata.tables[table].columns[column]
        kind = kind_of(declared)
        key = column in schema.metadata.tables[table].info["key"]
        main = table == self.profile.main
        if spec.occurrence:
            return self._occurrence(spec, kind)
        if spec.product:
            return self._product(spec)
        value, places = self.source(spec, column in NAMES, keep_zero=column != "customer_id")
        if value is None:
            if spec.required or (main and (key or column == REQUIRED_TIMES.get(table))):
                raise FileRefused(
                    "missing_required_column", file=self.file, column=spec.wanted[0][0], profile=self.profile.label,
                    found=", ".join(self.raw.headers)[:300],
                )  # fmt: skip
            return None
        v = self._v2(value)
        f = self._field(table, column, kind, v, places, spec, declared)
        if main and (key or column == REQUIRED_TIMES.get(table)):
            absent = f"{v} IS NULL OR {dates.never(v)}" if kind == "time" else f"{v} IS NULL"
            self._check(f"({absent})", "'missing_value'", places, v, rejects=True)
            self.plan.checks = [replace(c, rejects=True) if c.value == v else c for c in self.plan.checks]
        return f

    def _v2(self, value: str) -> str:
        """Name an expression over layer v so that it is computed once (layer t)."""
        if value in self.plan.v:
            return value
        return self._t(value)

    def _t(self, sql: str) -> str:
        name = next((n for n, e in self.plan.t.items() if e == sql), None)
        if name is None:
            name = f"t{len(self.plan.t)}"
            self.plan.t[name] = sql
        return name

    def _check(self, when: str, reason: str, places: tuple[int, ...], value: str, *, rejects: bool = False) -> None:
        if not any(c.when == when for c in self.plan.checks):
            self.plan.checks.append(Check(len(self.plan.checks), when, reason, places, value, rejects))

    def _add(self, kind: str, f: str, places: tuple[int, ...], vocabulary: str | None = None, time: str | None = None) -> str:
        for name, held in self.plan.fields.items():
            if held.f == f and held.vocabulary == vocabulary:
                return name
        name = f"f{len(self.plan.fields)}"
        self.plan.fields[name] = Field(name, kind, f, vocabulary, places, time)
        return name

    def _field(self, table: str, column: str, kind: str, v: str, places: tuple[int, ...], spec: Spec, declared: sa.Column[object]) -> str:
        readers: dict[str, Callable[[], str]] = {
            "time": lambda: self._time(table, column, v, places),
            "money": lambda: self._number(v, places, "DECIMAL(18, 2)"),
            "number": lambda: self._number(v, places, "DOUBLE"),
            "count": lambda: self._number(v, places, "BIGINT"),
            "seconds": lambda: self._seconds(v, places, spec),
            "flag": lambda: self._flag(v, places, spec),
        }
        if kind in readers:
            return readers[kind]()
        if kind == "words":
            return self._add(kind, v, places, declared.info["words"])
        return self._text(v, places, is_id=column.endswith("_id"))

    def _survey_scale(self, columns: dict[str, str]) -> None:
        """Set scores outside their scale aside; a survey without a written scale has its kind's usual one."""
        kind = self.plan.fields[columns["kind"]].f if "kind" in columns else "'csat'"
        usual = {"scale_min": ("0", "1", "1"), "scale_max": ("10", "7", "5")}
        for column, (nps, ces, csat) in usual.items():
            if column not in columns or self.plan.fields[columns[column]].cells:
                said = f"{self.plan.fields[columns[column]].f}, " if column in columns else ""
                sql = f"coalesce({said}CAST(CASE WHEN {folded(kind)} LIKE 'n%' THEN {nps} WHEN {folded(kind)} LIKE '%ef%' OR {folded(kind)} = 'ces' THEN {ces} ELSE {csat} END AS DOUBLE))"
                columns[column] = self._add("number", sql, ())
        score, low, high = (self.plan.fields[columns[c]] for c in ("score", "scale_min", "scale_max"))
        outside = f"({score.f} < {low.f} OR {score.f} > {high.f})"
        self._check(outside, "'score_out_of_range'", score.cells, score.f)
        columns["score"] = self._add("number", f"CASE WHEN NOT coalesce({outside}, false) THEN {score.f} END", score.cells)

    def _text(self, v: str, places: tuple[int, ...], *, is_id: bool) -> str:
        if not places:
            return self._add("text", v, places)
        wrong = [f"{v} IN ({sql_list(_ERRORS)})"] if self.raw.error_cells else []
        if is_id:
            wrong.append(f"((contains({v}, 'E+') OR contains({v}, 'e+')) AND regexp_matches({v}, {sql_text(_SCIENTIFIC)}))")
        if not wrong:
            return self._add("text", v, places)
        bad = " OR ".join(wrong)
        self._check(f"{v} IS NOT NULL AND ({bad})", f"CASE WHEN {v} LIKE '#%' THEN 'cell_error' ELSE 'bad_id' END", places, v)
        return self._add("text", f"CASE WHEN NOT ({bad}) THEN {v} END", places)

    def _reason(self, v: str, reason: str) -> str:
        return f"CASE WHEN {v} IN ({sql_list(_ERRORS)}) THEN 'cell_error' ELSE {sql_text(reason)} END"

    # -- times ---------------------------------------------------------------------------------------------------

    def _time(self, table: str, column: str, v: str, places: tuple[int, ...]) -> str:
        zone = next((z for p in places if (z := zone_in(self.raw.headers[p]))), None) or self.zone
        plan = self._date_plan(v, places, zone)
        cell = self._t(f"CASE WHEN NOT ({dates.never(v)}) THEN {v} END")
        typed = self._t(dates.sql(plan, cell, zone))
        low = "1900-01-02" if column in _LONG_AGO else self.earliest
        outside = f"{typed} < TIMESTAMP '{low}'"
        if not {column, f"{column}:{table}"} & _ANY_TIME:
            outside += f" OR {typed} > TIMESTAMP '{self.latest:%Y-%m-%d %H:%M:%S}'"
        self._check(f"{cell} IS NOT NULL AND {typed} IS NULL", self._reason(v, "bad_date"), places, v)
        self._check(f"({outside})", "'date_out_of_range'", places, v)
        event = None if {column, f"{column}:{table}"} & _ANY_TIME else column
        return self._add("time", f"CASE WHEN NOT ({outside}) THEN {typed} END", places, time=event)

    @property
    def zone(self) -> str:
        """Return the zone of the file's local times."""
        return self.options.timezone or self.profile.timezone or self.options.default_timezone

    @property
    def earliest(self) -> str:
        """Return the first believable moment."""
        return self.profile.earliest or f"{self.options.earliest:%Y-%m-%d %H:%M:%S}"

    def _date_plan(self, v: str, places: tuple[int, ...], zone: str) -> dates.DatePlan:
        if v not in self.date_plans:
            header = " + ".join(self.raw.headers[p] for p in places)
            plan = self._read_dates(v, self.options.date_order, self.profile.date_order)
            self.date_plans[v] = header, plan, zone
        return self.date_plans[v][1]

    def _read_dates(self, v: str, order: str | None, hint: str | None) -> dates.DatePlan:
        """Decide on the sample where that is enough (the flags of the build prove it later), else on the whole file."""
        if self.sample:
            plan = dates.decide(self.con, self._relation(v, self.sample), "v", order=order, hint=hint)
            if plan.kind in ("iso", "offset", "empty"):
                self.plan.tentative = True
                return plan
        return dates.decide(self.con, self._relation(v, self.raw.sql), "v", order=order, hint=hint)

    def _relation(self, v: str, sql: str) -> str:
        inner = ", ".join(f"{e} AS {n}" for n, e in self.plan.v.items())
        expression = self.plan.t.get(v, v)
        return f"(SELECT {expression} AS v FROM (SELECT {inner} FROM {sql}))"

    # -- numbers -------------------------------------------------------------------------------------------------

    def _number_plan(self, v: str, places: tuple[int, ...]) -> amounts.NumberPlan:
        if v not in self.number_plans:
            self.number_plans[v] = self._read_numbers(v, places), " + ".join(self.raw.headers[p] for p in places)
        return self.number_plans[v][0]

    def _read_numbers(self, v: str, places: tuple[int, ...]) -> amounts.NumberPlan:
        chosen, hint = self.options.decimal, self.profile.decimal
        if all(p in self.raw.numeric for p in places):
            chosen = "."
        if self.sample:
            plan = amounts.decide(self.con, self._relation(v, self.sample), "v", decimal=chosen, hint=hint)
            if plan.plain and not plan.problem and not plan.worded:
                self.plan.tentative = True
                return plan
        return amounts.decide(self.con, self._relation(v, self.raw.sql), "v", decimal=chosen, hint=hint)

    def _number(self, v: str, places: tuple[int, ...], type_: str) -> str:
        if not places:
            return self._add("number", f"try_cast({v} AS {type_})", places)
        typed = self._t(amounts.sql(self._number_plan(v, places), v, type_))
        self._check(f"{v} IS NOT NULL AND {typed} IS NULL", self._reason(v, "bad_number"), places, v)
        return self._add("number", typed, places)

    def _seconds(self, v: str, places: tuple[int, ...], spec: Spec) -> str:
        plan = self._number_plan(v, places)
        typed = self._t(amounts.duration(v, plan, spec.unit or "s"))
        self._check(f"{v} IS NOT NULL AND {typed} IS NULL", self._reason(v, "bad_number"), places, v)
        self._check(f"{typed} < 0", "'negative_duration'", places, v)
        return self._add("seconds", f"CASE WHEN {typed} >= 0 THEN {typed} END", places)

    def _flag(self, v: str, places: tuple[int, ...], spec: Spec) -> str:
        true = sql_list(fold(w) for w in (*spec.true, *(() if spec.true else _TRUE)))
        false = sql_list(fold(w) for w in (*spec.false, *(() if spec.false else _FALSE)))
        typed = self._t(f"CASE WHEN {folded(v)} IN ({true}) THEN true WHEN {folded(v)} IN ({false}) THEN false END")
        if places:
            self._check(f"{v} IS NOT NULL AND {typed} IS NULL", self._reason(v, "bad_type"), places, v)
        return self._add("flag", typed, places)

    def _product(self, spec: Spec) -> str | None:
        places = [self.place(a) for a in spec.product]
        if any(p is None for p in places):
            return None
        factors = [self._number(self.cell(p, False), (p,), "DECIMAL(18, 4)") for p in places if p is not None]
        product = " * ".join(self.plan.fields[f].f for f in factors)
        return self._add("number", f"try_cast({product} AS DECIMAL(18, 2))", ())

    def _occurrence(self, spec: Spec, kind: str) -> str | None:
        places = [p for a in spec.occurrence if (p := self.place(a)) is not None]
        if not places:
            return None
        cells = ", ".join(f"trim(c{p})" for p in places)
        nth = f"row_number() OVER (PARTITION BY {cells} ORDER BY _line)"
        v = self._v(nth if kind == "count" else f"concat_ws('-', {cells}, {nth})")
        return self._add("text", v, ())

    # -- the whole file ------------------------------------------------------------------------------------------

    def _repeated_header(self) -> None:
        if self.profile.header:
            return
        same = [f"coalesce(trim(c{i}), '') = {sql_text(h)}" for i, h in enumerate(self.raw.headers) if not h.startswith(UNNAMED)]
        if self.raw.streamed:
            cells = ", ".join(f"c{i}" for i in range(len(self.raw.headers)))
            empty = self._v(f"CASE WHEN coalesce(trim(c0), '') = '' THEN trim(concat({cells})) = '' ELSE false END")
            self._check(empty, f"'{BLANK}'", (), empty, rejects=True)
        repeated = self._v(f"CASE WHEN {same[0]} THEN {' AND '.join(same)} ELSE false END")
        self._check(repeated, "'repeated_header'", (), repeated, rejects=True)

    def _settle(self) -> None:
        """Refuse what stayed open, and report what was decided."""
        for header, plan, _ in self.date_plans.values():
            if plan.problem:
                raise FileRefused(plan.problem, file=self.file, column=header)
        for number, header in self.number_plans.values():
            if number.problem:
                raise FileRefused(number.problem, file=self.file, column=header)
        orders = {p.order for _, p, _ in self.date_plans.values() if p.order}
        iso = {"ymd"} if any(p.kind in ("iso", "offset") for _, p, _ in self.date_plans.values()) else set()
        self.plan.date_order = ",".join(sorted(orders or iso)) or None
        decimals = {n.decimal for n, _ in self.number_plans.values() if n.decimal}
        self.plan.decimal = decimals.pop() if len(decimals) == 1 else None


def folded(value: str) -> str:
    """Return the SQL twin of `fold`."""
    return f"trim(regexp_replace(strip_accents(lower(translate({value}, 'İIı', 'iii'))), '[\\s_]+', ' ', 'g'), ' \"'':*')"


def kind_of(column: sa.Column[Any]) -> str:
    """Return what a canonical column holds: words, time, flag, number, money, seconds, count or text."""
    if column.info.get("words"):
        return "words"
    if isinstance(column.type, sa.DateTime):
        return "time"
    if isinstance(column.type, sa.Boolean):
        return "flag"
    if isinstance(column.type, sa.Double):
        return "number"
    if isinstance(column.type, sa.Numeric):
        return "money"
    if isinstance(column.type, sa.BigInteger):
        return "seconds" if column.name.endswith("_s") else "count"
    return "text"


__all__ = ["REQUIRED_TIMES", "Check", "Field", "Plan", "Planner", "folded"]
