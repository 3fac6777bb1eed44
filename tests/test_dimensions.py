"""Dimensions: one object says where it lives, and every KPI either knows it or has a reason not to."""

import datetime as dt

import pytest

from insights import schema, texts
from insights.cli.asking import values
from insights.dimensions import DIMENSIONS, EVERY, KNOWN, in_bar
from insights.errors import BadFilter
from insights.filters import dimension_column, read_values
from insights.metrics import METRICS, Context
from insights.texts import words

ANY = Context(dt.datetime(2025, 1, 1), past=False, zone="UTC")
BEARERS = {"tickets": "ticket_id", "customers": "customer_id", "orders": "order_id", "row": "source"}
"""A row about a ticket, a customer, itself: the column that tells."""
OTHERWISE = {("orders", "status"): "an order has a status of its own: paid, refunded or cancelled"}
"""What differs from the rule, and why."""


@pytest.mark.parametrize("key", METRICS)
def test_a_kpi_knows_every_dimension_of_what_its_rows_are_about_and_no_other(key: str) -> None:
    rows = METRICS[key].base.rows(ANY)
    for dimension in EVERY:
        about = BEARERS[dimension.of] in rows.c
        known = dimension_column(rows, dimension.name) is not None
        about = about or (METRICS[key].base.name, dimension.name) in OTHERWISE
        assert known == about, f"{key}: rows of {METRICS[key].base.name}, {dimension.name} of {dimension.of}"


def test_a_dimension_lives_in_the_table_of_its_bearer_and_has_words() -> None:
    for dimension in EVERY:
        home = "tickets" if dimension.of == "row" else dimension.of
        assert dimension.column in schema.metadata.tables[home].c, dimension.name
        assert dimension.words is None or dimension.words in schema.WORDS
        for language in texts.LANGUAGES:
            assert texts.t(f"dimensions.{dimension.name}", language)


def test_what_is_worded_as_a_dimension_is_one() -> None:
    worded = {key.removeprefix("dimensions.") for key in words.own(texts.FALLBACK) if key.startswith("dimensions.")}
    assert worded == KNOWN.keys() | {extra for metric in METRICS.values() for extra, _ in metric.base.extras}


def test_every_dimension_has_its_place_in_the_filter_bar() -> None:
    shown = [d.name for d in (*in_bar("first"), *in_bar("more"))]
    assert sorted(shown) == sorted(d.name for d in EVERY if d.bar != "no") == sorted(DIMENSIONS)
    assert {"agent", "status", "loyalty_tier", "country"} <= set(shown)
    assert all(d.icon for d in in_bar("first"))


def test_a_value_that_holds_a_comma_stands_in_quotes() -> None:
    assert read_values('"A, B",C') == ("A, B", "C")
    assert read_values('"say ""no""", plain') == ('say "no"', "plain")
    assert values(['team="A, B"', "team=C"]) == (("team", ("A, B", "C")),)
    with pytest.raises(BadFilter):
        values(['team="A, B'])
