"""JSON (an array, one object a line, or wrapped) and Parquet: nested objects become columns named with dots."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

from insights.errors import FileRefused
from insights.sources import text
from insights.sources.folding import sql_name, sql_text
from insights.sources.model import ReadOptions
from insights.sources.profile import Profile
from insights.sources.raw import Aside, Filler, Raw
from insights.sources.staging import fresh
from insights.sources.tables import Table, fitting, sha256
from insights.sources.unpack import Member

_CHUNK = 1 << 20
_MAX_DEPTH = 30
_MAX_RECORD = 1 << 27
Record = tuple[int, dict[str, Any] | Aside]


def parquet(con: duckdb.DuckDBPyConnection, member: Member, profiles: Sequence[Profile]) -> Iterator[Table]:
    """Yield the one table of a Parquet file."""
    source = f"read_parquet({sql_text(str(member.path))})"
    try:
        described = con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        headers = [row[0] for row in described]
        profile = fitting(headers, profiles, member.name)
        columns = ", ".join(_parquet_text(name, str(type_)) + f" AS c{i}" for i, (name, type_, *_) in enumerate(described))
        table = fresh("raw")
        con.execute(f"CREATE TEMP TABLE {table} AS SELECT {columns}, row_number() OVER () AS _line FROM {source}")
    except duckdb.Error as error:
        raise FileRefused("corrupt", file=member.name, problem=str(error)[:120]) from error
    yield Table(member.name, sha256(member.path), Raw(table, tuple(headers), streamed=False), profile)


def _parquet_text(name: str, type_: str) -> str:
    column = sql_name(name)
    if type_ == "TIMESTAMP WITH TIME ZONE":
        return f"strftime(timezone('UTC', {column}), '%Y-%m-%d %H:%M:%S.%f') || 'Z'"
    if type_ == "BLOB":
        return f"decode({column})"
    if type_.endswith("[]") or type_.startswith(("STRUCT", "MAP")):
        return f"CAST(to_json({column}) AS VARCHAR)"
    return f"CAST({column} AS VARCHAR)"


def json_records(
    con: duckdb.DuckDBPyConnection, member: Member, profiles: Sequence[Profile], options: ReadOptions
) -> Iterator[Table]:
    """Yield the one table of a JSON file; raises FileRefused (bad_type, truncated, too_deep, encoding)."""
    facts = text.inspect(member.path, member.name, options.encoding)
    names: dict[str, None] = {}
    for _, record in _flat(member, facts.encoding, options):
        if isinstance(record, dict):
            names.update(dict.fromkeys(record))
        if len(names) > options.limits.max_columns:
            raise FileRefused("too_many_columns", file=member.name, found=len(names), allowed=options.limits.max_columns)
    if not names:
        raise FileRefused("empty_file", file=member.name)
    profile = fitting(list(names), profiles, member.name)
    filler = Filler(con, fresh("raw"), list(names))
    for line, record in _flat(member, facts.encoding, options):
        if isinstance(record, Aside):
            filler.reject(record)
        elif any(v is not None and len(v) > options.limits.max_cell for v in record.values()):
            filler.reject(Aside(line, "cell_too_large", "", [(v or "")[:200] for v in record.values()]))
        else:
            filler.add(line, [record.get(n) for n in names])
    yield Table(member.name, facts.sha256, filler.done(), profile, facts.encoding)


def _flat(member: Member, encoding: str, options: ReadOptions) -> Iterator[tuple[int, dict[str, str | None] | Aside]]:
    """Yield (line, flat record) for every record of the file."""
    for line, record in _records(member.path, encoding, member.name):
        if isinstance(record, Aside):
            yield line, record
            continue
        flat: dict[str, str | None] = {}
        inner = next(iter(record.values())) if len(record) == 1 else None
        _flatten(inner if isinstance(inner, dict) else record, "", flat, member.name, 0)
        yield line, flat


def _flatten(node: dict[str, Any], prefix: str, into: dict[str, str | None], name: str, depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise FileRefused("too_deep", file=name, allowed=_MAX_DEPTH)
    for key, value in node.items():
        if isinstance(value, dict):
            _flatten(value, f"{prefix}{key}.", into, name, depth + 1)
        else:
            into[f"{prefix}{key}"] = _scalar(value)


def _scalar(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}") if value else None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        plain = all(isinstance(v, str | int | float) for v in value)
        return (", ".join(str(v) for v in value) if plain else json.dumps(value, ensure_ascii=False)) or None
    return str(value)


def _records(path: Path, encoding: str, name: str) -> Iterator[Record]:
    """Yield the objects of a file: those of its array, of the one array inside its object, or one a line."""
    with path.open("r", encoding=encoding, errors="replace") as file:
        first = file.read(_CHUNK).lstrip("\ufeff \t\r\n")
    if first.startswith("["):
        yield from _array(path, encoding, name)
    elif _is_lines(first):
        yield from _lines(path, encoding, name)
    else:
        yield from _wrapped(path, encoding, name)


def _is_lines(first: str) -> bool:
    try:
        json.loads(first.split("\n", 1)[0])
    except (ValueError, RecursionError):
        return False
    return True


def _loads(line: str, name: str) -> Any:
    try:
        return json.loads(line, parse_float=str, parse_int=str)
    except RecursionError as error:
        raise FileRefused("too_deep", file=name, allowed=_MAX_DEPTH) from error


def _lines(path: Path, encoding: str, name: str) -> Iterator[Record]:
    broken: Aside | None = None
    ends = True
    with path.open("r", encoding=encoding, errors="replace", newline="\n") as file:
        for number, line in enumerate(file, 1):
            bare = line.strip("\ufeff \t\r\n")
            ends = line.endswith("\n")
            if not bare:
                continue
            if broken:
                yield broken.line, broken
                broken = None
            try:
                record = _loads(bare, name)
            except ValueError:
                broken = Aside(number, "bad_json", bare[:200], [bare[:2000]])
                continue
            yield number, record if isinstance(record, dict) else Aside(number, "bad_type", bare[:200], [bare[:2000]])
    if broken and not ends:
        raise FileRefused("truncated", file=name, line=broken.line)
    if broken:
        yield broken.line, broken


def _array(path: Path, encoding: str, name: str) -> Iterator[Record]:
    """Yield the items of a top-level array piece by piece, so that memory does not grow with the file."""
    decoder = json.JSONDecoder(parse_float=str, parse_int=str)
    with path.open("r", encoding=encoding, errors="replace") as file:
        held = file.read(_CHUNK).lstrip("\ufeff \t\r\n")[1:]
        line = 1
        while True:
            rest = held.lstrip(" \t\r\n,")
            line += held[: len(held) - len(rest)].count("\n")
            held = rest
            if held.startswith("]"):
                return
            try:
                item, end = decoder.raw_decode(held)
            except RecursionError as error:
                raise FileRefused("too_deep", file=name, allowed=_MAX_DEPTH) from error
            except ValueError as error:
                more = file.read(max(_CHUNK, len(held)))
                if not more or len(held) > _MAX_RECORD:
                    raise FileRefused("truncated", file=name, line=line) from error
                held += more
                continue
            text_ = held[:end]
            yield line, item if isinstance(item, dict) else Aside(line, "bad_type", text_[:200], [text_[:2000]])
            line += text_.count("\n")
            held = held[end:]


def _wrapped(path: Path, encoding: str, name: str) -> Iterator[Record]:
    """Yield the items of the one list of objects inside a JSON object, as APIs answer: {"tickets": [...]}."""
    if path.stat().st_size > _MAX_RECORD:
        raise FileRefused("too_large", file=name)
    try:
        whole = _loads(path.read_text(encoding, errors="replace"), name)
    except ValueError as error:
        raise FileRefused("truncated", file=name, line=getattr(error, "lineno", 1)) from error
    lists = [v for v in whole.values() if isinstance(v, list) and v and all(isinstance(i, dict) for i in v)]
    if len(lists) == 1:
        yield from ((i, item) for i, item in enumerate(lists[0], 1))
    else:
        yield 1, whole
