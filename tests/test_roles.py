"""What a role sees: rows of its own, people it may know, no small groups; whoever has no role sees nothing."""

import json
import random
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlalchemy as sa
from canaries import AGENT_MARK, MARK, marked
from small_company import TEAMS, Tables, fill
from typer.testing import CliRunner

from insights import cli, schema, sql
from insights.access import Trail, Visitor, revealed, salt, scope_at
from insights.access.policy import role_named, scope_of
from insights.asking import Desk
from insights.asking.small_groups import OF_NOBODY
from insights.dimensions import DIMENSIONS
from insights.errors import BadFilter, InsightsError, UnknownName
from insights.filters import NOTHING, Filters, Scope
from insights.metrics import METRICS
from insights.personal import kind_of, word_for
from insights.settings import ROLES, Role, Settings
from insights.studies import STUDIES
from insights.ui.run.places import PAGES, there_for
from insights.warehouse import Warehouse, open_current

IMPERSONAL = frozenset(
    [
        "acquisition_channel",
        "acted_as",
        "actor",
        "arm",
        "calendar",
        "campaign_id",
        "category",
        "channel",
        "channel_raw",
        "city",
        "clock_basis",
        "column",
        "columns",
        "competitor",
        "country",
        "counts",
        "course",
        "currency",
        "date_order",
        "delimiter",
        "direction",
        "encoding",
        "evidence",
        "excluded",
        "excluded_by",
        "field",
        "file",
        "from_ticket",
        "goal",
        "interaction_id",
        "kind",
        "kind_raw",
        "lifecycle_stage",
        "lost_reason",
        "loyalty_tier",
        "metric",
        "nps_group",
        "opportunity_id",
        "order_id",
        "other_id",
        "policy",
        "previous",
        "priority",
        "priority_raw",
        "product",
        "product_id",
        "profile_hash",
        "read_as",
        "reason",
        "region",
        "response_basis",
        "response_team",
        "root_cause",
        "row_columns",
        "segment",
        "sha256",
        "source",
        "stage",
        "state",
        "status",
        "status_raw",
        "survey_id",
        "tags",
        "team",
        "ticket_excluded",
        "ticket_id",
        "ticket_kind",
        "tier",
        "training_id",
        "variant",
    ]
)
"""Text columns that tell of nobody, wherever they stand."""
IMPERSONAL_HERE = {
    ("campaigns", "name"),
    ("facts", "name"),
    ("facts", "value"),
    ("tickets", "merged_into"),
    ("opportunities", "outcome"),
}
"""Columns whose names tell of people in other tables."""


@pytest.fixture(scope="session")
def company(tables: Tables) -> Tables:
    """Return the small company with canaries for its people."""
    return marked(tables)


