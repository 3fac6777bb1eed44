"""Every hostile or messy file of the corpus ends in its expected outcome, and no row of any is lost."""

import datetime as dt
import functools
import json
import re
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from corpus import CASES, Case

from insights import sources, texts
from insights.cli import main
from insights.errors import FileRefused
from insights.sources import Limits, ReadOptions, StagedFile

AS_OF = dt.datetime(2026, 11, 22)
REASONS = [
    "encoding",
    "nul_byte",
    "ragged_row",
    "unbalanced_quote",
    "repeated_header",
    "missing_value",
    "bad_id",
    "duplicate_id_conflict",
    "bad_date",
    "date_out_of_range",
    "negative_duration",
    "ambiguous_date",
    "bad_number",
    "score_out_of_range",
    "unknown_status",
    "bad_json",
    "bad_type",
    "cell_too_large",
    "cell_error",
    "truncated",
]
CLASSES = [
    "empty_file",
    "unrecognised_format",
    "binary_content",
    "encoding",
    "unbalanced_quote",
    "duplicate_column",
    "missing_required_column",
    "no_header",
    "too_many_columns",
    "too_large",
    "too_deep",
    "ambiguous_dates",
    "mixed_dates",
    "ambiguous_numbers",
    "mixed_numbers",
    "ambiguous_sheet",
    "encrypted",
    "macros",
    "xml_entities",
    "corrupt",
    "truncated",
    "unsupported_type",
    "bad_file_name",
    "archive_bomb",
    "archive_path",
    "archive_nested",
    "archive_many_files",
    "external_links",
    "wrong_mapping",
    "bad_type",
    "locked",
    "no_space",
    "not_readable",
]
LOADER = {"locked", "no_space"}
"""Classes of errors that are the loader's, not the file's."""
PAGE = Path(__file__).parents[1] / "docs" / "files.md"
END_TO_END = [
    "comma",
    "utf16_le_without_bom",
    "one_row_in_another_encoding",
    "row_too_short",
    "xlsx_hidden_guid_columns",
    "json_line_broken",
    "zip_of_two",
    "ambiguous_dates",
    "zip_climbing_up",
    "refused_under_a_name_with_braces",
    "name_with_a_newline",
    "one_id_two_contents",
]


def written(case: Case, folder: Path) -> Path:
    """Write the file (or folder of files) of a case and return its path."""
    path = folder / case.file
    if isinstance(case.content, Mapping):
        path.mkdir()
        for name, content in case.content.items():
            path.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
            path.joinpath(name).write_bytes(content)
        return path
    try:
        path.write_bytes(case.content)
    except OSError:
        pytest.skip("this file system does not take such a name")
    return path


def options_of(case: Case) -> ReadOptions:
    """Return the read options of a case: UTC and the day of the corpus unless it says otherwise."""
    said: dict[str, Any] = {"timezone": "UTC", "as_of": AS_OF, **case.options}
    limits = {k: said.pop(k) for k in list(said) if k in Limits.__dataclass_fields__}
    if "earliest" in said:
        said["earliest"] = dt.datetime.fromisoformat(said["earliest"])
    return ReadOptions(**said, limits=Limits(**limits))


@functools.cache
def engine() -> duckdb.DuckDBPyConnection:
    """Return the one engine of the module; each case takes a cursor, whose temporary tables are its own."""
    return duckdb.connect(config={"threads": 1})


@functools.cache
def known_profiles() -> list[sources.Profile]:
    """Return the built-in profiles."""
    return sources.profiles()


def staged(case: Case, path: Path, con: duckdb.DuckDBPyConnection) -> list[StagedFile]:
    """Read the file of a case."""
    return list(sources.stage(con, path, known_profiles(), options_of(case)))


def counted(con: duckdb.DuckDBPyConnection, files: list[StagedFile], *, row_rejected: bool) -> dict[str, int]:
    """Return how many rows (or cells) were set aside, by reason."""
    found: dict[str, int] = {}
    for file in files:
        rows = con.execute(
            f"SELECT reason, count(*) FROM {file.rejects} WHERE row_rejected = ? GROUP BY ALL", [row_rejected]
        )
        for reason, number in rows.fetchall():
            found[reason] = found.get(reason, 0) + number
    return found


