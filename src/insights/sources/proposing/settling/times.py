"""When a row began, was first answered and ended, where one column alone can tell."""

from collections.abc import Iterator, Mapping

from insights import schema
from insights.sources.proposing import moments
from insights.sources.proposing.assigning import LATE_DAYS
from insights.sources.proposing.contents import by_content
from insights.sources.proposing.glance import Facts, Sample
from insights.sources.proposing.lexicon import Concepts, meant, tokens
from insights.sources.proposing.proposal import Fit
from insights.sources.proposing.settling.unread import SURE, foreign, left, unsaid

_LATER: Concepts = frozenset(
    {
        "due",
        "expect",
        "last",
        "next",
        "update",
        "birth",
        "close",
        "solve",
        "first",
        "reply",
        "ship",
        "age",
        "approve",
        "appointment",
        "end",
        "pay",
        "churn",
        "hired",
        "acquired",
        "year",
        "won",
        "seen",
        "click",
        "convert",
        "physical",
        "nothing_of_ours",
        "survey",
        "escalate",
        "reopen",
        "transfer",
        "duration",
    }
)
"""What a time speaks of that is not the one at which a row began."""
_NO_REPLY: Concepts = frozenset({"solve", "close", "name", "due", "survey", "acquired", "duration", "order"})
_STAGES: dict[str, Concepts] = {
    "first_response_at": frozenset({"reply", "first"}),
    "solved_at": frozenset({"solve", "end"}),
    "closed_at": frozenset({"close"}),
}
_ELSEWHEN: Concepts = _LATER - {"close", "solve", "first", "reply", "end"} | {
    "order",
    "deal",
    "start",
    "create",
    "customer",
}
_BEFORE: Concepts = frozenset(
    {"birth", "acquired", "hired", "purchase", "order", "customer", "seen", "physical", "last"}
)
"""What a time speaks of that may well lie before the row."""
_TIMELY = 0.9


def begun(table: str, sample: Sample, chosen: Mapping[str, Fit]) -> Iterator[Fit]:
    """Yield the one time no name explains as the time a row of this table cannot do without."""
    column = schema.REQUIRED_TIMES.get(table)
    if column is None or column in chosen:
        return
    fits = [h for h in left(sample, chosen) if sample.facts[h].cells and by_content(table, column, sample.facts[h]) > 0]
    for times in ([h for h in fits if unsaid(h)], [h for h in fits if not _only(h, _LATER | foreign(table))]):
        earliest = [h for h in times if _before_all(h, sample)]
        if len(earliest) == 1 and sample.facts[earliest[0]].time > 0.97:
            yield Fit(column, earliest[0], SURE, guessed=True)
            return


def _before_all(header: str, sample: Sample) -> bool:
    """Tell whether no other time of the rows lies before this one, but those that speak of what was before the rows."""
    others = [h for h in sample.headers if h != header and sample.facts[h].time > _TIMELY and not _only(h, _BEFORE)]
    shares = (moments.after(sample.facts[h], sample.facts[header]) for h in others)
    return all(share is None or share >= _TIMELY for share in shares)


def stages(table: str, sample: Sample, chosen: Mapping[str, Fit]) -> Iterator[Fit]:
    """Yield the one time that tells of a ticket's first answer or its end, whatever else its name says."""
    created = chosen.get("created_at")
    if table != "tickets" or created is None:
        return
    start, unread = sample.facts[created.header], left(sample, chosen)
    for column, said in _STAGES.items():
        fits = [
            h
            for h in unread
            if meant(h) & said
            and not meant(h) & _ELSEWHEN
            and by_content(table, column, sample.facts[h]) > 0
            and sample.facts[h].cells
        ]
        if column not in chosen and len(fits) == 1 and _soon_after(sample.facts[fits[0]], start, column):
            yield Fit(column, fits[0], SURE, guessed=True)


def first(table: str, sample: Sample, chosen: Mapping[str, Fit]) -> Iterator[Fit]:
    """Yield the one time that is the first of something the desk did, soon after the ticket came."""
    created, column = chosen.get("created_at"), "first_response_at"
    if table != "tickets" or created is None or column in chosen:
        return
    start = sample.facts[created.header]
    fits = [
        h
        for h in left(sample, chosen)
        if "first" in meant(h)
        and not _only(h, _NO_REPLY)
        and sample.facts[h].cells
        and by_content(table, column, sample.facts[h]) > 0
    ]
    if len(fits) == 1 and _soon_after(sample.facts[fits[0]], start):
        yield Fit(column, fits[0], SURE, guessed=True)


def _only(header: str, matters: Concepts) -> bool:
    """Tell whether some word of a header can mean nothing but these."""
    return any(t and t <= matters for t in tokens(header))


def _soon_after(later: Facts, start: Facts, column: str = "first_response_at") -> bool:
    return (
        (moments.after(later, start) or 0) >= _TIMELY
        and moments.same(later, start) <= _TIMELY
        and (column != "first_response_at" or moments.days_between(later, start) <= LATE_DAYS)
    )
