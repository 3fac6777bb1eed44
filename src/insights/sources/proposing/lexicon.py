"""What the words of a header speak of: headers as lists of tokens, each with the concepts it may stand for."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files

from insights.sources.folding import fold

Concepts = frozenset[str]
Token = Concepts
"""The concepts of one word or phrase; empty for a word nobody knows."""
FILLER = "filler"
_LONGEST = 4
_SHORTEST_PART, _ENDING = 2, 4
_ENDINGS = (
    "larinin",
    "lerinin",
    "larin",
    "lerin",
    "lari",
    "leri",
    "sinin",
    "iniz",
    "unuz",
    "niz",
    "nuz",
    "lar",
    "ler",
    "nin",
    "nun",
    "si",
    "su",
    "dan",
    "den",
    "i",
    "u",
    "in",
    "un",
    "ern",
    "en",
    "er",
    "es",
    "e",
    "s",
    "n",
)
"""What Turkish, German and Romance words end in, accents folded away, the longest first."""
_HARD = {"g": "k", "b": "p", "d": "t"}
"""What a soft letter before a Turkish ending was without it: `ekibi` is of `ekip`."""
_SHORTEST_BARE, _LONG_STEM, _LONG_WORD = 4, 6, 8
_SHORT, _FEW_MEANINGS, _FIRST = (3, 4), 4, 10
_NEVER_SHORT = (FILLER, "nothing_of_ours", "place", "physical")
_ASIDE = ("customer", "ship", "agent", "discount", "email", "net", "tax", "order", "won")
"""What a word in brackets may add: `Email (Billing)`; units, zones and scales there are read elsewhere."""


_WRAPPED = re.compile(
    r"^(?:(?:\w+\.)?(?:data|attributes|payload|body|fields|properties|result|object|_source)\.)+(?=.)", re.I
)
"""What records of programs are wrapped in, which says nothing of what they are."""


@lru_cache(maxsize=50_000)
def tokens(header: str) -> tuple[Token, ...]:
    """Return the tokens of a header; a bracket at its end adds only whom or what the column is about."""
    body, _, inside = _WRAPPED.sub("", header).partition("(")
    cut = "." in header or "_" in header
    aside = [t for t in _spoken(words(inside)) if t & frozenset(_ASIDE) and not t & {"time", "duration"}]
    return (*_spoken(words(body) or words(header), cut), *(aside if words(body) else ()))


@lru_cache(maxsize=50_000)
def words(text: str) -> tuple[str, ...]:
    """Return the folded words of a text: `createdAt`, `created_at` and `Created at` are the same two."""
    apart = re.sub(r"(?<=[a-zçğıöşü0-9])(?=[A-ZÇĞİÖŞÜ])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text)
    return tuple(re.findall(r"[^\W\d_]+|\d+|[#№]", re.sub(r"\bn[°º]", "no ", fold(apart))))


def meant(header: str) -> Concepts:
    """Return every concept some word of a header may stand for."""
    return frozenset().union(*tokens(header))


def _spoken(said: Sequence[str], cut: bool = False) -> list[Token]:
    """Return the tokens of words: the longest phrase first, then single words, then parts of one written together."""
    found: list[Token] = []
    place = 0
    while place < len(said):
        length = next((n for n in range(min(_LONGEST, len(said) - place), 1, -1) if _known(said[place : place + n])), 1)
        if length > 1:
            found.append(_known(said[place : place + length]))
        else:
            found += _word(said[place], cut)
        place += length
    return [t for t in found if t != {FILLER}]


@lru_cache(maxsize=50_000)
def _word(word: str, cut: bool = False) -> tuple[Token, ...]:
    if word.isdigit():
        return ()
    known = _known((word,))
    parts = next(_parts(word), None) if word not in _exact() else None
    if parts or (not known and len(word) == 1):
        return parts or ()
    return (known or _inflected(word) or _misspelt(word) or _short(word, cut),)


def _misspelt(word: str) -> Token:
    """Return what a long word stands for that is one letter off a known one, and off no other of another meaning."""
    if len(word) < _LONG_WORD:
        return frozenset()
    near = {found for cut in _shortened(word) for found in _near().get(cut, ()) if abs(len(found) - len(word)) <= 1}
    meanings = {_exact()[w] for w in near if w[0] == word[0]}
    return meanings.pop() if len(meanings) == 1 else frozenset()


@lru_cache(maxsize=10_000)
def _short(word: str, cut: bool) -> Token:
    """Return all a short word may be short for: `tkt` for ticket, where headers are `cut` also `cat` for category."""
    if not _SHORT[0] <= len(word) <= _SHORT[1]:
        return frozenset()
    cut = cut and len(word) == _SHORT[0]
    found = [c for whole, c in _often().items() if (cut and whole.startswith(word)) or _squeezed(word, whole)]
    spoken = frozenset().union(*found) - {FILLER}
    return spoken if len(spoken) <= _FEW_MEANINGS else frozenset()


def _squeezed(word: str, whole: str) -> bool:
    """Tell whether a word is another without its vowels, and maybe some other letter."""
    letters = iter(whole)
    bare = word[0] == whole[0] and not set(word[1:]) & set("aeiou")
    return bare and len(word) * 3 > len(whole) and all(letter in letters for letter in word)


@cache
def _often() -> dict[str, Token]:
    """Return the words each concept is mostly said with, the long ones, which are written short."""
    firsts = [(_phrase(e), c) for c, entries in concepts().items() if c not in _NEVER_SHORT for e in entries[:_FIRST]]
    return {w: _exact().get(w) or _stems()[w] for w, _ in firsts if " " not in w and len(w) > _SHORT[1]}


@cache
def _near() -> dict[str, set[str]]:
    """Return the long words by what is left of them without one letter."""
    found: dict[str, set[str]] = {}
    for word in _exact():
        if len(word) >= _LONG_WORD and " " not in word:
            for cut in _shortened(word):
                found.setdefault(cut, set()).add(word)
    return found


def _shortened(word: str) -> set[str]:
    return {word} | {word[:n] + word[n + 1 :] for n in range(len(word))}


def _inflected(word: str) -> Token:
    """Return what a word stands for without its ending: `kartı` and `kartları` are cards, `Kunden` customers."""
    hard = ((b, b[:-1] + _HARD.get(b[-1], b[-1])) for b in _bare(word))
    return next((_exact()[b] for both in hard for b in both if b in _exact()), frozenset())


def _bare(word: str) -> Iterator[str]:
    return (word[: -len(e)] for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= _SHORTEST_BARE)


def _parts(word: str) -> Iterator[tuple[Token, ...]]:
    """Take a word written together apart: all its parts must be known, the first at least four letters long."""
    for cut in range(len(word) - _SHORTEST_PART, 2, -1):
        first, rest = word[:cut], word[cut:]
        begun = next((known for f in (first, first.rstrip("s")) if (known := _exact().get(f) or _stems().get(f))), None)
        begun = begun or (_known((first,)) if len(first) > _LONG_STEM else None)
        if begun and rest in _exact() and (len(rest) >= _ENDING or not _known((word,))):
            yield begun, _exact()[rest]


def _known(said: Sequence[str]) -> Token:
    """Return what a phrase stands for: as it is written, else with another ending of its last word."""
    phrase = _numbered(" ".join(said))
    exact = _exact().get(phrase, frozenset())
    if exact and len(said) > 1:
        return exact
    if len(said) > 1 and (bare := next((b for b in _bare(said[-1]) if f"{' '.join(said[:-1])} {b}" in _exact()), None)):
        return _exact()[f"{' '.join(said[:-1])} {bare}"]
    begun = range(len(phrase) - 1, max(2, len(phrase) - len(said[-1]) + 1), -1)
    return exact | next((_stems()[phrase[:n]] for n in begun if phrase[:n] in _stems()), frozenset())


@cache
def _exact() -> dict[str, Token]:
    found: dict[str, set[str]] = {}
    for concept, entries in concepts().items():
        for entry in entries:
            found.setdefault(_phrase(entry), set()).add(concept)
    for stem, meant_by_it in _stems().items():
        if stem in found:
            found[stem] |= meant_by_it
    return {phrase: frozenset(spoken) for phrase, spoken in found.items()}


@cache
def _stems() -> dict[str, Token]:
    found: dict[str, set[str]] = {}
    for concept, entries in concepts().items():
        for entry in entries:
            if entry.endswith("*"):
                found.setdefault(_phrase(entry), set()).add(concept)
    return {stem: frozenset(spoken) for stem, spoken in found.items()}


def _phrase(entry: str) -> str:
    return _numbered(" ".join(words(entry.rstrip("*"))))


def _numbered(phrase: str) -> str:
    """Return a phrase with one word for number: `hizmet numarası` is `hizmet no`, `student number` `student no`."""
    return re.sub(r"(?<= )(numarasi|numara|number|num|nr|nummer|numero)$", "no", phrase)


@cache
def concepts() -> dict[str, list[str]]:
    """Return the words of every concept."""
    return tomllib.loads(files("insights.sources.proposing").joinpath("concepts.toml").read_text("utf-8"))
