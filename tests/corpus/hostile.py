"""Names and texts that are formulas, markup, SQL or paths are data; files that are no tables are refused."""

import sqlite3
import struct
import tempfile
import unicodedata
import zlib
from pathlib import Path

from corpus.case import HEAD, PLAIN, Case, case, refused

FIRST = {"T-1": {"customer_id": "C-1", "status": "open", "created_at": "2026-01-05 10:00:00"}}


def kept(name: str, text: str) -> Case:
    """Return a ticket with `text` as subject, customer and end of its id, which all stay so, accents joined to their letters."""
    quoted = '"' + text.replace('"', '""') + '"'
    tail = '"T-1 ' + quoted[1:]
    joined = unicodedata.normalize("NFC", text)
    return case(
        name,
        f"{HEAD},subject\n{tail},{quoted},open,2026-01-05,{quoted}\n",
        1,
        cells={f"T-1 {joined}": {"subject": joined, "customer_id": joined}},
    )


def named(name: str, file: str) -> Case:
    """Return the good file under a difficult name."""
    return case(name, PLAIN, 3, cells=FIRST, file=file)


def png() -> bytes:
    """Return a picture of one dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    dot = zlib.compress(b"\0\xff\0\0")
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", dot)
        + chunk(b"IEND", b"")
    )


def sqlite() -> bytes:
    """Return a database file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.db")
        con = sqlite3.connect(path)
        con.execute("CREATE TABLE tickets (ticket_id, customer_id, status, created_at)")
        con.commit()
        con.close()
        return path.read_bytes()


PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
EXE = b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0" + bytes(range(256)) * 8
NOISE = bytes((n * n * 31 + n // 7) % 256 for n in range(20_000))
HTML = "<html><head><meta charset='utf-8'></head><body><table><tr><th>ticket_id</th></tr><tr><td>T-1</td></tr></table></body></html>"

TEXTS = [
    kept("formula", '=HYPERLINK("http://x.example","click")'),
    kept("formula_at", "@SUM(1+1)*cmd|' /C calc'!A0"),
    kept("formula_plus_minus", "+1+1"),
    kept("formula_pipe", "|cmd /C calc"),
    kept("formula_dde", "=cmd|' /C calc'!A0"),
    kept("leading_apostrophe", "'=1+1"),
    kept("html", "<script>alert(1)</script><img src=x onerror=alert(1)>"),
    kept("markdown", "![x](http://x.example/a.png) [y](javascript:alert(1)) $\\frac{1}{2}$"),
    kept("sql", "'; DROP TABLE tickets; --"),
    kept("sql_in_quotes", '"; DROP TABLE tickets; --'),
    kept("sql_comment", "/* x */ UNION SELECT * FROM read_text('/etc/passwd')"),
    kept("path", "../../../../etc/passwd"),
    kept("windows_path", "C:\\Windows\\system32\\cmd.exe\\"),
    kept("python_format", "{0} {file} {__class__} %s %(x)s %n ${jndi:ldap://x} {{7*7}} $1"),
    kept("backslashes", "a\\nb\\tc\\\\d\\"),
    kept("escape_codes", "\x1b[31mred\x07\x08"),
    kept("right_to_left", "abc\u202efdp.exe\u200b\u00ad"),
    kept("zalgo", "Z\u0351\u036b\u0343a\u0363\u0300l\u034d\u031fg\u0321o\u032f"),
    kept("json_in_a_cell", '{"a": [1, "b"]}'),
    kept("newlines_and_tabs", "a\tb\nc"),
    case(
        "hostile_headers",
        HEAD
        + ',"x""; DROP TABLE tickets; --",=1+1,<script>,../x,{0},%s,$1,\nT-1,C-1,open,2026-01-05 10:00:00,1,2,3,4,5,6,7,8\n',
        1,
        cells=FIRST,
    ),
    case(
        "header_of_one_very_long_name",
        HEAD + "," + "x" * 100_000 + "\nT-1,C-1,open,2026-01-05 10:00:00,1\n",
        1,
        cells=FIRST,
    ),
    case(
        "hostile_state",
        HEAD + "\nT-1,C-1,'; DROP TABLE tickets; --,2026-01-05\nT-2,C-2,=1+1,2026-01-05\n",
        2,
        warnings={"unknown_status": 2},
    ),
    case(
        "hostile_date",
        HEAD + "\nT-1,C-1,open,'); DROP TABLE tickets; --\nT-2,C-2,open,2026-01-05\n",
        1,
        rejects={"bad_date": 1},
    ),
    case(
        "very_long_id", f"{HEAD}\n{'T' * 10_000},C-1,open,2026-01-05\n", 1, cells={"T" * 10_000: {"customer_id": "C-1"}}
    ),
]

NAMES = [
    named("name_with_quotes", 'it\'s "quoted".csv'),
    named("name_with_a_leading_dash", "-rf.csv"),
    named("name_with_blanks", " tickets (1) .csv"),
    named("name_with_brackets", "tickets[1].csv"),
    named("name_with_stars", "tickets*.csv"),
    named("name_with_a_question_mark", "what?.csv"),
    named("name_with_braces", "{0}{file}.csv"),
    named("name_with_percent", "%s%n%2e%2e.csv"),
    named("name_in_turkish", "şikâyetler ığüşöç İstanbul.csv"),
    named("name_with_emoji", "🙂.csv"),
    named("name_with_sql", "x'); DROP TABLE tickets; --.csv"),
    named("name_with_markup", "<script>alert(1).csv"),
    named("name_with_a_formula", "=1+1.csv"),
    named("name_with_semicolon_and_comma", "a;b,c|d.csv"),
    named("name_with_a_backslash", "a\\..\\b.csv"),
    named("name_without_suffix", "tickets"),
    named("name_of_an_unknown_suffix", "tickets.dat"),
    named("name_in_capitals", "TICKETS.CSV"),
    named("name_of_a_url", "http:..example.csv"),
    named("name_as_long_as_allowed", "x" * 251 + ".csv"),
    named("name_of_only_a_dot_and_suffix", "..csv"),
    refused("name_with_a_newline", PLAIN, "bad_file_name", file="a\nb.csv"),
    refused("name_with_an_escape_code", PLAIN, "bad_file_name", file="a\x1b[2Jb.csv"),
    refused("name_that_is_no_text", PLAIN, "bad_file_name", file="a\udcffb.csv"),
    refused("refused_under_a_name_with_braces", "foo,bar\n1,2\n", "unrecognised_format", file="{file}{0}%s.csv"),
    refused("refused_under_a_name_with_markup", "", "empty_file", file="<b>x<b>.csv"),
]

NO_TABLES = [
    refused("png_named_csv", png(), "binary_content"),
    refused("pdf_named_csv", PDF, "binary_content"),
    refused("exe_named_csv", EXE, "binary_content"),
    refused("database_named_csv", sqlite(), "binary_content"),
    refused("noise_named_csv", NOISE, "binary_content"),
    refused("zeros_named_csv", b"\0" * 5000, "binary_content"),
    refused("good_start_then_noise", PLAIN.encode() + NOISE, "binary_content"),
    refused("png", png(), "unsupported_type", file="picture.png"),
    refused("pdf", PDF, "unsupported_type", file="report.pdf"),
    refused("exe", EXE, "unsupported_type", file="setup.exe"),
    refused("database", sqlite(), "unsupported_type", file="crm.sqlite"),
    refused("seven_zip", b"7z\xbc\xaf\x27\x1c\0\4" + bytes(range(200)), "unsupported_type", file="export.7z"),
    refused("rar", b"Rar!\x1a\x07\x01\0" + bytes(range(200)), "unsupported_type", file="export.rar"),
    refused("html_table_named_xls", HTML, "unsupported_type", file="export.xls"),
    refused("html_login_page_named_csv", "<!DOCTYPE html>\n" + HTML, "unsupported_type"),
    refused("xml", "<?xml version='1.0'?><tickets><ticket id='1'/></tickets>", "unsupported_type", file="export.xml"),
    refused("noise_named_xlsx", NOISE, "binary_content", file="a.xlsx"),
]

CASES = TEXTS + NAMES + NO_TABLES
