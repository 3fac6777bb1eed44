"""What the cells settle where names say too little: the id of the rows, their one time, words of a closed vocabulary."""

from collections.abc import Iterator, Mapping

from insights import schema
from insights.sources.proposing import moments
from insights.sources.proposing.assigning import LATE_DAYS
from insights.sources.proposing.contents import by_content, is_key
from insights.sources.proposing.glance import Facts, Sample
from insights.sources.proposing.lexicon import Concepts, meant, tokens
from insights.sources.proposing.naming import by_known_words, meanings
from insights.sources.proposing.proposal import LINE, Fit

_SURE, _NEARLY = LINE, 0.9
_PLAIN: Concepts = frozenset({"id", "name", "time", "type", "filler", "record", "field"})
"""What a header may speak of and still say nothing of which column it is."""
_TELLING = {"channel": 0.8, "priority": 0.9, "status": 0.8, "direction": 0.9}
"""Columns whose words give them away, and the share that must be known."""
_LATER: Concepts = frozenset(
    {"due", "expect", "last", "next", "update", "birth", "close", "solve", "first", "reply", "ship", "age", "approve",
     "appointment", "end", "pay", "churn", "hired", "acquired", "year", "won", "seen", "click", "convert", "physical",
     "nothing_of_ours", "survey", "escalate", "reopen", "transfer", "duration"}
)  # fmt: skip
"""What a time speaks of that is not the one at which a row began."""
_NO_REPLY: Concepts = frozenset({"solve", "close", "name", "due", "survey", "acquired", "duration", "order"})
_TIMELY = 0.9
_OTHERS_KEY: Concepts = frozenset(
    {"customer", "company", "product", "barcode", "agent", "email", "phone", "address", "birth"}
)


def settle(table: str, sample: Sample, chosen: Mapping[str, Fit]) -> dict[str, Fit]:
    """Return the fits that the cells of unread columns add to those the names made."""
    found = dict(chosen)
    for rule in (_key, _nearly, _time, _first, _words):
        for fit in rule(table, sample, found):
            if all(fit.header != f.header for f in found.values()):
                found[fit.column] = fit
    return found


def _nearly(table: str, sample: Sample, chosen: Mapping[str, Fit]) -> list[Fit]:
    """Return the columns one header alone names but for a word nobody knows, and whose cells fit."""
    left = _left(sample, chosen)
    found = []
    for column in schema.loaded_columns(schema.metadata.tables[table]):
        near = [h for h in left if by_known_words(table, column, h) >= _NEARLY
                and sample.facts[h].cells and by_content(table, column, sample.facts[h]) > 0]  # fmt: skip
        if column not in chosen and not column.endswith("_raw") and len(near) == 1:
            found.append(Fit(column, near[0], _SURE, guessed=True))
    return found


def _key(table: str, sample: Sample, chosen: Mapping[str, Fit]) -> Iterator[Fit]:
    """Yield the first column as the id of the rows where its cells are ids and it calls itself one of nobody else."""
    key = next((c for c in schema.loaded_columns(schema.metadata.tables[table]) if is_key(table, c)), None)
    header = next(iter(sample.headers), None)
    if key is None or header is None or not _may_be_key(table, header, sample.facts[header], chosen):
        return
    said = chosen.get(key)
    if said is None or "id" not in meant(said.header):
        yield Fit(key, header, _SURE, guessed=True)


def _may_be_key(table: str, header: str, facts: Facts, chosen: Mapping[str, Fit]) -> bool:
    spoken = meant(header)
    others = (_OTHERS_KEY - meanings()[table].about) | _foreign(table)
    if table == "tickets" and "solved_at" in chosen:
        others -= {"order"}  # work is ordered too
    numbered = facts.share(lambda c: any(x.isdigit() for x in c)) > 0.9
    return "id" in spoken and not spoken & others and facts.is_key and numbered


def _foreign(table: str) -> Concepts:
    """Return what the rows of other tables are called."""
    others = frozenset().union(*(m.about for t, m in meanings().items() if t != table), {"purchase"})
    return others - (meanings()[table].about | ({"purchase"} if table == "orders" else set()))


def _time(table: str, sample: Sample, chosen: Mapping[str, Fit]) -> Iterator[Fit]:
    """Yield the one time no name explains as the time a row of this table cannot do without."""
    column = schema.REQUIRED_TIMES.get(table)
    if column is None or column in chosen:
        return
    left = [
        h for h in _left(sample, chosen) if sample.facts[h].cells and by_content(table, column, sample.facts[h]) > 0
    ]
    for begun in ([h for h in left if _unsaid(h)], [h for h in left if not _only(h, _LATER | _foreign(table))]):
        if len(begun) == 1 and sample.facts[begun[0]].time > 0.97:
            yield Fit(column, begun[0], _SURE, guessed=True)
            return


def _first(table: str, sample: Sample, chosen: Mapping[str, Fit]) -> Iterator[Fit]:
    """Yield the one time that is the first of something the desk did, soon after the ticket came."""
    begun, column = chosen.get("created_at"), "first_response_at"
    if table != "tickets" or begun is None or column in chosen:
        return
    start = sample.facts[begun.header]
    left = [h for h in _left(sample, chosen) if "first" in meant(h) and not _only(h, _NO_REPLY) and sample.facts[h].cells
            and by_content(table, column, sample.facts[h]) > 0]  # fmt: skip
    if len(left) == 1 and _soon_after(sample.facts[left[0]], start):
        yield Fit(column, left[0], _SURE, guessed=True)


def _only(header: str, matters: Concepts) -> bool:
    """Tell whether some word of a header can mean nothing but these."""
    return any(t and t <= matters for t in tokens(header))


def _soon_after(later: Facts, start: Facts) -> bool:
    return (
        (moments.after(later, start) or 0) >= _TIMELY
        and moments.same(later, start) <= _TIMELY
        and moments.days_between(later, start) <= LATE_DAYS
    )


def _words(table: str, sample: Sample, chosen: Mapping[str, Fit]) -> Iterator[Fit]:
    columns = schema.metadata.tables[table].columns
    for column, share in _TELLING.items():
        if column in chosen or column not in columns:
            continue
        of = columns[column].info["words"]
        known = [h for h in _left(sample, chosen) if _unsaid(h) and sample.facts[h].words.get(of, 0) >= share
                 and sample.facts[h].distinct > 1 and sample.facts[h].number < 0.1]  # fmt: skip
        if len(known) == 1:
            yield Fit(column, known[0], _SURE, guessed=True)


def _left(sample: Sample, chosen: Mapping[str, Fit]) -> list[str]:
    used = {f.header for f in chosen.values()}
    return [h for h in sample.headers if h not in used]


def _unsaid(header: str) -> bool:
    """Tell whether a header has a word nobody knows and none that means something else."""
    said = tokens(header)
    return bool(said) and any(not t for t in said) and all(not t or t & _PLAIN for t in said)
