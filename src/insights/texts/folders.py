"""Which languages there are: every folder here with a locale.toml is one, and says how it is written."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
FALLBACK = "en"
"""What a language has no words for yet is said in this one; the command line speaks it unless told otherwise."""


@dataclass(frozen=True)
class Locale:
    """How a language is written; `percent` says where the sign stands: %{number} or {number}%."""

    name: str
    """Its own name, as readers choose it."""
    place: int
    """Its place among the languages offered."""
    locale: str
    """The locale numbers and dates are written in."""
    percent: str
    lower: dict[str, str] = field(default_factory=dict)
    """Capitals whose small letter is not the usual one."""
    table_day: str = "YYYY-MM-DD"
    table_moment: str = "YYYY-MM-DD HH:mm"
    """Days and moments in tables that sort them, by the tokens of the browser's table."""
    day_field: str = "YYYY-MM-DD"
    """Days where they are typed or picked."""


@cache
def locales() -> dict[str, Locale]:
    """Return every language by its code, in the order they are offered; what one does not say is as in English."""
    said = {f.parent.name: tomllib.loads(f.read_text("utf-8")) for f in FOLDER.glob("*/locale.toml")}
    found = {code: Locale(**{**said[FALLBACK], "name": code, **own}) for code, own in said.items()}
    return dict(sorted(found.items(), key=lambda pair: (pair[1].place, pair[0])))


def languages() -> tuple[str, ...]:
    """Return the codes of all languages, in the order they are offered."""
    return tuple(locales())


def nearest(*wanted: str | None) -> str:
    """Return the first of some languages that is known (tr-TR asks for tr), else English."""
    codes = ((code or "")[:2].lower() for code in wanted)
    return next((code for code in codes if code in locales()), FALLBACK)
