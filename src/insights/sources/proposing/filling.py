"""What no header says: ids made of other cells, the kind and scale of a survey, what holds for the whole file."""

from collections.abc import Mapping

from insights import schema
from insights.sources.folding import fold
from insights.sources.profile import Spec
from insights.sources.proposing.draft import needed
from insights.sources.proposing.glance import Facts, Sample
from insights.sources.proposing.lexicon import meant
from insights.sources.proposing.naming import by_name
from insights.sources.proposing.questions import kind_in, scale_in, worth

Specs = dict[str, Spec]
_MADE = {"surveys": 1, "orders": 2, "interactions": 2, "trainings": 3}
"""Tables whose exports often have no id, and of how many cells at least one is made."""
_MANY_ANSWERS, _SENTENCES = 20, 0.5
_PARTS = (("given", "first"), ("family", "last"))
"""What the parts of a name are called, and what they are called beside each other."""
_GROUPS = {
    fold(w)
    for w in (
        *("promoter", "passive", "detractor", "promoters", "passives", "detractors", "neutral"),
        *("destekçi", "pasif", "kötüleyen", "tavsiye eden", "nötr", "tavsiye etmeyen", "eleştiren"),
    )
}
"""What answers to a recommendation are sorted into."""
_OF_PEOPLE = frozenset({"jobtitle", "birth"})
"""Whose rows speak of these are people: the company beside is where they work."""


def filled(table: str, sample: Sample, specs: Specs) -> Specs:
    """Return the columns with what holds without a header of its own."""
    if table == "customers":
        return _person(sample, specs)
    if table == "agents":
        return _full_name(sample, specs)
    if table == "tickets":
        return _complaints(sample, specs)
    if table == "surveys":
        return _made_id(table, sample, _survey(sample, specs))
    if table == "opportunities":
        called = next((h for h in sample.headers if fold(h) == "name"), None)
        won = "outcome" in (specs := _outcome(sample, specs))
        return _named(sample, specs, "opportunity_id", called) if won and called else specs
    if table == "campaigns":
        spoken = any(meant(h) & {"campaign", "click"} for h in sample.headers)
        return _named(sample, specs, "campaign_id", specs["name"].column[0]) if spoken and "name" in specs else specs
    if table == "order_lines" and "order_id" in specs and "line" not in specs:
        return specs | {"line": Spec(occurrence=(specs["order_id"].column,))}
    if table == "ticket_events":
        return _event(sample, specs)
    return _made_id(table, sample, specs)


def made_of(table: str, specs: Mapping[str, Spec]) -> tuple[tuple[str, ...], ...]:
    """Return the headers an id can be made of: the customer, the ticket or who learnt what, and the first time."""
    columns = schema.declared[table].columns
    whose = ("agent_id", "course") if table == "trainings" else ("customer_id", "ticket_id")
    first = [c for c in whose if c in specs and c != needed(table)[0]]
    times = [c for c in specs if schema.kind_of(columns[c]) == "time"]
    return tuple(specs[c].column for c in (*first, *times[:1]) if specs[c].column)


def _made_id(table: str, sample: Sample, specs: Specs) -> Specs:
    """Make the id of a row of its customer and time where the file has none.

    A file with an id that repeats (lines of an order) has one: made ids would count each line as an order.
    """
    key = needed(table)[0]
    if table not in _MADE or key in specs or any(_repeats(table, key, h, sample.facts[h]) for h in sample.headers):
        return specs
    if table == "orders" and "amount" not in specs:
        return specs
    parts = made_of(table, specs)
    return {key: Spec(occurrence=parts)} | specs if len(parts) >= _MADE[table] else specs


def _repeats(table: str, key: str, header: str, facts: Facts) -> bool:
    """Tell whether a header names the id of the rows, whose cells are no notes."""
    return by_name(table, key, header) > 0.9 and facts.share(lambda c: " " in c) < _SENTENCES


def _person(sample: Sample, specs: Specs) -> Specs:
    """Know people by their e-mail address where they have no number."""
    if "customer_id" not in specs and "email" in specs and sample.facts[specs["email"].column[0]].unique > 0.97:
        specs = specs | {"customer_id": specs["email"]}
    if "company" in specs and not any(meant(h) & _OF_PEOPLE for h in sample.headers):
        specs = {"name": specs["company"]} | specs  # a company is called by its own name
    return _full_name(sample, specs)


def _full_name(sample: Sample, specs: Specs) -> Specs:
    """Join first and last names."""
    used = {s.column for s in specs.values()}
    parts = [next((h for h in sample.headers if part in meant(h) or fold(h) == bare), None) for part, bare in _PARTS]
    if parts[0] is None or parts[1] is None:
        return specs
    taken = specs["name"].column if "name" in specs else ()
    if {(p,) for p in parts} & (used - {taken}):
        return specs
    return specs | {"name": Spec(columns=tuple((p,) for p in parts if p))}


