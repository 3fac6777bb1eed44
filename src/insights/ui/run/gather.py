"""Pages drawn into a list instead of onto the screen: what a report is made of."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from insights import texts
from insights.ui.run.places import Place

if TYPE_CHECKING:
    from insights.ui.run import Run

ROOT = Path(__file__).parents[4]
"""Where the pages lie."""
log = logging.getLogger("insights.ui")
_held: ContextVar["Gathered | None"] = ContextVar("gathered", default=None)


@dataclass
class Piece:
    """One thing of a page: a card with its body, a tile, a sentence."""

    of: Any
    picked: str = ""
    body: Any = None


@dataclass
class Gathered:
    """What a page of a run is made of."""

    run: "Run"
    pieces: list[Piece] = field(default_factory=list)

    def add(self, of: Any, picked: str = "") -> None:
        """Add a piece."""
        self.pieces.append(Piece(of, picked))


def gathered() -> Gathered | None:
    """Return what is gathered instead of drawn, None while pages are drawn."""
    return _held.get()


@contextmanager
def gathering(run: "Run") -> Iterator[Gathered]:
    """Gather what pages draw meanwhile."""
    found = Gathered(run)
    token = _held.set(found)
    try:
        yield found
    finally:
        _held.reset(token)


def page(run: "Run", place: Place) -> list[Piece]:
    """Return what a page would draw for a run."""
    path = ROOT / "pages" / f"{place.path}.py"
    with gathering(run) as found:
        try:
            # Not by runpy: it changes what the whole process shares, and two readers may want a report at once.
            exec(compile(path.read_bytes(), str(path), "exec"), {"__name__": place.name})
        except Exception:
            log.exception("report of %s failed", place.name)
            found.add(texts.t("ui.page_failed_text", run.language))
    return found.pieces
