"""Each customer's first complaint, what was done about it by a landmark, and whether the customer stayed after it.

Who had left, or is watched for less time than that, by the landmark is set aside: a customer who leaves at once leaves
no time to be answered in, and would make every answer look good.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
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
from insights.studies.service.exposures import READ, begins, exposed, taken

STRATA = ("priority", "segment", "category", "previous")
"""What complaints must be alike in to be compared. A loyalty tier follows from what was bought since: it is no such."""
MOST_PREVIOUS = 2
YEAR = 365
SHOWN = (
    "source",
    "ticket_id",
    "customer_id",
    "created_at",
    "created_day",
    "priority",
    "segment",
    "category",
    "status",
    "first_response_at",
    "previous",
)
"""What is told of a complaint."""


@dataclass(frozen=True)
class Complaints:
    """The first complaint of each customer in the period: read once, whatever landmark it is looked at from."""

    asker: Asker
    exposure: str
    gone_days: int

    def at(self, hours: float, placebo: bool = True) -> sa.Subquery:
        """Return one row per customer who complained: `reason` says why it is set aside.

        `kept` tells whether something was bought within `gone_days` after the landmark, `before` the same of the days
        before the complaint; both are unknown where the time does not reach that far. Without `placebo` nothing is told
        of the time before.
        """
        f = self._seen_from(round(hours * 3600))
        s, p = self._since(f), self._people
        earlier = [self._before(f)] if placebo else []
        joined: Any = f
        for other in (s, *earlier, p):
            joined = joined.outerjoin(other, other.c.customer_id == f.c.customer_id)
        now = literal(today(self.asker))
        ended = sa.case((p.c.ended_day <= now, p.c.ended_day))
        gone = sa.func.least(s.c.gone_day, ended)
        watched = sql.days_between(f.c.landmark_day, sa.func.coalesce(gone, now))
        left = gone.is_not(None)
        kept = sa.case((sa.and_(left, watched <= self.gone_days), sa.false()), (watched >= self.gone_days, sa.true()))
        columns = (
            *(c for c in f.c if c.name != "landmark_at"),
            watched.label("days"),
            left.label("gone"),
            kept.label("kept"),
            *(b.c[name] for b in earlier for name in ("before", "revenue")),
            _reason(self.asker, f, ended).label("reason"),
        )
        return sa.select(*columns).select_from(joined).subquery("cases")

    @cached_property
    def _first(self) -> sa.CTE:
        """Return the complaints, with how many came before each."""
        t = known.tickets(self.asker.context())
        counted = [sa.not_(condition) for _, condition in excluded(t)]
        order = (t.c.created_at, t.c.source, t.c.ticket_id)
        place = sa.func.row_number().over(partition_by=t.c.customer_id, order_by=order)
        columns = (
            *(t.c[name] for name in (*SHOWN, *READ[self.exposure]) if name != "previous"),
            sa.func.least(place - 1, MOST_PREVIOUS).label("previous"),
            sa.and_(sa.true(), *conditions(t, t.c.created_day, self.asker.filters)).label("inside"),
        )
        of = sa.select(*columns).where(t.c.kind == "complaint", t.c.customer_id.is_not(None), *counted).subquery("of")
        own = (of.c.created_at, of.c.source, of.c.ticket_id)
        again = sa.func.row_number().over(partition_by=of.c.customer_id, order_by=own).label("place")
        inside = sa.select(*of.c, again).where(of.c.inside).subquery("inside")
        return sa.select(inside).where(inside.c.place == 1).cte("complaints")

    def _seen_from(self, seconds: int) -> sa.Subquery:
        """Return the complaints with their landmark, and whether it was done by then."""
        t, context = self._first, self.asker.context()
        landmark = plus_seconds(begins(t, self.exposure), seconds)
        columns = (
            *(t.c[name] for name in SHOWN),
            taken(t, self.exposure).label("taken_s"),
            exposed(self.asker, t, self.exposure, seconds).label("exposed"),
            landmark.label("landmark_at"),
            sql.local_day(landmark, context.zone, context.as_of + dt.timedelta(seconds=seconds)).label("landmark_day"),
        )
        return sa.select(*columns).subquery("first")

    @cached_property
    def _people(self) -> sa.CTE:
        p = people(self.asker)
        return sa.select(p.c.customer_id, p.c.ended_day).cte("left_on")

    @cached_property
    def _bought(self) -> sa.CTE:
        """Return the days on which those who complained bought, each with the next."""
        f, d = self._first, rows(self.asker)
        following = sa.func.lead(d.c.day).over(partition_by=f.c.customer_id, order_by=d.c.day)
        joined = f.join(d, d.c.customer_id == f.c.customer_id)
        found = sa.select(f.c.customer_id, d.c.day, following.label("following"))
        return found.select_from(joined).where(d.c.paid).cte("bought")

    def _since(self, f: sa.Subquery) -> sa.Subquery:
        """Return the first day from the landmark on on which nothing had been bought for `gone_days`."""
        b, now, days = self._bought, literal(today(self.asker)), self.gone_days
        later = b.c.day > f.c.landmark_day
        silent = sql.days_between(b.c.day, sa.func.coalesce(b.c.following, now)) > days
        first, last = sa.func.min(b.c.day).filter(later), sa.func.min(b.c.day).filter(sa.and_(later, silent))
        at_once = sql.days_between(f.c.landmark_day, sa.func.coalesce(first, now)) > days
        gone = sa.case((at_once, f.c.landmark_day), else_=last) + days
        joined = f.outerjoin(b, b.c.customer_id == f.c.customer_id)
        each = sa.select(f.c.customer_id, gone.label("gone_day")).select_from(joined)
        return each.group_by(f.c.customer_id, f.c.landmark_day).subquery("since")

    def _before(self, f: sa.Subquery) -> sa.Subquery:
        """Return whether something was bought in as many days before, and the revenue of a year before."""
        d = rows(self.asker)
        ago = sql.days_between(d.c.day, f.c.created_day)
        inside = sa.func.count().filter(sa.and_(d.c.paid, ago > 0, ago <= self.gone_days)) > 0
        known_then = sa.func.max(ago).filter(d.c.paid) > self.gone_days
        columns = (
            f.c.customer_id,
            sa.case((known_then, inside)).label("before"),
            sa.func.sum(d.c.revenue).filter(sa.and_(ago >= 0, ago < YEAR)).label("revenue"),
        )
        joined = f.join(d, d.c.customer_id == f.c.customer_id)
        return sa.select(*columns).select_from(joined).group_by(f.c.customer_id).subquery("earlier")


def stratum(record: Row) -> tuple[Any, ...]:
    """Return what a complaint is compared within."""
    return tuple(record[name] for name in STRATA)


def _reason(asker: Asker, f: sa.Subquery, ended: Column) -> Column:
    return sa.case(
        (f.c.landmark_at > sa.literal(asker.at, sa.DateTime()), quoted("before_landmark")),
        (ended <= f.c.landmark_day, quoted("left_before")),
        (f.c.exposed.is_(None), quoted("not_known")),
    )
