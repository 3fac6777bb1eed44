"""What other promises or hours would have meant for the tickets a reader chose: the same history, replayed."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from insights import sql, timing
from insights.filters import Filters, Scope, conditions
from insights.metrics.core import flag
from insights.schema import tickets
from insights.settings import Settings
from insights.sla.known import Row, fetch_from, like_clocks
from insights.sla.outcomes import BROKEN
from insights.sql import Column
from insights.warehouse import Warehouse

KEY = ("source", "ticket_id", "metric", "cycle")
LISTED = 10_000
"""Flips kept of each direction, for tables and downloads."""


@dataclass(frozen=True)
class Verdict:
    """What a replay says: compliance then and now, who flips (the first rows of each direction), when work is due."""

    tickets: int
    clocks: int
    differing: int
    compliance: list[Row]
    flipped: dict[str, int]
    flips: list[Row]
    load: list[Row]


def what_if(warehouse: Warehouse, settings: Settings, filters: Filters, *, scope: Scope) -> Verdict:
    """Replay the promises and calendars of `settings` over the tickets created in the period, up to the newest moment.

    `flipped` counts clocks now "kept" and now "broken"; `load` is the clocks due per local weekday and hour, then and
    now; `differing` counts clocks that differ in any field from the stored ones.
    """
    chosen = sa.select(tickets.c.source, tickets.c.ticket_id).where(
        *conditions(tickets, tickets.c.created_day, filters, scope)
    )
    done = timing.replay(warehouse.path, settings, warehouse.as_of, only=warehouse.sql(chosen))
    try:
        fetch = fetch_from(warehouse, done.con)
        stored, now = like_clocks("stored"), like_clocks("sla_clocks")
        zone = settings.company.time_zone
        load = [fetch(_load(of, zone, warehouse)) for of in (stored, now)]
        flipped = {row["now"]: int(row["n"]) for row in fetch(_flipped(stored, now))}
        return Verdict(
            tickets=_count(fetch(sa.select(sa.func.count().label("n")).select_from(sa.table("chosen")))),
            clocks=_count(fetch(sa.select(sa.func.count().label("n")).select_from(now))),
            differing=done.differences(), compliance=done.compliance(),
            flipped={word: flipped.get(word, 0) for word in ("kept", "broken")},
            flips=fetch(_flips(stored, now)), load=_both(*load),
        )  # fmt: skip
    finally:
        done.con.close()


def _count(rows: list[Row]) -> int:
    return int(rows[0]["n"])


def _changed(stored: sa.Table, now: sa.Table) -> tuple[sa.Join, list[Column], Column]:
    same = sa.and_(*(stored.c[k] == now.c[k] for k in KEY))
    was, is_ = stored.c.state.in_(BROKEN), now.c.state.in_(BROKEN)
    where = [was != is_, stored.c.state != "cancelled", now.c.state != "cancelled"]
    return stored.join(now, same), where, sa.case((is_, "broken"), else_="kept").label("now")


def _flipped(stored: sa.Table, now: sa.Table) -> sa.Select[Any]:
    joined, where, word = _changed(stored, now)
    found = sa.select(word).select_from(joined).where(*where).subquery("flipped")
    return sa.select(found.c.now, sa.func.count().label("n")).group_by(found.c.now)


def _flips(stored: sa.Table, now: sa.Table) -> sa.Select[Any]:
    """Return the newest clocks of each direction with what their reader knows them by."""
    joined, where, word = _changed(stored, now)
    t = sa.Table("tickets", sa.MetaData(), *(sa.Column(c.name, c.type) for c in tickets.c), schema="w")
    joined = joined.join(t, sa.and_(t.c.source == now.c.source, t.c.ticket_id == now.c.ticket_id))
    order = [now.c.started_at.desc(), *(now.c[k] for k in KEY)]
    place = sa.func.row_number().over(partition_by=word.element, order_by=order).label("place")
    found = sa.select(
        word, now.c.source, now.c.ticket_id, now.c.metric.label("promise"), now.c.cycle, now.c.started_at,
        stored.c.policy.label("policy_then"), now.c.policy.label("policy_now"),
        stored.c.target_s.label("target_then_s"), now.c.target_s.label("target_now_s"),
        stored.c.elapsed_s.label("elapsed_then_s"), now.c.elapsed_s.label("elapsed_now_s"),
        stored.c.state.label("state_then"), now.c.state.label("state_now"),
        t.c.customer_id, t.c.segment, t.c.priority, t.c.team, t.c.agent_id, t.c.category, place,
    ).select_from(joined).where(*where).subquery("flips")  # fmt: skip
    kept = [c for c in found.c if c.name != "place"]
    return sa.select(*kept).where(found.c.place <= LISTED).order_by(found.c.now, found.c.place)


def _load(of: sa.Table, zone: str, warehouse: Warehouse) -> sa.Select[Any]:
    moment = sql.local_time(of.c.due_at, zone, warehouse.as_of)
    due = sa.select(sql.weekday(moment).label("weekday"), sql.hour(moment).label("hour")).where(
        of.c.state != "cancelled", of.c.due_at.is_not(None)
    )
    d = due.subquery("due").c
    return sa.select(d.weekday, d.hour, sa.func.sum(flag(sa.true())).label("n")).group_by(d.weekday, d.hour)


def _both(then: list[Row], now: list[Row]) -> list[Row]:
    """Return the clocks due per weekday and hour under both sets of promises."""
    counts = [{(int(r["weekday"]), int(r["hour"])): int(r["n"]) for r in rows} for rows in (then, now)]
    cells = [(d, h) for d in range(1, 8) for h in range(24)]
    return [{"weekday": d, "hour": h, "n_then": counts[0].get((d, h), 0), "n_now": counts[1].get((d, h), 0)}
            for d, h in cells]  # fmt: skip
