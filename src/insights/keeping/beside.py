"""Texts beside a warehouse that may name people, such as saved views and lists: written anew without somebody."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from insights.keeping.backup import ACCOUNTS, AUDIT
from insights.warehouse.personal import marks
from insights.warehouse.personal.scrub import Needle, Words

Without = Callable[[str], str]
_OURS = (ACCOUNTS, marks.FILE, *AUDIT)
_NO_TEXT = ("*.duckdb", "*.sqlite*", "*.tmp", "LOCK", "CURRENT", "SUMS")


def without(needles: Iterable[Needle], ids: Mapping[str, str]) -> Without:
    """Return what takes people out of a text: what they are known by, and their ids with the word for each."""
    words, any_of = Words(needles), "|".join(map(re.escape, sorted(ids, key=len, reverse=True)))
    # An id stands as a value of its own: in quotes of either kind, or between the commas of a list.
    alone = re.compile(rf"""(?<![^"',;\s])(?:{any_of})(?![^"',;\s])""")
    return lambda text: alone.sub(lambda found: ids[found[0]], words.without(text))


def texts(*folders: Path) -> Iterator[Path]:
    """Yield the files of text in some folders."""
    inside = (p for folder in folders if folder.exists() for p in sorted(folder.rglob("*")))
    return (p for p in inside if p.is_file() and p.name not in _OURS and not any(map(p.match, _NO_TEXT)))


def rewrite(path: Path, without: Without) -> bool:
    """Write a text anew where it names somebody; tell whether it did."""
    try:
        before = path.read_text("utf-8")
    except UnicodeDecodeError:
        return False
    if (after := without(before)) == before:
        return False
    beside = path.with_name(f".{path.name}.new")
    beside.touch(mode=path.stat().st_mode & 0o777)
    beside.write_text(after, "utf-8")
    beside.replace(path)
    return True
