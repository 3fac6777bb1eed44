"""Downloads that explain themselves: CSV for machines, a workbook whose last sheet says what was asked of what data."""

import csv
import datetime as dt
import decimal
import io
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st
import xlsxwriter

from insights import texts
from insights.filters import Filters
from insights.ui.run import Rows, Run, data, here, local, names, t
from insights.ui.run.safe import cell

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_575


def csv_bytes(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return rows as CSV that Excel opens as UTF-8: raw values, ISO times, formulas made harmless."""
    out, writer = io.StringIO(), None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(out, list(row), extrasaction="ignore")
            writer.writeheader()
        writer.writerow({k: _plain(v) for k, v in row.items()})
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat(sep=" ") if isinstance(value, dt.datetime) else value.isoformat()
    return "" if value is None else cell(value)


def xlsx_bytes(sheets: Mapping[str, Rows], about: Sequence[tuple[str, str]], about_title: str) -> bytes:
    """Return a workbook: one sheet per table, and one that says filters, definitions, as-of and row counts."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        taken: set[str] = set()
        for title, rows in sheets.items():
            sheet = book.add_worksheet(_sheet_name(title, taken))
            columns = list(dict.fromkeys(k for row in rows for k in row))
            sheet.write_row(0, 0, columns, bold)
            for y, row in enumerate(rows[:MOST_ROWS], start=1):
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
    base = "".join(c for c in title if c not in "[]:*?/\\'")[:28].strip() or "?"
    name = next(n for n in (base, *(f"{base} {i}" for i in range(2, 1000))) if n.lower() not in taken)
    taken.add(name.lower())
    return name


def about(run: Run, keys: Iterable[str]) -> list[tuple[str, str]]:
    """Return what a reader of the file must know: page, filters, data state, and each metric's definition."""
    language, chosen = run.language, run.filters
    period = f"{chosen.since or run.first or texts.DASH} … {chosen.until}"
    found = [
        (texts.t("ui.page", language), texts.t(f"pages.{run.page}.title", language)),
        (texts.t("ui.period", language), period),
    ]
    for dimension, values in chosen.values:
        said = ", ".join(names.name_of(dimension, v, language) for v in values)
        found.append((texts.t(f"dimensions.{dimension}", language), said))
    as_of = texts.moment(local(chosen.as_of or run.data.as_of), language)
    found += [
        (texts.t("ui.clock", language), texts.t(f"ui.clock_{chosen.clock}", language)),
        (texts.t("ui.as_of", language), f"{as_of} ({run.settings.company.time_zone})"),
        (texts.t("ui.warehouse_version", language), str(run.data.version)),
        (texts.t("reconcile_page.rules", language), texts.word("rules", data.rules(), language)),
    ]
    for title, rows in run.exports.items():
        found.append((texts.t("ui.rows_in", language, table=title), texts.decimal_text(len(rows), language)))
    for key in dict.fromkeys(keys):
        found.append((f"{names.name(key)} ({key})", texts.t(f"metrics.{key}.definition", language)))
    return found


def popover() -> None:
    """Draw the page's one export button: the tables shown, as CSV or as a workbook."""
    run = here()
    if not run.exports:
        return
    keys = [row["metric"] for rows in run.exports.values() for row in rows if "metric" in row]
    facts, title, stem = about(run, keys), t("ui.about_sheet"), f"{run.page}-{run.filters.until}"
    with st.popover(t("ui.export"), icon=":material/download:", key="export"):
        st.caption(t("ui.export_help"))
        st.download_button(
            t("ui.export_xlsx"), lambda: xlsx_bytes(run.exports, facts, title), f"{stem}.xlsx", XLSX, on_click="ignore",
            icon=":material/table_view:", width="stretch", key="export_xlsx",
        )  # fmt: skip
        for i, (name, rows) in enumerate(run.exports.items()):
            st.download_button(
                f"{name} · CSV", partial(csv_bytes, rows), f"{stem}-{i + 1}.csv", "text/csv", on_click="ignore",
                icon=":material/csv:", width="stretch", key=f"export_csv_{i}",
            )  # fmt: skip


def rows_button(key: str, filters: Filters, *, excluded: bool = False) -> None:
    """Draw the download of all rows behind a number, or of those left out; built only when clicked."""
    run = here()
    st.download_button(
        t("ui.download_all"), lambda: csv_bytes(data.behind(key, filters=filters, excluded=excluded, run=run)),
        f"{key}{'-excluded' if excluded else ''}.csv", "text/csv", on_click="ignore", icon=":material/download:",
        key=f"download_{key}_{excluded}",
    )  # fmt: skip
