"""What loads cost: of one file beside DuckDB's own read_csv of the same rows, of the whole company, of an increment."""

import csv
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

WHOLE = ("replies", "reopens", "reassignments")
INSIGHTS = (sys.executable, "-m", "insights")
INCREMENT = 100
"""One row of so many is exported again."""
BARE = """import duckdb
c = duckdb.connect({database!r}); c.execute('SET threads = 2'); c.execute('SET enable_progress_bar = false')
start = time.process_time()
c.execute({sql!r})"""
LOAD = """from insights.settings import Settings
from insights.warehouse import load
settings = Settings(warehouse=Path({database!r}))
start = time.process_time()
load([Path({csv!r})], settings)"""


@dataclass(frozen=True)
class Cost:
    """CPU and wall seconds, and the peak memory."""

    cpu_s: float
    wall_s: float
    peak_mb: int


@dataclass(frozen=True)
class Loaded:
    """What loads of one size cost: one file of tickets as a ratio to read_csv, everything, and one row of a hundred."""

    tickets_ratio: float
    company: Cost | None
    increment: Cost


def run(*command: str) -> Cost:
    """Run a command to its end."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = child.stdout.read() if child.stdout else b""
    _, status, used = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"failed: {' '.join(command)}\n{said.decode()[-2000:]}")
    return Cost(used.ru_utime + used.ru_stime, time.perf_counter() - start, used.ru_maxrss // 1024)


def timed(code: str, **named: str) -> float:
    """Run Python code in a process of its own; return the CPU seconds it counts from `start`."""
    head, tail = "import time\nfrom pathlib import Path\n", "\nprint(time.process_time() - start, flush=True)"
    done = subprocess.run(
        (sys.executable, "-c", head + code.format(**named) + tail), check=True, capture_output=True, text=True
    )
    return float(done.stdout.split()[-1])


def typed(header: list[str]) -> str:
    """Return the DuckDB column list of a generic tickets file."""

    def type_of(name: str) -> str:
        if name.endswith("_at"):
            return "TIMESTAMP"
        return "BIGINT" if name in WHOLE else "VARCHAR"

    return "{" + ", ".join(f"'{name}': '{type_of(name)}'" for name in header) + "}"


def company(exports: Path, warehouse: Path) -> Cost:
    """Load everything."""
    return run(*INSIGHTS, "--warehouse", str(warehouse), "load", str(exports))


def tickets(exports: Path, work: Path, rows: int) -> float:
    """Return what loading `rows` tickets costs over DuckDB's read_csv into the same typed table."""
    plain, header = _written(exports, work / "tickets.csv", "k = k", rows)
    sql = f"CREATE TABLE t AS FROM read_csv('{plain}', header = true, columns = {typed(header)})"
    bare_s = timed(BARE, database=str(work / "bare.duckdb"), sql=sql)
    loaded_s = timed(LOAD, database=str(work / "loaded"), csv=str(plain))
    return loaded_s / bare_s


def increment(exports: Path, work: Path, warehouse: Path) -> Cost:
    """Load one ticket of a hundred again, changed; the warehouse is put back."""
    plain, _ = _written(exports, work / "changed.csv", f"hash(ticket_id) % {INCREMENT} = 0", None)
    cost = run(*INSIGHTS, "--warehouse", str(warehouse), "load", str(plain))
    run(*INSIGHTS, "--warehouse", str(warehouse), "undo")
    return cost


def _written(exports: Path, plain: Path, where: str, rows: int | None) -> tuple[Path, list[str]]:
    """Write tickets of the company, over and over until there are enough, and return the file with its header."""
    con = duckdb.connect()
    con.execute("SET preserve_insertion_order = false")
    con.execute(f"CREATE TABLE t AS FROM read_csv('{exports}/tickets.csv.gz', all_varchar = true)")
    (held,) = con.execute("SELECT count(*) FROM t").fetchall()[0]
    copies, limit = (rows // held + 1, f"LIMIT {rows}") if rows else (1, "")
    changed = "" if rows else ", replace(updated_at, 'Z', '.5Z') AS updated_at"
    con.execute(
        f"COPY (SELECT * REPLACE (ticket_id || CASE k WHEN 0 THEN '' ELSE '-' || k END AS ticket_id{changed}) "
        f"FROM range({copies}) AS r(k), t WHERE {where} {limit}) TO '{plain}' (HEADER)"
    )
    con.close()
    with plain.open(newline="") as file:
        return plain, next(csv.reader(file))
