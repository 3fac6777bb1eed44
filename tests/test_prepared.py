"""Prepared answers are those of the rows, to the last digit, whatever is asked; and nobody sees more through them."""

import datetime as dt
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import duckdb
import pytest
from small_company import prepare_answers

from insights.asking import Desk
from insights.asking.cells import Asked, Cells, apart, measured
from insights.errors import BadFilter
from insights.filters import EVERYTHING, UNKNOWN, Filters, Scope
from insights.metrics import METRICS
from insights.metrics.selects import Question
from insights.metrics.selects.prepared import SETS, adds_up, every, fitting
from insights.personal import kind_of
from insights.sql import GRAINS
from insights.warehouse import facts, open_current
from insights.warehouse.preparing import FACT, prepare, ready
from insights.warehouse.reader import Warehouse, close

QUESTIONS = 60
DIMENSIONS = ("source", *dict.fromkeys(name for names in SETS for name in names), "status", "country")


@pytest.fixture(scope="module")
def prepared(small_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Return the small warehouse with its answers prepared."""
    directory = tmp_path_factory.mktemp("prepared")
    path = directory / "warehouse-1.duckdb"
    shutil.copy(open_current(small_directory).path, path)
    path.chmod(0o600)
    with duckdb.connect(str(path)) as con:
        # Whose answer or promise it was is another team than whose ticket it is.
        con.execute("UPDATE tickets SET response_team = 'experts' WHERE hash(ticket_id) % 3 = 0")
        con.execute("UPDATE sla_clocks SET team = 'second' WHERE hash(ticket_id) % 3 = 1")
        prepare_answers(con)
    (directory / "CURRENT").write_text(f"{path.name}\n", "ascii")
    yield open_current(directory)
    close(directory)


def answered(desk: Desk, asked: Question) -> dict[str, Cells]:
    return measured(Asked(asked), desk.fetch)


def values_of(warehouse: Warehouse) -> dict[str, list[str]]:
    """Return what the tickets hold, so that filters find something."""
    found = {}
    for name in DIMENSIONS:
        desk = Desk(warehouse, Filters(), EVERYTHING)
        found[name] = [str(n.member(name) or UNKNOWN) for n in desk.values(["created"], by=[name])]
    return found


def test_prepared_answers_are_those_of_the_rows(prepared: Warehouse) -> None:
    dice, held, fitted = random.Random(20), values_of(prepared), 0
    able = [key for key, metric in METRICS.items() if adds_up(metric)]
    for _ in range(QUESTIONS):
        since = dt.date(2025, 1, 1) + dt.timedelta(days=dice.randrange(300))
        period = (since, since + dt.timedelta(days=dice.randrange(200))) if dice.random() < 0.8 else (None, None)
        filters = Filters(*period)
        for name in dice.sample(DIMENSIONS, dice.choice([0, 1, 1, 2])):
            filters = filters.choose(name, *dice.sample(held[name], min(len(held[name]), dice.choice([1, 2]))))
        by = dice.sample(DIMENSIONS, dice.choice([0, 0, 1, 2]))
        desk = Desk(prepared, filters, EVERYTHING)
        try:
            asked = desk.question(dice.sample(able, 3), by, dice.choice([None, *GRAINS]))
            from_rows = answered(desk, replace(asked, prepared=frozenset()))
        except BadFilter:  # the rows of one of these do not know a dimension
            continue
        fitted += sum(fitting(one) is not None for one in Asked(asked).parts())
        assert answered(desk, asked) == from_rows, asked
    assert fitted > QUESTIONS / 3


def scopes(dice: random.Random, held: dict[str, list[str]]) -> Scope:
    """Return some reader of some rows: mostly of teams, as leads are."""
    names = dice.choice([["team"], ["team"], ["region"], ["segment"], ["team", "channel"], dice.sample(DIMENSIONS, 2)])
    values = ((name, tuple(dice.sample(held[name], min(len(held[name]), dice.choice([1, 2]))))) for name in names)
    return Scope(tuple(sorted(values)))


def test_whoever_sees_some_rows_is_told_by_what_is_prepared_what_these_rows_say(prepared: Warehouse) -> None:
    dice, held, fitted = random.Random(14), values_of(prepared), Counter[str]()
    able = [key for key, metric in METRICS.items() if adds_up(metric)]
    for _ in range(3 * QUESTIONS):
        since = dt.date(2025, 1, 1) + dt.timedelta(days=dice.randrange(300))
        period = (since, since + dt.timedelta(days=dice.randrange(200))) if dice.random() < 0.8 else (None, None)
        filters = Filters(*period)
        for name in dice.sample(DIMENSIONS[:6], dice.choice([0, 0, 1])):
            filters = filters.choose(name, *dice.sample(held[name], min(len(held[name]), dice.choice([1, 2]))))
        desk = Desk(prepared, filters, scopes(dice, held))
        by = dice.sample(DIMENSIONS[:6], dice.choice([0, 0, 1]))
        try:
            asked = desk.question(dice.sample(able, 3), by, dice.choice([None, *GRAINS]))
            from_rows = answered(desk, replace(asked, prepared=frozenset(), seen=()))
        except BadFilter:  # the rows of one of these do not know a dimension
            continue
        parts = [part for part in Asked(asked).parts() if fitting(part)]
        fitted.update(metric.key for part in parts for metric in part.metrics)
        assert answered(desk, asked) == from_rows, (asked, desk.scope)
    unserved = {*able} - {*fitted}
    assert unserved == {"frt_1h", "frt_4h", "frt_24h", "fcr"}  # what others say, of the source or the customer, decides


def test_each_number_of_a_lead_is_that_of_the_rows_a_lead_sees(prepared: Warehouse) -> None:
    """Whose answer it was, and whose ticket it is, are two teams: the second decides what a lead sees."""
    teams, read = values_of(prepared)["team"], 0
    for team in teams:
        desk = Desk(prepared, Filters(), Scope((("team", (team,)),)))
        for key, metric in METRICS.items():
            if adds_up(metric):
                asked = desk.question([key])
                read += fitting(asked) is not None
                assert answered(desk, asked) == answered(desk, replace(asked, prepared=frozenset(), seen=())), key
    assert read > 10 * len(teams)


def test_breakdowns_read_what_is_prepared_as_well(prepared: Warehouse) -> None:
    desk = Desk(prepared, Filters(dt.date(2025, 3, 1), dt.date(2025, 6, 30)).choose("channel", "email"), EVERYTHING)
    asked = desk.question(["created", "frt_4h", "frt_p50", "reopen_rate"], ["team", "category"])
    over_several = desk.question(["created", "sla_compliance", "backlog", "fcr"], ["team", "product", "region"])
    assert fitting(over_several) is None
    for one in (
        asked,
        over_several,
        replace(asked, context=replace(asked.context, beside=(dt.date(2025, 1, 1), dt.date(2025, 2, 28)))),
    ):
        from_rows = apart(Asked(replace(one, prepared=frozenset()), intervals=False), desk.fetch)
        assert apart(Asked(one, intervals=False), desk.fetch) == from_rows


def test_what_does_not_fit_is_asked_of_the_rows(prepared: Warehouse) -> None:
    as_of = prepared.as_of - dt.timedelta(days=3)
    for filters in (Filters(as_of=as_of), Filters(clock="business"), Filters().choose("agent", "a")):
        assert fitting(Desk(prepared, filters, EVERYTHING).question(["created"])) is None
    assert fitting(Desk(prepared, Filters().choose("currency", "TRY"), EVERYTHING).question(["revenue"])) is None
    assert fitting(Desk(prepared, Filters(), EVERYTHING).question(["frt_p50"])) is None
    assert fitting(Desk(prepared, Filters(), EVERYTHING).question(["created"], ["hour"])) is None
    assert fitting(Desk(prepared, Filters(), EVERYTHING).question(["backlog"], grain="week")) is None  # since when?
    for key in ("created", "backlog", "waiting_now", "fcr"):
        assert fitting(Desk(prepared, Filters(), EVERYTHING).question([key], ["channel"])) is not None


def test_what_is_prepared_answers_readers_of_rows_it_can_tell_apart_and_nobody_else(prepared: Warehouse) -> None:
    for scope in (Scope((("agent", ("a",)),)), Scope(nobody=True), Scope((("country", ("TR",)), ("team", ("first",))))):
        assert fitting(Desk(prepared, Filters(), scope).question(["created"])) is None
    for scope in (EVERYTHING, Scope((("team", ("first",)),))):
        assert fitting(Desk(prepared, Filters(), scope).question(["created"])) is not None
    lead = Desk(prepared, Filters(), Scope((("team", ("first",)),)))
    assert fitting(lead.question(["created"], ["region"])) is None  # no table knows both
    assert fitting(lead.question(["fcr"])) is None  # whether a customer came back to another team a lead does not see
    assert fitting(lead.question(["backlog"])) is not None
    assert fitting(lead.question(["orders"])) is None  # an order knows no team: a lead sees none
    assert lead.one("orders").n == 0
    assert not Desk(prepared, Filters(), Scope(nobody=True)).question(["created"]).prepared


def test_nothing_prepared_tells_of_a_person() -> None:
    assert {kind_of("tickets", name) for of in every() for name in of.dimensions} == {None}


def test_what_a_number_means_is_shown_of_its_rows(prepared: Warehouse) -> None:
    assert "prepared" not in Desk(prepared, Filters(), EVERYTHING).sql("created", by=["channel"])


def test_answers_prepared_by_other_definitions_are_not_read(prepared: Warehouse) -> None:
    assert ready({FACT: "of another day"}.get) == frozenset()
    assert ready({}.get) == frozenset()
    assert ready(prepared.fact)


def test_few_tickets_are_not_prepared_for(prepared: Warehouse, tmp_path: Path) -> None:
    path = tmp_path / "few.duckdb"
    shutil.copy(prepared.path, path)
    path.chmod(0o600)
    with duckdb.connect(str(path)) as con:
        assert prepare(con, facts.read(con), 10**9) == {}
        assert con.execute("SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'prepared'").fetchall() == [(0,)]


class Short:
    """A connection to an engine whose memory does not suffice for tables of these names."""

    def __init__(self, con: duckdb.DuckDBPyConnection, names: set[str]) -> None:
        self.con, self.names = con, names

    def execute(self, text: str, values: object = None) -> duckdb.DuckDBPyConnection:
        if any(text.startswith(f"CREATE TABLE prepared.{name} ") for name in self.names):
            raise duckdb.OutOfMemoryException("failed to pin block")
        return self.con.execute(text, values)


def test_what_memory_does_not_suffice_for_is_asked_of_the_rows_alone(prepared: Warehouse, tmp_path: Path) -> None:
    path = tmp_path / "warehouse-1.duckdb"
    shutil.copy(prepared.path, path)
    path.chmod(0o600)
    short = {of.name for of in every() if "waiting_now" in {m.key for m in of.metrics}}
    with duckdb.connect(str(path)) as con:
        said = facts.read(con)
        facts.write(con, said | prepare(cast("duckdb.DuckDBPyConnection", Short(con, short)), said, 0))
    (tmp_path / "CURRENT").write_text(f"{path.name}\n", "ascii")
    held = open_current(tmp_path)
    assert short
    assert ready(held.fact) == ready(prepared.fact) - short
    for key in ("created", "waiting_now"):
        few, all_ = (Desk(w, Filters(), EVERYTHING).values([key], by=["channel"]) for w in (held, prepared))
        assert few == all_
    assert fitting(Desk(held, Filters(), EVERYTHING).question(["created"]))
    assert fitting(Desk(held, Filters(), EVERYTHING).question(["waiting_now"])) is None
    close(tmp_path)
