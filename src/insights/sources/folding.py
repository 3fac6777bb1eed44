"""Comparing headers and words of any export: case, accents, punctuation and the Turkish i fold away."""

import re
import unicodedata
from functools import lru_cache

_I = str.maketrans("İIı", "iii")


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Return `text` in one form: `Çözüm Durumu`, `cozum_durumu` and `ÇÖZÜM DURUMU` are equal."""
    plain = unicodedata.normalize("NFKD", text.translate(_I).lower())
    plain = "".join(c for c in plain if not unicodedata.combining(c)).translate(_I)
    return re.sub(r"[\s_\u200b\u2060\ufeff]+", " ", plain).strip(" \"':*")


def composed(text: str) -> str:
    """Return `text` with every accent joined to its letter (NFC): what looks alike is alike."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def sql_text(value: str) -> str:
    """Return `value` as an SQL string literal."""
    return "'" + value.replace("'", "''") + "'"


def sql_in(value: str, values: object) -> str:
    """Return SQL that is true where `value` is one of these strings, false for NULL.

    Not IN: the engine turns longer lists into joins, and joins may lose the order of the file.
    """
    cases = " ".join(f"WHEN {sql_text(str(v))} THEN true" for v in values)  # type: ignore[attr-defined]
    return f"CASE {value} {cases} ELSE false END"


def sql_name(value: str) -> str:
    """Return `value` as a quoted SQL identifier."""
    return '"' + value.replace('"', '""') + '"'


def form(cell: str) -> str:
    """Return how a cell is written without what it says: a refusal is read in logs, by more people than the file."""
    return re.sub(r"\d", "9", re.sub(r"[^\W\d_]", "x", cell))
