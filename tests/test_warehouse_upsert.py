"""Rows of staged files against what is stored: judged in order, newest wins, nothing lost."""

import itertools
import random
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from staged_rows import small_settings, staged

from insights import schema, warehouse
from insights.settings import Settings
from insights.warehouse import FileReport
from insights.warehouse.build import Stage

COLUMNS = ("status", "team", "subject")
Row = dict[str, Any]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return small_settings(tmp_path)


def load(settings: Settings, *stages: Stage) -> list[FileReport]:
    return list(warehouse.load_staged(stages, settings).files)


def stored(settings: Settings, table: sa.Table, *columns: str) -> dict[str, tuple[Any, ...]]:
    """Return the chosen columns of a table by its id."""
    key = table.info["key"][-1]
    rows = warehouse.open_current(settings.warehouse).fetch(sa.select(table))
    assert len({r[key] for r in rows}) == len(rows)
    return {r[key]: tuple(r[c] for c in columns) for r in rows}


def counts(report: FileReport) -> tuple[int, int, int, int]:
    found = (report.rows_inserted, report.rows_updated, report.rows_unchanged, report.rows_rejected)
    assert sum(found) == report.rows_read
    return found


OLD = """
ticket_id status team updated_at
1         open   A    2024-01-01
2         open   A    2024-01-01
"""
NEW = """
ticket_id status  team updated_at
1         solved  A    2024-01-02
2         open    A    2024-01-01
3         new     B    2024-01-03
"""


def test_a_row_is_inserted_updated_or_unchanged(settings: Settings) -> None:
    load(settings, staged({"tickets": OLD}))
    (report,) = load(settings, staged({"tickets": NEW}))
    assert counts(report) == (1, 1, 1, 0)
    assert stored(settings, schema.tickets, "status") == {"1": ("solved",), "2": ("open",), "3": ("new",)}


def test_a_late_old_file_changes_nothing(settings: Settings) -> None:
    load(settings, staged({"tickets": NEW}))
    (report,) = load(settings, staged({"tickets": OLD}))
    assert counts(report) == (0, 0, 2, 0)
    assert stored(settings, schema.tickets, "status")["1"] == ("solved",)


def test_rows_of_one_id_in_a_file_are_judged_in_order(settings: Settings) -> None:
    several = """
    ticket_id status  updated_at
    1         open    2024-01-02
    1         new     2024-01-01
    1         open    2024-01-02
    1         pending 2024-01-02
    1         solved  2024-01-03
    2         open    -
    2         solved  -
    """
    (report,) = load(settings, staged({"tickets": several}))
    assert counts(report) == (2, 3, 2, 0)
    assert stored(settings, schema.tickets, "status") == {"1": ("solved",), "2": ("solved",)}


def test_without_update_times_the_later_load_wins(settings: Settings) -> None:
    load(settings, staged({"customers": "customer_id segment\nc1 vip\n"}))
    (report,) = load(settings, staged({"customers": "customer_id segment\nc1 basic\nc1 gold\n"}))
    assert counts(report) == (0, 2, 0, 0)
    assert stored(settings, schema.customers, "segment") == {"c1": ("gold",)}


def test_lines_of_an_order_are_known_again_wherever_they_stand_in_the_file(settings: Settings) -> None:
    lines = "order_id line product amount\n{}o1 1 pen 10\no1 2 ink 20\n"
    load(settings, staged({"order_lines": lines.format("")}))
    (report,) = load(settings, staged({"order_lines": lines.format("o0 1 cap 5\n").replace("20", "25")}))
    assert counts(report) == (1, 1, 1, 0)
    held = warehouse.open_current(settings.warehouse).fetch(sa.select(schema.order_lines))
    assert sorted((r["order_id"], r["line"], r["amount"]) for r in held) == [("o0", 1, 5), ("o1", 1, 10), ("o1", 2, 25)]


def test_a_missing_column_keeps_its_value_and_an_empty_cell_makes_it_unknown(settings: Settings) -> None:
    load(settings, staged({"customers": "customer_id segment city\nc1 vip Bursa\n"}))
    load(settings, staged({"customers": "customer_id segment\nc1 -\n"}))
    assert stored(settings, schema.customers, "segment", "city") == {"c1": (None, "Bursa")}


def test_a_late_file_fills_columns_no_export_had_filled(settings: Settings) -> None:
    older = "ticket_id status subject updated_at\n1 open Fatura 2024-01-01\n"
    newer = "ticket_id status team updated_at\n1 solved - 2024-01-02\n"
    load(settings, staged({"tickets": newer}))
    (report,) = load(settings, staged({"tickets": older}))
    assert counts(report) == (0, 1, 0, 0)
    load(settings, staged({"tickets": "ticket_id team subject updated_at\n1 A Kargo 2024-01-01\n"}))
    assert stored(settings, schema.tickets, "status", "subject", "team") == {"1": ("solved", "Fatura", None)}


def test_what_a_line_says_elsewhere_is_as_old_as_its_ticket(settings: Settings) -> None:
    def export(status: str, score: str, day: str) -> Stage:
        tickets = f"ticket_id status updated_at\n1 {status} {day}\n"
        return staged({"tickets": tickets, "surveys": f"survey_id kind ticket_id score\n1 csat 1 {score}\n"})

    load(settings, export("solved", "5", "2024-01-03"))
    (report,) = load(settings, export("open", "1", "2024-01-02"))
    assert counts(report) == (0, 0, 1, 0)
    assert stored(settings, schema.surveys, "score") == {"1": (5.0,)}


