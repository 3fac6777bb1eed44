"""Studies: what one declares is what it answers, prints, lists and lets be proven."""

import csv
import dataclasses
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from insights import cli, schema, texts
from insights.asking import Desk
from insights.asking.recorder import study_sql
from insights.charts import amount, difference
from insights.cli.study import commands
from insights.errors import BadFilter, UnknownName
from insights.filters import EVERYTHING, Filters, Scope
from insights.studies import STUDIES
from insights.studies.core import Column
from insights.ui.kinds import findings
from insights.warehouse import open_current


@pytest.fixture
def desk(small_directory: Path) -> Desk:
    return Desk(open_current(small_directory), Filters(), EVERYTHING)


@pytest.mark.parametrize("key", STUDIES)
def test_a_study_has_words_in_every_language(key: str) -> None:
    for language in texts.languages():
        names = [f"{key}.name", f"{key}.definition", *(f"options.{option.name}" for option in STUDIES[key].options)]
        assert all(texts.t(f"studies.{name}", language) for name in names)
        columns = {column.name for shape in STUDIES[key].shapes for column in shape.columns}
        said = {c for c in columns for place in ("columns", "dimensions") if texts.has(f"{place}.{c}", language)}
        assert columns == said, "a file would be headed by names of the code"


@pytest.mark.parametrize("key", STUDIES)
def test_a_study_answers_with_the_columns_it_declares(desk: Desk, key: str) -> None:
    found = desk.study(key)
    assert found.lacks == ()
    for shape in found.shapes:
        declared = {column.name for column in shape.columns}
        for row in found.tables[shape.name]:
            assert declared <= row.keys() if shape.open else declared == row.keys(), shape.name


AMOUNTS = ("share", "difference", "seconds", "money", "count", "number", "points")


@pytest.mark.parametrize("key", STUDIES)
def test_amounts_of_a_study_s_tables_sort_as_numbers(desk: Desk, key: str) -> None:
    found = desk.study(key)
    for shape in found.shapes:
        drawn = findings.shown(desk, shape.columns, found.tables[shape.name])
        for name in (c.name for c in shape.columns if c.unit in AMOUNTS):
            assert all(
                cells[name] is None or isinstance(cells[name], int | float) for cells in drawn.rows if name in cells
            ), (shape.name, name)


def test_a_difference_of_two_shares_is_said_in_points(desk: Desk) -> None:
    rows = [{"gap": 0.072, "share": 0.0004}]
    drawn = findings.shown(desk, (Column("gap", "difference"), Column("share", "share")), rows)
    assert drawn.rows == [{"gap": 7.2, "share": 0.0004}], "a few are not none"
    assert drawn.columns["gap"].label.endswith("(points)")
    assert difference(0.072, "share", "tr") == amount(7.2, "difference", "tr") == "+7,2 puan"


@pytest.mark.parametrize("key", STUDIES)
def test_a_study_shows_its_rows_and_its_sql_and_the_sql_runs(desk: Desk, key: str) -> None:
    assert desk.study_rows(key) or not desk.study(key).rows
    for statement in study_sql(desk, key):
        desk.warehouse.source._con.cursor().execute(statement)


@pytest.mark.parametrize("key", STUDIES)
def test_a_study_lists_nobody_the_reader_may_not_see(desk: Desk, key: str) -> None:
    nobody = dataclasses.replace(desk, scope=Scope((("team", ("no such team",)),)))
    assert not nobody.study_rows(key)
    assert not any(row.get("n") for row in nobody.study(key).rows)


def test_the_parts_of_an_outcome_are_its_rows(desk: Desk) -> None:
    found = desk.study("sla_outcomes")
    assert sum(row["met"] + row["broken"] + row["running"] for row in found.rows) == len(desk.study_rows(found.study))


def test_a_search_finds_a_ticket_by_its_number_and_a_customer_s_by_name_address_and_telephone(desk: Desk) -> None:
    t, p = schema.tickets, schema.customers
    joined = t.join(p, sa.and_(p.c.source == t.c.source, p.c.customer_id == t.c.customer_id))
    rows = desk.fetch(sa.select(t.c.ticket_id, t.c.subject, p.c.name, p.c.email, p.c.phone).select_from(joined))
    one = next(r for r in rows if r["name"] and r["ticket_id"])
    assert desk.study("find", text=one["ticket_id"].upper()).rows[0]["ticket_id"] == one["ticket_id"]
    for column in ("name", "email", "phone", "subject"):
        if one[column]:
            same = {r["ticket_id"] for r in rows if one[column].lower() in (r[column] or "").lower()}
            found = {r["ticket_id"] for r in desk.study("find", text=one[column]).rows}
            assert found & same, column
    assert desk.study("find", text="%_no such thing_%").rows == []
    with pytest.raises(BadFilter, match="2 characters"):
        desk.study("find", text=" x ")


def test_an_option_is_checked_and_an_unknown_one_refused(desk: Desk) -> None:
    with pytest.raises(UnknownName, match="no period hour"):
        desk.study("cohorts", grain="hour")
    with pytest.raises(UnknownName, match="no option colour"):
        desk.study("cohorts", colour="red")
    with pytest.raises(UnknownName, match="no study no_such"):
        desk.study("no_such")
    (limit,) = (option for option in STUDIES["sla_queue"].options if option.name == "limit")
    with pytest.raises(BadFilter):
        limit.read("many")


def test_what_a_study_does_not_heed_is_said(desk: Desk) -> None:
    asked = desk.with_filters(Filters(since=dt.date(2025, 1, 1), as_of=dt.datetime(2025, 4, 1)))
    assert asked.study("what_if").ignored == ("as_of",)
    assert desk.narrow("team", "first").study("cohorts").ignored == ("team",)


@pytest.fixture
def run(small_directory: Path) -> Any:
    cli.gather()

    def run(*words: str) -> str:
        done = CliRunner().invoke(cli.app, ["--warehouse", str(small_directory), *words])
        assert done.exit_code in (0, 1), done.output
        return done.stdout

    return run


def test_the_command_line_prints_a_study_with_its_own_options(run: Any, desk: Desk) -> None:
    printed = json.loads(run("study", "waits", "--event", "resolution", "--by", "channel", "--format", "json"))
    asked = desk.study("waits", event="resolution", by=("channel",))
    assert [row["n"] for row in printed["waits"]] == [row["n"] for row in asked.rows]
    listed = list(csv.DictReader(io.StringIO(run("study", "waits", "--rows", "--format", "csv"))))
    assert len(listed) == len(desk.study_rows("waits"))
    assert "SELECT" in run("study", "waits", "--sql")
    assert len(json.loads(run("study", "waits", "--table", "points", "--format", "json"))) > 1


def test_every_study_is_listed_and_is_a_command(run: Any) -> None:
    assert [row["key"] for row in json.loads(run("studies", "--format", "json"))] == list(STUDIES)
    assert set(commands()) == set(STUDIES)


def test_what_a_study_found_or_why_it_refuses_is_said_on_the_command_line(small_directory: Path) -> None:
    words = ["--warehouse", str(small_directory), "--lang", "tr", "study", "value_model"]
    refused = CliRunner().invoke(cli.app, words)
    key = json.loads(CliRunner().invoke(cli.app, [*words, "--format", "json"]).stdout)["sentence"]
    assert key
    assert texts.t(f"studies.value_model.{key}", "tr").split("{")[0] in refused.stderr
