"""Erasing one person from every place: versions, raw exports, the list of merged people, the trail, the rest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from insights.access import Trail
from insights.keeping import beside, raw
from insights.settings import Settings
from insights.warehouse import sending
from insights.warehouse.personal import forgetting
from insights.warehouse.personal.forgetting import Erased
from insights.warehouse.personal.scrub import Words


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
    tells, without = raw.teller(list(done.ids), Words(done.needles).any), beside.without(done.needles, done.ids)
    removed = [path for folder in settings.personal.raw for path in raw.telling(folder, tells)]
    for path in removed:
        path.unlink()
    rewritten = [path for path in _beside(settings) if beside.rewrite(path, without)]
    trail = Trail(settings.warehouse)
    rewritten += [trail.file] if trail.rewrite(without) else []
    sending.follow(settings)
    return Gone(done, tuple(removed), tuple(rewritten))


def telling(settings: Settings, found: forgetting.Found) -> list[Path]:
    """Return the raw exports an erasure would remove."""
    tells = raw.teller([one for _, one in found.person.ids], Words(found.person.needles("")).any)
    return [path for folder in settings.personal.raw for path in raw.telling(folder, tells)]


def _beside(settings: Settings) -> Iterator[Path]:
    """Yield the files of text that may name people: saved views, decisions, mappings, the list of merged people."""
    yield from beside.texts(settings.warehouse, settings.profiles)
    if (merged := settings.merged_people).is_file() and settings.profiles not in merged.parents:
        yield merged
