"""Questions of surveys: which kind a header asks for, on which scale, and what the words of its answers are worth."""

import re
from collections.abc import Sequence

from insights.sources.folding import fold
from insights.sources.proposing.lexicon import meant, words

_RANGES = (
    r"\b(?P<low>[01])\s*(?:-|–|to|ile|ila|bis|à|a|\.\.|/)\s*(?P<high>\d{1,3})\b",
    r"\b(?P<low>[01])\s*[:=(][^)]{2,40}?\b(?P<high>5|7|10|100)\s*[:=(]",
    r"\b(?P<high>5|7|10|100)\s*(?:üzerinden|uzerinden)",
    r"(?:out of|von|sur)\s*(?P<high>5|7|10|100)\b",
)
_LEVELS = (
    (
        "very dissatisfied",
        "dissatisfied",
        "neither satisfied nor dissatisfied",
        "satisfied",
        "very satisfied",
    ),
    ("extremely dissatisfied", "somewhat dissatisfied", "neutral", "somewhat satisfied", "extremely satisfied"),
    ("hiç memnun değilim", "memnun değilim", "kararsızım", "memnunum", "çok memnunum"),
    ("hiç memnun kalmadım", "memnun kalmadım", "ne memnunum ne değilim", "memnun kaldım", "çok memnun kaldım"),
    ("çok kötü", "kötü", "orta", "iyi", "çok iyi"),
    ("very poor", "poor", "average", "good", "excellent"),
    ("terrible", "bad", "okay", "good", "great"),
    ("strongly disagree", "disagree", "neither agree nor disagree", "agree", "strongly agree"),
    ("kesinlikle katılmıyorum", "katılmıyorum", "kararsızım", "katılıyorum", "kesinlikle katılıyorum"),
    ("very difficult", "difficult", "neither easy nor difficult", "easy", "very easy"),
    ("çok zor", "zor", "ne kolay ne zor", "kolay", "çok kolay"),
    ("sehr unzufrieden", "unzufrieden", "neutral", "zufrieden", "sehr zufrieden"),
    ("très insatisfait", "insatisfait", "neutre", "satisfait", "très satisfait"),
    ("hayır", "evet"),
    ("no", "yes"),
    ("nein", "ja"),
    ("non", "oui"),
    ("no", "sí"),
    ("bad", "good"),
    ("kötü", "iyi"),
    ("unhappy", "neutral", "happy"),
    ("bad", "ok", "good"),
    ("negative", "neutral", "positive"),
    ("memnun değil", "memnun"),
    ("unsatisfied", "satisfied"),
    ("mutsuz", "nötr", "mutlu"),
    ("👎", "👍"),
)

_STARS = 5
_COUNTED = (
    lambda n: "★" * n + "☆" * (_STARS - n),
    lambda n: "★" * n,
    lambda n: "⭐" * n,
    lambda n: "⭐️" * n,
    lambda n: f"{n}/{_STARS}",
    lambda n: f"{n} yıldız",
    lambda n: f"{n} star{'s' * (n > 1)}",
    lambda n: f"{n} stars",
    lambda n: f"{n} Stern{'e' * (n > 1)}",
)
"""How so many of five stars are written."""


def kind_in(header: str) -> str | None:
    """Return the kind of survey a header asks for: nps, ces, csat, or None when it asks nothing of the sort."""
    spoken = meant(header)
    if "recommend" in spoken:
        return "nps"
    if "effort" in spoken:
        return "ces"
    return "csat" if spoken & {"satisfaction", "score"} else None


def scale_in(header: str) -> tuple[int | None, int] | None:
    """Return the lowest and highest answer a question names: `(0-10)`, `1: çok kötü, 5: çok iyi`, `out of 5`."""
    for pattern in _RANGES:
        if match := re.search(pattern, header.lower()):
            found = match.groupdict()
            return (int(found["low"]) if found.get("low") else None), int(found["high"])
    return None


def worth(cells: Sequence[str]) -> dict[str, str] | None:
    """Return what each word of the answers is worth on the scale all of them belong to; None for no such scale."""
    spoken = {fold(c) for c in cells}
    stars = (tuple(map(written, range(1, _STARS + 1))) for written in _COUNTED)
    for levels in (*sorted(_LEVELS, key=len), *stars):
        if spoken and spoken <= {fold(word) for word in levels}:
            return {word: str(place) for place, word in enumerate(levels, start=1)}
    return None


def is_question(header: str) -> bool:
    """Tell whether a header is a question or statement rather than a name."""
    return header.rstrip().endswith("?") or len(words(header)) >= 6
