"""What a file no profile knows seems to hold: for every column of a canonical table the header that fits it best.

A header speaks by its name (what people and known profiles call the column) and by its content (times, numbers, unique
ids, words of a vocabulary). The guess is only where the wizard starts; the reader of the page decides.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from insights import schema
from insights.sources.folding import fold
from insights.sources.profile import Spec, common_words
from insights.sources.profile.built_in import built_in
from insights.sources.proposing.draft import needed
from insights.sources.proposing.glance import Facts, Sample

_ENOUGH = 0.5
_MANY = 300
"""Headers compared by name; a wider file is mapped by hand."""
_UNITS = {
    "ms": ("ms", "msec", "milisaniye", "milliseconds"),
    "min": ("dk", "dakika", "min", "mins", "minutes"),
    "h": ("saat", "sa", "hour", "hours", "hrs", "h"),
    "s": ("sn", "saniye", "sec", "secs", "seconds", "s"),
}
_MADE = ("surveys", "orders", "interactions")
"""Tables whose exports often have no id: one is made of the customer and the time."""


@dataclass(frozen=True)
class Proposal:
    """A table and where its columns seem to come from; `score` ranks tables."""

    table: str
    columns: Mapping[str, Spec]
    score: float


def propose(sample: Sample, table: str) -> Proposal:
    """Return the best header for each column of `table`, each header used once."""
    columns = schema.loaded_columns(schema.metadata.tables[table])
    headers = sample.headers[:_MANY]
    rank = _time_rank(sample)
    nameless = not any(_by_name(table, c, h) for c in columns for h in headers)
    fits = [
        (name + content + (rank.get(h, 0.0) if name == 0 else 0.0), -place, c, h)
        for place, c in enumerate(columns) if not c.endswith("_raw")
        for h in headers
        for name, content in [(_by_name(table, c, h), _by_content(table, c, sample.facts[h]))]
        if _believable(table, c, name, content, sample.facts[h], nameless)
    ]  # fmt: skip
    chosen: dict[str, tuple[str, float]] = {}
    for score, _, column, header in sorted(fits, reverse=True):
        if column not in chosen and header not in {h for h, _ in chosen.values()}:
            chosen[column] = header, score
    found = {c: Spec(column=(h,), unit=unit_in(h) if c.endswith("_s") else None) for c, (h, _) in chosen.items()}
    specs = _constants(table, sample, _made_id(table, headers, found))
    lacking = sum(c not in specs for c in needed(table))
    named = sum(_by_name(table, c, chosen[c][0]) >= 0.8 for c in needed(table) if c in chosen)
    sure = sum(s if _by_name(table, c, h) else s / 2 for c, (h, s) in chosen.items())
    score = sure / max(3, len(headers)) + 0.3 * named - 0.6 * lacking
    ordered = {c: specs[c] for c in columns if c in specs}
    return Proposal(table, ordered, score)


def best(sample: Sample) -> list[Proposal]:
    """Return a proposal for every canonical table, the likeliest first."""
    found = [propose(sample, t.name) for t in schema.canonical_tables()]
    return sorted(found, key=lambda p: -p.score)


def unit_in(header: str) -> str:
    """Return the unit of bare numbers a duration's header names; minutes when it names none."""
    words = _tokens(header)
    return next((unit for unit, names in _UNITS.items() if words & set(names)), "min")


def suggest(vocabulary: str, word: str) -> str | None:
    """Return the canonical word an unknown one seems to mean: the longest known word it contains."""
    text = f" {' '.join(_words(word))} "
    known = common_words().get(vocabulary, {})
    inside = [w for w in known if len(w) > 2 and f" {w} " in text]
    return known[max(inside, key=len)] if inside else None


def strange_words(sample: Sample, header: str, vocabulary: str) -> list[str]:
    """Return the words of a column that no common map knows, the most frequent first."""
    counted = sample.facts[header].counted if header in sample.facts else {}
    return [w for w in counted if fold(w) not in common_words().get(vocabulary, {})]


# -- by name ---------------------------------------------------------------------------------------------------------


@cache
def _names() -> dict[tuple[str, str], tuple[str, ...]]:
    """Return what each column is called: in our list, by every profile, and its own name."""
    raw = tomllib.loads(files("insights.sources.proposing").joinpath("headers.toml").read_text("utf-8"))
    found: dict[tuple[str, str], list[str]] = {}
    for table in schema.canonical_tables():
        for column in schema.loaded_columns(table):
            own = [column, *raw["common"].get(column, ()), *raw.get(table.name, {}).get(column, ())]
            found[table.name, column] = own
    for profile in built_in():
        for name, spec in profile.tables.items():
            for column, source in spec.columns.items():
                found[name, column] += [a for aliases in (source.column, *source.first) for a in aliases]
    return {key: tuple(dict.fromkeys(fold(n) for n in names)) for key, names in found.items()}


@lru_cache(maxsize=50_000)
def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^_\W]+", fold(text)))


def _tokens(text: str) -> set[str]:
    return set(_words(text))


@lru_cache(maxsize=100_000)
def _by_name(table: str, column: str, header: str) -> float:
    """Return 0-1: 1 for a name we know, less for one that shares words with it."""
    words = _words(header)
    joined = "".join(words)
    best = 0.0
    for name in _names()[table, column]:
        known = _words(name)
        if joined and joined == "".join(known):
            return 1.0
        same = sum(any(_alike(w, k) for k in known) for w in words)
        if same:
            best = max(best, 0.8 * 2 * same / (len(words) + len(known)))
    return best if best >= _ENOUGH else 0.0


