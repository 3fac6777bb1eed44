"""What is left of an erased person: salted hashes of ids, addresses, numbers and name, and the word in their place.

A mark tells nothing without the value it was made of, and is enough to know that value when an export brings it again.
"""

import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from insights.errors import WarehouseCorrupt

FILE = "ERASED.json"
Mark = tuple[str, str]
"""Kind (id, abroad, email, phone, name) and hash."""


def hashed(kind: str, text: str) -> str:
    """Return the SQL of the hash of a key; the statement binds `salt`."""
    return f"sha256($salt || '{kind}:' || {text})"


def of_id(source: str, one: str) -> str:
    """Return the text an id in its source is hashed as; in SQL `source || chr(31) || id`."""
    return f"{source}\x1f{one}"


@dataclass(frozen=True)
class Marks:
    """The marks of one company, by the salt they were made with: one, or more once a backup of another is restored."""

    by_salt: dict[str, dict[Mark, str]] = field(default_factory=dict)

    @property
    def salt(self) -> str:
        """Return the salt new marks are made with."""
        return next(iter(self.by_salt), "") or secrets.token_hex(32)

    @property
    def words(self) -> set[str]:
        """Return the words that stand in the place of erased people."""
        return {word for marks in self.by_salt.values() for word in marks.values()}

    def also(self, salt: str, new: dict[Mark, str]) -> "Marks":
        """Return these marks and new ones; what is marked already keeps its word."""
        return Marks({**self.by_salt, salt: {**new, **self.by_salt.get(salt, {})}})

    def joined(self, other: "Marks") -> "Marks":
        """Return the marks of both: who was erased in either stays erased."""
        found = self
        for salt, marks in other.by_salt.items():
            found = found.also(salt, marks)
        return found


def read(path: Path) -> Marks:
    """Return the marks of a file, none where there is none; raises WarehouseCorrupt: nobody may come back by damage."""
    if not path.exists():
        return Marks()
    try:
        listed = json.loads(path.read_text("utf-8"))
        return Marks({salt: {(kind, of): word for kind, of, word in marks} for salt, marks in listed.items()})
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise WarehouseCorrupt("marks_unreadable", file=path.name) from error


def write(path: Path, marks: Marks) -> None:
    """Write the marks in one atomic step, for their owner's eyes only."""
    listed = {salt: [[*mark, word] for mark, word in found.items()] for salt, found in marks.by_salt.items()}
    beside = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(listed, file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
