"""An analyst's SELECT sees the rows and columns of the role alone, and every statement is in the trail."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from staged_rows import small_settings, staged
from typer.testing import CliRunner

from insights import cli, warehouse
from insights.access import QUERIES, Saved, Trail, Visitor
from insights.asking.role_file import role_file
from insights.filters import Scope
from insights.sandbox import Refused, asked, select
from insights.settings import Role, Settings
from insights.warehouse import Warehouse

ANALYST = Visitor("ada", "analyst")
NORTH = Visitor("nil", "north")
HIDDEN = ("Canary Person", "canary@x.com", "05321112233", "canary words", "canary comment")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return settings of a warehouse of two teams with people whose names are canaries."""
    roles = {
        "analyst": Role(masked=frozenset({"name", "email", "phone", "text", "agent"}), may=frozenset({"sql"})),
        "north": Role(rows={"team": ("north",)}, may=frozenset({"sql"})),
        "lead": Role(),
    }
    found = small_settings(tmp_path_factory.mktemp("sql")).model_copy(update={"roles": roles})
    people = "customer_id name email phone\nc1 Canary_Person canary@x.com 05321112233\nc2 South_Person s@x.com -\n"
    tickets = (
        "ticket_id customer_id team subject created_at\n"
        "t1 c1 north canary_words 2026-01-01\nt2 c2 south south_words 2026-01-02\n"
    )
    surveys = "survey_id ticket_id customer_id kind score comment sent_at\ns1 t1 c1 csat 5 canary_comment 2026-01-02\n"
    tables = {"customers": people, "tickets": tickets, "surveys": surveys}
    warehouse.load_staged([staged({name: rows}, name=name) for name, rows in tables.items()], found)
    return found


@pytest.fixture
def held(settings: Settings) -> Warehouse:
    """Return the version, with nobody having asked yet."""
    asked._asked.clear()
    return warehouse.open_current(settings.warehouse, settings.engine)


def test_a_masked_role_has_no_file_with_what_is_masked(settings: Settings, held: Warehouse) -> None:
    found = select(
        ANALYST, "SELECT c.name, t.subject FROM customers c JOIN tickets t USING (customer_id)", held, settings
    )
    assert {row[0][0] for row in found.rows} == {"C", "S"}
    files = [p.read_bytes() for p in (settings.warehouse / "roles").iterdir()]
    assert [w for data in files for w in HIDDEN if w.encode() in data] == []


def test_a_role_of_some_rows_has_no_file_with_others(settings: Settings, held: Warehouse) -> None:
    assert select(NORTH, "SELECT ticket_id FROM tickets", held, settings).rows == (("t1",),)
    scope = Scope((("team", ("north",)),))
    data = role_file(held, scope, settings.engine).read_bytes()
    assert (b"south words" in data, b"South Person" in data, b"canary words" in data) == (False, False, True)


def test_a_file_several_ask_for_at_once_is_built_once(settings: Settings, held: Warehouse) -> None:
    scope = Scope((("team", ("south",)),))
    with ThreadPoolExecutor(4) as readers:
        found = {one.result() for one in [readers.submit(role_file, held, scope, settings.engine) for _ in range(8)]}
    (built,) = found
    assert [p for p in built.parent.iterdir() if p.suffix == ".tmp"] == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM rejects",
        "SELECT * FROM facts",
        "SELECT * FROM before.main.customers",
        "SELECT 1; SELECT 2",
        "SELECT * FROM '/etc/passwd'",
        "ATTACH 'x' AS y",
        "DELETE FROM tickets",
        "",
        "SELECT load_id FROM tickets",
        "WITH tickets AS (SELECT 1) SELECT * FROM tickets",
        "SELECT * FROM read_text('/etc/passwd')",
    ],
)
def test_whatever_is_not_a_select_of_the_role_is_refused_in_one_sentence(
    settings: Settings, held: Warehouse, text: str
) -> None:
    with pytest.raises(Refused) as refused:
        select(ANALYST, text, held, settings)
    assert str(refused.value).count("\n") == 0
    assert str(settings.warehouse) not in str(refused.value)


