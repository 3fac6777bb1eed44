"""What one CRM's export looks like: a TOML file, validated, with nothing in it that is code.

Top level: `name` (also the `source` of every row it brings), `label`, `main` (the table whose rows are the file's rows),
and hints used only where the file itself proves nothing: `timezone` (IANA name; left out means the company's zone),
`date_order` (dmy, mdy, ymd), `decimal` ("," or "."), `encoding` (such as iso-8859-2), `earliest` (day),
`apostrophe = true` (cells carry a leading ').

`[match]` `needs`: headers that must all be there (an entry may be a list of aliases); `never`: headers that must not;
`knows`: further headers of the export, which nothing reads but which prove it;
`record`: the one key every JSON record is wrapped in.
`[file]` for a file without header: `columns` (their names), `pattern` (regular expression of its first line; without it
the profile must be named), `delimiter` ("space" for runs of blanks); `header_rows = 2` where a second row belongs to the
header: it names what the first leaves empty.
`[words.<vocabulary>]` maps words of this CRM to canonical ones, on top of the common ones (words.toml).
`[defaults]` `<vocabulary> = word`: what an unmapped word becomes.

`[<table>]` one line per canonical column: `column = "Header"` (`*` at its start, or around it, stands for any text), or a list of aliases
(the first present counts), or
`{ column = ..., ... }` with any of: `columns` and `join` (several cells as one text), `first` (the first
filled of several cells), `constant`, `map` (words to text;
"" is unknown), `default` (what anything else becomes, an empty cell too), `unit` (s, min, h, ms: of a bare number in a duration column), `extract` (regular
expression whose first group is kept), `prefix`, `unless` (words that mean unknown), `true` / `false` (words of a flag),
`float_id = true` (17850.0 is 17850), `object_id = true` (a time out of an id of 24 hex digits, whose first eight are its second),
`required = true` (refuse a file without the header), `sum = true` (with `per`),
`product` (headers to multiply), `digest` (headers whose cells make a number that is the same in every export), `occurrence` (headers whose n-th equal occurrence makes the id, or the number of a line).
Reserved keys of a table: `when` (a row exists only where this cell has a value), `per` (one row for each value of this
column: sums of the `sum` columns, the last value of the others), `changes` (ticket_events only: columns of the
main table whose change from one row of a ticket to the next is an event; `seq` orders rows of the same minute),
`history` (ticket_events only: a list of changes in one cell, as JSON: `cell`, `at` (none where the row is one entry of a history and has its own
time), `items` (a list inside an entry; an object is a list of `name` and `value`), `field`, `old`, `new`, `old_id` and `new_id` (of agents), `actor_id`, `kind` with `comment` and `public`,
`fields`: names of fields to status, priority, team, agent).
"""

import codecs
import dataclasses
import datetime as dt
import hashlib
import json
import re
import tomllib
from collections.abc import Mapping, Set
from dataclasses import dataclass, field, fields, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from insights import schema
from insights.errors import FileRefused, MappingWrong
from insights.sources.folding import fold

Aliases = tuple[str, ...]


@dataclass(frozen=True)
class Spec:
    """Where one canonical column comes from; see the module's text for each key."""

    column: Aliases = ()
    columns: tuple[Aliases, ...] = ()
    first: tuple[Aliases, ...] = ()
    join: str = " "
    constant: str | None = None
    map: dict[str, str] | None = None
    default: str | None = None
    unit: str | None = None
    extract: str | None = None
    prefix: str = ""
    unless: tuple[str, ...] = ()
    true: tuple[str, ...] = ()
    false: tuple[str, ...] = ()
    float_id: bool = False
    object_id: bool = False
    required: bool = False
    sum: bool = False
    occurrence: tuple[Aliases, ...] = ()
    product: tuple[Aliases, ...] = ()
    digest: tuple[Aliases, ...] = ()

    @property
    def wanted(self) -> tuple[Aliases, ...]:
        """Return every header this column may read, by position."""
        return (
            (self.column,)
            if self.column
            else self.columns or self.first or self.occurrence or self.product or self.digest
        )


