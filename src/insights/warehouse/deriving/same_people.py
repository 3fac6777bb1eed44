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
"""Names at least so like one another (Jaro-Winkler) may be one name and a slip of the pen."""
RARE = 2
"""A name of more numbers than this is a name: Selim is no slip of Selin, and brothers share a telephone."""
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
_HELD = f"""
    CREATE OR REPLACE TEMP TABLE people_keyed AS
    WITH worded AS (SELECT DISTINCT customer_id, {_KEYS["email"]} AS email, {_KEYS["phone"]} AS phone, {_WORDS} AS words
                    FROM customers),
    named AS (SELECT * EXCLUDE (words), words[1] AS given, words[-1] AS family FROM worded),
    given_names AS (SELECT given, count(DISTINCT customer_id) AS n_given FROM named GROUP BY ALL),
    family_names AS (SELECT family, count(DISTINCT customer_id) AS n_family FROM named GROUP BY ALL)
    FROM named LEFT JOIN given_names USING (given) LEFT JOIN family_names USING (family)"""
"""Every number with its keys, its names, and how many bear them."""


def _alike(name: str) -> str:
    """Return the condition of one name, or of a slip of the pen: a name hardly anybody bears, like one others bear."""
    one, other = f"one.{name}", f"other.{name}"
    least, most = (f"{of}(one.n_{name}, other.n_{name})" for of in ("least", "greatest"))
    slip = f"jaro_winkler_similarity({one}, {other}) >= {ALIKE} AND {least} <= {RARE} AND {most} > {RARE}"
    return f"({one} = {other} OR ({slip}))"


_NAMED: Mapping[Shared, str] = {
    # An address that holds a given name is its own through a marriage; whoever gives no name is who alone has theirs.
    "email": f"CASE WHEN one.given IS NULL OR other.given IS NULL THEN names <= 1 ELSE {_alike('given')} AND "
    f"({_alike('family')} OR contains(split_part(key, '@', 1), one.given)) END",
    "phone": f"{_alike('given')} AND {_alike('family')}",
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
    if shared:
        con.execute(_HELD)
    for way in shared:
        found = con.execute(f"""
            WITH keyed AS (SELECT *, {way} AS key FROM people_keyed),
            of_few AS (SELECT key, count(DISTINCT given) AS names FROM keyed WHERE key IS NOT NULL
                       GROUP BY key HAVING count(DISTINCT customer_id) BETWEEN 2 AND {MOST}),
            held AS (FROM keyed JOIN of_few USING (key))
            SELECT DISTINCT one.customer_id, other.customer_id FROM held AS one JOIN held AS other USING (key, names)
            WHERE one.customer_id < other.customer_id AND {_NAMED[way]} ORDER BY ALL""").fetchall()
        yield from ((way, one, other) for one, other in found)
    con.execute("DROP TABLE IF EXISTS people_keyed")


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
