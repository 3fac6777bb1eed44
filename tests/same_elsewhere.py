"""What holds of the tables on a database server whatever its engine: answers are DuckDB's, versions switch whole.

A module of tests inherits these, and says by its fixtures where a server is: `address` (of a database by its name),
`away` (of a server nobody runs) and `desks` (one here, one there, over the small company).
"""

import datetime as dt
import random
import shutil
import socket
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlalchemy as sa
from cluster_answers import Asked, both, questions, same, tables_of
from small_company import prepare_answers, publish, random_tables

from insights import schema, sql, texts, warehouse
from insights.asking import Desk, cells
from insights.errors import DatabaseAway, DatabaseCannot, WarehouseMissing
from insights.filters import NOTHING, Filters, Scope, dimension_column
from insights.metrics import METRICS
from insights.metrics.selects.prepared import adds_up, fitting
from insights.settings import Settings
from insights.ui.cards import downloads
from insights.warehouse.cluster import engines, sending

COUNTED = sa.select(sa.func.count().label("n")).select_from(schema.tickets)


def differences(desks: tuple[Desk, Desk], seed: int, share: float) -> list[str]:
    """Return how answers to a drawn share of all questions differ."""
    draw = random.Random(seed)
    asked = [q for q in questions(desks[0], draw) if draw.random() < share]
    assert len(asked) > 4000 * share
    return [said for question in asked if (said := question.differs(*desks))]


def closed_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def _numbers(desk: Desk, key: str) -> list[dict[str, Any]]:
    return [number.record() for number in desk.numbers([key], ["channel"])]


def _compared(keys: Sequence[str]) -> Callable[[Desk], Any]:
    """Return what asks metrics of two periods at once."""
    return lambda desk: [n.record() for by in ([], ["segment"]) for n in desk.numbers(keys, by, "month", "previous")]


def _each(names: Sequence[str], keys: Sequence[str]) -> Callable[[Desk], Any]:
    """Return what asks metrics of two periods by each of their dimensions alone, in few statements."""

    def ask(desk: Desk) -> Any:
        found = desk.breakdowns({key: _known(desk, key, names) for key in keys}, desk.before())
        return [(name, [number.record() for number in of]) for side in found for name, of in side.items()]

    return ask


def _known(desk: Desk, key: str, names: Sequence[str]) -> list[str]:
    of = METRICS[key].base.rows(desk.context())
    return [name for name in names if dimension_column(of, name) is not None]


def _published(directory: Path, version: int, settings: Settings) -> list[dict[str, object]]:
    """Publish a version here and there, and return its tickets."""
    beside = directory / f"made-{version}"
    beside.mkdir()
    publish(beside, tables := random_tables(version, 10 * version))
    (beside / "warehouse-1.duckdb").rename(directory / f"warehouse-{version}.duckdb")
    (directory / "CURRENT").write_text(f"warehouse-{version}.duckdb\n", "ascii")
    assert warehouse.publish(settings) == version
    return tables["tickets"]


def _kept(address: str | None) -> list[int]:
    """Return the versions a server knows, the current one first."""
    assert address
    kind = engines.engine(address)
    server = kind.server(address, None)
    return [engines.number(server, name) for name in kind.versions(server).published()]


TEXTS = (
    "",
    "a",
    "İstanbul  Ağrı",
    "ÇAĞRI ışık",
    " Zoë D'Été-Noël ",
    "Ali.Veli+tag@Örnek.com.tr",
    "@",
    "x@y",
    "+90 (532) 123 45 67",
    "12345",
    "it's \\ 100 %",
    "two\nlines",
    "Ώmega Йод",
    "\U0001f600 😀a",
)


def words() -> sa.Select[Any]:
    """Return a SELECT that says each word of `sql` of something that is easily read otherwise."""
    columns = [sa.column("n", sa.BigInteger()), sa.column("t", sa.Text()), sa.column("at", sa.DateTime())]
    began = dt.datetime(2025, 3, 29, 23, 59, 59, 999999)
    rows = [(n, t or None, began + dt.timedelta(days=17 * n, seconds=n)) for n, t in enumerate(TEXTS)]
    c = sql.constants("given", columns, rows).c
    day, first = sa.cast(c.at, sa.Date()), sa.literal(dt.datetime(2025, 3, 30, 1))
    told = {
        "folded": sql.folded(c.t),
        "names": sql.name_words(c.t),
        "address": sql.address_key(c.t),
        "box": sql.address_box(c.t),
        "phone": sql.telephone_key(c.t, 7),
        "initials": sql.initials(c.t),
        "masked": sql.masked_address(c.t),
        "stars": sql.masked_telephone(c.t),
        "who": sql.pseudonym(c.t, "it's", "p"),
        "person": sql.tells_a_person(c.t),
        "part": sql.contains(c.t, sa.literal("a%")),
        "begins": sql.begins_with(c.t, "İs"),
        "light": sql.holds(c.t, "IŞIK"),
        "town": sql.holds(c.t, "AĞRI"),
        "sign": sql.holds(c.t, "IT'S \\ 100 %"),
        "seconds": sql.seconds_between(c.at, first),
        "days": sql.days_between(day, sa.cast(first, sa.Date())),
        "months": sql.months_between(day, sa.cast(first, sa.Date())),
        "up": sql.round_up(c.n, 4),
        "hour": sql.hour(c.at),
        "weekday": sql.weekday(c.at),
        "later": sql.plus_seconds(c.at, c.n),
        "half": c.n / 2,
        "local": sql.local_time(c.at, "Europe/Berlin", dt.datetime(2027, 1, 1)),
        **{
            f"{grain}_{starts.week}": sql.period(day, grain, starts)
            for grain in sql.GRAINS
            for starts in (sql.CALENDAR_YEAR, sql.Starts(7, 4))
        },
    }
    return sa.select(c.n, *(of.label(name) for name, of in told.items())).order_by(c.n)


