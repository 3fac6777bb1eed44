"""Rows as a spreadsheet shows them as they are: one writer of CSV for the screen and the command line.

Text of the data that a spreadsheet would compute gets a leading apostrophe.
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, TextIO

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*%?")


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet would compute a text; plain numbers it may."""
    return text.startswith(_FORMULA) and not _NUMBER.fullmatch(text)


def cell(value: object) -> object:
    """Return a value a spreadsheet shows as it is."""
    return f"'{value}" if isinstance(value, str) and is_formula(value) else value


def write_csv(rows: Iterable[Mapping[str, Any]], into: TextIO, *, columns: Sequence[str] | None = None) -> None:
    """Write rows under a header, that of the first row unless `columns` are given; unknown is an empty cell."""
    rest = iter(rows)
    first = next(rest, None)
    if names := columns or list(first or ()):
        writer = csv.DictWriter(into, names, extrasaction="ignore")
        writer.writeheader()
        each = chain([first], rest) if first is not None else rest
        writer.writerows({name: cell(value) for name, value in row.items()} for row in each)
