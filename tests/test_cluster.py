"""The same answers from the tables on a database server: ClickHouse in this process, beside DuckDB's own."""

import random
import socket
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cluster_answers import Asked, both, halve, home, questions, reach
from small_company import publish, random_tables

from insights import schema, texts, warehouse
from insights.asking import Desk
from insights.errors import DatabaseAway, DatabaseCannot, WarehouseMissing
from insights.filters import NOTHING, Filters, Scope
from insights.settings import Settings
from insights.warehouse.cluster import sending
from insights.warehouse.cluster.placing import Place, place
from insights.warehouse.cluster.server import Server
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


def test_a_share_of_all_questions_has_the_same_answer_cell_by_cell(desks: tuple[Desk, Desk]) -> None:
    assert _differences(desks, 3, 0.01) == []


def test_a_share_of_all_questions_has_the_same_answer_from_two_shards(spread: tuple[Desk, Desk]) -> None:
    by_shard = "SELECT shardNum(), count() FROM {}.tickets GROUP BY 1"
    assert len(_rows(spread[1], by_shard)) == 2, "each shard has a part"
    assert _differences(spread, 4, 0.01) == []


def _differences(desks: tuple[Desk, Desk], seed: int, share: float) -> list[str]:
    draw = random.Random(seed)
    asked = [q for q in questions(desks[0], draw) if draw.random() < share]
    assert len(asked) > 4000 * share
    return [said for question in asked if (said := question.differs(*desks))]


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


def test_who_may_see_less_sees_the_same_there(desks: tuple[Desk, Desk]) -> None:
    scope = Scope((("team", ("first",)),), frozenset({"name", "email", "agent"}), salt="s", least=5)
    here, there = (replace(desk, scope=scope) for desk in desks)
    for key in ("csat", "complaint_share", "revenue"):
        asked: list[Callable[[Desk], Any]] = [lambda d, k=key: d.rows(k), lambda d, k=key: _numbers(d, k)]  # type: ignore[misc]
        assert [a.differs(here, there) for a in (Asked(key, ask) for ask in asked)] == [None, None]
    assert _numbers(replace(desks[1], scope=NOTHING), "csat") == []


def _numbers(desk: Desk, key: str) -> list[dict[str, Any]]:
    return [number.record() for number in desk.numbers([key], ["channel"])]


def test_the_sql_that_is_shown_is_the_sql_that_makes_the_number(desks: tuple[Desk, Desk]) -> None:
    there = desks[1].with_filters(Filters().choose("channel", "it's \\ 100 %"))
    shown = there.sql("csat")
    assert "it\\'s" in shown or "it''s" in shown
    names, rows = there.warehouse.source._server.rows(shown)  # type: ignore[attr-defined]
    assert dict(zip(names, rows[0], strict=True))["n"] == there.one("csat").n == 0


def test_rows_come_block_by_block_as_they_come_at_once(desks: tuple[Desk, Desk]) -> None:
    for desk in desks:
        assert list(desk.stream(desk.behind("csat"))) == desk.rows("csat")


def test_letters_are_small_in_the_same_way(desks: tuple[Desk, Desk]) -> None:
    found = [desk.study("find", text="ŞİKAYET IŞIK").tables for desk in desks]
    assert found[0] == found[1]


def test_all_tables_are_switched_at_once_and_undo_goes_back(
    tmp_path: Path, engine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(warehouse=tmp_path, database=home(engine, "undone"))
    with pytest.raises(WarehouseMissing):
        warehouse.opened(settings)
    counts = [len(_published(tmp_path, 1, settings))]
    seen: list[tuple[str, int, int]] = []

    def look(stage: str) -> None:
        found = warehouse.opened(settings)
        seen.append((stage, found.version, found.fetch(COUNTED)[0]["n"]))

    monkeypatch.setattr(sending, "failpoint", look)
    counts.append(len(_published(tmp_path, 2, settings)))
    assert counts[0] != counts[1]
    assert seen == [("sent", 1, counts[0])], "all tables are there, and who comes now still gets the version before"
    now = warehouse.opened(settings)
    assert (now.version, now.fetch(COUNTED)[0]["n"]) == (2, counts[1])
    assert warehouse.undo(settings) == 1
    before = warehouse.opened(settings)
    assert (before.version, before.fetch(COUNTED)[0]["n"]) == (1, counts[0])
    assert now.fetch(COUNTED)[0]["n"] == counts[1], "who has a version open stays with it"


COUNTED = sa.select(sa.func.count().label("n")).select_from(schema.tickets)


def _published(directory: Path, version: int, settings: Settings) -> list[dict[str, object]]:
    """Publish a version here and there, and return its tickets."""
    beside = directory / f"made-{version}"
    beside.mkdir()
    publish(beside, tables := random_tables(version, 10 * version))
    (beside / "warehouse-1.duckdb").rename(directory / f"warehouse-{version}.duckdb")
    (directory / "CURRENT").write_text(f"warehouse-{version}.duckdb\n", "ascii")
    assert warehouse.publish(settings) == version
    return tables["tickets"]


def test_a_table_that_arrives_otherwise_is_not_switched_to(
    tmp_path: Path, engine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(warehouse=tmp_path, database=home(engine, "lost"))
    publish(tmp_path, random_tables(1, 20))
    whole = sending._written_out
    monkeypatch.setattr(sending, "_written_out", lambda *of: whole(*of) | {"source_weight": -1})
    with pytest.raises(DatabaseCannot, match="did not arrive"):
        warehouse.publish(settings)
    with pytest.raises(WarehouseMissing):
        warehouse.opened(settings)


def closed_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def test_a_server_that_is_away_gives_one_sentence_and_this_machines_version_only_when_asked(
    small_directory: Path,
) -> None:
    away = Settings(warehouse=small_directory, database=f"clickhousedb://127.0.0.1:{closed_port()}/crm")
    with pytest.raises(DatabaseAway) as refused:
        warehouse.opened(away)
    assert "\n" not in texts.error(refused.value, "tr")
    instead = warehouse.opened(away.model_copy(update={"fallback": True}))
    assert Desk(instead, Filters(), Scope()).one("created").n > 0
    [(key, values)] = warehouse.served_instead(instead, away)
    assert key == "served_from_here"
    assert all(str(values["version"]) in texts.t(f"warnings.{key}", language, **values) for language in ("tr", "en"))
    with pytest.raises(DatabaseAway):
        warehouse.publish(away)
