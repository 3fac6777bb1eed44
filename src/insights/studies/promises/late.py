"""Why answers were late: each late clock's time past its promise, split second by second into causes."""

import datetime as dt
from typing import Any

import sqlalchemy as sa

from insights import schema
from insights.filters import conditions
from insights.metrics.bases.joined import same
from insights.schema import worked_until
from insights.schema.working_time import STRIDE
from insights.sql import Column, Rows, seconds_between
from insights.studies.core import Answer, Asker, Options, Row, Shape, Study
from insights.studies.core import Column as Shown
from insights.studies.promises.clocks import BROKEN, clock_rows, listed
from insights.studies.promises.targets import PROMISE
from insights.timing.hours import DAY_S

CAUSES = ("outside", "waiting", "unassigned", "handed_over", "with_agent")
"""In this order the first that holds takes a second: closed, on hold or pending, nobody's, between teams, the rest."""
_EPOCH = dt.datetime(1970, 1, 1)


def why_late(asker: Asker, options: Options) -> Answer:
    """Return the late clocks decided in the period and the seconds past their due time per cause.

    The causes add up to the fact `seconds`.
    """
    c = _pieces(_late(asker, options)).c
    per_cause = {cause: sa.case((c.cause == cause, c.worked_s), else_=0) for cause in CAUSES[1:]}
    spent = {"outside": c.wall_s - c.worked_s, **per_cause}
    clock = (c.source, c.ticket_id, c.cycle)
    per_clock = sa.select(*clock, *(sa.func.sum(of).label(name) for name, of in spent.items())).group_by(*clock)
    per = per_clock.subquery("per_clock").c
    columns: list[Column] = [sa.func.count().label("n"), *(sa.func.sum(per[name]).label(name) for name in CAUSES)]
    (found,) = asker.fetch(sa.select(*columns))
    seconds = {cause: int(found[cause] or 0) for cause in CAUSES}
    rows = [{"cause": cause, "seconds": s} for cause, s in seconds.items()]
    return Answer({"why_late": rows}, {"n": int(found["n"]), "seconds": sum(seconds.values())})


def _is_late(rows: Rows, asker: Asker, options: Options) -> list[Column]:
    r, end = rows.c, _end(rows, asker)
    decided = conditions(rows, r.decided_day, asker.filters)
    return [r.promise == options["promise"], r.state.in_(BROKEN), end > r.due_at, *decided]


def _end(rows: Rows, asker: Asker) -> Column:
    return sa.func.coalesce(rows.c.stopped_at, sa.literal(asker.at, sa.DateTime()))


def _late(asker: Asker, options: Options) -> sa.Subquery:
    """Return the late clocks with the stretch from their due time to their stop, or to the moment we look from."""
    rows, counts = clock_rows(asker.context())
    r, t = rows.c, schema.tickets
    stretch = sa.select(
        r.source, r.ticket_id, r.cycle, r.due_at.label("late_from"), _end(rows, asker).label("late_to"), t.c.calendar_no
    )
    return (
        stretch.select_from(rows.join(t, same(rows, t)))
        .where(*counts, *_is_late(rows, asker, options))
        .subquery("late")
    )


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
        late.c.source,
        late.c.ticket_id,
        sa.literal(_EPOCH, sa.DateTime()).label("at"),
        sa.literal(0).label("seq"),
        at_first.label("owner"),
    ).distinct()
    o = sa.union_all(start, changes).subquery("owned")
    following = sa.func.lead(o.c.at).over(partition_by=[o.c.source, o.c.ticket_id], order_by=[o.c.at, o.c.seq])
    stretch = sa.select(o.c.source, o.c.ticket_id, o.c.owner, o.c.at.label("owned_from"), following.label("owned_to"))
    return stretch.subquery("owners")


def _pieces(late: sa.Subquery) -> sa.Subquery:
    """Return the late stretches cut where state or owner changes: their seconds, and those of the ticket's calendar."""
    cut = _cut(late)
    wall, own = cut.c.hi - cut.c.lo, (cut.c.source, cut.c.ticket_id, cut.c.cycle, cut.c.cause)
    first, last = (schema.calendar_days.alias(name) for name in ("day_lo", "day_hi"))
    days = cut.outerjoin(first, first.c.day == _day(cut.c.lo, cut.c.calendar_no)).outerjoin(
        last, last.c.day == _day(cut.c.hi, cut.c.calendar_no)
    )
    # Around the clock, and outside the calendar's range, no hour is known to be closed.
    worked = sa.func.coalesce(_worked(last, cut.c.hi) - _worked(first, cut.c.lo), wall)
    return sa.select(*own, wall.label("wall_s"), worked.label("worked_s")).select_from(days).subquery("pieces")


def _cut(late: sa.Subquery) -> sa.Subquery:
    owners, spans = _owners(late), schema.status_spans
    until = [sa.func.coalesce(ended, late.c.late_to) for ended in (owners.c.owned_to, spans.c.ended_at)]
    lo = sa.func.greatest(late.c.late_from, owners.c.owned_from, spans.c.started_at)
    hi = sa.func.least(late.c.late_to, *until)
    cause = sa.case((spans.c.status.in_(("pending", "hold")), "waiting"), else_=owners.c.owner)
    columns = (
        late.c.source,
        late.c.ticket_id,
        late.c.cycle,
        late.c.calendar_no,
        _second(lo).label("lo"),
        _second(hi).label("hi"),
    )
    joined = late.join(owners, same(late, owners)).join(spans, same(late, spans))
    return sa.select(*columns, cause.label("cause")).select_from(joined).where(hi > lo).subquery("cut")


def _second(moment: Column) -> Column:
    return seconds_between(sa.literal(_EPOCH, sa.DateTime()), moment)


def _day(second: Column, number: Column) -> Column:
    return sa.cast(sa.func.floor(second / sa.literal_column(f"{DAY_S}.0")), sa.BigInteger()) + number * STRIDE


def _worked(day: Any, second: Column) -> Column:
    of_day = second - sa.cast(sa.func.floor(second / sa.literal_column(f"{DAY_S}.0")), sa.BigInteger()) * DAY_S
    return worked_until(day, of_day)


def _rows(asker: Asker, options: Options) -> list[Row]:
    return listed(asker, lambda rows: _is_late(rows, asker, options))


STUDIES = (
    Study(
        "sla_why_late",
        ("tickets", "sla_clocks"),
        answer=why_late,
        behind=_rows,
        options=(PROMISE,),
        shapes=(Shape("why_late", (Shown("cause", "word", "sla_cause"), Shown("seconds", "seconds"))),),
    ),
)
