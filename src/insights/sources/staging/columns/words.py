"""Columns of text, of words of a vocabulary, of flags."""

from insights import schema
from insights.sources.folding import fold, sql_in, sql_text
from insights.sources.profile import Spec
from insights.sources.staging.cells import folded
from insights.sources.staging.columns.evidence import ERRORS, Asked, Evidence, reason
from insights.sources.staging.plan import Check

_TRUE = ("true", "t", "1", "1.0", "yes", "y", "evet", "e", "doğru", "x", "on", "met")
_FALSE = ("false", "f", "0", "0.0", "no", "n", "hayır", "hayir", "h", "yanlış", "off", "breached")
_SCIENTIFIC = r"^\d[.,]\d+[eE]\+?\d+$"
_CELL_OF_EXCEL = 32_767
"""Characters at which spreadsheet programs cut a cell off without a word."""


def read_text(e: Evidence, asked: Asked) -> str:
    """Add a column of text: failed formulas and ids a spreadsheet made numbers of are set aside."""
    v, places = asked.v, asked.places
    for c in (f"c{p}" for p in places):
        cut = f"CASE WHEN strlen({c}) < {_CELL_OF_EXCEL} THEN false ELSE length({c}) = {_CELL_OF_EXCEL} END"
        e.plan.check(Check(cut, "'truncated'", places))
    wrong = [sql_in(v, ERRORS)] if e.raw.error_cells else []
    if schema.is_id(asked.declared.name):
        wrong.append(f"CASE WHEN contains({v}, '+') THEN regexp_matches({v}, {sql_text(_SCIENTIFIC)}) ELSE false END")
    if not wrong or not places:
        return e.plan.add(asked.name, v, places)
    bad = f"({' OR '.join(wrong)})"
    why = f"CASE WHEN {v} LIKE '#%' THEN 'cell_error' ELSE 'bad_id' END"
    e.plan.check(Check(bad, why, places, rejects=asked.needed))
    return e.plan.add(asked.name, f"CASE WHEN NOT {bad} THEN {v} END", places)


def read_words(e: Evidence, asked: Asked) -> str:
    """Add a column of canonical words; a word no map knows is reported."""
    v, places, vocabulary = asked.v, asked.places, asked.declared.info["words"]
    if not places:
        return e.plan.add(asked.name, v, places)
    mapped = e.plan.typed(e.words.map(e.con, e.relation(v, places), v, places, vocabulary, whole=not e.sampled(places)))
    e.plan.check(Check(f"{v} IS NOT NULL AND {mapped} IS NULL", "'unknown_status'", places))
    return e.plan.add(asked.name, mapped, places)


def read_flag(e: Evidence, asked: Asked) -> str:
    """Add a column of yes and no."""
    v, places, spec = asked.v, asked.places, asked.spec
    true, false = (sql_in("_w", [fold(w) for w in words]) for words in (spec.true or _TRUE, spec.false or _FALSE))
    # A lambda, because both branches would otherwise fold every cell ahead.
    either = f"lambda _w: CASE WHEN {true} THEN true WHEN {false} THEN false END"
    typed = e.plan.typed(f"CASE WHEN {v} IS NOT NULL THEN list_transform([{folded(v)}], {either})[1] END")
    if places:
        e.plan.check(Check(f"{v} IS NOT NULL AND {typed} IS NULL", reason(v, "bad_type"), places))
    return e.plan.add(asked.name, typed, places)


def keep_as_exported(e: Evidence, table: str, column: str, given: dict[str, Spec], columns: dict[str, str]) -> None:
    """Keep a mapped word as exported, where the table has a column for it and the file does not fill that itself."""
    raw, name = f"{column}_raw", columns[column]
    if raw in schema.declared[table].columns and raw not in columns and name in e.plan.fields:
        field = e.plan.fields[name]
        spec = given.get(raw)
        if field.cells and (spec is None or e.cells.source(spec)[0] is None):
            value = e.plan.typed(e.cells.source(given[column])[0] or "NULL")
            columns[raw] = e.plan.add(raw if table == e.profile.main else None, value, field.cells)


def done(e: Evidence, columns: dict[str, str]) -> None:
    """Let a state no map knows count as solved where the ticket carries the time of its solve or closing."""
    field = e.plan.fields[columns["status"]]
    ends = [e.plan.fields[columns[c]].sql for c in ("solved_at", "closed_at") if c in columns]
    for value, (cells, words) in e.plan.strange.items():
        if cells == field.cells and ends and e.profile.defaults.get("status") == "open":
            solved = f"{sql_in(value, words)} AND coalesce({', '.join(ends)}) IS NOT NULL"
            e.plan.add(field.name, f"CASE WHEN {solved} THEN 'solved' ELSE {field.sql} END", field.cells)
