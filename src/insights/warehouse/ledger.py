"""What every load wrote down about itself: the loads and rejects tables."""

import datetime as dt
import getpass
import json
from collections.abc import Mapping
from contextlib import suppress

import duckdb

from insights import schema
from insights.settings import Settings
from insights.sources import StagedFile
from insights.sources.notices import Notice
from insights.warehouse import facts
from insights.warehouse.ddl import create_missing, quoted
from insights.warehouse.report import FileReport

NOT_EVENTS = {"due_at", "ended_at", "left_at", "hired_at", "started_at"}
"""Times that may lie in the future of an export, so they say nothing about when it was made."""


def next_load(con: duckdb.DuckDBPyConnection) -> int:
    """Return the number of this load."""
    row = con.execute("SELECT coalesce(max(load_id), 0) + 1 FROM loads").fetchone()
    return int(row[0]) if row else 1


def as_of(con: duckdb.DuckDBPyConnection, file: StagedFile, asked: dt.datetime | None) -> dt.datetime | None:
    """Return the moment a file speaks of: as asked, else its export time, else the latest time in it."""
    if asked or file.as_of:
        return asked or file.as_of
    latest: list[dt.datetime] = []
    for name, staged in file.tables.items():
        table = schema.declared[name]
        there = {row[0] for row in con.execute(f"DESCRIBE {quoted(staged)}").fetchall()}
        times = [c.name for c in table.columns if schema.kind_of(c) == "time" and c.name in there - NOT_EVENTS]
        if times:
            newest = ", ".join(f"max({quoted(t)})" for t in times)
            found = con.execute(f"SELECT greatest({newest}) FROM {quoted(staged)}")
            latest += [row[0] for row in found.fetchall() if row[0]]
    return max(latest, default=None)


def earlier(con: duckdb.DuckDBPyConnection, file: StagedFile, at: dt.datetime | None) -> int | None:
    """Return the load that brought the same content, read the same way, or None."""
    found = con.execute(
        "SELECT max(load_id) FROM loads WHERE sha256 = ? AND source = ? AND profile_hash = ? "
        "AND as_of IS NOT DISTINCT FROM CAST(? AS TIMESTAMP)",
        [file.sha256, file.source, file.profile_hash, at],
    ).fetchone()
    return int(found[0]) if found and found[0] is not None else None


def reasons(con: duckdb.DuckDBPyConnection, file: StagedFile, *, rows: bool) -> dict[str, int]:
    """Count what was set aside by reason: whole rows, or single cells."""
    if not file.rejects:
        return {}
    which = "row_rejected" if rows else "NOT coalesce(row_rejected, false)"
    sql = f"SELECT reason, count(*) FROM {quoted(file.rejects)} WHERE {which} GROUP BY ALL ORDER BY ALL"
    return dict(con.execute(sql).fetchall())


def changed_columns(con: duckdb.DuckDBPyConnection, file: StagedFile) -> list[Notice]:
    """Return which columns came or went since the last file of the same export."""
    found = con.execute(
        "SELECT columns FROM loads WHERE source = ? AND split_part(profile_hash, '-', 1) = split_part(?, '-', 1) "
        "AND sha256 <> ? AND columns IS NOT NULL ORDER BY load_id DESC LIMIT 1",
        [file.source, file.profile_hash, file.sha256],
    ).fetchone()
    if found is None:
        return []
    before, now_there = json.loads(found[0]), file.columns
    gone, new = [h for h in before if h not in now_there], [h for h in now_there if h not in before]
    kinds = (("columns_vanished", gone), ("columns_appeared", new))
    return [Notice(kind, None, {"columns": listed}) for kind, listed in kinds if listed]


def record(
    con: duckdb.DuckDBPyConnection, load_id: int, file: StagedFile, report: FileReport, started: dt.datetime
) -> None:
    """Write the load's row and keep what was set aside."""
    row: Mapping[str, object] = {
        "load_id": load_id,
        "file": file.name,
        "sha256": file.sha256,
        "source": file.source,
        "started_at": started,
        "finished_at": now(),
        "as_of": report.as_of,
        "encoding": file.encoding,
        "delimiter": file.delimiter,
        "date_order": file.date_order,
        "rows_read": report.rows_read,
        "rows_inserted": report.rows_inserted,
        "rows_updated": report.rows_updated,
        "rows_unchanged": report.rows_unchanged,
        "rows_rejected": report.rows_rejected,
        "warnings": sum(report.warnings.values()),
        "loaded_by": _user(),
        "profile_hash": file.profile_hash,
        "counts": json.dumps({name: counts.as_json() for name, counts in report.tables.items()}),
        "read_as": json.dumps(file.read_as),
        "columns": json.dumps(file.columns, ensure_ascii=False),
    }
    names = ", ".join(quoted(n) for n in row)
    con.execute(f"INSERT INTO loads ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values()))
    if file.rejects:
        columns = ", ".join(quoted(c.name) for c in schema.declared["rejects"].columns if c.name != "load_id")
        con.execute(f"INSERT INTO rejects (load_id, {columns}) SELECT {load_id}, {columns} FROM {quoted(file.rejects)}")


def prepare(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Bring the tables of a file being built up to the schema and return its facts, none for a new file."""
    create_missing(con)
    there = facts.read(con)
    if there and there.get("duckdb") != duckdb.__version__:  # hashes of another engine version cannot be compared
        for table in schema.canonical_tables():
            con.execute(f"UPDATE {table.name} SET row_hash = NULL")
    return there


def latest_as_of(con: duckdb.DuckDBPyConnection, settings: Settings) -> dt.datetime:
    """Return the latest moment any load speaks of; with no time in any file, the earliest allowed one."""
    row = con.execute("SELECT max(as_of) FROM loads").fetchone()
    return row[0] if row and row[0] else dt.datetime.combine(settings.loading.earliest, dt.time())


def now() -> dt.datetime:
    """Return the wall clock in UTC: only for when a load ran, never for a number."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)


def _user() -> str | None:
    with suppress(OSError, KeyError):
        return getpass.getuser()
    return None
