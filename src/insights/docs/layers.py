"""The layers of the product from the lowest to the highest, each with its one job, and what it really imports."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parents[1]
LAYERS = {
    "errors": "one class per cause of a refusal",
    "lazily": "what a package offers, imported when it is first asked for",
    "kept": "what was made of files that ship, kept beside the byte code",
    "shelf": "one small JSON file, one writer at a time",
    "scratch": "where files lie for a while: a folder of the process, its owner's alone",
    "spreadsheet": "rows as CSV, text of the data never a formula",
    "texts": "every word a user reads: one folder per language, one TOML per theme; numbers and dates as written there",
    "dimensions": "what numbers are cut and chosen by, where it lives, whose it is",
    "schema": "the tables and columns with their comments",
    "sql": "every engine-specific word",
    "personal": "which columns tell of a person, and what is shown instead",
    "filters": "what a reader chose: period, as-of, values per dimension, clock",
    "settings": "everything an operator can choose, read from TOML and the environment, written back",
    "stats": "arrays in, numbers out: intervals, survival, models",
    "sources": "bytes → typed staging tables, rejects as data",
    "metrics": "a KPI is one `Metric(...)`: a select builder",
    "timing": "calendars, ticket clocks, SLA replay",
    "quality": "checks as data; which KPIs they discredit follows from the columns those read",
    "warehouse": "build, publish, open, fetch: alone holds database connections",
    "studies": "a table, a curve or a model is one `Study(...)`",
    "asking": "the desk every question is asked of: warehouse, filters, scope, language",
    "charts": "small results → Plotly figures",
    "delivery": "what leaves the house by itself: warnings, each once, and the messages that carry them",
    "access": "accounts, sessions, the audit trail",
    "sandbox": "an analyst's own SELECT in a process that is thrown away",
    "keeping": "backups, and everything held on one person: shown, erased, let go in time",
    "demo": "the sample company's exports",
    "serving": "the server: its guard, headers, limits",
    "ui": "Streamlit",
    "cli": "the command line",
    "docs": "the generated parts of the documentation",
}


@cache
def imported(path: Path) -> set[str]:
    """Return every module a file imports, at once or later, of ours with the name taken from it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found |= {node.module} | {f"{node.module}.{a.name}" for a in node.names if node.module == "insights"}
    return found


def layer(path: Path) -> str:
    """Return the layer a file of the product belongs to."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def modules() -> list[Path]:
    """Return every file that belongs to a layer."""
    return [p for p in sorted(SOURCE.rglob("*.py")) if not layer(p).startswith("__")]


@cache
def arrows() -> dict[str, set[str]]:
    """Return for every layer those it imports."""
    found: dict[str, set[str]] = {}
    for path in modules():
        ours = {m.split(".")[1] for m in imported(path) if m.startswith("insights.")}
        found.setdefault(layer(path), set()).update(ours - {layer(path)})
    return {name: {to for to in ours if not to.startswith("_")} for name, ours in found.items()}


def rows() -> Iterator[tuple[object, ...]]:
    """Yield each layer with its job and what it imports, from the lowest up."""
    used = arrows()
    for name, job in LAYERS.items():
        below = [f"`{other}`" for other in LAYERS if other in used.get(name, ())]
        yield f"`{name}`", job, ", ".join(below) or "nothing"
