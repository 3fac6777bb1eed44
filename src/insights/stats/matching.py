"""Who may be the same person under two numbers: the odds of what their names, addresses, telephones and towns say."""

import contextlib
import io
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LEAST = 0.9
"""Probability from which two numbers are proposed as one person."""
_ALIKE = 0.88
_SLIP = "digits_l = digits_r AND levenshtein(local_l, local_r) <= 2"
"""A slip of the pen in an address: its number is the same. An address made of a name says nothing beyond the name."""


@dataclass(frozen=True)
class Person:
    """What is known of one number, already as it is compared: small letters without accents, ten digits."""

    id: str
    first: str | None
    last: str | None
    local: str | None
    """The part of the address before the sign."""
    phone: str | None
    town: str | None

    def row(self) -> dict[str, str | None]:
        """Return the person as the matcher reads it."""
        digits = "".join(sign for sign in self.local or "" if sign.isdigit())
        return {
            "unique_id": self.id,
            "first": self.first,
            "last": self.last,
            "local": self.local,
            "digits": digits or None,
            "phone": self.phone,
            "town": self.town,
        }


@dataclass(frozen=True)
class Match:
    """Two numbers, how probable it is that they are one person, and what agrees: 0 not, more the closer."""

    one: str
    other: str
    probability: float
    agrees: Mapping[str, int]


def matches(people: Sequence[Person], least: float = LEAST) -> list[Match]:
    """Return pairs that are one person with at least this probability, the surest first.

    Given names that are not alike are two people, whatever else they share. How much agreeing tells is learnt from the
    people themselves: a rare name says more than a frequent one.
    """
    if len(people) < 2:
        return []
    with _quietly():
        found = _predicted(people, least)
    told = ("first", "last", "local", "phone", "town")
    pairs = []
    for row in found:
        if row["gamma_first"] > 0:
            one, other = sorted((str(row["unique_id_l"]), str(row["unique_id_r"])))
            agrees = {name: max(int(row[f"gamma_{name}"]), 0) for name in told}
            pairs.append(Match(one, other, row["match_probability"], agrees))
    return sorted(pairs, key=lambda m: (-m.probability, m.one, m.other))


def _predicted(people: Sequence[Person], least: float) -> Sequence[Mapping[str, Any]]:
    import pyarrow as pa
    from splink import DuckDBAPI, Linker

    columns = {name: [p.row()[name] for p in people] for name in people[0].row()}
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    linker = Linker(DuckDBAPI().register(table), _model(_share_of_pairs(people)), log_level=None)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    rows: Sequence[Mapping[str, Any]] = linker.inference.predict(threshold_match_probability=least).as_record_list()
    return rows


def _share_of_pairs(people: Sequence[Person]) -> float:
    """Return how many of all pairs are one person: those who share a given name and a telephone or an address.

    Where hardly any do, one number in a thousand is taken to have another.
    """
    sure = sum(
        n * (n - 1) // 2
        for keys in ([(p.first, p.phone) for p in people if p.phone], [(p.first, p.local) for p in people if p.local])
        for n in Counter(keys).values()
    )
    n = len(people)
    return min(max(sure, n / 1000) / (n * (n - 1) / 2), 0.5)


def _model(share_of_pairs: float) -> Any:
    """Return what is compared, and how often it agrees in one and the same person."""
    import splink.comparison_level_library as level
    import splink.comparison_library as compare
    from splink import SettingsCreator, block_on

    def name(of: str, same: float, near: float) -> Any:
        alike = compare.JaroWinklerAtThresholds(of, [_ALIKE])
        shares = [same, near, round(1 - same - near, 6)]
        return alike.configure(term_frequency_adjustments=True, m_probabilities=shares)

    address = compare.CustomComparison(
        output_column_name="local",
        comparison_levels=[
            level.NullLevel("local"),
            level.ExactMatchLevel("local").configure(m_probability=0.6),
            level.CustomLevel(_SLIP).configure(m_probability=0.2),
            level.ElseLevel().configure(m_probability=0.2),
        ],
    )
    phone = compare.LevenshteinAtThresholds("phone", [1]).configure(m_probabilities=[0.75, 0.05, 0.2])
    town = compare.ExactMatch("town").configure(term_frequency_adjustments=True, m_probabilities=[0.85, 0.15])
    ways = (("phone",), ("local",), ("first", "last"), ("last", "town"), ("first", "town"))
    return SettingsCreator(
        link_type="dedupe_only",
        probability_two_random_records_match=share_of_pairs,
        comparisons=[name("first", 0.75, 0.2), name("last", 0.7, 0.15), address, phone, town],
        blocking_rules_to_generate_predictions=[block_on(*way) for way in ways],
    )


@contextlib.contextmanager
def _quietly() -> Any:
    """Let the matcher print nothing: what it says of itself is for who builds it."""
    log = logging.getLogger("splink")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        log.setLevel(before)
