"""The same answers from the tables on a database server: ClickHouse in this process, beside DuckDB's own."""

import random
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cluster_answers import HOME, Asked, both, questions
from small_company import publish, random_tables

from insights import schema, texts, warehouse
from insights.asking import Desk
from insights.errors import DatabaseAway, DatabaseCannot, WarehouseMissing
from insights.filters import NOTHING, Filters, Scope
from insights.settings import Settings
from insights.warehouse.cluster import sending

pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the engine of this process keeps its tables: one process has one."""
    return tmp_path_factory.mktemp("engine")


@pytest.fixture(scope="module")
def desks(small_directory: Path, engine: Path) -> tuple[Desk, Desk]:
    return both(small_directory, engine)


def test_a_share_of_all_questions_has_the_same_answer_cell_by_cell(desks: tuple[Desk, Desk]) -> None:
    draw = random.Random(3)
    asked = [q for q in questions(desks[0], draw) if draw.random() < 0.01]
    assert len(asked) > 40
    assert [said for question in asked if (said := question.differs(*desks))] == []


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


def test_all_tables_are_switched_at_once_and_undo_goes_back(tmp_path: Path, engine: Path) -> None:
    settings = Settings(warehouse=tmp_path, database=HOME.format(engine).replace("company", "undone"))
    with pytest.raises(WarehouseMissing):
        warehouse.opened(settings)
    counts = [len(_published(tmp_path, version, settings)) for version in (1, 2)]
    assert counts[0] != counts[1]
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
    settings = Settings(warehouse=tmp_path, database=HOME.format(engine).replace("company", "lost"))
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
