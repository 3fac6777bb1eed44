"""Publishing, reading while publishing, going back, and what is left when files go missing."""

import os
import random
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa
from staged_rows import small_settings, staged

from insights import schema, texts, warehouse
from insights.errors import WarehouseCorrupt, WarehouseMissing
from insights.settings import Calendar, Settings
from insights.warehouse import ddl
from insights.warehouse.build import Stage
from insights.warehouse.engine import open_builder
from insights.warehouse.publishing import lock, sums, versions

COUNT = sa.select(sa.func.count().label("n")).select_from(schema.customers)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return small_settings(tmp_path)


def customers(count: int, salt: str = "") -> Stage:
    rows = "\n".join(f"c{i} vip" for i in range(count))
    return staged({"customers": f"customer_id segment\n{rows}\n"}, salt=salt)


def load(settings: Settings, count: int, **options: bool) -> warehouse.LoadReport:
    return warehouse.load_staged([customers(count)], settings, **options)


def seen(settings: Settings) -> int:
    found: int = warehouse.open_current(settings.warehouse).fetch(COUNT)[0]["n"]
    return found


def test_nothing_loaded_is_said_with_the_way_out(settings: Settings) -> None:
    with pytest.raises(WarehouseMissing, match="insights load"):
        warehouse.open_current(settings.warehouse)


def test_each_load_publishes_a_read_only_version_with_a_new_number(settings: Settings) -> None:
    assert [load(settings, n).version for n in (1, 2)] == [1, 2]
    assert (settings.warehouse / "CURRENT").read_text() == "warehouse-2.duckdb\n"
    assert all(os.stat(settings.warehouse / versions.name_of(v)).st_mode & 0o222 == 0 for v in (1, 2))
    assert sorted(p.name for p in settings.warehouse.iterdir()) == [
        "CURRENT",
        "LOCK",
        "SUMS",
        "warehouse-1.duckdb",
        "warehouse-2.duckdb",
    ]


def test_only_the_newest_versions_are_kept(settings: Settings) -> None:
    for n in range(1, 6):
        load(settings, n)
    assert versions.published(settings.warehouse) == [3, 4, 5]


def test_readers_move_on_and_an_old_reader_still_reads_its_version(settings: Settings) -> None:
    load(settings, 1)
    old = warehouse.open_current(settings.warehouse)
    for n in range(2, 6):
        load(settings, n)
    assert (seen(settings), old.fetch(COUNT)[0]["n"]) == (5, 1)


def test_the_same_content_publishes_nothing(settings: Settings) -> None:
    load(settings, 2)
    assert load(settings, 2).version is None
    assert versions.published(settings.warehouse) == [1]


def test_a_changed_calendar_is_applied_by_loading_the_same_file_again(settings: Settings) -> None:
    load(settings, 1)
    changed = settings.model_copy(update={"calendars": {"support": Calendar(holidays="")}})  # type: ignore[call-arg]
    assert [key for key, _ in warehouse.status(changed).warnings] == ["settings_changed"]
    assert load(changed, 1).version == 2
    assert warehouse.status(changed).warnings == ()


def test_a_dry_run_tells_and_changes_nothing(settings: Settings) -> None:
    report = load(settings, 3, dry_run=True)
    assert (report.version, report.files[0].rows_inserted) == (None, 3)
    assert [p.name for p in settings.warehouse.iterdir()] == ["LOCK"]


def test_the_first_real_load_replaces_the_sample_company(settings: Settings) -> None:
    load(settings, 5, sample=True)
    assert warehouse.status(settings).sample
    warehouse.load_staged([customers(2, "real")], settings)
    assert (seen(settings), warehouse.status(settings).sample) == (2, False)
    warehouse.undo(settings)
    assert seen(settings) == 5


def test_undo_serves_the_version_before_and_its_number_is_never_used_again(settings: Settings) -> None:
    load(settings, 1)
    load(settings, 2)
    assert (warehouse.undo(settings), seen(settings)) == (1, 1)
    assert (settings.warehouse / "undone-2.duckdb").exists()
    assert (load(settings, 3).version, seen(settings)) == (3, 3)
    assert not (settings.warehouse / "undone-2.duckdb").exists()


