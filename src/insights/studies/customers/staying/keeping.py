"""What keeps a customer in a cohort: purchases; where no order is loaded, turning to the company again."""

import datetime as dt
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from insights import schema
from insights.metrics.bases import known
from insights.studies.core import Asker, Options
from insights.studies.customers import beginnings, buying


def by_purchases(asker: Asker) -> bool:
    """Tell whether purchases of known customers are loaded, so that kept means having bought."""
    return asker.warehouse.holds(schema.customer_months)


def starts(asker: Asker) -> tuple[str, ...]:
    """Return what cohorts can begin with here, the usual one first."""
    return tuple(start for start in beginnings.STARTS if start != "first_order" or by_purchases(asker))


def rests_on(asker: Asker, options: Options) -> tuple[str, ...]:
    """Return the tables one of which is needed: contacts do where no purchase is asked for."""
    if options["start"] == "first_order" or options.get("measure", "customers") != "customers":
        return ("customer_months",)
    rows = beginnings.ROWS[options["start"]]
    return tuple(table.name for table in rows) if not by_purchases(asker) else ("customer_months",)


def known_until(asker: Asker) -> dt.date:
    """Return the first day of which nothing whole is known.

    Exports are often chosen by the month something was opened or bought in, and others speak of later moments
    nevertheless: from the day after the last on which anybody at all bought (without orders: turned to the company),
    nothing is known of anybody.
    """
    now = buying.today(asker)
    (found,) = asker.fetch(sa.select(sa.func.max(_days_of_all(asker)).label("last")))
    return min(now, found["last"] + dt.timedelta(days=1)) if found["last"] else now


def _days_of_all(asker: Asker) -> sa.ColumnElement[dt.date]:
    """Return the days on which anybody bought or turned to the company, whoever is asked about."""
    if by_purchases(asker):
        return known.orders(asker.context()).c.ordered_day
    everybody = asker.with_filters(replace(asker.filters, values=()))
    return beginnings.turned_to_us(everybody).subquery("turned").c.day


def rows(asker: Asker) -> sa.Subquery:
    """Return what each customer bought or gave back and when; without orders, the days it turned to the company."""
    return buying.rows(asker) if by_purchases(asker) else _turned(asker)


def _turned(asker: Asker) -> sa.Subquery:
    t = beginnings.turned_to_us(asker).subquery("turned")
    nothing: sa.ColumnElement[Any] = sa.cast(sa.null(), sa.Numeric(18, 2))
    columns = (t.c.customer_id, t.c.day, nothing.label("revenue"), sa.true().label("paid"))
    return sa.select(*columns).group_by(t.c.customer_id, t.c.day).subquery("days")
