"""Rows set aside, in the shape of the file they came from: corrected in any program, they load as that file did.

The first line says how it was read (`#insights profile=zendesk timezone=Europe/Istanbul date_order=dmy ...`), because a
few rows alone prove neither day and month nor a zone. A cell a spreadsheet would take for a formula gets an apostrophe
before it, as does one that begins with an apostrophe; reading the file again takes exactly one off.
"""

import codecs
import csv
import datetime as dt
import io
import itertools
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any, Literal

from insights.kept import time_zones
from insights.sources.model import DateOrder, ReadOptions
from insights.sources.profile import Profile
from insights.sources.reading.delimited import UNNAMED
from insights.spreadsheet import is_formula

MARK = "#insights"
NOTHING_TO_CORRECT = ("repeated_header", "duplicate_id_conflict")
"""Rows that hold no data, and rows a later row of the same id has replaced: loaded again they would undo it."""
_MARKS: dict[Literal[",", "."], str] = {",": "comma", ".": "point"}
_ORDERS: tuple[DateOrder, ...] = ("dmy", "mdy", "ymd")


ERASED = "{}"
"""What is kept of the row of an erased person."""


def read_as(profile: Profile, options: ReadOptions, date_order: str | None, decimal: str | None) -> dict[str, str]:
    """Return how a file was read, as the words of the first line."""
    said = {
        "profile": profile.name if re.fullmatch(r"[\w.-]+", profile.name) else None,
        "desk": profile.family if profile.family not in ("", "generic") else None,
        "timezone": options.timezone or profile.timezone or options.default_timezone,
        "date_order": date_order if date_order in _ORDERS else options.date_order,
        "decimal": next((word for mark, word in _MARKS.items() if mark == (decimal or options.decimal)), None),
        "as_of": options.as_of.isoformat() if options.as_of else None,
        "apostrophes": "yes" if profile.apostrophe else None,
    }
    return {k: v for k, v in said.items() if v}


def said(path: Path) -> dict[str, str] | None:
    """Return what the first line of a file says of how it was read before; None for any other file."""
    with path.open("rb") as file:
        head = file.read(500).removeprefix(codecs.BOM_UTF8).lstrip(b'"')
    if not head.startswith(f"{MARK} ".encode()):
        return None
    line = re.split(r'[\r\n",;|\t]', head.decode("utf-8", "replace"), maxsplit=1)[0]  # what a spreadsheet adds to it
    return dict(word.split("=", 1) for word in line.split() if "=" in word)


def as_before(
    said: Mapping[str, str], options: ReadOptions, profiles: Sequence[Profile]
) -> tuple[ReadOptions, Sequence[Profile]]:
    """Return options and profiles that read a file as it was read before; what the user says now wins."""
    zone = said.get("timezone")
    given = replace(
        options,
        timezone=options.timezone or (zone if zone in time_zones() else None),
        date_order=options.date_order or next((o for o in _ORDERS if o == said.get("date_order")), None),
        decimal=options.decimal or next((m for m, word in _MARKS.items() if word == said.get("decimal")), None),
        as_of=options.as_of or _moment(said.get("as_of")),
    )
    free = options.profile is None and options.source is None
    named = [p for p in profiles if p.name == said.get("profile")] if free else []
    desk = said.get("desk")
    return given, [
        replace(p, apostrophe=True, family=desk if desk and p.family else p.family) for p in named or profiles
    ]


def _moment(text: str | None) -> dt.datetime | None:
    try:
        found = dt.datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found.replace(tzinfo=None) if found else None


def files(rejects: Iterable[Mapping[str, Any]], loads: Iterable[Mapping[str, Any]]) -> dict[str, bytes]:
    """Return the rows of each file of the newest load that set any aside, by the name of a file to write them to."""
    wanted = [r for r in rejects if r["reason"] not in NOTHING_TO_CORRECT and r["row"] != ERASED]
    newest = max((r["load_id"] for r in wanted), default=None)
    known = {row["file"]: row for row in loads if row["load_id"] == newest}
    found: dict[str, bytes] = {}
    mine = sorted((r for r in wanted if r["load_id"] == newest), key=lambda r: str(r["file"]))
    for name, rows in itertools.groupby(mine, lambda r: str(r["file"])):
        load = known.get(name, {})
        found[_free(name, found)] = written(rows, json.loads(load.get("read_as") or "{}"), load.get("delimiter"))
    return found


def _free(name: str, taken: Mapping[str, bytes]) -> str:
    """Return a name for the rows of `name` (`a.zip/b.csv`, `book.xlsx#sheet`) no other has."""
    stem = PurePath(name.replace("#", " ").rsplit("/", 1)[-1]).stem
    names = (f"{stem}.rejected{f'-{n}' if n > 1 else ''}.csv" for n in itertools.count(1))
    return next(n for n in names if n not in taken)


def written(rows: Iterable[Mapping[str, Any]], read_as: Mapping[str, str], delimiter: str | None) -> bytes:
    """Return rejects of one file (each with its row as JSON) as CSV with the headers and cells of that file."""
    held = {r["line"]: r for r in rows if r["reason"] not in NOTHING_TO_CORRECT}
    cells = [(r, json.loads(r["row"])) for _, r in sorted(held.items())]
    headers = list(dict.fromkeys(h for r, row in cells for h in list(row)[: _width(r)[1]]))
    out = io.StringIO()
    words = " ".join(f"{k}={v}" for k, v in {**read_as, "apostrophes": "yes"}.items())
    out.write(f"{MARK} {words}\n")
    writer = csv.writer(out, delimiter=delimiter if delimiter in (",", ";", "\t", "|") else ",", lineterminator="\n")
    writer.writerow(_original(headers))
    escaped = "apostrophes" in read_as
    for reject, row in cells:
        there = _width(reject)[0]
        names = headers if there is None else list(row)[:there]
        writer.writerow([_harmless(row.get(n), escaped=escaped) for n in names])
    return codecs.BOM_UTF8 + out.getvalue().encode("utf-8")


def _width(reject: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """Return how many cells a row that cannot be cut into the header's cells has, and how many the header has."""
    if reject["reason"] == "ragged_row" and (found := re.fullmatch(r"(\d+) / (\d+)", reject["value"] or "")):
        return int(found[1]), int(found[2])
    return (1, None) if reject["reason"] in ("unbalanced_quote", "bad_json") else (None, None)


def _original(headers: Sequence[str]) -> list[str]:
    """Return headers as they stood in the file: unnamed ones empty, repeated ones alike."""
    names = []
    for place, header in enumerate(headers, 1):
        base, _, number = header.rpartition(" (")
        repeated = base in headers and re.fullmatch(r"\d+\)", number)
        names.append("" if header == f"{UNNAMED}{place}" else base if repeated else header)
    return names


def _harmless(value: object, *, escaped: bool) -> str:
    """Return a cell no spreadsheet computes; in a file whose cells already carry an apostrophe only where it lacks."""
    text = value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if is_formula(text) or (text.startswith("'") and not escaped) else text


__all__ = ["MARK", "NOTHING_TO_CORRECT", "as_before", "files", "read_as", "said", "written"]
