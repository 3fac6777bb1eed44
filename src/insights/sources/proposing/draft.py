"""A mapping someone made on the load page: one table of one layout, checked, and written as a profile in TOML."""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import Item, Table

from insights import schema
from insights.errors import Called, NotWritable
from insights.sources.folding import fold
from insights.sources.profile import WORDS_FILE, History, Profile, Spec, TableSpec, load_words
from insights.sources.profile.recognise import bare
from insights.sources.reading.delimited import UNNAMED

_MORE_NEEDED = {"orders": ("customer_id",), "surveys": ("kind", "score"), "opportunities": ("stage",)}


@dataclass(frozen=True)
class Draft:
    """Which header (or constant) fills which column of one table, and how its cells are read."""

    name: str
    table: str
    columns: Mapping[str, Spec]
    label: str = ""
    timezone: str | None = None
    date_order: str | None = None
    decimal: str | None = None
    encoding: str | None = None
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    further: Mapping[str, TableSpec] = field(default_factory=dict)
    """Further tables the same rows fill."""
    also: tuple[Mapping[str, Spec], ...] = ()
    """Further questions whose answers the same rows hold."""

    @property
    def tables(self) -> dict[str, TableSpec]:
        """Return every table the rows fill."""
        found = {self.table: TableSpec(dict(self.columns)), **self.further}
        return found | ({"surveys": replace(found["surveys"], also=self.also)} if "surveys" in found else {})


def needed(table: str) -> tuple[str, ...]:
    """Return the columns without which rows of a table cannot be kept or say nothing."""
    keys = [k for k in schema.declared[table].info["key"] if k != "source"]
    times = [schema.REQUIRED_TIMES[table]] if table in schema.REQUIRED_TIMES else []
    return tuple(dict.fromkeys((*keys, *times, *_MORE_NEEDED.get(table, ()))))


def problems(draft: Draft) -> list[tuple[str, str, str]]:
    """Return what makes a draft nonsense, as (word, column, other column or header)."""
    found = [("missing", c, "") for c in needed(draft.table) if c not in draft.columns]
    seen: dict[str, str] = {}
    for column, spec in draft.columns.items():
        for header in (fold(bare(a[0])) for a in spec.wanted if not spec.occurrence):
            first = seen.setdefault(header, column)
            if first != column and _clash(draft.table, first, column):
                found.append(("twice", first, column))
    if not found and not _headers(draft):
        found.append(("unnamed", needed(draft.table)[0], ""))
    return found


def _clash(table: str, first: str, second: str) -> bool:
    """Tell whether one header cannot fill both: an id is nothing else, and a cell is of one kind."""
    columns = schema.declared[table].columns
    kinds = {schema.kind_of(columns[c]) for c in (first, second)}
    ids = [c.endswith("_id") for c in (first, second)]
    return any(ids) or (len(kinds) > 1 and kinds != {"words", "text"})


def _headers(draft: Draft) -> list[str]:
    """Return the named headers a draft reads, those of needed columns first."""
    first = [c for c in needed(draft.table) if c in draft.columns]
    order = [*first, *(c for c in draft.columns if c not in first)]
    read = [_alias(a[0]) for c in order for a in draft.columns[c].wanted]
    return list(dict.fromkeys(h for h in read if not h.startswith(UNNAMED)))


def _alias(header: str) -> str:
    """Return a header as a profile names it: without a zone, and without a star that would stand for any text."""
    return bare(header).lstrip("*").strip()


def needs(draft: Draft, known: Sequence[Profile]) -> tuple[str, ...]:
    """Return the headers this layout is known by: of needed columns, at least three, until no other profile has all.

    An own profile wins over every built-in one, so it must not fit a vendor's file by a few common headers.
    """
    others = [p.known for p in known if p.name != draft.name]
    count = len({_alias(a[0]) for c in needed(draft.table) if c in draft.columns for a in draft.columns[c].wanted})
    headers = _headers(draft)
    chosen = headers[:count]
    rest = sorted(headers[count:], key=lambda h: sum(fold(h) in other for other in others))
    while rest and (len(chosen) < 3 or any({fold(h) for h in chosen} <= other for other in others)):
        chosen.append(rest.pop(0))
    return tuple(chosen)


def written(draft: Draft, known: Sequence[Profile]) -> str:
    """Return a draft as the TOML of a profile."""
    return to_toml(
        Profile(
            name=draft.name,
            label=draft.label or draft.name,
            main=draft.table,
            tables={name: _clean_table(table) for name, table in draft.tables.items()},
            required=tuple((n,) for n in needs(draft, known)),
            timezone=draft.timezone,
            date_order=draft.date_order,
            decimal=draft.decimal,
            encoding=draft.encoding,
            words={v: dict(w) for v, w in draft.words.items() if w},
        )
    )


def _clean_table(table: TableSpec) -> TableSpec:
    columns, *also = ({c: _clean(s) for c, s in of.items()} for of in (table.columns, *table.also))
    return TableSpec(columns, _clean(table.when) if table.when else None, table.per, table.changes, also=tuple(also))


def _clean(spec: Spec) -> Spec:
    places: dict[str, Any] = {"column": tuple(_alias(a) for a in spec.column)}
    for name in ("columns", "occurrence", "product", "digest", "first"):
        places[name] = tuple(tuple(_alias(a) for a in aliases) for aliases in getattr(spec, name))
    return spec.model_copy(update=places)


# -- the TOML language -----------------------------------------------------------------------------------------------


