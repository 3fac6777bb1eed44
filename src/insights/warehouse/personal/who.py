"""Which ids are one person: those merged with theirs, those of the same address, those of the same number and name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb

from insights.errors import UnknownName
from insights.warehouse.deriving.people import FACTS
from insights.warehouse.personal import keys
from insights.warehouse.personal.marks import Marks, hashed
from insights.warehouse.personal.scrub import Needle

Id = tuple[str, str]
"""Source and customer id."""


@dataclass(frozen=True)
class Person:
    """One person: their ids, and what they are recognised by (kind and key, as `keys.key` makes them)."""

    ids: tuple[Id, ...]
    known_by: tuple[tuple[str, str], ...]

    def needles(self, word: str) -> list[Needle]:
        """Return what to look for in words."""
        return [Needle(kind, key, word) for kind, key in self.known_by]


def find(con: duckdb.DuckDBPyConnection, asked: str, sources: Sequence[str] = ()) -> Person:
    """Return who an id, an e-mail address or a telephone number means; raises UnknownName for nobody, or for several.

    `sources` names where the id means the person; with several all of them are taken for one.
    """
    _everybody(con)
    first = [one for one in _asked(con, keys.nfc(asked.strip())) if not sources or one[0] in sources]
    if not first:
        raise UnknownName("person_unknown", id=asked)
    reached = _reached(con, first if sources else first[:1])
    if left := {source for source, one in first if (source, one) not in reached}:
        raise UnknownName("person_ambiguous", id=asked, sources=", ".join(sorted(left | {first[0][0]})))
    return Person(tuple(reached), tuple(_known_by(con)))


def _everybody(con: duckdb.DuckDBPyConnection) -> None:
    """List every id there is with its keys, also those that only facts name; `listed` tells the two apart."""
    facts = " UNION ".join(f"SELECT source, coalesce(customer_id_raw, customer_id) AS id FROM {t}" for t in FACTS)
    email, phone, name = (keys.key(kind, kind) for kind in keys.KINDS)
    by_id = keys.key("email", "id")
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE everybody AS
        SELECT source, customer_id AS id, {email} AS email, {phone} AS phone, {name} AS name, true AS listed
        FROM customers
        UNION ALL
        SELECT source, id, {by_id}, NULL, NULL, (source, id) IN (SELECT (source, customer_id) FROM customers)
        FROM (SELECT source, unnest([customer_id, referred_by]) AS id FROM customers UNION {facts})
        WHERE id IS NOT NULL""")


def _asked(con: duckdb.DuckDBPyConnection, asked: str) -> list[Id]:
    """Return the ids a text means: ids themselves, else who has the address, else who has the number."""
    for way in ("id = $asked", *(f"{kind} = {keys.key(kind, '$asked')}" for kind in ("email", "phone"))):
        found = con.execute(
            f"SELECT source, id, bool_or(listed) AS own FROM everybody WHERE {way} GROUP BY ALL ORDER BY source, id",
            {"asked": asked},
        ).fetchall()
        if found:
            return [(s, i) for s, i, own in found if own] or [(s, i) for s, i, _ in found]
    return []


_MINE = "(SELECT (source, id) FROM reached)"
_STEPS = (
    f"SELECT source, merged_into FROM customer_aliases WHERE (source, customer_id) IN {_MINE}",
    f"SELECT source, customer_id FROM customer_aliases WHERE (source, merged_into) IN {_MINE}",
    f"SELECT source, id FROM everybody WHERE email IN (SELECT email FROM everybody WHERE (source, id) IN {_MINE})",
    f"""SELECT source, id FROM everybody
        WHERE (phone, name) IN (SELECT (phone, name) FROM everybody WHERE (source, id) IN {_MINE}
                                AND phone IS NOT NULL AND name IS NOT NULL)""",
    # an id its own source does not know means whoever another source knows by it
    "SELECT source, id FROM everybody WHERE NOT listed AND id IN (SELECT id FROM reached)",
)


def _reached(con: duckdb.DuckDBPyConnection, first: Iterable[Id]) -> list[Id]:
    """Return these ids and all that lead to the same person; the table `reached` holds them."""
    con.execute("CREATE OR REPLACE TEMP TABLE reached (source TEXT, id TEXT)")
    found, news = list[Id](), list(first)
    while news:
        con.executemany("INSERT INTO reached VALUES (?, ?)", news)
        found += news
        steps = f"SELECT * FROM ({' UNION '.join(_STEPS)}) AS step(source, id) WHERE id IS NOT NULL ORDER BY ALL"
        news = [(s, i) for s, i in con.execute(steps).fetchall() if (s, i) not in found]
    return found


def _known_by(con: duckdb.DuckDBPyConnection) -> Iterable[tuple[str, str]]:
    for kind in keys.KINDS:
        mine = (
            f"SELECT DISTINCT {kind} FROM everybody WHERE (source, id) IN {_MINE} AND {kind} IS NOT NULL ORDER BY ALL"
        )
        yield from ((kind, key) for (key,) in con.execute(mine).fetchall())


def marked(con: duckdb.DuckDBPyConnection, known: Marks) -> tuple[list[tuple[str, str, str]], list[Needle]]:
    """Return who of those held is marked as erased: ids with the word for each, and what to look for in words."""
    _everybody(con)
    con.execute("CREATE OR REPLACE TEMP TABLE reached (source TEXT, id TEXT)")
    ids: dict[Id, str] = {}
    for salt, found in known.by_salt.items():
        for kind, text in (("id", "source || chr(31) || id"), ("email", "email")):
            hashes = f"SELECT DISTINCT source, id, {hashed(kind, text)} AS hash FROM everybody WHERE {text} IS NOT NULL"
            for source, one, hash_ in con.execute(hashes, {"salt": salt}).fetchall():
                if word := found.get((kind, hash_)):
                    ids.setdefault((source, one), word)
    if ids:
        con.executemany("INSERT INTO reached VALUES (?, ?)", [list(one) for one in ids])
    word = next(iter(ids.values()), "")
    return [(*one, word) for one, word in ids.items()], [Needle(kind, key, word) for kind, key in _known_by(con)]
