"""The same answers from a real Spark beside DuckDB's own: a master, two workers and a Connect server on loopback."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cluster_answers import both
from same_elsewhere import AsHere, closed_port, differences
from spark_cluster import USUAL, ZONE, Spark, lacks

from insights import texts, warehouse
from insights.asking import Desk
from insights.errors import DatabaseAway, DatabaseCannot, WarehouseMissing
from insights.settings import Settings
from insights.sql import SPARK_SETTINGS
from insights.warehouse.cluster.reading import Reader
from insights.warehouse.remembered import Remembered

pytestmark = [
    pytest.mark.spark,
    pytest.mark.filterwarnings("default"),
    pytest.mark.skipif(
        bool(lacks()), reason=f"no {lacks()} here; make test-cluster brings the one and needs the other"
    ),
]


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spark]:
    there = Spark(tmp_path_factory.mktemp("spark"))
    try:
        there.start()
        yield there
    finally:
        there.stop()


@pytest.fixture(scope="module")
def address(spark: Spark) -> Callable[[str], str]:
    """Return the address of a database by its name, said in capitals, which a catalog writes in small letters."""
    return lambda name: spark.address(name.upper())


@pytest.fixture(scope="module")
def desks(small_directory: Path, address: Callable[[str], str]) -> tuple[Desk, Desk]:
    return both(small_directory, address("company"))


@pytest.fixture
def away() -> str:
    return f"spark://127.0.0.1:{closed_port()}/crm?files=/nowhere"


def _server(desk: Desk) -> Any:
    return desk.warehouse.source._server  # type: ignore[attr-defined]


def test_the_server_has_a_zone_of_its_own(desks: tuple[Desk, Desk]) -> None:
    zone = "SELECT java_method('java.time.ZoneId', 'systemDefault'), current_timezone()"
    assert _server(desks[1]).rows(zone)[1] == [(ZONE, "UTC")]


class TestSpark(AsHere):
    pass


def test_a_share_of_all_questions_has_the_same_answer_cell_by_cell(desks: tuple[Desk, Desk]) -> None:
    assert differences(desks, 3, 0.01) == []


def test_so_has_a_smaller_share_as_a_server_is_usually_set(
    desks: tuple[Desk, Desk], address: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in USUAL.items():
        monkeypatch.setitem(SPARK_SETTINGS, name, value)
    usual = Reader(address("company")).current(desks[0].warehouse.path.parent)
    assert differences((desks[0], replace(desks[1], warehouse=usual)), 5, 0.002) == []


def test_without_a_folder_that_is_shared_nothing_is_sent(small_directory: Path, address: Callable[[str], str]) -> None:
    bare = address("bare").partition("?")[0]
    for files, problem in (("", "files="), ("?files=here", "whole path"), ("?files=/dev/null/x", "Not a directory")):
        with pytest.raises(DatabaseCannot, match=problem) as refused:
            warehouse.publish(Settings(warehouse=small_directory, database=bare + files))
        assert "files=" in texts.error(refused.value, "tr")


def test_files_that_are_not_there_are_never_no_rows(desks: tuple[Desk, Desk], spark: Spark) -> None:
    there, files = _server(desks[1]), spark.room / "files"
    counted = "SELECT count(*) FROM tickets"
    before = there.rows(counted)[1]
    files.rename(files.with_name("elsewhere"))
    try:
        for _ in range(2):  # first of a session that has seen them, then of a new one
            with pytest.raises((DatabaseAway, WarehouseMissing)):
                there.rows("SELECT max(ticket_id) FROM tickets")
            assert there._idle == [], "who was refused something is not asked again"
    finally:
        files.with_name("elsewhere").rename(files)
    assert there.rows(counted)[1] == before


@pytest.mark.parametrize("named", ["SparkContext", "cancelled", "FILE_NOT_EXIST"])
def test_a_question_that_cannot_be_answered_is_not_taken_for_a_server_that_is_away(
    desks: tuple[Desk, Desk], named: str
) -> None:
    with pytest.raises(DatabaseCannot, match="USER_RAISED_EXCEPTION"):
        _server(desks[1]).rows(f"SELECT max(assert_true(ticket_id = '{named}')) FROM tickets")


SLOW = (
    "SELECT channel, count(*) AS n, sum(amount * length(ticket_id) % 97) AS weight FROM tickets, {} AS many (amount)"
    " GROUP BY channel ORDER BY channel NULLS LAST"
)
"""A question that keeps a cluster busy for some seconds, in words both engines have."""
MANY = 30_000


def test_a_machine_that_is_lost_amid_a_question_changes_nothing(desks: tuple[Desk, Desk], spark: Spark) -> None:
    found: list[Any] = []
    there, done = _server(desks[1]), spark.done_by("one")
    asked = threading.Thread(target=lambda: found.append(there.rows(SLOW.format(f"range(0, {MANY}, 1, 60)"))[1]))
    asked.start()
    while asked.is_alive() and spark.done_by("one") < done + 3:
        asked.join(0.05)
    assert asked.is_alive(), "the machine is lost while it works"
    spark.lose("one")
    asked.join()
    with desks[0].warehouse.source._con.cursor() as here:  # type: ignore[attr-defined]
        assert found == [here.execute(SLOW.format(f"range({MANY})")).fetchall()]
    assert replace(desks[1], warehouse=replace(desks[1].warehouse, remembered=Remembered())).one("created").n > 0


def test_a_cluster_that_lost_all_its_machines_is_away(
    desks: tuple[Desk, Desk], spark: Spark, monkeypatch: pytest.MonkeyPatch
) -> None:
    from insights.warehouse.cluster.spark import server

    spark.lose("two")
    monkeypatch.setattr(server, "PATIENCE_S", 5)
    there = replace(desks[1], warehouse=replace(desks[1].warehouse, remembered=Remembered()))
    with pytest.raises(DatabaseAway) as refused:
        there.numbers(["frt_p50"], ["channel"])
    with pytest.raises(DatabaseAway):
        next(there.stream(there.behind("created")))
    assert "\n" not in texts.error(refused.value, "tr")
