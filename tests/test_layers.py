"""Who may import whom: each layer what lies below it, and nothing else."""

import re
from pathlib import Path

import duckdb
import pytest

from insights import sql
from insights.docs.layers import LAYERS, arrows, imported, layer, modules

ROOT = Path(__file__).parents[1]
ORDER = list(LAYERS)
FOREIGN = {
    "streamlit": {"ui", "serving"},
    "plotly": {"charts", "ui"},
    "duckdb": {"warehouse", "sources", "timing", "cli", "sandbox"},
    "pandas": {"charts", "ui", "warehouse", "sources", "stats", "demo"},
    "scipy": {"stats"},
}


MODULES = modules()


def test_every_layer_has_its_place_and_its_job() -> None:
    assert arrows().keys() - LAYERS.keys() == set(), "add it to insights.docs.layers.LAYERS"
    assert LAYERS.keys() - arrows().keys() == set()


@pytest.mark.parametrize("name", ORDER)
def test_no_arrow_points_up(name: str) -> None:
    assert {to for to in arrows().get(name, ()) if ORDER.index(to) >= ORDER.index(name)} == set()


def folders() -> dict[str, set[str]]:
    """Return the imports between the modules of each folder: module → modules of the same folder."""
    found: dict[str, set[str]] = {}
    for path in MODULES:
        mine = ".".join(path.with_suffix("").relative_to(ROOT / "src").parts)
        if path.name != "__init__.py":
            found[mine] = {m for m in imported(path) if m.startswith("insights.")}
    return found


def test_no_module_imports_itself_on_a_way_round() -> None:
    graph, done = folders(), set[str]()

    def circle(at: str, way: tuple[str, ...]) -> tuple[str, ...]:
        if at in way:
            return (*way[way.index(at) :], at)
        if at in done or at not in graph:
            return ()
        found = next((c for to in sorted(graph[at]) if (c := circle(to, (*way, at)))), ())
        done.add(at)
        return found

    assert [c for at in sorted(graph) if (c := circle(at, ()))] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT / "src")))
def test_only_some_layers_know_what_others_need_not(path: Path) -> None:
    foreign = {m.split(".")[0] for m in imported(path)}
    assert {f for f in foreign & FOREIGN.keys() if layer(path) not in FOREIGN[f]} == set()


@pytest.mark.parametrize("path", sorted((ROOT / "pages").rglob("*.py")), ids=lambda p: p.name)
def test_pages_are_layout_only(path: Path) -> None:
    allowed = ("insights", "streamlit")
    assert not {m for m in imported(path) if m.startswith("insights.") and m.split(".")[1] not in ("ui", "metrics")}
    assert {
        m for m in imported(path) if m not in allowed and not m.startswith(("insights.ui", "insights.metrics"))
    } == set()


ASKING = ("metrics", "studies", "asking", "filters", "personal", "quality", "ui", "charts")
EVERYWHERE = {
    "abs",
    "avg",
    "bool_and",
    "bool_or",
    "coalesce",
    "count",
    "floor",
    "greatest",
    "grouping_sets",
    "lag",
    "lead",
    "least",
    "lower",
    "max",
    "min",
    "nullif",
    "percent_rank",
    "row_number",
    "sum",
}
"""Functions every engine has by this name, or by the one `sql` gives it."""


def test_engine_words_stay_in_sql() -> None:
    asked = [
        (p.name, w) for p in MODULES if layer(p) in ASKING for w in re.findall(r"func\.(\w+)", p.read_text("utf-8"))
    ]
    assert len(asked) > 200
    assert {(name, word) for name, word in asked if word not in EVERYWHERE} == set()


SERVERS = {
    "ClickHouse": (sql.CLICKHOUSE, sql.CLICKHOUSE_TYPES, sql.CLICKHOUSE_SETTINGS),
    "Spark": (sql.SPARK, sql.SPARK_TYPES, sql.SPARK_SETTINGS),
}
SAID = {
    "ClickHouse": {"quantileExactInclusiveOrNull", "toDateTime64", "MergeTree", "join_use_nulls"},
    "Spark": {"collect_list", "make_dt_interval", "TIMESTAMP_NTZ", "ignoreMissingFiles"},
}


@pytest.mark.parametrize("server", SERVERS)
def test_what_only_the_server_says_stays_in_sql(server: str) -> None:
    functions, types, settings = SERVERS[server]
    said = " ".join((*functions.values(), *types.values(), *settings))
    words = {w for w in re.findall(r"\w+", said) if re.search("[a-z][A-Z]|[a-z]_[a-z]|UTF8|64$|32$|_NTZ$", w)}
    words -= {name for (name,) in duckdb.execute("SELECT function_name FROM duckdb_functions()").fetchall()}
    assert SAID[server] <= words
    own = {p: set(re.findall(r"\w+", p.read_text("utf-8"))) for p in MODULES if layer(p) != "sql"}
    assert {(p.name, w) for p, found in own.items() for w in words & found} == set()