def _alike(word: str, known: str) -> bool:
    """Tell whether two words are one with other endings: `oluşturma` and `oluşturulma`, `müşteri` and `müşterinin`."""
    short = min(len(word), len(known))
    return word == known or (short >= 5 and word[: max(5, short - 2)] == known[: max(5, short - 2)])


# -- by content ------------------------------------------------------------------------------------------------------


def _by_content(table: str, column: str, facts: Facts) -> float:
    """Return -1 (cannot be) to 0.5 (looks just like it); 0 for an empty column, which says nothing."""
    if not facts.filled:
        return 0.0
    declared = schema.metadata.tables[table].columns[column]
    kind = schema.kind_of(declared)
    if kind == "time":
        return 0.5 if facts.time >= 0.8 else -1.0 if facts.time < 0.5 else 0.0
    if kind == "words":
        return _as_words(declared.info["words"], facts)
    if kind == "flag":
        return 0.2 if facts.flag >= 0.8 else -1.0
    if kind == "seconds":
        return 0.2 if max(facts.number, facts.duration) >= 0.8 and facts.time < 0.5 else -1.0
    if kind in ("number", "money", "count"):
        return (0.3 if column == "score" and facts.is_score else 0.1) if facts.number >= 0.8 else -1.0
    if column.endswith("_id"):
        return _as_id(table, column, facts)
    if column == "email":
        return 0.5 if facts.email >= 0.6 else -1.0
    return -1.0 if facts.time >= 0.8 else 0.1 if facts.number < 0.5 else 0.0


def _as_words(vocabulary: str, facts: Facts) -> float:
    known = facts.words.get(vocabulary, 0.0)
    if facts.time >= 0.5 or facts.distinct > (12 if known == 0 else 60):
        return -1.0
    return 0.5 * known if known else -0.2


def _as_id(table: str, column: str, facts: Facts) -> float:
    if facts.time >= 0.5 or facts.length > 60:
        return -1.0
    alone = [k for k in schema.metadata.tables[table].info["key"] if k != "source"] == [column]
    if alone:
        return -1.0 if facts.unique < 0.5 else 0.4 if facts.is_key else 0.0
    return 0.3 if facts.is_reference else 0.0


def _believable(table: str, column: str, name: float, content: float, facts: Facts, nameless: bool) -> bool:
    """Tell whether a header may be proposed: its name says so and nothing speaks against it, or its content does.

    What several columns could be (a reference to a customer, a score) is guessed from content only in a file whose
    headers say nothing at all: beside headers with a meaning, one that means something else is no customer.
    """
    if name:
        return name + content >= _ENOUGH
    key = [k for k in schema.metadata.tables[table].info["key"] if k != "source"]
    if [column] == key or column == schema.REQUIRED_TIMES.get(table):
        return content >= 0.3
    if column == "customer_id" or column in needed(table):
        return nameless and content >= 0.3
    if column == "email":
        return content >= 0.4
    words = schema.kind_of(schema.metadata.tables[table].columns[column]) == "words"
    return words and content >= 0.3 and facts.number < 0.5 and facts.distinct > 1


def _time_rank(sample: Sample) -> dict[str, float]:
    """Return a small bonus for the columns of times that are always filled and earliest: a row begins with them."""
    times = [h for h in sample.headers if sample.facts[h].time >= 0.8]
    order = sorted(times, key=lambda h: (-round(sample.facts[h].filled, 1), sample.facts[h].middle))
    return {h: 0.05 / (1 + place) for place, h in enumerate(order)}


# -- what no header says ---------------------------------------------------------------------------------------------


def _made_id(table: str, headers: Sequence[str], specs: dict[str, Spec]) -> dict[str, Spec]:
    """Make the id of a row of its customer and time where the file has none.

    A file with an id that repeats (lines of an order) has one: made ids would count each line as an order.
    """
    key = needed(table)[0]
    if table not in _MADE or key in specs or any(_by_name(table, key, h) >= 0.8 for h in headers):
        return specs
    if table == "orders" and "amount" not in specs:
        return specs
    parts = made_of(table, specs)
    return {key: Spec(occurrence=parts)} | specs if len(parts) > 1 else specs


def made_of(table: str, specs: Mapping[str, Spec]) -> tuple[tuple[str, ...], ...]:
    """Return the headers an id can be made of: the customer, the ticket and the times."""
    columns = schema.metadata.tables[table].columns
    first = [c for c in ("customer_id", "ticket_id") if c in specs and c != needed(table)[0]]
    times = [c for c in specs if schema.kind_of(columns[c]) == "time"]
    return tuple(specs[c].column for c in (*first, *times[:1]) if specs[c].column)


def _constants(table: str, sample: Sample, specs: dict[str, Spec]) -> dict[str, Spec]:
    """Add what holds for the whole file: the kind and scale of a survey, complaints in a list of complaints."""
    if table == "tickets" and "kind" not in specs:
        complaints = any(w.startswith(("sikayet", "complain")) for h in sample.headers for w in _words(h))
        return specs | ({"kind": Spec(constant="complaint")} if complaints else {})
    if table != "surveys" or "score" not in specs:
        return specs
    header = specs["score"].column[0]
    facts = sample.facts[header]
    if "kind" not in specs:
        words = {w for h in sample.headers for w in _words(h)}
        effort, promoter = words & {"ces", "efor", "effort"}, words & {"nps", "tavsiye", "recommend"}
        specs |= {"kind": Spec(constant="ces" if effort else "nps" if promoter else "csat")}
    if specs["kind"].constant == "csat" and "scale_max" not in specs and facts.high > 5:
        specs |= {"scale_max": Spec(constant="10" if facts.high <= 10 else "100")}
    return specs


__all__ = ["Proposal", "best", "made_of", "propose", "strange_words", "suggest", "unit_in"]