def cells(con: duckdb.DuckDBPyConnection, file: StagedFile, case: Case) -> dict[str, dict[str, str | None]]:
    """Return the cells a case names, as DuckDB writes them."""
    table = file.tables[case.table]
    key = f"{case.table.removesuffix('s')}_id"
    there = {row[0] for row in con.execute(f"DESCRIBE {table}").fetchall()}
    wanted = sorted({c for row in case.cells.values() for c in row})
    listed = ", ".join(f'CAST("{c}" AS VARCHAR)' if c in there else "NULL" for c in wanted)
    rows = con.execute(
        f"SELECT {key}{', ' if listed else ''}{listed} FROM {table} WHERE {key} IN (SELECT unnest(?))",
        [list(case.cells)],
    )
    found = {row[0]: dict(zip(wanted, row[1:], strict=True)) for row in rows.fetchall()}
    return {i: {c: found[i][c] for c in row} if i in found else {"": "no such row"} for i, row in case.cells.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_file_ends_in_its_expected_outcome(case: Case, tmp_path: Path) -> None:
    con = engine().cursor()
    path = written(case, tmp_path)
    if case.refused:
        with pytest.raises(FileRefused) as refusal:
            staged(case, path, con)
        assert refusal.value.kind == case.refused
        for language in texts.LANGUAGES:
            assert len(texts.error(refusal.value, language).splitlines()) == 1
        return
    files = staged(case, path, con)
    outcome = (
        sum(rows_of(con, f.tables.get(f.main)) for f in files),
        counted(con, files, row_rejected=True),
        counted(con, files, row_rejected=False),
        len(files),
    )
    assert outcome == (case.rows, case.rejects, case.warnings, case.files)
    assert {f.main for f in files} == {case.table}
    if case.cells:
        assert cells(con, files[0], case) == case.cells
    for file in files:
        nothing_is_lost(con, file)


def test_tolerant_reading_agrees_with_reading_at_full_speed(tmp_path: Path) -> None:
    """Clean files stream; a blank line at the end sends the same rows through the tolerant reader."""
    for case in [c for c in CASES if c.table == "orders" and c.name.endswith(("amounts", "signs", "numbers", "mark"))]:
        assert isinstance(case.content, bytes)
        blank = tmp_path / case.name
        blank.mkdir()
        test_file_ends_in_its_expected_outcome(replace(case, content=case.content + b"\n\n"), blank)


def rows_of(con: duckdb.DuckDBPyConnection, table: str | None) -> int:
    """Return the number of rows of a staged table."""
    return int(con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]) if table else 0


def nothing_is_lost(con: duckdb.DuckDBPyConnection, file: StagedFile) -> None:
    """Check that every row read is loaded or set aside, and that what is set aside can be found in the file."""
    assert file.rows_read == rows_of(con, file.tables.get(file.main)) + file.rows_rejected
    aside = con.execute(f'SELECT line, "column", reason, row, row_rejected FROM {file.rejects}').fetchall()
    assert len({line for line, *_, rejected in aside if rejected}) == file.rows_rejected
    for line, column, reason, row, rejected in aside:
        assert line >= 1
        assert reason in REASONS
        assert rejected or column
        assert isinstance(json.loads(row), dict)


def test_lines_of_rejects_are_those_of_the_file(tmp_path: Path) -> None:
    wanted = {
        "line_numbers_survive_preamble": {7},
        "quoted_numbers_of_lines_are_the_file_s": {6},
        "row_too_short": {5},
        "repeated_header": {5},
        "one_row_in_another_encoding": {3},
        "nul_byte_in_a_quoted_cell": {3},
        "json_line_broken": {2},
        "xlsx_repeated_header": {5},
        "blank_id": {2},
    }
    found = {}
    for case in (c for c in CASES if c.name in wanted):
        con = engine().cursor()
        files = staged(case, written(case, tmp_path), con)
        found[case.name] = {row[0] for f in files for row in con.execute(f"SELECT line FROM {f.rejects}").fetchall()}
    assert found == wanted


def test_corpus_is_large_and_its_words_are_the_vocabulary() -> None:
    assert len(CASES) > 200
    assert len({c.name for c in CASES}) == len(CASES)
    reasons = {r for c in CASES for r in (*c.rejects, *c.warnings)}
    assert reasons <= set(REASONS)
    # The others are not to be had from one file alone: tested with the loader, the wizard and the file system.
    assert {c.refused for c in CASES} - {None} == set(CLASSES) - LOADER - {"not_readable", "wrong_mapping"}


def test_page_lists_every_word_with_its_way_out() -> None:
    page = PAGE.read_text("utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (?:.+?) \| (.+?) \|$", page, re.M))
    listed = re.findall(r"^\| `(\w+)` \|", page, re.M)
    assert sorted(listed) == sorted([*REASONS, *CLASSES])
    assert all(len(way) > 10 for way in rows.values())
    for language in texts.LANGUAGES:
        assert [r for r in REASONS if not texts.has(f"reasons.{r}", language)] == []
        assert [
            c for c in CLASSES if not any(texts.has(k, language) for k in (f"errors.refused_{c}", f"errors.{c}"))
        ] == []


def test_file_that_is_not_there_is_not_readable(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refusal:
        list(sources.stage(engine().cursor(), tmp_path / "gone.csv", known_profiles(), ReadOptions()))
    assert refusal.value.kind == "not_readable"


@pytest.mark.parametrize("case", [c for c in CASES if c.name in END_TO_END], ids=lambda c: c.name)
def test_same_outcome_from_the_command_line(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(case, tmp_path)
    warehouse = tmp_path / "warehouse"
    asked = ("--as-of", "2026-11-22", "--timezone", "UTC", "--format", "json")
    monkeypatch.setattr(sys, "argv", ["insights", "--warehouse", str(warehouse), "load", *asked, str(path)])
    with pytest.raises(SystemExit) as done:
        main()
    printed, complained = capsys.readouterr()
    said = json.loads(printed)
    if case.refused:
        assert done.value.code == 2
        assert said["refused"]["class"] == case.refused
        assert said["refused"].keys() == {"class", "file", "message"}
        assert complained.strip().splitlines() == [said["refused"]["message"]]
        assert not list(warehouse.glob("*.duckdb"))
        return
    assert (done.value.code or 0, complained) == (0, "")
    for key, expected in (("rejects", case.rejects), ("warnings", case.warnings)):
        found: Counter[str] = Counter()
        for file in said["files"]:
            found.update(file[key])
        assert found == expected
    for file in said["files"]:
        assert file["rows_read"] == sum(file["tables"][case.table].values()) + file["rows_rejected"]
    assert sum(f["tables"][case.table]["inserted"] for f in said["files"]) == case.rows
