"""Cohorts by anything a customer can begin with: who began when, and in which later periods they were kept."""

from typing import Any

import sqlalchemy as sa

from insights import sql
from insights.filters import conditions
from insights.studies.core import Asker
from insights.studies.customers.beginnings import began_with
from insights.studies.customers.people import ATTRIBUTES, people
from insights.studies.customers.staying.keeping import rows
from insights.studies.purchases import Triangle, index, kept_of, with_first


def sizes(asker: Asker, asked: Triangle, start: str, by: str | None) -> sa.Select[Any]:
    """Return the SELECT of how many customers each cohort began with, by group."""
    s = _began(asker, asked, start, by)
    groups = (s.c.group, s.c.cohort)
    return sa.select(*groups, sa.func.count().label("size")).group_by(*groups).order_by(*groups)


def cells(asker: Asker, asked: Triangle, start: str, by: str | None) -> sa.Select[Any]:
    """Return the SELECT of group, cohort, k, customers who bought and revenue, from the day each began on."""
    s, d = _began(asker, asked, start, by), rows(asker)
    k = index(asked, s.c.cohort, sql.period(d.c.day, asked.grain, asked.starts))
    joined = s.join(d, sa.and_(d.c.customer_id == s.c.customer_id, d.c.day >= s.c.day))
    keys, bought = [s.c.customer_id, s.c.group, s.c.cohort], sa.func.count().filter(d.c.paid)
    sums = [bought.label("orders"), sa.func.sum(d.c.revenue).label("revenue")]
    if asked.mode == "on_or_after":
        each = sa.select(*keys, sa.func.max(k).filter(d.c.paid).label("k"), *sums).group_by(*keys)
    else:
        each = sa.select(*keys, k.label("k"), *sums).group_by(*keys, k)
    e = with_first(each.select_from(joined), asked)
    groups = (e.c.group, e.c.cohort, e.c.k)
    return sa.select(*groups, *kept_of(e)).where(e.c.k.is_not(None)).group_by(*groups).order_by(*groups)


def members(asker: Asker, asked: Triangle, start: str, by: str | None, k: int) -> sa.Select[Any]:
    """Return the SELECT of who is in which group and cohort since when, and what each did in period k."""
    s, d = _began(asker, asked, start, by), rows(asker)
    at = index(asked, s.c.cohort, sql.period(d.c.day, asked.grain, asked.starts))
    here = at >= k if asked.mode == "on_or_after" else at == k
    bought = sa.func.count().filter(sa.and_(d.c.paid, here)) > 0
    columns = [s.c.customer_id, s.c.group, s.c.cohort, s.c.day]
    sums = [bought.label("kept"), sa.func.sum(d.c.revenue).filter(here).label("revenue")]
    joined = s.outerjoin(d, sa.and_(d.c.customer_id == s.c.customer_id, d.c.day >= s.c.day))
    return sa.select(*columns, *sums).select_from(joined).group_by(*columns)


def _began(asker: Asker, asked: Triangle, start: str, by: str | None) -> sa.Subquery:
    s, p = began_with(asker, start, by).subquery("started"), people(asker)
    own = p.c[by] if by in ATTRIBUTES else None
    group = sa.cast(s.c.said if own is None else own, sa.Text()).label("group")
    cohort = sql.period(s.c.day, asked.grain, asked.starts).label("cohort")
    named = s if own is None else s.outerjoin(p, p.c.customer_id == s.c.customer_id)
    inside = [*conditions(s, s.c.day, asker.filters), s.c.day <= sa.literal(asked.last, sa.Date())]
    return sa.select(s.c.customer_id, s.c.day, group, cohort).select_from(named).where(*inside).subquery("began")
