"""Every word a user reads, and every number and date as a reader of that language writes it."""

import datetime as dt
import decimal
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from babel import dates, numbers

from insights.errors import InsightsError

LANGUAGES = ("tr", "en")
DASH = "—"
_SYMBOLS = {"TRY": "₺"}  # English tables write the code instead
_LOCALE = {"tr": "tr_TR", "en": "en_GB"}
Number = int | float | decimal.Decimal


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return every text of a language by dotted key; the files of its folder are merged."""
    found: dict[str, str] = {}
    for file in sorted(files(__package__).joinpath(language).iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            _flatten(tomllib.loads(file.read_text("utf-8")), "", found)
    return found


def _flatten(node: dict[str, Any], prefix: str, into: dict[str, str]) -> None:
    for name, value in node.items():
        if isinstance(value, dict):
            _flatten(value, f"{prefix}{name}.", into)
        elif f"{prefix}{name}" in into:
            raise ValueError(f"text {prefix}{name} is defined twice")
        else:
            into[f"{prefix}{name}"] = str(value)


def t(key: str, language: str, /, **values: object) -> str:
    """Return the text `key` with its placeholders filled; an unknown key is a programming error (KeyError)."""
    text = catalogue(language)[key]
    return text.format(**values) if values else text


def has(key: str, language: str) -> bool:
    """Tell whether a text exists."""
    return key in catalogue(language)


def error(of: InsightsError, language: str) -> str:
    """Return the sentence of a refusal."""
    return t(f"errors.{of.key}", language, **of.details)


def word(vocabulary: str, value: str | None, language: str) -> str:
    """Return a canonical word as readers say it; words of the source's own stay as they are; unknown is a dash word."""
    if value is None:
        return t("app.unknown", language)
    return catalogue(language).get(f"words.{vocabulary}.{value}", value)


def decimal_text(value: Number | None, language: str, digits: int = 0) -> str:
    """Return 1.234,5 or 1,234.5; unknown is a dash."""
    if value is None or value != value:
        return DASH
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    text: str = numbers.format_decimal(value, format=pattern, locale=_LOCALE[language], decimal_quantization=True)
    return "0" + text[2:] if text in ("-0", *(f"-0{s}{'0' * digits}" for s in ",.")) else text


def percent(share: float | None, language: str, digits: int = 1) -> str:
    """Return %81,2 or 81.2% from a share 0-1; a share too small for its digits is said to be below the smallest."""
    if share is None or share != share:
        return DASH
    least = 10.0**-digits
    if 0 < share * 100 <= least / 2:  # a few are not none
        return f"<{percent(least / 100, language, digits)}"
    text = decimal_text(share * 100, language, digits)
    if language == "tr":
        return f"-%{text[1:]}" if text.startswith("-") else f"%{text}"
    return f"{text}%"


def signed(text: str) -> str:
    """Return a formatted difference with its sign; zero has none."""
    return text if text.startswith("-") or not any(c in "123456789" for c in text) else f"+{text}"


def duration(seconds: float | None, language: str, *, days: bool = True) -> str:
    """Return 1 sa 22 dk or 1 h 22 m: seconds below a minute, days from 48 hours; unknown is a dash.

    Without `days` hours go on, as working time needs: forty working hours are no two days.
    """
    if seconds is None or seconds != seconds:
        return DASH
    sign, s = ("-" if seconds < 0 else ""), abs(round(seconds))
    day, hour, minute, second = (t(f"app.unit_{u}", language) for u in ("day", "hour", "minute", "second"))
    if s < 60:
        return f"{sign if s else ''}{s} {second}"
    hours, minutes = divmod(round(s / 60), 60)
    if not hours:
        return f"{sign}{minutes} {minute}"
    if hours < 48:
        return f"{sign}{hours} {hour}" + (f" {minutes} {minute}" if minutes else "")
    if not days:
        return f"{sign}{decimal_text(s / 3600, language)} {hour}"
    tenths = round(s / 8640)
    return f"{sign}{decimal_text(tenths / 10, language, int(tenths % 10 != 0 and tenths < 1000))} {day}"


def money(value: Number | None, language: str, currency: str = "TRY", digits: int = 0) -> str:
    """Return ₺1.234 with the sign first."""
    if value is None or value != value:
        return DASH
    symbol = _SYMBOLS.get(currency) or numbers.get_currency_symbol(currency, locale=_LOCALE[language])
    text = decimal_text(value, language, digits)
    return f"-{symbol}{text[1:]}" if text.startswith("-") else f"{symbol}{text}"


def day(value: dt.date | None, language: str, *, year: bool = True) -> str:
    """Return 22 Kas 2026 or 22 Nov 2026."""
    if value is None:
        return DASH
    text: str = dates.format_date(value, "d MMM y" if year else "dd MMM", locale=_LOCALE[language])
    return text


def moment(value: dt.datetime | None, language: str) -> str:
    """Return 22 Kas 2026 14:05; the caller has already moved it to the reader's zone."""
    if value is None:
        return DASH
    text: str = dates.format_datetime(value, "d MMM y HH:mm", locale=_LOCALE[language])
    return text


def month(value: dt.date, language: str) -> str:
    """Return Kas 2026 or Nov 2026."""
    text: str = dates.format_date(value, "MMM y", locale=_LOCALE[language])
    return text
