"""What stands open at the end of a day: tickets, waiting customers, running clocks."""

from typing import Any

import sqlalchemy as sa

from insights import schema, sql
from insights.metrics.bases import held, known
from insights.metrics.bases.joined import held_then, later, same, with_case
from insights.metrics.core import Context, is_in, why_excluded, why_never
from insights.metrics.periods import period_ends
from insights.sql import Column, Rows

BUCKETS = ((0, 1), (1, 3), (3, 7), (7, 14), (14, 30), (30, None))
"""Ages of open tickets in days, the end not included."""


def backlog(context: Context) -> Rows:
    """Return one row per unsolved ticket and period end."""
    rows = known.spans(context)
    return _standing(rows, context, "backlog", sa.or_(is_in(rows.c.status, schema.UNSOLVED), _gone(rows)))


def _gone(spans: Rows) -> Column:
    """Return whether a stretch is the absence of a ticket that is gone: listed with what is left out."""
    t = schema.tickets
    gone = sa.select(t.c.source, t.c.ticket_id).where(t.c.excluded == "gone")
    return sa.and_(is_in(spans.c.status, ("deleted",)), sa.tuple_(spans.c.source, spans.c.ticket_id).in_(gone))


def open_stretches(context: Context) -> Rows:
    """Return every stretch a ticket was unsolved for in the period over the end of a day: no other stands."""
    spans, cases = known.spans(context), known.cases(context)
    where = sa.and_(is_in(spans.c.status, schema.UNSOLVED), _reaches(spans, context), _lasts(spans))
    rows = held.cut(spans, context, where)
    columns = [rows.c.status, rows.c.started_day, rows.c.ended_day, *held.whose(rows, cases)]
    return with_case(rows, cases, *columns, name="open_stretches", where=sa.true(), why=why_never)


def waiting(context: Context) -> Rows:
    """Return the unanswered waits of tickets that were unsolved at the same moment."""
    waits = _standing(known.cycles(context), context, "waiting", sa.true())
    spans = known.spans(context)
    ran = sa.and_(spans.c.started_day <= waits.c.day, later(spans.c.ended_day, waits.c.day))
    columns = [spans.c.status if c.name == "status" else c for c in waits.c]
    joined = waits.join(spans, sa.and_(same(waits, spans), ran, is_in(spans.c.status, schema.UNSOLVED)))
    return sa.select(*columns).select_from(joined).subquery("waiting_cases")


def waiting_stretches(context: Context) -> Rows:
    """Return every stretch a customer waited for us while the ticket was unsolved."""
    waits, spans = known.cycles(context), open_stretches(context)
    start = sa.func.greatest(waits.c.started_day, spans.c.started_day)
    end = sa.func.least(
        sa.func.coalesce(waits.c.ended_day, spans.c.ended_day), sa.func.coalesce(spans.c.ended_day, waits.c.ended_day)
    )
    own = [c for c in spans.c if c.name not in ("started_day", "ended_day")]
    return (
        sa.select(*own, start.label("started_day"), end.label("ended_day"))
        .select_from(waits.join(spans, same(waits, spans)))
        .where(later(end, start), _lasts(waits), *(_reaches(of, context) for of in (waits, spans)))
        .subquery("waiting_stretches")
    )


def _lasts(of: Rows) -> Column:
    """Return the condition that a stretch ends on a later day than it began: no part of another lasts longer."""
    return later(of.c.ended_day, of.c.started_day)


def _reaches(of: Rows, context: Context) -> Column:
    """Return the condition that a stretch reaches into the period: what both sides must, before they are joined."""
    ends = [day for day, _ in period_ends(context)]
    last = sa.literal(ends[-1] if ends else context.last_day, sa.Date())
    return sa.and_(of.c.started_day <= last, later(of.c.ended_day, sa.literal(context.since, sa.Date())))


def standing_clocks(context: Context) -> Rows:
    """Return one row per clock and period end at which it ran, with its state then.

    Before the newest moment only lateness is kept; whether a clock stood still or was at risk is unknown here, and
    known to the queue, which replays the moment.
    """
    rows, cases = known.clocks(context), known.cases(context)
    ends = _ends(context)
    ran = sa.and_(
        rows.c.started_at <= ends.c.moment, sa.or_(rows.c.stopped_at.is_(None), rows.c.stopped_at > ends.c.moment)
    )
    now = sa.false() if context.past else ends.c.moment == context.as_of
    state = sa.case(
        (sa.or_(rows.c.state == "cancelled", now), rows.c.state), (rows.c.breached_at <= ends.c.moment, "breached_open")
    )
    standing = (
        sa.select(rows, ends.c.day, state.label("state_then")).select_from(rows.join(ends, ran)).subquery("standing")
    )
    columns = [
        standing.c.metric.label("promise"),
        standing.c.cycle,
        standing.c.policy,
        standing.c.started_at,
        standing.c.due_at,
        standing.c.elapsed_s,
        standing.c.state_then.label("state"),
        standing.c.day,
        cases.c.status,
        cases.c.created_hour,
        cases.c.created_weekday,
        *held_then(standing, cases, "agent_id", "team", "priority"),
    ]
    return with_case(standing, cases, *columns, name="clocks", where=sa.true())


def _standing(of: Rows, context: Context, name: str, where: Column) -> sa.Subquery:
    """Return one row per stretch and period end it covers, with the age of the ticket at that moment."""
    ends = _ends(context)
    covers = sa.and_(of.c.started_day <= ends.c.day, later(of.c.ended_day, ends.c.day))
    status = [of.c.status] if "status" in of.c else []
    days = sa.select(of, ends.c.day, ends.c.moment).select_from(of.join(ends, covers)).where(where).subquery("days")
    whose, then = held.at_end_of(days, days.c.day, context)
    standing = sa.select(days, *then).select_from(whose).subquery("standing")
    cases = known.cases(context)
    age = sql.seconds_between(cases.c.created_at, standing.c.moment)
    waiting = sql.seconds_between(standing.c.started_at, standing.c.moment)
    extra = [standing.c.status if status else cases.c.status, standing.c.started_at, standing.c.day]
    if "cycle" in of.c:
        extra.append(standing.c.cycle)
    bucket = sa.case(
        *((age < end * 86400, f"[{start},{end})") for start, end in BUCKETS if end), else_=f"[{BUCKETS[-1][0]},inf)"
    )
    columns = [
        *extra,
        *held.whose(standing, cases),
        age.label("age_s"),
        waiting.label("waiting_s"),
        bucket.label("bucket"),
    ]
    absent = is_in(standing.c.status, ("deleted",)) if status else sa.false()
    return with_case(
        standing,
        cases,
        *columns,
        name=name,
        where=sa.true(),
        why=lambda t: sa.case((absent, why_excluded(t)), else_=why_never(t)),
    )


def _ends(context: Context) -> sa.Subquery:
    columns: list[sa.ColumnClause[Any]] = [sa.column("day", sa.Date()), sa.column("moment", sa.DateTime())]
    return sql.constants("ends", columns, list(period_ends(context)))
