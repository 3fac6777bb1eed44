"""Bringing one staged file into the tables: every row of it ends up inserted, updated, unchanged or rejected."""

import datetime as dt
from pathlib import Path

import duckdb

from insights import schema
from insights.sources import StagedFile
from insights.sources.possible import possible
from insights.warehouse import ledger
from insights.warehouse.ddl import quoted
from insights.warehouse.merging import exclusions, other_ids
from insights.warehouse.merging.judge import Incoming
from insights.warehouse.merging.upsert import upsert
from insights.warehouse.report import Counts, FileReport

_NOTHING = "SELECT 0 AS line, 0 AS outcome, true AS own WHERE false"


def merge_file(
    con: duckdb.DuckDBPyConnection, file: StagedFile, load_id: int, asked: dt.datetime | None, started: dt.datetime
) -> FileReport:
    """Upsert every table of a file and write it down; content that was loaded before changes nothing."""
    at = ledger.as_of(con, file, asked)
    exclusions.see(con, file, at)
    if earlier := ledger.earlier(con, file, at):
        counts = {name: Counts(unchanged=_rows(con, staged)) for name, staged in file.tables.items()}
        return _report(con, file, at, counts, (0, 0), earlier)
    other_ids.translate(con, file)
    tables = [
        Incoming(con, schema.declared[name], staged, file.source, file.tables.get(file.main, staged))
        for name, staged in file.tables.items()
    ]
    counts = {incoming.table.name: upsert(incoming, load_id) for incoming in tables}
    report = _report(con, file, at, counts, _lines(con, file.main, tables))
    ledger.record(con, load_id, file, report, started)
    for incoming in tables:
        con.execute(f"DROP TABLE IF EXISTS {incoming.judged}")
    return report


def drop_staged(con: duckdb.DuckDBPyConnection, file: StagedFile) -> None:
    """Free the temporary tables of a file."""
    for name in {*file.tables.values(), file.rejects} - {""}:
        con.execute(f"DROP TABLE IF EXISTS {quoted(name)}")


def _report(
    con: duckdb.DuckDBPyConnection,
    file: StagedFile,
    at: dt.datetime | None,
    counts: dict[str, Counts],
    lines: tuple[int, int],
    earlier: int | None = None,
) -> FileReport:
    inserted, updated = lines
    return FileReport(
        path=_place(file),
        source=file.source,
        encoding=file.encoding,
        delimiter=file.delimiter,
        date_order=file.date_order,
        decimal=file.decimal,
        as_of=at,
        sha256=file.sha256,
        already_loaded_in=earlier,
        rows_read=file.rows_read,
        rows_inserted=inserted,
        rows_updated=updated,
        rows_unchanged=file.rows_read - file.rows_rejected - inserted - updated,
        rows_rejected=file.rows_rejected,
        warnings=ledger.reasons(con, file, rows=False),
        rejects=ledger.reasons(con, file, rows=True),
        tables=counts,
        columns_used=file.uses,
        columns_unused=file.unused,
        possible=possible(file.uses),
        notices=(*file.notices, *ledger.changed_columns(con, file)),
    )


def _lines(con: duckdb.DuckDBPyConnection, main: str, tables: list[Incoming]) -> tuple[int, int]:
    """Return how many rows of the file inserted and updated: by its main table; news elsewhere makes an update."""
    judged = [f"SELECT line, outcome, {i.table.name == main} AS own FROM {i.outcomes}" for i in tables] or [_NOTHING]
    found = con.execute(f"""
        SELECT count(*) FILTER (outcome = 2), count(*) FILTER (outcome = 1) FROM (
          SELECT CASE WHEN NOT bool_or(own) THEN max(outcome)
                      ELSE greatest(max(outcome) FILTER (own), least(max(outcome), 1)) END AS outcome
          FROM ({" UNION ALL ".join(judged)}) GROUP BY line)""").fetchone()
    return (int(found[0]), int(found[1])) if found else (0, 0)


def _place(file: StagedFile) -> str:
    """Return where a file lies: in a folder, an archive or a workbook its own name follows."""
    given = Path(file.path)
    if given.is_dir():
        return str(given / file.name)
    return str(given.parent / file.name) if file.name.startswith(f"{given.name}/") else file.path


def _rows(con: duckdb.DuckDBPyConnection, staged: str) -> int:
    row = con.execute(f"SELECT count(*) FROM {quoted(staged)}").fetchone()
    return int(row[0]) if row else 0
