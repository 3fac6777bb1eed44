"""Text of the data, harmless where Streamlit would read markdown."""

import re

_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:@&=])")
_ESCAPED = re.compile(r"\\" + _MARKS.pattern)
_NAMED = re.compile(r"(?i)(?<=http)(?=s?:)|(?<=ftp)(?=:)|(?<=www)(?=\.)|(?=@)|(?<=:)(?=[\w+-]+[:/])")
_JOINER = "\u2060"  # nobody sees it, but a text with it in the middle is no address, no icon and no emoji


def literal(text: object) -> str:
    """Return text that markdown shows as it is: no link, address, image, colour or icon comes out of data."""
    return _MARKS.sub(r"\\\1", _NAMED.sub(_JOINER, " ".join(str(text).split())))


def spoken(text: str) -> str:
    """Return text as it is read where no markdown is: what `literal` put before marks is taken away."""
    return _ESCAPED.sub(r"\1", text).replace(_JOINER, "")
