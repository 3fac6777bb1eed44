"""Workbooks (xlsx, xls, ods): which sheet, which row is the header, and every cell as text."""

import datetime as dt
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import python_calamine as calamine

from insights.errors import FileRefused
from insights.sources.delimited import trimmed
from insights.sources.model import ReadOptions
from insights.sources.profile import Profile
from insights.sources.raw import Aside, Filler
from insights.sources.recognise import Fit, recognise, refuse
from insights.sources.staging import fresh
from insights.sources.tables import Table, sha256
from insights.sources.unpack import Member

_PREAMBLE = 40
_BOMB_RATIO = 250


def read(
    con: duckdb.DuckDBPyConnection, member: Member, profiles: Sequence[Profile], options: ReadOptions
) -> Iterator[Table]:
    """Yield the sheets whose headers fit a profile; raises FileRefused (encrypted, macros, ambiguous_sheet, ...)."""
    refuse_tricks(member.path, member.name, options.limits.max_unpacked)
    book = _open(member)
    found = _sheets(book, member, profiles, options)
    digest = sha256(member.path)
    for sheet, (header, fit) in found.items():
        name = member.name if len(found) == 1 else f"{member.name}#{sheet}"
        yield _fill(con, book, sheet, header, fit, name, digest, options)


def refuse_tricks(path: Path, name: str, allowed: int) -> None:
    """Refuse a workbook that is encrypted, holds macros, links or entities, or unpacks to more than is allowed."""
    with path.open("rb") as file:
        head = file.read(8)
        rest = file.read() if head.startswith(b"\xd0\xcf") and path.stat().st_size < 1 << 28 else b""
    if head.startswith(b"\xd0\xcf"):
        if "EncryptedPackage".encode("utf-16-le") in rest:
            raise FileRefused("encrypted", file=name)
        if "_VBA_PROJECT".encode("utf-16-le") in rest:
            raise FileRefused("macros", file=name)
        return
    try:
        with zipfile.ZipFile(path) as book:
            _refuse_parts(book, path, name, allowed)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        raise FileRefused("corrupt", file=name, problem=str(error)) from error


def _refuse_parts(book: zipfile.ZipFile, path: Path, name: str, allowed: int) -> None:
    size = 0
    for part in book.infolist():
        lower = part.filename.lower()
        if lower.endswith("vbaproject.bin"):
            raise FileRefused("macros", file=name)
        if "externallinks/" in lower:
            raise FileRefused("external_links", file=name)
        if part.flag_bits & 1:
            raise FileRefused("encrypted", file=name)
        if not lower.endswith((".xml", ".rels")):
            continue
        with book.open(part) as packed:
            first = packed.read(4096)
            if b"<!DOCTYPE" in first or b"<!ENTITY" in first:
                raise FileRefused("xml_entities", file=name)
            size += len(first)
            while chunk := packed.read(1 << 20):
                size += len(chunk)
                if size > allowed or size > max(_BOMB_RATIO * path.stat().st_size, 1 << 26):
                    raise FileRefused("archive_bomb", file=name, allowed=f"{allowed / 1e9:g} GB")


def _open(member: Member) -> calamine.CalamineWorkbook:
    try:
        return calamine.CalamineWorkbook.from_path(str(member.path))
    except calamine.PasswordError as error:
        raise FileRefused("encrypted", file=member.name) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise FileRefused("corrupt", file=member.name, problem=str(error)[:120]) from error


def _sheets(
    book: calamine.CalamineWorkbook, member: Member, profiles: Sequence[Profile], options: ReadOptions
) -> dict[str, tuple[int, Fit]]:
    """Return the sheets to read with their header row; one profile on two sheets must be chosen from."""
    visible = [m.name for m in book.sheets_metadata if m.visible == calamine.SheetVisibleEnum.Visible and m.typ == calamine.SheetTypeEnum.WorkSheet]
    if options.sheet and options.sheet not in book.sheet_names:
        raise FileRefused("ambiguous_sheet", file=member.name, sheets=", ".join(book.sheet_names))
    heads = {s: _head(book, s) for s in ([options.sheet] if options.sheet else visible)}
    found = {s: fit for s, rows in heads.items() if (fit := _fit(rows, profiles))}
    names = [fit.profile.name for _, fit in found.values()]
    if len(set(names)) < len(names):
        raise FileRefused("ambiguous_sheet", file=member.name, sheets=", ".join(found))
    if not found:
        filled = [row for rows in heads.values() for row in rows if any(row)]
        if not filled:
            raise FileRefused("empty_file", file=member.name)
        raise refuse(max(filled, key=lambda row: sum(map(bool, row))), profiles, member.name)
    return found


def _head(book: calamine.CalamineWorkbook, sheet: str) -> list[list[str]]:
    rows = []
    for number, row in enumerate(_rows(book, sheet)):
        if number > _PREAMBLE:
            break
        rows.append([as_text(c) or "" for c in row])
    return rows


def _rows(book: calamine.CalamineWorkbook, sheet: str) -> Iterator[list[object]]:
    try:
        yield from book.get_sheet_by_name(sheet).iter_rows()
    except calamine.CalamineError as error:
        raise FileRefused("corrupt", file=sheet, problem=str(error)[:120]) from error


def _fit(rows: list[list[str]], profiles: Sequence[Profile]) -> tuple[int, Fit] | None:
    fits = [(number, fit) for number, row in enumerate(rows) if (fit := recognise(row, profiles))]
    return max(fits, key=lambda f: (f[1].rank, -f[0]), default=None)


def _fill(
    con: duckdb.DuckDBPyConnection, book: calamine.CalamineWorkbook, sheet: str, header: int, fit: Fit, name: str, digest: str, options: ReadOptions
) -> Table:
    data = book.get_sheet_by_name(sheet)
    start = data.start[0] if data.start else 0
    rows = data.iter_rows()
    for _ in range(header):
        next(rows)
    headers = trimmed([as_text(c) or "" for c in next(rows)])
    if len(headers) > options.limits.max_columns:
        raise FileRefused("too_many_columns", file=name, found=len(headers), allowed=options.limits.max_columns)
    filler = Filler(con, fresh("raw"), headers)
    for number, row in enumerate(rows, start + header + 2):
        cells = [as_text(c) for c in row]
        if not any(cells):
            continue
        if any(cells[len(headers) :]):
            filler.reject(Aside(number, "ragged_row", f"{len(cells)} / {len(headers)}", [c or "" for c in cells]))
        else:
            filler.add(number, (cells + [None] * len(headers))[: len(headers)])
    return Table(name, digest, filler.done(), fit.profile)


def as_text(value: object) -> str | None:
    """Return a cell as an export in text would write it: ISO times, whole numbers without a point."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    if isinstance(value, dt.timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)
