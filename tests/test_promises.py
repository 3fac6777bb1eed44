"""What the project promises about itself, tested both ways: nothing listed is missing, nothing there is unlisted."""

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

from typer.main import get_command

from insights import cli, docs, texts
from insights.metrics import METRICS
from insights.texts import words
from insights.ui.frame import PAGES

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "insights"


@cache
def code() -> dict[Path, list[ast.AST]]:
    """Return every node of every file, read once, when the first test asks."""
    files = (p for d in (SOURCE, ROOT / "pages") for p in d.rglob("*.py"))
    return {p: [*ast.walk(ast.parse(p.read_text("utf-8")))] for p in files}


def test_every_file_of_pages_is_a_page_and_every_page_a_file() -> None:
    files = {str(p.relative_to(ROOT / "pages").with_suffix("")) for p in (ROOT / "pages").rglob("*.py")}
    assert files == {place.path for place in PAGES}


def test_every_page_and_its_section_have_words() -> None:
    wanted = {f"pages.{place.name}.{part}" for place in PAGES for part in ("title", "question")}
    wanted |= {f"pages.section_{place.section}" for place in PAGES if place.section != "home"}
    assert {key for key in wanted if not texts.has(key, texts.FALLBACK)} == set()


def test_every_kpi_has_its_words() -> None:
    wanted = {f"metrics.{key}.{part}" for key in METRICS for part in ("name", "short", "definition", "anchor")}
    assert {key for key in wanted if not texts.has(key, texts.FALLBACK)} == set()
    named = {key.split(".")[1] for key in words.own(texts.FALLBACK) if re.fullmatch(r"metrics\.\w+\.definition", key)}
    assert named - METRICS.keys() == set()


def test_every_command_is_in_the_reference_and_what_is_written_of_exists() -> None:
    known = {
        line.split("`")[1].removeprefix("insights ") for line in docs.commands().splitlines() if line[:4] == "## `"
    }
    cli.gather()
    groups = get_command(cli.app).commands  # type: ignore[attr-defined]
    assert {name.split()[0] for name in known} == set(groups)
    written = "\n".join(p.read_text("utf-8") for p in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
    named = set(re.findall(r"(?:^|`)insights ([a-z][a-z-]+)", written, re.M))
    assert named - set(groups) == set()


def raised() -> list[ast.Call]:
    """Return every refusal the code makes."""
    classes = {node.name for node in code()[SOURCE / "errors.py"] if isinstance(node, ast.ClassDef)}
    calls = (node for nodes in code().values() for node in nodes if isinstance(node, ast.Call))
    return [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in classes]


def test_no_refusal_says_where_on_the_server_a_file_lies() -> None:
    for call in raised():
        key, *_ = [a.value for a in call.args if isinstance(a, ast.Constant)] or [""]
        sentence = words.own(texts.FALLBACK).get(f"errors.{key}", "")
        assert "/" not in re.sub(r"\{[^}]*\}|https?://|/_stcore/\S*|[0-9A-Za-z]+/[0-9A-Za-z.]+", "", sentence), sentence


def test_a_path_in_a_refusal_is_cut_to_its_last_part_on_a_page() -> None:
    from insights.errors import WarehouseMissing

    refused = WarehouseMissing("no_warehouse", directory="/srv/people/ayse/data/warehouse")
    for language in texts.languages():
        assert "/srv" not in texts.error(refused, language)
        assert "warehouse" in texts.error(refused, language)
        assert "/srv/people" in texts.error(refused, language, paths=True)


def said() -> tuple[set[str], re.Pattern[str]]:
    """Return the texts the code names, and the pattern of those it puts together (f"sla_page.cause_{why}")."""
    whole, parts = set(), set()
    for node in (node for nodes in code().values() for node in nodes):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            whole.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            pieces = [re.escape(str(v.value)) if isinstance(v, ast.Constant) else ".+" for v in node.values]
            parts.add("".join(pieces))
    return whole, re.compile("|".join(part for part in sorted(parts) if re.match(r"[a-z_]+\\\.", part)))


def test_every_text_is_used() -> None:
    whole, parts = said()
    keys = words.own(texts.FALLBACK)
    unused = [key for key in keys if key not in whole and not parts.fullmatch(key)]
    errors = {key.removeprefix("errors.") for key in unused if key.startswith("errors.")}
    assert sorted(errors - whole) == []
    assert [key for key in unused if not key.startswith("errors.")] == []


def test_every_toml_of_the_texts_can_be_read_by_itself() -> None:
    for path in (SOURCE / "texts").rglob("*.toml"):
        assert tomllib.loads(path.read_text("utf-8")), path.name


def test_every_kpi_stands_on_a_page() -> None:
    """A KPI that no page asks for is a number nobody meets: its place is one line of a page."""
    shown = (nodes for path, nodes in code().items() if path.is_relative_to(SOURCE / "ui") or "pages" in path.parts)
    asked = {node.value for nodes in shown for node in nodes if isinstance(node, ast.Constant)}
    assert sorted(METRICS.keys() - asked) == []
