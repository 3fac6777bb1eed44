"""Who is one person under several numbers: those joined, by which evidence, and those a person should look at."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from insights import schema, sql
from insights.settings.customers import decisions
from insights.stats import matching
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.options import Option

SIDES = ("", "other_")
SHOWN = ("name", "email", "phone", "city")
AGREES = ("local", "phone", "first", "last", "town")
"""What two people can agree in, the most telling first."""


def identities(asker: Asker, options: Options) -> Answer:
    """Return the numbers joined with their evidence, the pairs to look at, and what people decided.

    A pair to look at is probably one person and neither joined nor decided on. `look` no leaves out the looking, which
    takes seconds.
    """
    people = {row["customer_id"]: row for row in asker.fetch(_people())}
    joined = [
        _beside(people, r["customer_id"], r["merged_into"]) | {"source": r["source"], "evidence": r["evidence"]}
        for r in asker.fetch(_joined())
    ]
    made = decisions(asker.settings.merged_people)
    decided = [
        _beside(people, one.customer_id, one.merged_into)
        | {"verdict": one.verdict, "decided_at": one.decided_at, "decided_by": one.decided_by}
        for one in reversed(made)
        if one.customer_id in people and one.merged_into in people  # whom this reader may see
    ]
    known = {one.pair for one in made} | {frozenset((r["customer_id"], r["other_id"])) for r in joined}
    meant = {r["customer_id"]: r["other_id"] for r in joined}
    pairs = list(_pairs(people, meant, known, options["probability"])) if options["look"] == "yes" else []
    facts = {
        "numbers": len(people),
        "people": len(people.keys() - meant.keys()),
        "joined": len(joined),
        "review": len(pairs),
        "decided": len(decided),
        "least": options["probability"],
    }
    return Answer({"identities": joined, "review": pairs, "decided": decided}, facts)


def _joined() -> sa.Select[Any]:
    a = schema.customer_aliases.c
    into = (a.source, a.customer_id, a.merged_into, a.evidence)
    return sa.select(*into).where(a.merged_into.is_not(None)).order_by(a.evidence, a.merged_into, a.customer_id)


def _people() -> sa.Select[Any]:
    """Return every number with what it is known by, put together from the exports that name it."""
    c = schema.customers.c
    keys = {
        "words": sql.name_words(sa.func.min(c["name"])),
        "local": sql.address_box(sa.func.min(c.email)),
        "digits": sql.telephone_key(sa.func.min(c.phone), 10),
        "town": sql.folded(sa.func.min(c.city)),
    }
    told = [sa.func.min(c[name]).label(name) for name in SHOWN]
    columns = (c.customer_id, *told, *(of.label(name) for name, of in keys.items()))
    return sa.select(*columns).where(c.customer_id.is_not(None)).group_by(c.customer_id)


def _beside(people: Mapping[str, Row], one: str, other: str) -> dict[str, Any]:
    """Return two numbers with what each is known by, one beside the other."""
    row: dict[str, Any] = {"customer_id": one, "other_id": other}
    for side, who in zip(SIDES, (one, other), strict=True):
        row |= {f"{side}{name}": people[who][name] if who in people else None for name in SHOWN}
    return row


def _pairs(
    people: Mapping[str, Row], meant: Mapping[str, str], known: set[frozenset[str]], least: float
) -> Iterator[Row]:
    """Yield the probable pairs of customers: a number that means another stands for that one, each pair once."""
    seen = set(known)
    for match in matching.matches([_person(row) for row in people.values() if row["words"]], least):
        one, other = (meant.get(of, of) for of in (match.one, match.other))
        if one != other and (pair := frozenset((one, other))) not in seen:
            seen.add(pair)
            agrees = tuple(name for name in AGREES if match.agrees[name])
            yield _beside(people, one, other) | {
                "probability": match.probability,
                **{f"same_{name}": name in agrees for name in AGREES},
            }


def _person(row: Row) -> matching.Person:
    words = row["words"]
    last = words[-1] if len(words) > 1 else None
    return matching.Person(row["customer_id"], words[0], last, row["local"], row["digits"], row["town"])


def _rows(asker: Asker, options: Options) -> Sequence[Row]:
    return identities(asker, {**options, "look": "no"}).tables["identities"]


_BOTH = (
    Column("customer_id", "text"),
    *(Column(name, "text") for name in SHOWN),
    Column("other_id", "text"),
    *(Column(f"other_{name}", "text") for name in SHOWN),
)
STUDIES = (
    Study(
        "identities",
        ("customers",),
        answer=identities,
        behind=_rows,
        heeds=(),
        options=(Option("probability", "number", matching.LEAST), Option("look", "word", "yes", ("yes", "no"))),
        shapes=(
            Shape("identities", (*_BOTH, Column("source", "text"), Column("evidence", "word", "alias_evidence"))),
            Shape(
                "review",
                (
                    *_BOTH,
                    Column("probability", "share"),
                    *(Column(f"same_{name}", "flag") for name in AGREES),
                ),
            ),
            Shape(
                "decided",
                (
                    *_BOTH,
                    Column("verdict", "word", "verdict"),
                    Column("decided_at", "text"),
                    Column("decided_by", "text"),
                ),
            ),
        ),
    ),
)
