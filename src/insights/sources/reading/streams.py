"""Records as connectors pass them on: Singer and Airbyte messages each name a stream, Airbyte's raw tables keep a record in one cell."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from insights.sources.notices import Notice
from insights.sources.raw import Aside
from insights.sources.reading.jsontext import Record, decoded, is_lines, records

RAW = "_airbyte_data"
_SILENT = {"SCHEMA", "STATE", "ACTIVATE_VERSION", "LOG", "TRACE", "CATALOG", "CONTROL"}
_BODY = {"stream", "value", "schema", "record", "state", "log", "trace", "catalog", "control"}
"""A message has one of these beside its type: a record with a column `type` has not."""
_LOOK = 1_000
_MAX_CELL = 1 << 27
Streams = dict[str | None, None]


def streams(path: Path, encoding: str, name: str) -> tuple[Streams, bool]:
    """Return the streams of a file in order (None: a plain file) and whether its records are wrapped at all."""
    if not _may_be(path, encoding):
        return {None: None}, False
    first = [record for _, record in islice(_rows(path, encoding, name), _LOOK) if isinstance(record, dict)]
    if any(_message(r) for r in first):
        found = (opened(record) for _, record in _rows(path, encoding, name) if isinstance(record, dict))
        return dict.fromkeys(stream for stream, record in found if record is not None), True
    return {None: None}, any(RAW in r for r in first)


@dataclass(frozen=True)
class Part:
    """One stream of a file (None: all of it), whether its records are wrapped, and whether broken lines go with it."""

    name: str
    stream: str | None
    wrapped: bool
    broken: bool


def of_stream(path: Path, encoding: str, name: str, part: Part, notices: list[Notice]) -> Iterator[Record]:
    """Yield the records of one stream, unwrapped, with their numbers, and the `broken` lines."""
    for number, record in _rows(path, encoding, name, notices):
        if isinstance(record, Aside):
            if part.broken:
                yield number, record
            continue
        of, inner = opened(record)
        if inner is not None and of == part.stream:
            yield number, inner


def opened(record: dict[str, Any]) -> tuple[str | None, dict[str, Any] | None]:
    """Return the stream a record belongs to and what is inside; no record for a message that carries none."""
    if not _message(record):
        return None, _raw(record)
    if record["type"] in _SILENT:
        return None, None
    said = record.get("record")
    body: dict[str, Any] = said if isinstance(said, dict) else {}
    if "stream" in record:
        return str(record["stream"]), body
    inner = body.get("data")  # Airbyte: {"record": {"stream": ..., "data": {...}}}
    return str(body.get("stream")), inner if isinstance(inner, dict) else None


def _message(record: dict[str, Any]) -> bool:
    return record.get("type") in _SILENT | {"RECORD"} and bool(_BODY & set(record))


def _raw(record: dict[str, Any]) -> dict[str, Any]:
    inner = record.get(RAW)
    if isinstance(inner, str):
        inner = decoded(inner)
    return inner if isinstance(inner, dict) else record


def in_cells(begin: str) -> bool:
    """Tell whether a delimited file begins with the header of one of Airbyte's raw tables."""
    return RAW in begin.partition("\n")[0] and not begin.startswith(("{", "["))


def _may_be(path: Path, encoding: str) -> bool:
    """Tell whether a file has one record after the other: an object around a list is no connector's."""
    with path.open("r", encoding=encoding, errors="surrogateescape") as file:
        begin = file.read(512).lstrip("\ufeff \t\r\n")
    return not begin.startswith("{") or is_lines(path, encoding)


def _rows(path: Path, encoding: str, name: str, notices: list[Notice] | None = None) -> Iterator[Record]:
    with path.open("r", encoding=encoding, errors="surrogateescape", newline="") as file:
        if not in_cells(file.read(512).lstrip("\ufeff \t\r\n")):
            yield from records(path, encoding, name, [] if notices is None else notices)
            return
        file.seek(0)
        csv.field_size_limit(_MAX_CELL)
        reader = csv.DictReader(file)
        for row in reader:
            yield reader.line_num, dict(row)
