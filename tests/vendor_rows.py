"""A vendor's export of a few rows, staged as loading stages it, as plain rows to compare with."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from insights import sources
from insights.sources import ReadOptions

Row = dict[str, object]
Tables = dict[str, list[Row]]


@dataclass(frozen=True)
class Export:
    """What a vendor writes (`text`) and what must come of it: the source, and cells of each table's rows, in order."""

    source: str
    text: str
    tables: Tables
    name: str = "export.csv"
    zone: str = "Europe/Istanbul"
    rejected: int = 0


def staged(export: Export, folder: Path) -> tuple[str, int, Tables]:
    """Return the source, the rows set aside and the rows of every table."""
    path = folder / export.name
    path.write_text(export.text, "utf-8")
    return loaded(path, export.zone)


def loaded(path: Path, zone: str = "Europe/Istanbul") -> tuple[str, int, Tables]:
    """Return what a file holds: its source, the number of rows and cells set aside, and the rows of every table."""
    con = duckdb.connect()
    options = ReadOptions(default_timezone=zone)
    found: Tables = {}
    aside, names = 0, []
    for file in sources.stage(con, path, sources.profiles(None), options):
        names.append(file.source)
        aside += len(con.execute(f"SELECT * FROM {file.rejects}").fetchall())
        for table, temp in file.tables.items():
            found.setdefault(table, []).extend(_rows(con, temp))
    (name,) = set(names)
    return name, aside, found


def _rows(con: duckdb.DuckDBPyConnection, temp: str) -> list[Row]:
    cursor = con.execute(f"SELECT * FROM {temp} ORDER BY _line")
    names = [d[0] for d in cursor.description or ()]
    return [{n: _plain(n, v) for n, v in zip(names, row, strict=True)} for row in cursor.fetchall()]


def _plain(name: str, value: object) -> object:
    """Return a time as its text in UTC and an amount as its number, as a test writes them."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value) if name == "at" or name.endswith("_at") else float(str(value))


def only(expected: Tables, found: Tables) -> Tables:
    """Return of the tables and columns found those that are expected."""
    return {
        table: [{k: row.get(k) for k in want} for want, row in zip(rows, found.get(table, []), strict=False)]
        + found.get(table, [])[len(rows) :]
        for table, rows in expected.items()
    }