@dataclass(frozen=True)
class History:
    """A list of changes inside a ticket's own row, as JSON: where each thing stands in an entry of it (dots lead inside)."""

    cell: Aliases
    at: str = ""
    field: str = ""
    items: str | None = None
    old: str | None = None
    new: str | None = None
    old_id: str | None = None
    new_id: str | None = None
    actor_id: str | None = None
    kind: str | None = None
    comment: str | None = None
    public: str | None = None
    fields: dict[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class TableSpec:
    """How a canonical table is filled from the rows of the file."""

    columns: dict[str, Spec] = field(default_factory=dict)
    when: Spec | None = None
    per: str | None = None
    changes: tuple[str, ...] = ()
    history: History | None = None


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


_TOP = {"name", "label", "main", "timezone", "date_order", "decimal", "encoding", "earliest", "apostrophe", "match", "file", "words", "defaults"}  # fmt: skip
_MATCH = {"needs", "never", "knows", "record"}
_FILE = {"columns", "pattern", "delimiter", "header_rows"}
_RESERVED = {"when", "per", "changes", "history"}
_HISTORY = {f.name for f in fields(History)}
_CHANGES = ("status", "priority", "team", "agent_id")
_SPEC = {f.name for f in fields(Spec)}
_UNITS = ("s", "min", "h", "ms")
_KINDS: dict[str, tuple[Any, str]] = {
    **dict.fromkeys(
        ("label", "record", "delimiter", "encoding", "join", "default", "prefix", "extract", "unit", "per"),
        (str, "a text"),
    ),
    **dict.fromkeys(("apostrophe", "float_id", "object_id", "required", "sum"), (bool, "true or false")),
    **dict.fromkeys(
        (
            "needs",
            "never",
            "knows",
            "columns",
            "first",
            "occurrence",
            "product",
            "digest",
            "unless",
            "true",
            "false",
            "changes",
        ),
        (list, "a list"),
    ),
    **dict.fromkeys(("match", "file", "words", "defaults", "map"), (dict, "a table")),
    "header_rows": (int, "1 or 2"),
    "constant": (str | int | float, "a text or a number"),
}
"""What the value of a key must be; what is not here is asked where it is read."""
WORDS_FILE = "words.toml"
"""In the directory of own profiles: words of every export, one line each (`status."in progress" = "open"`)."""


def read_profile(text: str, file: str, *, own: bool = False) -> Profile:
    """Return the profile written in TOML `text`; raises MappingWrong naming the key that is wrong."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingWrong("profile_unreadable", file=file, problem=str(error)) from error
    return _Reader(file).profile(raw, hashlib.sha256(text.encode()).hexdigest()[:16], own)


def load_profile(path: Path) -> Profile:
    """Return the profile in a file of the user's."""
    return read_profile(_text(path), str(path), own=True)


def load_words(path: Path) -> dict[str, dict[str, str]]:
    """Return the words of the user's own that hold in every export, by vocabulary and folded; raises MappingWrong."""
    try:
        raw = tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError as error:
        raise MappingWrong("profile_unreadable", file=str(path), problem=str(error)) from error
    reader = _Reader(str(path))
    return {vocabulary: reader.words(vocabulary, words) for vocabulary, words in raw.items()}


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise FileRefused("not_readable", file=str(path), problem=error.strerror or "not readable") from error
    except UnicodeDecodeError as error:
        raise MappingWrong("profile_unreadable", file=str(path), problem=str(error)) from error


@cache
def zones() -> frozenset[str]:
    """Return the names of time zones; asking for them reads a directory."""
    return frozenset(available_timezones())


@cache
def common_words() -> dict[str, dict[str, str]]:
    """Return the words of each vocabulary that every export may use, folded, to canonical ones."""
    raw = tomllib.loads(files("insights.sources.profile").joinpath("words.toml").read_text("utf-8"))
    return {vocabulary: _fold_words(lists) for vocabulary, lists in raw.items()}


def _fold_words(lists: Mapping[str, list[str]]) -> dict[str, str]:
    found = {fold(word): canonical for canonical, words in lists.items() for word in words}
    return found | {fold(canonical): canonical for canonical in lists}


def _known(tables: dict[str, TableSpec]) -> frozenset[str]:
    specs = [s for t in tables.values() for s in (*t.columns.values(), *([t.when] if t.when else []))]
    return frozenset(fold(h) for s in specs for aliases in s.wanted for h in aliases)


class _Reader:
    """Turns parsed TOML into a Profile, refusing whatever is not in the language."""

    def __init__(self, file: str) -> None:
        self.file = file

    def wrong(self, option: str, found: object, allowed: object) -> MappingWrong:
        return MappingWrong("profile_wrong", file=self.file, option=option, found=str(found)[:80], allowed=str(allowed))

    def check(self, where: str, node: object, allowed: set[str], columns: Set[str] = frozenset()) -> dict[str, Any]:
        if not isinstance(node, dict):
            raise self.wrong(where, node, "a table")
        for key in node:
            if key not in allowed:
                raise self.wrong(f"{where}.{key}".strip("."), key, ", ".join(sorted(allowed)))
            kind, said = _KINDS.get(key, (object, "")) if key not in columns else (object, "")
            if not isinstance(node[key], kind):
                raise self.wrong(f"{where}.{key}".strip("."), node[key], said)
        return node

    def texts(self, where: str, node: list[object]) -> tuple[str, ...]:
        if not all(isinstance(n, str) for n in node):
            raise self.wrong(where, node, "a list of texts")
        return tuple(str(n) for n in node)

    def profile(self, raw: dict[str, Any], digest: str, own: bool) -> Profile:
        names = {t.name for t in schema.canonical_tables()}
        self.check("", raw, _TOP | names)
        for key in ("name", "main"):
            if not isinstance(raw.get(key), str):
                raise self.wrong(key, raw.get(key), "a text")
        if raw["main"] not in names & set(raw):
            raise self.wrong("main", raw["main"], "a table of this profile")
        match = self.check("match", raw.get("match", {}), _MATCH)
        file = self.check("file", raw.get("file", {}), _FILE)
        self.choice("timezone", raw, zones())
        self.choice("date_order", raw, ("dmy", "mdy", "ymd"))
        self.choice("decimal", raw, (",", "."))
        tables = {name: self.table(name, raw[name]) for name in raw if name in names}
        return Profile(
            name=raw["name"],
            label=str(raw.get("label", raw["name"])),
            main=raw["main"],
            tables=tables,
            required=tuple(self.aliases("match.needs", n) for n in match.get("needs", [])),
            never=tuple(n if n.startswith("*") else fold(n) for n in self.texts("match.never", match.get("never", []))),
            record=match.get("record"),
            header=self.texts("file.columns", file.get("columns", [])),
            pattern=self.regex("file.pattern", file.get("pattern")),
            delimiter=file.get("delimiter"),
            header_rows=file.get("header_rows", 1),
            timezone=raw.get("timezone"),
            date_order=raw.get("date_order"),
            decimal=raw.get("decimal"),
            encoding=self.codec(raw.get("encoding")),
            earliest=self.day(raw.get("earliest")),
            apostrophe=bool(raw.get("apostrophe", False)),
            words={v: self.words(v, w) for v, w in raw.get("words", {}).items()},
            defaults={v: self.word(f"defaults.{v}", v, w) for v, w in raw.get("defaults", {}).items()},
            own=own,
            hash=digest,
            known=_known(tables) | self.said(match),
        )

    def said(self, match: dict[str, Any]) -> frozenset[str]:
        """Return the headers `[match]` names, folded: what only they are for is to prove the export."""
        needs = {fold(h) for n in match.get("needs", []) for h in self.aliases("match.needs", n)}
        return frozenset(needs | {fold(h) for h in self.texts("match.knows", match.get("knows", []))})

    def choice(self, key: str, raw: dict[str, Any], allowed: Any) -> None:
        if key in raw and (not isinstance(raw[key], str) or raw[key] not in allowed):
            shown = "an IANA time zone such as Europe/Istanbul" if len(allowed) > 20 else ", ".join(allowed)
            raise self.wrong(key, raw[key], shown)

    def codec(self, name: str | None) -> str | None:
        try:
            return name and codecs.lookup(name).name
        except LookupError as error:
            raise self.wrong("encoding", name, "an encoding such as windows-1254") from error

    def day(self, day: object) -> str | None:
        try:
            return None if day is None else dt.date.fromisoformat(str(day)).isoformat()
        except ValueError as error:
            raise self.wrong("earliest", day, "a day such as 1990-01-01") from error

    def regex(self, where: str, pattern: object) -> str | None:
        if pattern is None:
            return None
        try:
            groups = re.compile(str(pattern)).groups
        except re.error as error:
            raise self.wrong(where, pattern, f"a regular expression ({error})") from error
        if where.endswith(".extract") and not groups:
            raise self.wrong(where, pattern, "a regular expression with a group in parentheses")
        return str(pattern)

    def aliases(self, where: str, node: object) -> Aliases:
        if isinstance(node, str):
            return (node,)
        if isinstance(node, list) and node and all(isinstance(n, str) for n in node):
            return tuple(node)
        raise self.wrong(where, node, "a header or a list of headers")

    def words(self, vocabulary: str, node: object) -> dict[str, str]:
        if vocabulary not in schema.WORDS:
            raise self.wrong(f"words.{vocabulary}", vocabulary, ", ".join(schema.WORDS))
        if not isinstance(node, dict):
            raise self.wrong(f"words.{vocabulary}", node, "a table")
        return {fold(k): self.word(f"words.{vocabulary}.{k}", vocabulary, v) for k, v in node.items()}

    def word(self, where: str, vocabulary: str, word: object) -> str:
        allowed = schema.WORDS.get(vocabulary, ())
        if word not in allowed:
            raise self.wrong(where, word, ", ".join(allowed) or ", ".join(schema.WORDS))
        return str(word)

    def table(self, name: str, node: object) -> TableSpec:
        columns = set(schema.loaded_columns(schema.metadata.tables[name]))
        raw = self.check(name, node, columns | _RESERVED, columns)
        per = raw.get("per")
        if per is not None and per not in raw:
            raise self.wrong(f"{name}.per", per, "a column of this table")
        for column in raw.get("changes", ()):
            if column not in _CHANGES:
                raise self.wrong(f"{name}.changes", column, ", ".join(_CHANGES))
        return TableSpec(
            columns={c: self.spec(f"{name}.{c}", s) for c, s in raw.items() if c not in _RESERVED},
            when=self.spec(f"{name}.when", raw["when"]) if "when" in raw else None,
            per=per,
            changes=tuple(raw.get("changes", ())),
            history=self.history(f"{name}.history", raw["history"]) if "history" in raw else None,
        )

    def history(self, where: str, node: object) -> History:
        raw = dict(self.check(where, node, _HISTORY, frozenset(_HISTORY)))
        if "cell" not in raw:
            raise self.wrong(where, node, "cell")
        fields_ = {fold(k): v for k, v in raw.pop("fields", {}).items()}
        for key, value in fields_.items():
            if value not in schema.WORDS["event_field"]:
                raise self.wrong(f"{where}.fields.{key}", value, ", ".join(schema.WORDS["event_field"]))
        return History(cell=self.aliases(f"{where}.cell", raw.pop("cell")), fields=fields_, **raw)

    def spec(self, where: str, node: object) -> Spec:
        if isinstance(node, str | list):
            return Spec(column=self.aliases(where, node))
        raw = dict(self.check(where, node, _SPEC))
        if "column" in raw:
            raw["column"] = self.aliases(f"{where}.column", raw["column"])
        for key in ("columns", "first", "occurrence", "product", "digest"):
            if key in raw:
                raw[key] = tuple(self.aliases(f"{where}.{key}", n) for n in raw[key])
        for key in ("unless", "true", "false"):
            if key in raw:
                raw[key] = self.texts(f"{where}.{key}", raw[key])
        if "map" in raw:
            raw["map"] = {fold(k): str(v) for k, v in raw["map"].items()}
        if raw.get("unit", "s") not in _UNITS:
            raise self.wrong(f"{where}.unit", raw["unit"], ", ".join(_UNITS))
        self.regex(f"{where}.extract", raw.get("extract"))
        if "constant" in raw:
            raw["constant"] = json.dumps(raw["constant"]) if isinstance(raw["constant"], bool) else str(raw["constant"])
        sources = ("column", "columns", "first", "occurrence", "product", "digest", "constant")
        if not any(k in raw for k in sources):
            raise self.wrong(where, node, ", ".join(sources))
        return Spec(**raw)
