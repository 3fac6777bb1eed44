"""Words of a comment as stems, Turkish and English, so that "kargonun" and "kargo" are one word."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import snowballstemmer

_WORD = re.compile(r"[^\W\d_]{3,}")
_TURKISH = re.compile("[çğıöşüÇĞİÖŞÜâîû]")


@cache
def lexicon() -> Mapping[str, Any]:
    """Return the stemmers, the words that say nothing by themselves, both by language, and the themes that ship."""
    return tomllib.loads(Path(__file__).with_name("lexicon.toml").read_text("utf-8"))


def lowered(text: str, language: str) -> str:
    """Return a text in small letters: in Turkish I becomes ı and İ becomes i, elsewhere both become i."""
    return text.replace("İ", "i").replace("I", "ı" if language == "tr" else "i").lower()


def spoken(text: str, otherwise: str) -> str:
    """Return the language of a text: by its letters, else by its small words, else the one given."""
    if _TURKISH.search(text):
        return "tr"
    words = _WORD.findall(lowered(text, "en"))
    told = {language: sum(w in lexicon()["empty"][language] for w in words) for language in lexicon()["stemmers"]}
    best = max(told, key=lambda language: (told[language], language == otherwise))
    return best if told[best] else otherwise


class Stems:
    """Stems of words; one for each question, since a stemmer keeps a state of its own."""

    def __init__(self, otherwise: str) -> None:
        self.otherwise = otherwise if otherwise in lexicon()["stemmers"] else "en"
        self._stemmers = {code: snowballstemmer.stemmer(name) for code, name in lexicon()["stemmers"].items()}
        self._held: dict[tuple[str, str], str] = {}

    def of(self, text: str) -> dict[str, str]:
        """Return each stem of a text once, with the word it was found as."""
        language = spoken(text, self.otherwise)
        return dict(self._each(text, language))

    def one(self, word: str) -> set[str]:
        """Return what a word of a theme may look like as a stem, in either language."""
        return {self._stem(lowered(word, code), code) for code in self._stemmers}

    def _each(self, text: str, language: str) -> Iterator[tuple[str, str]]:
        empty = lexicon()["empty"][language]
        for word in _WORD.findall(lowered(text, language)):
            if word not in empty and plain(word) not in empty:
                yield self._stem(word, language), word

    def _stem(self, word: str, language: str) -> str:
        if (word, language) not in self._held:
            self._held[word, language] = plain(self._stemmers[language].stemWord(word))
        return self._held[word, language]


def plain(word: str) -> str:
    """Return a word without the marks people leave out when they type: ş as s, ı as i."""
    bare = unicodedata.normalize("NFKD", word.replace("ı", "i"))
    return "".join(c for c in bare if not unicodedata.combining(c))
