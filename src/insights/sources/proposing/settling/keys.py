"""The id of the rows: the first column where its cells are ids, the one number of lines that repeats."""

from collections.abc import Iterator, Mapping

from insights import schema
from insights.sources.proposing.contents import is_key
from insights.sources.proposing.glance import Facts, Sample
from insights.sources.proposing.lexicon import Concepts, meant, tokens
from insights.sources.proposing.naming import meanings
from insights.sources.proposing.proposal import Fit
from insights.sources.proposing.settling.unread import FEW, PLAIN, SURE, foreign, left

_OTHERS_KEY: Concepts = frozenset(
    {"customer", "company", "product", "barcode", "agent", "email", "phone", "address", "birth", "nothing_of_ours"}
)


def key(table: str, sample: Sample, chosen: Mapping[str, Fit]) -> Iterator[Fit]:
    """Yield the first column as the id of the rows where its cells are ids and it is no id of anything else."""
    column = next((c for c in schema.loaded_columns(schema.declared[table]) if is_key(table, c)), None)
    header = next(iter(sample.headers), None)
    if column is None or header is None or not _may_be_key(table, header, sample.facts[header], chosen):
        return
    said = chosen.get(column)
    if said is None or "id" not in meant(said.header):
        yield Fit(column, header, SURE, guessed=True)


def _may_be_key(table: str, header: str, facts: Facts, chosen: Mapping[str, Fit]) -> bool:
    others = (_OTHERS_KEY - meanings()[table].about) | foreign(table)
    if table in ("tickets", "opportunities") and len(chosen) > FEW:
        others -= {"order", "ticket"}  # work and jobs are ordered too
    numbered = facts.share(lambda c: any(x.isdigit() for x in c)) > 0.9
    about = meanings()[table].about
    own = {"id", "create"} | about
    if meant(header) & about and meant(header) & {"id", "line"}:
        others -= foreign(table)  # `Başvuru Sıra No` numbers the applications themselves
    return facts.is_key and numbered and all(not t or t & own or not t & others for t in tokens(header))


def several(table: str, sample: Sample, chosen: Mapping[str, Fit]) -> Iterator[Fit]:
    """Yield the one bare number that repeats as the order of lines, or the ticket of changes."""
    column = {"order_lines": "order_id", "ticket_events": "ticket_id"}.get(table)
    if column and column not in chosen:
        till = {"ticket"} if len(chosen) > FEW else set()  # a till numbers its tickets
        plain = [h for h in left(sample, chosen) if "id" in meant(h) and meant(h) <= PLAIN | {"count"} | till]
        if len(plain) == 1 and sample.facts[plain[0]].is_reference:
            yield Fit(column, plain[0], SURE, guessed=True)
