"""Which old encoding the bytes of a text are in, judged by the words their letters make."""

import re
from collections.abc import Iterable

_TURKISH = frozenset("çğıöşüÇĞİÖŞÜâîûÂÎÛ")
_CANDIDATES = ("cp1254", "cp1252", "cp857", "cp850", "mac_turkish")
"""In the order of trust: where two make equally good words, the first is taken."""
COMMON, OLD = _CANDIDATES[:2], _CANDIDATES[2:]
_OPEN, _CLOSE = "“\u2018„«–—•©", "”’»…–—™®°²³"
"""What may stand before and after a word without being part of it."""
_BETWEEN = rb"[\s,;|\"'()/.:!?0-9-]+"
_ENOUGH = 20_000
"""Words looked at: more would not change the answer."""


def likeliest(lines: Iterable[bytes]) -> str:
    """Return the encoding in which words with letters beyond ASCII look most like words."""
    words = [w for line in lines for w in re.split(_BETWEEN, line) if len(w) > 1 and not w.isascii()][:_ENOUGH]
    scores = {e: sum(_likeness(w.decode(e, "replace")) for w in words) for e in _CANDIDATES}
    best = max(_CANDIDATES, key=lambda e: scores[e])
    return best if scores[best] > max(scores[e] for e in COMMON) + _margin(len(words)) else _common(words)


def _margin(words: int) -> float:
    """Return how much better an encoding hardly used today must be."""
    return max(1.0, words / 10)


def _common(words: list[bytes]) -> str:
    """Return which of the two encodings of Windows: those bytes are rare letters in the one and Turkish in the other."""
    turkish = bytes((0xD0, 0xDD, 0xDE, 0xF0, 0xFD, 0xFE))
    return "cp1254" if any(byte in turkish for word in words for byte in word) else "cp1252"


def _likeness(word: str) -> float:
    """Return how much a word looks like one: letters in one case, or a capital before small ones."""
    bare = word.lstrip(_OPEN).rstrip(_CLOSE)
    if bare.isascii():
        return 2.0
    odd = [c for c in bare if not c.isascii()]
    if any(not c.isalpha() for c in odd):
        return -2.0
    if not (bare.islower() or bare.isupper() or bare[1:].islower()):
        return -1.0
    return 1.0 + sum(c in _TURKISH for c in odd) / len(odd)
