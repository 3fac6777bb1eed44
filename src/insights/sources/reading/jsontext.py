"""JSON text as records: an array, one object a line, or the list of objects inside an object; piece by piece."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from insights.errors import FileRefused
from insights.sources.clues import pages
from insights.sources.folding import form
from insights.sources.notices import Notice
from insights.sources.raw import Aside

TWICE = "\0twice"
"""Key that marks an object in which some key stood twice."""
RECORDS = (
    "tickets",
    "issues",
    "conversations",
    "cards",
    "records",
    "results",
    "result",
    "value",
    "data",
    "items",
    "rows",
)
"""Names of the list of records in what interfaces answer, beside which others (users, groups) may stand."""
MAX_DEPTH = 30
_CHUNK = 1 << 20
_MAX_RECORD = 1 << 27
Record = tuple[int, dict[str, Any] | Aside]


class Number(str):
    """A number as written in the file."""

    __slots__ = ()


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        found[TWICE] = True
    return found


def _no_number(word: str) -> Number | None:
    """Read NaN as unknown; infinity stays as it is written, to be set aside where a number is needed."""
    return None if word == "NaN" else Number(word)


_DECODER = json.JSONDecoder(
    parse_float=Number, parse_int=Number, parse_constant=_no_number, object_pairs_hook=_pairs, strict=False
)


def decoded(text: str) -> Any:
    """Return the value a cell of JSON holds, numbers as written; the text itself where it is none."""
    try:
        return _DECODER.decode(text)
    except ValueError:
        return text


def records(path: Path, encoding: str, name: str, notices: list[Notice]) -> Iterator[Record]:
    """Yield (number, object) for every record of a file, broken ones as Aside; raises FileRefused.

    What an interface's answer says of further pages is added to `notices`.
    """
    try:
        with path.open("r", encoding=encoding, errors="surrogateescape") as file:
            first = file.read(_CHUNK).lstrip("\ufeff \t\r\n")
        if first.startswith("["):
            yield from _array(path, encoding, name)
        elif _is_lines(first):
            yield from _lines(path, encoding, name)
        else:
            yield from _wrapped(path, encoding, name, notices)
    except RecursionError as error:
        raise FileRefused("too_deep", file=name, allowed=MAX_DEPTH) from error


def is_lines(path: Path, encoding: str) -> bool:
    """Tell whether a file is one object a line."""
    with path.open("r", encoding=encoding, errors="surrogateescape") as file:
        return _is_lines(file.read(_CHUNK).lstrip("\ufeff \t\r\n"))


def _is_lines(first: str) -> bool:
    """Tell whether the text is one object a line: its first line is a whole object and is not alone."""
    line, _, rest = first.partition("\n")
    if not rest.strip():
        return False
    try:
        return isinstance(_DECODER.decode(line.strip().removesuffix(",")), dict)
    except (ValueError, RecursionError):
        return line.rstrip().endswith("}")


def _lines(path: Path, encoding: str, name: str) -> Iterator[Record]:
    broken: Aside | None = None
    ends = True
    with path.open("r", encoding=encoding, errors="surrogateescape", newline="\n") as file:
        for number, line in enumerate(file, 1):
            bare = line.strip("\ufeff \t\r\n").removesuffix(",")
            ends = line.endswith("\n")
            if not bare:
                continue
            if broken:
                yield broken.line, broken
                broken = None
            try:
                record = _DECODER.decode(bare)
            except ValueError:
                broken = Aside(number, "bad_json", bare[:200], [bare[:2000]])
                continue
            yield number, record if isinstance(record, dict) else Aside(number, "bad_type", bare[:200], [bare[:2000]])
    if broken and not ends:
        raise FileRefused("truncated", file=name, line=broken.line)
    if broken:
        yield broken.line, broken


def _array(path: Path, encoding: str, name: str) -> Iterator[Record]:
    """Yield the items of a top-level array, numbered from 1, so that memory does not grow with the file."""
    with path.open("r", encoding=encoding, errors="surrogateescape") as file:
        held = file.read(_CHUNK).lstrip("\ufeff \t\r\n")[1:]
        number, line = 0, 1
        while True:
            rest = held.lstrip(" \t\r\n,")
            line += held[: len(held) - len(rest)].count("\n")
            held = rest
            if held.startswith("]"):
                if (held[1:] + file.read(_CHUNK)).strip():
                    raise FileRefused("corrupt", file=name, problem=f"text after the last record, line {line}")
                return
            try:
                item, end = _DECODER.raw_decode(held)
            except json.JSONDecodeError as error:
                more = file.read(max(_CHUNK, len(held)))
                if not more or len(held) > _MAX_RECORD:
                    raise _broken(error, held, line, name) from error
                held += more
                continue
            number, text = number + 1, held[:end]
            yield number, item if isinstance(item, dict) else Aside(number, "bad_type", text[:200], [text[:2000]])
            line += text.count("\n")
            held = held[end:]


def _broken(error: json.JSONDecodeError, held: str, line: int, name: str) -> FileRefused:
    """Return what a syntax error means: a file that ends too soon is cut, another is damaged."""
    line += held[: error.pos].count("\n")
    if error.pos >= len(held.rstrip()) or error.msg.startswith("Unterminated"):
        return FileRefused("truncated", file=name, line=line)
    return FileRefused("corrupt", file=name, problem=f"{error.msg}, line {line}")


def _wrapped(path: Path, encoding: str, name: str, notices: list[Notice]) -> Iterator[Record]:
    """Yield the objects of the list inside one object, as interfaces answer; else the object itself.

    Of several lists the one called as records are is meant, else the longest; in an object that has an id, none is.
    """
    if path.stat().st_size > _MAX_RECORD:
        raise FileRefused("too_large", file=name)
    text = path.read_text(encoding, errors="surrogateescape").strip("\ufeff \t\r\n")
    try:
        whole = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise _broken(error, text, 1, name) from error
    if not isinstance(whole, dict):
        raise FileRefused("bad_type", file=name, found=form(text[:80]))
    named = next((v for k in RECORDS if isinstance(v := whole.get(k), list) and v and isinstance(v[0], dict)), None)
    inside = named or (None if "id" in whole else max(_lists(whole, 0), key=len, default=None))
    if inside is None:
        yield 1, whole
        return
    notices += pages.unread(whole, len(inside))
    for number, item in enumerate(inside, 1):
        yield number, item if isinstance(item, dict) else Aside(number, "bad_type", str(item)[:200], [str(item)[:2000]])


def _lists(node: dict[str, Any], depth: int) -> Iterator[list[Any]]:
    """Yield the lists of objects below keys, three levels down at most."""
    for value in node.values():
        if isinstance(value, list) and any(isinstance(i, dict) for i in islice(value, 3)):
            yield value
        elif isinstance(value, dict) and depth < 3:
            yield from _lists(value, depth + 1)
