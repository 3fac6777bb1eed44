"""How a column of text is read as numbers: 1.234,56 or 1,234.56, settled by the whole column."""

from dataclasses import dataclass, replace
from typing import Any

import duckdb

from insights.sources.folding import sql_text

_NOISE = r"[\s%₺$€£'’\x{00a0}\x{202f}]|TL|TRY|USD|EUR|GBP"
_DOT = r"^[-+]?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?([eE][-+]?\d+)?$"
_COMMA = r"^[-+]?(\d+|\d{1,3}(\.\d{3})+)?(,\d*)?([eE][-+]?\d+)?$"


@dataclass(frozen=True)
class NumberPlan:
    """How a column is read: `decimal` mark (None for whole numbers only), whether signs must be taken off first (`noisy`), whether some
    cells are words or clock times (`worded`: durations).
    """

    decimal: str | None = None
    noisy: bool = False
    plain: bool = True
    worded: bool = False
    problem: str | None = None


def sql(plan: NumberPlan, value: str, type_: str) -> str:
    """Return the SQL of `value` as `type_`, NULL where it cannot be read."""
    if plan.plain:
        cast = _finite(f"try_cast({value} AS {type_})", type_)
        if plan.decimal == ".":
            return cast if type_ != "BIGINT" else _whole(value)
        return f"CASE WHEN NOT contains({value}, '.') THEN {cast} END"
    text = _bare(value) if plan.noisy else value
    pattern = _COMMA if plan.decimal == "," else _DOT
    digits = f"replace(replace({text}, '.', ''), ',', '.')" if plan.decimal == "," else f"replace({text}, ',', '')"
    typed = f"try_cast({digits} AS {type_})" if type_ != "BIGINT" else _whole(digits)
    return f"CASE WHEN regexp_matches({text}, {sql_text(pattern)}) THEN {typed} END"


def _finite(cast: str, type_: str) -> str:
    """Return SQL of a number that is one: the engine reads `-Infinity` too."""
    endless = ("inf", "-inf", "nan") if type_ == "DOUBLE" else ()
    for word in endless:
        cast = f"nullif({cast}, CAST('{word}' AS DOUBLE))"
    return cast


def _whole(digits: str) -> str:
    """Return SQL of a whole number, NULL where there is a fraction."""
    exact = f"try_cast({digits} AS DECIMAL(38, 6))"
    any_form = f"CASE WHEN {exact} = floor({exact}) THEN try_cast({exact} AS BIGINT) END"
    return f"CASE WHEN ltrim({digits}, '-0123456789') = '' THEN try_cast({digits} AS BIGINT) ELSE {any_form} END"


def _bare(value: str) -> str:
    """Return SQL without signs of currency and share; (1) is -1."""
    bare = f"replace(regexp_replace({value}, {sql_text(_NOISE)}, '', 'g'), '−', '-')"
    return f"regexp_replace({bare}, '^\\((.*)\\)$|^([^-].*)-$', '-\\1\\2')"


def decide(
    con: duckdb.DuckDBPyConnection, relation: str, value: str, *, decimal: str | None, hint: str | None
) -> NumberPlan:
    """Return how the column `value` of `relation` is to be read."""
    row = con.execute(
        f"""SELECT count(*), count(*) FILTER (regexp_full_match({value}, '[-+]?\\d+([eE][-+]?\\d+)?')),
            count(*) FILTER (regexp_full_match({value}, '[-+]?\\d*\\.\\d+([eE][-+]?\\d+)?')),
            bool_or(bare <> {value}),
            bool_or(regexp_matches(bare, '^-?\\d*\\.(\\d{{1,2}}|\\d{{4,}})$|^-?(0|\\d{{4,}})\\.\\d+$|,\\d{{3}}\\.|,\\d{{3}},\\d{{3}}')),
            bool_or(regexp_matches(bare, '^-?\\d*,(\\d{{1,2}}|\\d{{4,}})$|^-?(0|\\d{{4,}}),\\d+$|\\.\\d{{3}},|\\.\\d{{3}}\\.\\d{{3}}')),
            bool_or(regexp_matches(bare, '^-?[1-9]\\d{{0,2}}\\.\\d{{3}}$')), bool_or(regexp_matches(bare, '^-?[1-9]\\d{{0,2}},\\d{{3}}$')),
            coalesce(bool_or(regexp_matches(bare, '[:\\pL]') AND NOT regexp_full_match({value}, '[-+.\\d]+[eE][-+]?\\d+')), false)
        FROM (SELECT {value}, {_bare(value)} AS bare FROM {relation} WHERE {value} IS NOT NULL)"""
    ).fetchall()[0]
    return replace(_settled(row[:-1], decimal, hint), worded=row[-1])


