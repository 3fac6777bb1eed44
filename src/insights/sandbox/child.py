"""The throw-away process: limits first, then the gate, then one SELECT over a file opened read-only. Run by path."""

import datetime
import decimal
import json
import os
import resource
import sys

ADDRESS_SPACE = 1_500_000_000
CPU_S = 6
OUT_BYTES = 8_000_000
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "autoload_known_extensions": False,
    "autoinstall_known_extensions": False,
    "allow_community_extensions": False,
    "allow_persistent_secrets": False,
    "python_enable_replacements": False,
    "memory_limit": "512MB",
    "max_temp_directory_size": "0B",
    "threads": 1,
    "max_expression_depth": 250,
}


def limit() -> None:
    """Take away what a statement never needs: memory, processor time, files to write, core dumps."""
    for what, most in (
        (resource.RLIMIT_AS, ADDRESS_SPACE),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    os.nice(10)


def plain(value: object) -> object:
    """Return a value as JSON knows it; a number stays a number, what has no JSON form is its text."""
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def answer(request: dict[str, object]) -> dict[str, object]:
    """Return columns and rows, or why not."""
    import duckdb
    import gate  # type: ignore[import-not-found]  # by path: this process knows nothing of the package

    most = int(str(request["rows"]))
    try:
        with duckdb.connect(str(request["file"]), read_only=True, config=CONFIG) as con:
            con.execute("SET disabled_filesystems='LocalFileSystem'")
            con.execute("SET lock_configuration=true")
            names = [r[0] for r in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
            gate.check(con, str(request["sql"]), names)
            found = con.execute(str(request["sql"]))
            columns = [[d[0], str(d[1])] for d in found.description or ()]
            rows: list[list[object]] = []
            size = 0
            while len(rows) <= most and (some := found.fetchmany(256)):
                rows += [[plain(v) for v in row] for row in some]
                size += len(json.dumps(rows[-len(some) :]))
                if size > OUT_BYTES:
                    return {"refused": "select_too_big"}
    except gate.Refusal as refusal:
        return {"refused": refusal.kind, "name": refusal.name}
    except MemoryError:
        return {"refused": "select_memory"}
    except duckdb.Error as error:
        kind = failure(error)
        return {"refused": kind, "name": gate.first_line(error) if kind == "select_wrong" else ""}
    return {"columns": columns, "rows": rows[:most], "more": len(rows) > most}


def failure(error: Exception) -> str:
    """Return the kind of an engine's error: too much memory, or a mistake the asker can mend."""
    text = str(error)
    return "select_memory" if "Out of Memory" in text or "memory" in text.casefold() else "select_wrong"


if __name__ == "__main__":
    asked = json.loads(sys.stdin.read())
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    limit()
    try:
        said = json.dumps(answer(asked))
    except MemoryError:
        said = '{"refused": "select_memory"}'
    sys.stdout.write(said)
    sys.stdout.flush()
    os._exit(0)
