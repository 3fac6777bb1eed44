"""Text of the data, harmless where Streamlit would read markdown."""

import re

_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:@&=])")
_LINK = re.compile(r"(?i)(?<=http)(?=s?:)|(?<=ftp)(?=:)|(?<=www)(?=\.)|(?=@)")
_JOINER = "\u2060"  # nobody sees it, but a text with it in the middle is no address


def literal(text: object) -> str:
    """Return text that markdown shows as it is: no link, address, image, colour or icon comes out of data."""
    return _MARKS.sub(r"\\\1", _LINK.sub(_JOINER, " ".join(str(text).split())))
