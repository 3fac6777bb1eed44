"""Reading any export into typed staging tables: bytes → raw text → canonical columns, with rejects as data."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from insights.sources.model import Limits, ReadOptions, StagedFile
from insights.sources.profile import Profile


def profiles(settings_dir: Path | None = None) -> list[Profile]:
    """Return the built-in profiles and those in `settings_dir`, which win over a built-in one of the same name."""
    raise NotImplementedError


def stage(
    con: duckdb.DuckDBPyConnection, path: Path, profiles: Sequence[Profile], options: ReadOptions
) -> list[StagedFile]:
    """Read one path (file, archive, workbook or folder) into typed temp tables of `con`; raises FileRefused."""
    raise NotImplementedError


__all__ = ["Limits", "Profile", "ReadOptions", "StagedFile", "profiles", "stage"]
