"""Workbooks (xlsx, xls, ods): which sheet, which row is the header, and every cell as text."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import duckdb
import python_calamine as calamine

from insights.errors import FileRefused
from insights.sources.clues import zones
from insights.sources.clues.mojibake import mended
from insights.sources.folding import fold
from insights.sources.model import ReadOptions
from insights.sources.notices import Notice
from insights.sources.profile import Profile
from insights.sources.profile.recognise import Fit, recognise, refuse
from insights.sources.raw import Aside, Filler, Raw, fresh
from insights.sources.reading import workbook
from insights.sources.reading.delimited import fullest, merged, named, second_header, trimmed
from insights.sources.reading.tables import Table, sha256
from insights.sources.reading.tolerant import is_footer
from insights.sources.reading.unpack import Member

_PREAMBLE = 40
_DIGITS = 1e19
"""Below it a whole number is written in digits: spreadsheets hold long ids as numbers."""
Cells = list[str | None]


def read(
    con: duckdb.DuckDBPyConnection, member: Member, profiles: Sequence[Profile], options: ReadOptions
) -> Iterator[Table]:
    """Yield the sheets whose headers fit a profile; raises FileRefused (encrypted, macros, ambiguous_sheet, ...)."""
    workbook.refuse_tricks(member.path, member.name, options.limits)
    book = _open(member)
    heads = _heads(book, member, options)
    found = _fitting(heads, member, profiles)
    others = [sheet for sheet, rows in heads.items() if sheet not in found and _is_table(rows)]
    left = (Notice("sheets_left", None, {"sheets": others}),) if others else ()
    digest = sha256(member.path)
    for sheet, (header, fit) in found.items():
        name = member.name if len(found) == 1 else f"{member.name}#{sheet}"
        rows = _Sheet(book, sheet, workbook.errors(member.path, sheet))
        raw = rows.fill(con, header, fit.profile.header_rows, options, name)
        yield Table(name, digest, replace(raw, notices=(*raw.notices, *left)), fit.profile)
        left = ()


def _open(member: Member) -> calamine.CalamineWorkbook:
    try:
        return calamine.CalamineWorkbook.from_path(str(member.path))
    except calamine.PasswordError as error:
        raise FileRefused("encrypted", file=member.name) from error
    except Exception as error:
        raise FileRefused("corrupt", key="refused_damaged", file=member.name) from error


def _heads(book: calamine.CalamineWorkbook, member: Member, options: ReadOptions) -> dict[str, list[list[str]]]:
    """Return the first rows of every sheet that is shown, or of the one asked for."""
    kinds = calamine.SheetVisibleEnum.Visible, calamine.SheetTypeEnum.WorkSheet
    shown = [m.name for m in book.sheets_metadata if (m.visible, m.typ) == kinds]
    if options.sheet and options.sheet not in book.sheet_names:
        raise FileRefused("ambiguous_sheet", file=member.name, sheets=", ".join(book.sheet_names))
    return {s: _head(book, s, member.name) for s in ([options.sheet] if options.sheet else shown)}


def _fitting(
    heads: dict[str, list[list[str]]], member: Member, profiles: Sequence[Profile]
) -> dict[str, tuple[int, Fit]]:
    """Return the sheets to read with their header row: those of one profile are all read where they are of one shape.

    Sheets with other headers, or with the same rows again, must be chosen from.
    """
    fits = {s: fit for s, rows in heads.items() if (fit := _fit(rows, profiles))}
    found = {s: fit for s, fit in fits.items() if any(map(any, heads[s][fit[0] + 1 :]))} or fits
    for name in {fit.profile.name for _, fit in found.values()}:
        alike = {s: number for s, (number, fit) in found.items() if fit.profile.name == name}
        shapes = {frozenset(filter(None, map(fold, heads[s][number]))) for s, number in alike.items()}
        below = [tuple(map(tuple, heads[s][number + 1 :])) for s, number in alike.items()]
        if len(shapes) > 1 or len({*below}) < len(below):
            raise FileRefused("ambiguous_sheet", file=member.name, sheets=", ".join(found))
    if not found:
        filled = [likely for rows in heads.values() if any(likely := fullest(r for r in rows if any(r)))]
        if not filled:
            raise FileRefused("empty_file", file=member.name)
        raise refuse(max(filled, key=lambda row: sum(map(bool, row))), profiles, member.name)
    return found


def _is_table(rows: list[list[str]]) -> bool:
    return sum(sum(map(bool, row)) > 1 for row in rows) > 1


def _head(book: calamine.CalamineWorkbook, sheet: str, file: str) -> list[list[str]]:
    rows = []
    try:
        for number, row in enumerate(_rows(book.get_sheet_by_name(sheet))):
            if number > _PREAMBLE:
                break
            rows.append([as_text(c) or "" for c in row])
    except calamine.CalamineError as error:
        raise FileRefused("corrupt", key="refused_damaged", file=file) from error
    return rows


def _fit(rows: list[list[str]], profiles: Sequence[Profile]) -> tuple[int, Fit] | None:
    fits = [(number, fit) for number, row in enumerate(rows) if (fit := recognise(row, profiles))]
    return max(fits, key=lambda f: (f[1].rank, -f[0]), default=None)


def _rows(data: calamine.CalamineSheet) -> Iterator[list[Any]]:
    """Yield the rows of a sheet from its very first, from the leftmost filled column on.

    A cell merged over several rows stands in each of them.
    """
    left = (data.start or (0, 0))[1]
    merged = {(first[0], first[1] - left): last[0] for first, last in data.merged_cell_ranges or ()}
    tall = {place: last for place, last in merged.items() if last > place[0]}
    columns = {column for _, column in tall}
    held: dict[int, tuple[int, Any]] = {}
    for number, row in enumerate(data.iter_rows()):
        for column in columns if len(row) else ():
            if (number, column) in tall:
                held[column] = tall[number, column], row[column]
            elif column in held and number <= held[column][0]:
                row[column] = held[column][1]
        yield row


class _Sheet:
    """One sheet as rows of text; the reader leaves error cells blank, so they are put back."""

    def __init__(self, book: calamine.CalamineWorkbook, sheet: str, errors: dict[tuple[int, int], str]) -> None:
        self.data = book.get_sheet_by_name(sheet)
        self.errors = errors
        self.left = (self.data.start or (0, 0))[1]
        self.numbers: set[int] = set()
        self.texts: set[int] = set()

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Yield (line from 1, values)."""
        for number, row in enumerate(_rows(self.data)):
            if self.errors:
                row = [self.errors.get((number, i + self.left), c) for i, c in enumerate(row)]
            yield number + 1, row

    def fill(
        self, con: duckdb.DuckDBPyConnection, header: int, header_rows: int, options: ReadOptions, name: str
    ) -> Raw:
        """Return the rows below the header as a table of text; a block at the end after a blank row is a footer."""
        rows = self.rows()
        before = [" ".join(as_text(c) or "" for c in next(rows)[1]) for _ in range(header)]
        named_in = [as_text(c) or "" for c in next(rows)[1]]
        first = next(rows, None)
        below = [as_text(c) or "" for c in first[1]] if first else []
        if header_rows == 2 and second_header(below):
            named_in, first = merged(named_in, below), None
        headers = trimmed(named_in)
        if len(headers) > options.limits.max_columns:
            raise FileRefused("too_many_columns", file=name, found=len(headers), allowed=options.limits.max_columns)
        filler, held, blank = (
            Filler(con, fresh("raw"), headers, mended if options.mend else None),
            list[tuple[int, Cells]](),
            False,
        )
        for line, values in chain([first] if first else [], rows):
            cells = [as_text(c) for c in values]
            filled = sum(c is not None for c in cells)
            if not filled:
                blank = True
            elif filled <= max(1, named(headers) // 3) and (held or blank or is_footer([c or "" for c in cells])):
                held.append((line, cells))
            else:
                self._flush(filler, held)
                self._add(filler, line, cells, values)
                blank = False
        beside = [*before, *(" ".join(c or "" for c in cells) for _, cells in held)]
        return replace(filler.done(frozenset(self.numbers - self.texts)), zone=zones.said(beside))

    def _flush(self, filler: Filler, held: list[tuple[int, Cells]]) -> None:
        for line, cells in held:
            self._add(filler, line, cells, cells)
        held.clear()

    def _add(self, filler: Filler, line: int, cells: Cells, values: Sequence[object]) -> None:
        width = len(filler.headers)
        if any(cells[width:]):
            filler.reject(Aside(line, "ragged_row", f"{len(cells)} / {width}", cells))
            return
        for index, value in enumerate(values[:width]):
            if isinstance(value, float):
                self.numbers.add(index)
            elif isinstance(value, str) and any(c.isdigit() for c in value):
                self.texts.add(index)
        filler.add(line, (cells + [None] * width)[:width])


def as_text(value: object) -> str | None:
    """Return a cell as an export in text would write it: ISO times, whole numbers without a point."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _DIGITS else repr(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    if isinstance(value, dt.timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)
