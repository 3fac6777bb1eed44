"""What a file is before it is loaded: the profile it fits, which columns that reads, and which it leaves."""

import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import chain
from pathlib import Path

import duckdb

from insights.errors import FileRefused
from insights.sources import ReadOptions, StagedFile, stage
from insights.sources.folding import fold
from insights.sources.notices import Notice
from insights.sources.profile import Profile, TableSpec
from insights.sources.profile.recognise import bare
from insights.sources.proposing.glance import Sample, glance

UNKNOWN = ("unrecognised_format", "missing_required_column", "wrong_mapping")
"""Refusals whose way out is a mapping."""
_DOCUMENTS = (".xlsx", ".xlsm", ".xlsb", ".ods")


@dataclass(frozen=True)
class Arrival:
    """A file that was looked at: its columns, and the profile that knows it, None where none does."""

    headers: tuple[str, ...]
    profile: Profile | None
    notices: tuple[Notice, ...] = ()

    @property
    def uses(self) -> dict[str, list[str]]:
        """Return what each header is read for."""
        return uses(self.profile.tables, self.headers) if self.profile else {}


def is_archive(path: Path, name: str) -> bool:
    """Tell whether a file holds others: each of them is looked at only when it is loaded."""
    packed = zipfile.is_zipfile(path) and not name.lower().endswith(_DOCUMENTS)
    return packed or tarfile.is_tarfile(path) or name.lower().endswith(".gz")


def arrive(path: Path, name: str, folder: Path, profiles: Sequence[Profile], options: ReadOptions) -> Arrival:
    """Look at the beginning of a file; raises FileRefused where nothing of it can be read."""
    sample = glance(path, name, folder, options)
    staged = _staged(sample, profiles, options)
    if staged is None:
        return Arrival(sample.headers, None)
    return Arrival(sample.headers, next((p for p in profiles if p.hash == staged.profile_hash), None), staged.notices)


def _staged(sample: Sample, profiles: Sequence[Profile], options: ReadOptions) -> StagedFile | None:
    """Return the beginning as a profile reads it; None where none knows it."""
    with duckdb.connect(config={"threads": 1, "memory_limit": "1GB"}) as con:
        try:
            return next(iter(stage(con, sample.beginning, profiles, replace(options, source=None))))
        except FileRefused as refused:
            if refused.kind in UNKNOWN:
                return None
            if sample.beginning == sample.whole:
                raise
            return next(iter(stage(con, sample.whole, profiles, replace(options, source=None))))


def uses(tables: Mapping[str, TableSpec], headers: Sequence[str]) -> dict[str, list[str]]:
    """Return what each header is read for, as `table.column`."""
    places = {fold(bare(h)): h for h in reversed(headers)}
    found: dict[str, list[str]] = {}
    for table, held in tables.items():
        for column, spec in chain(held.columns.items(), *(question.items() for question in held.also)):
            for aliases in spec.wanted:
                if header := next((h for a in aliases if (h := _place(a, places))), None):
                    found.setdefault(header, []).append(f"{table}.{column}")
    return found


def _place(alias: str, places: Mapping[str, str]) -> str | None:
    if "*" not in alias:
        return places.get(fold(bare(alias)))
    wanted = "*".join(fold(part) for part in alias.split("*"))
    return next((h for folded, h in places.items() if fnmatchcase(folded, wanted)), None)
