"""What a file no profile knows seems to hold: the table its rows are of, where its columns come from, and how surely."""

from collections.abc import Mapping
from dataclasses import replace

from insights import schema
from insights.sources.folding import fold
from insights.sources.profile import Spec
from insights.sources.proposing.assigning import MANY, assign, guess, nameless
from insights.sources.proposing.contents import is_won, strange
from insights.sources.proposing.draft import needed
from insights.sources.proposing.filling import filled
from insights.sources.proposing.further import further
from insights.sources.proposing.glance import NO, YES, Facts, Sample
from insights.sources.proposing.lexicon import meant, words
from insights.sources.proposing.naming import about, against, bare, meanings, signs, unit_in
from insights.sources.proposing.proposal import Fit, Proposal
from insights.sources.proposing.questions import is_question, scale_in
from insights.sources.proposing.settling.people import is_name
from insights.sources.proposing.settling.settle import settle

_BARE = 0.35
"""What a column weighs whose header is but `id`, `name` or `date`: any table has those."""
_LACKING, _UNDATED, _GUESSED = 3.0, 1.5, 1.0
_REPEATED = 4.0
"""What it costs a table that its rows repeat, or do not, against what they are."""
_STRANGE = 0.5
"""What is left of the weight of priorities hardly one of which is a word of ours: how severe something else is."""
_ANY_OF = {
    "tickets": {
        *("customer_id", "agent_id", "team", "status", "subject", "category", "product", "channel"),
        *("first_response_at", "first_solved_at", "solved_at", "closed_at"),
    },
    "trainings": {"course"},
    "surveys": {"answered_at", "sent_at", "comment", "ticket_id", "agent_id", "kind"},
    "campaign_members": {
        "arm",
        "sent_at",
        "opened_at",
        "clicked_at",
        "converted_at",
        "responded",
        "converted",
        "revenue",
    },
    "order_lines": {"line", "product", "product_id", "category", "quantity", "unit_price"},
}
"""One of these at least such rows have: a number, a time and a severity are lines of a log, a sum is no line, marks are an exam's."""
_OF_A_DESK = {"subject", "priority", "status", "first_response_at", "solved_at", "due_at"}
"""One of these at least has a ticket whose rows say which way people spoke, else they are calls."""
_REACHED = {"email", "phone", "city", "company"}
_LIVED = {"birth", "last", "update", "change", "next", "acquired", "hired", "churn", "create", "start", "end", "deal"}
"""What times beside people tell of."""
_WON, _DECIDED, _HARDLY, _NEARLY_ALL = 0.1, 1.5, 3, 0.8
_MANY_ROWS, _LISTED = 8, 0.5
"""So many rows with fewer different names than this share are no list of those who bear them."""


def propose(sample: Sample, table: str) -> Proposal:
    """Return where the columns of `table` seem to come from, each as sure as its name and its cells make it."""
    chosen = guess(table, sample) if nameless(sample) else settle(table, sample, assign(table, sample))
    specs = {c: _spec(table, f, sample.facts[f.header]) for c, f in chosen.items()}
    specs = filled(table, sample, specs)
    columns = {c: specs[c] for c in schema.loaded_columns(schema.declared[table]) if c in specs}
    lacking = tuple(c for c in needed(table) if c not in specs)
    cost = sum(_UNDATED if c == schema.REQUIRED_TIMES.get(table) else _LACKING for c in lacking)
    cost += sum(_GUESSED for c, f in chosen.items() if f.guessed and c in needed(table))
    score = _score(table, sample, chosen) - cost
    sure = {c: min(1.0, f.sure) for c, f in chosen.items() if c in columns}
    found = Proposal(table, columns, score, sure, further(table, sample, columns), lacking)
    return replace(found, whole=len(found.used) == len(sample.headers))


def _spec(table: str, fit: Fit, facts: Facts) -> Spec:
    """Return where a column is read from: a duration with the unit its header names, a yes with the words for it."""
    kind = schema.kind_of(schema.declared[table].columns[fit.column])
    said = {fold(c) for c in facts.counted}
    if kind == "flag" and said <= {fold(w) for w in YES + NO}:
        true, false = (tuple(w for w in words if fold(w) in said) for words in (YES, NO))
        return Spec(column=(fit.header,), true=true, false=false)
    return Spec(column=(fit.header,), unit=unit_in(fit.header) if fit.column.endswith("_s") else None)


def best(sample: Sample) -> list[Proposal]:
    """Return a proposal for every canonical table, the likeliest first."""
    found = [propose(sample, t.name) for t in schema.canonical_tables()]
    return sorted(found, key=lambda p: -p.score)


