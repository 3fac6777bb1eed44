"""Texts a reader keeps, such as queries and views: by who they are and what they call them, beside the warehouse."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

QUERIES, VIEWS = "queries.json", "views.json"
"""One file for each kind; a load leaves them alone, and a backup holds them."""
MOST = 100
LONGEST_NAME = 80
Texts = dict[str, str]


@dataclass(frozen=True)
class Saved:
    """What one reader keeps in a file; nobody else is shown it."""

    file: Path
    who: str

    def listed(self) -> Texts:
        """Return the texts by name."""
        return dict(sorted(_read(self.file).get(self.who, {}).items()))

    def keep(self, name: str, text: str) -> None:
        """Keep a text; a name that is there is overwritten, beyond a hundred the first one goes."""
        with _changing(self.file) as found:
            mine = found.setdefault(self.who, {})
            mine[name.strip()[:LONGEST_NAME]] = text
            while len(mine) > MOST:
                del mine[next(iter(mine))]

    def remove(self, name: str) -> None:
        """Forget a text."""
        with _changing(self.file) as found:
            found.get(self.who, {}).pop(name, None)


def _read(path: Path) -> dict[str, Texts]:
    with suppress(OSError, ValueError):
        return dict(json.loads(path.read_text("utf-8")))
    return {}


@contextmanager
def _changing(path: Path) -> Iterator[dict[str, Texts]]:
    """Hand over all texts to be changed, one writer at a time, and write them in one step."""
    with os.fdopen(os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600), "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        found = _read(path)
        yield found
        beside = path.with_name(f".{path.name}.new")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(found, file, ensure_ascii=False)
        beside.replace(path)
