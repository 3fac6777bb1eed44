"""The statements of the time engine: one a file, named by what it makes, with words for everything."""

import re
from importlib.resources import files

import duckdb
import pytest

from insights.timing.macros import MACROS
from insights.timing.statements import statement

NAMES = sorted(path.name.removesuffix(".sql") for path in files("insights.timing").joinpath("sql").iterdir())
MAKES = r"(?:CREATE OR REPLACE TEMP TABLE|CREATE TABLE|INSERT INTO|UPDATE) (?:timing_)?(\w+)"
ELSEWHERE = {
    "assumed_changes": "state_changes",
    "derived_columns": "tickets",
    "event_voices": "ticket_events",
    "marked": "derived",
    "numbered_tickets": "tickets",
    "recalled_cycles": "cycles",
    "recalled_spans": "spans",
    "replayed_tickets": "tickets",
    "restored_columns": "tickets",
    "running_clocks": "unsettled",
    "sliced_tickets": "tickets",
    "stale_tickets": "stale",
    "unsettled_tickets": "unsettled",
    "working_figures_alone": "tickets",
}
"""Statements that fill a table another one is named by, by what they add."""


@pytest.mark.parametrize("name", NAMES)
def test_a_file_holds_one_statement_named_by_what_it_makes(name: str) -> None:
    text = statement(name)
    assert len(duckdb.extract_statements(text)) == 1
    made = re.search(MAKES, text)
    assert (made[1] if made else name) == ELSEWHERE.get(name, name)


@pytest.mark.parametrize("name", NAMES)
def test_columns_and_tables_have_words_for_names(name: str) -> None:
    bare = re.sub(r"--.*|'[^']*'", "", statement(name))
    assert re.findall(r"\b[a-z]\b(?!\.)", bare) == []


def test_no_macro_is_idle() -> None:
    said = " ".join([*map(statement, NAMES), *MACROS.values()])
    assert [call for call in MACROS if f"{call.split('(')[0]}(" not in said] == []
