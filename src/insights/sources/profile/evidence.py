"""How much the headers of a file say for a profile: everyday headers say nothing, however many of them fit."""

import re
import tomllib
from collections.abc import Set
from functools import cache
from importlib.resources import files

from insights.sources.folding import fold
from insights.sources.profile.aliases import named
from insights.sources.profile.language import Profile

_FEW_HEADERS = 1 / 6
"""Of the headers of a file at least so many must be known."""
_MOST = 0.75
"""A single telling header is enough only where so many are known."""


@cache
def _everyday_words() -> frozenset[str]:
    raw = tomllib.loads(files("insights.sources.profile").joinpath("everyday.toml").read_text("utf-8"))
    return frozenset(fold(word) for words in raw.values() for word in words.split())


def telling(profile: Profile, folded: Set[str]) -> frozenset[str]:
    """Return the headers of a file that the profile knows and few other lists of people or things would have."""
    return frozenset(h for h in profile.known & folded if not _everyday(h)) | _questions(profile, folded)


def _questions(profile: Profile, folded: Set[str]) -> frozenset[str]:
    """Return the headers the profile knows by what stands in them: the words of a question are nobody's everyday header."""
    patterns = (a for aliases in profile.required for a in aliases if a.startswith("*"))
    return frozenset(h for a in patterns if (h := named(a, folded)))


def convinces(profile: Profile, folded: Set[str]) -> bool:
    """Tell whether the headers prove more than a list of everyday things: one's own mapping and format need no proof."""
    if profile.own or profile.family:
        return True
    if _questions(profile, folded):
        return True
    told, known = len(telling(profile, folded)), len(profile.known & folded) / len(folded)
    return (told >= 2 and known >= _FEW_HEADERS) or (told == 1 and known >= _MOST)


def _everyday(header: str) -> bool:
    if " - " in header or "." in header:  # written by a system, not by a person
        return False
    words = set(re.findall(r"[^\W_]+", header))
    return words <= _everyday_words()
