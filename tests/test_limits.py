"""The house stays small: short functions, few parameters, short files, folders one can overlook."""

import ast
import re
import statistics
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "insights"
FILES = [p for p in sorted(SOURCE.rglob("*.py")) if "demo" not in p.relative_to(SOURCE).parts]
MANY_PARAMETERS = 6
FULL = 15
MANY_SHARE = 0.01
LONG = 250
LONGER = {
    "sql.py": "every word of every engine, in one place",
    "sources/staging/dates.py": "every form of a time, tried in one order",
    "sources/proposing/glance.py": "a file nobody knows, looked at from every side",
    "sources/proposing/draft.py": "what a person may draw of a file, and every way in which it makes no sense",
}
"""Modules that stay whole though they are long, and why."""


@cache
def functions() -> list[tuple[Path, ast.FunctionDef]]:
    """Return every function with its file, read once, when the first test asks."""
    trees = ((path, ast.parse(path.read_text("utf-8"))) for path in FILES)
    return [(path, node) for path, tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def lines(of: ast.FunctionDef) -> int:
    """Return the lines of a function's body, its docstring left out."""
    body = of.body[1:] if ast.get_docstring(of) and len(of.body) > 1 else of.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def test_functions_are_short() -> None:
    found = sorted(lines(node) for _, node in functions())
    assert statistics.median(found) <= 6
    assert found[int(0.9 * len(found))] <= 20


def test_few_functions_take_many_parameters() -> None:
    def count(of: ast.FunctionDef) -> int:
        return sum(a.arg not in ("self", "cls") for a in (*of.args.posonlyargs, *of.args.args, *of.args.kwonlyargs))

    def named(of: ast.FunctionDef) -> bool:
        return any("command" in ast.dump(d) for d in of.decorator_list)  # its parameters are a person's options

    many = [f"{p.name} {f.name}" for p, f in functions() if count(f) >= MANY_PARAMETERS and not named(f)]
    assert len(many) <= MANY_SHARE * len(functions()), many


def test_files_are_short() -> None:
    assert statistics.median(len(p.read_text("utf-8").splitlines()) for p in FILES) <= 110


def test_no_file_is_very_long_without_a_reason() -> None:
    held = {str(p.relative_to(SOURCE)): len(p.read_text("utf-8").splitlines()) for p in FILES}
    assert {name for name, n in held.items() if n > LONG} == set(LONGER)


def test_the_formatter_writes_every_line_but_the_tables_of_the_schema() -> None:
    kept = [p for p in FILES if "# fmt:" in p.read_text("utf-8") and p.parent.name != "schema"]
    assert kept == []


def test_a_folder_can_be_overlooked() -> None:
    held = Counter(str(p.parent.relative_to(SOURCE)) for p in FILES if p.name != "__init__.py")
    assert {folder: n for folder, n in held.items() if n > FULL} == {}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_a_file_says_its_job_in_its_first_line(path: Path) -> None:
    assert re.match(r'"""\S', path.read_text("utf-8"))


def test_the_suites_own_last_line_stands_last() -> None:
    words = [sys.executable, "-m", "pytest", "-n", "1", "tests/test_texts.py::test_languages_have_equal_keys"]
    done = subprocess.run(
        words, cwd=SOURCE.parents[1], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert re.fullmatch(r"1 passed in .*", done.stdout.strip().splitlines()[-1])
