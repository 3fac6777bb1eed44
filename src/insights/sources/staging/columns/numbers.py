"""Columns of numbers: amounts, counts and durations."""

from insights import schema
from insights.sources.staging import amounts
from insights.sources.staging.columns.evidence import Asked, Evidence, Places, reason
from insights.sources.staging.plan import Check

_TYPES = {"money": "DECIMAL(18, 2)", "number": "DOUBLE", "count": "BIGINT"}


def read(e: Evidence, asked: Asked) -> str:
    """Add a column of numbers."""
    type_ = _TYPES[schema.kind_of(asked.declared)]
    return e.plan.add(asked.name, typed(e, asked.v, asked.places, type_, asked.needed), asked.places)


def read_seconds(e: Evidence, asked: Asked) -> str:
    """Add a column of durations; none is below zero."""
    v, places = asked.v, asked.places
    typed = e.plan.typed(amounts.duration(v, _decided(e, v, places), asked.spec.unit or "s"))
    e.plan.check(Check(f"{v} IS NOT NULL AND {typed} IS NULL", reason(v, "bad_number"), places))
    e.plan.check(Check(f"{typed} < 0", "'negative_duration'", places))
    return e.plan.add(asked.name, f"CASE WHEN {typed} >= 0 THEN {typed} END", places)


def typed(e: Evidence, v: str, places: Places, type_: str, needed: bool = False) -> str:
    """Return the number a text is, with the check of those that are none."""
    if not places:
        return f"try_cast({v} AS {type_})"
    typed = e.plan.typed(amounts.sql(_decided(e, v, places), v, type_))
    e.plan.check(Check(f"{v} IS NOT NULL AND {typed} IS NULL", reason(v, "bad_number"), places, rejects=needed))
    return typed


def _decided(e: Evidence, v: str, places: Places) -> amounts.NumberPlan:
    if v not in e.numbers:
        chosen = "." if all(p in e.raw.numeric for p in places) else e.options.decimal
        hint = e.profile.decimal
        plan = amounts.decide(e.con, e.relation(v, places), "v", decimal=chosen, hint=hint)
        if e.sampled(places) and (plan.problem or plan.worded or not plan.plain):
            plan = amounts.decide(e.con, e.relation(v, places, whole=True), "v", decimal=chosen, hint=hint)
        e.numbers[v] = " + ".join(e.raw.headers[p] for p in places), plan
    return e.numbers[v][1]