def _named(sample: Sample, specs: Specs, key: str, header: str) -> Specs:
    """Know rows by their names where they have no number and no name comes twice."""
    if key in specs or sample.facts[header].unique <= 0.97 or sample.facts[header].filled <= 0.97:
        return specs
    return {key: Spec(column=(header,))} | specs


def _complaints(sample: Sample, specs: Specs) -> Specs:
    """Say that all are complaints where the ids or times are those of complaints."""
    said = [h for c in ("ticket_id", "created_at") if c in specs for h in specs[c].column]
    if "kind" in specs or not any("complaint" in meant(h) for h in said):
        return specs
    return specs | {"kind": Spec(constant="complaint")}


# -- surveys ---------------------------------------------------------------------------------------------------------


def _survey(sample: Sample, specs: Specs) -> Specs:
    if "score" not in specs:
        return specs
    if "answered_at" not in specs and "sent_at" in specs and sample.facts[specs["score"].column[0]].filled > 0.97:
        specs = {("answered_at" if c == "sent_at" else c): s for c, s in specs.items()}
    header = specs["score"].column[0]
    return specs | answer(header, sample.facts[header], specs.get("kind") or _kind_beside(header, sample))


def _kind_beside(header: str, sample: Sample) -> Spec | None:
    """Return the kind another header says of a bare score from 0 to 10: `NPS Group` beside `Score (0-10)`."""
    facts = sample.facts[header]
    tens = (facts.low == 0 and facts.high == 10) or (scale_in(header) or (1, 0))[1] == 10
    bare = not meant(header) & {"satisfaction", "effort", "recommend"}
    beside = any("recommend" in meant(h) or _grouped(sample.facts[h]) for h in sample.headers)
    return Spec(constant="nps") if tens and bare and beside else None


def _grouped(facts: Facts) -> bool:
    """Tell whether cells say which of the three groups of a recommendation somebody is in."""
    return facts.distinct > 1 and {fold(c) for c in facts.counted} <= _GROUPS


def answer(header: str, facts: Facts, kind: Spec | None = None) -> Specs:
    """Return the kind, score and scale of a survey's answers."""
    asked = kind_in(header) or "csat"
    kind = kind or Spec(constant=asked)
    if values := worth(tuple(facts.counted)):
        top = Spec(constant=max(values.values()))
        return {
            "kind": kind,
            "score": Spec(column=(header,), map=values),
            "scale_min": Spec(constant="1"),
            "scale_max": top,
        }
    low, high = _scale(header, facts, asked)
    scale = {"scale_min": Spec(constant=str(low))} if low is not None else {}
    scale |= {"scale_max": Spec(constant=str(high))} if high is not None else {}
    return {"kind": kind, "score": Spec(column=(header,))} | scale


def _scale(header: str, facts: Facts, kind: str) -> tuple[int | None, int | None]:
    """Return the scale the question names, else the one the answers prove where it is not the usual one."""
    named = scale_in(header)
    if named and facts.high <= named[1]:
        return named[0] if named[0] is not None or named[1] > 10 else 1, named[1]
    if kind == "csat" and facts.high > 5:
        return 0 if facts.low == 0 else 1, 10 if facts.high <= 10 else 100
    if kind == "ces" and facts.high <= 5 and len(facts.cells) >= _MANY_ANSWERS:
        return 1, 5
    return None, None


# -- deals and changes -----------------------------------------------------------------------------------------------


def _outcome(sample: Sample, specs: Specs) -> Specs:
    """Read the outcome from the stages too, where these say won or lost."""
    if "outcome" in specs and "stage" not in specs:
        return specs | {"stage": specs["outcome"]}
    if "outcome" in specs or "stage" not in specs:
        return specs
    header = specs["stage"].column[0]
    return specs | {"outcome": Spec(column=(header,))} if sample.facts[header].words.get("outcome", 0) > 0 else specs


def _event(sample: Sample, specs: Specs) -> Specs:
    """Say which field a log without one is of, and number its changes so that the next export numbers them alike."""
    if "field" not in specs and "new" in specs:
        specs |= {"field": Spec(constant="status")}
    elif "field" not in specs and ("public" in specs or any("comment" in meant(h) for h in sample.headers)):
        specs |= {"field": Spec(constant="comment")}
    parts = tuple(specs[c].column for c in ("at", "field", "new", "actor_id") if c in specs and specs[c].column)
    return specs if "seq" in specs or "at" not in specs else specs | {"seq": Spec(digest=parts)}
