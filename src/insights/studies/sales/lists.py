"""What became of the target lists that were given away: who bought since, against those held out by lot."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from insights import schema, sql
from insights.metrics.bases import known
from insights.metrics.core import excluded
from insights.stats.intervals import newcombe, wilson
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.customers.buying import days, literal
from insights.studies.customers.contacts import sent
from insights.studies.customers.forgotten import complaining
from insights.studies.customers.people import people, present
from insights.studies.options import Option
from insights.warehouse.personal.lists import TargetList, listed


def lists(asker: Asker, options: Options) -> Answer:
    """Return per list how many of its customers bought, were turned to and complained in the days after it.

    The lift is against those held out by lot; a list that held nobody out is described, not measured.
    """
    rows = [_row(asker, one, options["after_days"]) for one in _made(asker)]
    return Answer({"lists": rows}, {"n": len(rows), "after_days": options["after_days"]}, None if rows else "none_yet")


def _made(asker: Asker) -> list[TargetList]:
    """Return the lists that had been made at the moment looked from, with those of their customers a reader may see."""
    made = [one for one in listed(asker.settings.warehouse) if dt.datetime.fromisoformat(one.made_at) <= asker.at]
    everybody = {who for one in made for who in (*one.customers, *one.held_out)}
    c = schema.customers.c
    found = asker.fetch(sa.select(c.customer_id).where(c.customer_id.in_(everybody)).distinct()) if everybody else []
    seen = {row["customer_id"] for row in found}
    return [
        replace(
            one,
            customers=tuple(w for w in one.customers if w in seen),
            held_out=tuple(w for w in one.held_out if w in seen),
        )
        for one in made
    ]


def _row(asker: Asker, one: TargetList, within: int) -> Row:
    now = asker.context().today
    until = min(one.day + dt.timedelta(days=within), now)
    told = _since(asker, one, until)
    mine = [told[who] for who in one.customers if who in told]
    others = [told[who] for who in one.held_out if who in told]
    n, bought = len(one.customers), sum(f["bought"] for f in mine)
    m, bought_held = len(one.held_out), sum(f["bought"] for f in others)
    low, high = wilson(bought, n) or (None, None)
    measured = m > 0 and n > 0
    lift = (bought / n - bought_held / m) if measured else None
    ends = newcombe(bought, n, bought_held, m) or (None, None)
    return {
        "list": one.name,
        "made_on": one.day,
        "made_by": one.made_by,
        "n": n,
        "held_out": m,
        "days": (until - one.day).days,
        "complete": now >= one.day + dt.timedelta(days=within),
        "bought": bought,
        "share": bought / n if n else None,
        "low": low,
        "high": high,
        "share_held_out": bought_held / m if m else None,
        "gap": lift,
        "gap_low": ends[0],
        "gap_high": ends[1],
        "revenue": sum(f["revenue"] for f in mine),
        "contacted": sum(f["contacted"] for f in mine),
        "complained": sum(f["complained"] for f in mine),
    }


def _since(asker: Asker, one: TargetList, until: dt.date) -> dict[str, dict[str, Any]]:
    """Return for each customer of a list what happened from the day after it on; who was merged since is found."""
    a = schema.customer_aliases.c
    named = {*one.customers, *one.held_out}
    merged = sa.select(a.customer_id, a.merged_into).where(a.customer_id.in_(named), a.merged_into.is_not(None))
    now = {r["customer_id"]: r["merged_into"] for r in asker.fetch(merged)}
    meant = {now.get(who, who) for who in named}
    found = {who: {"bought": False, "revenue": 0.0, "contacted": False, "complained": False} for who in named}
    happened = (
        _bought(asker, meant, one.day, until),
        _turned_to(asker, meant, one.day, until),
        _complained(asker, meant, one.day, until),
    )
    told = [{r["customer_id"]: r for r in asker.fetch(statement)} for statement in happened]
    for who, row in found.items():
        orders, contacts, complaints = (of.get(now.get(who, who)) for of in told)
        row |= {"contacted": contacts is not None, "complained": complaints is not None}
        if orders:
            row |= {"bought": bool(orders["bought"]), "revenue": float(orders["revenue"] or 0)}
    return found


def _bought(asker: Asker, who: Collection[str], since: dt.date, until: dt.date) -> sa.Select[Any]:
    d = days(asker)
    inside = (d.c.customer_id.in_(who), d.c.day > literal(since), d.c.day <= literal(until))
    columns = (
        d.c.customer_id,
        (sa.func.count().filter(d.c.paid) > 0).label("bought"),
        sa.func.sum(d.c.revenue).label("revenue"),
    )
    return sa.select(*columns).where(*inside).group_by(d.c.customer_id)


def _turned_to(asker: Asker, who: Collection[str], since: dt.date, until: dt.date) -> sa.Select[Any]:
    s, context = sent(asker), asker.context()
    day = sql.local_day(s.c.at, context.zone, context.as_of)
    inside = (s.c.customer_id.in_(who), day > literal(since), day <= literal(until))
    return sa.select(s.c.customer_id).where(*inside).distinct()


def _complained(asker: Asker, who: Collection[str], since: dt.date, until: dt.date) -> sa.Select[Any]:
    t = known.tickets(asker.context())
    counted = [sa.not_(condition) for _, condition in excluded(t)]
    inside = (t.c.customer_id.in_(who), t.c.created_day > literal(since), t.c.created_day <= literal(until))
    return sa.select(t.c.customer_id).where(t.c.kind == "complaint", *inside, *counted).distinct()


def _rows(asker: Asker, options: Options) -> Sequence[Row]:
    """Return every customer of every list, and whether it was held out."""
    return [
        {"list": one.name, "made_on": one.day, "customer_id": who, "held_out": held}
        for one in _made(asker)
        for held, named in ((False, one.customers), (True, one.held_out))
        for who in named
    ]


def reachable(asker: Asker, options: Options) -> Answer:
    """Return who may be turned to now: who allowed it and has no open complaint."""
    p, c = people(asker), complaining(asker)
    joined = p.outerjoin(c, c.c.customer_id == p.c.customer_id)
    allowed = (p.c.contact_allowed, c.c.open_complaints.is_(None), *present(p, asker))
    columns = (p.c.customer_id, p.c["name"], p.c.segment)
    rows = asker.fetch(sa.select(*columns).select_from(joined).where(*allowed).order_by(p.c.customer_id))
    return Answer({"reachable": rows}, {"n": len(rows)})


STUDIES = (
    Study(
        "reachable",
        ("customers",),
        answer=reachable,
        heeds=("values", "as_of"),
        shapes=(
            Shape(
                "reachable",
                (
                    Column("customer_id", "text"),
                    Column("name", "text"),
                    Column("segment", "member"),
                ),
            ),
        ),
    ),
    Study(
        "lists",
        ("orders",),
        answer=lists,
        behind=_rows,
        heeds=("as_of",),
        options=(Option("after_days", "whole", 30),),
        shapes=(
            Shape(
                "lists",
                (
                    Column("list", "text"),
                    Column("made_on", "day"),
                    Column("made_by", "text"),
                    Column("n", "count"),
                    Column("held_out", "count"),
                    Column("days", "count"),
                    Column("complete", "flag"),
                    Column("bought", "count"),
                    Column("share", "share"),
                    Column("low", "share"),
                    Column("high", "share"),
                    Column("share_held_out", "share"),
                    Column("gap", "difference"),
                    Column("gap_low", "difference"),
                    Column("gap_high", "difference"),
                    Column("revenue", "money"),
                    Column("contacted", "count"),
                    Column("complained", "count"),
                ),
            ),
        ),
    ),
)
