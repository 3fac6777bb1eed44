"""The mapping wizard's guesses, and the way from a draft to a profile that loads the file with no questions."""

# ruff: noqa: E501 - a layout is a few long lines: the files are what is read here

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from insights import schema, sources
from insights.errors import FileRefused, NotWritable, SettingsWrong
from insights.settings import Settings
from insights.sources import ReadOptions
from insights.sources.profile import Spec, read_profile
from insights.sources.proposing.draft import (
    Draft,
    needed,
    needs,
    problems,
    save,
    save_words,
    slug,
    to_toml,
    word_line,
    written,
)
from insights.sources.proposing.glance import Sample, glance, preview
from insights.sources.proposing.lexicon import concepts
from insights.sources.proposing.naming import meanings, unit_in
from insights.sources.proposing.propose import best, propose
from insights.sources.proposing.strange import strange_words, suggest
from insights.warehouse import load

DAYS = [f"{day:02d}" for day in range(1, 29)]
WORDS = {"status": ["Açık", "Çözüldü", "Kapalı", "Beklemede"], "channel": ["Telefon", "E-posta", "WhatsApp"]}


def rows(*cells: object, count: int = 40) -> list[list[str]]:
    """Return rows of cells; a list is gone through in turn, a function gets the number of the row."""
    return [
        [str(c[n % len(c)] if isinstance(c, list) else c(n) if callable(c) else c) for c in cells] for n in range(count)
    ]


