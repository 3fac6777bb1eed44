"""Cohorts by anything a customer can begin with: who began when, and in which later periods they bought."""

from typing import Any

import sqlalchemy as sa

from insights import sql
from insights.filters import conditions
from insights.metrics.bases import known
from insights.metrics.bases.joined import same
from insights.metrics.core import excluded
from insights.sql import Column
from insights.studies.core import Asker
from insights.studies.customers.buying import days
from insights.studies.customers.people import people
from insights.studies.purchases import BRACKETS, MONTHS, Triangle, kept_of, with_first

STARTS = ("first_order", "first_contact", "first_complaint", "first_breach")


def sizes(asker: Asker, asked: Triangle, start: str, by: str | None) -> sa.Select[Any]:
    """Return the SELECT of how many customers each cohort began with, by group."""
    s = _began(asker, asked, start, by)
    groups = (s.c.group, s.c.cohort)
    return sa.select(*groups, sa.func.count().label("size")).group_by(*groups).order_by(*groups)


def cells(asker: Asker, asked: Triangle, start: str, by: str | None) -> sa.Select[Any]:
    """Return the SELECT of group, cohort, k, customers who bought and revenue, from the day each began on."""
    s, d = _began(asker, asked, start, by), days(asker)
    k = _index(asked, s.c.cohort, sql.period(d.c.day, asked.grain, asked.starts))
    joined = s.join(d, sa.and_(d.c.customer_id == s.c.customer_id, d.c.day >= s.c.day))
    keys, bought = [s.c.customer_id, s.c.group, s.c.cohort], sa.func.count().filter(d.c.paid)
    sums = [bought.label("orders"), sa.func.sum(d.c.revenue).label("revenue")]
    if asked.mode == "on_or_after":
        each = sa.select(*keys, sa.func.max(k).filter(d.c.paid).label("k"), *sums).group_by(*keys)
    else:
        each = sa.select(*keys, k.label("k"), *sums).group_by(*keys, k)
    e = with_first(each.select_from(joined), ["customer_id"], asked)
    groups = (e.c.group, e.c.cohort, e.c.k)
    return sa.select(*groups, *kept_of(e)).where(e.c.k.is_not(None)).group_by(*groups).order_by(*groups)


def members(asker: Asker, asked: Triangle, start: str, by: str | None, k: int) -> sa.Select[Any]:
    """Return the SELECT of who is in which group and cohort since when, and what each did in period k."""
    s, d = _began(asker, asked, start, by), days(asker)
    at = _index(asked, s.c.cohort, sql.period(d.c.day, asked.grain, asked.starts))
    here = at >= k if asked.mode == "on_or_after" else at == k
    bought = sa.func.count().filter(sa.and_(d.c.paid, here)) > 0
    columns = [s.c.customer_id, s.c.group, s.c.cohort, s.c.day]
    sums = [bought.label("kept"), sa.func.sum(d.c.revenue).filter(here).label("revenue")]
    joined = s.outerjoin(d, sa.and_(d.c.customer_id == s.c.customer_id, d.c.day >= s.c.day))
    return sa.select(*columns, *sums).select_from(joined).group_by(*columns)


def _index(asked: Triangle, cohort: Column, bought: Column) -> Column:
    """Return how many periods after the cohort's own a purchase lies; with brackets, the first of its bracket."""
    if asked.grain in ("day", "week"):
        length = 1 if asked.grain == "day" else 7
        k = sa.cast(sql.days_between(cohort, bought) / length, sa.BigInteger())
    else:
        k = sa.cast(sql.months_between(cohort, bought) / MONTHS[asked.grain], sa.BigInteger())
    if asked.mode != "bracket":
        return k
    return sa.case(*((k.between(first, last), first) for first, last in BRACKETS))


def _began(asker: Asker, asked: Triangle, start: str, by: str | None) -> sa.Subquery:
    chosen = {"first_order": _ordered, "first_contact": _contacted, "first_complaint": _complained,
              "first_breach": _breached}[start](asker)  # fmt: skip
    first = sa.func.min(chosen.c.day).label("day")
    each = sa.select(chosen.c.customer_id, first).where(chosen.c.customer_id.is_not(None))
    s, p = each.group_by(chosen.c.customer_id).subquery("started"), people(asker)
    group = sa.cast(p.c[by] if by else sa.null(), sa.Text()).label("group")
    cohort = sql.period(s.c.day, asked.grain, asked.starts).label("cohort")
    named = s.outerjoin(p, p.c.customer_id == s.c.customer_id) if by else s
    inside = [*conditions(s, s.c.day, asker.filters), s.c.day <= sa.literal(asked.last, sa.Date())]
    return sa.select(s.c.customer_id, s.c.day, group, cohort).select_from(named).where(*inside).subquery("began")


def _ordered(asker: Asker) -> sa.Subquery:
    d = days(asker)
    return sa.select(d.c.customer_id, d.c.day).where(d.c.paid).subquery("ordered")


def _contacted(asker: Asker) -> sa.Subquery:
    """Return the days anybody turned to anybody: contacts in either direction, and tickets."""
    i, t = known.interactions(asker.context()), known.tickets(asker.context())
    counted = [sa.not_(condition) for _, condition in excluded(t)]
    contacts = sa.select(i.c.customer_id, i.c.day).where(*conditions(i, None, asker.filters))
    tickets = sa.select(t.c.customer_id, t.c.created_day.label("day")).where(
        *counted, *conditions(t, None, asker.filters)
    )
    return sa.union_all(contacts, tickets).subquery("contacted")


def _complained(asker: Asker) -> sa.Subquery:
    t = known.tickets(asker.context())
    counted = [sa.not_(condition) for _, condition in excluded(t)]
    chosen = [t.c.kind == "complaint", *counted, *conditions(t, None, asker.filters)]
    return sa.select(t.c.customer_id, t.c.created_day.label("day")).where(*chosen).subquery("complained")


def _breached(asker: Asker) -> sa.Subquery:
    context = asker.context()
    t, c = known.tickets(context), known.clocks(context)
    counted = [sa.not_(condition) for _, condition in excluded(t)]
    chosen = [c.c.breached_at.is_not(None), c.c.state != "cancelled", *counted, *conditions(t, None, asker.filters)]
    day = sql.local_day(c.c.breached_at, context.zone, context.as_of).label("day")
    return sa.select(t.c.customer_id, day).select_from(c.join(t, same(c, t))).where(*chosen).subquery("breached")
