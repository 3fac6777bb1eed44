"""What each customer bought up to a day: purchase days and what they brought, for every study of customers.

A customer number is one customer, whichever export names it, as copies of attributes are taken at load.
"""

import datetime as dt

import sqlalchemy as sa

from insights import schema, sql
from insights.filters import conditions
from insights.metrics.bases import known
from insights.sql import Column, Rows
from insights.studies.core import Asker


def today(asker: Asker) -> dt.date:
    """Return the local day looked from."""
    return asker.context().today


def literal(day: dt.date) -> Column:
    """Return a day as a constant of a statement."""
    return sa.literal(day, sa.Date())


def own(asker: Asker, o: Rows, who: str) -> list[Column]:
    """Return the conditions of one customer's orders.

    Orders lie by day: where the days of these are known, the many blocks of other days need not be read.
    """
    of = schema.orders.c
    mine = sa.select(of.ordered_day).where(of.customer_id == who).distinct()
    days = {r["ordered_day"] for r in asker.remembered(("order days", who), lambda: asker.fetch(mine))}
    then = o.c.ordered_day.in_(sorted(days - {None}))
    return [o.c.customer_id == who, sa.or_(then, o.c.ordered_day.is_(None)) if None in days else then]


def rows(asker: Asker, until: dt.date | None = None, who: str | None = None) -> sa.Subquery:
    """Return one row per order up to a day: customer, day, what it brought or took, whether anything was bought.

    `who` is the one customer whose orders alone are read.
    """
    context = asker.context()
    o = known.orders(context)
    amount = o.c.amount if context.one_currency else o.c.company_amount
    bought = paid(o)
    brought = sa.case((sa.or_(bought, _given_back(o)), amount))
    last = literal(min(until, context.today) if until else context.today)
    counted = [o.c.customer_id.is_not(None), o.c.ordered_day <= last, *conditions(o, None, asker.filters)]
    counted += own(asker, o, who) if who is not None else []
    columns = (o.c.customer_id, o.c.ordered_day.label("day"), brought.label("revenue"), bought.label("paid"))
    return sa.select(*columns).where(*counted).subquery("rows")


def days(asker: Asker, until: dt.date | None = None, who: str | None = None) -> sa.Subquery:
    """Return one row per customer and day: what came in less what was given back, and whether anything was bought."""
    r = rows(asker, until, who)
    each = sa.select(
        r.c.customer_id,
        r.c.day,
        sa.func.sum(r.c.revenue).label("revenue"),
        (sa.func.count().filter(r.c.paid) > 0).label("paid"),
    )
    return each.group_by(r.c.customer_id, r.c.day).subquery("days")


def paid(o: Rows) -> Column:
    """Return whether an order bought something: neither cancelled nor given back."""
    return sa.and_(sa.func.coalesce(o.c.status, "paid") == "paid", sa.not_(_given_back(o)))


def _given_back(o: Rows) -> Column:
    return sa.func.coalesce(o.c.amount, 0) < 0


def buyers(
    asker: Asker, until: dt.date | None = None, after: dt.date | None = None, who: str | None = None
) -> sa.Subquery:
    """Return one row per customer (`who`: that one) who bought: first and last day, purchase days, revenue.

    With `after`, also `later`: the purchase days of the same customers from there up to that day.
    """
    d = days(asker, after or until, who)
    day, then = d.c.day, d.c.day <= literal(until or today(asker))
    bought = sa.and_(d.c.paid, then) if after else d.c.paid
    revenue = sa.func.sum(d.c.revenue)
    columns = [
        d.c.customer_id,
        sa.func.min(day).filter(bought).label("first_day"),
        sa.func.max(day).filter(bought).label("last_day"),
        sa.func.count().filter(bought).label("purchase_days"),
        (revenue.filter(then) if after else revenue).label("revenue"),
        sql.first_by(d.c.revenue, day).filter(bought).label("first_revenue"),
    ]
    if after:
        columns.append(sa.func.count().filter(sa.and_(d.c.paid, sa.not_(then))).label("later"))
    some = sa.func.count().filter(bought) > 0
    return sa.select(*columns).group_by(d.c.customer_id).having(some).subquery("buyers")
