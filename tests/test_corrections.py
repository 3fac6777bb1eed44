"""Rows set aside come back in the shape of their file; corrected there they load as if never wrong."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
import xlsxwriter
from streamlit.testing.v1 import AppTest
from test_load import run, told

from insights import texts
from insights.sources import corrections

ROOT = Path(__file__).parents[1]
Cells = list[list[object]]
HEAD = [
    "Ticket ID",
    "Email",
    "Status",
    "Priority",
    "Source",
    "Created time",
    "Last update time",
    "Subject",
    "Compensation",
]
GOOD: Cells = [
    ["1", "a@x.org", "Open", "High", "Email", "31/01/2026 10:00", "31/01/2026 11:00", "plain", "12,50"],
    ["2", "b@x.org", "Open", "Low", "Phone", "03/02/2026 10:00", "03/02/2026 11:00", "=1+1", "1.234,00"],
]
BAD: Cells = [
    ["3", "c@x.org", "Open", "Low", "Chat", "04/02/2026 soon", "05/02/2026 11:00", '=LINK("x";"y")', "7,5"],
    ["", "d@x.org", "Open", "Low", "Portal", "06/02/2026 10:00", "07/02/2026 11:00", "'quoted; text", "-8"],
    ["5", "e@x.org", "Open", "Low", "Email", "99/02/2026", "08/02/2026 11:00", "@SUM(A1)\nsecond line", "1.000"],
]
FIXED: Cells = [[*r] for r in BAD]
FIXED[0][5], FIXED[1][0], FIXED[2][5] = "04/02/2026 12:00", "4", "09/02/2026"
CHANGES = {"04/02/2026 soon": "04/02/2026 12:00", "99/02/2026": "09/02/2026", "\n;d@x.org": "\n4;d@x.org"}


def as_csv(rows: Cells) -> bytes:
    quoted = [";".join('"' + str(c).replace('"', '""') + '"' for c in row) for row in [HEAD, *rows]]
    return "\r\n".join([*quoted, ""]).encode("cp1254")


def as_xlsx(rows: Cells) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for y, row in enumerate([HEAD, *rows]):
            for x, cell in enumerate(row):
                sheet.write_string(y, x, str(cell))
    return out.getvalue()


def as_json(rows: Cells) -> bytes:
    return "\n".join(json.dumps(dict(zip(HEAD, row, strict=True))) for row in rows).encode()


def held(directory: Path) -> Any:
    """Return every ticket and customer of a warehouse, bookkeeping of loads left out."""
    pointer = (directory / "warehouse" / "CURRENT").read_text().strip()
    with duckdb.connect(str(directory / "warehouse" / pointer), read_only=True) as con:
        bookkeeping = "load_id, row_hash, row_columns"
        return [
            con.execute(f"SELECT * EXCLUDE ({bookkeeping}) FROM {table} ORDER BY ALL").fetchall()
            for table in ("tickets", "customers", "agents")
        ]


@pytest.mark.parametrize(("suffix", "write"), [("csv", as_csv), ("xlsx", as_xlsx), ("json", as_json)])
def test_corrected_rows_load_as_if_they_had_never_been_wrong(tmp_path: Path, suffix: str, write: Any) -> None:
    zone = ("--timezone", "America/New_York")
    twin = tmp_path / "twin"
    twin.mkdir()
    export = tmp_path / f"tickets.{suffix}"
    export.write_bytes(write(GOOD + FIXED))
    told(twin, "load", export, *zone)
    export.write_bytes(write(GOOD + BAD))
    (file,) = told(tmp_path, "load", export, *zone)["files"]
    assert (file["rows_inserted"], file["rejects"]) == (2, {"bad_date": 2, "missing_value": 1})

    out = tmp_path / "corrected.csv"
    assert run(tmp_path, "rejects", "--original", "--out", out).returncode == 0
    text = out.read_text("utf-8-sig")
    assert not [c for row in corrections_read(text) for c in row if c.startswith(("=", "@"))]
    if suffix == "csv":
        (uncorrected,) = told(tmp_path, "load", out)["files"]
        assert (uncorrected["rows_rejected"], uncorrected["rows_read"]) == (3, 3)
    for wrong, right in CHANGES.items():
        text = (
            text.replace(wrong, right)
            if suffix == "csv"
            else text.replace(*(w.replace(";", ",") for w in (wrong, right)))
        )
    out.write_text(text, "utf-8-sig")
    (again,) = told(tmp_path, "load", out)["files"]
    assert (again["source"], again["rows_inserted"], again["rows_rejected"]) == ("freshdesk", 3, 0)
    assert held(tmp_path) == held(twin)


def corrections_read(text: str) -> list[list[str]]:
    lines = text.splitlines(keepends=True)
    return list(csv.reader(lines[1:], delimiter=";" if ";" in lines[1] else ","))


def test_rows_that_cannot_be_cut_stay_as_they_were_until_corrected(tmp_path: Path) -> None:
    export = tmp_path / "t.csv"
    head = "ticket_id,customer_id,status,created_at,Note,Note,\n"
    export.write_text(
        head + "1,c,open,2026-01-05,a,b,\n2,c,open\n3,c,open,2026-01-05,x,y,z,q\n4,c,open,2026-01-06,x,y,\n"
    )
    told(tmp_path, "load", export)
    text = run(tmp_path, "rejects", "--original").stdout
    assert text.splitlines()[1:] == [head.strip(), "2,c,open", "3,c,open,2026-01-05,x,y,z,q"]
    export.write_text(text)
    assert told(tmp_path, "load", export)["files"][0]["rejects"] == {"ragged_row": 2}


def test_the_load_page_offers_the_rows_to_correct(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text("ticket_id,customer_id,status,created_at\n1,c,open,2026-01-05\n2,c,open,soon\n")
    report = told(tmp_path, "load", tmp_path / "a.csv")
    monkeypatch.setenv("INSIGHTS_WAREHOUSE", str(tmp_path / "warehouse"))
    monkeypatch.chdir(ROOT)
    for language in texts.LANGUAGES:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.query_params["lang"] = language
        app.session_state["load_report"] = {"report": report, "dry_run": False}
        app.switch_page("pages/data/load.py").run()
        assert not app.exception
        labels = [b.proto.label.replace("\\", "") for b in app.get("download_button")]
        assert texts.t("upload.download_to_correct", language, file="a.rejected.csv") in labels


def test_what_a_later_row_replaced_is_not_offered_for_correction(tmp_path: Path) -> None:
    export = tmp_path / "t.csv"
    export.write_text("ticket_id,customer_id,status,created_at\n1,c,open,2026-01-05\n1,c,solved,2026-01-05\n")
    assert told(tmp_path, "load", export)["files"][0]["rejects"] == {"duplicate_id_conflict": 1}
    assert run(tmp_path, "rejects", "--original").returncode == 1


def test_warnings_come_along_when_asked_and_several_files_need_a_folder(tmp_path: Path) -> None:
    row = "ticket_id,customer_id,status,created_at,replies\n{0},c,open,2026-01-05,many\n{0}1,c,open,2026-01-05,3\n"
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text(row.format(name))
    told(tmp_path, "load", tmp_path / "a.csv", tmp_path / "b.csv")
    assert run(tmp_path, "rejects", "--original").returncode == 1
    several = run(tmp_path, "rejects", "--original", "--warnings")
    assert (several.returncode, "--out" in several.stderr) == (2, True)
    assert run(tmp_path, "rejects", "--original", "--warnings", "--out", tmp_path / "out").returncode == 0
    (corrected,) = (tmp_path / "out").glob("a.*")
    corrected.write_text(corrected.read_text("utf-8-sig").replace("many", "4"))
    (file,) = told(tmp_path, "load", corrected)["files"]
    assert (file["rows_updated"], file["warnings"]) == (1, {})


@pytest.mark.parametrize(
    "line", ["#insights", "#insights timezone=Mars date_order=xyz decimal=; as_of=soon profile=none", "# insights x=y"]
)
def test_a_first_line_that_says_nonsense_is_no_more_than_a_line_before_the_table(tmp_path: Path, line: str) -> None:
    export = tmp_path / "t.csv"
    export.write_text(f"{line}\nticket_id,customer_id,status,created_at\n1,c,open,2026-01-05\n")
    (file,) = told(tmp_path, "load", export)["files"]
    assert (file["source"], file["rows_inserted"]) == ("generic", 1)


def test_what_a_spreadsheet_adds_to_the_first_line_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text('"#insights profile=freshdesk timezone=UTC";;;;\r\n', "utf-8-sig")
    assert corrections.said(path) == {"profile": "freshdesk", "timezone": "UTC"}
