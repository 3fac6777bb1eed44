"""What a person is recognised by: an address, a number, a full name; as it is compared, and as it is found."""

import re
import unicodedata
from collections.abc import Iterable

from insights.warehouse.deriving.names import folded

LEAST_NAME = 8
"""Letters a full name has at least to be looked for in words of others: a shorter one would be found in everything."""
LEAST_DIGITS = 7
_LETTERS = {
    "a": "aAâÂáÁàÀäÄãÃåÅ",
    "c": "cCçÇ",
    "e": "eEéÉèÈêÊëË",
    "g": "gGğĞ",
    "i": "iIıİîÎíÍïÏ",
    "n": "nNñÑ",
    "o": "oOöÖôÔóÓ",
    "s": "sSşŞšŠ",
    "u": "uUüÜûÛúÚ",
    "y": "yYýÝ",
    "z": "zZžŽ",
}
_APART = r"[\s().\-/]*"

KINDS = ("email", "phone", "name")


def key(kind: str, text: str) -> str:
    """Return the SQL of a cell as it is compared; NULL where it tells too little to know anybody by."""
    if kind == "email":
        return f"CASE WHEN contains({text}, '@') THEN lower(trim({text})) END"
    if kind == "phone":
        digits = f"regexp_replace({text}, '[^0-9]', '', 'g')"
        return f"CASE WHEN length({digits}) >= {LEAST_DIGITS} THEN right({digits}, 10) END"
    name = (
        rf"array_to_string(list_filter(regexp_split_to_array({folded(text)}, '[^\p{{L}}]+'), lambda w: w <> ''), ' ')"
    )
    return f"CASE WHEN contains({name}, ' ') AND length({name}) >= {LEAST_NAME} THEN {name} END"


def said_in(kind: str, text: str) -> str:
    """Return the SQL of the list of keys that words hold: addresses, numbers, and any two to four words in a row."""
    if kind == "email":
        return (
            rf"list_transform(regexp_extract_all({text}, '[\w.+%-]+@(?:[\w-]+\.)+[A-Za-z]{{2,}}'), lambda w: lower(w))"
        )
    if kind == "phone":
        found = rf"regexp_extract_all({text}, '\+?[0-9][0-9 ().\-/]{{5,}}[0-9]')"
        return f"list_transform({found}, lambda w: {key('phone', 'w')})"
    words = _words(text)
    runs = (
        f"list_transform(range(1, greatest(len({words}) - {n - 2}, 1)), "
        f"lambda i: array_to_string({words}[i : i + {n - 1}], ' '))"
        for n in (2, 3, 4)
    )
    return f"list_concat({', '.join(runs)})"


def _words(text: str) -> str:
    return rf"list_filter(regexp_split_to_array({folded(text)}, '[^\p{{L}}]+'), lambda w: w <> '')"


def pattern(kind: str, key: str) -> str:
    """Return what finds a key in words however it is written there, as both the engine and Python read it."""
    if kind == "phone":
        return r"(?:\+?\d{1,3}" + _APART + ")?" + r"\(?" + _APART.join(key)
    spelled = (_any_of(letter) if kind == "name" else _cased(letter) for letter in key)
    return "".join(r"[\s.,_\-]+" if kind == "name" and of == r"\ " else of for of in spelled)


def _any_of(letter: str) -> str:
    return f"[{_LETTERS[letter]}]" if letter in _LETTERS else _cased(letter)


def _cased(letter: str) -> str:
    both = sorted({letter, letter.upper()[:1], letter.lower()[:1]} | ({"İ", "I"} if letter == "i" else set()))
    return f"[{''.join(both)}]" if letter.isalpha() else re.escape(letter)


def any_of(patterns: Iterable[str]) -> str:
    """Return one expression that finds whatever one of these does."""
    return "|".join(f"(?:{one})" for one in patterns)


def nfc(text: str) -> str:
    """Return text in the letter form the warehouse keeps."""
    return unicodedata.normalize("NFC", text)
