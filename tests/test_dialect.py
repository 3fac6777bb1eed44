"""Statements as written for the engine: what they say is what the engine reads."""

import datetime as dt

import duckdb
import pytest
import sqlalchemy as sa

from insights.sql import begins_with, constants, holds
from insights.warehouse.engine import literal
from insights.warehouse.engine.compiling import compiled, parsed
from insights.warehouse.engine.dialect import dialect

TRICKY = ["it's", "back\\slash", "100 %", "%(x)s", ":colon", "$1", 'say "no"', "çöğüş"]


def test_every_word_the_engine_reserves_is_quoted() -> None:
    reserved = duckdb.execute("SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category = 'reserved'")
    quote = dialect().identifier_preparer.quote
    assert [word for (word,) in reserved.fetchall() if not quote(word).startswith('"')] == []


@pytest.mark.parametrize(
    "value", [*TRICKY, dt.datetime(2026, 3, 1, 12, 30, 5), dt.date(2026, 3, 1), 3, 0.25, True], ids=str
)
def test_a_value_comes_back_the_same_written_in_or_bound(value: object) -> None:
    statement = sa.select(sa.literal(value).label("value"), sa.literal(value).label("again"))
    assert duckdb.execute(literal(statement)).fetchall() == [(value, value)]
    assert duckdb.execute(*compiled(statement)).fetchall() == [(value, value)]


@pytest.mark.parametrize(
    ("held", "part"),
    [
        ("Işık", "IŞIK"),
        ("IŞIK", "ışık"),
        ("İstanbul", "istanbul"),
        ("istanbul", "İSTANBUL"),
        ("ŞİKAYET", "şikayet"),
        ("Isparta", "ISPARTA"),
        ("it's 50%_\\X", "IT'S 50%_\\x"),
    ],
)
def test_a_part_is_found_whatever_its_capitals_in_turkish_and_english(held: str, part: str) -> None:
    of = sa.literal(f"- {held} -")
    said = sa.select(holds(of, part), begins_with(sa.literal(held), part), holds(of, part + "!"), holds(of, f"%{part}"))
    assert duckdb.execute(literal(said)).fetchall() == [(True, True, False, False)]


def test_whole_numbers_divide_to_a_fraction() -> None:
    assert duckdb.execute(literal(sa.select(sa.literal(7) / sa.literal(2)))).fetchall() == [(3.5,)]


def test_a_statement_compiled_before_takes_its_own_values() -> None:
    con = duckdb.connect()
    days_of = "unnest(['x', 'y', 'z']) AS n(a), range(3) AS r(d)"
    con.execute(f"CREATE TABLE t AS SELECT a, DATE '2026-01-01' + d::INT AS day FROM {days_of}")
    table = sa.table("t", sa.column("a"), sa.column("day", sa.Date()))

    def asked(*values: str, day: int) -> list[tuple[object, ...]]:
        since = sa.bindparam(None, dt.date(2026, 1, day), sa.Date())
        found = sa.select(table.c.a, table.c.day).where(table.c.a.in_(values), table.c.day >= since)
        return con.execute(*compiled(found.order_by(table.c.a, table.c.day))).fetchall()

    for values, day in ((("x", "y"), 1), (("z", "y"), 2), (("z",), 3), (("x", "y"), 3)):
        days = [dt.date(2026, 1, d) for d in range(day, 4)]
        assert asked(*values, day=day) == [(v, d) for v in sorted(values) for d in days]


@pytest.mark.parametrize("once", [False, True])
def test_rows_written_out_are_those_of_this_statement_and_not_of_one_like_it(once: bool) -> None:
    column = sa.column("day", sa.Date())
    for _ in range(2):
        for day in (dt.date(2026, 3, 1), dt.date(2026, 3, 2)):
            for least in (day, day + dt.timedelta(days=1)):
                listed = constants("ends", [column], [(day,), (dt.date(2026, 5, 1),)], once=once)
                text, values = compiled(sa.select(listed.c.day).where(listed.c.day >= sa.literal(least)))
                wanted = [(d,) for d in (day, dt.date(2026, 5, 1)) if d >= least]
                assert duckdb.execute(text, values).fetchall() == wanted


def test_a_statement_parsed_once_takes_its_own_values_on_any_connection() -> None:
    for place in range(3):
        with duckdb.connect() as con:
            assert con.execute(parsed(con, "SELECT $1 + 1"), [place]).fetchall() == [(place + 1,)]
