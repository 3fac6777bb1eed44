"""Every word a user reads, and every number and date as a reader of that language writes it."""

from pathlib import Path

from insights import errors
from insights.errors import InsightsError
from insights.texts.findings import finding
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


def error(of: InsightsError, language: str, *, paths: bool = False) -> str:
    """Return the sentence of a refusal.

    Only who sits at the machine (`paths`) is told where a file lies; the others' way out is what a page offers.
    """
    said = {name: called(value if paths else _last_part(value), language) for name, value in of.details.items()}
    offered = f"on_page.{of.key}"
    return t(offered if not paths and has(offered, language) else f"errors.{of.key}", language, **said)


def called(of: object, language: str) -> object:
    """Return what something is called in a language, where it has a name in several."""
    return of.words.get(language, of) if isinstance(of, errors.Called) else of


def _last_part(value: object) -> object:
    return Path(value).name if isinstance(value, str) and Path(value).is_absolute() else value


def heading(key: str, language: str, **names: str) -> str:
    """Return the text `key` with names filled in: small inside the sentence, except abbreviations."""
    text = catalogue(language)[key]
    return text.format(
        **{hole: name if text.startswith(f"{{{hole}}}") else _small(name, language) for hole, name in names.items()}
    )


def _small(text: str, language: str) -> str:
    return text if text[1:2].isupper() else locales()[language].lower.get(text[0], text[0].lower()) + text[1:]


errors.say_with(lambda refused: error(refused, FALLBACK, paths=True))

__all__ = [
    "DASH",
    "FALLBACK",
    "LANGUAGES",
    "Locale",
    "Number",
    "called",
    "catalogue",
    "day",
    "decimal_text",
    "duration",
    "error",
    "finding",
    "gaps",
    "has",
    "heading",
    "languages",
    "locales",
    "moment",
    "money",
    "month",
    "nearest",
    "percent",
    "signed",
    "t",
    "word",
]
