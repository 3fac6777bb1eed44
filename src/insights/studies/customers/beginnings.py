"""What a customer can begin with: the first row of a kind, and what that row says of itself."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from insights import schema, sql
from insights.dimensions import DIMENSIONS, EVERY, Dimension
from insights.errors import UnknownName
from insights.filters import conditions
from insights.metrics.bases import events, known
from insights.metrics.core import excluded
from insights.sql import Column, Rows
from insights.studies.core import Asker
from insights.studies.customers.buying import paid
from insights.studies.customers.people import ATTRIBUTES

_ROWS: Mapping[str, tuple[sa.Table, ...]] = {
    "first_order": (schema.orders,),
    "first_contact": (schema.tickets, schema.interactions),
    "first_complaint": (schema.tickets,),
    "first_breach": (schema.tickets,),
}
STARTS = tuple(_ROWS)


def offered(start: str) -> tuple[str, ...]:
    """Return what its cohorts are split by: attributes of the customer, and dimensions of the row it begins with."""
    told = (d.name for d in EVERY if d.of != "customers" and any(_told(table, d) for table in _ROWS[start]))
    return (*ATTRIBUTES, *told)


def _told(table: sa.Table, of: Dimension) -> bool:
    """Tell whether a table knows a dimension; a column of the name with other words is another thing."""
    column = table.c.get(of.column_in(table.name))
    return column is not None and column.info["words"] == of.words


SPLITS = tuple(dict.fromkeys(by for start in STARTS for by in offered(start)))
"""What any of them can be split by."""


def began_with(asker: Asker, start: str, by: str | None) -> sa.Select[Any]:
    """Return the SELECT of who began on which day, and what the first row said of the dimension; else nothing."""
    if by is not None and by not in offered(start):
        raise UnknownName("unknown_option", name=by, known=", ".join(offered(start)))
    of = DIMENSIONS[by] if by is not None and by not in ATTRIBUTES else None
    rows = {"first_order": _ordered, "first_contact": _contacted, "first_complaint": _complained,
            "first_breach": _breached}[start](asker, of).subquery("rows")  # fmt: skip
    who = rows.c.customer_id
    if of is None:
        first = sa.func.min(rows.c.day).label("day")
        return sa.select(who, first, sa.null().label("said")).group_by(who)
    order = (rows.c.at.nulls_last(), rows.c.source, rows.c.id)
    place = sa.func.row_number().over(partition_by=who, order_by=order).label("place")
    placed = sa.select(who, rows.c.day, rows.c.said, place).subquery("placed")
    return sa.select(placed.c.customer_id, placed.c.day, placed.c.said).where(placed.c.place == 1)


def _row(rows: Rows, table: sa.Table, of: Dimension | None, day: Column, at: Column, *where: Column) -> sa.Select[Any]:
    """Return the SELECT of customer, day, what puts rows in order, and what each says of a dimension."""
    said = rows.c[of.column_in(table.name)] if of and _told(table, of) else sa.null()
    _, key = table.info["key"]
    columns = (rows.c.customer_id, day.label("day"), at.label("at"), rows.c.source, rows.c[key].label("id"))
    return sa.select(*columns, sa.cast(said, sa.Text()).label("said")).where(rows.c.customer_id.is_not(None), *where)


def _ordered(asker: Asker, of: Dimension | None) -> sa.Select[Any]:
    o = known.orders(asker.context())
    chosen = [paid(o), *conditions(o, None, asker.filters)]
    return _row(o, schema.orders, of, o.c.ordered_day, o.c.ordered_at, *chosen)


def _contacted(asker: Asker, of: Dimension | None) -> sa.CompoundSelect[Any]:
    """Return contacts in either direction, and tickets: whenever anybody turned to anybody."""
    i = known.interactions(asker.context())
    contacts = _row(i, schema.interactions, of, i.c.day, i.c.at, *conditions(i, None, asker.filters))
    return sa.union_all(contacts, _tickets(asker, of))


def _complained(asker: Asker, of: Dimension | None) -> sa.Select[Any]:
    return _tickets(asker, of, "complaint")


def _tickets(asker: Asker, of: Dimension | None, *kinds: str) -> sa.Select[Any]:
    t = known.tickets(asker.context())
    counted = [sa.not_(condition) for _, condition in excluded(t)]
    chosen = [*counted, *conditions(t, None, asker.filters), *(t.c.kind == kind for kind in kinds)]
    return _row(t, schema.tickets, of, t.c.created_day, t.c.created_at, *chosen)


def _breached(asker: Asker, of: Dimension | None) -> sa.Select[Any]:
    """Return tickets at the moment a promise was broken, with whose they were then."""
    context = asker.context()
    c = events.clocks(context)
    counted = [sa.not_(condition) for _, condition in excluded(c)]
    chosen = [c.c.breached_at.is_not(None), c.c.state != "cancelled", *counted, *conditions(c, None, asker.filters)]
    day = sql.local_day(c.c.breached_at, context.zone, context.as_of)
    return _row(c, schema.tickets, of, day, c.c.breached_at, *chosen)
