"""Why first answers were late: each late clock's time past its promise, split second by second into causes."""

import datetime as dt
from typing import Any

import sqlalchemy as sa

from insights import query as road
from insights import schema
from insights.filters import Filters, Scope, conditions
from insights.metrics.core import Context
from insights.settings import Settings
from insights.sla.known import Row
from insights.sla.outcomes import BROKEN, clock_rows
from insights.sql import Column, seconds_between
from insights.timing.calendars import numbers
from insights.timing.hours import DAY_S
from insights.timing.macros import PIECES, STRIDE
from insights.warehouse import Warehouse

CAUSES = ("outside", "waiting", "unassigned", "handed_over", "with_agent")
"""In this order the first that holds takes a second: closed, on hold or pending, nobody's, between teams, the rest."""
_EPOCH = dt.datetime(1970, 1, 1)


def why_late(
    warehouse: Warehouse, settings: Settings, filters: Filters, *, scope: Scope, promise: str = "first_response"
) -> Row:
    """Return the late clocks decided in the period and the seconds past their due time per cause.

    `{"n", "seconds", <cause>...}`: the causes add up to `seconds`.
    """
    context = road.context_of(warehouse, filters)
    late = _late(context, promise, filters, scope)
    pieces = _pieces(late, context, settings)
    c = pieces.c
    spent = {
        "outside": c.wall_s - c.worked_s,
        **{cause: sa.case((c.cause == cause, c.worked_s), else_=0) for cause in CAUSES[1:]},
    }
    per = sa.select(
        c.source, c.ticket_id, c.cycle, *(sa.func.sum(of).label(name) for name, of in spent.items())
    ).group_by(c.source, c.ticket_id, c.cycle).subquery("per_clock")  # fmt: skip
    columns: list[Column] = [sa.func.count().label("n"), sa.func.sum(sum(per.c[n] for n in CAUSES)).label("seconds")]
    columns += [sa.func.sum(per.c[name]).label(name) for name in CAUSES]
    return {k: int(v or 0) for k, v in warehouse.fetch(sa.select(*columns))[0].items()}


def _late(context: Context, promise: str, filters: Filters, scope: Scope) -> sa.Subquery:
    """Return the late clocks with the stretch from their due time to their stop, or to the moment we look from."""
    rows, counts = clock_rows(context)
    r = rows.c
    end = sa.func.coalesce(r.stopped_at, sa.literal(context.as_of, sa.DateTime()))
    return (
        sa.select(r.source, r.ticket_id, r.cycle, r.due_at.label("a"), end.label("b"))
        .where(*counts, r.promise == promise, r.state.in_(BROKEN), end > r.due_at,
               *conditions(rows, r.decided_day, filters, scope)).subquery("late")
    )  # fmt: skip


def _owners(late: sa.Subquery) -> sa.Subquery:
    """Return whose a late ticket was from when until when: nobody's, between teams, or an agent's.

    Nobody's until its first assignment, where its source records assignments at all; between teams from a change of
    team until the next assignment.
    """
    e, ids = schema.ticket_events, sa.select(late.c.source, late.c.ticket_id)
    logs = sa.select(e.c.source).where(e.c.field == "agent").distinct()
    at_first = sa.case((late.c.source.in_(logs), "unassigned"), else_="with_agent")
    moved = sa.and_(e.c.field == "team", e.c.old.is_not(None), e.c.new.is_not(None), e.c.old != e.c.new)
    became = sa.case((moved, "handed_over"), (e.c.new.is_(None), "unassigned"), else_="with_agent")
    changes = sa.select(e.c.source, e.c.ticket_id, e.c.at, e.c.seq, became.label("owner")).where(
        sa.or_(e.c.field == "agent", moved), sa.tuple_(e.c.source, e.c.ticket_id).in_(ids)
    )
    start = sa.select(
        late.c.source, late.c.ticket_id, sa.literal(_EPOCH, sa.DateTime()).label("at"), sa.literal(0).label("seq"),
        at_first.label("owner"),
    ).distinct()  # fmt: skip
    o = sa.union_all(start, changes).subquery("owned")
    following = sa.func.lead(o.c.at).over(partition_by=[o.c.source, o.c.ticket_id], order_by=[o.c.at, o.c.seq])
    return sa.select(o.c.source, o.c.ticket_id, o.c.owner, o.c.at.label("a"), following.label("b")).subquery("owners")


def _pieces(late: sa.Subquery, context: Context, settings: Settings) -> sa.Subquery:
    """Return the late stretches cut where state or owner changes, with their wall and their working seconds."""
    owners, spans = _owners(late), schema.status_spans
    lo = sa.func.greatest(late.c.a, owners.c.a, spans.c.started_at)
    hi = sa.func.least(late.c.b, sa.func.coalesce(owners.c.b, late.c.b), sa.func.coalesce(spans.c.ended_at, late.c.b))
    joined = late.join(owners, _same(late, owners)).join(spans, _same(late, spans))
    cause = sa.case((spans.c.status.in_(("pending", "hold")), "waiting"), else_=owners.c.owner)
    cut = (
        sa.select(late.c.source, late.c.ticket_id, late.c.cycle, _second(lo).label("lo"), _second(hi).label("hi"),
                  cause.label("cause"))
        .select_from(joined).where(hi > lo).subquery("cut")
    )  # fmt: skip
    wall = cut.c.hi - cut.c.lo
    number = numbers(settings)[settings.calendar]
    own = (cut.c.source, cut.c.ticket_id, cut.c.cycle, cut.c.cause, wall.label("wall_s"))
    if number == 0:
        return sa.select(*own, wall.label("worked_s")).subquery("pieces")
    first, last = (schema.calendar_days.alias(name) for name in ("day_lo", "day_hi"))
    days = cut.outerjoin(first, first.c.day == _day(cut.c.lo, number)).outerjoin(
        last, last.c.day == _day(cut.c.hi, number)
    )
    worked = _worked(last, cut.c.hi) - _worked(first, cut.c.lo)
    # Outside the calendar's range no hour is known to be closed.
    return sa.select(*own, sa.func.coalesce(worked, wall).label("worked_s")).select_from(days).subquery("pieces")


def _same(a: sa.FromClause, b: sa.FromClause) -> Column:
    return sa.and_(a.c.source == b.c.source, a.c.ticket_id == b.c.ticket_id)


def _second(moment: Column) -> Column:
    return seconds_between(sa.literal(_EPOCH, sa.DateTime()), moment)


def _day(second: Column, number: int) -> Column:
    return sa.cast(sa.func.floor(second / sa.literal_column(f"{DAY_S}.0")), sa.BigInteger()) + number * STRIDE


def _worked(day: Any, second: Column) -> Column:
    """Return the calendar's working seconds up to a second: those before its day, and those of the day so far."""
    of_day = second - sa.cast(sa.func.floor(second / sa.literal_column(f"{DAY_S}.0")), sa.BigInteger()) * DAY_S
    stretches = (
        sa.func.greatest(0, sa.func.least(of_day, day.c[f"e{i}"]) - day.c[f"s{i}"]) for i in range(1, PIECES + 1)
    )
    total: Column = day.c.cum
    for stretch in stretches:
        total = total + stretch
    return total
