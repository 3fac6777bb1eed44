"""The further tables the rows of a file fill: who asked, who answered, how it was rated, which orders lines belong to."""

from collections.abc import Mapping
from dataclasses import replace

from insights.sources.profile import Spec, TableSpec
from insights.sources.proposing.assigning import assign
from insights.sources.proposing.filling import answer
from insights.sources.proposing.glance import Facts, Sample
from insights.sources.proposing.lexicon import meant, words
from insights.sources.proposing.questions import kind_in, worth
from insights.sources.proposing.settling.people import is_name, parties, party

Columns = Mapping[str, Spec]
_SERVED = 3
_PEOPLE = ("name", "email", "phone", "company", "segment", "country", "region", "city")
_WITH = {
    "tickets": ("surveys", "customers", "agents"),
    "surveys": ("customers", "agents"),
    "orders": ("customers",),
    "order_lines": ("orders", "customers"),
    "opportunities": ("customers", "agents"),
    "interactions": ("customers", "agents"),
}


def further(table: str, sample: Sample, columns: Columns, rating: str | None = None) -> dict[str, TableSpec]:
    """Return the further tables, from headers the main one does not read; `rating` is the header that rates tickets."""
    found: dict[str, TableSpec] = {}
    if rating:
        found["surveys"] = _rated(sample, columns, rating)
    for other in _WITH.get(table, ()):
        if other in found:
            continue
        if spec := _BUILD[other](sample, _main(columns, found), _free(sample, columns, found)):
            found[other] = spec
    return found


def _main(columns: Columns, found: Mapping[str, TableSpec]) -> Columns:
    return (found["orders"].columns if "orders" in found else {}) | dict(columns)


def _free(sample: Sample, columns: Columns, found: Mapping[str, TableSpec]) -> tuple[str, ...]:
    specs = [*columns.values(), *(s for t in found.values() for s in t.columns.values())]
    used = {a[0] for s in specs for a in s.wanted}
    return tuple(h for h in sample.headers if h not in used)


def _customers(sample: Sample, main: Columns, free: tuple[str, ...]) -> TableSpec | None:
    key = main.get("customer_id")
    if key is None or not key.column:
        return None
    facts = sample.facts[key.column[0]]
    free = tuple(h for h in free if not _anothers(h, sample.facts[h], facts))
    found = {c: Spec(column=(f.header,)) for c, f in assign("customers", sample, False, free).items() if c in _PEOPLE}
    if "name" not in found and (named := _called(sample, key.column[0], free)):
        found["name"] = Spec(column=(named,))
    if facts.email >= 0.8:
        found = {"email": key} | _theirs(sample, free, found) | found
    elif is_name(facts):
        found |= {"name": key}
    elif "name" not in found:
        beside = dict(parties(sample, sample.headers))
        found |= {"name": Spec(column=(beside[key.column[0]],))} if key.column[0] in beside else {}
    return TableSpec({"customer_id": key} | found, per="customer_id") if found else None


def _anothers(header: str, facts: Facts, key: Facts) -> bool:
    """Tell whether a column of names has far fewer than there are customers: it names who served them."""
    named = bool(meant(header) & {"name", "customer", "fullname"}) and is_name(facts)
    return named and facts.distinct * _SERVED < key.distinct


def _theirs(sample: Sample, free: tuple[str, ...], found: Columns) -> dict[str, Spec]:
    """Return the bare name beside a bare e-mail address: both are of whoever wrote."""
    fits = assign("customers", sample, True, [h for h in free if h not in _used(found)])
    return {"name": Spec(column=(fits["name"].header,))} if "name" in fits else {}


def _called(sample: Sample, key: str, free: tuple[str, ...]) -> str | None:
    """Return the name of whom a header numbers: `user_name` beside `user_email`."""
    whose = words(key)[:-1]
    named = (h for h in free if whose and words(h)[:-1] == whose and "name" in meant(h) and is_name(sample.facts[h]))
    return next(named, None)


def _used(columns: Columns) -> set[str]:
    return {a[0] for s in columns.values() for a in s.wanted}


def _agents(sample: Sample, main: Columns, free: tuple[str, ...]) -> TableSpec | None:
    key = main.get("agent_id")
    if key is None or not key.column or not is_name(sample.facts[key.column[0]]):
        return None
    return TableSpec({"agent_id": key, "name": key}, per="agent_id")


def _surveys(sample: Sample, main: Columns, free: tuple[str, ...]) -> TableSpec | None:
    """Return the rating of a ticket beside it: a row where there is one."""
    found = assign("surveys", sample, False, free)
    if "score" not in found or "ticket_id" not in main:
        return None
    rated = _rated(sample, main, found["score"].header)
    said = {c: Spec(column=(found[c].header,)) for c in ("comment",) if c in found}
    return replace(rated, columns=rated.columns | said)


def _rated(sample: Sample, main: Columns, header: str) -> TableSpec:
    copied = {c: main[c] for c in ("ticket_id", "customer_id", "channel", "agent_id") if c in main}
    columns = {"survey_id": main["ticket_id"]} | answer(header, sample.facts[header]) | copied
    return TableSpec(columns, when=Spec(column=(header,)))


def could_rate(sample: Sample, columns: Columns) -> list[str]:
    """Return the unused headers whose cells could be answers on a scale."""
    free = [h for h in _free(sample, columns, {}) if "ticket_id" in columns]
    return [h for h in free if _answers(sample.facts[h])]


def could_ask(sample: Sample, columns: Columns, also: Mapping[str, TableSpec]) -> dict[str, bool]:
    """Return the unused headers that could be further questions, and whether each is sure to be one of another kind."""
    surveys = also["surveys"].columns if "surveys" in also else columns
    if "score" not in surveys:
        return {}
    asked = {surveys["kind"].constant} if "kind" in surveys else set()
    found: dict[str, bool] = {}
    for header in _free(sample, columns, also):
        facts = sample.facts[header]
        kind = kind_in(header) if meant(header) & {"recommend", "effort", "satisfaction"} else None
        if _answers(facts) or (kind and facts.is_score):
            found[header] = kind is not None and kind not in asked
            asked |= {kind} if found[header] else set()
    return found


def _answers(facts: Facts) -> bool:
    if facts.flag >= 0.9:
        return False
    few = 2 < facts.distinct <= 11 and facts.is_score and facts.unique < 0.5
    return bool(facts.cells) and (few or worth(tuple(facts.counted)) is not None)


def _orders(sample: Sample, main: Columns, free: tuple[str, ...]) -> TableSpec | None:
    """Return the orders the lines add up to."""
    fits = assign("orders", sample, False, free)
    fits |= {f.column: f for f in party("orders", sample, fits, free)}
    found = {c: Spec(column=(f.header,)) for c, f in fits.items() if c != "order_id"}
    if "order_id" not in main or not {"ordered_at", "customer_id"} <= set(found):
        return None
    total = _total(main, found)
    return TableSpec({"order_id": main["order_id"]} | found | total, per="order_id")


def _total(main: Columns, found: Columns) -> dict[str, Spec]:
    if "amount" in main:
        return {"amount": Spec(column=main["amount"].column, sum=True)}
    if "quantity" in main and "unit_price" in main:
        return {"amount": Spec(product=(main["quantity"].column, main["unit_price"].column), sum=True)}
    return {}


_BUILD = {"customers": _customers, "agents": _agents, "surveys": _surveys, "orders": _orders}
