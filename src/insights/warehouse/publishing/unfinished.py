"""What an erasure that was cut short still has to do: told by a note that names nobody, and by the version before."""

import os
from contextlib import suppress
from pathlib import Path

FILE = ".erasing"
"""Holds the number of the version that still names the person; backups leave it out."""


def note(directory: Path, base: int) -> None:
    """Write down, before the version without somebody is published, which one before it still names them."""
    beside = directory / f"{FILE}.new"
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(f"{base}\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(directory / FILE)


def noted(directory: Path) -> int | None:
    """Return the version that still names somebody who is erased; None where nothing is left to do."""
    with suppress(FileNotFoundError):
        return int((directory / FILE).read_text("ascii"))
    return None


def done(directory: Path) -> None:
    """Forget the note."""
    (directory / FILE).unlink(missing_ok=True)
