"""Files nothing knows, from their bytes to typed rows with no word of anybody: what was proposed is what is loaded."""

import datetime as dt
import json
from pathlib import Path

import duckdb
import pytest

from insights import sources
from insights.sources import ReadOptions
from insights.sources.proposing.draft import Draft, written
from insights.sources.proposing.glance import glance
from insights.sources.proposing.propose import best

BEGIN = dt.datetime(2025, 3, 1, 8)


def loaded(path: Path, folder: Path) -> tuple[str, list[tuple[object, ...]]]:
    """Return the table the likeliest proposal fills, and its rows by id."""
    sample = glance(path, path.name, folder, ReadOptions())
    first = best(sample)[0]
    mapping = folder / "mine.toml"
    mapping.write_text(written(Draft("mine", first.table, first.columns), sources.profiles()), "utf-8")
    con = duckdb.connect()
    (file,) = sources.stage(con, path, [sources.load_profile(mapping)], ReadOptions())
    assert file.rows_rejected == 0
    rows = con.execute(f"SELECT {WANTED} FROM {file.tables[first.table]} ORDER BY 1").fetchall()
    return first.table, rows


WANTED = "ticket_id, customer_id, created_at, first_response_at, solved_at, status"
ROWS = [
    (
        f"S-{n:03}",
        f"a{n % 7}@x.example",
        BEGIN + dt.timedelta(hours=5 * n),
        BEGIN + dt.timedelta(hours=5 * n + 1),
        BEGIN + dt.timedelta(hours=5 * n + 30),
        ["open", "resolved"][n % 2],
    )
    for n in range(40)
]
SAID = [(i, c, a, f, e, "open" if s == "open" else "solved") for i, c, a, f, e, s in ROWS]


@pytest.mark.parametrize("thousandths", [False, True], ids=["seconds", "thousandths"])
def test_times_counted_since_1970_are_read_where_their_headers_say_times(tmp_path: Path, thousandths: bool) -> None:
    def counted(at: dt.datetime) -> str:
        return str(int(at.replace(tzinfo=dt.UTC).timestamp()) * (1000 if thousandths else 1))

    lines = ["conversation_id,user_email,created_at_unix,first_agent_reply_unix,resolved_unix,state"]
    lines += [",".join((i, c, counted(a), counted(f), counted(e), s)) for i, c, a, f, e, s in ROWS]
    (tmp_path / "export.csv").write_text("\n".join(lines), "utf-8")
    assert loaded(tmp_path / "export.csv", tmp_path) == ("tickets", SAID)


@pytest.mark.parametrize("layout", ["array", "lines", "below keys", "wrapped twice"])
def test_records_of_strangers_are_read_however_they_are_wrapped(tmp_path: Path, layout: str) -> None:
    records = [
        {
            "key": i,
            "fields": {
                "created": a.isoformat(),
                "firstReplyAt": f.isoformat(),
                "resolutionDate": e.isoformat(),
                "status": {"name": s},
                "reporter": {"emailAddress": c},
            },
        }
        for i, c, a, f, e, s in ROWS
    ]
    wrapped = [{"data": {"case": r}} for r in records]
    body = {
        "array": json.dumps(records),
        "lines": "\n".join(map(json.dumps, records)),
        "below keys": json.dumps({"total": len(records), "issues": records}),
        "wrapped twice": "\n".join(map(json.dumps, wrapped)),
    }[layout]
    (tmp_path / "export.json").write_text(body, "utf-8")
    assert loaded(tmp_path / "export.json", tmp_path) == ("tickets", SAID)


def test_a_page_of_a_stranger_named_xls_is_read(tmp_path: Path) -> None:
    head = ("Talep No", "Talep Eden E-posta", "Açılış Tarihi", "İlk Yanıt Tarihi", "Çözüm Tarihi", "Durum")
    words = {"open": "Açık", "resolved": "Çözüldü"}
    cells = [(i, c, *(f"{t:%d.%m.%Y %H:%M}" for t in times), words[s]) for i, c, *times, s in ROWS]
    rows = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in (head, *cells))
    (tmp_path / "export.xls").write_text(f"<html><meta charset=utf-8><table>{rows}</table></html>", "utf-8")
    assert loaded(tmp_path / "export.xls", tmp_path) == ("tickets", SAID)
