"""The same person under several numbers: those who share an address and a given name, or a telephone and a name.

Or enough of both where one of them changed: the surname at one mobile number, a letter of the address.
"""

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence

import duckdb

from insights.settings.customers import Shared
from insights.warehouse.deriving.names import folded

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
    "info",
    "bilgi",
    "iletisim",
    "contact",
    "destek",
    "support",
    "help",
    "satis",
    "sales",
    "muhasebe",
    "finance",
    "office",
    "ofis",
    "admin",
    "noreply",
    "no-reply",
    "mail",
    "posta",
    "hello",
    "merhaba",
    "siparis",
    "order",
    "orders",
)
"""Mailboxes of a house rather than of a person."""

_WORDS = rf"list_filter(regexp_split_to_array({folded('name')}, '[^\p{{L}}]+'), lambda w: w <> '')"
_DIGITS = "regexp_replace(phone, '[^0-9]', '', 'g')"
_BOX = "regexp_replace(split_part(lower(trim(email)), '@', 1), '\\+.*$', '')"
_HOST = "split_part(lower(trim(email)), '@', 2)"
_MOBILE = r"^((00)?(905|447|491[567]|33[67]|34[67]|393|316)|05)\d{8,10}$"
"""A mobile number as people write it with the country or the nought before it: most are one person's."""
_TELLING = r"regexp_matches(digits, '^\d{3,}$') AND NOT regexp_matches(digits, '^(19|20)\d\d$')"
"""Digits of an address that hardly anybody else of the name has: three and more, and no year of birth."""
_KEYS: Mapping[Shared, str] = {
    "email": f"""CASE WHEN {_HOST} <> '' AND {_BOX} NOT IN ({", ".join(f"'{box}'" for box in _OFFICES)})
                 THEN CASE WHEN {_HOST} IN ('gmail.com', 'googlemail.com')
                      THEN replace({_BOX}, '.', '') || '@gmail.com' ELSE {_BOX} || '@' || {_HOST} END END""",
    "phone": f"CASE WHEN length({_DIGITS}) >= 10 AND right({_DIGITS}, 7) <> repeat(right({_DIGITS}, 1), 7) "
    f"THEN right({_DIGITS}, 10) END",
    "mobile": "CASE WHEN is_mobile THEN phone END",
    "slip": f"CASE WHEN town <> '' AND host <> '' AND family <> '' AND {_TELLING} "
    "THEN concat_ws(' ', given, family, town, host, digits) END",
}
"""An address without its tag, a number without its country: +90 (532) 111 22 33 and 0532 111 2233 are one.

A slip is looked for among those alike in all but the letters of the address.
"""
_HELD = f"""
    CREATE OR REPLACE TEMP TABLE people_keyed AS
    WITH worded AS (SELECT DISTINCT customer_id, {_KEYS["email"]} AS email, {_KEYS["phone"]} AS phone,
                    {_WORDS} AS words, regexp_matches({_DIGITS}, '{_MOBILE}') AS is_mobile,
                    {folded("city")} AS town, {_HOST} AS host,
                    regexp_replace({_BOX}, '[^0-9]', '', 'g') AS digits,
                    regexp_replace(strip_accents({_BOX}), '[^a-z]', '', 'g') AS letters FROM customers),
    halved AS (SELECT * EXCLUDE (words), words[1] AS given, words[-1] AS family FROM worded),
    named AS (SELECT *, {_KEYS["mobile"]} AS mobile, {_KEYS["slip"]} AS slip FROM halved),
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
    # A household has several given names at its number, a firm's number is no mobile one.
    "mobile": "names = 1 AND one.given = other.given AND one.town = other.town AND one.town <> ''",
    # Another way to write the same letters (a.su, asu) is another address: people of one name choose such.
    "slip": "levenshtein(one.letters, other.letters) BETWEEN 1 AND 2 AND coalesce(one.phone = other.phone, true)",
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
    if not shared or not con.execute("SELECT EXISTS (FROM customers)").fetchall()[0][0]:
        return  # to plan for no rows at all takes as long as for thousands
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
    con.execute("DROP TABLE people_keyed")


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
