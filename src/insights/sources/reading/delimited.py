"""Where the table in a text file begins: delimiter, header line, preamble, and which profile it fits."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from insights.errors import FileRefused
from insights.sources.folding import composed
from insights.sources.model import ReadOptions
from insights.sources.nested import Inner, inside
from insights.sources.profile import Profile
from insights.sources.profile.recognise import recognise, refuse
from insights.sources.reading.text import TextFacts

_DELIMITERS = (",", ";", "\t", "|", " ")
_HEAD = 1 << 19
_PREAMBLE = 40
_TAIL, _FOOTER = 4096, 6
UNNAMED = "column "
NAMES = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|", "space": " ", "whitespace": " "}


@dataclass(frozen=True)
class Layout:
    """How to cut a text file into cells; `skip` physical lines come before the first data line."""

    delimiter: str
    headers: tuple[str, ...]
    skip: int
    profile: Profile
    inner: tuple[Inner, ...] = ()
    """What the objects in its cells hold."""


def layout(path: Path, facts: TextFacts, profiles: Sequence[Profile], options: ReadOptions, name: str) -> Layout:
    """Find delimiter, header line and profile; raises FileRefused when nothing fits."""
    text = head(path, facts.encoding)
    if not text.strip(' ,;|\t\r\n"\x1a'):
        raise FileRefused("empty_file", file=name)
    forced = NAMES.get(options.delimiter or "", options.delimiter)
    if found := _headerless(text, profiles, forced):
        return found
    best: tuple[tuple[int, ...], Layout] | None = None
    for delimiter in (forced,) if forced else _DELIMITERS:
        rows = list(_records(text, delimiter))
        for number, ((line, cells), (after, below)) in enumerate(zip(rows, [*rows[1:], (0, [])], strict=False)):
            inner = inside(cells, [row for _, row in rows[number + 1 :]]) if "{" in text else ()
            fit = recognise([*cells, *(of.name for of in inner)], profiles)
            if fit and (best is None or fit.rank > best[0]):
                two = fit.profile.header_rows == 2 and second_header(below)
                headers = trimmed(merged(cells, below) if two else cells)
                best = fit.rank, Layout(delimiter, headers, after if two else line, fit.profile, inner)
    columns = len(best[1].headers if best else _likely_header(text, forced))
    if columns > options.limits.max_columns:
        raise FileRefused("too_many_columns", file=name, found=columns, allowed=options.limits.max_columns)
    if best is None:
        raise _refusal(text, forced, profiles, name)
    return best[1]


def _refusal(text: str, forced: str | None, profiles: Sequence[Profile], name: str) -> FileRefused:
    """Return why no header was found: a quote in it that never closes, or what `refuse` says of the likely one."""
    first = text.lstrip().split("\n", 1)[0]
    if '"' in first and any(recognise(first.replace('"', "").split(d), profiles) for d in _DELIMITERS):
        return FileRefused("unbalanced_quote", file=name, line=1)
    return refuse(_likely_header(text, forced), profiles, name)


def head(path: Path, encoding: str) -> str:
    """Return the beginning of the file as text, whole lines only."""
    with path.open("rb") as file:
        raw = file.read(_HEAD)
        whole = not file.read(1)
    text = raw.decode(encoding, errors="replace")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return text if whole or "\n" not in text else text[: text.rindex("\n")]


def beside(path: Path, encoding: str, how: Layout) -> list[str]:
    """Return the lines before the header and the last few, where a report says how it was made."""
    first = head(path, encoding).split("\n")[: max(how.skip - 1, 0)]
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - _TAIL, 0))
        last = file.read().decode(encoding, errors="replace").splitlines()[-_FOOTER:]
    width = len(how.headers)
    return [*first, *(line for line in last if width > 2 and line.count(how.delimiter) < width - 2)]


def trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    """Return headers without surrounding blanks; an unnamed one gets its number."""
    return tuple(composed(c).strip("\ufeff \t\xa0") or f"{UNNAMED}{i + 1}" for i, c in enumerate(cells))


def second_header(cells: Sequence[str]) -> bool:
    """Tell whether the row below a header belongs to it: a row of data begins with an id, and it with nothing."""
    return bool(cells) and not cells[0].strip() and any(c.strip() for c in cells)


def merged(cells: Sequence[str], below: Sequence[str]) -> list[str]:
    """Return the header of two rows: what the first leaves empty the second names."""
    return [c if c.strip() else b for c, b in zip_longest(cells, below, fillvalue="")]


def named(headers: Sequence[str]) -> int:
    """Return how many cells a row must have: unnamed columns at the end may be left out."""
    count = len(headers)
    while count and headers[count - 1].startswith(UNNAMED):
        count -= 1
    return count


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the first records with the number of their last line."""
    lines = text.split("\n", 400)[:400]
    if delimiter == " ":
        yield from ((i, cells) for i, line in enumerate(lines[:_PREAMBLE], 1) if len(cells := line.split()) > 1)
        return
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter, skipinitialspace=False)
    try:
        for number, cells in enumerate(reader):
            if number > _PREAMBLE:
                return
            if len(cells) > 1 or (cells and number < 3):
                yield reader.line_num, cells
    except csv.Error:
        return


def _headerless(text: str, profiles: Sequence[Profile], forced: str | None) -> Layout | None:
    """Return the layout of a file without header: its first line is of a known form, or the user named the profile."""
    first = text.split("\n", 1)[0]
    for profile in profiles:
        if profile.header and (re.search(profile.pattern, first) if profile.pattern else len(profiles) == 1):
            said = forced or NAMES.get(profile.delimiter or "", profile.delimiter)
            likely = (d for d in _DELIMITERS for _, cells in _records(first, d) if len(cells) == len(profile.header))
            return Layout(said or next(likely, ","), profile.header, 0, profile)
    return None


def _likely_header(text: str, forced: str | None) -> list[str]:
    """Return the cells of the line that most looks like a header, for the refusal."""
    best: tuple[int, list[str]] = (0, [])
    for delimiter in (forced,) if forced else _DELIMITERS[:-1]:
        records = [cells for _, cells in _records(text, delimiter)]
        widths = Counter(len(cells) for cells in records if len(cells) > 1)
        if widths:
            width, count = widths.most_common(1)[0]
            if width * count > best[0]:
                best = width * count, fullest(cells for cells in records if len(cells) == width)
    return best[1] or text.split("\n", 1)[:1]


def fullest(rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the row that most looks like a header: the first with a cell in most columns, else the fullest.

    A title that Excel has padded with empty cells is none; of a header in two rows, with groups above the names, the
    lower one is.
    """
    found = list(rows)
    most = max(map(_cells, found), default=0)
    first = next((n for n, cells in enumerate(found) if 2 * _cells(cells) > most), 0)
    below = found[first + 1] if first + 1 < len(found) else []
    return list(below if _names_more(below, found[first]) else found[first]) if found else []


def _cells(cells: Sequence[str]) -> int:
    return sum(map(bool, map(str.strip, cells)))


def _names_more(below: Sequence[str], above: Sequence[str]) -> bool:
    """Tell whether a row names more columns than the one above: different words without a figure, no gap among them."""
    said = [c.strip() for c in below if c.strip()]
    gaps = len(above) > _cells(above) and len(said) > _cells(above)
    return gaps and len(set(said)) == len(said) and not any(c.isdigit() or c == "@" for c in "".join(said))


__all__ = [
    "NAMES",
    "UNNAMED",
    "Layout",
    "beside",
    "fullest",
    "head",
    "layout",
    "merged",
    "named",
    "second_header",
    "trimmed",
]
