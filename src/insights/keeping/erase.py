"""Erasing one person from every place: versions, raw exports, the list of merged people, the trail, the rest."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from insights.access import Trail
from insights.keeping import raw
from insights.keeping.backup import ACCOUNTS, AUDIT
from insights.settings import Settings
from insights.warehouse import sending
from insights.warehouse.personal import forgetting, marks
from insights.warehouse.personal.forgetting import Erased
from insights.warehouse.personal.scrub import Words

_OURS = (ACCOUNTS, marks.FILE, *AUDIT)
_NO_TEXT = ("*.duckdb", "*.sqlite*", "*.tmp", "LOCK", "CURRENT", "SUMS")


@dataclass(frozen=True)
class Gone:
    """What was erased, which raw exports were removed for it, and which files beside the warehouse were rewritten."""

    erased: Erased
    removed: tuple[Path, ...]
    rewritten: tuple[Path, ...]


def erase(settings: Settings, asked: str, sources: Sequence[str] = ()) -> Gone:
    """Erase who an id, an e-mail address or a telephone number means from everything under our care.

    Raises UnknownName for nobody or for several. Backups made before still hold them; restoring one erases them again.
    """
    done = forgetting.erase(settings, asked, sources)
    tells, without = _ways(done)
    removed = [path for folder in settings.personal.raw for path in raw.telling(folder, tells)]
    for path in removed:
        path.unlink()
    rewritten = [path for path in _beside(settings) if _rewrite(path, without)]
    trail = Trail(settings.warehouse)
    rewritten += [trail.file] if trail.rewrite(without) else []
    sending.follow(settings)
    return Gone(done, tuple(removed), tuple(rewritten))


def telling(settings: Settings, found: forgetting.Found) -> list[Path]:
    """Return the raw exports an erasure would remove."""
    tells = raw.teller([one for _, one in found.person.ids], Words(found.person.needles("")).any)
    return [path for folder in settings.personal.raw for path in raw.telling(folder, tells)]


def _ways(done: Erased) -> tuple[Callable[[str], bool], Callable[[str], str]]:
    """Return what tells whether a text names the person, and what takes them out of it."""
    words, ids = Words(done.needles), _whole_words(done.ids)
    return raw.teller(list(done.ids), words.any), lambda text: ids(words.without(text))


def _whole_words(ids: Mapping[str, str]) -> Callable[[str], str]:
    """Return what replaces ids that stand as a value of their own: in quotes, or between the commas of a list."""
    any_of = "|".join(map(re.escape, sorted(ids, key=len, reverse=True)))
    alone = re.compile(rf'(?<![^",;\s\n])(?:{any_of})(?![^",;\s\n])', re.MULTILINE)
    return lambda text: alone.sub(lambda found: ids[found[0]], text)


def _beside(settings: Settings) -> Iterator[Path]:
    """Yield the files of text that may name people: saved views, decisions, mappings, the list of merged people."""
    folders = [settings.warehouse, settings.profiles]
    inside = (p for folder in folders if folder.exists() for p in sorted(folder.rglob("*")))
    yield from (p for p in inside if p.is_file() and p.name not in _OURS and not any(map(p.match, _NO_TEXT)))
    if (merged := settings.merged_people).is_file() and settings.profiles not in merged.parents:
        yield merged


def _rewrite(path: Path, without: Callable[[str], str]) -> bool:
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
