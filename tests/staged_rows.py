"""Small tables of text as staged files, for tests of the warehouse that need no file."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import duckdb
import pandas as pd

from insights import schema
from insights.settings import Engine, Loading, Settings
from insights.sources import StagedFile
from insights.warehouse.build import Stage

Rows = Iterable[tuple[object, ...]]


def small_settings(directory: Path, **options: object) -> Settings:
    """Return settings with the warehouse in `directory`."""
    engine = Engine(memory_limit="500MB", threads=1)  # type: ignore[call-arg]
    return Settings(warehouse=directory / "warehouse", engine=engine, loading=Loading(**options))  # type: ignore[arg-type]


def table(text: str) -> tuple[list[str], list[tuple[str | None, ...]]]:
    """Return header and rows of a table written with blanks between cells; `-` is an empty cell, `_` a blank."""
    lines = [line.split() for line in text.strip().splitlines()]
    return lines[0], [tuple(None if c == "-" else c.replace("_", " ") for c in line) for line in lines[1:]]


def staged(
    tables: dict[str, str | tuple[list[str], list[tuple[object, ...]]]],
    *,
    main: str | None = None,
    source: str = "desk",
    rejected: Rows = (),
    name: str = "file.csv",
    salt: str = "",
) -> Stage:
    """Return a stage that reads these canonical tables; a `_line` column may be given, else rows are numbered from 2.

    `rejected` holds (line, column or None, value, reason) of rows (no column) and cells set aside.
    """
    content = {t: table(rows) if isinstance(rows, str) else rows for t, rows in tables.items()}
    grain = main or next(iter(content))
    rejected = list(rejected)

    def read(con: duckdb.DuckDBPyConnection) -> list[StagedFile]:
        for canonical, (header, rows) in content.items():
            _create(con, canonical, header, rows)
        con.execute(
            'CREATE OR REPLACE TEMP TABLE st_rejects (file TEXT, line BIGINT, "column" TEXT, value TEXT, '
            "reason TEXT, row TEXT, row_rejected BOOLEAN)"
        )
        for line, column, value, reason in rejected:
            values = [name, line, column, value, reason, "{}", column is None]
            con.execute("INSERT INTO st_rejects VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        lines = {row[0] for t in content for row in con.execute(f"SELECT _line FROM st_{t}").fetchall()}
        lost = len({line for line, column, *_ in rejected if column is None})
        return [
            StagedFile(
                path=name,
                name=name,
                sha256=hashlib.sha256(repr((content, salt)).encode()).hexdigest(),
                source=source,
                profile_hash="profile",
                encoding="utf-8",
                delimiter=",",
                date_order="ymd",
                decimal=".",
                as_of=None,
                rows_read=len(lines) + lost,
                rows_rejected=lost,
                main=grain,
                tables={t: f"st_{t}" for t in content},
                rejects="st_rejects",
            )
        ]

    return read


def _create(con: duckdb.DuckDBPyConnection, canonical: str, header: list[str], rows: Rows) -> None:
    columns = schema.declared[canonical].columns
    types = ["BIGINT" if h == "_line" else columns[h].type for h in header]
    numbered = "_line" not in header
    shape = ", ".join(f'"{h}" {t}' for h, t in zip(header, types, strict=True)) + (", _line BIGINT" if numbered else "")
    con.execute(f"CREATE OR REPLACE TEMP TABLE st_{canonical} ({shape})")
    listed = [[*row, line] if numbered else list(row) for line, row in enumerate(rows, 2)]
    if listed:
        con.register("frame", pd.DataFrame(listed, columns=[*header, "_line"] if numbered else header, dtype=object))
        con.execute(f"INSERT INTO st_{canonical} BY NAME SELECT * FROM frame")
        con.unregister("frame")