def test_who_may_not_write_sql_gets_nothing(settings: Settings, held: Warehouse) -> None:
    for visitor in (Visitor("eve", "lead"), Visitor("eve", "nobody"), Visitor()):
        with pytest.raises(Refused, match="may not"):
            select(visitor, "SELECT 1", held, settings)


def test_more_than_ten_questions_a_minute_are_refused(settings: Settings, held: Warehouse) -> None:
    for _ in range(asked.A_MINUTE):
        with pytest.raises(Refused, match="one SELECT"):
            select(ANALYST, "", held, settings)
    with pytest.raises(Refused, match="minute"):
        select(ANALYST, "SELECT 1", held, settings)


def test_every_statement_is_in_the_trail_with_its_outcome(settings: Settings, held: Warehouse) -> None:
    before = len(list(Trail(settings.warehouse).entries()))
    select(ANALYST, "SELECT 1", held, settings)
    with pytest.raises(Refused):
        select(ANALYST, "DROP TABLE tickets", held, settings)
    told = [(e["who"], e["sql"], e["outcome"]) for e in Trail(settings.warehouse).entries()][before:]
    assert told == [("ada", "SELECT 1", "ok"), ("ada", "DROP TABLE tickets", "select_only")]


def test_files_of_roles_go_when_another_version_is_published(settings: Settings, held: Warehouse) -> None:
    select(ANALYST, "SELECT 1", held, settings)
    warehouse.load_staged([staged({"customers": "customer_id name\nc9 Late_Person\n"}, name="later")], settings)
    assert list((settings.warehouse / "roles").iterdir()) == []


def test_where_people_sign_in_a_load_is_in_the_trail_and_builds_the_files_analysts_ask(tmp_path: Path) -> None:
    cli.gather()
    (tmp_path / "tickets.csv").write_text(
        "ticket_id,created_at,status,priority,channel,customer_id\nt1,2026-01-01 10:00,open,high,phone,c1\n", "utf-8"
    )
    (tmp_path / "own.toml").write_text(
        '[sign_in]\nway = "accounts"\n[roles.own]\nmay = ["sql"]\nrows.agent = ["@own"]\n', "utf-8"
    )
    words = ["--warehouse", str(tmp_path / "w"), "--config", str(tmp_path / "own.toml")]
    for command in (["load", str(tmp_path / "tickets.csv")], ["load", str(tmp_path / "tickets.csv")]):
        done = CliRunner().invoke(cli.app, [*words, *command])
        assert done.exception is None, done.output
    (built,) = (tmp_path / "w" / "roles").iterdir()
    assert built.name.startswith("1-"), "the analyst's, whose rows are no one's own; nobody else sees less and asks"
    (entry,) = Trail(tmp_path / "w").entries()
    assert (entry["what"], entry["files"], entry["version"]) == ("load", ["tickets.csv"], 1), (
        "the second load changed nothing"
    )
    held = warehouse.open_current(tmp_path / "w", Settings().engine)
    found = Settings(warehouse=tmp_path / "w")
    select(ANALYST, "SELECT 1", held, found)
    assert list((tmp_path / "w" / "roles").iterdir()) == [built], "what is asked is what was built"


def test_queries_are_kept_for_each_reader_alone(tmp_path: Path) -> None:
    mine, others = Saved(tmp_path / QUERIES, "ada"), Saved(tmp_path / QUERIES, "nil")
    mine.keep("b", "SELECT 2")
    mine.keep("a", "SELECT 1")
    mine.keep("a", "SELECT 3")
    assert (mine.listed(), others.listed()) == ({"a": "SELECT 3", "b": "SELECT 2"}, {})
    mine.remove("a")
    assert mine.listed() == {"b": "SELECT 2"}
    assert (tmp_path / "queries.json").stat().st_mode & 0o077 == 0
