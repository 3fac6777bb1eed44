"""Each customer's first complaint, what was done about it by a landmark, and whether the customer stayed after it.

Who had left, or is watched for less time than that, by the landmark is set aside: a customer who leaves at once leaves
no time to be answered in, and would make every answer look good.
"""

import datetime as dt
from typing import Any

import sqlalchemy as sa

from insights import sql
from insights.filters import conditions
from insights.metrics.bases import known
from insights.metrics.core import excluded, quoted
from insights.sql import Column, plus_seconds
from insights.studies.core import Asker, Row
from insights.studies.customers.buying import literal, rows, today
from insights.studies.customers.people import people
from insights.studies.service.exposures import begins, exposed, taken

STRATA = ("priority", "segment", "category", "previous")
"""What complaints must be alike in to be compared. A loyalty tier follows from what was bought since: it is no such."""
MOST_PREVIOUS = 2
YEAR = 365


def cases(asker: Asker, exposure: str, hours: float, gone_days: int, placebo: bool = True) -> sa.Subquery:
    """Return one row per customer who complained: `reason` says why it is set aside.

    `kept` tells whether something was bought within `gone_days` after the landmark, `before` the same of the days
    before the complaint; both are unknown where the time does not reach that far. Without `placebo` nothing is told of
    the time before.
    """
    f = _first(asker, exposure, round(hours * 3600))
    s, p = _since(asker, f, gone_days), people(asker)
    earlier = [_before(asker, f, gone_days)] if placebo else []
    joined: Any = f.join(s, s.c.customer_id == f.c.customer_id)
    for other in (*earlier, p):
        joined = joined.outerjoin(other, other.c.customer_id == f.c.customer_id)
    now = literal(today(asker))
    ended = sa.case((p.c.ended_day <= now, p.c.ended_day))
    gone = sa.func.least(s.c.gone_day, ended)
    watched = sql.days_between(f.c.landmark_day, sa.func.coalesce(gone, now))
    left = gone.is_not(None)
    kept = sa.case((sa.and_(left, watched <= gone_days), sa.false()), (watched >= gone_days, sa.true()))
    columns = (
        *(c for c in f.c if c.name not in ("place", "landmark_at")),
        watched.label("days"),
        left.label("gone"),
        kept.label("kept"),
        *(b.c[name] for b in earlier for name in ("before", "revenue")),
        _reason(asker, f, ended).label("reason"),
    )
    return sa.select(*columns).select_from(joined).subquery("cases")


def stratum(record: Row) -> tuple[Any, ...]:
    """Return what a complaint is compared within."""
    return tuple(record[name] for name in STRATA)


def _reason(asker: Asker, f: sa.Subquery, ended: Column) -> Column:
    return sa.case(
        (f.c.landmark_at > sa.literal(asker.at, sa.DateTime()), quoted("before_landmark")),
        (ended <= f.c.landmark_day, quoted("left_before")),
        (f.c.exposed.is_(None), quoted("not_known")),
    )


def _first(asker: Asker, exposure: str, seconds: int) -> sa.Subquery:
    """Return the first complaint of each customer in the period, with how many came before it."""
    context = asker.context()
    t = known.tickets(context)
    counted = [sa.not_(condition) for _, condition in excluded(t)]
    order = (t.c.created_at, t.c.source, t.c.ticket_id)
    place = sa.func.row_number().over(partition_by=t.c.customer_id, order_by=order)
    landmark = plus_seconds(begins(t, exposure), seconds)
    columns = (
        t.c.source,
        t.c.ticket_id,
        t.c.customer_id,
        t.c.created_at,
        t.c.created_day,
        t.c.priority,
        t.c.segment,
        t.c.category,
        t.c.status,
        t.c.first_response_at,
        sa.func.least(place - 1, MOST_PREVIOUS).label("previous"),
        taken(t, exposure).label("taken_s"),
        exposed(asker, t, exposure, seconds).label("exposed"),
        landmark.label("landmark_at"),
        sql.local_day(landmark, context.zone, context.as_of + dt.timedelta(seconds=seconds)).label("landmark_day"),
        sa.and_(sa.true(), *conditions(t, t.c.created_day, asker.filters)).label("inside"),
    )
    of = sa.select(*columns).where(t.c.kind == "complaint", t.c.customer_id.is_not(None), *counted).subquery("of")
    own = (of.c.created_at, of.c.source, of.c.ticket_id)
    again = sa.func.row_number().over(partition_by=of.c.customer_id, order_by=own).label("place")
    kept = [c for c in of.c if c.name != "inside"]
    inside = sa.select(*kept, again).where(of.c.inside).subquery("inside")
    return sa.select(inside).where(inside.c.place == 1).subquery("first")


def _since(asker: Asker, f: sa.Subquery, gone_days: int) -> sa.Subquery:
    """Return the first day after the landmark on which nothing had been bought for `gone_days`."""
    d = rows(asker)
    bought = (
        sa.select(f.c.customer_id, d.c.day)
        .select_from(f.join(d, d.c.customer_id == f.c.customer_id))
        .where(d.c.paid, d.c.day > f.c.landmark_day)
    )
    marks = sa.union_all(sa.select(f.c.customer_id, f.c.landmark_day.label("day")), bought).subquery("marks")
    following = sa.func.lead(marks.c.day).over(partition_by=marks.c.customer_id, order_by=marks.c.day)
    g = sa.select(marks, following.label("following")).subquery("gaps")
    silent = sql.days_between(g.c.day, sa.func.coalesce(g.c.following, literal(today(asker)))) > gone_days
    gone = sa.func.min(sa.case((silent, g.c.day))) + gone_days
    return sa.select(g.c.customer_id, gone.label("gone_day")).group_by(g.c.customer_id).subquery("since")


def _before(asker: Asker, f: sa.Subquery, gone_days: int) -> sa.Subquery:
    """Return whether something was bought in as many days before the complaint, and the revenue of a year before."""
    d = rows(asker)
    ago = sql.days_between(d.c.day, f.c.created_day)
    inside = sa.func.count().filter(sa.and_(d.c.paid, ago > 0, ago <= gone_days)) > 0
    known_then = sa.func.max(ago).filter(d.c.paid) > gone_days
    columns = (
        f.c.customer_id,
        sa.case((known_then, inside)).label("before"),
        sa.func.sum(d.c.revenue).filter(sa.and_(ago >= 0, ago < YEAR)).label("revenue"),
    )
    joined = f.join(d, d.c.customer_id == f.c.customer_id)
    return sa.select(*columns).select_from(joined).group_by(f.c.customer_id).subquery("earlier")