def _settled(row: tuple[Any, ...], decimal: str | None, hint: str | None) -> NumberPlan:
    """Return the plan the counted evidence proves."""
    total, whole, dotted, noisy, dot, comma, maybe_dot, maybe_comma = row
    noisy = bool(noisy)
    if decimal:
        return NumberPlan(decimal, noisy, plain=decimal == "." and whole + dotted == total)
    if dot and comma:
        return NumberPlan(".", noisy, plain=False, problem="mixed_numbers")
    if dot or comma:
        return NumberPlan("." if dot else ",", noisy, plain=bool(dot) and whole + dotted == total)
    if maybe_dot or maybe_comma:
        if hint:
            return NumberPlan(hint, noisy, plain=hint == "." and whole + dotted == total)
        return NumberPlan(
            None, noisy, plain=False, problem="mixed_numbers" if maybe_dot and maybe_comma else "ambiguous_numbers"
        )
    return NumberPlan(None if not noisy else ".", noisy, plain=not noisy)


_PARTS = (
    (r"d|day|days|g|gün|gun", 86400),
    (r"h|hr|hrs|hour|hours|sa|saat", 3600),
    (r"m|min|mins|minute|minutes|dk|dakika", 60),
    (r"s|sec|secs|second|seconds|sn|saniye", 1),
)
_SINCE_1970 = r"'19[789]\d-\d\d-\d\d[ T]\d\d:\d\d:\d\d'"
_SCALE = {"s": "1", "min": "60", "h": "3600", "ms": "0.001"}


def duration(value: str, plan: NumberPlan, unit: str) -> str:
    """Return the SQL of whole seconds from `26:10:00`, `1d 2h 3m`, `2 gün 3 sa`, a bare number of `unit`, or the time since 1970
    that ServiceNow stores (`1970-01-02 03:00:00` is 27 hours).
    """
    bare = f"CAST(round({sql(plan, value, 'DECIMAL(18, 6)')} * {_SCALE[unit]}) AS BIGINT)"
    if not plan.worded:
        return bare
    words = [(_number(value, rf"(?i)([\d.,]+)\s*(?:{names})(?:[^\pL]|$)"), seconds) for names, seconds in _PARTS]
    clock = [
        (_number(value, pattern), seconds)
        for pattern, seconds in ((r"(\d+):\d\d", 3600), (r"\d:(\d\d)", 60), (r":\d\d:(\d\d)", 1))
    ]
    total = " + ".join(f"{part} * {seconds}" for part, seconds in (*words, *clock))
    names = "|".join(n for n, _ in _PARTS)
    readable = sql_text(rf"(?i)^-?(\d+[.,]?\d*\s*({names})[\s,]*)*(\d+:[0-5]\d(:[0-5]\d([.,]\d+)?)?)?$")
    signed = f"CAST(round(({total}) * CASE WHEN {value} LIKE '-%' THEN -1 ELSE 1 END) AS BIGINT)"
    since = f"CAST(epoch(try_cast({value} AS TIMESTAMP)) AS BIGINT)"
    return f"CASE WHEN regexp_full_match({value}, {_SINCE_1970}) THEN {since} WHEN regexp_matches({value}, '[:\\pL]') THEN CASE WHEN regexp_matches({value}, {readable}) THEN {signed} END ELSE {bare} END"


def _number(value: str, pattern: str) -> str:
    return f"coalesce(try_cast(replace(regexp_extract({value}, {sql_text(pattern)}, 1), ',', '.') AS DOUBLE), 0)"
