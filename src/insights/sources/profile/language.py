"""What one CRM's export looks like, as the product uses it: read from a TOML file in the language of `written`."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from insights.errors import FileRefused, MappingWrong
from insights.kept import kept
from insights.sources.folding import fold
from insights.sources.profile.spelling import Aliases, said
from insights.sources.profile.vocabulary import Words
from insights.sources.profile.written import FROM_A_FILE, History, Spec, Table, Written


@dataclass(frozen=True)
class TableSpec:
    """How a canonical table is filled from the rows of the file."""

    columns: dict[str, Spec] = field(default_factory=dict)
    when: Spec | None = None
    per: str | None = None
    changes: tuple[str, ...] = ()
    history: History | None = None
    also: tuple[Mapping[str, Spec], ...] = ()
    """Further questions of a survey: the columns in which they differ."""

    @property
    def specs(self) -> tuple[Spec, ...]:
        """Return where every value of the table comes from."""
        further = (s for question in self.also for s in question.values())
        return (*self.columns.values(), *([self.when] if self.when else []), *further)


@dataclass(frozen=True)
class Profile:
    """One export layout: how it is recognised and how its columns become canonical ones."""

    name: str
    label: str
    main: str
    tables: dict[str, TableSpec]
    required: tuple[Aliases, ...] = ()
    never: tuple[str, ...] = ()
    record: str | None = None
    header: tuple[str, ...] = ()
    pattern: str | None = None
    delimiter: str | None = None
    header_rows: int = 1
    timezone: str | None = None
    date_order: str | None = None
    decimal: str | None = None
    encoding: str | None = None
    earliest: str | None = None
    apostrophe: bool = False
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    own: bool = False
    hash: str = ""
    family: str = ""
    """Written as `source` instead of the name: the generic profiles of all tables belong together."""
    known: frozenset[str] = frozenset()
    """Every header the profile needs or could read, folded."""

    share: float = 0.0
    """Share of a file's headers it must know to be recognised: a generic profile must not take a stranger's file."""

    @property
    def needs(self) -> tuple[str, ...]:
        """Return the headers it is recognised by, first aliases only."""
        return tuple(a[0] for a in self.required)

    @property
    def fills(self) -> tuple[str, ...]:
        """Return the canonical tables it fills."""
        return tuple(self.tables)

    @property
    def source(self) -> str:
        """Return what its rows are stored under."""
        return self.family or self.name

    def knowing(self, words: Mapping[str, dict[str, str]]) -> "Profile":
        """Return the profile with words of the user's own, which win over its own ones."""
        if not words:
            return self
        merged = self.words | {v: self.words.get(v, {}) | found for v, found in words.items()}
        digest = hashlib.sha256(repr((self.hash, words)).encode()).hexdigest()[:16]
        return replace(self, words=merged, hash=digest)

    @property
    def headers(self) -> tuple[str, ...]:
        """Return every header the profile reads, first aliases only."""
        specs = [s for t in self.tables.values() for s in t.columns.values()]
        return tuple(dict.fromkeys(a[0] for s in specs for a in s.wanted if a))


WORDS_FILE = "words.toml"
"""In the directory of own profiles: words of every export, one line each (`status."in progress" = "open"`)."""


def read_profile(text: str, file: str, *, own: bool = False) -> Profile:
    """Return the profile written in TOML `text`; raises MappingWrong naming the key that is wrong."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingWrong("profile_unreadable", file=file, problem=str(error)) from error
    try:
        written = Written.model_validate(raw, context=FROM_A_FILE)
    except ValidationError as error:
        raise said(error, file) from error
    return _profile(written, hashlib.sha256(text.encode()).hexdigest()[:16], own)


def load_profile(path: Path) -> Profile:
    """Return the profile in a file of the user's."""
    return read_profile(_text(path), str(path), own=True)


def load_words(path: Path) -> dict[str, dict[str, str]]:
    """Return the words of the user's own that hold in every export, by vocabulary and folded; raises MappingWrong."""
    try:
        raw = tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError as error:
        raise MappingWrong("profile_unreadable", file=str(path), problem=str(error)) from error
    try:
        return Words.model_validate(raw).root
    except ValidationError as error:
        raise said(error, str(path)) from error


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise FileRefused("not_readable", file=str(path), problem=error.strerror or "not readable") from error
    except UnicodeDecodeError as error:
        raise MappingWrong("profile_unreadable", file=str(path), problem=str(error)) from error


@cache
def common_words() -> dict[str, dict[str, str]]:
    """Return the words of each vocabulary that every export may use, folded, to canonical ones."""
    here = Path(__file__).parent
    file, code = here / "words.toml", (Path(__file__), here.parent / "folding.py")
    return kept(here, "words", (file, *code), lambda: _folded(tomllib.loads(file.read_text("utf-8"))))


def _folded(raw: Mapping[str, Mapping[str, list[str]]]) -> dict[str, dict[str, str]]:
    return {vocabulary: _fold_words(lists) for vocabulary, lists in raw.items()}


def _fold_words(lists: Mapping[str, list[str]]) -> dict[str, str]:
    found = {fold(word): canonical for canonical, words in lists.items() for word in words}
    return found | {fold(canonical): canonical for canonical in lists}


def _known(tables: dict[str, TableSpec]) -> frozenset[str]:
    return frozenset(fold(h) for t in tables.values() for s in t.specs for aliases in s.wanted for h in aliases)


def _profile(written: Written, digest: str, own: bool) -> Profile:
    tables = {name: _table(of) for name, of in written.tables.items()}
    match, file = written.match, written.file
    headers = (h for aliases in (*match.needs, match.knows) for h in aliases)
    return Profile(
        name=written.name,
        label=written.label or written.name,
        main=written.main,
        tables=tables,
        required=match.needs,
        never=tuple(n if n.startswith("*") else fold(n) for n in match.never),
        record=match.record,
        header=file.columns,
        pattern=file.pattern,
        delimiter=file.delimiter,
        header_rows=file.header_rows,
        timezone=written.timezone,
        date_order=written.date_order,
        decimal=written.decimal,
        encoding=written.encoding,
        earliest=written.earliest,
        apostrophe=written.apostrophe,
        words=written.words,
        defaults=written.defaults,
        own=own,
        hash=digest,
        known=_known(tables) | {fold(h) for h in headers},
    )


def _table(written: Table) -> TableSpec:
    return TableSpec(written.columns, written.when, written.per, written.changes, written.history, written.also)
