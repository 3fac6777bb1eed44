"""What a customer can begin with: the first row of a kind, and what that row says of itself."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from insights import schema, sql
from insights.dimensions import EVERY, KNOWN, OF_CLOCKS, Dimension
from insights.errors import UnknownName
from insights.filters import conditions
from insights.metrics.bases import events, known
from insights.metrics.core import excluded
from insights.sql import Column, Rows
from insights.studies.core import Asker
from insights.studies.customers.buying import paid
from insights.studies.customers.people import ATTRIBUTES

ROWS: Mapping[str, tuple[sa.Table, ...]] = {
    "first_order": (schema.orders,),
    "first_contact": (schema.tickets, schema.interactions),
    "first_complaint": (schema.tickets,),
    "first_breach": (schema.tickets,),
}
"""The tables whose rows each is one of."""
_OF_LINES = ("product", "category")
"""What an order says by its lines: of the one that cost most, where there are several."""
_FURTHER: Mapping[str, tuple[str, ...]] = {"first_order": _OF_LINES, "first_breach": tuple(d.name for d in OF_CLOCKS)}
"""What the rows of a beginning say beside the dimensions of their table."""
STARTS = tuple(ROWS)


def offered(start: str) -> tuple[str, ...]:
    """Return what its cohorts are split by: attributes of the customer, and dimensions of the row it begins with."""
    told = (d.name for d in EVERY if d.of != "customers" and any(_told(table, d) for table in ROWS[start]))
    return (*ATTRIBUTES, *told, *_FURTHER.get(start, ()))


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
    of = KNOWN[by] if by is not None and by not in ATTRIBUTES else None
    rows = {
        "first_order": _ordered,
        "first_contact": _contacted,
        "first_complaint": _complained,
        "first_breach": _breached,
    }[start](asker, of).subquery("rows")
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
    further = of is not None and of in OF_CLOCKS and of.name in rows.c
    said = rows.c[of.column_in(table.name)] if of and (further or _told(table, of)) else sa.null()
    _, key = table.info["key"]
    columns = (rows.c.customer_id, day.label("day"), at.label("at"), rows.c.source, rows.c[key].label("id"))
    return sa.select(*columns, sa.cast(said, sa.Text()).label("said")).where(rows.c.customer_id.is_not(None), *where)


def _ordered(asker: Asker, of: Dimension | None) -> sa.Select[Any]:
    o = known.orders(asker.context())
    chosen = [paid(o), *conditions(o, None, asker.filters)]
    if of is None or of.name not in _OF_LINES:
        return _row(o, schema.orders, of, o.c.ordered_day, o.c.ordered_at, *chosen)
    told = _dearest(of)
    joined = o.outerjoin(told, sa.and_(told.c.source == o.c.source, told.c.order_id == o.c.order_id))
    columns = (
        o.c.customer_id,
        o.c.ordered_day.label("day"),
        o.c.ordered_at.label("at"),
        o.c.source,
        o.c.order_id.label("id"),
        told.c.said,
    )
    return sa.select(*columns).select_from(joined).where(o.c.customer_id.is_not(None), *chosen)


def _dearest(of: Dimension) -> sa.Subquery:
    """Return what the dearest line of each order says."""
    line = schema.order_lines.c
    order = (line.amount.desc().nulls_last(), line.line)
    place = sa.func.row_number().over(partition_by=(line.source, line.order_id), order_by=order).label("place")
    each = sa.select(line.source, line.order_id, line[of.name].label("said"), place).subquery("lines")
    return sa.select(each.c.source, each.c.order_id, each.c.said).where(each.c.place == 1).subquery("dearest")


def _contacted(asker: Asker, of: Dimension | None) -> sa.CompoundSelect[Any]:
    """Return contacts in either direction, and tickets: whenever anybody turned to anybody."""
    i = known.interactions(asker.context())
    contacts = _row(i, schema.interactions, of, i.c.day, i.c.at, *conditions(i, None, asker.filters))
    return sa.union_all(contacts, _tickets(asker, of))


def turned_to_us(asker: Asker) -> sa.CompoundSelect[Any]:
    """Return contacts the customer began, and tickets: whenever a customer turned to the company."""
    i = known.interactions(asker.context())
    inward = [i.c.direction == "inbound", *conditions(i, None, asker.filters)]
    return sa.union_all(_row(i, schema.interactions, None, i.c.day, i.c.at, *inward), _tickets(asker, None))


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
