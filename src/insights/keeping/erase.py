"""Erasing one person from every place: versions, raw exports, the list of merged people, the trail, the rest."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from insights.access import Trail
from insights.keeping import beside, raw
from insights.settings import Settings
from insights.warehouse import sending
from insights.warehouse.failpoints import failpoint
from insights.warehouse.personal import forgetting
from insights.warehouse.personal.forgetting import Erased
from insights.warehouse.personal.scrub import Needle, Words


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
    finish(settings)
    gone = _Elsewhere(settings)
    done = forgetting.erase(settings, asked, sources, gone)
    sending.follow(settings)
    return Gone(done, tuple(gone.removed), tuple(gone.rewritten))


def finish(settings: Settings) -> bool:
    """Do what an erasure that was cut short has left to do; tell whether there was anything."""
    found = forgetting.finish(settings, _Elsewhere(settings))
    if found:
        sending.follow(settings)
    return found


class _Elsewhere:
    """What takes people out of raw exports, of the files beside the warehouse and of the trail."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.removed, self.rewritten = settings, list[Path](), list[Path]()

    def __call__(self, ids: Mapping[str, str], needles: Sequence[Needle]) -> None:
        tells, without = raw.teller(list(ids), Words(needles).any), beside.without(needles, ids)
        self.rewritten += [path for path in _beside(self.settings) if beside.rewrite(path, without)]
        trail = Trail(self.settings.warehouse)
        self.rewritten += [trail.file] if trail.rewrite(without) else []
        failpoint("rewritten")
        self.removed += [path for folder in self.settings.personal.raw for path in raw.telling(folder, tells)]
        for path in self.removed:
            path.unlink()


def telling(settings: Settings, found: forgetting.Found) -> list[Path]:
    """Return the raw exports an erasure would remove."""
    tells = raw.teller([one for _, one in found.person.ids], Words(found.person.needles("")).any)
    return [path for folder in settings.personal.raw for path in raw.telling(folder, tells)]


def _beside(settings: Settings) -> Iterator[Path]:
    """Yield the files of text that may name people: saved views, decisions, mappings, the list of merged people."""
    yield from beside.texts(settings.warehouse, settings.profiles)
    if (merged := settings.merged_people).is_file() and settings.profiles not in merged.parents:
        yield merged
