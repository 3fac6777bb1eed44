"""Tables saved as a web page or as Excel's XML are read like any other: text alone, nothing of the page is run."""

import re
from pathlib import Path

import duckdb
import pytest

from insights import sources
from insights.errors import FileRefused
from insights.sources import ReadOptions
from insights.sources.proposing.glance import glance

HEAD = "ticket_id,customer_id,created_at,status,subject"
ROWS = ["T-1,C-1,2026-01-05 10:00,open,Ayşe & Co", "T-2,C-2,2026-01-06 10:00,solved,=1+1 <b>"]
PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>{charset}<style>td {{ }} table</style>
<table border=1><tr><td colspan=5><b>Talep &Ouml;zeti</b></td></tr>
<tr><th>ticket_id<th>customer_id<th>created_at<th>status<th>subject</tr>
<tr><td x:num="1">T-1</td><td>C-1</td><td>2026-01-05&nbsp;10:00</td><td>open</td>
<td><a href="http://example.invalid/?a" title="x > y">Ayşe<br>&amp; Co</a>
<script>document.write('<td>no</td>')</script></td></tr>
<tr><td>T-2<td>C-2<td>2026-01-06 10:00<td>solved<!-- <td>no --><td>=1+1 &lt;b&gt;</table></body></html>"""
CELL = '<Cell{place}><Data ss:Type="String">{said}</Data></Cell>'


def staged(path: Path, table: str = "tickets", **options: str) -> list[tuple[str, ...]]:
    con = duckdb.connect()
    files = list(sources.stage(con, path, sources.profiles(), ReadOptions(**options)))  # type: ignore[arg-type]
    (file,) = files
    assert file.rows_rejected == 0
    columns = "ticket_id, customer_id, created_at::VARCHAR, status, subject"
    return con.execute(f"SELECT {columns} FROM {file.tables[table]} ORDER BY 1").fetchall()


def plain(folder: Path, rows: list[str] = ROWS) -> list[tuple[str, ...]]:
    """Return what the same table gives as CSV."""
    (folder / "plain.csv").write_text("\n".join([HEAD, *rows]), "utf-8")
    return staged(folder / "plain.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1254", "utf-16"])
def test_a_page_named_xls_gives_what_the_same_table_gives_as_csv(tmp_path: Path, encoding: str) -> None:
    said = f'<meta http-equiv=Content-Type content="text/html; charset={encoding}">'
    (tmp_path / "export.xls").write_bytes(PAGE.format(charset=said).encode(encoding))
    assert staged(tmp_path / "export.xls") == plain(tmp_path)


def test_a_page_that_names_no_encoding_is_read_as_asked(tmp_path: Path) -> None:
    (tmp_path / "export.xls").write_bytes(PAGE.format(charset="").encode("iso-8859-9"))
    assert staged(tmp_path / "export.xls", encoding="iso-8859-9") == plain(tmp_path)


def test_excels_xml_is_read_with_cells_left_out_and_notes_passed_over(tmp_path: Path) -> None:
    def row(*cells: str) -> str:
        return f"<Row>{''.join(cells)}</Row>"

    def cell(said: str, place: int = 0) -> str:
        return CELL.format(said=said, place=f' ss:Index="{place}"' if place else "")

    note = '<Cell><Data ss:Type="String">T-1</Data><Comment ss:Author="x"><ss:Data>no</ss:Data></Comment></Cell>'
    first = map(cell, ["C-1", "2026-01-05T10:00:00.000", "open", "Ayşe &amp; Co"])
    body = [
        row(*map(cell, HEAD.split(","))),
        row(note, *first),
        row(cell("T-2"), cell("C-2"), cell("2026-01-06T10:00:00.000"), "<Cell/>", cell("A &lt;b&gt;")),
        row(cell("T-3"), cell("C-3"), cell("2026-01-06T10:00:00.000"), cell("B", 5)),
    ]
    book = f"""<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
    <Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
    xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
    <Styles><Style ss:ID="d"/></Styles><Worksheet ss:Name="S"><Table>{"".join(body)}</Table></Worksheet></Workbook>"""
    (tmp_path / "export.xls").write_text(book, "utf-8")
    rows = [ROWS[0], "T-2,C-2,2026-01-06 10:00,,A <b>", "T-3,C-3,2026-01-06 10:00,,B"]
    assert staged(tmp_path / "export.xls") == plain(tmp_path, rows)


def test_cells_over_several_rows_hold_for_each_and_a_header_under_groups_is_found(tmp_path: Path) -> None:
    page = """<table><tr><td rowspan=2>ticket_id<td rowspan=2>customer_id<td colspan=2>Durum<td rowspan=2>subject
    <tr><td>created_at<td>status
    <tr><td>T-1<td rowspan=2>C-1<td>2026-01-05 10:00<td>open<td>A<tr><td>T-2<td>2026-01-06 10:00<td>open<td>B</table>"""
    (tmp_path / "export.xls").write_text(page, "utf-8")
    rows = ["T-1,C-1,2026-01-05 10:00,open,A", "T-2,C-1,2026-01-06 10:00,open,B"]
    assert staged(tmp_path / "export.xls") == plain(tmp_path, rows)


def test_a_report_of_several_pages_is_one_table_and_how_a_page_is_laid_out_is_none(tmp_path: Path) -> None:
    def table(row: str) -> str:
        lines = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in line.split(','))}</tr>" for line in (HEAD, row))
        return f"<table>{lines}</table>"

    first, second = "T-1,C-1,2026-01-05 10:00,open,A", "T-2,C-1,2026-01-06 10:00,open,B"
    page = f"<html><table><tr><td>Logo<td>Title<tr><td>{table(first)}<tr><td>{table(second)}</table></html>"
    (tmp_path / "export.xls").write_text(page, "utf-8")
    assert staged(tmp_path / "export.xls") == plain(tmp_path, [first, second])


BOOK = """<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">{sheets}</Workbook>"""


