"""How promises end: kept, broken or running per policy, and at which hour of the week they break."""

import sqlalchemy as sa

from insights import sql
from insights.filters import Filters, conditions
from insights.metrics.core import flag
from insights.sql import Column, Rows
from insights.studies.core import Answer, Asker, Options, Row, Shape, Study
from insights.studies.core import Column as Shown
from insights.studies.promises.clocks import BROKEN, RUNNING, clock_rows, listed


def outcomes(asker: Asker, options: Options) -> Answer:
    """Return per policy and promise how many clocks of the period were met, were broken, or still run.

    Decided ones by the day they were decided, as sla_compliance counts them; running ones as of now.
    """
    rows, counts = clock_rows(asker.context())
    r = rows.c
    parts = {"met": r.state == "met", "broken": r.state.in_(BROKEN), "running": r.state.in_(RUNNING)}
    summed = [sa.func.sum(flag(condition)).label(name) for name, condition in parts.items()]
    chosen = sa.select(r.policy, r.promise, *summed).where(*counts, *_of_period(rows, asker.filters))
    return Answer({"outcomes": asker.fetch(chosen.group_by(r.policy, r.promise).order_by(r.promise, r.policy))})


def _of_period(rows: Rows, filters: Filters) -> list[Column]:
    """Return the conditions under which a clock was decided in the period, or still runs."""
    running = rows.c.state.in_(RUNNING)
    anchor = sa.case((sa.not_(running), sa.func.coalesce(rows.c.decided_day, rows.c.started_day)))
    return [sa.or_(running, sa.and_(sa.true(), *_period(anchor, filters))), *conditions(rows, None, filters)]


def _period(anchor: Column, filters: Filters) -> list[Column]:
    since = [anchor >= sa.literal(filters.since, sa.Date())] if filters.since else []
    until = [anchor <= sa.literal(filters.until, sa.Date())] if filters.until else []
    return [*since, *until]


def breaches(asker: Asker, options: Options) -> Answer:
    """Return how many promises broke per local weekday (1 Monday) and hour."""
    context = asker.context()
    rows, counts = clock_rows(context)
    moment = sql.local_time(rows.c.breached_at, context.zone, context.as_of)
    broken = sa.select(sql.weekday(moment).label("weekday"), sql.hour(moment).label("hour")).where(
        *counts, *_broken_in(rows, asker.filters)
    )
    b = broken.subquery("broken").c
    summed = sa.select(b.weekday, b.hour, sa.func.count().label("n")).group_by(b.weekday, b.hour)
    return Answer({"breaches": asker.fetch(summed.order_by(b.weekday, b.hour))})


def _rows(asker: Asker, options: Options) -> list[Row]:
    return listed(asker, lambda rows: _of_period(rows, asker.filters))


def _broken_in(rows: Rows, filters: Filters) -> list[Column]:
    return [rows.c.state.in_(BROKEN), *conditions(rows, rows.c.decided_day, filters)]


def _broken_rows(asker: Asker, options: Options) -> list[Row]:
    return listed(asker, lambda rows: _broken_in(rows, asker.filters))


_PROMISE = (Shown("policy", "text"), Shown("promise", "word", "sla_metric"))
STUDIES = (
    Study(
        "sla_outcomes",
        ("tickets", "sla_clocks"),
        answer=outcomes,
        behind=_rows,
        shapes=(Shape("outcomes", (*_PROMISE, *(Shown(n, "count") for n in ("met", "broken", "running")))),),
    ),
    Study(
        "sla_breaches",
        ("tickets", "sla_clocks"),
        answer=breaches,
        behind=_broken_rows,
        shapes=(
            Shape(
                "breaches",
                (
                    Shown("weekday", "word", "weekday"),
                    Shown("hour", "number"),
                    Shown("n", "count"),
                ),
            ),
        ),
    ),
)
