"""What customers buy, and whether they come back."""

import datetime as dt

import sqlalchemy as sa

from insights import sql
from insights.metrics.bases import BUYERS, ORDERS, PURCHASES
from insights.metrics.core import Context, Metric, Reason, column, flag, one
from insights.sql import Column, Rows

_ORDERED = column("ordered_day")


def _unpaid(o: Rows, context: Context) -> list[Reason]:
    return [
        ("refunded", o.c.status == "refunded"),
        ("cancelled", o.c.status == "cancelled"),
        ("credit_note", o.c.amount < 0),
    ]


def _worthless(o: Rows, context: Context) -> list[Reason]:
    """Return why an order brings no revenue: cancelled, or given back without a credit note of its own."""
    none_back = o.c.amount >= 0
    return [(word, sa.and_(o.c.status == word, none_back)) for word in ("refunded", "cancelled")]


def _amount(o: Rows, context: Context) -> Column:
    return o.c.amount if context.one_currency else o.c.company_amount


def _foreign(o: Rows, context: Context) -> list[Reason]:
    return [("other_currency", sa.and_(o.c.amount.is_not(None), o.c.company_amount.is_(None)))]


def _young(p: Rows, context: Context) -> list[Reason]:
    latest = sql.day_before(context.today, context.repeat_window_days)
    return [("too_young", p.c.first_day > sa.literal(latest, sa.Date()))]


def _again(p: Rows, context: Context) -> Column:
    soon = sql.days_between(p.c.first_day, p.c.second_day) <= context.repeat_window_days
    return flag(sa.func.coalesce(soon, sa.false()))


METRICS = (
    Metric("orders", "count", "context", "ordered", ORDERS, "count", _ORDERED, one, _unpaid),
    Metric("revenue", "money", "up", "ordered", ORDERS, "sum", _ORDERED, _amount, _worthless, _foreign),
    Metric(
        "active_customers",
        "count",
        "up",
        "ordered",
        BUYERS,
        "count",
        column("day"),
        one,
        lambda b, c: [("no_paid_order", b.c.orders == 0)],
    ),
    Metric(
        "repeat_rate",
        "share",
        "up",
        "ordered",
        PURCHASES,
        "share",
        column("first_day"),
        _again,
        _young,
        matures=dt.timedelta(days=90),
    ),
)
