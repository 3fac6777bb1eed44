"""The same answers from the tables on a database server: ClickHouse in this process, beside DuckDB's own."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cluster_answers import both, halve, home, reach
from same_elsewhere import AsHere, closed_port, differences

from insights import schema, texts, warehouse
from insights.asking import Desk
from insights.errors import DatabaseAway, DatabaseCannot
from insights.settings import Settings
from insights.warehouse.cluster.clickhouse.placing import Place, place
from insights.warehouse.cluster.clickhouse.server import Server
from insights.warehouse.remembered import Remembered

pytestmark = pytest.mark.filterwarnings("default")


ZONE = "Europe/Istanbul"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the engine of this process keeps its tables, one a process; its own zone is not UTC."""
    place = tmp_path_factory.mktemp("engine")
    held = Server(home(place))
    with pytest.MonkeyPatch.context() as here:
        here.setenv("TZ", ZONE)
        assert held.rows("SELECT serverTimezone()")[1] == [(ZONE,)]
    return place


@pytest.fixture(scope="module")
def desks(small_directory: Path, engine: Path) -> tuple[Desk, Desk]:
    return both(small_directory, home(engine))


@pytest.fixture(scope="module")
def spread(small_directory: Path, engine: Path) -> tuple[Desk, Desk]:
    """Return a desk here and one whose tickets, orders and surveys lie on two shards."""
    there = both(small_directory, address := home(engine, "spread", "one"))
    halve(address)
    return there


@pytest.fixture
def address(engine: Path) -> Callable[[str], str]:
    return lambda name: home(engine, name)


@pytest.fixture
def away() -> str:
    return f"clickhousedb://127.0.0.1:{closed_port()}/crm"


class TestClickHouse(AsHere):
    pass


def test_a_share_of_all_questions_has_the_same_answer_cell_by_cell(desks: tuple[Desk, Desk]) -> None:
    assert differences(desks, 3, 0.01) == []


def test_a_share_of_all_questions_has_the_same_answer_from_two_shards(spread: tuple[Desk, Desk]) -> None:
    by_shard = "SELECT shardNum(), count() FROM {}.tickets GROUP BY 1"
    assert len(_rows(spread[1], by_shard)) == 2, "each shard has a part"
    assert differences(spread, 4, 0.01) == []


def _rows(desk: Desk, text: str) -> Sequence[Any]:
    remote = desk.warehouse.source
    return remote._server.rows(text.format(remote._database))[1]  # type: ignore[attr-defined]


def test_a_lost_shard_gives_one_sentence_and_never_a_part_of_the_rows(spread: tuple[Desk, Desk]) -> None:
    there = replace(spread[1], warehouse=replace(spread[1].warehouse, remembered=Remembered()))
    remote = there.warehouse.source
    reach(remote._server, remote._database, "lame")  # type: ignore[attr-defined]
    with pytest.raises(DatabaseAway) as refused:
        there.one("created")
    assert "\n" not in texts.error(refused.value, "tr")
    reach(remote._server, remote._database, "two")  # type: ignore[attr-defined]
    assert there.one("created") == spread[0].one("created")


def test_a_cluster_the_server_does_not_know_is_said_before_anything_is_sent(
    small_directory: Path, engine: Path
) -> None:
    with pytest.raises(DatabaseCannot, match="no cluster nowhere"):
        warehouse.publish(Settings(warehouse=small_directory, database=home(engine, "nowhere", "nowhere")))


def test_rows_by_customer_lie_on_one_machine_and_the_others_whole_on_each(engine: Path) -> None:
    server = Server(home(engine, cluster="two"))
    there = Place(server, shards=(1, 2))
    assert [len(there.copies("v", table)) for table in (schema.tickets, schema.customers)] == [1, 2]
    assert place(server).shards == (1,), "one machine is given the rows of a small table once"
    assert place(server).told == "", "this server is all of them"
