"""What is required is used, what is used is required, and what is installed is written down with its hash."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
FOR_OTHERS = {"tzdata", "pytz", "pyarrow", "plotly"}
"""Required for what others need of them: time zones, the engine's columnar results, the drawing of our figures."""


def required(part: str) -> dict[str, Requirement]:
    """Return the requirements of one part of requirements.txt by name."""
    runtime, checks = (ROOT / "requirements.txt").read_text("utf-8").split("# Tests and checks.")
    lines = {"runtime": runtime, "checks": checks, "all": runtime + checks}[part].splitlines()
    read = (Requirement(line.split("#")[0]) for line in lines if line.split("#")[0].strip() and line[0] != "-")
    return {r.name.lower(): r for r in read}


SERVERS = ("cluster", "spark", "spark-server")
"""Files of what the option `database` needs besides, or its tests do."""


def for_a_server(part: str) -> dict[str, Requirement]:
    """Return what a file of those lists, by name."""
    lines = (ROOT / f"requirements-{part}.txt").read_text("utf-8").splitlines()
    return {r.name.lower(): r for r in (Requirement(line) for line in lines if line[0] != "#")}


def locked(lock: str = "requirements.lock") -> dict[str, str]:
    text = (ROOT / lock).read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", text, re.M))


def imported() -> set[str]:
    """Return the distributions the product imports."""
    of_module = packages_distributions()
    found: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
            found |= {d.lower().replace("_", "-") for n in names for d in of_module.get(n.split(".")[0], ())}
    return found - {"crm-insights"}


def test_every_requirement_is_locked_within_its_range() -> None:
    held = locked()
    wrong = {n: held.get(n) for n, r in required("all").items() if n not in held or not r.specifier.contains(held[n])}
    assert wrong == {}, "run: make lock"


@pytest.mark.parametrize("part", SERVERS)
def test_what_a_server_needs_is_locked_beside_the_same_versions_of_everything_else(part: str) -> None:
    held, besides = locked(), locked(f"requirements-{part}.lock")
    assert {n for n, r in for_a_server(part).items() if not r.specifier.contains(besides.get(n, "0"))} == set()
    assert {n for n in held.keys() & besides.keys() if held[n] != besides[n]} == set(), "run: make lock"


def test_every_locked_file_has_its_hash() -> None:
    text = re.sub(r"^ *#.*\n", "", (ROOT / "requirements.lock").read_text("utf-8"), flags=re.M)
    entries = [entry for entry in re.split(r"\n(?=\S)", text.strip()) if entry]
    assert len(entries) >= len(locked()) > 50
    assert [entry.split(" ")[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_what_the_product_requires_it_imports() -> None:
    assert required("runtime").keys() - imported() - FOR_OTHERS == set()


def test_what_the_product_imports_it_requires() -> None:
    known = required("runtime") | for_a_server("cluster") | for_a_server("spark")
    assert {d for d in imported() if d not in known and d not in sys.stdlib_module_names} == set()
