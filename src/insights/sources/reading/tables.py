"""What every reader that is not for delimited text gives: a table of text and the profile its headers fit."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from insights.sources.profile import Profile
from insights.sources.profile.recognise import recognise, refuse
from insights.sources.raw import Raw


@dataclass(frozen=True)
class Table:
    """One table of a file, ready to be staged."""

    name: str
    sha256: str
    raw: Raw
    profile: Profile
    encoding: str | None = None


def fitting(headers: Sequence[str], profiles: Sequence[Profile], file: str) -> Profile:
    """Return the profile that fits; raises FileRefused (unrecognised_format, missing_required_column, no_header)."""
    fit = recognise(headers, profiles)
    if fit is None:
        raise refuse(headers, profiles, file)
    return fit.profile


def sha256(path: Path) -> str:
    """Return the hash of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
