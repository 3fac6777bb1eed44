"""What a load did, file by file: the shape `insights load --format json` prints."""

import datetime as dt
from dataclasses import asdict, dataclass, field
from typing import Any

from insights.errors import FileRefused
from insights.sources.notices import Notice


@dataclass(frozen=True)
class Counts:
    """What became of the rows of one staged table; `touched` tells whether anything stored changed at all."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    touched: bool = field(default=False, compare=False)

    def as_json(self) -> dict[str, int]:
        """Return the three counts."""
        return {"inserted": self.inserted, "updated": self.updated, "unchanged": self.unchanged}


@dataclass(frozen=True)
class FileReport:
    """One file: rows_read = rows_inserted + rows_updated + rows_unchanged + rows_rejected, always."""

    path: str
    source: str
    encoding: str | None
    delimiter: str | None
    date_order: str | None
    decimal: str | None
    as_of: dt.datetime | None
    sha256: str
    already_loaded_in: int | None
    """The load that brought the same content, read the same way: nothing was left to do."""
    rows_read: int
    rows_inserted: int
    rows_updated: int
    rows_unchanged: int
    rows_rejected: int
    warnings: dict[str, int] = field(default_factory=dict)
    rejects: dict[str, int] = field(default_factory=dict)
    tables: dict[str, Counts] = field(default_factory=dict)
    columns_used: dict[str, list[str]] = field(default_factory=dict)
    """What each header was read for, as `table.column`."""
    columns_unused: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    possible: dict[str, bool] = field(default_factory=dict)
    """What can be asked of the columns used, and what cannot."""

    def as_json(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        shown = asdict(self)
        shown["as_of"] = self.as_of and self.as_of.isoformat()
        shown["tables"] = {name: counts.as_json() for name, counts in self.tables.items()}
        shown["notices"] = [notice.as_json() for notice in self.notices]
        return shown


@dataclass(frozen=True)
class LoadReport:
    """One command: all its files went into one version of the warehouse, or none did."""

    load_id: int
    as_of: dt.datetime | None
    version: int | None
    """The version published; None after a dry run and when every row was already known."""
    dry_run: bool
    files: tuple[FileReport, ...]
    gone: int = 0
    """Open tickets that files said to be everything no longer hold."""
    left_out: tuple[FileRefused, ...] = ()
    """Files of a folder that were refused while others were loaded."""

    def as_json(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "load_id": self.load_id,
            "as_of": self.as_of and self.as_of.isoformat(),
            "published": self.version is not None,
            "version": self.version,
            "dry_run": self.dry_run,
            "gone": self.gone,
            "left_out": [{"file": r.file, "class": r.kind} for r in self.left_out],
            "files": [f.as_json() for f in self.files],
        }
