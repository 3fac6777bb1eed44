"""Downloads that explain themselves: CSV for machines, a workbook whose last sheet says what was asked of what data."""

import datetime as dt
import decimal
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import xlsxwriter

from insights.spreadsheet import write_csv
from insights.ui.run import Rows, seen

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_575


def csv_bytes(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return rows as CSV that Excel opens as UTF-8: raw values, ISO times, formulas made harmless."""
    out, rows = io.StringIO(), list(rows)
    seen.note(rows)
    write_csv(({k: _plain(v) for k, v in row.items()} for row in rows), out)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat(sep=" ") if isinstance(value, dt.datetime) else value.isoformat()
    return value


def xlsx_bytes(sheets: Mapping[str, Rows], about: Sequence[tuple[str, str]], about_title: str) -> bytes:
    """Return a workbook: one sheet per table, and one that says filters, definitions, as-of and row counts."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        taken: set[str] = set()
        for title, rows in _that_fit(sheets):
            seen.note(rows)
            sheet = book.add_worksheet(_sheet_name(title, taken))
            columns = list(dict.fromkeys(k for row in rows for k in row))
            sheet.write_row(0, 0, columns, bold)
            for y, row in enumerate(rows, start=1):
                for x, column in enumerate(columns):
                    _write(sheet, y, x, row.get(column), day)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, max(len(columns) - 1, 0), 18)
        sheet = book.add_worksheet(_sheet_name(about_title, taken))
        for y, (label, value) in enumerate(about):
            sheet.write_string(y, 0, label, bold)
            sheet.write_string(y, 1, value)
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 110)
    return out.getvalue()


def _that_fit(sheets: Mapping[str, Rows]) -> Iterator[tuple[str, Rows]]:
    """Yield tables in parts a sheet can hold: none loses a row."""
    for title, rows in sheets.items():
        for start in range(0, max(len(rows), 1), MOST_ROWS):
            yield title, rows[start : start + MOST_ROWS]


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
