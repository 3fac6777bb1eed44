"""Texts a reader keeps, such as queries and views: by who they are and what they call them, beside the warehouse."""

from dataclasses import dataclass
from pathlib import Path

from insights import shelf

QUERIES, VIEWS = "queries.json", "views.json"
"""One file for each kind; a load leaves them alone, and a backup holds them."""
MOST = 100
LONGEST_NAME = 80
Texts = dict[str, str]
Kept = dict[str, Texts]


@dataclass(frozen=True)
class Saved:
    """What one reader keeps in a file; nobody else is shown it."""

    file: Path
    who: str

    def listed(self) -> Texts:
        """Return the texts by name."""
        return dict(sorted(shelf.read(self.file, Kept).get(self.who, {}).items()))

    def keep(self, name: str, text: str) -> None:
        """Keep a text; a name that is there is overwritten, beyond a hundred the first one goes."""
        with shelf.changing(self.file, Kept) as found:
            mine = found.setdefault(self.who, {})
            mine[name.strip()[:LONGEST_NAME]] = text
            while len(mine) > MOST:
                del mine[next(iter(mine))]

    def remove(self, name: str) -> None:
        """Forget a text."""
        with shelf.changing(self.file, Kept) as found:
            found.get(self.who, {}).pop(name, None)
