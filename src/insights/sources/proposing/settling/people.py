"""Who the people of the rows are: whom they are of, where they can be written to, who is responsible."""

import re
from collections.abc import Iterable, Iterator, Mapping

from insights import schema
from insights.sources.folding import fold
from insights.sources.proposing.glance import Facts, Sample
from insights.sources.proposing.lexicon import meant, tokens, words
from insights.sources.proposing.proposal import Fit
from insights.sources.proposing.settling.unread import FEW, SURE, left

_DOER = re.compile(r"(tor|[aeiou][nd]?[gtkmz]er|yan|yen|ici|ucu|man)$")
"""How words for whoever does something end in Turkish, English and German: `Raportör`, `Organizer`, `Düzenleyen`."""


_REFERRERS = 0.8
"""The share of those who recommended that must be known, or look like customers."""


def party(table: str, sample: Sample, chosen: Mapping[str, Fit], free: Iterable[str] | None = None) -> Iterator[Fit]:
    """Yield whom rows are of where no header says customer: the number beside the name of somebody, or a bare name."""
    columns = schema.declared[table].columns
    if "customer_id" not in columns or "customer_id" in chosen or table == "customers":
        return
    unread = left(sample, chosen) if free is None else [*free]
    pairs = {i for i, _ in parties(sample, unread)}
    names = [h for h in unread if meant(h) - {"jobtitle", "fullname"} == {"name"} and _many_names(sample.facts[h])]
    creators = [h for h in unread if "agent_id" in chosen and "creator" in meant(h) and _many_names(sample.facts[h])]
    for found in (pairs, names, creators if table == "tickets" else []):
        if len(found) == 1:
            yield Fit("customer_id", next(iter(found)), SURE, guessed=True)
            return


def parties(sample: Sample, headers: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield number and name of what no word of ours explains, where one goes with the other: `Eczane Kodu`, `Eczane Adı`."""
    said = {h: (tokens(h), words(h)) for h in headers if len(tokens(h)) == 2 and not all(tokens(h))}
    for number, (meaning, (who, *_)) in said.items():
        if not meaning[0] and "id" in meaning[1]:
            for name, (also, (whose, *_)) in said.items():
                if who == whose and "name" in also[1] and _many_names(sample.facts[name]):
                    yield number, name


def referrers(sample: Sample, chosen: Mapping[str, Fit]) -> bool:
    """Tell whether who recommended is said by ids of customers: such as stand in the same file, or are written alike."""
    if "customer_id" not in chosen:
        return False
    ids, told = (sample.facts[chosen[c].header].counted for c in ("customer_id", "referred_by"))
    written, lengths = {_written(one) for one in ids}, [len(one) for one in ids]
    like = [c for c in told if c in ids or (_written(c) in written and min(lengths) <= len(c) <= max(lengths) + 1)]
    return bool(like) and sum(told[c] for c in like) >= _REFERRERS * sum(told.values())


def _written(cell: str) -> str:
    """Return how an id is written, whichever its digits: `M-104` as `M-9`."""
    return re.sub(r"[^@\s]+@[^@\s]+", "@", re.sub(r"\d+", "9", cell))


def is_name(facts: Facts) -> bool:
    """Tell whether cells are names of people or companies: letters, and several."""
    lettered = facts.share(lambda c: any(x.isalpha() for x in c) and not any(x.isdigit() for x in c)) > 0.8
    return lettered and facts.length > 2


def _many_names(facts: Facts) -> bool:
    return is_name(facts) and facts.distinct > FEW


def email(table: str, sample: Sample, chosen: Mapping[str, Fit]) -> Iterator[Fit]:
    """Yield the one column of addresses that says whose it is by nothing but what it holds."""
    if table == "customers" and "email" not in chosen:
        held = [h for h in sample.headers if sample.facts[h].email > 0.9 and not meant(h) & {"agent", "company"}]
        if len(held) == 1:
            yield Fit("email", held[0], SURE, guessed=True)


def agent(table: str, sample: Sample, chosen: Mapping[str, Fit]) -> Iterator[Fit]:
    """Yield who is responsible for whatever else the header names, where it is the only one who is."""
    column = "owner_agent_id" if table == "customers" else "agent_id"
    if column not in schema.declared[table].columns or column in chosen or table in ("agents", "trainings"):
        return
    doers = [h for h in left(sample, chosen) if _does(h, "customer_id" in chosen) and is_name(sample.facts[h])]
    if len(doers) == 1:
        yield Fit(column, doers[0], SURE, guessed=True)


def _does(header: str, others: bool) -> bool:
    """Tell whether a header ends in who is responsible, or, beside those who ask, in a word for whoever does something."""
    said = tokens(header)
    doer = others and not meant(header) and bool(_DOER.search(fold(header)))
    return bool(said) and ("agent" in said[-1] or doer)
