"""Spreadsheets (XLSX, XLS, ODS) and Parquet, written byte by byte so that they can be wrong in any place."""

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

import pyarrow as pa
import pyarrow.parquet as pq

from corpus.case import HEAD, PLAIN, case, refused

Cell = str | float | int | bool | None | dt.datetime
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
EPOCH = dt.datetime(1899, 12, 30)
STYLES = f'<styleSheet {MAIN}><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>'


class Raw(str):
    """A cell written as XML, with {ref} for its place."""


def serial(at: dt.datetime) -> float:
    """Return a time as a spreadsheet counts it."""
    return (at - EPOCH) / dt.timedelta(days=1)


def place(row: int, column: int) -> str:
    """Return A1 for 0, 0."""
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def cell(value: Cell, ref: str) -> str:
    """Return one cell as XML."""
    match value:
        case None:
            return ""
        case Raw():
            return value.replace("{ref}", ref)
        case bool():
            return f'<c r="{ref}" t="b"><v>{int(value)}</v></c>'
        case int() | float():
            return f'<c r="{ref}"><v>{value!r}</v></c>'
        case dt.datetime():
            return f'<c r="{ref}" s="1"><v>{serial(value)!r}</v></c>'
    return f'<c r="{ref}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def sheet(rows: Sequence[Sequence[Cell]], dimension: str = "", columns: str = "") -> str:
    """Return a worksheet as XML."""
    body = "".join(
        f'<row r="{r + 1}">{"".join(cell(v, place(r, c)) for c, v in enumerate(row))}</row>'
        for r, row in enumerate(rows)
    )
    claim = f"<dimension ref={quoteattr(dimension)}/>" if dimension else ""
    return f"{XML}<worksheet {MAIN}>{claim}{columns}<sheetData>{body}</sheetData></worksheet>"


def xlsx(
    sheets: Mapping[str, Sequence[Sequence[Cell]] | str],
    parts: Mapping[str, str | bytes] | None = None,
    *,
    dimension: str = "",
    columns: str = "",
    hidden: Sequence[str] = (),
) -> bytes:
    """Return a workbook; a sheet is rows of cells or its XML; `parts` adds or replaces parts of the package."""
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}"{" state=" + quoteattr("hidden") if name in hidden else ""} r:id="r{n}"/>'
        for n, name in enumerate(sheets, 1)
    )
    links = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    package: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'{XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f"{XML}<workbook {MAIN}><sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}<Relationship Id="rs" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": XML + STYLES,
    }
    for n, rows in enumerate(sheets.values(), 1):
        package[f"xl/worksheets/sheet{n}.xml"] = rows if isinstance(rows, str) else sheet(rows, dimension, columns)
    return packed({**package, **(parts or {})})


