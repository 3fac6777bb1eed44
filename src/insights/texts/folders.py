"""Which languages there are: every folder here with a locale.toml is one, and says how it is written."""

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

FOLDER = Path(__file__).parent
FALLBACK = "en"
"""What a language has no words for yet is said in this one; the command line speaks it unless told otherwise."""


class Locale(BaseModel):
    """How a language is written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(description="Its own name, as readers choose it")
    place: int = Field(description="Its place among the languages offered")
    locale: str = Field(description="The locale numbers and dates are written in")
    percent: str = Field(description="Where the sign stands: %{number} or {number}%")
    lower: dict[str, str] = Field(default_factory=dict, description="Capitals whose small letter is not the usual one")


@cache
def locales() -> dict[str, Locale]:
    """Return every language by its code, in the order they are offered."""
    files = FOLDER.glob("*/locale.toml")
    found = {f.parent.name: Locale.model_validate(tomllib.loads(f.read_text("utf-8"))) for f in files}
    return dict(sorted(found.items(), key=lambda pair: (pair[1].place, pair[0])))


def languages() -> tuple[str, ...]:
    """Return the codes of all languages, in the order they are offered."""
    return tuple(locales())


def nearest(*wanted: str | None) -> str:
    """Return the first of some languages that is known (tr-TR asks for tr), else English."""
    codes = ((code or "")[:2].lower() for code in wanted)
    return next((code for code in codes if code in locales()), FALLBACK)
