"""A version built anew without somebody: nothing is copied, each row is written as it is without them."""

import duckdb

from insights import schema
from insights.warehouse.ddl import columns_there, create_missing, quoted
from insights.warehouse.personal import scrub
from insights.warehouse.personal.marks import Mark, Marks, hashed, of_id
from insights.warehouse.personal.scrub import Needle, Scrub
from insights.warehouse.personal.who import Person

WORD = "erased-"


def marks_of(con: duckdb.DuckDBPyConnection, person: Person, marks: Marks) -> tuple[Marks, list[tuple[str, str, str]]]:
    """Return the marks with those of a person, and the word that takes the place of each of their ids."""
    salt, new, ids = marks.salt, dict[Mark, str](), []

    def mark(kind: str, text: str) -> str:
        found = con.execute(f"SELECT {hashed(kind, '$text')}", {"salt": salt, "text": text}).fetchone()
        return str(found[0]) if found else ""

    homes = {one: f"{WORD}{mark('id', of_id(source, one))[:12]}" for source, one in reversed(person.ids)}
    for source, one in person.ids:
        word = homes[one]
        new |= {("id", mark("id", of_id(source, one))): word, ("abroad", mark("abroad", one)): word}
        ids.append((source, one, word))
    new |= {(kind, mark(kind, key)): ids[0][2] for kind, key in person.known_by}
    return marks.also(salt, new), ids


def list_ids(con: duckdb.DuckDBPyConnection, ids: list[tuple[str, str, str]], database: str = "") -> None:
    """Fill the lists a scrub looks into: ids with their words, and the tickets of these people."""
    scrub.prepare(con)
    if ids:
        con.executemany("INSERT INTO erased_ids VALUES (?, ?, ?)", [list(one) for one in ids])
    list_tickets(con, database)


def list_tickets(con: duckdb.DuckDBPyConnection, database: str) -> None:
    """List the stored tickets of the listed people, and of those whose place a word has taken."""
    con.execute(f"""
        INSERT INTO erased_tickets SELECT source, ticket_id FROM {database}tickets
        WHERE (source, coalesce(customer_id_raw, customer_id)) IN (SELECT (source, id) FROM erased_ids)
           OR (source, customer_id) IN (SELECT (source, id) FROM erased_ids) OR starts_with(customer_id, '{WORD}')""")


def rebuild(
    con: duckdb.DuckDBPyConnection,
    old: str,
    ids: list[tuple[str, str, str]],
    needles: list[Needle],
    keep: dict[str, str] | None = None,
) -> None:
    """Write every row of the version attached as `old` into the empty database of `con`, without these people.

    `keep` says by table which rows of it (alias r) stay at all.
    """
    create_missing(con)
    list_ids(con, ids, f"{old}.")
    taken = Scrub(con, needles)
    there = columns_there(con, old)
    for table in schema.declared.values():
        columns = [c.name for c in table.columns if c.name in there.get(table.name, ())]
        if not columns:
            continue
        source = "r.source" if "source" in columns else "NULL"
        select = taken.select(table, f"{old}.{table.name}", columns, source)
        condition = f" WHERE {kept}" if (kept := (keep or {}).get(table.name)) else ""
        names = ", ".join(map(quoted, columns))
        con.execute(f"INSERT INTO {table.name} ({names}) {select}{condition}", taken.values(select))
    scrub.end(con)