LAYOUTS: dict[str, tuple[str, str, list[list[str]], dict[str, str]]] = {
    "turkish help desk": (
        "tickets",
        "Kayıt No;Müşteri No;Konu Başlığı;Talep Türü;Geliş Kanalı;Öncelik;Durumu;Açılış Tarihi;İlk Yanıt Tarihi;Çözüm Tarihi;Sorumlu Kişi",
        rows(
            lambda n: 1000 + n,
            lambda n: f"M{n % 13}",
            lambda n: f"Ürün geç geldi {n}",
            ["Şikâyet", "Soru"],
            WORDS["channel"],
            ["Acil", "Orta"],
            WORDS["status"],
            lambda n: f"{n % 27 + 1:02d}.03.2025 09:15",
            lambda n: f"{n % 27 + 1:02d}.03.2025 11:00",
            lambda n: f"{n % 27 + 2:02d}.03.2025 16:45",
            ["Ayşe", "Mehmet"],
        ),
        {
            "ticket_id": "Kayıt No",
            "customer_id": "Müşteri No",
            "subject": "Konu Başlığı",
            "kind": "Talep Türü",
            "channel": "Geliş Kanalı",
            "priority": "Öncelik",
            "status": "Durumu",
            "created_at": "Açılış Tarihi",
            "first_response_at": "İlk Yanıt Tarihi",
            "solved_at": "Çözüm Tarihi",
            "agent_id": "Sorumlu Kişi",
        },
    ),
    "english help desk": (
        "tickets",
        "Case Ref,Client ID,Title,Current State,Logged On,Date Resolved,Handled By,Severity",
        rows(
            lambda n: f"C-{n:04d}",
            lambda n: 500 + n % 9,
            lambda n: f"Cannot log in to the portal {n}",
            ["open", "resolved"],
            lambda n: f"2025-04-{n % 28 + 1:02d} 10:00:00",
            lambda n: f"2025-05-{n % 28 + 1:02d} 10:00:00",
            ["Ann Lee", "Bob Roe"],
            ["Critical", "Minor"],
        ),
        {
            "ticket_id": "Case Ref",
            "customer_id": "Client ID",
            "subject": "Title",
            "status": "Current State",
            "created_at": "Logged On",
            "solved_at": "Date Resolved",
            "agent_id": "Handled By",
            "priority": "Severity",
        },
    ),
    "headers that mean nothing": (
        "tickets",
        "Alan1;Alan2;Alan3;Alan4;Alan5",
        rows(
            lambda n: 70000 + n,
            WORDS["status"],
            lambda n: f"{n % 28 + 1:02d}.06.2025 08:{n:02d}",
            WORDS["channel"],
            lambda n: f"K{n % 11}",
        ),
        {"ticket_id": "Alan1", "status": "Alan2", "created_at": "Alan3", "channel": "Alan4", "customer_id": "Alan5"},
    ),
    "turkish orders": (
        "orders",
        "Sipariş Numarası;Cari Kod;Sipariş Tarihi;Genel Toplam;Para Birimi;Sipariş Durumu",
        rows(
            lambda n: f"S{n:05d}",
            lambda n: f"120.{n % 7:03d}",
            lambda n: f"{n % 28 + 1:02d}.01.2025",
            lambda n: f"1.{n + 100},50",
            "TRY",
            ["Teslim edildi", "İade"],
        ),
        {
            "order_id": "Sipariş Numarası",
            "customer_id": "Cari Kod",
            "ordered_at": "Sipariş Tarihi",
            "amount": "Genel Toplam",
            "currency": "Para Birimi",
            "status": "Sipariş Durumu",
        },
    ),
    "turkish survey without ids": (
        "surveys",
        "Müşteri No;Yanıtlanma Tarihi;Memnuniyet Puanı;Müşteri Yorumu",
        rows(
            lambda n: f"M{n % 30}",
            lambda n: f"2025-02-{n % 28 + 1:02d} 12:{n:02d}:00",
            [1, 2, 3, 4, 5],
            ["İyi", "Kötü, geç kaldı"],
        ),
        {
            "customer_id": "Müşteri No",
            "answered_at": "Yanıtlanma Tarihi",
            "score": "Memnuniyet Puanı",
            "comment": "Müşteri Yorumu",
        },
    ),
    "turkish customers and who they came by": (
        "customers",
        "Müşteri No;Ad Soyad;E-posta;Kayıt Tarihi;Tavsiye Eden Müşteri",
        rows(
            lambda n: f"M-{100 + n}",
            lambda n: f"Ayşe Yılmaz {n}",
            lambda n: f"a{n}@x.example",
            lambda n: f"{n % 28 + 1:02d}.03.2026",
            lambda n: f"M-{100 + n // 3}" if n % 2 else "",
        ),
        {
            "customer_id": "Müşteri No",
            "name": "Ad Soyad",
            "email": "E-posta",
            "acquired_at": "Kayıt Tarihi",
            "referred_by": "Tavsiye Eden Müşteri",
        },
    ),
    "english customers": (
        "customers",
        "Account Number,Full Name,E-mail Address,Mobile Phone,Customer Type,Town,Customer Since",
        rows(
            lambda n: f"{n:06d}",
            lambda n: f"Person {n}",
            lambda n: f"p{n}@example.com",
            lambda n: f"+90 532 000 {n:04d}",
            ["Retail", "Corporate"],
            ["Ankara", "İzmir"],
            lambda n: f"2023-07-{n % 28 + 1:02d}",
        ),
        {
            "customer_id": "Account Number",
            "name": "Full Name",
            "email": "E-mail Address",
            "phone": "Mobile Phone",
            "segment": "Customer Type",
            "city": "Town",
            "acquired_at": "Customer Since",
        },
    ),
    "english calls": (
        "interactions",
        "Call ID,Customer Number,Call Date,Call Direction,Agent Name,Disposition",
        rows(
            lambda n: 9000 + n,
            lambda n: f"A{n % 17}",
            lambda n: f"2025-08-{n % 28 + 1:02d} 14:{n:02d}",
            ["Inbound", "Outbound"],
            ["Ece", "Can"],
            ["Reached", "No answer"],
        ),
        {
            "interaction_id": "Call ID",
            "customer_id": "Customer Number",
            "at": "Call Date",
            "direction": "Call Direction",
            "agent_id": "Agent Name",
            "outcome": "Disposition",
        },
    ),
    "turkish agents": (
        "agents",
        "Sicil No;Adı Soyadı;Ekip;İşe Giriş Tarihi",
        rows(lambda n: 300 + n, lambda n: f"Kişi {n}", ["Destek", "Satış"], lambda n: f"{n % 28 + 1:02d}.09.2020"),
        {"agent_id": "Sicil No", "name": "Adı Soyadı", "team": "Ekip", "hired_at": "İşe Giriş Tarihi"},
    ),
}


def layout_file(folder: Path, name: str) -> Path:
    """Write one of the layouts."""
    _, header, cells, _ = LAYOUTS[name]
    delimiter = ";" if ";" in header else ","
    lines = [header, *(delimiter.join(f'"{c}"' if delimiter in c else c for c in row) for row in cells)]
    path = folder / "export.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def looked_at(folder: Path, name: str) -> Sample:
    """Return the sample of one of the layouts."""
    return glance(layout_file(folder, name), "export.csv", folder, ReadOptions())


