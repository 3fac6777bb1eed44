"""Every text of a language by its dotted key; what it does not say is said in English."""

import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from insights.kept import kept
from insights.texts import folders
from insights.texts.folders import FALLBACK


@cache
def own(language: str) -> dict[str, str]:
    """Return what a language says itself: the files of its folder, merged; a text said twice is an error."""
    files = sorted((folders.FOLDER / language).glob("*.toml"))
    return kept(folders.FOLDER, f"words-{language}", (*files, Path(__file__)), lambda: _read(files))


def _read(files: Iterable[Path]) -> dict[str, str]:
    found: dict[str, str] = {}
    for file in files:
        for key, text in () if file.name == "locale.toml" else _flat(tomllib.loads(file.read_text("utf-8")), ""):
            if key in found:
                raise ValueError(f"text {key} is defined twice")
            found[key] = text
    return found


def _flat(node: dict[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in node.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return every text of a language, those it lacks in English."""
    return own(FALLBACK) | own(language)


def gaps(language: str) -> list[str]:
    """Return the texts a language has no words for yet."""
    return sorted(own(FALLBACK).keys() - own(language).keys())


def t(key: str, language: str, /, **values: object) -> str:
    """Return the text `key` with its placeholders filled; an unknown key is a programming error (KeyError)."""
    text = catalogue(language)[key]
    return text.format(**values) if values else text


def has(key: str, language: str) -> bool:
    """Tell whether a text exists."""
    return key in catalogue(language)


def word(vocabulary: str, value: str | None, language: str) -> str:
    """Return a canonical word as readers say it; words of the source's own stay as they are; unknown is a dash word."""
    if value is None:
        return t("app.unknown", language)
    return catalogue(language).get(f"words.{vocabulary}.{value}", value)
