"""Whether a version file is as it was published: one checksum a file, written before readers are told of it.

It finds damage (a flipped byte, a file cut short, emptied or exchanged), not malice: who can write the file can write
the sum. Files published before there were sums are taken to be whole.
"""

import os
import zlib
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

FILE = "SUMS"
_CHUNK = 1 << 20
_BESIDE = ".tmp"


def of(path: Path) -> str:
    """Return the checksum of a file's bytes."""
    found = 0
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(_CHUNK):
            found = zlib.crc32(chunk, found)
    return f"{found:08x}"


def written(directory: Path) -> dict[str, str]:
    """Return the checksums written down by file name; a line that is damaged itself says nothing."""
    with suppress(OSError, UnicodeDecodeError):
        lines = (line.split("  ") for line in (directory / FILE).read_text("ascii").splitlines())
        return {pair[1]: pair[0] for pair in lines if len(pair) == 2}
    return {}


def write(directory: Path, new: dict[str, str]) -> None:
    """Write down new checksums, in one atomic step, and forget those of files that are gone."""
    there = set(os.listdir(directory))
    kept = {name: found for name, found in written(directory).items() if name in there} | new
    beside = directory / f"{FILE}{_BESIDE}"
    beside.touch(mode=0o600)
    beside.write_text("".join(f"{found}  {name}\n" for name, found in sorted(kept.items())), "ascii")
    with beside.open("rb") as file:
        os.fsync(file.fileno())
    beside.replace(directory / FILE)


def whole(path: Path) -> bool:
    """Tell whether a file is there and as it was published; read once per process and state of the file."""
    with suppress(OSError):
        state = path.stat()
        return state.st_size > 0 and _matches(
            path, written(path.parent).get(path.name), state.st_size, state.st_mtime_ns
        )
    return False


@lru_cache(maxsize=64)
def _matches(path: Path, wanted: str | None, size: int, modified_ns: int) -> bool:
    return wanted is None or of(path) == wanted