def to_toml(profile: Profile) -> str:
    """Return the TOML that `read_profile` reads back as the same profile."""
    label = dict(profile.label.words) if isinstance(profile.label, Called) else profile.label
    top: dict[str, Any] = {"name": profile.name, "label": label, "main": profile.main}
    hints = ("timezone", "date_order", "decimal", "encoding", "earliest")
    top |= {k: v for k in hints if (v := getattr(profile, k)) is not None}
    whole = tomlkit.document()
    whole.update(_table(top | ({"apostrophe": True} if profile.apostrophe else {})))
    for name, table in _tables(profile):
        if table:
            whole.add(name, table)
    return tomlkit.dumps(whole)


def _tables(profile: Profile) -> Iterator[tuple[str, Table]]:
    """Yield the tables of a profile's TOML by name, in their order."""
    needs = [_aliases(a) for a in profile.required]
    knows = sorted(profile.known - {fold(h) for h in chain(*profile.required, _read(profile))})
    yield "match", _table({"needs": needs, "never": list(profile.never), "record": profile.record, "knows": knows})
    file: dict[str, Any] = {"columns": list(profile.header), "pattern": profile.pattern, "delimiter": profile.delimiter}
    yield "file", _table(file | ({"header_rows": profile.header_rows} if profile.header_rows > 1 else {}))
    yield "defaults", _table(profile.defaults)
    words = tomlkit.table(is_super_table=True)
    for vocabulary, of in profile.words.items():
        words.add(vocabulary, _table(of))
    yield "words", words
    for name, table in profile.tables.items():
        body: dict[str, Any] = {"when": _spec(table.when)} if table.when else {}
        body |= {"per": table.per, "changes": list(table.changes), "history": _history(table.history)}
        body["also"] = [{c: _spec(s) for c, s in question.items()} for question in table.also]
        yield name, _table(body | {c: _spec(s) for c, s in table.columns.items()})


def _read(profile: Profile) -> Iterator[str]:
    """Yield the headers a profile reads."""
    for table in profile.tables.values():
        for spec in table.specs:
            yield from chain(*spec.wanted)


def _history(history: History | None) -> dict[str, Any] | None:
    """Return where a cell's list of changes lies, without what it does not say."""
    said = dict(history) if history else {}
    return {k: _aliases(v) if k == "cell" else v for k, v in said.items() if v} or None


def _table(values: Mapping[str, Any]) -> Table:
    """Return what is said of it as a TOML table; what is nothing is left out."""
    made = tomlkit.table()
    for key, value in values.items():
        if value not in (None, []):
            made.add(key, _item(value))
    return made


def _aliases(aliases: Sequence[str]) -> str | list[str]:
    return aliases[0] if len(aliases) == 1 else list(aliases)


def _spec(spec: Spec) -> Any:
    """Return a spec in its shortest form: a header, a list of aliases, or a table of what differs from the usual."""
    body: dict[str, Any] = {}
    for name, value in spec:
        if value == Spec.model_fields[name].default:
            continue
        if name == "column":
            value = _aliases(value)
        elif name in ("columns", "first", "occurrence", "product", "digest"):
            value = [_aliases(a) for a in value]
        body[name] = list(value) if isinstance(value, tuple) else value
    return body["column"] if list(body) == ["column"] else body


def _item(value: Any) -> Item:
    """Return a value on one line."""
    if isinstance(value, list) and any(isinstance(inner, Mapping) for inner in value):
        listed = tomlkit.array()
        for inner in value:
            listed.append(_item(inner))
        return listed
    if not isinstance(value, Mapping):
        plain: Item = tomlkit.item(value)
        return plain
    made = tomlkit.inline_table()
    for key, inner in value.items():
        made.add(key, _item(inner))
    return made


# -- kept in the profiles directory ----------------------------------------------------------------------------------


def slug(text: str) -> str:
    """Return a name a profile and its file may have, made from any text."""
    return re.sub(r"[^a-z0-9]+", "_", fold(text)).strip("_")[:40].strip("_") or "profile"


def save(directory: Path, name: str, toml: str) -> Path:
    """Write a profile into the directory of own profiles, whole or not at all; raises NotWritable."""
    return _replace(directory / f"{slug(name)}.toml", toml)


def word_line(vocabulary: str, word: str, canonical: str) -> str:
    """Return the line of words.toml that maps one word in every export."""
    line = tomlkit.document()
    line.add(tomlkit.key([vocabulary, word]), tomlkit.item(canonical))
    return tomlkit.dumps(line).strip()


def save_words(directory: Path, words: Mapping[str, Mapping[str, str]]) -> Path:
    """Add words to words.toml in the directory of own profiles; a word already mapped there gets its new meaning."""
    path = directory / WORDS_FILE
    held: dict[str, dict[str, str]] = {}
    if path.exists():
        load_words(path)  # refuses what is no mapping of words
        held = tomllib.loads(path.read_text("utf-8"))
    lines = []
    for vocabulary in sorted(held | dict(words)):
        both = [*held.get(vocabulary, {}).items(), *words.get(vocabulary, {}).items()]
        latest = {fold(word): (word, canonical) for word, canonical in both}
        lines += [word_line(vocabulary, word, canonical) for word, canonical in latest.values()]
    return _replace(path, "\n".join(("# Words of every export; the load page adds lines here.", *lines)) + "\n")


def _replace(path: Path, text: str) -> Path:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, "utf-8")
        draft.replace(path)
    except OSError as error:
        raise NotWritable("profile_not_written", file=str(path), problem=error.strerror or str(error)) from error
    return path
