"""How long each customer was kept, in days from the first purchase, and whether it has gone: what curves count."""

from typing import Any

import sqlalchemy as sa

from insights import sql
from insights.filters import conditions
from insights.metrics.bases import known
from insights.metrics.core import excluded, quoted
from insights.sql import Column
from insights.studies.core import Asker
from insights.studies.customers.buying import days, literal, today
from insights.studies.customers.people import ATTRIBUTES, people

LANDMARK_DAYS = 90
"""A complaint later than this says nothing yet of the group: who lives long has more time to complain."""


def lifetimes(asker: Asker, gone_days: int, by: str | None) -> sa.Subquery:
    """Return one row per customer: group, days kept so far, and whether it has gone.

    Gone is who bought nothing for `gone_days` after a purchase, from that many days after it, or from a contract's end.
    """
    k, p, now = _kept(asker, gone_days), people(asker), literal(today(asker))
    ended = sa.case((p.c.ended_day <= now, p.c.ended_day))
    gone = sa.func.least(k.c.gone_day, ended)
    joined: Any = k.outerjoin(p, p.c.customer_id == k.c.customer_id)
    group: Column = sa.null()
    if by == "complaint":
        o = _outcomes(asker, k)
        joined = joined.outerjoin(o, o.c.customer_id == k.c.customer_id)
        group = sa.func.coalesce(o.c.outcome, quoted("none"))
    elif by in ATTRIBUTES:
        group = p.c[by]
    since = k.c.first_day + (LANDMARK_DAYS if by == "complaint" else 0)
    until = sa.func.coalesce(gone, now)
    columns = (
        k.c.customer_id,
        k.c.first_day,
        sa.cast(group, sa.Text()).label("group"),
        sql.days_between(since, until).label("days"),
        gone.is_not(None).label("gone"),
    )
    each = sa.select(*columns).select_from(joined).subquery("each")
    return sa.select(each, (each.c.days >= 0).label("watched")).subquery("lifetimes")


def own_gaps(asker: Asker) -> sa.Select[Any]:
    """Return how many gaps between purchase days there are, and how long one in ten is longer than."""
    each = gaps(asker)
    gap = sql.days_between(each.c.day, each.c.following)
    columns: list[Column] = [sa.func.count(gap).label("n"), sql.quantile(gap, 0.9).label("p90")]
    return sa.select(*columns).where(each.c.following.is_not(None))


def gaps(asker: Asker) -> sa.Subquery:
    """Return each purchase day of a customer with the next one, where there is one."""
    d = days(asker)
    following = sa.func.lead(d.c.day).over(partition_by=d.c.customer_id, order_by=d.c.day)
    return sa.select(d.c.customer_id, d.c.day, following.label("following")).where(d.c.paid).subquery("gaps")


def _kept(asker: Asker, gone_days: int) -> sa.Subquery:
    """Return each customer's first purchase day of the period, and the first day it counted as gone."""
    g = gaps(asker)
    silent = sql.days_between(g.c.day, sa.func.coalesce(g.c.following, literal(today(asker)))) > gone_days
    gone = sa.func.min(sa.case((silent, g.c.day))) + gone_days
    first = sa.func.min(g.c.day)
    each = sa.select(g.c.customer_id, first.label("first_day"), gone.label("gone_day")).group_by(g.c.customer_id)
    whole = each.subquery("whole")
    period = conditions(whole, whole.c.first_day, asker.filters)
    return sa.select(whole).where(*period).subquery("kept")


def _outcomes(asker: Asker, kept: sa.Subquery) -> sa.Subquery:
    """Return who complained within the first days, and whether all of it was solved by their end."""
    t = known.tickets(asker.context())
    end = kept.c.first_day + LANDMARK_DAYS
    solved = sa.func.bool_and(sa.func.coalesce(t.c.first_solved_day <= end, sa.false()))
    counted = [sa.not_(condition) for _, condition in excluded(t)]
    early = (t.c.kind == "complaint", t.c.created_day >= kept.c.first_day, t.c.created_day < end)
    outcome = sa.case((solved, quoted("solved")), else_=quoted("unsolved")).label("outcome")
    joined = t.join(kept, kept.c.customer_id == t.c.customer_id)
    found = sa.select(t.c.customer_id, outcome).select_from(joined).where(*early, *counted)
    return found.group_by(t.c.customer_id).subquery("outcomes")