def test_news_in_a_side_table_makes_the_row_updated(settings: Settings) -> None:
    tickets = "ticket_id status updated_at\n1 solved 2024-01-03\n2 open 2024-01-03\n"
    load(settings, staged({"tickets": tickets, "surveys": "survey_id kind score _line\n1 csat - 2\n"}))
    (report,) = load(settings, staged({"tickets": tickets, "surveys": "survey_id kind score _line\n1 csat 4 2\n"}))
    assert counts(report) == (0, 1, 1, 0)
    assert report.tables["tickets"].unchanged == 2


def test_the_same_content_changes_nothing_even_under_another_name_and_after_a_newer_load(settings: Settings) -> None:
    first = {"customers": "customer_id segment\nc1 vip\n"}
    load(settings, staged(first))
    load(settings, staged({"customers": "customer_id segment\nc1 basic\n"}))
    report = warehouse.load_staged([staged(first, name="copy.csv")], settings)
    assert (report.version, report.load_id, counts(report.files[0])) == (None, 1, (0, 0, 1, 0))
    assert stored(settings, schema.customers, "segment") == {"c1": ("basic",)}


def test_ids_stay_text_and_sources_do_not_mix(settings: Settings) -> None:
    text = "customer_id segment\n007 vip\n7 basic\n"
    load(settings, staged({"customers": text}), staged({"customers": text}, source="shop"))
    rows = warehouse.open_current(settings.warehouse).fetch(sa.select(schema.customers))
    assert sorted((r["source"], r["customer_id"]) for r in rows) == [
        ("desk", "007"),
        ("desk", "7"),
        ("shop", "007"),
        ("shop", "7"),
    ]


def test_what_was_set_aside_is_kept_with_its_reason(settings: Settings) -> None:
    aside = [(4, None, "x", "bad_id"), (2, "team", "y", "bad_type")]
    (report,) = load(settings, staged({"tickets": OLD}, rejected=aside))
    assert counts(report) == (2, 0, 0, 1)
    assert (report.rejects, report.warnings) == ({"bad_id": 1}, {"bad_type": 1})
    kept = warehouse.open_current(settings.warehouse).fetch(sa.select(schema.rejects).order_by(schema.rejects.c.line))
    assert [(r["load_id"], r["line"], r["reason"], r["row_rejected"]) for r in kept] == [
        (1, 2, "bad_type", False),
        (1, 4, "bad_id", True),
    ]


def wins(row: Row, held: Row) -> bool:
    """Tell whether a row is at least as new as what is held: an unknown time is older than any known one."""
    return held["at"] is None or (row["updated_at"] is not None and row["updated_at"] >= held["at"])


def upsert_in_python(held: dict[str, Row], rows: list[Row], columns: tuple[str, ...]) -> list[str]:
    """Return the outcome of each row of a file, one row after the other in a dict."""
    said = []
    for row in rows:
        known = held.get(row["ticket_id"])
        if known is None:
            held[row["ticket_id"]] = {"at": row["updated_at"], **{c: row.get(c) for c in COLUMNS}}
            said.append("inserted")
        elif not wins(row, known):
            said.append("unchanged")
        else:
            same = known["at"] == row["updated_at"] and all(known[c] == row[c] for c in columns)
            known |= {"at": row["updated_at"], **{c: row[c] for c in columns}}
            said.append("unchanged" if same else "updated")
    return said


def random_file(generator: random.Random, rows: int) -> list[Row]:
    days = [None, *(f"2024-01-0{d} 00:00:00" for d in range(1, 6))]
    return [
        {
            "ticket_id": generator.choice("abcdef"),
            "updated_at": generator.choice(days),
            **{c: generator.choice([None, "x", "y"]) for c in COLUMNS},
        }
        for _ in range(rows)
    ]


def as_stage(rows: list[Row], columns: tuple[str, ...], salt: str = "") -> Stage:
    header = ["ticket_id", "updated_at", *columns]
    return staged({"tickets": (header, [tuple(r[h] for h in header) for r in rows])}, salt=salt)


@pytest.mark.parametrize("seed", range(6))
def test_random_files_end_as_in_a_dict(settings: Settings, seed: int) -> None:
    generator = random.Random(seed)
    held: dict[str, Row] = {}
    for number in range(3):
        rows = random_file(generator, generator.randrange(1, 12))
        expected = upsert_in_python(held, rows, COLUMNS)
        (report,) = load(settings, as_stage(rows, COLUMNS, salt=f"{seed}.{number}"))
        assert counts(report)[:3] == tuple(expected.count(word) for word in ("inserted", "updated", "unchanged"))
        assert stored(settings, schema.tickets, *COLUMNS) == {k: tuple(v[c] for c in COLUMNS) for k, v in held.items()}


@pytest.mark.parametrize("seed", range(3))
def test_files_end_in_the_same_warehouse_in_any_order(tmp_path: Path, seed: int) -> None:
    generator = random.Random(seed)
    files, time = [], itertools.count(1)
    for number, columns in enumerate([COLUMNS, ("status", "team"), COLUMNS]):
        rows = [r | {"updated_at": f"2024-01-01 00:00:{next(time):02}"} for r in random_file(generator, 5)]
        files.append(as_stage(rows, columns, salt=f"{number}"))
    ends = []
    for order in itertools.permutations(files[:2] if seed else files[1:]):
        settings = small_settings(tmp_path / str(len(ends)))
        for file in order:
            load(settings, file)
        ends.append(stored(settings, schema.tickets, *COLUMNS, "updated_at", "row_at", "row_columns"))
    assert ends[0] == ends[1]
