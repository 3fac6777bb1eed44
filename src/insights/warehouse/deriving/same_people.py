"""The same person under several numbers: those who share an address and a given name, or a telephone and a name."""

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Literal

import duckdb

from insights.warehouse.deriving.names import folded

Shared = Literal["email", "phone"]
Pair = frozenset[str]
Ends = Mapping[tuple[str, str], tuple[str, str]]
"""Who each merged person is by what exports and people say: by source and number, the number meant and the evidence."""
MOST = 5
"""A telephone or an address of more numbers than this is a switchboard or a counter, and joins nobody."""
ALIKE = 0.88
"""Given names at least so like one another (Jaro-Winkler) are one name and a slip of the pen."""
_OFFICES = (
    "info", "bilgi", "iletisim", "contact", "destek", "support", "help", "satis", "sales", "muhasebe", "finance",
    "office", "ofis", "admin", "noreply", "no-reply", "mail", "posta", "hello", "merhaba", "siparis", "order", "orders",
)  # fmt: skip
"""Mailboxes of a house rather than of a person."""

_WORDS = rf"list_filter(regexp_split_to_array({folded('name')}, '[^\p{{L}}]+'), lambda w: w <> '')"
_DIGITS = "regexp_replace(phone, '[^0-9]', '', 'g')"
_BOX = "regexp_replace(split_part(lower(trim(email)), '@', 1), '\\+.*$', '')"
_HOST = "split_part(lower(trim(email)), '@', 2)"
_KEYS: Mapping[Shared, str] = {
    "email": f"""CASE WHEN {_HOST} <> '' AND {_BOX} NOT IN ({", ".join(f"'{box}'" for box in _OFFICES)})
                 THEN CASE WHEN {_HOST} IN ('gmail.com', 'googlemail.com')
                      THEN replace({_BOX}, '.', '') || '@gmail.com' ELSE {_BOX} || '@' || {_HOST} END END""",
    "phone": f"CASE WHEN length({_DIGITS}) >= 10 AND right({_DIGITS}, 7) <> repeat(right({_DIGITS}, 1), 7) "
    f"THEN right({_DIGITS}, 10) END",
}
"""An address without its tag, a number without its country: +90 (532) 111 22 33 and 0532 111 2233 are one."""
_LIKE = f"jaro_winkler_similarity(one.given, other.given) >= {ALIKE}"
_NAMED: Mapping[Shared, str] = {
    # Who gives no name, or married, is known by an address of their own, not by a telephone others may have.
    "email": f"(one.given IS NULL OR other.given IS NULL OR {_LIKE})",
    "phone": f"{_LIKE} AND {_LIKE.replace('given', 'family')}",
}


def claims(
    con: duckdb.DuckDBPyConnection, shared: Sequence[Shared], told: Ends, apart: Collection[Pair]
) -> list[tuple[str, str, str, str]]:
    """Return who is one by what they share, beyond what is told already; pairs set apart never end in one group."""
    ends = {old: end for (_, old), (end, _) in told.items()}
    groups: dict[str, set[str]] = {}
    evidence: dict[str, Shared] = {}
    forbidden = {frozenset(ends.get(one, one) for one in pair) for pair in apart}
    for way, one, other in _pairs(con, shared):
        a, b = (groups.setdefault(end, {end}) for end in (ends.get(one, one), ends.get(other, other)))
        if a is b or any(frozenset(pair) in forbidden for pair in itertools.product(a, b)):
            continue
        for member in a | b:
            evidence.setdefault(member, way)
        a |= b
        groups.update(dict.fromkeys(a, a))
    return list(_claimed(con, groups, evidence))


def _pairs(con: duckdb.DuckDBPyConnection, shared: Sequence[Shared]) -> Iterator[tuple[Shared, str, str]]:
    for way in shared:
        found = con.execute(f"""
            WITH keyed AS (SELECT DISTINCT customer_id, {_KEYS[way]} AS key, {_WORDS}[1] AS given,
                                  {_WORDS}[-1] AS family FROM customers),
            of_few AS (SELECT key FROM keyed WHERE key IS NOT NULL
                       GROUP BY key HAVING count(DISTINCT customer_id) BETWEEN 2 AND {MOST}),
            held AS (SELECT keyed.* FROM keyed SEMI JOIN of_few USING (key))
            SELECT DISTINCT one.customer_id, other.customer_id FROM held AS one JOIN held AS other USING (key)
            WHERE one.customer_id < other.customer_id AND {_NAMED[way]} ORDER BY ALL""").fetchall()
        yield from ((way, one, other) for one, other in found)


def _claimed(
    con: duckdb.DuckDBPyConnection, groups: Mapping[str, set[str]], evidence: Mapping[str, Shared]
) -> Iterator[tuple[str, str, str, str]]:
    """Yield a claim for each source that lists a number; who is meant is the least number of the group."""
    into = {one: min(group) for one, group in groups.items() if len(group) > 1 and one != min(group)}
    if not into:
        return
    listed = """SELECT DISTINCT source, customer_id FROM customers
                SEMI JOIN (SELECT unnest($numbers::TEXT[]) AS customer_id) USING (customer_id) ORDER BY ALL"""
    for source, one in con.execute(listed, {"numbers": list(into)}).fetchall():
        yield source, one, into[one], evidence[one]
