"""Recency, frequency and money of each customer on a day, scored 1 to 5 so that equal customers score equally."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from insights import sql
from insights.metrics.core import quoted
from insights.sql import Column
from insights.studies.core import Asker, Row
from insights.studies.customers.buying import buyers, literal

LEAST = 25
"""Fewer customers have no fifths."""
FIFTHS = (2, 3, 4, 5)
"""Those with one below."""
SCORED = {"r": "last_day", "f": "purchase_days", "m": "revenue"}
SEGMENTS = (
    "champions",
    "loyal",
    "cant_lose",
    "at_risk",
    "potential",
    "new",
    "attention",
    "sleeping",
    "hibernating",
)


def scored(asker: Asker, on: dt.date) -> sa.Subquery:
    """Return each customer's recency, purchase days and revenue on a day, their scores and the segment they name."""
    b = buyers(asker, on)
    n = sa.func.count().over()
    fifths = (_score(n, of.asc().nulls_first()) for of in (b.c.last_day, b.c.purchase_days, b.c.revenue))
    recency, frequency, money = fifths
    money = sa.case((b.c.revenue.is_not(None), money))
    each = sa.select(
        b.c.customer_id,
        b.c.last_day,
        sql.days_between(b.c.last_day, literal(on)).label("recency_days"),
        b.c.purchase_days,
        b.c.revenue,
        recency.label("r"),
        frequency.label("f"),
        money.label("m"),
    ).subquery("each")
    return sa.select(*each.c, _segment(each).label("segment")).subquery("scored")


def segment_of(asker: Asker, on: dt.date, bought: Row) -> str | None:
    """Return the segment of one customer, by where the fifths of all begin: these are looked for once a view."""
    if bought["last_day"] is None:
        return None
    (edges,) = asker.remembered(("fifths", on), lambda: asker.fetch(_fifths(asker, on)))
    if edges["n"] < LEAST:
        return None
    mine = {score: _fifth(bought[of], [edges[f"{score}{n}"] for n in FIFTHS]) for score, of in SCORED.items()}
    columns = (sa.literal(value, sa.BigInteger()).label(score) for score, value in mine.items())
    (named,) = asker.fetch(sa.select(_segment(sa.select(*columns).subquery("mine")).label("segment")))
    return None if named["segment"] is None else str(named["segment"])


def _fifths(asker: Asker, on: dt.date) -> sa.Select[Any]:
    """Return how many bought, and the least value of each fifth above the first."""
    s = scored(asker, on)
    columns: list[Column] = [sa.func.count().label("n")]
    for score, of in SCORED.items():
        columns += [sa.func.min(s.c[of]).filter(s.c[score] == n).label(f"{score}{n}") for n in FIFTHS]
    return sa.select(*columns)


def _fifth(value: Any, edges: Sequence[Any]) -> int | None:
    """Return the fifth a value is in; nobody is in a fifth without an edge."""
    if value is None:
        return None
    return max((n for n, edge in zip(FIFTHS, edges, strict=True) if edge is not None and value >= edge), default=1)


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
