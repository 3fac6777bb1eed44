"""What was made of the shipped profiles, kept beside the byte code: a first load need not read 130 files again."""

import hashlib
import pickle
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from insights import schema
from insights.sources.profile.language import Profile

_PLACE = Path(__file__).parent / "__pycache__" / f"profiles.{sys.implementation.cache_tag}"
_CODE = (Path(__file__).parent, Path(schema.__file__).parent)


def kept(written: Iterable[Path], made: Callable[[], tuple[Profile, ...]]) -> tuple[Profile, ...]:
    """Return what `made` makes of the files `written`, from the time before where neither they nor our code changed.

    Whoever can write beside the byte code can change what runs anyway, so what lies there is believed as much.
    """
    stamp = _stamp([*written, *(file for folder in _CODE for file in folder.glob("*.py"))])
    with suppress(OSError, ValueError, EOFError, AttributeError, ImportError, pickle.UnpicklingError):
        was, found = pickle.loads(_PLACE.read_bytes())
        if was == stamp:
            return tuple(found)
    found = made()
    if not sys.dont_write_bytecode:
        with suppress(OSError):
            _PLACE.parent.mkdir(exist_ok=True)
            new = _PLACE.with_suffix(f".{stamp[:8]}.tmp")
            new.write_bytes(pickle.dumps((stamp, found)))
            new.replace(_PLACE)
    return found


def _stamp(files: Iterable[Path]) -> str:
    told = [(file.name, (stat := file.stat()).st_mtime_ns, stat.st_size) for file in sorted(files)]
    return hashlib.sha256(repr(told).encode()).hexdigest()
