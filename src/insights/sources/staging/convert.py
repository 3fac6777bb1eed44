"""From cells of text to canonical columns: the SQL and the checks of every column of a profile over one file's headers."""

from collections.abc import Callable, Mapping

from insights import schema
from insights.errors import FileRefused
from insights.sources.folding import sql_text
from insights.sources.profile import Spec, TableSpec
from insights.sources.profile.recognise import mapping_lacks
from insights.sources.reading.delimited import UNNAMED
from insights.sources.staging import dates
from insights.sources.staging.cells import UNKNOWN, UNKNOWN_NAME
from insights.sources.staging.columns import made, numbers, scales, times, words
from insights.sources.staging.columns.evidence import Asked, Evidence
from insights.sources.staging.plan import Check, Plan

BLANK = "blank"
"""Not a reason but a sign that a streamed file has empty rows, which are none."""
_READERS: Mapping[str, Callable[[Evidence, Asked], str]] = {
    "time": times.read,
    "money": numbers.read,
    "number": numbers.read,
    "count": numbers.read,
    "seconds": numbers.read_seconds,
    "flag": words.read_flag,
    "words": words.read_words,
    "text": words.read_text,
}


def planned(e: Evidence) -> Plan:
    """Return the plan of all tables; raises FileRefused (missing_required_column, ambiguous_dates, ...)."""
    _no_rows(e)
    for table, spec in sorted(e.profile.tables.items(), key=lambda t: t[0] != e.profile.main):
        _fill(e, table, spec)
    e.settle()
    return e.plan


def _fill(e: Evidence, table: str, spec: TableSpec) -> None:
    """Add the columns of one table."""
    e.cells.reading = table
    if spec.when and not _when(e, table, spec.when):
        return
    columns: dict[str, str] = {}
    for column, source in spec.columns.items():
        e.cells.reading = f"{table}.{column}"
        if name := _column(e, table, column, source):
            columns[column] = name
            words.keep_as_exported(e, table, column, spec.columns, columns)
    if spec.history and (place := e.cells.place(spec.history.cell)) is not None:
        e.plan.histories[table] = e.plan.add(None, e.plan.cell(f"c{place}"), (place,))
    if columns or table in e.plan.histories:
        e.plan.tables[table] = columns
    if table == "surveys" and "score" in columns:
        scales.read(e, columns, spec.columns.get("scale_max"))
    if table == "tickets" and "status" in columns:
        words.done(e, columns)


def _when(e: Evidence, table: str, spec: Spec) -> bool:
    value, places = e.cells.source(spec)
    if value is not None:
        e.plan.whens[table] = e.plan.add(None, e.plan.typed(value), places)
    return value is not None


def _no_rows(e: Evidence) -> None:
    """Find rows that are none: empty ones of a streamed file, and the header once more."""
    count = len(e.raw.headers)
    if e.raw.streamed:
        whole = f"trim(concat({', '.join(f'c{i}' for i in range(count))})) = ''"
        empty = f"CASE WHEN c0 IS NULL OR c0 <= ' ' THEN {whole} ELSE false END"
        e.plan.check(Check(empty, f"'{BLANK}'", (), rejects=True))
    named = {i: h for i, h in enumerate(e.raw.headers) if not h.startswith(UNNAMED)}
    if not e.profile.header and named:
        same = [f"coalesce(trim(c{i}), '') = {sql_text(h)}" for i, h in named.items()]
        first = next(iter(named))
        begins = f"starts_with(c{first}, {sql_text(named[first])})"
        repeated = f"CASE WHEN {begins} THEN {' AND '.join(same)} ELSE false END"
        e.plan.check(Check(repeated, "'repeated_header'", (), rejects=True))


def _column(e: Evidence, table: str, column: str, spec: Spec) -> str | None:
    """Add one canonical column; None where the file has nothing to fill it from."""
    of = schema.declared[table]
    declared, main = of.columns[column], table == e.profile.main
    kind, name = schema.kind_of(declared), column if main else None
    if (make := made.maker(spec)) is not None:
        return make(e, spec, kind, name)
    needed = main and (column in of.info["key"] or column == schema.REQUIRED_TIMES.get(table))
    value, places = e.cells.source(spec, _unknown(column, named=declared.info["named"]))
    if value is None:
        if spec.required or needed:
            raise _missing(e, spec)
        return None
    v = e.plan.typed(value)
    if needed:
        absent = f"{v} IS NULL OR {dates.never(v)}" if kind == "time" else f"{v} IS NULL"
        e.plan.check(Check(f"({absent})", "'missing_value'", places, rejects=True), f"{v} IS NULL")
    return _READERS[kind](e, Asked(declared, spec, v, places, name, needed))


def _unknown(column: str, *, named: bool) -> tuple[str, ...]:
    """Return the words that mean unknown: of a person's own words few, and no customer is number 0."""
    return UNKNOWN_NAME if named else (*UNKNOWN, "0", "0.0") if column in ("customer_id", "referred_by") else UNKNOWN


def _missing(e: Evidence, spec: Spec) -> FileRefused:
    found = ", ".join(e.raw.headers)[:300]
    column = spec.wanted[0][0] if spec.wanted else "-"
    if e.profile.own:
        return mapping_lacks(e.profile, column, e.file, found)
    return FileRefused("missing_required_column", file=e.file, column=column, profile=e.profile.label, found=found)
