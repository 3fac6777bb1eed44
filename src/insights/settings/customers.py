"""Who is one customer, and who is none; what people decided of it is a file of pairs, kept through every load."""

import csv
import io
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field

from insights.errors import SettingsWrong
from insights.settings.parts import Part

Verdict = Literal["same", "different"]
Shared = Literal["email", "phone", "mobile", "slip"]
SHARED: tuple[Shared, ...] = ("email", "phone", "mobile", "slip")
"""What joins two numbers by itself, the surest first."""
NOBODY = (
    "Deleted User",
    "Deleted Customer",
    "Deleted Contact",
    "Permanently Deleted User",
    "[deleted]",
    "Anonymous",
    "Anonymous User",
    "Anonymized",
    "Anonymised",
    "Redacted",
    "Unknown",
    "Unknown User",
    "Unknown Customer",
    "Guest",
    "Silinmiş kullanıcı",
    "Silinen kullanıcı",
    "Silinmiş müşteri",
    "Anonim",
    "Anonim kullanıcı",
    "Bilinmeyen",
    "Bilinmeyen müşteri",
    "Bilinmiyor",
    "Misafir",
    "0",
)
"""What help desks and shops write in place of a person they erased or never knew; 0 is who buys as a guest."""


class Customers(Part):
    """Who is one customer, and who is none."""

    merged: Path | None = Field(
        None,
        description="CSV file of who is one customer: customer_id, merged_into; source where ids repeat between them; "
        "verdict same or different. Not said: merged.csv among your own profiles",
    )
    same: tuple[Shared, ...] = Field(
        SHARED,
        description="What two numbers share to be one customer: email (and a given name), phone (and the whole name), "
        "mobile (and given name and town: a changed surname), slip (name and town, and an address but for a letter)",
    )
    unknown: tuple[str, ...] = Field(
        NOBODY,
        description="Names and ids that stand for erased or nameless people: never counted as one customer",
    )


@dataclass(frozen=True)
class Decision:
    """Two customer numbers that are one customer, the first meaning the second; or that never are."""

    customer_id: str
    merged_into: str
    source: str = ""
    """Where the first number means this customer; empty in all sources."""
    verdict: Verdict = "same"
    decided_at: str = ""
    decided_by: str = ""

    @property
    def pair(self) -> frozenset[str]:
        """Return the two numbers, in no order."""
        return frozenset((self.customer_id, self.merged_into))


def decisions(path: Path, *, required: bool = False) -> list[Decision]:
    """Return what the file says, nothing where there is none yet; raises SettingsWrong."""
    if not required and not path.exists():
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [{name: (cell or "").strip() for name, cell in row.items() if name} for row in csv.DictReader(file)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SettingsWrong("merged_unreadable", file=path.name) from error
    if rows and not {"customer_id", "merged_into"} <= rows[0].keys():
        raise SettingsWrong("merged_unreadable", file=path.name)
    return [_decision(row, path) for row in rows if row["customer_id"] and row["merged_into"]]


def _decision(row: dict[str, str], path: Path) -> Decision:
    if row.get("verdict", "") not in ("", "same", "different"):
        raise SettingsWrong("merged_unreadable", file=path.name)
    verdict: Verdict = "different" if row.get("verdict") == "different" else "same"
    told = {name: row.get(name, "") for name in ("source", "decided_at", "decided_by")}
    return Decision(row["customer_id"], row["merged_into"], verdict=verdict, **told)


def decide(path: Path, made: Iterable[Decision]) -> None:
    """Add decisions; each takes the place of an earlier one about the same two numbers."""
    new = list(made)
    about = {one.pair for one in new}
    _write(path, [*(one for one in decisions(path) if one.pair not in about), *new])


def take_back(path: Path, pairs: Iterable[frozenset[str]]) -> int:
    """Remove what was decided of these pairs; return how many decisions that were."""
    about, held = set(pairs), decisions(path)
    kept = [one for one in held if one.pair not in about]
    if len(kept) < len(held):
        _write(path, kept)
    return len(held) - len(kept)


def _write(path: Path, held: Sequence[Decision]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(Decision.__dataclass_fields__), lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(one) for one in held)
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.touch(mode=0o600)
        beside.write_text(text.getvalue(), "utf-8")
        beside.replace(path)
    except OSError as error:
        raise SettingsWrong("settings_not_writable", file=path.name, problem=error.strerror or str(error)) from error
    finally:
        beside.unlink(missing_ok=True)
