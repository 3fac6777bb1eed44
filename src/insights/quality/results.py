"""What the checks found: how many rows, of how many, since when, and which rows."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from insights import sql
from insights.errors import UnknownName
from insights.filters import Filters, conditions
from insights.quality.model import Check, Severity
from insights.quality.others import PEOPLE_CHECKS, SALES_CHECKS, SURVEY_CHECKS
from insights.quality.tickets import TICKET_CHECKS

Fetch = Callable[[sa.Select[Any]], list[dict[str, Any]]]
"""Runs a select on the warehouse and returns its rows."""

CHECKS: tuple[Check, ...] = (*TICKET_CHECKS, *SURVEY_CHECKS, *PEOPLE_CHECKS, *SALES_CHECKS)


@dataclass(frozen=True)
class Finding:
    """What one check found in one source: `count` failing rows of `n` looked at; months are (month, count, n)."""

    check: Check
    source: str
    count: int
    n: int
    months: tuple[tuple[dt.date, int, int], ...]

    @property
    def share(self) -> float:
        """Return the failing share of the rows looked at."""
        return self.count / self.n

    @property
    def severity(self) -> Severity:
        """Return how grave it is in this source."""
        return "wrong" if self.share >= self.check.wrong_from else self.check.severity


def check(id_: str) -> Check:
    """Return a check by its id; raises UnknownName."""
    found = {c.id: c for c in CHECKS}
    if id_ not in found:
        raise UnknownName("unknown_check", name=id_, known=", ".join(found))
    return found[id_]


def tables() -> tuple[sa.Table, ...]:
    """Return the tables that have checks, in order."""
    return tuple(dict.fromkeys(c.table for c in CHECKS))


def counting(table: sa.Table, filters: Filters, as_of: dt.datetime) -> sa.Select[Any]:
    """Return one select that counts all checks of a table by source and month: columns n<i> and failing<i>."""
    checks = [c for c in CHECKS if c.table is table]
    at = checks[0].at
    month = sa.null() if at is None else sql.period(at, "month")
    # Each condition is worked out once, below, and counted twice: those that look into other tables are dear.
    judged = [
        c for i, of in enumerate(checks) for c in (of.looked.label(f"looked{i}"), of.fails(as_of).label(f"fails{i}"))
    ]
    rows = sa.select(table.c.source, month.label("month"), *judged)
    marked = rows.where(*conditions(table, at, filters)).subquery("judged")
    counts = []
    for i in range(len(checks)):
        looked = marked.c[f"looked{i}"]
        counts.append(_count(looked).label(f"n{i}"))
        counts.append(_count(sa.and_(looked, marked.c[f"fails{i}"])).label(f"failing{i}"))
    return sa.select(marked.c.source, marked.c.month, *counts).group_by(marked.c.source, marked.c.month)


def _count(of: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.count(sa.case((of, 1)))


def findings(
    fetch: Fetch, filters: Filters, *, as_of: dt.datetime, of: Iterable[sa.Table] | None = None
) -> list[Finding]:
    """Return what every check found in every source, failing or not, worst first; without those that saw no row."""
    found = [
        finding for table in (of or tables()) for finding in _assembled(table, fetch(counting(table, filters, as_of)))
    ]
    return sorted(found, key=lambda f: (-f.share, f.check.id, f.source))


def _assembled(table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> list[Finding]:
    found = []
    for source in sorted({str(r["source"]) for r in rows}):
        mine = [r for r in rows if str(r["source"]) == source]
        for i, of in enumerate(c for c in CHECKS if c.table is table):
            n, count = sum(r[f"n{i}"] for r in mine), sum(r[f"failing{i}"] for r in mine)
            if not n:
                continue
            if count < of.from_share * n:
                count = 0
            dated = sorted((r["month"], r[f"failing{i}"], r[f"n{i}"]) for r in mine if r["month"] is not None)
            found.append(Finding(of, source, count, n, tuple(dated)))
    return found


def failing_rows(of: Check, filters: Filters, *, as_of: dt.datetime, limit: int | None = None) -> sa.Select[Any]:
    """Return the select of a check's failing rows, newest first: their key, when, and the cells that show why."""
    table = of.table
    keys = [table.c[name] for name in table.info["key"]]
    shown = [*keys, *(c for c in of.evidence if c not in set(keys))]
    query = sa.select(*shown).where(of.failing(as_of), *conditions(table, of.at, filters))
    newest = [] if of.at is None else [of.at.desc().nulls_last()]
    return query.order_by(*newest, *keys).limit(limit)
