"""From a metric to its numbers, to the rows behind them, to those left out, and to its SQL."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.sql.visitors import iterate

from insights import schema
from insights.errors import BadFilter, UnknownName
from insights.filters import Filters, Scope, ignored
from insights.metrics import Context, metric, select
from insights.query.listing import add_changes, listed
from insights.query.measure import Result, Warehouse, context_of, from_the_start, measure


def query(
    warehouse: Warehouse, keys: Iterable[str], filters: Filters, *, scope: Scope, by: Sequence[str] = (),
    grain: str | None = None, compare: str | None = None, intervals: bool = True,
) -> list[Result]:  # fmt: skip
    """Return value, n and 95 % interval of metrics: one result per metric, period and group.

    A result is `{"metric", "unit", "period"?, DIMENSION..., "value", "n", "low", "high"}`, with a grain
    also `complete`, compared also `previous`, `change`, their intervals and `change_real` (its interval leaves 0 out).
    """
    metrics = [metric(key) for key in dict.fromkeys(keys)]
    context = context_of(warehouse, filters, grain)
    before = _compared(filters, compare, context)
    found = measure(warehouse, metrics, context, filters, scope, by, intervals)
    results = listed(metrics, found, context, by)
    if before:
        past = context_of(warehouse, before, grain)
        earlier = measure(warehouse, metrics, past, before, scope, by, intervals)
        add_changes(metrics, results, found, earlier, context, past, by)
    return results


def rows(
    warehouse: Warehouse, key: str, filters: Filters, *, scope: Scope, excluded: bool = False, limit: int | None = None
) -> list[Result]:
    """Return the rows behind a number (their count is its n), or those left out, with `reason`."""
    found = select.rows(metric(key), context_of(warehouse, filters), filters, scope, excluded=excluded)
    return warehouse.fetch(found.limit(limit) if limit is not None else found)


def left_out(warehouse: Warehouse, key: str, filters: Filters, *, scope: Scope) -> list[Result]:
    """Return how many rows of the period a number leaves out, by reason: `{"reason", "n"}`, most first."""
    return warehouse.fetch(select.left_out(metric(key), context_of(warehouse, filters), filters, scope))


def sql(
    warehouse: Warehouse, key: str, filters: Filters, *, scope: Scope, by: Sequence[str] = (), grain: str | None = None
) -> str:
    """Return the SQL that makes a number."""
    of = metric(key)
    context = from_the_start(warehouse, [of], context_of(warehouse, filters, grain))
    return warehouse.sql(select.numbers([of], context, filters, scope, by))


RULED = {"first_response_at"} | {c.name for c in schema.tickets.c if c.info["derived"] and c.name.endswith("_s")}
"""Columns of tickets that are filled by the rules the settings name."""


def meta(key: str, filters: Filters) -> Result:
    """Return what a card says beside a number.

    Unit, direction, date anchor, the chosen dimensions it ignores, and whether it follows the settings' rules.
    """
    of = metric(key)
    context = Context(dt.datetime(2000, 1, 1), past=False, zone="UTC")
    clock = filters.clock if of.clocks else None
    rows = of.base.rows(context)
    used = {c.name for c in iterate(of.value(rows, context)) if isinstance(c, sa.Column)}
    return {
        "metric": key, "unit": of.unit, "better": of.better, "anchor": of.anchor, "clock": clock,
        "ignored": ignored(rows, filters), "least_n": 10 if of.q not in (None, 0.5) else 1,
        "ruled": bool(used & RULED) and "merged_into" in rows.c,
    }  # fmt: skip


def _compared(filters: Filters, compare: str | None, context: Context) -> Filters | None:
    """Return the period to compare with: as long as the part of this one that has passed."""
    if compare is None:
        return None
    if compare not in ("previous", "year"):
        raise UnknownName("unknown_comparison", name=compare, known="previous, year")
    if filters.until and filters.since and filters.since <= context.today < filters.until:
        filters = dataclasses.replace(filters, until=context.today)
    if (before := filters.previous() if compare == "previous" else filters.last_year()) is None:
        raise BadFilter("comparison_needs_period", name=compare)
    return before
