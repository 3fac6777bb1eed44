"""Which header fills which column of one table: the surest pairs first, each header once, and times in their order."""

from collections.abc import Collection, Iterable, Mapping

from insights import schema
from insights.sources.folding import fold
from insights.sources.profile import common_words
from insights.sources.proposing import moments
from insights.sources.proposing.contents import NEVER, by_content, has_clock, is_key
from insights.sources.proposing.glance import Facts, Sample
from insights.sources.proposing.lexicon import meant, tokens
from insights.sources.proposing.naming import by_name
from insights.sources.proposing.proposal import LINE, Fit
from insights.sources.proposing.questions import is_question, kind_in, scale_in, worth

MANY = 300
"""Headers compared by name; a wider file is mapped by hand."""
_AFTER = {"tickets": ("first_response_at", "first_solved_at", "solved_at", "closed_at"), "surveys": ("answered_at",)}
_FROM = {"tickets": "created_at", "surveys": "sent_at"}
_TIMELY, _FEW_KNOWN = 0.9, 0.3
_SENTENCES, _UNSAID, _EITHER = 0.5, 0.75, 2
_ENDS, _OPEN = {"first_solved_at", "solved_at", "closed_at"}, {"new", "open", "pending", "hold"}
_SOMETIMES, _ENOUGH = 0.34, 4
LATE_DAYS = 60
"""A first response that usually comes later than this is none."""


def assign(
    table: str, sample: Sample, main: bool = True, free: Iterable[str] | None = None, but: Collection[str] = ()
) -> dict[str, Fit]:
    """Return the surest header of each column of `table`, among the `free` headers, leaving the columns `but` alone."""
    headers = list(sample.headers if free is None else free)[:MANY]
    columns = [c for c in schema.loaded_columns(schema.declared[table]) if not c.endswith("_raw") and c not in but]
    fits = [f for c in columns for h in headers if (f := _fit(table, c, h, sample.facts[h], main)).sure >= LINE]
    chosen = _surest(_when_answered(fits, sample) if table == "surveys" else fits)
    _drop_untimely(table, chosen, sample.facts)
    return chosen


def _when_answered(fits: list[Fit], sample: Sample) -> list[Fit]:
    """Return the fits without times that many answers lack: when somebody replied to them is another matter."""
    score = max((f for f in fits if f.column == "score"), key=lambda f: f.sure, default=None)
    if score is None:
        return fits
    answers = sample.facts[score.header]
    late = [f for f in fits if f.column == "answered_at" and _beside(sample.facts[f.header], answers) < _TIMELY]
    others = [f for f in fits if f not in late]
    return others if any(f.column == "answered_at" for f in others) else fits


def _beside(times: Facts, answers: Facts) -> float:
    """Return the share of answers with a time in their row."""
    both = [bool(t) for t, a in zip(times.by_row, answers.by_row, strict=False) if a]
    return sum(both) / len(both) if both else 1.0


def nameless(sample: Sample) -> bool:
    """Tell whether no header of a file says anything: its columns are then guessed from their cells alone."""
    return not any(t - {"field", "time"} for h in sample.headers[:MANY] for t in tokens(h))


def _fit(table: str, column: str, header: str, facts: Facts, main: bool) -> Fit:
    name = by_name(table, column, header, main)
    if table == "surveys" and column == "score":
        name = max(name, _asked(header, facts))
    if table == "surveys" and column == "comment" and is_question(header) and meant(header) & {"comment"}:
        name = max(name, 0.9)
    content = by_content(table, column, facts) if name else NEVER
    if content == NEVER:
        return Fit(column, header, 0.0)
    if column == "status" and "region" in meant(header) and facts.words.get(_vocabulary(table), 0) < _FEW_KNOWN:
        return Fit(column, header, 0.0)  # a state of a country
    if column == "subject" and "subject" not in meant(header) and facts.share(lambda c: " " in c) < _SENTENCES:
        return Fit(column, header, 0.0)  # the case by its number
    if column == "subject" and "fullname" in meant(header):
        return Fit(column, header, 0.0)  # whose case it is
    clock = 0.03 if column == schema.REQUIRED_TIMES.get(table) and has_clock(facts) else 0.0
    return Fit(column, header, name * 0.8 + content + clock)


