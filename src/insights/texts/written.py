"""Numbers and durations, days and moments, as a reader of a language writes them; unknown is a dash.

The tables of languages are slow to import, so they are when the first number or date is written.
"""

import datetime as dt
import decimal
from functools import cache, lru_cache

from insights.texts.folders import locales
from insights.texts.words import t

DASH = "—"
_SYMBOLS = {"TRY": "₺"}  # English tables write the code instead
_ENOUGH = decimal.Context(prec=400)
"""Digits for every number there is; halves go to the even neighbour."""
Number = int | float | decimal.Decimal


def decimal_text(value: Number | None, language: str, digits: int = 0) -> str:
    """Return 1.234,5 or 1,234.5; unknown is a dash."""
    return DASH if value is None or value != value else _decimal_text(value, language, digits)


@lru_cache(maxsize=10_000)
def _decimal_text(value: Number, language: str, digits: int) -> str:
    exact, signs = decimal.Decimal(str(value)), _signs(language)
    rounded = exact.quantize(decimal.Decimal(1).scaleb(-digits), context=_ENOUGH) if exact.is_finite() else exact
    text = f"{rounded:,f}".translate(signs).replace("Infinity", "∞")
    return "0" + text[2:] if text in ("-0", *(f"-0{s}{'0' * digits}" for s in ",.")) else text


@cache
def _signs(language: str) -> dict[int, str]:
    """Return what a language writes for the separators and the minus of a plain number."""
    from babel import Locale

    latin = Locale.parse(locales()[language].locale).number_symbols["latn"]
    return str.maketrans({",": latin["group"], ".": latin["decimal"], "-": latin["minusSign"]})


def percent(share: float | None, language: str, digits: int = 1) -> str:
    """Return %81,2 or 81.2% from a share 0-1; a share too small for its digits is said to be below the smallest."""
    if share is None or share != share:
        return DASH
    least = 10.0**-digits
    if 0 < share * 100 <= least / 2:  # a few are not none
        return f"<{percent(least / 100, language, digits)}"
    text = decimal_text(share * 100, language, digits)
    written = locales()[language].percent.format(number=text.removeprefix("-"))
    return f"-{written}" if text.startswith("-") else written


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
    from babel.numbers import get_currency_symbol

    if value is None or value != value:
        return DASH
    symbol = _SYMBOLS.get(currency) or get_currency_symbol(currency, locale=locales()[language].locale)
    text = decimal_text(value, language, digits)
    return f"-{symbol}{text[1:]}" if text.startswith("-") else f"{symbol}{text}"


def day(value: dt.date | None, language: str, *, year: bool = True) -> str:
    """Return 22 Kas 2026 or 22 Nov 2026."""
    from babel.dates import format_date

    if value is None:
        return DASH
    text: str = format_date(value, "d MMM y" if year else "dd MMM", locale=locales()[language].locale)
    return text


def moment(value: dt.datetime | None, language: str) -> str:
    """Return 22 Kas 2026 14:05; the caller has already moved it to the reader's zone."""
    from babel.dates import format_datetime

    if value is None:
        return DASH
    text: str = format_datetime(value, "d MMM y HH:mm", locale=locales()[language].locale)
    return text


def month(value: dt.date, language: str) -> str:
    """Return Kas 2026 or Nov 2026."""
    from babel.dates import format_date

    text: str = format_date(value, "MMM y", locale=locales()[language].locale)
    return text
