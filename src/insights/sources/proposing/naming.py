"""How well a header names a canonical column: the patterns of meanings.toml against the concepts of its words."""

import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from insights import schema
from insights.sources.proposing.lexicon import FILLER, Concepts, meant, tokens, words

_NEXT_PATTERN = 0.02
"""What a pattern further down the list is worth less."""
_UNKNOWN_WORD, _OTHER_MATTER = 0.6, 0.15
"""What is left of a name with one word nobody knows, and of one with a word of something else."""
_GROUPING = ("segment", "country", "region", "currency", "category", "team", "channel", "priority", "status", "stage")
"""What rows are cut by may be written as a code, or say that it is the latest."""
_TOLD = ("lost_reason", "root_cause", "category", "outcome", "stage")
"""Columns that may be written out beside a code: `loss_reason_desc`."""
_STATES = ("status", "priority", "channel", "direction")
"""Columns whose words are looked at: what else a header of theirs says of its form does not matter."""


@dataclass(frozen=True)
class Meaning:
    """What the columns of one table are called, what they weigh, and what a file of it speaks of."""

    about: Concepts
    against: tuple[Concepts, ...]
    signs: Concepts
    own: dict[str, float]
    patterns: dict[str, tuple[tuple[Concepts, bool], ...]]
    """By column: the concepts a header must speak of, and whether only the table the rows are of may use them."""


@lru_cache(maxsize=200_000)
def by_name(table: str, column: str, header: str, main: bool = True) -> float:
    """Return 0-1: how sure the name alone makes that `header` is this column."""
    return _named(table, column, tokens(header), main)


def by_known_words(table: str, column: str, header: str) -> float:
    """Return the same as though the one word nobody knows were not there; 0 where there is not just one such word."""
    said = tokens(header)
    known = tuple(t for t in said if t)
    return _named(table, column, known, True) if len(known) == len(said) - 1 else 0.0


def _named(table: str, column: str, said: tuple[Concepts, ...], main: bool) -> float:
    meaning = meanings()[table]
    if not said:
        return 0.0
    best = 0.0
    for place, (wanted, own) in enumerate(meaning.patterns.get(column, ())):
        if (main or not own) and all(any(w in t for t in said) for w in wanted):
            best = max(best, _told(said, wanted | meaning.about | _neutral(column)) - _NEXT_PATTERN * place)
    return best


def _told(said: tuple[Concepts, ...], allowed: Concepts) -> float:
    left = [t for t in said if not t & allowed]
    unknown = sum(not t for t in left)
    return _OTHER_MATTER if len(left) > unknown else _UNKNOWN_WORD**unknown


def _neutral(column: str) -> Concepts:
    """Return what any header of such a column may say beside: an id `no`, a time `tarihi`, a duration `süresi`."""
    more: set[str] = set()
    if column.endswith("_at") or column == "at":
        more |= {"time"}
    elif column.endswith("_s"):
        more |= {"duration"}
    else:
        more |= {"id", "record"} if schema.is_id(column) or column == "phone" else {"name"}
    if column in _GROUPING:
        more |= {"id", "last"}
    if column == "customer_id":
        more |= {"loyalty"}
    if column == "currency":
        more |= {"type"}
    if column in _TOLD:
        more |= {"description"}
    if column == "region":
        more |= {"team"}
    if column in _STATES:
        more |= {"description", "type", "last"}
    return frozenset(more)


def against(table: str, header: str) -> bool:
    """Tell whether a header speaks of something rows of `table` do not have."""
    spoken = meant(header)
    meaning = meanings()[table]
    return any(a <= spoken for a in meaning.against) and not spoken & meaning.about


def bare(table: str, header: str) -> bool:
    """Tell whether a header says no more than that it is an id, a name, a state, a time or a stretch of it, of whatever."""
    general = {"id", "name", "time", "duration", FILLER} | (
        {"start", "end"} if table == "tickets" else {"status", "region"}
    )
    return meant(header) <= general


def signs(table: str, header: str) -> bool:
    """Tell whether a header speaks of what rows of `table` often say beside our columns."""
    return bool(meant(header) & meanings()[table].signs)


def about(table: str, header: str) -> bool:
    """Tell whether a header names what the rows of `table` are."""
    return bool(meant(header) & meanings()[table].about)


@cache
def meanings() -> dict[str, Meaning]:
    """Return the meanings of every canonical table."""
    raw = tomllib.loads(files("insights.sources.proposing").joinpath("meanings.toml").read_text("utf-8"))
    return {t.name: _meaning(raw[t.name]) for t in schema.canonical_tables()}


def _meaning(raw: dict[str, Any]) -> Meaning:
    about, against = frozenset(raw.pop("about")), tuple(frozenset(a.split()) for a in raw.pop("against"))
    own, signs = raw.pop("own"), frozenset(raw.pop("signs", ()))
    patterns = {c: tuple((frozenset(p.lstrip("=").split()), p.startswith("=")) for p in ps) for c, ps in raw.items()}
    return Meaning(about, against, signs, own, patterns)


# -- units ------------------------------------------------------------------------------------------------------------

_UNITS = {
    "ms": ("ms", "msec", "milisaniye", "milliseconds"),
    "min": ("dk", "dakika", "min", "mins", "minutes"),
    "h": ("saat", "sa", "hour", "hours", "hrs", "h", "std", "stunden", "heures", "horas"),
    "s": ("sn", "saniye", "sec", "secs", "seconds", "s"),
}


def unit_in(header: str) -> str:
    """Return the unit of bare numbers a duration's header names; minutes when it names none."""
    said = set(words(header))
    return next((unit for unit, names in _UNITS.items() if said & set(names)), "min")
