"""How promises end: per policy, at which hour of the week they break, and what share another target would keep."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from insights import query as road
from insights import schema, sql
from insights.filters import Filters, Scope, conditions
from insights.metrics import known
from insights.metrics.bases import CLOCKS
from insights.metrics.core import Context, excluded, flag
from insights.sla.known import Row
from insights.sql import Column, Rows
from insights.warehouse import Warehouse

BROKEN = ("breached", "breached_open")
RUNNING = ("at_risk", "on_track", "paused")


def clock_rows(context: Context) -> tuple[Rows, list[Column]]:
    """Return the clocks with their ticket's dimensions, and the conditions under which one counts at all."""
    rows = CLOCKS.rows(context)
    left_out = [sa.not_(condition) for _, condition in excluded(rows)]
    return rows, [rows.c.state != "cancelled", *left_out]


def outcomes(warehouse: Warehouse, filters: Filters, *, scope: Scope) -> list[Row]:
    """Return per policy and promise how many clocks of the period were met, were broken, or still run.

    Decided ones by the day they were decided, as sla_compliance counts them; running ones as of now.
    """
    rows, counts = clock_rows(road.context_of(warehouse, filters))
    r = rows.c
    running = r.state.in_(RUNNING)
    anchor = sa.case((sa.not_(running), sa.func.coalesce(r.decided_day, r.started_day)))
    inside = sa.or_(running, sa.and_(sa.true(), *_period(anchor, filters)))
    parts = {"met": r.state == "met", "broken": r.state.in_(BROKEN), "running": running}
    summed = [sa.func.sum(flag(condition)).label(name) for name, condition in parts.items()]
    chosen = sa.select(r.policy, r.promise, *summed).where(*counts, inside, *conditions(rows, None, filters, scope))
    return warehouse.fetch(chosen.group_by(r.policy, r.promise).order_by(r.promise, r.policy))


def _period(anchor: Column, filters: Filters) -> list[Column]:
    found: list[Column] = []
    if filters.since:
        found.append(anchor >= sa.literal(filters.since, sa.Date()))
    if filters.until:
        found.append(anchor <= sa.literal(filters.until, sa.Date()))
    return found


def breaches(warehouse: Warehouse, filters: Filters, *, scope: Scope) -> list[Row]:
    """Return how many promises broke per local weekday (1 Monday) and hour: `{"weekday", "hour", "n"}`."""
    context = road.context_of(warehouse, filters)
    rows, counts = clock_rows(context)
    moment = sql.local_time(rows.c.breached_at, context.zone, context.as_of)
    chosen = sa.select(sql.weekday(moment).label("weekday"), sql.hour(moment).label("hour")).where(
        *counts, rows.c.state.in_(BROKEN), *conditions(rows, rows.c.decided_day, filters, scope)
    )
    b = chosen.subquery("broken").c
    return warehouse.fetch(
        sa.select(b.weekday, b.hour, sa.func.count().label("n")).group_by(b.weekday, b.hour).order_by(b.weekday, b.hour)
    )


def curve(warehouse: Warehouse, promise: str, edges: Sequence[int], filters: Filters, *, scope: Scope) -> list[Row]:
    """Return per policy the share of clocks started in the period that each target would have kept.

    At a target, a clock counts once it stopped or ran longer: one that still runs within it is not decided yet.
    A row is `{"policy", "target_s", "edge", "value", "n"}`.
    """
    rows, counts = clock_rows(road.context_of(warehouse, filters))
    r = rows.c
    stopped, parts = r.stopped_at.is_not(None), []
    for place, edge in enumerate(edges):
        kept = sa.and_(stopped, r.elapsed_s <= edge)
        parts.append(sa.func.sum(flag(kept)).label(f"kept_{place}"))
        parts.append(sa.func.sum(flag(sa.or_(stopped, r.elapsed_s > edge))).label(f"n_{place}"))
    chosen = sa.select(r.policy, sa.func.max(r.target_s).label("target_s"), *parts).where(
        *counts, r.promise == promise, *conditions(rows, r.started_day, filters, scope)
    )
    found = []
    for record in warehouse.fetch(chosen.group_by(r.policy).order_by(r.policy)):
        for place, edge in enumerate(edges):
            n, hits = int(record[f"n_{place}"]), int(record[f"kept_{place}"])
            same = {"policy": record["policy"], "target_s": record["target_s"], "edge": edge}
            found.append(same | {"value": hits / n if n else None, "n": n})
    return found


def status_time(warehouse: Warehouse, dimension: str, filters: Filters, *, scope: Scope) -> list[Row]:
    """Return the seconds tickets created in the period spent in each unsolved state, by a dimension of the ticket."""
    context = road.context_of(warehouse, filters)
    spans, cases = known.spans(context), known.cases(context)
    group = cases.c[dimension]
    until = sa.func.coalesce(spans.c.ended_at, sa.literal(context.as_of, sa.DateTime()))
    joined = spans.join(cases, sa.and_(spans.c.source == cases.c.source, spans.c.ticket_id == cases.c.ticket_id))
    chosen: sa.Select[Any] = sa.select(
        group.label(dimension), spans.c.status,
        sa.func.sum(sql.seconds_between(spans.c.started_at, until)).label("seconds"),
        sa.func.count(sa.distinct(sa.tuple_(spans.c.source, spans.c.ticket_id))).label("n"),
    ).select_from(joined)  # fmt: skip
    counts = [sa.not_(condition) for _, condition in excluded(cases)]
    where = [spans.c.status.in_(schema.UNSOLVED), *counts, *conditions(cases, cases.c.created_day, filters, scope)]
    return warehouse.fetch(chosen.where(*where).group_by(group, spans.c.status).order_by(group, spans.c.status))
