"""Target lists that were given away: whom they name, who was held out by lot, when and by whom; one file."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from insights import shelf

FILE = "lists.json"
MOST = 200
LONGEST_NAME = 80
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class TargetList:
    """One list: customers to turn to, and those of the same kind nobody is to turn to, so that its effect shows."""

    name: str
    made_at: str
    """Naive UTC moment of the data it was made of, ISO."""
    made_by: str
    of: str
    """The study it came from."""
    customers: tuple[str, ...]
    held_out: tuple[str, ...] = ()

    @property
    def day(self) -> dt.date:
        """Return the day of the data it was made of."""
        return dt.datetime.fromisoformat(self.made_at).date()


def split(customers: Sequence[str], name: str, share: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return whom to turn to and whom to hold out: by a lot that falls the same way for the same list and customer."""
    held = {who for who in customers if _lot(name, who) < share}
    return tuple(who for who in customers if who not in held), tuple(who for who in customers if who in held)


def _lot(name: str, who: str) -> float:
    return int.from_bytes(hashlib.sha256(f"{name}\n{who}".encode()).digest()[:8], "big") / 2**64


def listed(directory: Path) -> list[TargetList]:
    """Return the lists of a warehouse, newest first."""
    return [_list(row) for row in reversed(shelf.read(directory / FILE, Rows))]


def keep(directory: Path, made: TargetList) -> None:
    """Remember a list; one of the same name and moment takes its place, beyond two hundred the oldest goes."""
    with shelf.changing(directory / FILE, Rows) as held:
        held[:] = [row for row in held if (row["name"], row["made_at"]) != (made.name, made.made_at)]
        held.append(asdict(made))
        del held[:-MOST]


def forget(directory: Path, name: str, made_at: str) -> None:
    """Forget a list."""
    with shelf.changing(directory / FILE, Rows) as held:
        held[:] = [row for row in held if (row["name"], row["made_at"]) != (name, made_at)]


def _list(row: dict[str, Any]) -> TargetList:
    return TargetList(
        row["name"], row["made_at"], row["made_by"], row["of"], tuple(row["customers"]), tuple(row["held_out"])
    )