def _vocabulary(table: str) -> str:
    return str(schema.declared[table].columns["status"].info["words"])


def _asked(header: str, facts: Facts) -> float:
    """Return how surely a header is the question of a survey: its words, and the scale it names."""
    named, kind = scale_in(header), kind_in(header)
    if not is_question(header) and not named:
        return 0.0
    if kind == "nps" and facts.flag >= _TIMELY:
        return 0.0  # asked whether, not how likely
    if named and not meant(header):
        return _UNSAID if facts.is_score and facts.low >= (named[0] or 0) and facts.high <= named[1] else 0.0
    levels = worth(tuple(facts.counted)) or {}
    strong = kind in ("nps", "ces") or "satisfaction" in meant(header) or named or len(levels) > _EITHER
    return (0.95 if strong else 0.0) if kind else 0.0


def _surest(fits: Iterable[Fit]) -> dict[str, Fit]:
    chosen: dict[str, Fit] = {}
    for fit in sorted(fits, key=lambda f: -f.sure):
        if fit.column not in chosen and all(fit.header != c.header for c in chosen.values()):
            chosen[fit.column] = fit
    return chosen


def _drop_untimely(table: str, chosen: dict[str, Fit], facts: Mapping[str, Facts]) -> None:
    """Drop times that lie before what they must follow, or say the same moment once more."""
    begun = chosen.get(_FROM.get(table, ""))
    if begun is None:
        return
    start = facts[begun.header]
    for column in _AFTER[table]:
        if fit := chosen.get(column):
            share = moments.after(facts[fit.header], start)
            late = column == "first_response_at" and moments.days_between(facts[fit.header], start) > LATE_DAYS
            again = table == "tickets" and moments.same(facts[fit.header], start) > _TIMELY
            if share is not None and (share < _TIMELY or late or again):
                del chosen[column]


def ended_while_open(chosen: Mapping[str, Fit], facts: Mapping[str, Facts]) -> set[str]:
    """Return the ends of tickets, of whatever, that stand in many rows known to be open: they are none."""
    if "status" not in chosen:
        return set()
    states = facts[chosen["status"].header]
    vague = {c: chosen[c].header for c in _ENDS & chosen.keys() if not meant(chosen[c].header) & {"solve", "close"}}
    return {c for c, h in vague.items() if _while_open(facts[h], states) > _SOMETIMES}


def _while_open(times: Facts, states: Facts) -> float:
    """Return the share of rows known to be open that have a time all the same."""
    words = common_words()["status"]
    still = [bool(t) for t, s in zip(times.by_row, states.by_row, strict=False) if words.get(fold(s)) in _OPEN]
    return sum(still) / len(still) if len(still) >= _ENOUGH else 0.0


def guess(table: str, sample: Sample) -> dict[str, Fit]:
    """Return what the cells alone say, for a file whose headers say nothing."""
    columns = schema.declared[table].columns
    fits = [
        f
        for c in schema.loaded_columns(schema.declared[table])
        for h in sample.headers[:MANY]
        if (f := Fit(c, h, _looks(table, columns[c], sample.facts[h]))).sure >= LINE
    ]
    return _surest(fits)


def _looks(table: str, column: object, facts: Facts) -> float:
    name = column.name  # type: ignore[attr-defined]
    content = by_content(table, name, facts)
    if content == NEVER or not facts.cells:
        return 0.0
    if is_key(table, name) or (name == "customer_id" and facts.is_reference and facts.unique < 0.9):
        return 0.75 if facts.is_key or name == "customer_id" else 0.0
    if name == schema.REQUIRED_TIMES.get(table):
        return 0.8
    if name == "email":
        return 0.8
    known = schema.kind_of(column) == "words" and facts.number < 0.5 and facts.distinct > 1  # type: ignore[arg-type]
    return 0.5 + content if known else 0.0
