"""Target lists that were given away: whom they name, who was held out by lot, when and by whom; one file."""

import datetime as dt
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FILE = "lists.json"
MOST = 200
LONGEST_NAME = 80


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
    return [_list(row) for row in reversed(_read(directory / FILE))]


def keep(directory: Path, made: TargetList) -> None:
    """Remember a list; one of the same name and moment takes its place, beyond two hundred the oldest goes."""
    with _changing(directory / FILE) as held:
        held[:] = [row for row in held if (row["name"], row["made_at"]) != (made.name, made.made_at)]
        held.append(asdict(made))
        del held[:-MOST]


def forget(directory: Path, name: str, made_at: str) -> None:
    """Forget a list."""
    with _changing(directory / FILE) as held:
        held[:] = [row for row in held if (row["name"], row["made_at"]) != (name, made_at)]


def _list(row: dict[str, Any]) -> TargetList:
    return TargetList(
        row["name"], row["made_at"], row["made_by"], row["of"], tuple(row["customers"]), tuple(row["held_out"])
    )


def _read(path: Path) -> list[dict[str, Any]]:
    with suppress(OSError, ValueError):
        return list(json.loads(path.read_text("utf-8")))
    return []


@contextmanager
def _changing(path: Path) -> Iterator[list[dict[str, Any]]]:
    """Hand over all lists to be changed, one writer at a time, and write them in one step."""
    with os.fdopen(os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        held = _read(path)
        yield held
        beside = path.with_name(f".{path.name}.new")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(held, file, ensure_ascii=False)
        beside.replace(path)