def drafted(sample: Sample, table: str, name: str = "mine") -> Draft:
    """Return what the wizard proposes as it stands."""
    return Draft(name, table, propose(sample, table).columns)


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_table_and_its_columns_are_proposed(tmp_path: Path, name: str) -> None:
    table, _, _, wanted = LAYOUTS[name]
    found = best(looked_at(tmp_path, name))[0]
    assert found.table == table
    assert {c: s.column[0] for c, s in found.columns.items() if s.column} == wanted
    assert set(needed(table)) <= set(found.columns)


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_remembered_layout_loads_without_questions_and_its_rows_add_up(tmp_path: Path, name: str) -> None:
    sample, table = looked_at(tmp_path, name), LAYOUTS[name][0]
    settings = Settings(warehouse=tmp_path / "warehouse", profiles=tmp_path / "profiles")
    with pytest.raises(FileRefused):
        load([tmp_path / "export.csv"], settings)
    path = save(settings.profiles, "mine", written(drafted(sample, table), sources.profiles(None)))
    report = load([tmp_path / "export.csv"], settings).as_json()["files"][0]
    assert report["source"] == "mine"
    assert (report["rows_read"], report["rows_inserted"], report["rejects"]) == (40, 40, {})
    again = load([tmp_path / "export.csv"], settings, profile=sources.load_profile(path)).as_json()["files"][0]
    assert (again["rows_read"], again["rows_unchanged"]) == (40, 40)


def test_every_profile_that_ships_is_written_and_read_back_the_same() -> None:
    folder = files("insights.sources").joinpath("profiles")
    for file in sorted(f.name for f in folder.iterdir() if f.name.endswith(".toml")):
        profile = read_profile(folder.joinpath(file).read_text("utf-8"), file)
        again = read_profile(to_toml(profile), file)
        assert replace(again, hash="") == replace(profile, hash=""), file


def test_any_text_in_a_header_or_word_survives_the_way_through_toml() -> None:
    strange = [
        'a"b',
        "back\\slash",
        "tab\there",
        "emoji 🙂",
        "]\n[tickets",
        "del\x7f",
        "'''",
        "#no comment",
        "Ünvan = İ",
    ]
    columns = {
        "ticket_id": Spec(column=("id",)),
        "created_at": Spec(column=("at",)),
        "subject": Spec(column=tuple(strange)),
    }
    draft = Draft("odd", "tickets", columns, label='"""', words={"status": dict.fromkeys(strange, "open")})
    profile = read_profile(written(draft, ()), "odd.toml")
    assert profile.tables["tickets"].columns["subject"].column == tuple(strange)
    assert len(profile.words["status"]) == len(strange)
    assert profile.label == '"""'


def test_nonsense_is_named() -> None:
    def of(table: str, **columns: str) -> list[tuple[str, str, str]]:
        return problems(Draft("x", table, {c: Spec(column=(h,)) for c, h in columns.items()}))

    assert of("tickets", ticket_id="No") == [("missing", "created_at", "")]
    assert of("tickets", ticket_id="No", created_at="Tarih", customer_id="no") == [
        ("twice", "ticket_id", "customer_id")
    ]
    assert of("tickets", ticket_id="No", created_at="Tarih", subject="Tarih") == [("twice", "created_at", "subject")]
    assert of("tickets", ticket_id="No", created_at="Tarih", solved_at="Bitiş", closed_at="Bitiş") == []
    assert of("tickets", ticket_id="column 1", created_at="column 2") == [("unnamed", "ticket_id", "")]


def test_a_draft_is_recognised_by_enough_headers_not_to_take_a_vendors_file() -> None:
    columns = {
        c: Spec(column=(h,))
        for c, h in {"ticket_id": "ID", "created_at": "Created at", "status": "Status", "team": "Masa adı"}.items()
    }
    found = needs(Draft("mine", "tickets", columns), sources.profiles(None))
    assert found[:2] == ("ID", "Created at")
    assert "Masa adı" in found


def test_the_first_rows_are_shown_as_converted_with_their_problems(tmp_path: Path) -> None:
    lines = [
        "No;Tarih;Durum;İlk yanıt süresi (dk)",
        "1;05.03.2025 10:00;Açık;90",
        ";06.03.2025 10:00;Açık;5",
        "3;31.02.2025;Müşteri onayı;x",
        *(f"{n};{n:02d}.03.2025 10:00;Çözüldü;5" for n in range(4, 29)),
    ]
    (tmp_path / "e.csv").write_text("\n".join(lines), "utf-8")
    sample = glance(tmp_path / "e.csv", "e.csv", tmp_path, ReadOptions())
    draft = drafted(sample, "tickets")
    shown = preview(sample, written(draft, ()), ReadOptions(default_timezone="Europe/Istanbul"))
    assert draft.columns["reported_first_response_s"].unit == "min"
    assert len(shown.rows) == 10
    assert (shown.read, shown.rejected, shown.date_order) == (28, 2, "dmy")
    first = shown.rows[0]
    assert (first["ticket_id"], str(first["created_at"]), first["reported_first_response_s"]) == (
        "1",
        "2025-03-05 07:00:00",
        5400,
    )
    assert {(p["line"], p["column"], p["reason"], p["row_rejected"]) for p in shown.problems} >= {
        (3, "No", "missing_value", True),
        (4, "Tarih", "bad_date", True),
    }
    assert strange_words(sample, "Durum", "status") == ["Müşteri onayı"]


