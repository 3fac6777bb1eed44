"""Letters that were written in one encoding and read in another before the export: `MÃ¼ÅŸteri` for `Müşteri`."""

import re
from contextlib import suppress

PATTERN = r"[ÂÃÄÅ][\x{80}-\x{BF}\x{152}\x{153}\x{160}\x{161}\x{178}\x{17D}\x{17E}\x{192}\x{2C6}\x{2DC}\x{11E}\x{11F}\x{130}\x{131}\x{15E}\x{15F}\x{2013}-\x{203A}\x{20AC}\x{2122}]"
"""Finds such cells in the engine's own words; `mended` decides."""
_BROKEN = re.compile(r"[\u00c2-\u00c5][\u0080-\uffff]")


def mended(text: str) -> str:
    """Return `text` with its letters as they once were; unchanged where nothing proves that they were others."""
    if text.isascii() or not _BROKEN.search(text):
        return text
    for encoding in ("cp1252", "cp1254", "latin-1"):
        with suppress(UnicodeError):
            return _bytes(text, encoding).decode("utf-8")
    return text


def _bytes(text: str, encoding: str) -> bytes:
    """Return the bytes the letters were read from; what the encoding leaves undefined stands for itself."""
    return b"".join(_byte(c, encoding) for c in text)


def _byte(letter: str, encoding: str) -> bytes:
    try:
        return letter.encode(encoding)
    except UnicodeEncodeError:
        return letter.encode("latin-1")