def test_undo_needs_a_version_before(settings: Settings) -> None:
    load(settings, 1)
    with pytest.raises(WarehouseMissing, match="no version before"):
        warehouse.undo(settings)


@pytest.mark.parametrize("text", ["", "warehouse-", "warehouse-x.duckdb", "\x00\x00"])
def test_a_damaged_pointer_serves_the_newest_version_and_the_next_load_repairs_it(
    settings: Settings, text: str
) -> None:
    load(settings, 1)
    load(settings, 2)
    (settings.warehouse / "CURRENT").write_text(text)
    assert seen(settings) == 2
    assert warehouse.status(settings).warnings == (("pointer_lost", {"version": 2, "named": None}),)
    assert load(settings, 3).version == 3
    assert warehouse.status(settings).warnings == ()


def test_a_deleted_current_version_serves_the_one_before_and_is_told(settings: Settings) -> None:
    load(settings, 1)
    load(settings, 2)
    warehouse.close(settings.warehouse)
    (settings.warehouse / "warehouse-2.duckdb").unlink()
    assert seen(settings) == 1
    assert warehouse.status(settings).warnings == (("version_lost", {"version": 1, "named": 2}),)
    assert (load(settings, 3).version, seen(settings)) == (3, 3)


def test_a_version_that_was_never_published_is_not_served_and_goes_with_the_next_load(settings: Settings) -> None:
    load(settings, 1)
    load(settings, 2)
    versions.point(settings.warehouse, versions.name_of(1))
    (settings.warehouse / "warehouse-2.duckdb.tmp").write_text("cut short")
    assert seen(settings) == 1
    assert (load(settings, 3).version, versions.published(settings.warehouse)) == (3, [1, 3])
    assert not list(settings.warehouse.glob("*.tmp*"))


