"""Columns of times: how they are written, in which zone, and which moments cannot be."""

from insights.sources.profile.recognise import zone_in
from insights.sources.staging import dates
from insights.sources.staging.columns.evidence import Asked, Evidence, Places, reason
from insights.sources.staging.plan import Check

_NEVER = ("1900-01-01", "0001-01-01", "9999-12-31")
_LONG_AGO = "1900-01-02"


def read(e: Evidence, asked: Asked) -> str:
    """Add a column of times; one out of the possible span is set aside."""
    v, places, needed = asked.v, asked.places, asked.needed
    plan = _decided(e, v, places)
    typed = e.plan.typed(dates.sql(plan, v, _zone(e, places)))
    there, outside = f"{v} IS NOT NULL AND NOT ({dates.never(v)})", _outside(e, asked, typed)
    unread = f"({typed} IS NULL OR {dates.implausible(v, plan)})"
    why = reason(v, "bad_date", ambiguous_date=dates.undecided(v, plan))
    e.plan.check(Check(f"{there} AND {unread}", why, places, rejects=needed), f"{v} IS NOT NULL AND {typed} IS NULL")
    kept = "" if needed else "".join(f" AND {typed} <> TIMESTAMP '{day}'" for day in _NEVER)
    e.plan.check(Check(f"{there} AND ({outside})", "'date_out_of_range'", places, rejects=needed), f"({outside}){kept}")
    happened = not asked.declared.info["ahead"]
    return e.plan.add(asked.name, f"CASE WHEN NOT ({outside}) THEN {typed} END", places, event=happened)


def _outside(e: Evidence, asked: Asked, typed: str) -> str:
    """Return the condition that a moment cannot be: before the company was there, or after the file was written."""
    low = e.profile.earliest or f"{e.options.earliest:%Y-%m-%d %H:%M:%S}"
    before = f"{typed} < TIMESTAMP '{_LONG_AGO if asked.declared.info['long_ago'] else low}'"
    return before if asked.declared.info["ahead"] else f"{before} OR {typed} > TIMESTAMP '{e.latest:%Y-%m-%d %H:%M:%S}'"


def _zone(e: Evidence, places: Places) -> str:
    """Return the zone of local times: as the header says, as was said of the file, else of the company."""
    in_header = next((z for p in places if (z := zone_in(e.raw.headers[p]))), None)
    return in_header or e.options.timezone or e.raw.zone or e.profile.timezone or e.options.default_timezone


def _decided(e: Evidence, v: str, places: Places) -> dates.DatePlan:
    if v not in e.dates:
        order, hint = e.options.date_order, e.profile.date_order
        plan = dates.decide(e.con, e.relation(v, places), "v", order=order, hint=hint)
        if e.sampled(places) and plan.kind not in ("iso", "offset", "empty"):
            plan = dates.decide(e.con, e.relation(v, places, whole=True), "v", order=order, hint=hint)
        e.dates[v] = " + ".join(e.raw.headers[p] for p in places), plan
    return e.dates[v][1]
