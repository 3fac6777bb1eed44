"""What was made of files that ship, kept beside the byte code: a command need not read two hundred files again."""

import hashlib
import pickle
import sys
import zoneinfo
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


def kept(beside: Path, name: str, files: Iterable[Path], made: Callable[[], T]) -> T:
    """Return what `made` makes of `files`, from the time before where none of them and none beside it has changed.

    Whoever can write beside the byte code can change what runs anyway, so what lies there is believed as much.
    """
    place = beside / "__pycache__" / f"{name}.{sys.implementation.cache_tag}"
    stamp = _stamp(files)
    with suppress(OSError, ValueError, EOFError, AttributeError, ImportError, pickle.UnpicklingError):
        was, found = pickle.loads(place.read_bytes())
        if was == stamp:
            return found  # type: ignore[no-any-return]
    new = made()
    if not sys.dont_write_bytecode:
        with suppress(OSError):
            place.parent.mkdir(exist_ok=True)
            part = place.with_suffix(f".{stamp[:8]}.tmp")
            part.write_bytes(pickle.dumps((stamp, new)))
            part.replace(place)
    return new


@cache
def time_zones() -> frozenset[str]:
    """Return the names of time zones; to ask this machine for them opens hundreds of files."""
    folders = [Path(folder) for folder in zoneinfo.TZPATH if Path(folder).is_dir()]
    told = [file for of in folders for file in (of, *of.glob("*.tab"), *of.glob("tzdata.zi"))]
    if not told:
        return frozenset(zoneinfo.available_timezones())
    return kept(Path(__file__).parent, "zones", told, lambda: frozenset(zoneinfo.available_timezones()))


def _stamp(files: Iterable[Path]) -> str:
    told = [(file.name, (stat := file.stat()).st_mtime_ns, stat.st_size) for file in sorted(files)]
    return hashlib.sha256(repr(told).encode()).hexdigest()
