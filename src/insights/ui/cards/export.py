"""Downloads that explain themselves: CSV for machines, a workbook whose last sheet says what was asked of what data."""

import datetime as dt
import decimal
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any

import xlsxwriter

from insights.spreadsheet import write_csv
from insights.ui.run import seen

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_575
Table = Iterable[Mapping[str, Any]]


def csv_bytes(rows: Table) -> bytes:
    """Return rows as CSV that Excel opens as UTF-8: raw values, ISO times, formulas made harmless."""
    made = io.BytesIO(b"\xef\xbb\xbf")
    made.seek(0, io.SEEK_END)
    out = io.TextIOWrapper(made, "utf-8", newline="")
    write_csv(({k: _plain(v) for k, v in row.items()} for row in _noted(rows)), out)
    out.flush()
    return made.getvalue()


def _noted(rows: Table) -> Iterator[Mapping[str, Any]]:
    for row in rows:
        seen.note([row])
        yield row


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat(sep=" ") if isinstance(value, dt.datetime) else value.isoformat()
    return value


def xlsx_bytes(sheets: Mapping[str, Table], about: Sequence[tuple[str, str]], about_title: str) -> bytes:
    """Return a workbook: one sheet per table, and one that says filters, definitions, as-of and row counts.

    Rows are written as they come, so that a table of any length takes no more memory than the file.
    """
    out = io.BytesIO()
    plain = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with xlsxwriter.Workbook(out, {"constant_memory": True, **plain}) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        taken: set[str] = set()
        for title, columns, rows in _that_fit(sheets):
            sheet = book.add_worksheet(_sheet_name(title, taken))
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, max(len(columns) - 1, 0), 18)
            sheet.write_row(0, 0, columns, bold)
            for y, row in enumerate(rows, start=1):
                for x, column in enumerate(columns):
                    _write(sheet, y, x, row.get(column), day)
        sheet = book.add_worksheet(_sheet_name(about_title, taken))
        for y, (label, value) in enumerate(about):
            sheet.write_string(y, 0, label, bold)
            sheet.write_string(y, 1, value)
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 110)
    return out.getvalue()


def _that_fit(sheets: Mapping[str, Table]) -> Iterator[tuple[str, Sequence[str], Table]]:
    """Yield tables with their columns, in parts a sheet can hold: none loses a row."""
    for title, rows in sheets.items():
        rest = _noted(rows)
        first = next(rest, None)
        known = dict.fromkeys(k for row in rows for k in row) if isinstance(rows, Sequence) else first or ()
        yield title, list(known), chain([] if first is None else [first], islice(rest, MOST_ROWS - 1))
        while (first := next(rest, None)) is not None:
            yield title, list(known), chain([first], islice(rest, MOST_ROWS - 1))


def _write(sheet: Any, y: int, x: int, value: Any, day: Any) -> None:
    if value is None or value != value:
        sheet.write_blank(y, x, None)
    elif isinstance(value, bool):
        sheet.write_boolean(y, x, value)
    elif isinstance(value, int | float | decimal.Decimal):
        sheet.write_number(y, x, float(value))
    elif isinstance(value, dt.datetime):
        sheet.write_datetime(y, x, value, day)
    elif isinstance(value, dt.date):
        sheet.write_string(y, x, value.isoformat())
    else:
        sheet.write_string(y, x, str(value)[:32767])


def _sheet_name(title: str, taken: set[str]) -> str:
    base = "".join(c for c in title if c not in "[]:*?/\\'")[:28].strip() or "-"
    name = next(n for n in (base, *(f"{base} {i}" for i in range(2, 1000))) if n.lower() not in taken)
    taken.add(name.lower())
    return name
