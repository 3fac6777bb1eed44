"""Erasing leaves no byte of a person, no later load brings them back, every count stays; retention keeps its days."""

import datetime as dt
import gzip
import json
import multiprocessing
import os
import shutil
import signal
from pathlib import Path

import pytest
import sqlalchemy as sa
from staged_rows import small_settings, staged
from typer.testing import CliRunner

from insights import cli, keeping, schema, warehouse
from insights.access import Trail
from insights.asking import Desk
from insights.errors import NotWritable, UnknownName, WarehouseMissing
from insights.filters import EVERYTHING, Filters
from insights.metrics import METRICS
from insights.settings import Personal, Settings
from insights.warehouse.build import Stage
from insights.warehouse.personal import forgetting, retention
from insights.warehouse.publishing import unfinished

CUSTOMERS = """customer_id name email phone segment merged_into merged_ids referred_by
c1 Ayşe_Yılmaz ayse@ornek.com.tr +90_532_111_22_33 vip - - c4
c2 Ali_Can ali@x.com 0532_999_00_11 new - - c1
c3 Ayse_YILMAZ a.yilmaz@is.com - new c1 - -
c4 İbrahim_Çelik ibrahim@x.com 0533_444_55_66 vip - - ayse@ornek.com.tr
c5 Ayşe_Yılmaz baska@x.com - vip - - -
"""
TICKETS = """ticket_id customer_id subject created_at solved_at status agent_id
t1 c1 Kapım_bozuk_geldi 2026-01-01 2026-01-02 solved a1
t2 c3 İkinci_şikâyetim_bu 2026-01-03 - open a1
t3 c2 Komşum_AYŞE_YILMAZ_(0532_1112233)_aradı 2026-01-04 2026-01-05 solved ayse@ornek.com.tr
t4 c4 ibrahim@x.com_adresime_yazın 2026-01-05 2026-01-06 solved a1
"""
SURVEYS = """survey_id ticket_id customer_id kind score comment sent_at answered_at
s1 t1 - csat 2 Hiç_memnun_kalmadım_vallahi 2026-01-02 2026-01-03
s2 t3 c2 csat 5 teşekkürler 2026-01-05 2026-01-06
s3 - ayse@ornek.com.tr nps 9 Harika_bir_destek 2026-01-05 2026-01-06
"""
ORDERS = """order_id customer_id ordered_at amount currency status
ayse@ornek.com.tr-1 c1 2026-01-01 100 TRY paid
o2 c1 2026-01-09 50 TRY paid
o3 c2 2026-01-02 70 TRY paid
"""
HIDDEN = (
    "yılmaz",
    "yilmaz",
    "ayse@ornek",
    "a.yilmaz@is",
    "1112233",
    "111 22 33",
    "kapım",
    "ikinci şikâyet",
    "hiç memnun",
    "harika bir",
)
NAMESAKE = "Ayşe Yılmaz"
"""c5 is another person of the same name: it stays theirs."""


def exports(salt: str = "") -> list[Stage]:
    rejected = [(9, None, "Ayse Yilmaz", "bad_date"), (10, None, "other", "bad_date")]
    return [
        staged({"customers": CUSTOMERS}, salt=salt, name="c.csv"),
        staged({"tickets": TICKETS}, salt=salt, name="t.csv", rejected=rejected),
        staged({"surveys": SURVEYS}, salt=salt, name="s.csv"),
        staged({"orders": ORDERS}, salt=salt, name="o.csv"),
    ]


