"""Who is who: people said to be merged are one customer in every fact, and the placeholder of erased ones is nobody."""

from collections.abc import Iterable

import duckdb

from insights.settings import Settings
from insights.settings.customers import SHARED, Decision, decisions
from insights.warehouse.ddl import quoted
from insights.warehouse.deriving import same_people
from insights.warehouse.deriving.names import folded

FACTS = ("tickets", "surveys", "orders", "interactions", "opportunities", "campaign_members")
"""Tables whose rows belong to a customer: `customer_id` is who that is now, `customer_id_raw` the exported one."""

Person = tuple[str, str]
"""Source and customer id."""
Claim = tuple[str, str, str, str]
"""Source, customer id, id of the one they are now, evidence."""
_EVIDENCE = ("settings", "merged_into", "merged_ids", *SHARED)
"""Where two claims about one id differ, the first of these is believed. A master said by name is who alone has it."""

_LISTED = r"'[^\s;,|\[\]\"]+'"
_CLAIMS = rf"""
    WITH named AS (SELECT source, name, min(customer_id) AS customer_id FROM customers WHERE merged_into IS NULL
                   GROUP BY ALL HAVING count(*) = 1),
    known AS (SELECT source, customer_id FROM customers)
    SELECT own.source, own.customer_id, coalesce(known.customer_id, named.customer_id, trim(own.merged_into)),
        'merged_into'
    FROM customers AS own
    LEFT JOIN known ON known.source = own.source AND known.customer_id = trim(own.merged_into)
    LEFT JOIN named ON named.source = own.source AND named.name = trim(own.merged_into)
    WHERE trim(own.merged_into) <> ''
    UNION ALL
    SELECT source, regexp_replace(listed, ':\d{{10,}}$', ''), customer_id, 'merged_ids'
    FROM (SELECT source, customer_id, unnest(regexp_extract_all(merged_ids, {_LISTED})) AS listed
          FROM customers WHERE merged_ids IS NOT NULL)"""


def forget(con: duckdb.DuckDBPyConnection) -> None:
    """Put back the customers exports name, so that export is compared with export."""
    for table in FACTS:
        back = f"UPDATE {table} SET customer_id = customer_id_raw, customer_id_raw = NULL"
        con.execute(f"{back} WHERE customer_id_raw IS NOT NULL")
    con.execute("DELETE FROM customer_aliases")


def resolve(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Give every row the customer it belongs to now, and list who was taken for whom, by which evidence."""
    made = decisions(settings.merged_people, required=settings.customers.merged is not None)
    apart = {one.pair for one in made if one.verdict == "different"}
    told: list[Claim] = [*con.execute(_CLAIMS).fetchall(), *_decided(con, made)]
    claims = [claim for claim in told if frozenset(claim[1:3]) not in apart]
    claims += same_people.claims(con, settings.customers.same, merged(claims), apart)
    aliases = [(*person, now, evidence) for person, (now, evidence) in merged(claims).items()]
    if aliases:
        columns = dict(zip("abcd", map(list, zip(*aliases, strict=True)), strict=True))
        con.execute(
            f"INSERT INTO customer_aliases SELECT {', '.join(f'unnest(${n}::TEXT[])' for n in 'abcd')}", columns
        )
    _blank_placeholders(con, settings.customers.unknown)
    if con.execute("SELECT 1 FROM customer_aliases LIMIT 1").fetchone():
        _apply(con)


def merged(claims: Iterable[Claim]) -> dict[Person, tuple[str, str]]:
    """Return who each merged person is now, and why: chains are followed to their end, a circle to its least id."""
    told: dict[Person, tuple[str, str]] = {}
    for source, old, new, evidence in sorted(claims, key=lambda claim: (_EVIDENCE.index(claim[3]), claim)):
        if old != new:
            told.setdefault((source, old), (new, evidence))
    ends = {(source, old): _end(told, source, old) for source, old in told}
    return {person: (end, told[person][1]) for person, end in ends.items() if end != person[1]}


def _end(told: dict[Person, tuple[str, str]], source: str, start: str) -> str:
    passed = [start]
    while (source, passed[-1]) in told:
        following = told[source, passed[-1]][0]
        if following in passed:
            return min(passed[passed.index(following) :])
        passed.append(following)
    return passed[-1]


def _decided(con: duckdb.DuckDBPyConnection, made: Iterable[Decision]) -> list[Claim]:
    """Return what people decided; a decision without a source holds in all of them."""
    sources = [row[0] for row in con.execute("SELECT DISTINCT source FROM loads").fetchall()]
    return [
        (source, one.customer_id, one.merged_into, "settings")
        for one in made
        if one.verdict == "same"
        for source in ([one.source] if one.source else sources)
    ]


def _blank_placeholders(con: duckdb.DuckDBPyConnection, names: tuple[str, ...]) -> None:
    """List every id that stands for erased or nameless people: by its name, or because the id itself is such a word."""
    con.execute("CREATE OR REPLACE TEMP TABLE placeholder_names (name TEXT)")
    if names:
        con.executemany("INSERT INTO placeholder_names VALUES (?)", [[name] for name in names])
    named = [f"SELECT source, customer_id FROM customers WHERE {folded('name')} IN (FROM folded_names)"]
    named += [
        f"SELECT source, customer_id FROM {table} WHERE {folded('customer_id')} IN (FROM folded_names)"
        for table in ("customers", *FACTS)
    ]
    con.execute(f"""
        INSERT INTO customer_aliases
        WITH folded_names AS (SELECT DISTINCT {folded("name")} FROM placeholder_names),
        found AS ({" UNION ".join(named)})
        SELECT source, customer_id, NULL, 'placeholder' FROM found
        ANTI JOIN customer_aliases USING (source, customer_id)""")
    con.execute("DROP TABLE placeholder_names")


def _apply(con: duckdb.DuckDBPyConnection) -> None:
    """Rename the customers of all facts; an id its own source does not know is looked up in the others."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE people_now AS
        WITH abroad AS (SELECT customer_id, first(merged_into ORDER BY source) AS merged_into
                        FROM customer_aliases GROUP BY customer_id),
        loaded AS (SELECT DISTINCT source FROM loads)
        SELECT source, customer_id, merged_into FROM customer_aliases
        UNION ALL
        SELECT loaded.source, abroad.customer_id, abroad.merged_into FROM loaded CROSS JOIN abroad
        WHERE (loaded.source, abroad.customer_id) NOT IN (SELECT (source, customer_id) FROM customers
                                                          UNION SELECT (source, customer_id) FROM customer_aliases)""")
    for table in FACTS:
        con.execute(f"""
            UPDATE {quoted(table)} AS fact SET customer_id_raw = fact.customer_id, customer_id = people_now.merged_into
            FROM people_now WHERE people_now.source = fact.source AND people_now.customer_id = fact.customer_id""")
    con.execute("DROP TABLE people_now")