def sheet(name: str, rows: list[str]) -> str:
    """Return a sheet of Excel's XML."""
    lines = "".join(f"<Row>{''.join(CELL.format(said=c, place='') for c in row.split(','))}</Row>" for row in rows)
    return f'<Worksheet ss:Name="{name}"><Table>{lines}</Table></Worksheet>'


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ('<td tabindex="4" aria-colindex="2">A', "A"),
        ("<td title=O'Brien>A", "A"),
        ('<td title="a < b" class=x>A', "A"),
        ("<td>5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("<td>Ali <ali@example.invalid> yazdı", "Ali <ali@example.invalid> yazdı"),
        ("<td><![CDATA[a <b> &amp; c]]>", "a <b> &amp; c"),
        ("", ""),
    ],
    ids=["numbered", "apostrophe", "tag in a value", "less than", "address", "letters as they stand", "left out"],
)
def test_no_cell_is_lost_or_moved_by_how_a_page_is_written(tmp_path: Path, cell: str, said: str) -> None:
    first = "<tr><td>T-1<td>C-1<td>2026-01-05 10:00<td>open" + cell
    second = "<tr>" + "".join(f"<td>{c}" for c in ROWS[0].replace("T-1", "T-2").replace("&", "&amp;").split(","))
    head = "".join(f"<th>{h}" for h in HEAD.split(","))
    style = "<style>" + ".a { b: c }" * 20_000 + "</style>"
    (tmp_path / "export.xls").write_text(f"<html>{style}<table><tr>{head}{first}{second}</table>", "utf-8")
    rows = [f"T-1,C-1,2026-01-05 10:00,open,{said}", ROWS[0].replace("T-1", "T-2")]
    assert staged(tmp_path / "export.xls") == plain(tmp_path, rows)


@pytest.mark.parametrize("part", range(1, 20))
def test_what_breaks_off_is_refused_whole(tmp_path: Path, part: int) -> None:
    for whole in (PAGE.format(charset=""), BOOK.format(sheets=sheet("S", [HEAD, *ROWS]) + sheet("T", [HEAD, *ROWS]))):
        begun = re.search("</tr>|</Row>", whole)
        assert begun
        cut = begun.end() + (whole.rindex("</table>" if "</table>" in whole else "</Work") - begun.end()) * part // 19
        (tmp_path / "export.xls").write_text(whole[:cut], "utf-8")
        with pytest.raises(FileRefused) as refused:
            staged(tmp_path / "export.xls")
        assert refused.value.kind == "truncated"


