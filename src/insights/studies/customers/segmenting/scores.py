"""Recency, frequency and money of each customer on a day, scored 1 to 5 so that equal customers score equally."""

import datetime as dt

import sqlalchemy as sa

from insights import sql
from insights.metrics.core import quoted
from insights.sql import Column
from insights.studies.core import Asker
from insights.studies.customers.buying import buyers, literal

LEAST = 25
"""Fewer customers have no fifths."""
SEGMENTS = (
    "champions", "loyal", "cant_lose", "at_risk", "potential", "new", "attention", "sleeping", "hibernating",
)  # fmt: skip


def scored(asker: Asker, on: dt.date) -> sa.Subquery:
    """Return each customer's recency, purchase days and revenue on a day, their scores and the segment they name."""
    b = buyers(asker, on)
    n = sa.func.count().over()
    fifths = (_score(n, of.asc().nulls_first()) for of in (b.c.last_day, b.c.purchase_days, b.c.revenue))
    recency, frequency, money = fifths
    money = sa.case((b.c.revenue.is_not(None), money))
    each = sa.select(
        b.c.customer_id, sql.days_between(b.c.last_day, literal(on)).label("recency_days"), b.c.purchase_days,
        b.c.revenue, recency.label("r"), frequency.label("f"), money.label("m"),
    ).subquery("each")  # fmt: skip
    return sa.select(*each.c, _segment(each).label("segment")).subquery("scored")


def _score(n: Column, order: Column) -> Column:
    place = sa.cast(sa.func.floor(5.0 * (sql.rank(order) - 1) / n), sa.BigInteger())
    return sa.case((n >= LEAST, 1 + place))


def _segment(of: sa.Subquery) -> Column:
    r, f, m = of.c.r, of.c.f, of.c.m
    rules = (
        ("champions", sa.and_(r >= 4, f >= 4, m >= 4)),
        ("loyal", sa.and_(r >= 3, f >= 4)),
        ("cant_lose", sa.and_(f >= 4, m >= 4)),
        ("at_risk", sa.and_(r <= 2, f >= 3)),
        ("potential", sa.and_(r >= 4, f >= 2)),
        ("new", r >= 4),
        ("attention", sa.and_(r == 3, f >= 2)),
        ("sleeping", r == 3),
        ("hibernating", r <= 2),
    )
    return sa.case(*((condition, quoted(word)) for word, condition in rules))
