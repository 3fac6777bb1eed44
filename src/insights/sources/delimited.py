"""Where the table in a text file begins: delimiter, header line, preamble, and which profile it fits."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from insights.errors import FileRefused
from insights.sources.model import ReadOptions
from insights.sources.profile import Profile
from insights.sources.recognise import Fit, recognise, refuse
from insights.sources.text import TextFacts

_DELIMITERS = (",", ";", "\t", "|")
_HEAD = 1 << 19
_PREAMBLE = 40
NAMES = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|", "space": " ", "whitespace": " "}


@dataclass(frozen=True)
class Layout:
    """How to cut a text file into cells; `skip` physical lines come before the first data line."""

    delimiter: str
    headers: tuple[str, ...]
    skip: int
    profile: Profile


def layout(path: Path, facts: TextFacts, profiles: Sequence[Profile], options: ReadOptions, name: str) -> Layout:
    """Find delimiter, header line and profile; raises FileRefused when nothing fits."""
    text = head(path, facts.encoding)
    if not text.strip():
        raise FileRefused("empty_file", file=name)
    if found := _headerless(text, profiles):
        return found
    forced = NAMES.get(options.delimiter or "", options.delimiter)
    best: tuple[tuple[int, ...], Layout] | None = None
    for delimiter in (forced,) if forced else _DELIMITERS:
        for line, cells in _records(text, delimiter):
            fit = recognise(cells, profiles)
            if fit and (best is None or fit.rank > best[0]):
                best = fit.rank, Layout(delimiter, trimmed(cells), line, fit.profile)
    if best is None:
        raise refuse(_likely_header(text, forced), profiles, name)
    if len(best[1].headers) > options.limits.max_columns:
        raise FileRefused("too_many_columns", file=name, found=len(best[1].headers), allowed=options.limits.max_columns)
    return best[1]


def head(path: Path, encoding: str) -> str:
    """Return the beginning of the file as text, whole lines only."""
    with path.open("rb") as file:
        raw = file.read(_HEAD)
        whole = not file.read(1)
    text = raw.decode(encoding, errors="replace")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return text if whole or "\n" not in text else text[: text.rindex("\n")]


def trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    """Return headers without surrounding blanks and without trailing empty ones; an unnamed one gets its number."""
    named = [c.strip().strip("\ufeff") for c in cells]
    while named and not named[-1]:
        named.pop()
    return tuple(c or f"column {i + 1}" for i, c in enumerate(named))


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the first records with the number of their last line."""
    lines = text.split("\n", 400)[:400]
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter, skipinitialspace=False)
    try:
        for number, cells in enumerate(reader):
            if number > _PREAMBLE:
                return
            if len(cells) > 1 or (cells and number < 3):
                yield reader.line_num, cells
    except csv.Error:
        return


def _headerless(text: str, profiles: Sequence[Profile]) -> Layout | None:
    first = text.split("\n", 1)[0]
    for profile in profiles:
        if profile.pattern and profile.header and re.search(profile.pattern, first):
            delimiter = NAMES.get(profile.delimiter or "", profile.delimiter) or ","
            return Layout(delimiter, profile.header, 0, profile)
    return None


def _likely_header(text: str, forced: str | None) -> list[str]:
    """Return the cells of the line that most looks like a header, for the refusal."""
    best: tuple[int, list[str]] = (0, [])
    for delimiter in (forced,) if forced else _DELIMITERS:
        records = [cells for _, cells in _records(text, delimiter)]
        widths = Counter(len(cells) for cells in records if len(cells) > 1)
        if widths:
            width, count = widths.most_common(1)[0]
            if width * count > best[0]:
                best = width * count, next(cells for cells in records if len(cells) == width)
    return best[1] or text.split("\n", 1)[:1]


__all__ = ["NAMES", "Fit", "Layout", "head", "layout", "replace", "trimmed"]