def test_letters_a_page_spells_out_are_read_whatever_encoding_is_asked_for(tmp_path: Path) -> None:
    page = f"<table><tr><th>{HEAD.replace(',', '<th>')}<tr><td>T-1<td>C-1<td>2026-01-05<td>open<td>5 &euro; ş</table>"
    (tmp_path / "export.xls").write_bytes(page.encode("iso-8859-9"))
    rows = plain(tmp_path, ["T-1,C-1,2026-01-05,open,5 € ş"])
    assert staged(tmp_path / "export.xls", encoding="iso-8859-9") == rows
    sample = glance(tmp_path / "export.xls", "export.xls", tmp_path, ReadOptions(encoding="iso-8859-9"))
    assert sample.facts["subject"].cells == ("5 € ş",)
    assert staged(sample.whole, encoding=str(sample.encoding)) == rows


def test_a_page_that_names_an_encoding_it_cannot_be_in_is_read(tmp_path: Path) -> None:
    (tmp_path / "export.xls").write_text(PAGE.format(charset="<meta charset=utf-16>"), "utf-8")
    assert staged(tmp_path / "export.xls") == plain(tmp_path)


def test_a_book_of_several_sheets_is_asked_for_one_and_the_others_are_named(tmp_path: Path) -> None:
    sheets = sheet("Özet", ["a,b,c"] * 3) + sheet("Talepler &amp; İş", [HEAD, *ROWS])
    (tmp_path / "export.xls").write_text(BOOK.format(sheets=sheets), "utf-8")
    with pytest.raises(FileRefused) as refused:
        staged(tmp_path / "export.xls")
    assert (refused.value.kind, refused.value.details["sheets"]) == ("ambiguous_sheet", "Özet, Talepler & İş")
    with pytest.raises(FileRefused) as refused:
        staged(tmp_path / "export.xls", sheet="Mart")
    assert refused.value.kind == "ambiguous_sheet"
    rows = [r.replace("<b>", "").replace("</b>", "") for r in ROWS]
    assert [r[0] for r in staged(tmp_path / "export.xls", sheet="Talepler & İş")] == [
        r[0] for r in plain(tmp_path, rows)
    ]
    (file,) = sources.stage(
        duckdb.connect(), tmp_path / "export.xls", sources.profiles(), ReadOptions(sheet="Talepler & İş")
    )
    assert [(n.kind, n.values) for n in file.notices] == [("sheets_left", {"sheets": ["Özet"]})]


def test_tables_of_a_page_that_were_not_read_are_counted(tmp_path: Path) -> None:
    small = "<table>" + "<tr><td>a<td>b" * 2 + "</table>"
    (tmp_path / "export.xls").write_text(small + PAGE.format(charset="") + small, "utf-8")
    (file,) = sources.stage(duckdb.connect(), tmp_path / "export.xls", sources.profiles(), ReadOptions())
    assert [(n.kind, n.values) for n in file.notices] == [("tables_left", {"count": 2})]


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        ("<html><form><table><tr><td>Name<td><input></table></form></html>", "unsupported_type"),
        ("<html><table><tr><td>a<td>b</table></html>", "empty_file"),
        (f'<!DOCTYPE x [<!ENTITY a "b">]>{PAGE}', "xml_entities"),
        ("<table>" * 40 + "<tr>", "too_deep"),
        ("<table><tr>" + "<td colspan=1000>x" * 9, "too_many_columns"),
        (f"<table><tr><td rowspan=60000>{'x' * 9_000}<td>a" + "<tr><td>b<td>c" * 60_000, "archive_bomb"),
        ("<table>" + "<tr><td>a<td>b" * 4 + "</table><table>" + "<tr><td>c<td>d" * 4 + "</table>", "ambiguous_sheet"),
    ],
    ids=["no table", "no row", "entities", "deep", "wide", "bomb", "two tables"],
)
def test_a_page_without_one_table_and_one_that_means_harm_is_refused(tmp_path: Path, page: str, kind: str) -> None:
    (tmp_path / "export.xls").write_text(page, "utf-8")
    with pytest.raises(FileRefused) as refused:
        staged(tmp_path / "export.xls")
    assert refused.value.kind == kind
