"""What a reader should know of how a file was read although nothing of it was set aside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

KINDS = (
    "bidi",
    "columns_appeared",
    "columns_vanished",
    "encoding_guessed",
    "float_ids",
    "lines_summed",
    "mojibake",
    "more_pages",
    "nfc",
    "scale_proved",
    "sheets_left",
    "tables_left",
    "zone_said",
)
"""Words of the vocabulary; each has a sentence in `texts` under `notices`."""


@dataclass(frozen=True)
class Notice:
    """One thing to know: its kind, the header it is about, and the values its sentence names."""

    kind: str
    column: str | None = None
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def shown(self) -> dict[str, Any]:
        """Return the values as a sentence says them."""
        return {k: ", ".join(v) if isinstance(v, list) else "?" if v is None else v for k, v in self.values.items()}

    def as_json(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"kind": self.kind, "column": self.column, **self.values}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Notice":
        """Return the notice that `as_json` gave."""
        values = {k: v for k, v in said.items() if k not in ("kind", "column")}
        return cls(said["kind"], said["column"], values)
