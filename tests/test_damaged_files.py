"""Files damaged at random, in every format: loaded, or refused in one sentence; never a traceback."""

import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from insights import sources
from insights.errors import FileRefused
from insights.sources.proposing.glance import glance

HEADERS = ["ticket_id", "customer_id", "status", "created_at"]
ROWS = [[str(n), "c1", "open", f"2025-01-{n % 28 + 1:02} 10:00:00"] for n in range(40)]
OPTIONS = sources.ReadOptions()
KNOWN = sources.profiles(Path("none"))
TRIES = 25


def as_csv() -> bytes:
    return "".join(",".join(row) + "\n" for row in [HEADERS, *ROWS]).encode()


def as_json() -> bytes:
    return json.dumps([dict(zip(HEADERS, row, strict=True)) for row in ROWS]).encode()


def as_lines() -> bytes:
    return b"\n".join(json.dumps(dict(zip(HEADERS, row, strict=True))).encode() for row in ROWS)


def as_zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("one.csv", as_csv())
        archive.writestr("two.csv", as_csv().replace(b"c1", b"c2"))
    return packed.getvalue()


def as_xlsx() -> bytes:
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True}) as written:
        sheet = written.add_worksheet()
        for number, row in enumerate([HEADERS, *ROWS]):
            sheet.write_row(number, 0, row)
    return book.getvalue()


def as_ods() -> bytes:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'.format
    rows = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in [HEADERS, *ROWS])
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="S">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest:manifest/>")
    return packed.getvalue()


def damaged(whole: bytes, chance: random.Random) -> bytes:
    """Return the bytes with some of them changed, cut out, put in, or all after one place gone."""
    found = bytearray(whole)
    for _ in range(chance.choice([1, 1, 2, 4, 20])):
        place, what = chance.randrange(len(found) or 1), chance.random()
        if what < 0.6 and found:
            found[place] = chance.randrange(256)
        elif what < 0.75:
            del found[place : place + chance.choice([1, 4, 50])]
        elif what < 0.9:
            found[place:place] = chance.randbytes(chance.choice([1, 4]))
        else:
            del found[place:]
    return bytes(found)


def outcome(path: Path, folder: Path) -> str:
    """Return how a file ends: `loaded`, or the class of its refusal; what is refused is shown to the mapping wizard."""
    try:
        with duckdb.connect() as con:
            read = list(sources.stage(con, path, KNOWN, OPTIONS))
            assert all(0 <= file.rows_rejected <= file.rows_read for file in read)
            return "loaded"
    except FileRefused as refusal:
        folder.mkdir()
        with suppress(FileRefused, StopIteration):  # a damaged archive may hold nothing of that name
            glance(path, str(refusal.file), folder, OPTIONS)
        return refusal.kind


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.csv", as_csv),
        ("a.csv.gz", lambda: gzip.compress(as_csv())),
        ("a.json", as_json),
        ("a.ndjson", as_lines),
        ("a.zip", as_zip),
        ("a.xlsx", as_xlsx),
        ("a.ods", as_ods),
    ],
)
def test_a_damaged_file_is_loaded_or_refused(name: str, make: Callable[[], bytes], tmp_path: Path) -> None:
    path, whole = tmp_path / name, make()
    path.write_bytes(whole)
    assert outcome(path, tmp_path / "whole") == "loaded"
    for number in range(TRIES):
        path.write_bytes(damaged(whole, random.Random(f"{name} {number}")))
        outcome(path, tmp_path / str(number))


@pytest.mark.parametrize("record", [rb'{"ticket_id": "1", "\ud800": 1}', rb'{"ticket_id": "1", "no\u0000te": "x"}'])
def test_a_key_that_is_no_text_does_not_stop_the_file(record: bytes, tmp_path: Path) -> None:
    path, lines = tmp_path / "a.ndjson", as_lines().splitlines()
    path.write_bytes(b"\n".join([*lines, record]))
    with duckdb.connect() as con:
        (file,) = sources.stage(con, path, KNOWN, OPTIONS)
        assert (file.rows_read, file.rows_rejected) == (len(lines) + 1, 1)  # it lacks its required cells