def without_namesake(text: str) -> list[Stage]:
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("c5")]
    return [staged({"customers": "".join(lines)}, name="c.csv")]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a warehouse that holds the exports but for the namesake."""
    settings = small_settings(tmp_path_factory.mktemp("built"))
    warehouse.load_staged([*without_namesake(CUSTOMERS), *exports()[1:]], settings)
    return settings.warehouse


@pytest.fixture
def settings(built: Path, tmp_path: Path) -> Settings:
    """Return settings of a copy of it, with a folder of raw exports."""
    found = small_settings(tmp_path)
    shutil.copytree(built, found.warehouse)
    personal = Personal(raw=(tmp_path / "inbox",))  # type: ignore[call-arg]
    return found.model_copy(update={"personal": personal, "profiles": tmp_path / "profiles"})


def hits(directory: Path) -> list[tuple[str, str]]:
    """Return which of the words stand in which files, in any letter case."""
    found = []
    for path in (p for p in directory.rglob("*") if p.is_file()):
        data = path.read_bytes()
        spelled = {form for word in HIDDEN for form in (word, word.upper(), word.title(), word.capitalize())}
        spelled |= {form.replace("i", "İ") for form in spelled} | {"AYŞE YILMAZ", "Ayşe Yılmaz", "Ayse YILMAZ"}
        found += [(path.name, word) for word in sorted(spelled) if word.encode() in data]
    return found


def numbers(settings: Settings) -> dict[str, tuple[object, object]]:
    desk = Desk(warehouse.open_current(settings.warehouse, settings.engine), Filters(), EVERYTHING, "en", settings)
    return {number.metric: (number.value, number.n) for number in desk.numbers(list(METRICS))}


def test_nothing_of_a_person_is_left_in_any_byte_and_no_load_brings_them_back(
    settings: Settings, tmp_path: Path
) -> None:
    before = numbers(settings)
    assert hits(tmp_path)
    done = forgetting.erase(settings, "c1")
    agent = ("warehouse-2.duckdb", "ayse@ornek")  # a1's colleague signs in by this address: an employee's record
    assert (set(hits(tmp_path)), done.namesakes) == ({agent}, ())
    assert numbers(settings) == before
    reports = warehouse.load_staged([*without_namesake(CUSTOMERS), *exports("again")[1:]], settings)
    assert [(f.rows_inserted, f.rows_updated) for f in reports.files if f.already_loaded_in is None] == [(0, 0)] * 3
    assert {name for _, name in hits(tmp_path)} == {"ayse@ornek"}
    assert numbers(settings) == before


def test_all_ids_of_one_person_go_and_a_namesake_stays(settings: Settings) -> None:
    warehouse.load_staged([exports("namesake")[0]], settings)
    done = forgetting.erase(settings, "AYSE@ornek.com.tr")
    assert set(done.ids) == {"c1", "c3", "ayse@ornek.com.tr"}
    assert forgetting.look_up(settings, "c5").rows["customers"][0]["name"] == NAMESAKE
    with pytest.raises(UnknownName):
        forgetting.look_up(settings, "c3")


def test_a_person_who_comes_under_a_new_id_is_known_by_the_address(settings: Settings, tmp_path: Path) -> None:
    forgetting.erase(settings, "c1")
    people = "customer_id name email phone\nn7 Ayşe_Yılmaz-Demir AYSE@ORNEK.com.tr 0555_000_11_22\n"
    warehouse.load_staged([staged({"customers": people}, source="shop")], settings)
    later = "ticket_id customer_id subject created_at\nz1 n7 Yine_ben_geldim 2026-02-01\n"
    warehouse.load_staged([staged({"tickets": later}, source="shop")], settings)
    words = [p.read_bytes() for p in settings.warehouse.iterdir() if p.is_file()]
    assert not any(w.encode() in data for data in words for w in ("Demir", "0555 000", "ORNEK", "Yine ben"))


def test_a_number_shared_with_somebody_else_makes_nobody_the_same_person(settings: Settings) -> None:
    forgetting.erase(settings, "c1")
    people = "customer_id name email phone\nf1 Mehmet_Yılmaz mehmet@x.com 0532_111_22_33\n"
    warehouse.load_staged([staged({"customers": people})], settings)
    row = forgetting.look_up(settings, "f1").rows["customers"][0]
    assert (row["name"], row["phone"]) == ("Mehmet Yılmaz", "0532 111 22 33")


def test_an_address_with_turkish_letters_is_found_however_it_is_written(settings: Settings) -> None:
    forgetting.erase(settings, "IBRAHIM@X.COM".lower())
    rows = forgetting.look_up(settings, "c2").rows
    assert "c2" in {r["customer_id"] for r in rows["tickets"]}
    assert not any(b"brahim" in p.read_bytes() for p in settings.warehouse.glob("*.duckdb"))


def test_an_id_of_two_people_is_asked_about(settings: Settings) -> None:
    warehouse.load_staged([staged({"customers": "customer_id name\nc2 Veli_Demir_Usta\n"}, source="shop")], settings)
    with pytest.raises(UnknownName, match="--source"):
        forgetting.look_up(settings, "c2")
    assert forgetting.look_up(settings, "c2", ["shop"]).rows["customers"][0]["name"] == "Veli Demir Usta"
    assert len(forgetting.look_up(settings, "c2", ["shop", "desk"]).rows["customers"]) == 2


def test_what_is_held_on_a_person_is_what_is_stored(settings: Settings) -> None:
    rows = forgetting.look_up(settings, "c1").rows
    kept = {name: len(rows[name]) for name in ("customers", "tickets", "surveys", "orders", "rejects")}
    assert kept == {"customers": 2, "tickets": 2, "surveys": 2, "orders": 2, "rejects": 1}


def test_raw_exports_views_and_the_trail_forget_them_too(settings: Settings, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.csv").write_text("id;ad\nc1;x\n", "windows-1254")
    (inbox / "b.csv.gz").write_bytes(gzip.compress("ad\nAYŞE YILMAZ\n".encode("utf-16-le")))
    (inbox / "c.json").write_text(json.dumps([{"name": "Ayşe Yılmaz"}]))
    (inbox / "other.csv").write_text("id;ad\nc10;Ali Can\n")
    (settings.warehouse / "views.json").write_text('{"search": "ayse@ornek.com.tr", "customer": "c1"}')
    trail = Trail(settings.warehouse)
    trail.add("ada", "rows", people=["c1", "c2"])
    done = keeping.erase(settings, "c1")
    assert [p.name for p in done.removed] == ["a.csv", "b.csv.gz", "c.json"]
    assert [p.name for p in inbox.iterdir()] == ["other.csv"]
    word = done.erased.ids["c1"]
    assert json.loads((settings.warehouse / "views.json").read_text()) == {"search": word, "customer": word}
    assert [(e["what"], e.get("people")) for e in trail.entries()] == [
        ("rows", [word, "c2"]),
        ("trail_rewritten", None),
    ]
    assert trail.verify() == (2, None)


def test_a_backup_from_before_brings_nobody_back(settings: Settings, tmp_path: Path) -> None:
    beside = {
        settings.warehouse / "lists.json": '[{"customers": ["c1", "c2"], "held_out": ["c3"]}]',
        settings.warehouse / "views.json": '{"ada": {"Ayşe Yılmaz": "q=ayse@ornek.com.tr"}}',
        settings.warehouse
        / "queries.json": '{"ada": {"x": "SELECT 1 FROM tickets WHERE customer_id IN (\'c1\', \'c2\')"}}',
        settings.profiles / "merged.csv": "customer_id,merged_into\nc3,c1\n",
    }
    for path, text in beside.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    Trail(settings.warehouse).add("ada", "reveal", people=["c1"], reason="Ayşe Yılmaz aradı")
    backup = keeping.back_up(tmp_path / "backups", settings, tmp_path / "none.toml")
    before = warehouse.status(settings).tables
    words = keeping.erase(settings, "c1").erased.ids
    for file in Trail(settings.warehouse).file, Trail(settings.warehouse).head:
        file.unlink()  # then the backup's takes its place
    keeping.restore(backup, settings, tmp_path / "none.toml")
    assert warehouse.status(settings).tables == before
    warehouse.load_staged([*without_namesake(CUSTOMERS), *exports("again")[1:]], settings)
    assert {name for _, name in [*hits(settings.warehouse), *hits(settings.profiles)]} == {"ayse@ornek"}
    assert {
        path.name for path in beside if any(f"{q}c{n}{q}" in path.read_text() for n in "13" for q in "\"',")
    } == set()
    assert json.loads((settings.warehouse / "lists.json").read_text("utf-8"))[0]["customers"] == [words["c1"], "c2"]
    assert next(Trail(settings.warehouse).entries())["people"] == [words["c1"]]


@pytest.mark.parametrize("stage", ["renamed", "published", "rewritten", "let_go"])
def test_an_erasure_that_is_killed_is_finished_by_the_next_command(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    """Killed before the new version is served, the person is held as before and asked for again; after it, finished."""
    directory, inbox = settings.warehouse, tmp_path / "inbox"
    inbox.mkdir()
    settings.profiles.mkdir()
    (inbox / "a.csv").write_text("id;ad\nc1;x\n")
    (directory / "views.json").write_text('{"search": "ayse@ornek.com.tr", "customer": "c3"}')
    (settings.profiles / "merged.csv").write_text("customer_id,merged_into\nc3,c1\n")
    Trail(directory).add("ada", "reveal", people=["c1", "c2"], reason="Ayşe Yılmaz aradı")
    before = numbers(settings)
    done = multiprocessing.get_context("fork").Process(target=killed, args=(settings, stage))
    done.start()
    done.join()
    assert done.exitcode == -signal.SIGKILL
    assert [name for _, name in hits(directory / unfinished.FILE)] == []
    if stage == "renamed":
        assert not keeping.finish(settings)
        keeping.erase(settings, "c1")
    else:
        assert (directory / unfinished.FILE).stat().st_mode & 0o777 == 0o600
        with pytest.raises(WarehouseMissing):
            warehouse.undo(settings)
        monkeypatch.setenv("INSIGHTS_PROFILES", str(settings.profiles))
        monkeypatch.setenv("INSIGHTS_PERSONAL__RAW", json.dumps([str(inbox)]))
        warehouse.close(directory)
        cli.gather()
        said = CliRunner().invoke(cli.app, ["--warehouse", str(directory), "erase", "c1"])
        assert isinstance(said.exception, UnknownName)
        assert "cut short" in said.stderr
    assert not (directory / unfinished.FILE).exists()
    assert list(inbox.iterdir()) == []
    assert {name for _, name in hits(tmp_path)} == {"ayse@ornek"}, "an agent signs in by this address"
    for text in ((directory / "views.json").read_text(), (settings.profiles / "merged.csv").read_text()):
        assert text.count("erased-") == 2
    told = [e for e in Trail(directory).entries() if e["what"] == "reveal"]
    assert told[0]["people"][1] == "c2"
    assert told[0]["people"][0].startswith("erased-")
    assert Trail(directory).verify()[1] is None
    assert len(list(directory.glob("*.duckdb"))) == 1
    assert not keeping.finish(settings)
    assert numbers(settings) == before


def test_an_erasure_that_cannot_be_finished_says_so_and_stays_noted(settings: Settings) -> None:
    process = multiprocessing.get_context("fork").Process(target=killed, args=(settings, "published"))
    process.start()
    process.join()

    def held(ids: object, needles: object) -> None:
        raise PermissionError(13, "not yours", "a.csv")

    with pytest.raises(NotWritable, match=r"not yours.*a\.csv"):
        forgetting.finish(settings, held)
    assert unfinished.noted(settings.warehouse) == 1
    assert keeping.finish(settings)


def killed(settings: Settings, stage: str) -> None:
    os.environ["INSIGHTS_FAILPOINT"] = stage
    keeping.erase(settings, "c1")


def aged(settings: Settings, **days: int) -> Settings:
    return settings.model_copy(update={"personal": Personal(keep_days=days)})  # type: ignore[call-arg]


def test_what_is_past_its_days_goes_from_every_version_and_does_not_come_back(settings: Settings) -> None:
    now = dt.datetime(2026, 2, 4)
    limited = aged(settings, tickets=31, surveys=31, customers=31)
    assert {d.table: d.rows for d in retention.due(limited, now)} == {"tickets": 1, "surveys": 1, "customers": 0}
    assert [p.name for p in settings.warehouse.glob("*.duckdb")] == ["warehouse-1.duckdb"], "counting changes nothing"
    retention.apply(limited, now)
    assert [p.name for p in settings.warehouse.glob("*.duckdb")] == ["warehouse-2.duckdb"]
    held = warehouse.status(limited).tables
    assert (held["tickets"], held["surveys"]) == (3, 2)
    assert not any("Kapım".encode() in p.read_bytes() for p in settings.warehouse.glob("*.duckdb"))
    assert [d.rows for d in retention.apply(limited, now)] == [0, 0, 0]
    old = aged(settings, tickets=1, surveys=1)
    warehouse.load_staged(exports("again")[1:3], old)
    assert not any("Kapım".encode() in p.read_bytes() for p in settings.warehouse.glob("*.duckdb"))


def test_who_recommended_others_is_erased_there_too_and_still_counts(settings: Settings) -> None:
    forgetting.erase(settings, "c1")
    warehouse.load_staged([*without_namesake(CUSTOMERS), *exports("again")[1:]], settings)
    found = warehouse.open_current(settings.warehouse, settings.engine)
    c = schema.customers.c
    said = {r["customer_id"]: r["referred_by"] for r in found.fetch(sa.select(c.customer_id, c.referred_by))}
    mine, addressed = said.pop("c2"), said.pop("c4")
    assert said[mine] == "c4"  # the word is that of their own row, which still says who recommended them
    assert addressed.startswith("erased-")


def test_a_person_asked_for_twice_is_erased_once(settings: Settings) -> None:
    forgetting.erase(settings, "c1")
    with pytest.raises(UnknownName, match="Nobody"):
        forgetting.erase(settings, "c1")
