"""Two periods in one statement: every row says on which side it lies, what is added up is added up for each."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from insights.filters import Filters
from insights.sql import Column

Days = tuple[dt.date, dt.date]
Record = Mapping[str, Any]
Of = Callable[[str], Column]
"""Gives a column of what is counted by its name."""
SIDE = "side"
NOW, BEFORE = 1, 0
SUFFIX = "_before"


def days(at: Column, filters: Filters, beside: Days | None) -> list[Column]:
    """Return the conditions that a day lies in the period, or in either of two."""
    if beside is None or not (filters.since and filters.until):
        return _within(at, filters.since, filters.until)
    (first, end), (start, last) = sorted(((filters.since, filters.until), beside))
    whole = _within(at, first, last)
    if end + dt.timedelta(days=1) == start:
        return whole
    return [*whole, sa.or_(_is_now(at, filters), sa.and_(*_within(at, *beside)))]


def _within(at: Column, since: dt.date | None, until: dt.date | None) -> list[Column]:
    bounds = [at >= sa.bindparam(None, since, sa.Date())] if since else []
    return [*bounds, at <= sa.bindparam(None, until, sa.Date())] if until else bounds


def _is_now(at: Column, filters: Filters) -> Column:
    return sa.and_(*_within(at, filters.since, filters.until))


def side(at: Column, filters: Filters) -> Column:
    """Return on which side a day lies."""
    one, none = (sa.literal_column(str(of), sa.Integer()) for of in (NOW, BEFORE))
    return sa.case((_is_now(at, filters), one), else_=none).label(SIDE)


def views(rows: sa.Subquery, beside: Days | None) -> list[tuple[str, Of]]:
    """Return how the columns of each side are read, with what is added to the names of what is made of them."""
    if beside is None:
        return [("", lambda name: rows.c[name])]
    return [("", _only(rows, NOW)), (SUFFIX, _only(rows, BEFORE))]


def _only(rows: sa.Subquery, of: int) -> Of:
    return lambda name: sa.case((rows.c[SIDE] == sa.literal_column(str(of)), rows.c[name]))


def apart(records: Sequence[Record], beside: Days | None) -> list[list[Record]]:
    """Return what was found of each side."""
    if beside is None:
        return [[*records]]
    if records and SIDE not in records[0]:
        (record,) = records
        return [[record], [{k.removesuffix(SUFFIX): v for k, v in record.items() if k.endswith(SUFFIX)}]]
    return [[record for record in records if record[SIDE] == of] for of in (NOW, BEFORE)]
