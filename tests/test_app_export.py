"""Downloads: raw values, harmless in a spreadsheet; data shown as markdown stays text."""

import csv
import datetime as dt
import io
import re

import pytest
from python_calamine import CalamineWorkbook

from insights import texts
from insights.asking import Desk
from insights.cli import Format, emit
from insights.filters import EVERYTHING, Filters
from insights.settings import Settings
from insights.spreadsheet import cell
from insights.ui.cards import export
from insights.ui.cards.card import Body
from insights.ui.cards.export import csv_bytes, xlsx_bytes
from insights.ui.cards.tables import readable, streamed
from insights.ui.run import Run, names
from insights.ui.run.safe import literal
from insights.ui.run.state import View
from insights.warehouse.reader import Warehouse

ROWS = [
    {"id": "007", "note": '=HYPERLINK("http://x")', "value": 0.8123, "day": dt.date(2026, 1, 5), "none": None},
    {"id": "-5", "note": "@SUM(1)", "value": -2.5, "day": dt.datetime(2026, 1, 5, 14, 5), "none": None},
]


def test_csv_keeps_raw_values_and_disarms_formulas() -> None:
    text = csv_bytes(ROWS).decode("utf-8-sig")
    first, second = csv.DictReader(io.StringIO(text))
    assert first["note"].startswith("'=")
    assert second["note"] == "'@SUM(1)"
    assert (first["id"], second["id"], first["value"], first["none"]) == ("007", "-5", "0.8123", "")


def test_csv_opens_as_utf_8_in_a_spreadsheet() -> None:
    assert csv_bytes(ROWS).startswith(b"\xef\xbb\xbf")


def test_workbook_holds_texts_as_text_and_says_what_it_is() -> None:
    content = xlsx_bytes({"Kanal/Ekip": ROWS, "kanal ekip": ROWS}, [("Dönem", "2026-01-01 … 2026-03-31")], "Hakkında")
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["KanalEkip", "kanal ekip", "Hakkında"]
    found = book.get_sheet_by_name("KanalEkip").to_python()
    assert found[1][:3] == ["007", '=HYPERLINK("http://x")', 0.8123]
    assert b"<f>" not in content
    assert book.get_sheet_by_name("Hakkında").to_python() == [["Dönem", "2026-01-01 … 2026-03-31"]]


def test_sheets_of_one_name_get_numbers() -> None:
    content = xlsx_bytes({"a": ROWS, "A": ROWS}, [], "A")
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names == ["a", "A 2", "A 3"]


@pytest.mark.parametrize(
    "text", ["![x](http://evil/a.png)", "[a](b)", ":material/home:", "**b**", "<img src=x>", "$x$"]
)
def test_markdown_of_the_data_is_only_text(text: str) -> None:
    shown = literal(text)
    assert all(shown[i - 1] == "\\" for i, c in enumerate(shown) if c in "![]()<>*:$")


@pytest.mark.parametrize("text", ["![x](http://evil/a.png)", "[a](b) **b**", "see www.evil.example"])
def test_a_name_of_the_data_in_a_sentence_is_only_text_and_is_read_out_as_it_is(text: str) -> None:
    shares = ("share_before", "share_after", "share_others_before", "share_others_after")
    facts = {"course": text, "n": 5, "n_others": 7, **dict.fromkeys(shares, 0.5)}
    said = names.finding(Run(Settings(), View("en")), "pages.agents.training_note", facts)
    assert literal(text) in said
    assert text in texts.finding("pages.agents.training_note", "en", facts)
    assert text in Body(alt=said).alt


@pytest.mark.parametrize(
    ("text", "shown"), [("=1+1", "'=1+1"), ("+90 555", "'+90 555"), ("-12,5", "-12,5"), ("ok", "ok")]
)
def test_only_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str, shown: str) -> None:
    assert cell(text) == shown


@pytest.mark.parametrize("text", ["see https://evil.example/x", "http://evil", "www.evil.example", "a@evil.example"])
def test_no_address_in_the_data_can_be_clicked(text: str) -> None:
    seen = literal(text).replace("\\", "")
    assert not re.search(r"https?://|www\.|[-.\w+]@", seen)  # what markdown makes a link of by itself
    assert seen.replace("\u2060", "") == text


def test_the_command_line_writes_no_live_formula(capsys: pytest.CaptureFixture[str]) -> None:
    emit([{"subject": '=HYPERLINK("http://evil")', "value": -1.5}, {"subject": "-12,5", "value": None}], Format.csv)
    assert list(csv.reader(io.StringIO(capsys.readouterr().out))) == [
        ["subject", "value"],
        ['\'=HYPERLINK("http://evil")', "-1.5"],
        ["-12,5", ""],
    ]


@pytest.mark.parametrize("language", ["tr", "en"])
def test_files_say_times_in_the_company_s_zone_under_headings_readers_know(language: str) -> None:
    rows = [{"created_at": dt.datetime(2026, 1, 5, 11, 5), "wait_s": 60, "ticket_id": "7"}, {"created_at": None}]
    said = Run(Settings(), View(language))
    first, second = readable(said, rows)
    head = next(h for h in first if "Europe/Istanbul" in h)
    assert first[head] == dt.datetime(2026, 1, 5, 14, 5)
    assert second == {head: None}
    assert set(first) & {"created_at", "wait_s", "ticket_id"} == set()
    assert len(set(first)) == 3


def test_no_table_loses_a_row_to_the_size_of_a_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MOST_ROWS", 2)
    content = xlsx_bytes({"a": [{"n": i} for i in range(5)]}, [], "?")
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert [row for name in book.sheet_names[:-1] for row in book.get_sheet_by_name(name).to_python()[1:]] == [
        [float(i)] for i in range(5)
    ]


@pytest.mark.parametrize("key", ["created", "csat", "sla_compliance", "revenue"])
def test_a_file_written_row_by_row_is_that_of_the_rows_held_at_once(small: Warehouse, key: str) -> None:
    desk = Desk(small, Filters(), EVERYTHING, "tr")
    select = desk.behind(key)
    found = list(streamed(desk, select))
    assert found == readable(desk, desk.fetch(select))
    assert len(found) == desk.one(key).n
    assert csv_bytes(iter(found)) == csv_bytes(found)
    sheets = [
        CalamineWorkbook.from_filelike(io.BytesIO(xlsx_bytes({"a": rows}, [], "?"))) for rows in (iter(found), found)
    ]
    one, other = (book.get_sheet_by_name("a").to_python() for book in sheets)
    assert one == other
    assert len(one) == len(found) + 1
