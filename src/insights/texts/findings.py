"""A finding in words: its text filled with facts, each written as a reader of the language writes it."""

from collections.abc import Callable, Mapping
from typing import Any

from insights.texts.words import t, word
from insights.texts.written import DASH, decimal_text, duration, money, percent, signed

_WRITTEN: Mapping[str, Callable[[Any, str, str], str]] = {
    "share": lambda value, language, _: percent(value, language),
    "points": lambda value, language, _: signed(decimal_text(value * 100, language, 1)),
    "count": lambda value, language, _: decimal_text(value, language),
    "tenths": lambda value, language, _: decimal_text(value, language, 1),
    "hundredths": lambda value, language, _: decimal_text(value, language, 2),
    "hours": lambda value, language, _: duration(value * 3600, language),
    "chance": lambda value, language, _: (
        f"< {decimal_text(0.001, language, 3)}" if value < 0.001 else f"= {decimal_text(value, language, 3)}"
    ),
    "money": money,
    "customers_of": lambda value, language, _: word("customers_of", value, language),
}
"""What may stand behind the colon of a placeholder, as in {value:share}."""


class _Fact:
    def __init__(self, value: Any, language: str, currency: str, shown: Callable[[str], str]) -> None:
        self._value, self._language, self._currency, self._shown = value, language, currency, shown

    def __format__(self, spec: str) -> str:
        if self._value is None:
            return DASH
        if spec in _WRITTEN:
            return _WRITTEN[spec](self._value, self._language, self._currency)
        return self._shown(self._value) if isinstance(self._value, str) else format(self._value, spec)


def finding(
    key: str, language: str, facts: Mapping[str, Any], currency: str = "TRY", shown: Callable[[str], str] = str
) -> str:
    """Return the text of a finding; unknown facts are a dash, texts among them stand as `shown` gives them."""
    return t(key, language, **{name: _Fact(value, language, currency, shown) for name, value in facts.items()})