def packed(package: Mapping[str, str | bytes]) -> bytes:
    """Return a zip package that is the same every time."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in package.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def ods(sheets: Mapping[str, Sequence[Sequence[Cell]]], doctype: str = "", rest: str = "") -> bytes:
    """Return an OpenDocument spreadsheet; `rest` is XML after the last row."""

    def one(value: Cell) -> str:
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, dt.datetime):
            return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"><text:p>{value}</text:p></table:table-cell>'
        if isinstance(value, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'

    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>"
        + "".join(f"<table:table-row>{''.join(map(one, row))}</table:table-row>" for row in rows)
        + f"{rest}</table:table>"
        for name, rows in sheets.items()
    )
    base = "urn:oasis:names:tc:opendocument:xmlns"
    content = f'{XML}{doctype}<office:document-content xmlns:office="{base}:office:1.0" xmlns:table="{base}:table:1.0" xmlns:text="{base}:text:1.0" office:version="1.2"><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = f'{XML}<manifest:manifest xmlns:manifest="{base}:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    return packed({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Return an OLE compound file (old Excel, or the container of an encrypted workbook)."""
    end, free, fat_sector, size = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 512
    padded = {name: data.ljust(max(4096, -(-len(data) // size) * size), b"\0") for name, data in streams.items()}
    fat, body, starts = [fat_sector, end], b"", {}
    for name, data in padded.items():
        starts[name], count = len(fat), len(data) // size
        fat += [*range(len(fat) + 1, len(fat) + count), end]
        body += data

    def entry(name: str, kind: int, start: int, length: int, child: int = free, right: int = free) -> bytes:
        text = name.encode("utf-16-le") + b"\0\0"
        return (
            text.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(text), kind, 1, free, right, child)
            + b"\0" * 36
            + struct.pack("<IQ", start, length)
        )

    names = list(padded)
    directory = entry("Root Entry", 5, end, 0, child=1)
    for n, name in enumerate(names, 1):
        directory += entry(name, 2, starts[name], len(padded[name]), right=n + 1 if n < len(names) else free)
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 16
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + b"\0" * 6
        + struct.pack("<IIIIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0, 0, free)
    )
    header = header[:80] + b"\xff" * (512 - 80)
    header = header[:76] + struct.pack("<I", 0) + header[80:]
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(size, b"\xff")
    return header + table + directory.ljust(size, b"\0") + body


def xls(rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return an Excel 97 workbook of one sheet."""

    def record(kind: int, data: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    def one(r: int, c: int, value: Cell) -> bytes:
        if isinstance(value, dt.datetime):
            return record(0x0203, struct.pack("<HHHd", r, c, 1, serial(value)))
        if isinstance(value, int | float):
            return record(0x0203, struct.pack("<HHHd", r, c, 0, value))
        text = str(value).encode("utf-16-le")
        return record(0x0204, struct.pack("<HHHHB", r, c, 0, len(text) // 2, 1) + text)

    start = struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    name = b"Tickets"
    looks = b"".join(record(0x00E0, struct.pack("<HH", 0, form).ljust(20, b"\0")) for form in (0, 22))
    before = record(0x0809, start) + record(0x0042, struct.pack("<H", 1200)) + looks
    at = len(before) + 4 + 8 + len(name) + 4
    whole = before + record(0x0085, struct.pack("<IBBBB", at, 0, 0, len(name), 0) + name) + record(0x000A)
    cells = b"".join(one(r, c, v) for r, row in enumerate(rows) for c, v in enumerate(row) if v is not None)
    return compound({"Workbook": whole + record(0x0809, start[:2] + b"\x10\0" + start[4:]) + cells + record(0x000A)})


def parquet(**columns: object) -> bytes:
    """Return a Parquet file of these columns."""
    target = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), target)
    return bytes(target.getvalue().to_pybytes())


TEXT = [line.split(",") for line in PLAIN.splitlines()]
WHEN = [dt.datetime(2026, 1, 5, 10), dt.datetime(2026, 1, 13, 11, 30), dt.datetime(2026, 2, 20, 9, 15)]
HEADER = HEAD.split(",")
TYPED: list[list[Cell]] = [list(HEADER), *([f"T-{n}", f"C-{n}", "open", at] for n, at in enumerate(WHEN, 1))]
FIRST = {"T-1": {"customer_id": "C-1", "status": "open", "created_at": "2026-01-05 10:00:00"}}
OTHER = [["foo", "bar"], ["1", "2"]]
LOCKED = compound({"EncryptionInfo": b"\4\0\4\0\x40\0\0\0<?xml", "EncryptedPackage": b"\x99" * 5000})
GAP = '<table:table-row table:number-rows-repeated="{rows}"/><table:table-row><table:table-cell table:number-columns-repeated="{columns}"/><table:table-cell office:value-type="float" office:value="1"/></table:table-row>'
EVERYWHERE = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="1900" office:value-type="float" office:value="1"/></table:table-row>'
DOCTYPE = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
EVIL = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
ERROR = Raw('<c r="{ref}" t="e"><v>#REF!</v></c>')
COLUMNS = {
    "ticket_id": ["T-1", "T-2", "T-3"],
    "customer_id": ["C-1", "C-2", "C-3"],
    "status": ["open", "solved", "new"],
}


def first_row(**cells: Cell) -> bytes:
    """Return a workbook whose first ticket has these cells, in more columns where needed."""
    more = [k for k in cells if k not in HEADER]
    one = dict(zip(HEADER, TYPED[1], strict=True)) | cells
    return xlsx({"S": [[*HEADER, *more], [one[k] for k in (*HEADER, *more)], *TYPED[2:]]})


def with_part(part: str, text: str, old: str) -> bytes:
    """Return a good workbook with `text` put before `old` in the XML of a part."""
    good = {
        "xl/workbook.xml": f'{XML}<workbook {MAIN}><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": sheet(TYPED),
        "xl/styles.xml": XML + STYLES,
    }
    return xlsx({"S": TYPED}, {part: good[part].replace(old, text + old, 1)})


CASES = [
    case("xlsx_dates_as_dates", xlsx({"Sheet1": TYPED}), 3, cells=FIRST, file="a.xlsx"),
    case("xlsx_dates_as_text", xlsx({"Sheet1": TEXT}), 3, cells=FIRST, file="a.xlsx"),
    case(
        "xlsx_dates_as_turkish_text",
        xlsx({"S": [HEADER, ["T-1", "C-1", "AÇIK", "05.01.2026 10:00"], ["T-2", "C-2", "KAPALI", "31.01.2026 10:00"]]}),
        2,
        cells=FIRST,
        file="a.xlsx",
    ),
    case(
        "xlsx_dates_as_serials",
        xlsx({"S": [HEADER, ["T-1", "C-1", "open", serial(WHEN[0])], ["T-2", "C-2", "open", 46035]]}),
        2,
        cells=FIRST,
        file="a.xlsx",
    ),
    case(
        "xlsx_dates_and_texts_mixed",
        xlsx({"S": [HEADER, ["T-1", "C-1", "open", WHEN[0]], ["T-2", "C-2", "open", "31.01.2026 10:00"]]}),
        2,
        cells=FIRST,
        file="a.xlsx",
    ),
    case(
        "xlsx_numbers_as_ids",
        first_row(ticket_id=1001, customer_id=17850.0),
        3,
        cells={"1001": {"customer_id": "17850"}},
        file="a.xlsx",
    ),
    case(
        "xlsx_large_numbers_as_ids",
        first_row(ticket_id=123456789012345),
        3,
        cells={"123456789012345": {"customer_id": "C-1"}},
        file="a.xlsx",
    ),
    case(
        "xlsx_text_ids_keep_their_zeros",
        first_row(ticket_id="00012"),
        3,
        cells={"00012": {"customer_id": "C-1"}},
        file="a.xlsx",
    ),
    case(
        "xlsx_numbers_are_never_ambiguous",
        xlsx(
            {
                "S": [
                    ["order_id", "customer_id", "ordered_at", "status", "amount"],
                    ["T-1", "C-1", WHEN[0], "paid", 1.234],
                    ["T-2", "C-1", WHEN[0], "paid", 1234.5],
                ]
            }
        ),
        2,
        table="orders",
        cells={"T-1": {"amount": "1.23"}, "T-2": {"amount": "1234.50"}},
        file="a.xlsx",
    ),
    case(
        "xlsx_empty_cells_are_unknown",
        first_row(subject=None, solved_at=None),
        3,
        cells={"T-1": {"subject": None, "solved_at": None}},
        file="a.xlsx",
    ),
    case(
        "xlsx_empty_rows_between",
        xlsx({"S": [TYPED[0], [], TYPED[1], [], [], TYPED[2], []]}),
        2,
        cells=FIRST,
        file="a.xlsx",
    ),
    case(
        "xlsx_preamble_and_footer",
        xlsx({"S": [["Cases"], [], *TYPED, [], ["Confidential Information"]]}),
        3,
        cells=FIRST,
        file="a.xlsx",
    ),
    case(
        "xlsx_table_not_in_the_corner",
        xlsx({"S": [[], [], *([None, None, *row] for row in TYPED)]}),
        3,
        cells=FIRST,
        file="a.xlsx",
    ),
    case(
        "xlsx_formula_with_its_value",
        first_row(subject=Raw('<c r="{ref}" t="str"><f>A1&amp;"x"</f><v>computed</v></c>')),
        3,
        cells={"T-1": {"subject": "computed"}},
        file="a.xlsx",
    ),
    case(
        "xlsx_formula_never_computed",
        first_row(subject=Raw('<c r="{ref}"><f>WEBSERVICE("http://x")</f></c>')),
        3,
        cells={"T-1": {"subject": None}},
        file="a.xlsx",
    ),
    case(
        "xlsx_text_that_looks_like_a_formula",
        first_row(subject='=HYPERLINK("http://x","y")'),
        3,
        cells={"T-1": {"subject": '=HYPERLINK("http://x","y")'}},
        file="a.xlsx",
    ),
    case(
        "xlsx_errors_in_cells",
        first_row(category=ERROR, solved_at=ERROR),
        3,
        warnings={"cell_error": 2},
        cells={"T-1": {"category": None, "solved_at": None}},
        file="a.xlsx",
    ),
    case("xlsx_error_as_id", first_row(ticket_id=ERROR), 2, rejects={"cell_error": 1}, file="a.xlsx"),
    case("xlsx_error_as_creation", first_row(created_at=ERROR), 2, rejects={"cell_error": 1}, file="a.xlsx"),
    case("xlsx_true_and_false", first_row(at_fault=True), 3, cells={"T-1": {"at_fault": "true"}}, file="a.xlsx"),
    case(
        "xlsx_newlines_and_letters",
        first_row(subject="satır 1\nsatır 2 – ş 🙂 <b>&amp;"),
        3,
        cells={"T-1": {"subject": "satır 1\nsatır 2 – ş 🙂 <b>&amp;"}},
        file="a.xlsx",
    ),
    case("xlsx_claims_a_million_rows", xlsx({"S": TYPED}, dimension="A1:XFD1048576"), 3, cells=FIRST, file="a.xlsx"),
    case("xlsx_claims_one_cell", xlsx({"S": TYPED}, dimension="A1"), 3, cells=FIRST, file="a.xlsx"),
    case(
        "xlsx_one_cell_far_down",
        xlsx(
            {
                "S": sheet(TYPED).replace(
                    "</sheetData>",
                    '<row r="900000"><c r="A900000" t="inlineStr"><is><t>end</t></is></c></row></sheetData>',
                )
            }
        ),
        3,
        cells=FIRST,
        file="a.xlsx",
    ),
    case(
        "xlsx_hidden_guid_columns",
        xlsx(
            {
                "S": [
                    ["(Do Not Modify) Case", "(Do Not Modify) Row Checksum", *HEADER],
                    *(["0f8fad5b-d9cb-469f-a165-70867728950e", "abc=", *row] for row in TYPED[1:]),
                ]
            },
            columns='<cols><col min="1" max="2" hidden="1" width="0"/></cols>',
        ),
        3,
        cells=FIRST,
        file="a.xlsx",
    ),
    case(
        "xlsx_other_sheets_that_fit_nothing",
        xlsx({"Notes": [["Read me"]], "Data": TYPED, "Pivot": OTHER, "Empty": []}),
        3,
        cells=FIRST,
        file="a.xlsx",
    ),
    case(
        "xlsx_hidden_sheet_that_fits_nothing",
        xlsx({"hiddenSheet": OTHER, "Data": TYPED}, hidden=["hiddenSheet"]),
        3,
        cells=FIRST,
        file="a.xlsx",
    ),
    case(
        "xlsx_sheet_chosen",
        xlsx({"January": TYPED, "February": [TYPED[0], TYPED[1]]}),
        1,
        sheet="February",
        cells=FIRST,
        file="a.xlsx",
    ),
    case("xlsx_sheet_with_a_hostile_name", xlsx({"'; DROP TABLE x--": TYPED}), 3, cells=FIRST, file="a.xlsx"),
    case("xlsx_named_csv", xlsx({"S": TYPED}), 3, cells=FIRST, file="a.csv"),
    case("csv_named_xlsx", PLAIN, 3, cells=FIRST, file="a.xlsx"),
    case("csv_named_xls", PLAIN.replace(",", "\t"), 3, cells=FIRST, file="a.xls"),
    refused("xlsx_header_only", xlsx({"S": [HEADER]}), "empty_file", file="a.xlsx"),
    case("xlsx_bad_date", first_row(created_at="31.04.2026"), 2, rejects={"bad_date": 1}, file="a.xlsx"),
    case(
        "xlsx_date_before_the_epoch",
        first_row(created_at=Raw('<c r="{ref}" s="1"><v>-5</v></c>')),
        2,
        rejects={"bad_date": 1},
        file="a.xlsx",
    ),
    case(
        "xlsx_date_out_of_range",
        first_row(created_at=dt.datetime(2062, 1, 5)),
        2,
        rejects={"date_out_of_range": 1},
        file="a.xlsx",
    ),
    case(
        "xlsx_repeated_header",
        xlsx({"S": [*TYPED, HEADER, ["T-4", "C-4", "open", WHEN[0]]]}),
        4,
        rejects={"repeated_header": 1},
        file="a.xlsx",
    ),
    case(
        "xlsx_1904_dates",
        xlsx(
            {"S": [HEADER, ["T-1", "C-1", "open", Raw(f'<c r="{{ref}}" s="1"><v>{serial(WHEN[0]) - 1462}</v></c>')]]},
            {
                "xl/workbook.xml": f'{XML}<workbook {MAIN}><workbookPr date1904="1"/><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
            },
        ),
        1,
        cells=FIRST,
        file="a.xlsx",
    ),
    case("xls", xls(TYPED), 3, cells=FIRST, file="a.xls"),
    case("xls_named_csv", xls(TYPED), 3, cells=FIRST, file="a.csv"),
    case("ods", ods({"Sheet1": TYPED}), 3, cells=FIRST, file="a.ods"),
    case(
        "ods_with_rows_repeated_to_the_end",
        ods(
            {"Sheet1": TYPED},
            rest='<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16380"/></table:table-row>',
        ),
        3,
        cells=FIRST,
        file="a.ods",
    ),
    refused(
        "ods_cell_a_million_rows_down",
        ods({"Sheet1": TYPED}, rest=GAP.format(rows=1_048_570, columns=100)),
        "too_large",
        file="a.ods",
    ),
    refused(
        "ods_cell_far_right",
        ods({"Sheet1": TYPED}, rest=GAP.format(rows=1, columns=16_000)),
        "too_many_columns",
        file="a.ods",
    ),
    refused("ods_cell_repeated_everywhere", ods({"Sheet1": TYPED}, rest=EVERYWHERE), "too_large", file="a.ods"),
    case(
        "ods_cell_some_rows_down",
        ods({"Sheet1": TYPED}, rest=GAP.format(rows=5_000, columns=2)),
        3,
        cells=FIRST,
        file="a.ods",
    ),
    case("ods_texts", ods({"Sheet1": TEXT}), 3, cells=FIRST, file="a.ods"),
    refused("xlsx_two_sheets_that_fit", xlsx({"January": TYPED, "February": TYPED}), "ambiguous_sheet", file="a.xlsx"),
    refused("xlsx_sheet_that_is_not_there", xlsx({"January": TYPED}), "ambiguous_sheet", sheet="March", file="a.xlsx"),
    refused("xlsx_no_sheet_fits", xlsx({"A": OTHER, "B": OTHER}), "unrecognised_format", file="a.xlsx"),
    refused("xlsx_empty", xlsx({"S": []}), "empty_file", file="a.xlsx"),
    refused(
        "xlsx_one_cell_far_right",
        xlsx(
            {
                "S": sheet(TYPED).replace(
                    "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                )
            }
        ),
        "too_many_columns",
        file="a.xlsx",
    ),
    refused(
        "xlsx_one_cell_far_right_written_oddly",
        xlsx(
            {"S": sheet(TYPED).replace("</sheetData>", "<row><c s='1' r = 'XFD1048576'><v>1</v></c></row></sheetData>")}
        ),
        "too_many_columns",
        file="a.xlsx",
    ),
    refused(
        "xlsx_corners_of_a_sheet_too_large",
        xlsx(
            {
                "S": sheet(TYPED).replace(
                    "</sheetData>", '<row r="1048576"><c r="BXW1048576"><v>1</v></c></row><row r="2"/></sheetData>'
                )
            }
        ),
        "too_large",
        file="a.xlsx",
    ),
    refused(
        "xlsx_duplicate_column",
        xlsx({"S": [[*HEADER, "created_at"], ["T-1", "C-1", "open", WHEN[0], WHEN[1]]]}),
        "duplicate_column",
        file="a.xlsx",
    ),
    refused(
        "xlsx_missing_column",
        xlsx({"S": [row[:2] + row[3:] for row in TYPED]}),
        "missing_required_column",
        file="a.xlsx",
    ),
    refused(
        "xlsx_macros",
        xlsx({"S": TYPED}, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600}),
        "macros",
        file="a.xlsm",
    ),
    refused(
        "xlsx_macros_named_xlsx",
        xlsx({"S": TYPED}, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}),
        "macros",
        file="a.xlsx",
    ),
    refused("xlsx_encrypted", LOCKED, "encrypted", file="a.xlsx"),
    refused("xlsx_encrypted_named_xls", LOCKED, "encrypted", file="a.xls"),
    refused(
        "xlsx_entities_in_the_sheet",
        with_part("xl/worksheets/sheet1.xml", DOCTYPE, "<worksheet"),
        "xml_entities",
        file="a.xlsx",
    ),
    refused(
        "xlsx_entities_in_the_workbook", with_part("xl/workbook.xml", EVIL, "<workbook"), "xml_entities", file="a.xlsx"
    ),
    refused(
        "xlsx_entities_in_the_styles", with_part("xl/styles.xml", DOCTYPE, "<styleSheet"), "xml_entities", file="a.xlsx"
    ),
    refused(
        "xlsx_entities_in_utf16",
        xlsx(
            {"S": TYPED},
            {
                "xl/worksheets/sheet1.xml": sheet(TYPED)
                .replace("UTF-8", "UTF-16")
                .replace("<worksheet", DOCTYPE + "<worksheet")
                .encode("utf-16")
            },
        ),
        "xml_entities",
        file="a.xlsx",
    ),
    refused(
        "xlsx_entities_after_a_long_comment",
        with_part("xl/workbook.xml", f"<!--{'x' * 20_000}-->{EVIL}", "<workbook"),
        "xml_entities",
        file="a.xlsx",
    ),
    refused("ods_entities", ods({"S": TYPED}, DOCTYPE), "xml_entities", file="a.ods"),
    refused(
        "xlsx_external_links",
        xlsx({"S": TYPED}, {"xl/externalLinks/externalLink1.xml": f"{XML}<externalLink {MAIN}/>"}),
        "external_links",
        file="a.xlsx",
    ),
    refused(
        "xlsx_bomb", xlsx({"S": TYPED}, {"xl/sharedStrings.xml": XML + " " * 12_000_000}), "archive_bomb", file="a.xlsx"
    ),
    refused("xlsx_cut", xlsx({"S": TYPED})[:-100], "truncated", file="a.xlsx"),
    refused("xlsx_sheet_xml_broken", xlsx({"S": sheet(TYPED)[:-80]}), "corrupt", file="a.xlsx"),
    refused(
        "xlsx_without_a_workbook",
        packed({"[Content_Types].xml": "<Types/>", "xl/readme.txt": "x"}),
        "corrupt",
        file="a.xlsx",
    ),
    refused("xls_damaged", xls(TYPED)[:1500], "truncated", file="a.xls"),
    refused(
        "docx",
        packed({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document/>"}),
        "unsupported_type",
        file="a.docx",
    ),
    case("parquet", parquet(**COLUMNS, created_at=WHEN), 3, cells=FIRST, file="a.parquet"),
    case(
        "parquet_texts",
        parquet(**COLUMNS, created_at=["2026-01-05 10:00:00", "31.01.2026", "2026-02-20"]),
        3,
        cells=FIRST,
        file="a.parquet",
    ),
    case(
        "parquet_with_zone",
        parquet(
            **COLUMNS,
            created_at=pa.array([w.replace(tzinfo=dt.UTC) for w in WHEN], pa.timestamp("us", "Europe/Istanbul")),
        ),
        3,
        cells=FIRST,
        file="a.parquet",
    ),
    case(
        "parquet_days",
        parquet(**COLUMNS, created_at=[w.date() for w in WHEN]),
        3,
        cells={"T-1": {"created_at": "2026-01-05 00:00:00"}},
        file="a.parquet",
    ),
    case(
        "parquet_numbers_as_ids",
        parquet(**{**COLUMNS, "ticket_id": [1, 2, 3]}, created_at=WHEN),
        3,
        cells={"1": {"status": "open"}},
        file="a.parquet",
    ),
    case(
        "parquet_dictionaries",
        parquet(**{**COLUMNS, "status": pa.array(["açık", "açık", "kapalı"]).dictionary_encode()}, created_at=WHEN),
        3,
        cells=FIRST,
        file="a.parquet",
    ),
    case(
        "parquet_nulls",
        parquet(**{**COLUMNS, "ticket_id": ["T-1", None, "T-3"], "customer_id": ["C-1", "C-2", None]}, created_at=WHEN),
        2,
        rejects={"missing_value": 1},
        cells={"T-1": {"customer_id": "C-1"}, "T-3": {"customer_id": None}},
        file="a.parquet",
    ),
    case(
        "parquet_nested_columns_are_left_alone",
        parquet(**COLUMNS, created_at=WHEN, extra=[{"a": 1}, None, {"a": 2}], more=[[1], [], None]),
        3,
        cells=FIRST,
        file="a.parquet",
    ),
    case(
        "parquet_decimals",
        parquet(order_id=["T-1"], customer_id=["C-1"], ordered_at=WHEN[:1], status=["paid"], amount=pa.array([1.234])),
        1,
        table="orders",
        cells={"T-1": {"amount": "1.23"}},
        file="a.parquet",
    ),
    case("parquet_named_csv", parquet(**COLUMNS, created_at=WHEN), 3, cells=FIRST, file="a.csv"),
    refused(
        "parquet_no_rows", parquet(**{k: pa.array([], pa.string()) for k in HEADER}), "empty_file", file="a.parquet"
    ),
    refused("parquet_cut", parquet(**COLUMNS, created_at=WHEN)[:-20], "truncated", file="a.parquet"),
    refused(
        "parquet_damaged",
        parquet(**COLUMNS, created_at=WHEN)[:-60] + b"\xff" * 50 + parquet(**COLUMNS, created_at=WHEN)[-10:],
        "corrupt",
        file="a.parquet",
    ),
    refused(
        "parquet_missing_column",
        parquet(ticket_id=["T-1"], customer_id=["C-1"], created_at=WHEN[:1]),
        "missing_required_column",
        file="a.parquet",
    ),
    refused("csv_named_parquet_of_something_else", "foo,bar\n1,2\n", "unrecognised_format", file="a.parquet"),
]