def _score(table: str, sample: Sample, chosen: Mapping[str, Fit]) -> float:
    """Return how much speaks for the rows being of this table: its columns, its words, and nothing else's."""
    own = meanings()[table].own
    unsaid = nameless(sample)
    used = {f.header for f in chosen.values()}
    headers = sample.headers[:MANY]
    named = sum(about(table, h) for h in headers)
    beside = [h for h in headers if h not in used and sample.facts[h].flag < 0.9]
    foreign = sum(against(table, h) for h in beside)
    if table == "customers" and "customer_id" in chosen and not chosen.keys() & _REACHED:
        key = chosen["customer_id"].header
        foreign += is_name(sample.facts[key]) and "company" not in meant(key)  # whom rows are of, by name alone
    if table in ("customers", "agents"):
        foreign += sum(bool(scale_in(h)) and sample.facts[h].is_score for h in beside)  # people are not asked here
    named += sum(signs(table, h) for h in headers if h not in used)
    weighed = sum(
        own.get(c, 0.2)
        * f.sure
        * (_BARE if (bare(table, f.header) or f.guessed) and not unsaid else 1)
        * (_STRANGE if c == "priority" and strange(table, c, sample.facts[f.header]) else 1)
        for c, f in chosen.items()
    )
    dated = table != "surveys" or {"answered_at", "sent_at", "ticket_id"} & set(chosen)
    foreign += 0 if dated else 1
    weighed += _DECIDED * (table == "opportunities" and _sold(sample, chosen.get("stage")))
    return weighed + 0.5 * min(4, named) - 1.5 * foreign - _REPEATED * _misplaced(table, sample, chosen)


def _misplaced(table: str, sample: Sample, chosen: Mapping[str, Fit]) -> bool:
    """Tell whether ids or names repeat, or do not, as no rows of this table do: lines of an order, a list of agents."""
    named = chosen.get("name")
    if table == "agents" and named is not None and sample.facts[named.header].rows >= _MANY_ROWS:
        return sample.facts[named.header].unique < _LISTED
    if table in ("customers", "agents") and any(_happened(h, sample.facts[h]) for h in _unread(sample, chosen)):
        return True
    if table == "orders" and any("stage" in meant(h) for h in sample.headers[:MANY]):
        return True  # orders are not won step by step
    if table == "tickets" and not chosen.keys() & _OF_A_DESK and _spoken(sample):
        return True
    if table == "surveys" and "score" in chosen and not _asked(sample, chosen):
        return True
    if _bereft(table, sample, chosen) or (table == "tickets" and _sold(sample, chosen.get("status"))):
        return True
    several = {"order_lines": "order_id", "ticket_events": "ticket_id"}.get(table)
    fit = chosen.get(several or "")
    return fit is not None and sample.facts[fit.header].rows > 3 and sample.facts[fit.header].unique > 0.9


def _bereft(table: str, sample: Sample, chosen: Mapping[str, Fit]) -> bool:
    """Tell whether rows lack what any of the table have, for all their columns: whom, what or how it ended; a course."""
    return len(sample.headers) > _HARDLY and any(
        table == of and not chosen.keys() & columns for of, columns in _ANY_OF.items()
    )


def _unread(sample: Sample, chosen: Mapping[str, Fit]) -> list[str]:
    used = {f.header for f in chosen.values()}
    return [h for h in sample.headers[:MANY] if h not in used]


def _happened(header: str, facts: Facts) -> bool:
    """Tell whether a time speaks of what happened once, an appointment or a leave, not of somebody's life with us."""
    of = meant(header) - {"time", "duration"}
    return facts.time > _NEARLY_ALL and bool(of) and not of & _LIVED


def _asked(sample: Sample, chosen: Mapping[str, Fit]) -> bool:
    """Tell whether more than a rating says that people were asked: their words, a survey, a question, its scale."""
    score = chosen["score"].header
    if is_question(score) or scale_in(score):
        return True
    others = [h for h in sample.headers[:MANY] if h != score]
    if (
        sample.facts[score].filled < _NEARLY_ALL
    ):  # what is rated now and then may be a case, its remarks beside the rating
        others = [h for h in others if not {*words(h)} & {*words(score)}]
        return any(about("surveys", h) for h in others)
    return any(about("surveys", h) for h in others) or bool(chosen.keys() & {"comment", "sent_at", "kind"})


def _spoken(sample: Sample) -> bool:
    """Tell whether some column says which way people spoke: in or out."""
    ways = (f for h, f in sample.facts.items() if "direction" in meant(h))
    return any(f.words.get("direction", 0) > _NEARLY_ALL for f in ways)


def _sold(sample: Sample, state: Fit | None) -> bool:
    """Tell whether the states of rows are those of deals: some are won."""
    return state is not None and sample.facts[state.header].share(is_won) > _WON


__all__ = ["Proposal", "best", "propose"]