def test_one_file_of_an_archive_and_a_sheet_and_records_are_looked_at(tmp_path: Path) -> None:
    import zipfile

    import xlsxwriter

    layout_file(tmp_path, "turkish agents")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("other.csv", "ticket_id,customer_id,status,created_at\n1,2,open,2025-01-01\n")
        archive.write(tmp_path / "export.csv", "in/export.csv")
    assert glance(tmp_path / "a.zip", "a.zip/in/export.csv", tmp_path, ReadOptions()).headers[0] == "Sicil No"
    with xlsxwriter.Workbook(str(tmp_path / "b.xlsx")) as book:
        sheet = book.add_worksheet()
        for n, row in enumerate([["Kişi listesi"], [], ["Sicil No", "Adı Soyadı"], [1, "Ece"], [2, "Can"], [3, "Su"]]):
            sheet.write_row(n, 0, row)
    found = glance(tmp_path / "b.xlsx", "b.xlsx", tmp_path, ReadOptions())
    assert found.headers == ("Sicil No", "Adı Soyadı")
    assert found.facts["Sicil No"].cells == ("1", "2", "3")
    records = [{"kişi": {"sicil": n, "ad": "Ece"}} for n in range(3)]
    (tmp_path / "c.json").write_text(json.dumps(records), "utf-8")
    assert "sicil" in "".join(glance(tmp_path / "c.json", "c.json", tmp_path, ReadOptions()).headers)


def test_only_the_beginning_of_a_large_file_is_read_and_the_whole_one_where_it_cannot_settle_the_dates(
    tmp_path: Path,
) -> None:
    lines = ["No;Tarih;Açıklama", *(f"{n};03/04/2025;{'x' * 90}" for n in range(12_000)), "12000;25/04/2025;son"]
    (tmp_path / "big.csv").write_text("\n".join(lines), "utf-8")
    sample = glance(tmp_path / "big.csv", "big.csv", tmp_path, ReadOptions())
    assert sample.beginning != sample.whole
    columns = {"ticket_id": Spec(column=("No",)), "created_at": Spec(column=("Tarih",))}
    shown = preview(sample, written(Draft("big", "tickets", columns), ()), ReadOptions())
    assert (shown.date_order, shown.read) == ("dmy", 12_001)
    told = preview(sample, written(Draft("big", "tickets", columns, date_order="mdy"), ()), ReadOptions())
    assert told.read < 12_001


def test_units_and_words_are_guessed() -> None:
    assert [unit_in(h) for h in ("Çözüm süresi (saat)", "Response time (min)", "wait ms", "Süre sn", "Süre")] == [
        "h",
        "min",
        "ms",
        "s",
        "min",
    ]
    assert suggest("status", "Çözüldü - otomatik") == "solved"
    assert suggest("status", "Müşteri onayı") is None
    assert slug("Çağrı Merkezi / 2025 ../x") == "cagri_merkezi_2025_x"
    assert slug("..") == "profile"


def test_a_word_of_ones_own_holds_in_every_export_and_is_one_line(tmp_path: Path) -> None:
    save_words(tmp_path, {"status": {"Onay bekliyor": "pending", 'a "b"': "open"}})
    path = save_words(tmp_path, {"status": {"onay bekliyor": "hold"}, "kind": {"Teknik": "incident"}})
    lines = path.read_text("utf-8").splitlines()
    assert word_line("status", "onay bekliyor", "hold") in lines
    assert len(lines) == 4
    zendesk, plain = (next(p for p in sources.profiles(d) if p.name == "zendesk") for d in (tmp_path, None))
    assert zendesk.words["status"]["onay bekliyor"] == "hold"
    assert zendesk.hash != plain.hash
    path.write_text('status."x" = "nonsense"\n', "utf-8")
    with pytest.raises(SettingsWrong):
        sources.profiles(tmp_path)


def test_a_directory_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "profiles").write_text("a file, no folder", "utf-8")
    with pytest.raises(NotWritable):
        save(tmp_path / "profiles", "mine", "")


def test_every_column_and_concept_that_names_headers_exists() -> None:
    names = {t.name: set(schema.loaded_columns(t)) for t in schema.canonical_tables()}
    for table, meaning in meanings().items():
        assert set(meaning.patterns) | set(meaning.own) <= names[table]
        patterns = [p for ps in meaning.patterns.values() for p, _ in ps]
        assert frozenset().union(meaning.about, meaning.signs, *meaning.against, *patterns) <= set(concepts()), table