def damaged(path: Path, how: str) -> None:
    path.chmod(0o600)
    content = bytearray(path.read_bytes())
    if how == "flipped":
        content[len(content) // 2] ^= 1
    path.write_bytes({"noise": b"\x07" * len(content), "cut": content[:10_000], "empty": b""}.get(how, content))


DAMAGE = ["noise", "cut", "empty", "flipped"]


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_version_gives_way_to_the_one_before_and_is_told(settings: Settings, how: str) -> None:
    load(settings, 1)
    load(settings, 2)
    warehouse.close(settings.warehouse)
    damaged(settings.warehouse / "warehouse-2.duckdb", how)
    assert seen(settings) == 1
    assert warehouse.status(settings).warnings == (("version_damaged", {"version": 1, "named": 2}),)
    if how == "cut":
        words = [sys.executable, "-m", "insights", "--warehouse", str(settings.warehouse), "query", "created"]
        said = subprocess.run(words, capture_output=True, text=True, check=False).stderr
        assert texts.t("warnings.version_damaged", "en", version=1, named=2) in said
    assert (load(settings, 3).version, seen(settings)) == (3, 3)  # built on the whole one
    assert versions.published(settings.warehouse) == [1, 3]
    assert warehouse.status(settings).warnings == ()


@pytest.mark.parametrize("how", DAMAGE)
def test_undo_never_goes_back_to_a_damaged_version(settings: Settings, how: str) -> None:
    for n in (1, 2, 3):
        load(settings, n)
    damaged(settings.warehouse / "warehouse-2.duckdb", how)
    assert (warehouse.undo(settings), seen(settings)) == (1, 1)


@pytest.mark.parametrize("how", ["noise", "cut", "empty"])
def test_with_no_whole_version_left_the_way_out_is_said(settings: Settings, how: str) -> None:
    load(settings, 1)
    warehouse.close(settings.warehouse)
    damaged(settings.warehouse / "warehouse-1.duckdb", how)
    with pytest.raises(WarehouseCorrupt, match="insights undo"):
        warehouse.open_current(settings.warehouse).fetch(COUNT)


def test_a_single_flipped_byte_anywhere_is_found(settings: Settings) -> None:
    load(settings, 1)
    path, rng = settings.warehouse / "warehouse-1.duckdb", random.Random(3)
    content = path.read_bytes()
    path.chmod(0o600)
    for _ in range(40):
        at, bit = rng.randrange(len(content)), 1 << rng.randrange(8)
        path.write_bytes(content[:at] + bytes([content[at] ^ bit]) + content[at + 1 :])
        assert sums.of(path) != sums.written(settings.warehouse)[path.name]
    path.write_bytes(content)
    assert sums.whole(path)


def test_a_version_published_before_there_were_sums_is_served(settings: Settings) -> None:
    load(settings, 1)
    (settings.warehouse / sums.FILE).unlink()
    assert seen(settings) == 1


def test_nobody_else_may_read_the_versions(settings: Settings) -> None:
    load(settings, 1)
    assert settings.warehouse.stat().st_mode & 0o777 == 0o700
    assert {p.name: p.stat().st_mode & 0o377 for p in settings.warehouse.glob("*.duckdb")} == {"warehouse-1.duckdb": 0}
    assert [p.name for p in settings.warehouse.iterdir() if p.stat().st_mode & 0o077] == []


def test_a_second_load_waits_for_the_first_and_says_so(settings: Settings) -> None:
    first = ExitStack()
    first.enter_context(lock.locked(settings.warehouse))
    told: list[str] = []

    def listen(event: warehouse.Event) -> None:
        told.append(event.stage)
        if event.stage == "wait":
            assert event.name == str(os.getpid())
            first.close()

    assert warehouse.load_staged([customers(2)], settings, progress=listen).version == 1
    assert (told[0], told[-1], seen(settings)) == ("wait", "done", 2)


def test_a_version_of_an_older_schema_gets_the_missing_columns_at_the_next_load(settings: Settings) -> None:
    load(settings, 2)
    older = settings.warehouse / "warehouse-1.duckdb"
    warehouse.close(settings.warehouse)
    older.chmod(0o644)
    (settings.warehouse / sums.FILE).unlink()  # older builds wrote none
    with open_builder(older, settings.engine) as con:
        con.execute("ALTER TABLE customers DROP COLUMN loyalty_points")
        con.execute("DROP TABLE trainings")
        con.execute("UPDATE facts SET value = 'older' WHERE name = 'schema'")
    assert load(settings, 2).version == 2
    held = warehouse.open_current(settings.warehouse)
    assert held.fetch(sa.select(schema.customers.c.loyalty_points)) == [{"loyalty_points": None}] * 2
    assert held.fetch(sa.select(schema.trainings)) == []
    assert held.fact("schema") == ddl.fingerprint()


def test_a_version_of_an_older_schema_is_read_as_it_is_and_new_rows_find_their_columns(settings: Settings) -> None:
    first = staged({"customers": "customer_id segment loyalty_points city\nc1 vip 5 Bursa\nc2 vip 6 Bursa\n"})
    warehouse.load_staged([first], settings)
    warehouse.close(settings.warehouse)
    older = settings.warehouse / "warehouse-1.duckdb"
    older.chmod(0o644)
    (settings.warehouse / sums.FILE).unlink()  # older builds wrote none
    with open_builder(older, settings.engine) as con:
        con.execute("ALTER TABLE customers DROP COLUMN segment")
        con.execute("ALTER TABLE loads DROP COLUMN read_as")
        con.execute("DROP TABLE trainings")
        con.execute("UPDATE facts SET value = 'older' WHERE name = 'schema'")
    held = warehouse.open_current(settings.warehouse)
    known = sa.select(schema.customers.c["customer_id", "segment", "loyalty_points", "city"]).order_by("customer_id")
    assert [tuple(r.values()) for r in held.fetch(known)] == [("c1", None, 5, "Bursa"), ("c2", None, 6, "Bursa")]
    assert held.fetch(sa.select(schema.trainings)) == []
    assert held.fetch(sa.select(schema.loads.c["read_as", "file"])) == [{"read_as": None, "file": "file.csv"}]
    assert [key for key, _ in warehouse.status(settings).warnings] == ["schema_changed"]
    with pytest.raises(duckdb.Error):
        held.source._con.execute("SELECT * FROM read_csv('/etc/passwd')")
    news = staged({"customers": "customer_id segment loyalty_points city\nc2 basic 7 İzmir\nc3 gold 8 Muş\n"})
    warehouse.load_staged([news], settings)
    rows = [tuple(r.values()) for r in warehouse.open_current(settings.warehouse).fetch(known)]
    assert rows == [("c1", None, 5, "Bursa"), ("c2", "basic", 7, "İzmir"), ("c3", "gold", 8, "Muş")]


def test_a_version_with_the_header_of_another_engine_is_refused_with_the_way_out(settings: Settings) -> None:
    load(settings, 1)
    warehouse.close(settings.warehouse)
    path = settings.warehouse / "warehouse-1.duckdb"
    path.chmod(0o644)
    (settings.warehouse / sums.FILE).unlink()
    content = bytearray(path.read_bytes())
    content[12:20] = (99_999).to_bytes(8, "little")  # the storage version of the file's header
    path.write_bytes(content)
    with pytest.raises(WarehouseCorrupt, match=r"another version of DuckDB.*insights undo"):
        warehouse.open_current(settings.warehouse).fetch(COUNT)


def test_every_table_and_column_carries_its_comment(settings: Settings) -> None:
    load(settings, 1)
    held = warehouse.open_current(settings.warehouse)
    listed = sa.text("SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal")
    said = {(r["table_name"], r["column_name"]): r["comment"] for r in held.fetch(listed)}
    assert said == {(t.name, c.name): c.comment for t in schema.metadata.tables.values() for c in t.columns}


def test_readers_never_fail_nor_mix_versions_while_loads_publish(settings: Settings) -> None:
    load(settings, 1)
    done, wrong = threading.Event(), []

    def read() -> None:
        last = 0
        while not done.is_set():
            held = warehouse.open_current(settings.warehouse)
            found = held.fetch(COUNT)[0]["n"]
            if found != held.version or held.version < last:
                wrong.append((found, held.version, last))
            last = held.version

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        for n in range(2, 8):
            load(settings, n)
    finally:
        done.set()
        for reader in readers:
            reader.join()
    assert wrong == []


def test_threads_sharing_a_version_get_their_own_rows(settings: Settings) -> None:
    warehouse.load_staged([customers(300)], settings)
    held, wrong = warehouse.open_current(settings.warehouse), []

    def read(mine: int) -> None:
        select = sa.select(schema.customers.c.customer_id).where(schema.customers.c.customer_id == f"c{mine}")
        wrong.extend(rows for _ in range(30) if (rows := held.fetch(select)) != [{"customer_id": f"c{mine}"}])

    threads = [threading.Thread(target=read, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_sql_shown_to_a_person_gives_the_same_rows(settings: Settings) -> None:
    load(settings, 4)
    held = warehouse.open_current(settings.warehouse)
    select = sa.select(schema.customers.c.customer_id).where(
        schema.customers.c.customer_id.in_(["c1", "it's"]), schema.customers.c.segment.like("v%")
    )
    assert held.fetch(sa.text(held.sql(select).replace(":", r"\:"))) == held.fetch(select) == [{"customer_id": "c1"}]
    assert held.frame(select).to_dict("records") == [{"customer_id": "c1"}]


def test_a_reader_cannot_write_nor_reach_files(settings: Settings) -> None:
    load(settings, 1)
    held = warehouse.open_current(settings.warehouse)
    for attack in (
        "DELETE FROM customers",
        "COPY customers TO 'x.csv'",
        "SELECT * FROM read_text('/etc/hostname')",
    ):
        with pytest.raises(Exception, match=r"(?i)read-only|disabled"):
            held.fetch(sa.text(attack))
