"""What one CRM's export looks like: a TOML file, validated."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Profile:
    """One export layout: how it is recognised and how its columns become canonical ones."""

    name: str
    label: str
    main: str
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    hash: str = ""
