"""What a file is taken for, and what is said of how it was read: evidence, not the nearest guess."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from insights import sources, texts
from insights.errors import FileRefused, UnknownName
from insights.sources import ReadOptions, StagedFile
from insights.sources.clues import letters, mojibake, zones
from insights.sources.profile import read_profile
from insights.sources.profile.recognise import recognise, refuse

PROFILES = sources.profiles()
ROWS, SHIPPED = Path(__file__).parent / "rows", Path(sources.__file__).parent / "profiles"
TICKETS = "ticket_id,customer_id,status,created_at"


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as connection:
        yield connection


def read(con: duckdb.DuckDBPyConnection, path: Path, text: str | bytes, **options: object) -> StagedFile:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return next(iter(sources.stage(con, path, PROFILES, ReadOptions(**options))))  # type: ignore[arg-type]


def kinds(file: StagedFile) -> list[str]:
    return [notice.kind for notice in file.notices]


@pytest.mark.parametrize(
    "headers",
    [
        "Id,Name,Account Number,Price",
        "Id,Name,Industry",
        "id,email,first_name,last_name",
        "Number,Title,Status,Created",
        "Ad,Soyad,E-posta,Telefon",
        "Order ID,Customer,Date,Total",
        "id,email,first_name,last_name,created_at,updated_at",
        "owner_id,email,first_name,last_name,is_active",
        "id,email,name,phone,created_at",
        "key,summary,status,created",
        "Issue key,Summary,Status,Created",
    ],
)
def test_everyday_headers_make_no_vendor(headers: str) -> None:
    listed = headers.split(",")
    assert recognise(listed, PROFILES) is None
    assert refuse(listed, PROFILES, "a.csv").kind == "unrecognised_format"


@pytest.mark.parametrize("marker", ["_fivetran_synced", ""])
@pytest.mark.parametrize(
    "export",
    [
        "jira",
        "fivetran_jira_issue",
        "fivetran_jira_history",
        "fivetran_jira_user",
        "fivetran_hubspot_owner",
        "fivetran_hubspot_contact",
        "fivetran_salesforce_lead",
        "fivetran_salesforce_contact",
        "fivetran_salesforce_user",
        "fivetran_intercom_contact",
        "fivetran_intercom_admin",
    ],
)
def test_exports_and_connector_tables_that_look_alike_are_told_apart(export: str, marker: str) -> None:
    """Without the connector's own mark a table is left to a mapping, or is the same vendor's list of the same words."""
    headers = (ROWS / f"{export}.csv").read_text("utf-8").splitlines()[0].split(",")
    shipped = read_profile((SHIPPED / f"{export}.toml").read_text("utf-8"), export)
    fit = recognise([h for h in headers if marker or h != "_fivetran_synced"], PROFILES)
    twin = {"fivetran_salesforce_lead": "Salesforce leads", "fivetran_salesforce_contact": "Salesforce contacts"}
    unmarked = twin.get(export, shipped.label if export == "jira" else None)
    assert (fit and fit.profile.label) == (shipped.label if marker else unmarked)


def test_every_profile_convinces_with_all_the_headers_it_knows() -> None:
    for profile in PROFILES:
        if profile.required:
            headers = list(dict.fromkeys(h.lstrip("*") for h in (*profile.needs, *profile.headers)))
            found = recognise(headers, [p for p in PROFILES if p.source == profile.source])
            assert found is not None, profile.label


def test_a_file_hardly_a_row_of_which_can_be_kept_is_refused(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rows = "".join(f"T-{n},C,open,not a day\n" for n in range(27)) + "".join(
        f"T-9{n},C,open,2025-03-01\n" for n in range(3)
    )
    with pytest.raises(FileRefused) as refused:
        read(con, tmp_path / "a.csv", f"{TICKETS}\n{rows}")
    assert refused.value.kind == "wrong_mapping"


def test_a_vendors_headers_over_other_contents_are_not_its_export(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    header = "Opportunity ID,Opportunity Name,Account Name,Stage,Amount,Close Date,Created Date,Opportunity Owner"
    rows = "".join(f"006{n},Deal {n},Acme,Proposal,big,soon,a while ago,Ann\n" for n in range(20))
    fitting = rows.replace("big,soon,a while ago", "10.50,2025-03-02,2025-03-01")
    assert read(con, tmp_path / "a.csv", f"{header}\n{fitting}").source == "salesforce"
    with pytest.raises(FileRefused) as refused:
        read(con, tmp_path / "b.csv", f"{header}\n{rows}")
    assert refused.value.kind == "wrong_mapping"


def test_rows_of_one_order_that_differ_in_their_amount_are_summed(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    lines = [("O-1", "C-1", 100), ("O-1", "C-1", 50), ("O-1", "C-1", 50), ("O-2", "C-2", 70)]
    text = "order_id,customer_id,ordered_at,amount\n" + "".join(f"{o},{c},2025-03-01,{a}.00\n" for o, c, a in lines)
    file = read(con, tmp_path / "a.csv", text)
    found = dict(con.execute(f"SELECT order_id, amount FROM {file.tables['orders']}").fetchall())
    assert found == {"O-1": 200, "O-2": 70}
    assert "lines_summed" in kinds(file)
    assert file.rows_read == 4


def test_rows_of_one_order_that_differ_in_more_stay_a_conflict(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    text = "order_id,customer_id,ordered_at,amount\nO-1,C-1,2025-03-01,100.00\nO-1,C-2,2025-03-02,50.00\n"
    file = read(con, tmp_path / "a.csv", text)
    assert file.rows_rejected == 1
    assert "lines_summed" not in kinds(file)


def test_answers_prove_a_longer_scale_than_the_profile_s(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    head = "Ticket ID,Ticket name,Pipeline,Ticket status,Create date,Ticket owner,Last CSAT survey rating\n"
    rows = "".join(f"{n},Kargo,Support,Closed,2025-03-01 10:00,Deniz,{1 + n % 5}\n" for n in range(20))
    file = read(con, tmp_path / "a.csv", head + rows)
    found = con.execute(f"SELECT count(score), max(scale_max) FROM {file.tables['surveys']}").fetchall()
    assert found == [(20, 5)]
    assert "scale_proved" in kinds(file)


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_letters_with_accents_apart_are_joined(con: duckdb.DuckDBPyConnection, tmp_path: Path, suffix: str) -> None:
    apart, joined = "S\u0327ikayet", "\u015eikayet"
    csv = f"{TICKETS},category\nT-1,C-1,open,2025-03-01,{apart}\nT-2,C-2,open,2025-03-01,{joined}\n"
    row = '{{"ticket_id": "{}", "customer_id": "C", "status": "open", "created_at": "2025-03-01", "category": "{}"}}'
    text = csv if suffix == "csv" else f"[{row.format('T-1', apart)}, {row.format('T-2', joined)}]"
    file = read(con, tmp_path / f"a.{suffix}", text)
    assert con.execute(f"SELECT DISTINCT category FROM {file.tables['tickets']}").fetchall() == [(joined,)]
    assert kinds(file) == ["nfc"]


@pytest.mark.parametrize("encoding", ["cp857", "mac_turkish", "cp1254"])
def test_old_encodings_are_known_by_the_words_their_letters_make(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, encoding: str
) -> None:
    names = ["Ömer Ünal", "Ayşe Yılmaz", "Şişe çöp", "Kargo gelmedi, iade değişim"]
    rows = "".join(f'T-{n},C,open,2025-03-01,"{name}"\n' for n, name in enumerate(names))
    file = read(con, tmp_path / "a.csv", f"{TICKETS},subject\n{rows}".encode(encoding))
    assert [s for (s,) in con.execute(f"SELECT subject FROM {file.tables['tickets']}").fetchall()] == names
    assert file.encoding == encoding
    assert ("encoding_guessed" in kinds(file)) == (encoding != "cp1254")


@pytest.mark.parametrize("text", ["Café crème", "Über Straße", "“quoted” – dash…", "100 € 5° ½", "señor niño"])
def test_western_texts_stay_in_the_encoding_of_windows(text: str) -> None:
    assert letters.likeliest([text.encode("cp1252")]) == "cp1252"


def test_broken_letters_are_named_and_mended_when_asked(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    broken = "Müşteri Hizmetleri".encode().decode("cp1252")
    text = f"{TICKETS},team\nT-1,C-1,open,2025-03-01,{broken}\n"
    file = read(con, tmp_path / "a.csv", text)
    assert [(n.kind, n.column) for n in file.notices] == [("mojibake", "team")]
    far = read(con, tmp_path / "b.csv", text.replace(broken, "a" * 200 + " " + broken)).notices[0].values
    assert broken in far["found"], "the letters in question are shown, however far behind they stand"
    assert "Müşteri" in far["meant"]
    again = read(con, tmp_path / "a.csv", text, mend=True)
    assert con.execute(f"SELECT team FROM {again.tables['tickets']}").fetchall() == [("Müşteri Hizmetleri",)]


@pytest.mark.parametrize("text", ["Âşık", "Ä±", "Ş", "ÇÖP", "Ãlvaro", "naïve"])
def test_letters_that_are_right_are_not_mended(text: str) -> None:
    assert mojibake.mended(text) in (text, "ı")


def test_one_page_of_several_is_said(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    row = '{"ticket_id": "T-1", "customer_id": "C-1", "status": "open", "created_at": "2025-03-01T10:00:00Z"}'
    for rest in ('"count": 500', '"next_page": "https://x.example/2"', '"end_of_stream": false', '"has_more": true'):
        assert kinds(read(con, tmp_path / "a.json", f'{{"tickets": [{row}], {rest}}}')) == ["more_pages"]
    for rest in ('"count": 1', '"next_page": null', '"end_of_stream": true'):
        assert kinds(read(con, tmp_path / "a.json", f'{{"tickets": [{row}], {rest}}}')) == []


def test_infinity_is_a_bad_number(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    text = '[{"survey_id":"1","kind":"csat","score":Infinity},{"survey_id":"2","kind":"csat","score":4}]'
    file = read(con, tmp_path / "a.json", text)
    assert con.execute(f"SELECT value, reason FROM {file.rejects}").fetchall() == [("Infinity", "bad_number")]
    listed = "survey_id,kind,score\n1,csat,5\n2,csat,-Infinity\n3,csat,inf\n"
    found = read(con, tmp_path / "a.csv", listed)
    aside = con.execute(f"SELECT value, reason FROM {found.rejects} ORDER BY line").fetchall()
    assert aside == [("-Infinity", "bad_number"), ("inf", "bad_number")]


@pytest.mark.parametrize(
    ("line", "zone"),
    [
        ("All times are shown in Europe/Istanbul", "Europe/Istanbul"),
        ("Generated in UTC", "UTC"),
        ("Saat dilimi: UTC+03:00", "Etc/GMT-3"),
        ("Reporting period 2025-01-01 to 2025-02-01", None),
        ("Times in Europe/Istanbul and UTC-free America/New_York", None),
    ],
)
def test_a_zone_written_beside_the_table_is_known(line: str, zone: str | None) -> None:
    assert zones.said([line]) == zone


def test_a_zone_written_before_the_header_is_used_and_said(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    text = f"All times are in Europe/Istanbul\n{TICKETS}\nT-1,C-1,open,2025-03-01 12:00:00\n"
    file = read(con, tmp_path / "a.csv", text)
    created = con.execute(f"SELECT strftime(created_at, '%H:%M') FROM {file.tables['tickets']}").fetchall()
    assert created == [("09:00",)]
    assert kinds(file) == ["zone_said"]


def test_columns_used_and_unused_are_said(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = read(con, tmp_path / "a.csv", f"{TICKETS},Memnuniyet (1-5)\nT-1,C-1,open,2025-03-01,4\n")
    assert file.unused == ("Memnuniyet (1-5)",)
    assert file.uses["created_at"] == ["tickets.created_at"]


def test_a_pipe_is_refused(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(FileRefused) as refused:
        list(sources.stage(con, tmp_path / "pipe.csv", PROFILES, ReadOptions()))
    assert refused.value.kind == "not_readable"


def test_a_link_out_of_a_folder_is_refused(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    (tmp_path / "outside.csv").write_text(f"{TICKETS}\nT-1,C-1,open,2025-03-01\n")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.csv").symlink_to(tmp_path / "outside.csv")
    with pytest.raises(FileRefused) as refused:
        list(sources.stage(con, folder, PROFILES, ReadOptions()))
    assert refused.value.kind == "archive_path"


def test_a_first_row_of_data_is_no_header(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    text = "T-0001,C-001,Ali Ak,a@example.com,Talep 1,email,open,low,2025-03-13T09:00:00Z\n" * 3
    with pytest.raises(FileRefused) as refused:
        read(con, tmp_path / "a.csv", text)
    assert refused.value.kind == "no_header"
    assert "x-999" in refused.value.details["found"]


def test_a_refusal_shows_the_form_of_a_persons_row_and_none_of_its_words(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    people = "Ayşe Yılmaz,ayse@ornek.com,05321112233\nMehmet Kaya,mehmet@ornek.com,05331112244\n"
    for text in (people, people.replace("ayse@ornek.com", "Kadıköy"), "a,b," + people):
        with pytest.raises(FileRefused) as refused:
            read(con, tmp_path / "people.csv", text)
        said = texts.error(refused.value, "tr") + texts.error(refused.value, "en")
        assert [word for word in ("ayse", "0532") if word in said] == []


JIRA = {
    "key": "SUP-1",
    "fields": {
        "summary": "x",
        "created": "2026-03-02T08:00:00.000+0000",
        "updated": "2026-03-05T10:00:00.000+0000",
        "status": {"name": "Resolved"},
        "priority": {"name": "High"},
        "project": {"key": "SUP", "name": "Support"},
        "reporter": {"accountId": "cu1", "displayName": "Cu"},
    },
}


def history(*changes: tuple[str, str, str, str]) -> dict[str, object]:
    entries = [
        {
            "id": str(n),
            "author": {"accountId": "ag1"},
            "created": f"2026-03-0{day}T10:00:00.000+0000",
            "items": [{"field": field, "fromString": old, "toString": new}],
        }
        for n, (day, field, old, new) in enumerate(changes)
    ]
    return JIRA | {"changelog": {"histories": entries}}


def test_the_history_inside_an_issue_is_told_in_order_whatever_order_it_stands_in(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    changes = [
        ("3", "status", "Open", "Resolved"),
        ("2", "priority", "Low", "High"),
        ("4", "labels", "", "x"),
    ]
    file = read(con, tmp_path / "a.json", json.dumps({"issues": [history(*changes)]}))
    events = con.execute(
        f'SELECT field, "old", "new", strftime("at", \'%d %H\') FROM {file.tables["ticket_events"]} ORDER BY seq'
    ).fetchall()
    assert events == [
        ("status", None, "open", "02 08"),
        ("priority", "low", "high", "02 10"),
        ("status", "open", "solved", "03 10"),
    ]


def test_an_issue_whose_history_says_no_state_was_in_its_state_from_the_beginning(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    file = read(con, tmp_path / "a.json", json.dumps({"issues": [history(("2", "priority", "Low", "High"))]}))
    states = f"SELECT \"new\" FROM {file.tables['ticket_events']} WHERE field = 'status'"
    assert con.execute(states).fetchall() == [("solved",)]


def test_a_second_desk_in_our_own_format_keeps_its_own_name(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    text = f"{TICKETS}\nT-1,C-1,open,2025-03-01\n"
    assert read(con, tmp_path / "a.csv", text, source="ikinci_masa").source == "ikinci_masa"
    with pytest.raises(UnknownName):
        read(con, tmp_path / "a.csv", text, source="zendeks")


PERSON = "ayse.kaya@example.com"
QUOTABLE = {
    "aside.csv": f"{TICKETS}\n" + "".join(f"T-{n},C-1,open,{PERSON}\n" for n in range(30)),
    "mapped.csv": "Bilet,Açılış\n" + "".join(f"T-{n},{PERSON}\n" for n in range(30)),
    "headless.csv": f"T-1,{PERSON},open,2025-03-01\n" * 3,
    "a_value.json": f'"{PERSON}"',
    "values.json": f'["{PERSON}", "{PERSON}"]',
    "object.json": f'{{"{PERSON}": 1}}',
}
MAPPED = """
name = "ours"
main = "tickets"
[match]
needs = ["Bilet", "Açılış"]
[tickets]
ticket_id = "Bilet"
created_at = "Açılış"
"""


@pytest.mark.parametrize("name", QUOTABLE)
def test_a_refusal_says_nothing_of_a_person(con: duckdb.DuckDBPyConnection, tmp_path: Path, name: str) -> None:
    """It is read in logs, by more people than the file."""
    (tmp_path / name).write_text(QUOTABLE[name], "utf-8")
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "ours.toml").write_text(MAPPED, "utf-8")
    with pytest.raises(FileRefused) as refused:
        list(sources.stage(con, tmp_path / name, sources.profiles(tmp_path / "profiles"), ReadOptions()))
    for language in texts.languages():
        assert not {"ayse", "kaya"} & set(re.findall(r"\w+", texts.error(refused.value, language).lower()))
