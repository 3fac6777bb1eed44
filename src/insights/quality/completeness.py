"""How much of the data is there: filled cells, days without rows, freshness, rows left out and set aside."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from insights import sql
from insights.filters import Filters, conditions
from insights.quality.model import ANCHORS
from insights.quality.results import Fetch
from insights.schema import loads, metadata, rejects

KEY_COLUMNS: dict[str, tuple[str, ...]] = {
    "tickets": (
        "customer_id",
        "created_at",
        "first_response_at",
        "solved_at",
        "channel",
        "kind",
        "category",
        "product",
        "priority",
        "status",
        "team",
        "agent_id",
        "segment",
    ),
    "surveys": ("customer_id", "ticket_id", "agent_id", "sent_at", "answered_at", "score", "comment"),
    "orders": ("customer_id", "ordered_at", "amount", "currency", "status"),
    "interactions": ("customer_id", "at", "direction", "channel", "kind", "agent_id"),
    "customers": ("name", "email", "phone", "segment", "region", "acquired_at"),
}
"""The columns pages are cut by or numbers are made of."""

MOMENTS: dict[str, tuple[str, ...]] = {
    "tickets": ("created_at", "first_response_at", "solved_at", "updated_at"),
    "surveys": ("sent_at", "answered_at"),
    "orders": ("ordered_at",),
    "interactions": ("at",),
}
"""The times that tell how far a source's data reaches."""

DAILY = ("tickets", "surveys", "orders")
USUAL = 0.9
"""A weekday on which at least this share of days has rows is a working day: an empty one is a gap."""


@dataclass(frozen=True)
class Coverage:
    """Filled cells of one column in one source and month (None: rows without a date)."""

    table: str
    source: str
    column: str
    month: dt.date | None
    filled: int
    n: int


@dataclass(frozen=True)
class Days:
    """Rows per day of one table and source between its first and last day; `gaps` are empty days unlike their like."""

    table: str
    source: str
    rows: Mapping[dt.date, int]
    gaps: tuple[dt.date, ...]


@dataclass(frozen=True)
class Freshness:
    """How far one source's rows of a table reach at `as_of`."""

    table: str
    source: str
    rows: int
    latest: dt.datetime | None
    age_days: float | None
    stale: bool


def coverage(fetch: Fetch, filters: Filters) -> list[Coverage]:
    """Return the filled cells of every key column by source and month."""
    found = []
    for name, columns in KEY_COLUMNS.items():
        table, at = metadata.tables[name], ANCHORS[name]
        month = sql.period(at, "month")
        counts = [sa.func.count(table.c[c]).label(c) for c in columns]
        query = sa.select(table.c.source, month.label("month"), sa.func.count().label("n"), *counts)
        query = query.where(*conditions(table, at, filters)).group_by(table.c.source, month)
        for row in fetch(query):
            found += [Coverage(name, row["source"], c, row["month"], row[c], row["n"]) for c in columns]
    return sorted(found, key=lambda c: (c.table, c.source, c.month or dt.date.min))


def days(fetch: Fetch, filters: Filters, *, names: Iterable[str] = DAILY) -> list[Days]:
    """Return the rows of every day from a source's first to its last, and which empty days are gaps."""
    found = []
    for name in names:
        table, at = metadata.tables[name], ANCHORS[name]
        query = sa.select(table.c.source, at.label("day"), sa.func.count().label("n"))
        query = query.where(at.is_not(None), *conditions(table, at, filters)).group_by(table.c.source, at)
        rows = sorted(fetch(query), key=lambda r: (r["source"], r["day"]))
        for source, mine in groupby(rows, key=lambda r: str(r["source"])):
            found.append(_days(name, source, {r["day"]: r["n"] for r in mine}))
    return found


def _days(table: str, source: str, counted: dict[dt.date, int]) -> Days:
    first, last = min(counted), max(counted)
    span = [first + dt.timedelta(days=i) for i in range((last - first).days + 1)]
    all_of, with_rows = Counter(d.weekday() for d in span), Counter(d.weekday() for d in counted)
    working = {w for w, n in all_of.items() if with_rows[w] >= USUAL * n}
    gaps = tuple(d for d in span if d not in counted and d.weekday() in working)
    return Days(table, source, {d: counted.get(d, 0) for d in span}, gaps)


