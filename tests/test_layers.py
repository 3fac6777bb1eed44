"""Who may import whom: the table of docs/architecture.md, enforced."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BASE = {"errors", "texts", "settings", "spreadsheet"}
TABLE = BASE | {"dimensions", "schema", "sql", "filters"}
ALLOWED = {
    "errors": set(),
    "spreadsheet": set(),
    "texts": {"errors"},
    "settings": {"errors", "texts"},
    "dimensions": set(),
    "schema": {"dimensions"},
    "sql": {"schema"},
    "filters": {"dimensions", "schema", "errors"},
    "sources": TABLE,
    "timing": TABLE,
    "quality": TABLE | {"metrics"},
    "warehouse": TABLE | {"sources", "timing", "quality"},
    "stats": set(),
    "metrics": TABLE,
    "segments": TABLE,
    "studies": TABLE | {"metrics", "stats", "timing", "warehouse"},
    "query": TABLE | {"asking", "metrics", "warehouse"},
    "sla": TABLE | {"asking", "studies", "warehouse"},
    "asking": TABLE | {"studies", "metrics", "warehouse", "stats"},
    "charts": {"texts"},
    "sandbox": BASE,
    "access": BASE,
    "serving": BASE,
    "demo": TABLE,
    "docs": TABLE | {"sources", "metrics", "timing", "quality", "cli"},
    "ui": TABLE
    | {
        "asking",
        "query",
        "sla",
        "charts",
        "warehouse",
        "sources",
        "metrics",
        "stats",
        "quality",
        "timing",
        "studies",
    },
    "cli": TABLE
    | {"asking", "query", "sla", "warehouse", "sources", "metrics", "studies", "timing", "quality", "demo", "stats"},
}
FOREIGN = {
    "streamlit": {"ui", "serving"},
    "plotly": {"charts", "ui"},
    "duckdb": {"warehouse", "sources", "timing", "cli", "sandbox"},
    "pandas": {"charts", "ui", "warehouse", "sources", "query", "stats", "demo"},
    "scipy": {"stats", "query"},
    "statsmodels": {"stats"},
}


def imports(path: Path) -> set[str]:
    """Return every imported module, with its first two parts for ours."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module)
            if node.module == "insights":
                found |= {f"insights.{a.name}" for a in node.names}
    return found


def layer(path: Path) -> str:
    return path.relative_to(ROOT / "src" / "insights").parts[0].removesuffix(".py")


MODULES = [p for p in sorted((ROOT / "src" / "insights").rglob("*.py")) if layer(p) not in ("__init__", "__main__")]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT / "src")))
def test_module_imports_only_what_lies_below(path: Path) -> None:
    mine = layer(path)
    names = {m.split(".")[1] for m in imports(path) if m.startswith("insights.")} - {mine, "__version__"}
    assert names - ALLOWED[mine] == set()
    foreign = {m.split(".")[0] for m in imports(path)}
    assert {f for f in foreign & FOREIGN.keys() if mine not in FOREIGN[f]} == set()


@pytest.mark.parametrize("path", sorted((ROOT / "pages").rglob("*.py")), ids=lambda p: p.name)
def test_pages_are_layout_only(path: Path) -> None:
    allowed = ("insights", "streamlit")
    assert not {m for m in imports(path) if m.startswith("insights.") and m.split(".")[1] not in ("ui", "metrics")}
    assert {
        m for m in imports(path) if m not in allowed and not m.startswith(("insights.ui", "insights.metrics"))
    } == set()


def test_engine_words_stay_in_sql() -> None:
    words = ("func.date_trunc", "quantile_cont", "quantile_disc", "func.epoch", "date_diff", "func.median", "arg_max")
    outside = [
        (p.name, w)
        for p in MODULES
        if layer(p) in ("metrics", "cohorts", "segments", "query", "filters", "quality", "ui", "charts")
        for w in words
        if w in p.read_text("utf-8")
    ]
    assert outside == []
