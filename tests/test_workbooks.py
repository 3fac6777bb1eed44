"""Workbooks as people keep them: titles, a header under groups, merged cells, sheets beside the one that is read."""

from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from insights import sources
from insights.errors import FileRefused
from insights.sources import ReadOptions, StagedFile

NAMES = ("Ticket ID", "Created at", "Solved at", "Status", "Requester")


def kept(path: Path, further: bool = False) -> Path:
    """Write a report as offices do: title, groups above names, one requester merged over three rows."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Rapor")
        sheet.merge_range(0, 0, 0, 4, "Talep Raporu")
        sheet.write(1, 0, "Dönem: 2026")
        for column in (0, 3, 4):
            sheet.merge_range(3, column, 4, column, NAMES[column])
        sheet.merge_range(3, 1, 3, 2, "Zaman")
        sheet.write_row(4, 1, NAMES[1:3])
        for row in range(6):
            sheet.write_row(5 + row, 0, [f"T-{row}", 45660.5 + row, 45661.25 + row, "open"])
        sheet.merge_range(5, 4, 7, 4, "Ali")
        sheet.write_column(8, 4, ["Ece", "Ece", "Su"])
        hidden = book.add_worksheet("Gizli")
        hidden.hide()
        hidden.write_row(0, 0, ["a", "b"])
        hidden.write_row(1, 0, [1, 2])
        if further:
            other = book.add_worksheet("Mart")
            other.write_row(0, 0, ["x", "y"])
            other.write_row(1, 0, [1, 2])
    return path


def staged(con: duckdb.DuckDBPyConnection, path: Path) -> StagedFile:
    read = zip(("ticket_id", "created_at", "solved_at", "status", "customer_id"), NAMES, strict=True)
    toml = '[match]\nneeds = ["Ticket ID", "Requester"]\n[tickets]\n' + "".join(f'{c} = "{h}"\n' for c, h in read)
    mapping = path.with_suffix(".toml")
    mapping.write_text(f'name = "rapor"\nmain = "tickets"\n{toml}', "utf-8")
    (file,) = sources.stage(con, path, [sources.load_profile(mapping)], ReadOptions())
    return file


def test_a_header_under_groups_is_found_and_a_cell_over_several_rows_holds_for_each(tmp_path: Path) -> None:
    con = duckdb.connect()
    file = staged(con, kept(tmp_path / "rapor.xlsx"))
    columns = "ticket_id, customer_id, created_at::VARCHAR, solved_at::VARCHAR"
    found = con.execute(f"SELECT {columns} FROM {file.tables['tickets']} ORDER BY 1").fetchall()
    said = [
        (
            f"T-{n}",
            ["Ali", "Ali", "Ali", "Ece", "Ece", "Su"][n],
            f"2025-01-0{3 + n} 12:00:00",
            f"2025-01-0{4 + n} 06:00:00",
        )
        for n in range(6)
    ]
    assert (found, file.rows_read, file.rows_rejected) == (said, 6, 0)
    assert [n.kind for n in file.notices] == []


def test_a_sheet_that_holds_a_table_and_was_not_read_is_named_and_a_hidden_one_is_not(tmp_path: Path) -> None:
    file = staged(duckdb.connect(), kept(tmp_path / "rapor.xlsx", further=True))
    assert [(n.kind, n.values) for n in file.notices] == [("sheets_left", {"sheets": ["Mart"]})]


def test_a_table_far_from_the_corner_keeps_its_merged_and_its_failed_cells_where_they_stand(tmp_path: Path) -> None:
    top, left = 4, 2
    with xlsxwriter.Workbook(tmp_path / "far.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(top, left, ["ticket_id", "customer_id", "created_at", "status", "subject"])
        for row in range(6):
            sheet.write_row(top + 1 + row, left, [f"T-{row}", f"C-{row}", "2026-01-05 10:00", "open", f"S{row}"])
        sheet.merge_range(top + 1, left + 1, top + 3, left + 1, "Ali")
        sheet.write_formula(top + 6, left + 4, "=NA()", None, "#N/A")
    con = duckdb.connect()
    (file,) = sources.stage(con, tmp_path / "far.xlsx", sources.profiles(), ReadOptions())
    found = con.execute(f"SELECT customer_id, subject FROM {file.tables['tickets']} ORDER BY ticket_id").fetchall()
    assert found == [("Ali", "S0"), ("Ali", "S1"), ("Ali", "S2"), ("C-3", "S3"), ("C-4", "S4"), ("C-5", None)]
    set_aside = con.execute(f'SELECT line, "column", value, reason FROM {file.rejects}').fetchall()
    assert set_aside == [(top + 7, "subject", "#N/A", "cell_error")]


def monthly(path: Path, sheets: dict[str, tuple[tuple[str, ...], list[int]]]) -> Path:
    """Write a sheet a month: its headers, and the numbers of its rows."""
    with xlsxwriter.Workbook(path) as book:
        for name, (headers, rows) in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, headers)
            for place, row in enumerate(rows, start=1):
                cells = {
                    "ticket_id": f"T-{row}",
                    "customer_id": "C-1",
                    "created_at": "2026-01-05 10:00",
                    "status": "open",
                }
                sheet.write_row(place, 0, [cells.get(h, "x") for h in headers])
    return path


MONTH = ("ticket_id", "customer_id", "created_at", "status", "subject")


def test_sheets_of_one_shape_are_all_read_with_headers_in_any_order(tmp_path: Path) -> None:
    january, february = (MONTH, [1, 2]), (MONTH[::-1], [3])
    path = monthly(tmp_path / "year.xlsx", {"January": january, "February": february, "March": (MONTH, [])})
    con = duckdb.connect()
    files = list(sources.stage(con, path, sources.profiles(None), ReadOptions()))
    assert {f.name: f.rows_read for f in files} == {"year.xlsx#January": 2, "year.xlsx#February": 1}
    rows = [r for f in files for (r,) in con.execute(f"SELECT ticket_id FROM {f.tables['tickets']}").fetchall()]
    assert sorted(rows) == ["T-1", "T-2", "T-3"]


@pytest.mark.parametrize("second", [((*MONTH, "priority"), [3]), (MONTH, [1, 2])], ids=["another shape", "a copy"])
def test_sheets_of_another_shape_or_with_the_same_rows_must_be_chosen_from(
    tmp_path: Path, second: tuple[tuple[str, ...], list[int]]
) -> None:
    path = monthly(tmp_path / "two.xlsx", {"January": (MONTH, [1, 2]), "All": second})
    with pytest.raises(FileRefused) as refused:
        list(sources.stage(duckdb.connect(), path, sources.profiles(None), ReadOptions()))
    assert (refused.value.kind, refused.value.details["sheets"]) == ("ambiguous_sheet", "January, All")
    (file,) = sources.stage(duckdb.connect(), path, sources.profiles(None), ReadOptions(sheet="January"))
    assert file.rows_read == 2
