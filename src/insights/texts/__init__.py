"""Every word a user reads, and every number and date as a reader of that language writes it."""

from insights import errors
from insights.errors import InsightsError
from insights.texts.folders import FALLBACK, Locale, languages, locales, nearest
from insights.texts.words import catalogue, gaps, has, t, word
from insights.texts.written import (
    DASH,
    Number,
    day,
    decimal_text,
    duration,
    moment,
    money,
    month,
    percent,
    signed,
)

LANGUAGES = languages()


def error(of: InsightsError, language: str) -> str:
    """Return the sentence of a refusal."""
    return t(f"errors.{of.key}", language, **of.details)


def heading(key: str, language: str, **names: str) -> str:
    """Return the text `key` with names filled in: small inside the sentence, except abbreviations."""
    text = catalogue(language)[key]
    return text.format(**{
        hole: name if text.startswith(f"{{{hole}}}") else _small(name, language) for hole, name in names.items()
    })  # fmt: skip


def _small(text: str, language: str) -> str:
    return text if text[1:2].isupper() else locales()[language].lower.get(text[0], text[0].lower()) + text[1:]


errors.say_with(lambda refused: error(refused, FALLBACK))

__all__ = [
    "DASH", "FALLBACK", "LANGUAGES", "Locale", "Number", "catalogue", "day", "decimal_text", "duration", "error",
    "gaps", "has", "heading", "languages", "locales", "moment", "money", "month", "nearest", "percent", "signed", "t",
    "word",
]  # fmt: skip
