"""Text of the data, harmless where Streamlit would read markdown and where a spreadsheet would read a formula."""

import re

_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:@&=])")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*%?")


def literal(text: object) -> str:
    """Return text that markdown shows as it is: no link, image, colour or icon comes out of data."""
    return _MARKS.sub(r"\\\1", " ".join(str(text).split()))


def cell(value: object) -> object:
    """Return a value a spreadsheet shows as it is: text that would be read as a formula gets a leading apostrophe."""
    if isinstance(value, str) and value.startswith(_FORMULA) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value
