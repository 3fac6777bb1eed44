"""What the bytes of a text file prove: its encoding, its content hash, and whether it is clean enough to read at full speed."""

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import NoReturn

from insights.errors import FileRefused
from insights.sources.clues import letters
from insights.sources.profile import spelling
from insights.sources.reading.unpack import SUFFIXES

_CHUNK = 1 << 22
_LOOKED_AT = 20_000
"""Lines whose letters say the encoding."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = (b"%PDF", b"{\\rtf", b"\x89PNG", b"SQLite format 3", b"Rar!", b"7z\xbc\xaf")
_ODD_BLANKS = (b"\xc2\xa0", b"\xe2\x80\x8b", b"\xe2\x81\xa0")
_HARMLESS = (7, 8, 9, 10, 11, 12, 13, 26, 27, 29, 30, 31)
GUESSED = letters.COMMON
"""Encodings nothing proves: any bytes are letters in them."""
_STRAY = 1 / 3
"""Up to this share of the lines with letters beyond ASCII may be in another encoding and is set aside."""
_ERROR_CELLS = (
    b"#REF!",
    b"#N/A",
    b"#VALUE!",
    b"#DIV/0!",
    b"#NAME?",
    b"#NUM!",
    b"#NULL!",
    b"#YOK",
    b"#BA\xc5\x9eV!",
    b"#DE\xc4\x9e",
    b"#SAYI",
    b"#AD?",
)


@dataclass(frozen=True)
class TextFacts:
    """What one pass over the bytes found."""

    sha256: str
    encoding: str
    clean: bool
    newlines: int
    ends_open: bool
    error_cells: bool
    odd_blanks: bool
    apart: bool = False
    """Some accent stands apart from its letter."""
    guessed: bool = False
    """The encoding is what the letters make of the bytes, and one hardly used today."""


@dataclass
class _Scan:
    """Counts kept while the bytes go by."""

    valid: bool = True
    nul: bool = False
    newlines: int = 0
    returns: int = 0
    pairs: int = 0
    quotes: int = 0
    odd_blanks: bool = False
    errors: bool = False
    bom: bool = False
    apart: bool = False
    """Accents stand apart from their letters."""
    last: bytes = b""


def inspect(path: Path, name: str, forced: str | None, *, legacy: bool = True) -> TextFacts:
    """Read the whole file once and say what it is; raises FileRefused for binary content.

    Without `legacy` the text is Unicode (as JSON is), whatever single lines say.
    """
    with path.open("rb") as file:
        head = file.read(65536)
    bom = next((e for b, e in _BOMS if head.startswith(b)), None)
    wide = bom in ("utf-16", "utf-32") or (forced or "").lower().startswith(("utf-16", "utf_16", "utf-32"))
    guess = None if bom or wide else _wide_without_bom(head)
    if not wide and not guess:
        _refuse_binary(head, name)
    if wide and not bom and b"\0" not in head:
        raise FileRefused("encoding", file=name, found=forced)
    digest, scan = hashlib.sha256(), _Scan()
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            _look(scan, chunk, decoder)
    scan.valid = scan.valid and _ends(decoder)
    encoding = (
        bom
        or guess
        or (_decide(scan, path, known(forced, name) if forced else None, name) if legacy or forced else "utf-8")
    )
    clean = (
        encoding in ("utf-8", "utf-8-sig")
        and scan.valid
        and not scan.nul
        and not scan.bom
        and not scan.apart
        and scan.quotes % 2 == 0
        and scan.returns in (0, scan.newlines)
        and scan.pairs == scan.returns
    )
    return TextFacts(
        digest.hexdigest(),
        encoding,
        clean,
        scan.newlines,
        scan.last not in (b"\n", b"\r"),
        scan.errors,
        scan.odd_blanks,
        apart=scan.apart,
        guessed=not forced and encoding in letters.OLD,
    )


def _look(scan: _Scan, chunk: bytes, decoder: codecs.IncrementalDecoder) -> None:
    if scan.valid and not chunk.isascii():
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError:
            scan.valid = False
    elif scan.valid and decoder.getstate()[0]:
        scan.valid = False
    if not chunk.isascii():
        scan.bom = scan.bom or (b"\xef" in chunk and chunk.find(codecs.BOM_UTF8, 1 if not scan.last else 0) >= 0)
        scan.odd_blanks = scan.odd_blanks or any(b[:1] in chunk and b in chunk for b in _ODD_BLANKS)
        scan.apart = scan.apart or b"\xcc" in chunk or b"\xcd" in chunk
    scan.odd_blanks = scan.odd_blanks or b"\t" in chunk
    scan.nul = scan.nul or b"\0" in chunk
    scan.newlines += chunk.count(b"\n")
    if b'"' in chunk:  # looking for one byte is far faster than counting it, or than looking for two
        scan.quotes += chunk.count(b'"')
    if b"\r" in chunk and (returns := chunk.count(b"\r")):
        scan.returns += returns
        scan.pairs += chunk.count(b"\r\n")
    if scan.last == b"\r" and chunk[:1] == b"\n":
        scan.pairs += 1
    scan.errors = scan.errors or (b"#" in chunk and any(e in chunk for e in _ERROR_CELLS))
    scan.last = chunk[-1:]


def _ends(decoder: codecs.IncrementalDecoder) -> bool:
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _refuse_binary(head: bytes, name: str) -> None:
    control = sum(head.count(bytes((c,))) for c in range(32) if c not in _HARMLESS)
    if head.startswith(_BINARY) or control > 0.05 * len(head):
        refuse_no_table(name)


def refuse_no_table(name: str) -> NoReturn:
    """Refuse what is no table: by its kind when its name says so too, else for what it pretends to be."""
    suffix = PurePath(name).suffix.lower()
    if suffix and suffix not in SUFFIXES:
        raise FileRefused("unsupported_type", file=name, found=suffix)
    raise FileRefused("binary_content", file=name)


def _wide_without_bom(head: bytes) -> str | None:
    even, odd, half = head[0::2].count(0), head[1::2].count(0), max(len(head) // 2, 1)
    if len(head) >= 8 and odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if len(head) >= 8 and even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def known(forced: str, name: str) -> str:
    """Return the codec an encoding is called; raises FileRefused for none of text."""
    try:
        return spelling.codec(forced)
    except (LookupError, ValueError) as error:
        raise FileRefused("encoding", file=name, found=forced) from error


def _decide(scan: _Scan, path: Path, forced: str | None, name: str) -> str:
    """BOM and strict UTF-8 were tried; a file that is mostly UTF-8 stays so and its odd lines are set aside."""
    if forced and forced != "utf-8":
        return forced
    if scan.valid:
        return "utf-8"
    good, bad, odd = _lines(path)
    if bad <= _STRAY * (good + bad):
        return "utf-8"
    if forced or good > _STRAY * (good + bad):
        raise FileRefused("encoding", file=name, found=forced or "utf-8")
    return letters.likeliest(odd)


def _lines(path: Path) -> tuple[int, int, list[bytes]]:
    """Return how many lines with letters beyond ASCII are UTF-8, how many are not, and the first of those."""
    good = bad = 0
    odd: list[bytes] = []
    with path.open("rb") as file:
        for line in file:
            if not line.isascii():
                try:
                    line.decode("utf-8")
                    good += 1
                except UnicodeDecodeError:
                    bad += 1
                    if len(odd) < _LOOKED_AT:
                        odd.append(line)
    return good, bad, odd
