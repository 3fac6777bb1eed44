"""Raw exports that name somebody: in any of the usual encodings, packed or not."""

import gzip
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO

_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "windows-1254", "cp857", "mac-turkish")
_PIECE = 16 << 20
_OVERLAP = 4096
_DEEPEST = 3

Tells = Callable[[str], bool]


def teller(ids: Sequence[str], words: str) -> Tells:
    """Return what tells whether a text holds one of the ids as a value of its own, or what the expression finds."""
    any_of = "|".join(map(re.escape, ids))
    sought = re.compile("|".join(filter(None, (rf"(?<![\w.@-])(?:{any_of})(?![\w.@-])" if ids else "", words))))
    return lambda text: bool(sought.search(text))


def telling(folder: Path, tells: Tells) -> list[Path]:
    """Return the files of a folder that name somebody; a link that leads out of it is left alone."""
    if not folder.is_dir():
        return []
    return [p for p in sorted(folder.rglob("*")) if p.is_file() and not p.is_symlink() and _tells(p, tells)]


def _tells(path: Path, tells: Tells) -> bool:
    with path.open("rb") as file:
        return any(_in(piece, tells) for piece in _pieces(file, _DEEPEST))


def _in(piece: bytes, tells: Tells) -> bool:
    texts = (piece.decode(name, "ignore") for name in _ENCODINGS)
    return any(tells(text) or ("\\u" in text and tells(_unescaped(text))) for text in texts)


def _unescaped(text: str) -> str:
    r"""Return JSON's text with \u00e7 as the letter it is."""
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)


def _pieces(file: IO[bytes], deep: int) -> Iterator[bytes]:
    """Yield a file's bytes unpacked, in pieces that overlap."""
    start = file.read(4)
    file.seek(0)
    try:
        if deep and start == b"PK\x03\x04":
            with zipfile.ZipFile(file) as archive:
                for one in archive.infolist():
                    with archive.open(one) as inside:
                        yield from _pieces(inside, deep - 1)
            return
        if deep and start[:2] == b"\x1f\x8b":
            with gzip.open(file) as inside:
                yield from _pieces(inside, deep - 1)  # type: ignore[arg-type]
            return
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError):
        file.seek(0)
    tail = b""
    while piece := file.read(_PIECE):
        yield tail + piece
        tail = piece[-_OVERLAP:]
