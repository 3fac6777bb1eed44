"""How fast it loads and answers, as ratios to bare DuckDB in the same run: python tests/bench.py [TICKETS ...].

For each size the sample company is written. A CSV of as many tickets is read into typed tables, and loaded whole
(merged, clocked, judged, published), beside DuckDB's own read_csv of the same file into the same typed table; the time
of starting Python is in none of the three. Then the whole company is loaded, and every page drawn twice under other
filters: once to warm up, once counted.
The bare time of a page is that of its SQL alone, run again on a plain connection.
"""

import csv
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

ROOT = Path(__file__).parents[1]
SIZES = (100_000, 1_000_000)
TICKETS_PER_CUSTOMER = 5
WHOLE = ("replies", "reopens", "reassignments")


def run(*command: str) -> tuple[float, int]:
    """Run a command to its end; return wall seconds and its peak memory in MB."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"failed: {' '.join(command)}")
    return time.perf_counter() - start, used.ru_maxrss // 1024


def typed(header: list[str]) -> str:
    """Return the DuckDB column list of a generic tickets file."""

    def type_of(name: str) -> str:
        if name.endswith("_at"):
            return "TIMESTAMP"
        return "BIGINT" if name in WHOLE else "VARCHAR"

    return "{" + ", ".join(f"'{name}': '{type_of(name)}'" for name in header) + "}"


BARE = """import duckdb
c = duckdb.connect({database!r}); c.execute('SET threads = 2'); c.execute('SET enable_progress_bar = false')
start = time.perf_counter()
c.execute({sql!r})"""
READ = """import duckdb
from insights import sources
from insights.settings import Settings
from insights.warehouse.engine import open_builder
known = sources.profiles(Path('none')); c = open_builder(Path({database!r}), Settings().engine)
start = time.perf_counter()
for file in sources.stage(c, Path({csv!r}), known, sources.ReadOptions()): pass"""
LOAD = """from insights.settings import Settings
from insights.warehouse import load
settings = Settings(warehouse=Path({database!r}))
start = time.perf_counter()
load([Path({csv!r})], settings)"""


def timed(code: str, **named: str) -> tuple[float, int]:
    """Run Python code in a process of its own; return the seconds it counts from `start`, and its peak memory in MB."""
    head, tail = "import time\nfrom pathlib import Path\n", "\nprint(time.perf_counter() - start, flush=True)"
    child = subprocess.Popen(
        (sys.executable, "-c", head + code.format(**named) + tail), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    said = child.stdout.read() if child.stdout else b""
    _, status, used = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"failed: {code[:200]}")
    return float(said.split()[-1]), used.ru_maxrss // 1024


def load_rate(exports: Path, work: Path, rows: int) -> None:
    """Compare reading and loading `rows` tickets with DuckDB's read_csv into the same typed table."""
    plain = work / "tickets.csv"
    con = duckdb.connect()
    con.execute("SET preserve_insertion_order = false")
    con.execute(f"CREATE TABLE t AS FROM read_csv('{exports}/tickets.csv.gz', all_varchar = true)")
    (written,) = con.execute("SELECT count(*) FROM t").fetchall()[0]
    con.execute(
        f"COPY (SELECT * REPLACE (ticket_id || '-' || k AS ticket_id) FROM range({rows // written + 1}) AS r(k), t "
        f"LIMIT {rows}) TO '{plain}' (HEADER)"
    )
    con.close()
    with plain.open(newline="") as file:
        header = next(csv.reader(file))
    columns = typed(header)
    sql = f"CREATE TABLE t AS FROM read_csv('{plain}', header = true, columns = {columns})"
    bare_s, bare_mb = timed(BARE, database=str(work / "bare.duckdb"), sql=sql)
    print(f"  {rows:>10,} rows of tickets | bare read_csv {bare_s:7.1f} s {bare_mb:>6} MB")
    for what, code in (("read", READ), ("loaded", LOAD)):
        took_s, took_mb = timed(code, database=str(work / what), csv=str(plain))
        print(f"  {what:>10} {took_s:7.1f} s {took_mb:>6} MB | {took_s / bare_s:5.1f}x")
    plain.unlink()


def pages(warehouse: Path) -> None:
    """Draw every page twice and compare its server time with that of its SQL alone."""
    logging.disable(logging.WARNING)  # Streamlit says that AppTest is no server, a hundred times
    from streamlit.testing.v1 import AppTest

    from insights.ui.frame import PAGES
    from insights.warehouse import open_current
    from insights.warehouse.reader import Warehouse

    os.environ["INSIGHTS_WAREHOUSE"] = str(warehouse)
    os.chdir(ROOT)
    asked: list[str] = []
    run_select = Warehouse._run

    def recorded(self: Warehouse, select, take):  # type: ignore[no-untyped-def]
        asked.append(self.sql(select))
        return run_select(self, select, take)

    copy = warehouse / "bare.duckdb"  # the pages' own connection has other settings
    shutil.copy(open_current(warehouse).path, copy)
    bare = duckdb.connect(str(copy), read_only=True)
    bare.execute("SET threads = 2")
    for place in PAGES:
        for channel in ("email", "phone"):
            app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300)
            app.query_params["channel"], app.query_params["period"] = channel, "90d"
            app.run()
            start = time.perf_counter()
            app.switch_page(f"pages/{place.path}.py").run()
            page_s = time.perf_counter() - start
        asked.clear()
        Warehouse._run = recorded  # type: ignore[method-assign]
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300)
        app.query_params["channel"], app.query_params["period"] = "chat", "90d"
        app.run()
        app.switch_page(f"pages/{place.path}.py").run()
        Warehouse._run = run_select  # type: ignore[method-assign]
        start = time.perf_counter()
        for statement in asked:
            bare.execute(statement).fetchall()
        bare_s = time.perf_counter() - start
        ratio = f"{page_s / bare_s:5.2f}x" if asked else "no statement"
        took = f"{page_s * 1000:7.0f} ms | its {len(asked):>3} statements bare {bare_s * 1000:7.0f} ms"
        print(f"  {place.path:26} {took} | {ratio}")


def main() -> None:
    """Measure every size asked for."""
    for size in [int(a.replace("_", "")) for a in sys.argv[1:]] or SIZES:
        with tempfile.TemporaryDirectory(prefix="insights-bench-") as folder:
            work = Path(folder)
            exports = work / "exports"
            print(f"{size:,} tickets")
            insights = (sys.executable, "-m", "insights")
            made_s, made_mb = run(
                *insights, "demo", "--customers", str(size // TICKETS_PER_CUSTOMER), "--out", str(exports)
            )
            print(f"  written in {made_s:.0f} s, {made_mb} MB")
            load_rate(exports, work, size)
            all_s, all_mb = run(*insights, "--warehouse", str(work / "all"), "load", str(exports))
            print(f"  the whole company loaded in {all_s:.0f} s, {all_mb} MB")
            pages(work / "all")


if __name__ == "__main__":
    main()