@pytest.fixture(scope="session")
def company_directory(company: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a warehouse directory that serves the same rows."""
    directory = tmp_path_factory.mktemp("canaries")
    with duckdb.connect(str(directory / "warehouse-1.duckdb")) as con:
        fill(con, company)
    (directory / "CURRENT").write_text("warehouse-1.duckdb\n", "ascii")
    return directory


@pytest.fixture(scope="session")
def held(company_directory: Path) -> Warehouse:
    """Return the warehouse served from it."""
    return open_current(company_directory, Settings().engine)


def visitor(role: str, agent: str = "") -> Visitor:
    return Visitor("somebody@example.com", role, (agent,) if agent else ())


def desk(held: Warehouse, role: str, tmp_path: Path, agent: str = "", filters: Filters | None = None) -> Desk:
    settings = Settings(warehouse=tmp_path)
    return Desk(held, filters or Filters(), scope_at(visitor(role, agent), held, settings), "en", settings)


def said(of: Desk) -> str:
    """Return everything a desk says of anything: numbers by every dimension, rows, rows left out, studies."""
    found: list[Any] = []
    for key in METRICS:
        found += [of.numbers([key]), of.rows(key), of.left_out(key), of.rows(key, excluded=True)]
    for name in DIMENSIONS:
        found.append(of.values(["created"], by=[name]) if name not in ("currency",) else of.values(["orders"], [name]))
    for key in STUDIES:
        try:
            found += [of.study(key), of.study_rows(key)]
        except InsightsError:
            continue  # it says what it lacks
    return repr(found)


@pytest.mark.parametrize("role", ["manager", "analyst"])
def test_a_role_with_masked_columns_meets_no_name_no_address_and_no_word(
    held: Warehouse, role: str, tmp_path: Path
) -> None:
    text = said(desk(held, role, tmp_path))
    assert MARK not in text
    assert ("'a1'" in text) is (role == "manager"), "a manager may know agents, an analyst may not"
    assert role == "manager" or AGENT_MARK not in text


def test_a_lead_meets_no_ticket_of_another_team_and_an_agent_none_of_another_agent(
    held: Warehouse, company: Tables, tmp_path: Path
) -> None:
    agent = company["agents"][0]
    lead, own = desk(held, "lead", tmp_path, agent["agent_id"]), agent["team"]
    text = said(lead)
    assert {row["team"] for row in lead.rows("created")} == {own}
    assert [team for team in TEAMS if team != own and f"takim-{team}-isi" in text] == []
    of = desk(held, "agent", tmp_path, agent["name"])
    seen = of.fetch(sa.select(schema.tickets.c.agent_id).distinct())
    assert [row["agent_id"] for row in seen] == [agent["agent_id"]]


@pytest.mark.parametrize(
    "who",
    [visitor(""), visitor("no such role"), visitor("lead"), visitor("agent", "nobody"), Visitor("x", "agent", ("",))],
    ids=str,
)
def test_without_a_role_or_an_agent_of_that_name_there_are_no_rows(
    held: Warehouse, who: Visitor, tmp_path: Path
) -> None:
    settings = Settings(warehouse=tmp_path)
    scope = scope_at(who, held, settings)
    assert scope == NOTHING
    of = Desk(held, Filters(), scope, "en", settings)
    assert {number.n for number in of.numbers(list(METRICS))} == {0}
    for table in schema.metadata.tables.values():
        if table.name != "facts":
            assert of.fetch(sa.select(table).limit(1)) == [], table.name


def test_rows_of_another_scope_never_appear_under_random_filters(held: Warehouse, tmp_path: Path) -> None:
    draw = random.Random(5)
    settings = Settings(warehouse=tmp_path, roles={"r": Role(rows={"team": (TEAMS[0],), "region": ("Ege",)})})
    of = Desk(held, Filters(), scope_at(visitor("r"), held, settings), "en", settings)
    for _ in range(40):
        name = draw.choice(("team", "segment", "channel", "region", "priority", "status"))
        values = [row["v"] for row in held.fetch(sa.select(schema.tickets.c[name].label("v")).distinct()) if row["v"]]
        chosen = Filters().choose(name, *draw.sample(values, min(2, len(values))))
        rows = of.with_filters(chosen).rows(draw.choice(("created", "csat", "frt_4h")))
        assert {(row["team"], row["region"]) for row in rows} <= {(TEAMS[0], "Ege")}


def test_no_difference_of_two_answers_tells_of_fewer_than_the_least_group(held: Warehouse, tmp_path: Path) -> None:
    least, draw = 5, random.Random(3)
    masked = desk(held, "manager", tmp_path)
    customers = [row["v"] for row in held.fetch(sa.select(schema.tickets.c.category.label("v")).distinct()) if row["v"]]
    for _ in range(30):
        some = draw.sample(customers, draw.randint(1, len(customers)))
        fewer = some[:-1] or some
        n = [masked.with_filters(Filters().choose("category", *s)).one("created").n for s in (some, fewer)]
        assert (n[0] - n[1]) % least == 0
    for number in masked.numbers(["created", "csat", "nps"], by=["category", "priority"]):
        assert number.n % least == 0
        assert number.n or number.value is None
        if number.hits is not None:
            assert number.hits % least == 0


def test_counts_of_a_masked_role_are_within_half_a_group_of_the_true_ones(held: Warehouse, tmp_path: Path) -> None:
    masked, whole = desk(held, "manager", tmp_path), desk(held, "admin", tmp_path)
    for by in ("team", "channel", "priority"):
        true = {number.group: number.n for number in whole.values(["created"], by=[by])}
        shown = {number.group: number.n for number in masked.values(["created"], by=[by])}
        assert shown.keys() == true.keys()
        assert all(abs(shown[group] - n) <= 2 or n < 5 for group, n in true.items())


def test_what_stands_beside_a_study_is_as_coarse_as_its_rows_and_its_groups_keep_their_names(
    held: Warehouse, tmp_path: Path
) -> None:
    masked, whole = desk(held, "manager", tmp_path), desk(held, "admin", tmp_path)
    rounded = 0
    for key in STUDIES:
        try:
            shown, true = masked.study(key), whole.study(key)
        except InsightsError:
            continue  # it says what it lacks
        for name, value in shown.facts.items():
            if isinstance(value, int) and not isinstance(value, bool) and name not in OF_NOBODY:
                assert value % 5 == 0, (key, name)
                assert abs(value - true.facts[name]) <= 2, (key, name)
                rounded += value != true.facts[name]
    assert rounded > 5
    for key, table, name in (
        ("agents", "hours", "hour"),
        ("sla_breaches", "breaches", "hour"),
        ("forgotten", "by_months", "months"),
    ):
        found = [[row[name] for row in of.study(key).tables[table]] for of in (masked, whole)]
        assert found[0] == found[1], key


def test_the_same_person_is_the_same_word_everywhere_and_another_word_elsewhere(tmp_path: Path) -> None:
    one, other = (
        scope_of(visitor("analyst"), Settings(warehouse=tmp_path), salt=salt) for salt in ("salt of one", "of another")
    )
    assert one != other, "an answer kept for one company is none for another"
    assert "salt" not in repr(one)


def test_every_text_column_is_known_to_tell_of_a_person_or_not() -> None:
    """A new column has to be thought about: name it in insights.personal, or among these."""
    told = {
        (table.name, column.name)
        for table in schema.metadata.tables.values()
        for column in table.c
        if isinstance(column.type, sa.Text) and kind_of(table.name, column.name) is None
    }
    assert {name for table, name in told if (table, name) not in IMPERSONAL_HERE} <= IMPERSONAL
    assert told >= IMPERSONAL_HERE


def test_an_event_names_no_agent_to_who_may_not_know_agents(held: Warehouse, tmp_path: Path) -> None:
    e = schema.ticket_events.c
    changes = sa.select(e.field, e.old, e.new).distinct()
    analyst, admin = (desk(held, role, tmp_path).fetch(changes) for role in ("analyst", "admin"))
    agents = {row["new"] for row in admin if row["field"] == "agent"} - {None}
    assert agents
    assert not agents & {row[side] for row in analyst for side in ("old", "new")}
    others = [{tuple(r.values()) for r in rows if r["field"] != "agent"} for rows in (analyst, admin)]
    assert others[0] == others[1], "states, teams and priorities stay"


def test_pages_are_there_by_name_or_section_and_hidden_ones_are_not() -> None:
    role = Role(pages=("service", "overview", "data/load"), hidden=("service/whatif",))
    seen = {place.name for place in PAGES if there_for(role, place)}
    assert {"overview", "complaints", "response"} <= seen
    assert not {"whatif", "retention", "load", "access"} & seen, "loading needs its right besides"
    assert there_for(Role(may=frozenset({"load"})), next(place for place in PAGES if place.name == "load"))


def test_a_role_comes_by_address_then_by_group_then_by_what_else_is_set() -> None:
    settings = Settings(roles={"lead": Role(people=("Ayse@x.com",)), "analyst": Role(groups=("bi",))})
    assert role_named("ayse@X.com", ["bi"], settings) == "lead"
    assert role_named("b@x.com", ["hr", "bi"], settings) == "analyst"
    assert role_named("b@x.com", [], settings) == ""
    assert settings.roles.keys() == ROLES.keys(), "roles that ship stay"


@pytest.mark.parametrize(
    "command",
    [
        ["query", "csat", "--by", "team"],
        ["rows", "csat", "--format", "csv"],
        ["study", "sla_queue", "--format", "json"],
        ["sql", "csat"],
    ],
)
def test_the_command_line_answers_as_a_role_sees_it(company_directory: Path, command: list[str]) -> None:
    cli.gather()
    done = CliRunner().invoke(cli.app, ["--warehouse", str(company_directory), "--role", "analyst", *command])
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert MARK not in done.output
    assert done.output


def test_what_cannot_answer_as_a_role_is_refused(company_directory: Path) -> None:
    cli.gather()
    for words, kind in (
        (["--role", "analyst", "rejects"], BadFilter),
        (["--role", "boss", "query", "csat"], UnknownName),
    ):
        done = CliRunner().invoke(cli.app, ["--warehouse", str(company_directory), *words])
        assert isinstance(done.exception, kind)


def test_scopes_differ_as_cache_keys(held: Warehouse) -> None:
    scopes = [Scope(), NOTHING, Scope(masked=frozenset({"name"})), Scope((("team", ("a",)),)), Scope(least=5)]
    assert len({Desk(held, Filters(), scope).key for scope in scopes}) == len(scopes)
    json.dumps([repr(scope) for scope in scopes])


def test_one_person_is_shown_for_a_reason_that_is_written_down_first(held: Warehouse, tmp_path: Path) -> None:
    of, boss = desk(held, "manager", tmp_path), visitor("manager")
    (row,) = of.fetch(sa.select(schema.customers.c.customer_id, schema.customers.c.name).limit(1))
    assert MARK not in str(row["name"])
    for reason in ("", "merak", "  x  "):
        assert revealed(of, row["customer_id"], reason, boss) == {}
    assert list(Trail(tmp_path).entries()) == []
    assert MARK in revealed(of, row["customer_id"], "geri aranmak istedi", boss)["name"]
    (entry,) = Trail(tmp_path).entries()
    assert (entry["what"], entry["who"], entry["people"], entry["reason"]) == (
        "reveal",
        boss.name,
        [row["customer_id"]],
        "geri aranmak istedi",
    )
    assert revealed(of, "nobody", "geri aranmak istedi", boss) == {}
    analyst = desk(held, "analyst", tmp_path)
    assert revealed(analyst, row["customer_id"], "geri aranmak istedi", visitor("analyst")) == {}


def test_nobody_beyond_the_readers_rows_is_revealed(held: Warehouse, tmp_path: Path) -> None:
    role = ROLES["manager"].model_copy(update={"rows": {"team": ("no such team",)}})
    settings = Settings(warehouse=tmp_path, roles={**ROLES, "manager": role})
    boss = visitor("manager")
    of = Desk(held, Filters(), scope_at(boss, held, settings), "en", settings)
    assert revealed(of, "0003", "geri aranmak istedi", boss) == {}
    assert list(Trail(tmp_path).entries()) == []


def test_the_trail_knows_a_person_by_every_id_also_as_who_may_not_know_it_sees_it(
    held: Warehouse, company_directory: Path, tmp_path: Path
) -> None:
    c = schema.customers.c
    (row,) = desk(held, "admin", tmp_path).fetch(sa.select(c.customer_id, c.email).limit(1))
    word = desk(held, "admin", tmp_path).fetch(sa.select(sql.pseudonym(c.email, "s", "c-").label("w")).limit(1))
    assert word[0]["w"] == word_for(row["email"], "s")
    trail = Trail(company_directory)
    trail.add("boss", "rows", people=[row["customer_id"]])
    trail.add("ada", "rows", people=[word_for(row["customer_id"], salt(company_directory))])
    trail.add("eve", "rows", people=["somebody else"])
    cli.gather()
    for asked in (row["customer_id"], row["email"]):
        words = ["--warehouse", str(company_directory), "audit", "show", "--person", asked, "--format", "json"]
        assert [e["who"] for e in json.loads(CliRunner().invoke(cli.app, words).stdout)] == ["boss", "ada"]


def test_what_the_command_line_prints_of_people_is_in_the_trail_where_people_sign_in(
    company_directory: Path, tmp_path: Path
) -> None:
    cli.gather()
    config = tmp_path / "insights.toml"
    before = len(list(Trail(company_directory).entries()))
    for way, told in (("none", 0), ("accounts", 3)):
        config.write_text(f'[sign_in]\nway = "{way}"\n', "utf-8")
        first = ["--config", str(config), "--warehouse", str(company_directory), "--role", "admin"]
        printed = json.loads(CliRunner().invoke(cli.app, [*first, "rows", "csat", "--format", "json"]).stdout)
        CliRunner().invoke(cli.app, [*first, "study", "forgotten", "--format", "json"])
        CliRunner().invoke(cli.app, [*first[:-2], "customer", "0003"])
        CliRunner().invoke(cli.app, [*first, "query", "csat"])
        entries = list(Trail(company_directory).entries())[before:]
        assert len(entries) == told
    assert [entry["command"] for entry in entries] == ["admin rows", "admin study", "customer"]
    assert set(entries[0]["people"]) == {row["customer_id"] for row in printed if row["customer_id"]}
