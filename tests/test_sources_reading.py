"""Reading at full speed, row by row, and from other formats gives the same rows; lines are those of the file."""

import csv
import io
import json
import random
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights import sources
from insights.sources import ReadOptions
from insights.sources.reading import fast, jsonfast, records

HEADER = ["ticket_id", "customer_id", "status", "created_at", "subject", "replies", "channel"]
CELLS = {
    "ticket_id": st.sampled_from(["T-1", "T-2", "7", "00012", "", "1.03E+13", "ış"]),
    "customer_id": st.sampled_from(["C-1", "0", "?", "", "c 2 "]),
    "status": st.sampled_from(["open", "AÇIK", "Kapalı", "strange", "", " solved"]),
    "created_at": st.sampled_from(
        ["2026-01-05", "2026-01-05 10:00:00", "2026-01-05T10:00:00+03:00", "31.12.2025", "x", "", "1900-01-01"]
    ),
    "subject": st.sampled_from(["plain", "a, b", 'say "hi"', "ş", "", "-", "=1+1", "NULL", "#REF!"]),
    "replies": st.sampled_from(["1", "12", "2.5", "", "n", "1,000"]),
    "channel": st.sampled_from(["Phone", "e-posta", "WhatsApp", "pigeon", ""]),
}
ROWS = st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=25)
OPTIONS = ReadOptions(timezone="Europe/Istanbul", date_order="dmy", decimal=".")


def content(path: Path) -> object:
    """Return everything staging a file gives, or the class of its refusal."""
    with duckdb.connect(config={"threads": 1}) as con:
        try:
            [file] = sources.stage(con, path, sources.profiles(), OPTIONS)
        except sources.FileRefused as refusal:
            return refusal.kind
        rows = con.execute(
            f"SELECT {', '.join(HEADER)}, status_raw, channel_raw, _line FROM {file.tables['tickets']} ORDER BY _line"
        ).fetchall()
        rejects = con.execute(
            f'SELECT line, "column", value, reason, row_rejected FROM {file.rejects} ORDER BY ALL'
        ).fetchall()
    return file.rows_read, file.rows_rejected, file.date_order, file.as_of, rows, rejects


@given(rows=ROWS, delimiter=st.sampled_from([",", ";", "\t"]), end=st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_full_speed_and_row_by_row_give_the_same(
    rows: list[dict[str, str]], delimiter: str, end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER, delimiter=delimiter, lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    path = tmp_path / "a.csv"
    path.write_bytes(text.getvalue().encode())
    quick = content(path)
    with monkeypatch.context() as patch:
        patch.setattr(fast, "offer", lambda *_: None)
        assert content(path) == quick


@given(rows=ROWS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_json_lines_at_full_speed_and_one_by_one_give_the_same(
    rows: list[dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.ndjson"
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), "utf-8")
    monkeypatch.setattr(records, "_HEAD", 1)
    quick = content(path)
    with monkeypatch.context() as patch:
        patch.setattr(jsonfast, "offer", lambda *_: None)
        assert content(path) == quick


def test_lines_are_true_in_a_file_two_threads_read(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    wrong = set(random.Random(7).sample(range(200_000), 50))
    with path.open("w") as file:
        file.write("ticket_id,customer_id,status,created_at,subject\n")
        for n in range(200_000):
            when = "no day" if n in wrong else "2026-01-05 10:00:00"
            file.write(f"T-{n},C-{n % 9},open,{when},{'a long subject to fill the buffers ' * 3}\n")
    con = duckdb.connect(config={"threads": 2})
    [file_] = sources.stage(con, path, sources.profiles(), ReadOptions())
    astray = f"SELECT count(*) FROM {file_.tables['tickets']} WHERE CAST(ticket_id[3:] AS BIGINT) <> _line - 2"
    assert con.execute(astray).fetchall() == [(0,)]
    found = con.execute(f"SELECT line, reason, row->>'ticket_id' FROM {file_.rejects} ORDER BY line").fetchall()
    assert found == [(n + 2, "bad_date", f"T-{n}") for n in sorted(wrong)]
    assert (file_.rows_read, file_.rows_rejected) == (200_000, 50)


def test_a_late_value_of_another_form_is_settled_on_the_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "late.csv"
    lines = [f"T-{n},C-1,open,2026-01-05,{n}" for n in range(5_000)]
    lines += ['T-a,C-1,Beklemede,31.12.2025 10:00,"1.234,5"', "T-b,C-1,Açık,2026-01-06,7"]
    path.write_text(
        "order_id,customer_id,status,ordered_at,amount\n" + "\n".join(lines).replace("open", "paid") + "\n", "utf-8"
    )
    con = duckdb.connect()
    [file] = sources.stage(con, path, sources.profiles(), ReadOptions())
    found = con.execute(
        f"""SELECT CAST(ordered_at AS VARCHAR), CAST(amount AS VARCHAR)
        FROM {file.tables["orders"]} WHERE order_id = 'T-a'"""
    ).fetchall()
    assert found == [("2025-12-31 10:00:00", "1234.50")]
    assert (file.date_order, file.decimal, file.rows_read, file.rows_rejected) == ("dmy", ",", 5_002, 0)


def test_nothing_is_left_behind_but_what_is_handed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("ticket_id,customer_id,status,created_at\nT-1,C-1,open,2026-01-05\n,C-2,odd,x\n", "utf-8")
    con = duckdb.connect()
    [file] = sources.stage(con, path, sources.profiles(), ReadOptions())
    left = {row[0] for row in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    assert left == {*file.tables.values(), file.rejects}


def test_a_folder_is_read_file_by_file_without_the_answers_beside_it(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text(f"agent_id,name\n{name},{name.upper()}\n", "utf-8")
    (tmp_path / "truth.json").write_text("{}", "utf-8")
    files = list(sources.stage(duckdb.connect(), tmp_path, sources.profiles(), ReadOptions()))
    assert [(f.name, f.rows_read) for f in files] == [("a.csv", 1), ("b.csv", 1)]