class AsHere:
    """The tests themselves."""

    def test_who_may_see_less_sees_the_same_there(self, desks: tuple[Desk, Desk]) -> None:
        scope = Scope((("team", ("first",)),), frozenset({"name", "email", "agent"}), salt="s", least=5)
        here, there = (replace(desk, scope=scope) for desk in desks)
        for key in ("csat", "complaint_share", "revenue"):
            asked: list[Callable[[Desk], Any]] = [lambda d, k=key: d.rows(k), lambda d, k=key: _numbers(d, k)]  # type: ignore[misc]
            assert [a.differs(here, there) for a in (Asked(key, ask) for ask in asked)] == [None, None]
        assert _numbers(replace(desks[1], scope=NOTHING), "csat") == []
        each = (Asked(study, partial(tables_of, study=study)) for study in ("advocates", "acquisition", "campaigns"))
        assert [said for of in each if (said := of.differs(here, there))] == []

    def test_the_sql_that_is_shown_is_the_sql_that_makes_the_number(self, desks: tuple[Desk, Desk]) -> None:
        there = desks[1].with_filters(Filters().choose("channel", "it's \\ 100 %"))
        shown = there.sql("csat")
        assert "it\\'s" in shown or "it''s" in shown
        names, rows = there.warehouse.source._server.rows(shown)  # type: ignore[attr-defined]
        assert dict(zip(names, rows[0], strict=True))["n"] == there.one("csat").n == 0

    def test_rows_come_block_by_block_as_they_come_at_once(self, desks: tuple[Desk, Desk]) -> None:
        for desk in desks:
            assert list(desk.stream(desk.behind("csat"))) == desk.rows("csat")

    def test_what_is_searched_for_is_found_there_too(self, desks: tuple[Desk, Desk]) -> None:
        for study, table, text, there_is in (
            ("find", "find", "cASE 1", True),
            ("customer", "found", "cUSTOMER", True),
            ("find", "find", "it's \\ 100 %", False),
            ("customer", "found", "it's \\ 100 %", False),
        ):
            option = {"text" if study == "find" else "search": text}
            found = [desk.study(study, **option).tables[table] for desk in desks]
            assert found[0] == found[1]
            assert bool(found[0]) is there_is

    def test_every_word_means_the_same(self, desks: tuple[Desk, Desk]) -> None:
        here, there = (desk.warehouse.fetch(words()) for desk in desks)
        assert len(here) == len(TEXTS)
        assert [(a, b) for a, b in zip(here, there, strict=True) if not same(a, b)] == []

    def test_prepared_answers_and_those_asked_at_once_are_the_same_there(
        self, small_directory: Path, tmp_path: Path, address: Callable[[str], str]
    ) -> None:
        path = Path(shutil.copy(small_directory / "warehouse-1.duckdb", tmp_path))
        path.chmod(0o600)
        with duckdb.connect(str(path)) as con:
            prepare_answers(con)
        (tmp_path / "CURRENT").write_text(f"{path.name}\n", "ascii")
        filters = Filters(dt.date(2025, 2, 1), dt.date(2025, 4, 30))
        here, there = (desk.with_filters(filters) for desk in both(tmp_path, address("prepared")))
        able = [key for key, metric in METRICS.items() if adds_up(metric) and _known(here, key, ["segment"])]
        assert [part for part in cells.Asked(there.question(able, ["segment"])).parts() if not fitting(part)] == []
        lead = Scope((("team", ("first",)),))
        for scope in (here.scope, lead):
            seen = [replace(desk, scope=scope) for desk in (here, there)]
            each = _each(("channel", "region"), [*able, "revenue", "frt_p50"])
            assert [Asked("", ask).differs(*seen) for ask in (_compared(able), each)] == [None, None]

    def test_all_tables_are_switched_at_once_and_undo_goes_back(
        self, tmp_path: Path, address: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings = Settings(warehouse=tmp_path, database=address("undone"))
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
        assert _kept(settings.database) == [1, 2], "what is not known any more is never removed"

    def test_a_table_that_arrives_otherwise_is_not_switched_to(
        self, tmp_path: Path, address: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings = Settings(warehouse=tmp_path, database=address("lost"))
        publish(tmp_path, random_tables(1, 20))
        whole = sending._written_out
        monkeypatch.setattr(sending, "_written_out", lambda *of: whole(*of) | {"source_weight": -1})
        with pytest.raises(DatabaseCannot, match="did not arrive"):
            warehouse.publish(settings)
        with pytest.raises(WarehouseMissing):
            warehouse.opened(settings)

    def test_a_server_that_is_away_gives_one_sentence_and_this_machines_version_only_when_asked(
        self, small_directory: Path, away: str
    ) -> None:
        there = Settings(warehouse=small_directory, database=away)
        with pytest.raises(DatabaseAway) as refused:
            warehouse.opened(there)
        assert "\n" not in texts.error(refused.value, "tr")
        instead = warehouse.opened(there.model_copy(update={"fallback": True}))
        assert Desk(instead, Filters(), Scope()).one("created").n > 0
        [(key, values)] = warehouse.served_instead(instead, there)
        assert key == "served_from_here"
        assert all(
            str(values["version"]) in texts.t(f"warnings.{key}", language, **values) for language in ("tr", "en")
        )
        said = dict(downloads.asked(Desk(instead, Filters(), Scope(), settings=there)))
        assert str(values["since"]) in said[texts.t("ui.warehouse_version", "en")], "files say it too"
        with pytest.raises(DatabaseAway):
            warehouse.publish(there)
