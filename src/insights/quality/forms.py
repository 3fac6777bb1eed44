"""The few forms most checks take: an order of times, a reference, a time ahead, an empty cell."""

from typing import Any

import sqlalchemy as sa

from insights.quality.columns import Columns
from insights.quality.model import AS_OF, Check, Severity
from insights.schema import metadata

tickets = metadata.tables["tickets"]


def table_of(column: sa.Column[Any]) -> sa.Table:
    """Return the table a column stands in."""
    assert isinstance(column.table, sa.Table)
    return column.table


def known(*columns: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Return the rows where all of `columns` are known."""
    return sa.and_(*(c.is_not(None) for c in columns))


def counted(table: sa.Table) -> sa.ColumnElement[bool]:
    """Return the rows that count in KPIs: spam, test, deleted and merged tickets may contradict themselves."""
    return tickets.c.excluded.is_(None) if table is tickets else sa.true()


def never_before(
    key: str,
    later: sa.Column[Any],
    earlier: sa.Column[Any],
    discredits: Columns = (),
    severity: Severity = "wrong",
) -> Check:
    """Return the check that `later` does not lie before `earlier`."""
    table = table_of(later)
    return Check(key, table, sa.and_(known(later, earlier), counted(table)), later < earlier, discredits, severity)


def never_ahead(*times: sa.Column[Any], discredits: Columns = ()) -> Check:
    """Return the check that none of `times` lies after the moment the data speaks of."""
    table = table_of(times[0])
    looked = sa.and_(sa.or_(*(t.is_not(None) for t in times)), counted(table))
    ahead = sa.or_(*(sa.and_(t.is_not(None), t > AS_OF) for t in times))
    return Check("time_ahead", table, looked, ahead, discredits)


def filled(key: str, column: sa.Column[Any], discredits: Columns = ()) -> Check:
    """Return the check that `column` is not empty."""
    table = table_of(column)
    return Check(key, table, counted(table), column.is_(None), discredits, "missing")


def refers(key: str, column: sa.Column[Any], target: sa.Column[Any], discredits: Columns = ()) -> Check:
    """Return the check that `column` names a row of another table, judged only when that table was loaded.

    Ids are shared between sources: a ticket of the help desk names a customer of the shop.
    """
    table, other = table_of(column), table_of(target).alias()
    ids = sa.select(other.c[target.name]).where(other.c[target.name].is_not(None))
    loaded = sa.select(sa.func.count(other.c[target.name])).scalar_subquery() > 0
    looked = sa.and_(column.is_not(None), counted(table), loaded)
    return Check(key, table, looked, column.not_in(ids), discredits, "doubtful")


def among(table: sa.Table, keys: sa.Select[Any]) -> sa.ColumnElement[bool]:
    """Return the rows of `table` whose key (source, id, ...) is one of `keys`."""
    return sa.tuple_(*(table.c[name] for name in table.info["key"])).in_(keys)
