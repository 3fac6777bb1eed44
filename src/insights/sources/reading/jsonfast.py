"""Reading flat, whole JSON lines at DuckDB's own speed; anything odd makes it decline, never guess."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from insights.sources.folding import sql_text
from insights.sources.raw import Raw, fresh
from insights.sources.reading.text import TextFacts

_NUMBERS = {"BIGINT", "UBIGINT", "DOUBLE"}
_ESCAPES = (b"\\u0000", b"\\ud", b"\\u03")  # letters that cannot be stored, only as pairs, or apart from their accent
_BLANK_ESCAPES = (b"\\t", b"\\r", b"\\n", b"\\u00", b"\\u20", b"\\ufeff")
_CHUNK = 1 << 22
_SHAPES = 5_000
Fits = Callable[[str, Any], bool]


def offer(con: duckdb.DuckDBPyConnection, path: Path, facts: TextFacts, names: list[str], fits: Fits) -> Raw | None:
    """Return the records as a table of text, or None when a record is no flat object of these kinds of value.

    `fits` tells whether a column may hold a value of a kind (True, 1.5); a key unknown so far is taken up.
    """
    if facts.encoding != "utf-8" or any('"' in n or "\\" in n or "." in n for n in names):
        return None
    if facts.apart or _has_escapes(path, _ESCAPES):
        return None
    source = f"read_ndjson_objects({sql_text(str(path))})"  # a record beyond its 16 MB makes it decline
    try:
        shapes = _shapes(con, source, names)
        if new := [k for keys, _, _ in shapes for k in keys if k not in names]:
            names = [*names, *dict.fromkeys(new)]
            shapes = _shapes(con, source, names)
        if (
            len(shapes) >= _SHAPES
            or not _plain(shapes, names, fits)
            or sum(n for *_, n in shapes) != facts.newlines + facts.ends_open
        ):
            return None
        odd_blanks = facts.odd_blanks or _has_escapes(path, _BLANK_ESCAPES)
        return replace(_fill(con, source, names, shapes, facts), odd_blanks=odd_blanks)
    except duckdb.OutOfMemoryException:
        raise  # whoever reads record by record needs no less, and hours
    except duckdb.Error:
        return None


def _has_escapes(path: Path, escapes: tuple[bytes, ...]) -> bool:
    last = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            text = last + chunk
            if b"\\" in text and any(e in text.lower() for e in escapes):
                return True
            last = chunk[-6:]
    return False


def _paths(names: list[str]) -> str:
    return "[" + ", ".join(sql_text(f'$."{n}"') for n in names) + "]"


def _shapes(
    con: duckdb.DuckDBPyConnection, source: str, names: list[str]
) -> list[tuple[list[str], list[str | None], int]]:
    """Return the kinds of record there are: keys in order, type of each named value, how many."""
    each = f"SELECT json_keys(json) AS keys, json_type(json, {_paths(names)}) AS types FROM {source}"
    alike = "GROUP BY hash(keys), hash(types)"  # to compare lists takes half as long again
    sql = f"SELECT any_value(keys), any_value(types), count(*) FROM ({each}) {alike} LIMIT {_SHAPES}"
    return [(k or [], t or [], n) for k, t, n in con.execute(sql).fetchall()]


def _plain(shapes: list[tuple[list[str], list[str | None], int]], names: list[str], fits: Fits) -> bool:
    """Tell whether no key stands twice, nothing is nested, and every column holds what it may."""
    samples = {"BOOLEAN": True, "DOUBLE": 1.5}
    for keys, types, _ in shapes:
        if not keys or len(set(keys)) < len(keys):
            return False
        for name, type_ in zip(names, types, strict=True):
            if type_ in ("OBJECT", "ARRAY") or (type_ in samples and not fits(name, samples[type_])):
                return False
    return True


def _fill(
    con: duckdb.DuckDBPyConnection,
    source: str,
    names: list[str],
    shapes: list[tuple[list[str], list[str | None], int]],
    facts: TextFacts,
) -> Raw:
    table = fresh("raw")
    cells = ", ".join(f"s[{i + 1}] AS c{i}" for i in range(len(names)))
    con.execute(
        f"CREATE TEMP TABLE {table} AS SELECT {cells} FROM (SELECT json_extract_string(json, {_paths(names)}) AS s FROM {source})"
    )
    con.execute(f"ALTER TABLE {table} ADD COLUMN _line BIGINT")
    con.execute(f"UPDATE {table} SET _line = rowid + 1")
    kinds = [{types[i] for _, types, _ in shapes} - {None, "NULL"} for i in range(len(names))]
    numeric = frozenset(i for i, found in enumerate(kinds) if found <= _NUMBERS)
    return Raw(table, tuple(names), streamed=False, numeric=numeric, error_cells=facts.error_cells)