def freshness(fetch: Fetch, *, as_of: dt.datetime, stale_after_days: int) -> list[Freshness]:
    """Return the latest time of every source and table, not counting times after `as_of`, oldest first."""
    found = []
    for name, times in MOMENTS.items():
        table = metadata.tables[name]
        latest = [sa.func.max(sa.case((table.c[t] <= as_of, table.c[t]))).label(t) for t in times]
        query = sa.select(table.c.source, sa.func.count().label("n"), *latest)
        query = query.where(*conditions(table, None, Filters())).group_by(table.c.source)
        found += [_freshness(name, row, times, as_of, stale_after_days) for row in fetch(query)]
    return sorted(found, key=lambda f: (f.latest or dt.datetime.min, f.source, f.table))


def _freshness(
    table: str, row: Mapping[str, Any], times: tuple[str, ...], as_of: dt.datetime, stale_after_days: int
) -> Freshness:
    latest = max((row[t] for t in times if row[t] is not None), default=None)
    age = None if latest is None else (as_of - latest).total_seconds() / 86_400
    return Freshness(table, row["source"], row["n"], latest, age, age is None or age > stale_after_days)


def excluded(fetch: Fetch, filters: Filters) -> list[dict[str, Any]]:
    """Return rows that are in the warehouse but count in no KPI: table, source, reason, rows, n (all of the table)."""
    tickets, surveys, orders = (metadata.tables[n] for n in ("tickets", "surveys", "orders"))
    reasons: list[tuple[sa.Table, sa.ColumnElement[str | None]]] = [
        (tickets, tickets.c.excluded),
        (surveys, surveys.c.ticket_excluded),
        (orders, sa.case((orders.c.status == "cancelled", orders.c.status))),
    ]
    found = []
    for table, reason in reasons:
        query = sa.select(table.c.source, reason.label("reason"), sa.func.count().label("rows"))
        chosen = conditions(table, ANCHORS[table.name], filters)
        rows = fetch(query.where(*chosen).group_by(table.c.source, reason))
        totals: Counter[str] = Counter()
        for row in rows:
            totals[row["source"]] += row["rows"]
        found += [{"table": table.name, **r, "n": totals[r["source"]]} for r in rows if r["reason"] is not None]
    return sorted(found, key=lambda r: (-r["rows"], r["table"], r["source"], r["reason"]))


def set_aside() -> sa.Select[Any]:
    """Return the select of rejected rows and cells counted by file, column and reason, with the rows the file had."""
    names = ("load_id", "file", "reason", "column", "row_rejected")
    chosen = conditions(rejects, None, Filters())
    grouped = sa.select(*(rejects.c[n] for n in names), sa.func.count().label("count")).where(*chosen)
    counted = grouped.group_by(*(rejects.c[n] for n in names)).subquery("counted")
    # A load names the path it was given, a reject the file inside it: an archive's member, a name without .gz.
    same = sa.and_(loads.c.load_id == counted.c.load_id, sql.contains(loads.c.file, counted.c.file))
    of_file = [sa.func.max(loads.c[n]).label(n) for n in ("rows_read", "source")]
    query = sa.select(*counted.c, *of_file).select_from(counted.outerjoin(loads, same)).group_by(*counted.c)
    return query.order_by(counted.c["count"].desc(), *(counted.c[n].asc().nulls_first() for n in names))


def set_aside_rows(*, reason: str | None = None, file: str | None = None) -> sa.Select[Any]:
    """Return the select of the rejected rows and cells themselves, as they stood in the file."""
    chosen = conditions(rejects, None, Filters())
    chosen += [rejects.c.reason == reason] if reason else []
    chosen += [rejects.c.file == file] if file else []
    order = (rejects.c.load_id.desc(), rejects.c.file, rejects.c.line, rejects.c.column.nulls_first())
    return sa.select(rejects).where(*chosen).order_by(*order)
