"""Numbers by group: the statements run, values and intervals made of what they return."""

import dataclasses
import datetime as dt
import json
from collections.abc import Sequence
from typing import Any, Protocol

import sqlalchemy as sa

from insights import schema
from insights.errors import UnknownName
from insights.filters import Filters, Scope
from insights.metrics import Context, Metric, Refusal, select
from insights.sql import GRAINS, Starts
from insights.stats import intervals as stats

Result = dict[str, Any]
Cells = dict[tuple[Any, ...], Result]
"""Numbers by group: (period, dimension values...)."""
EMPTY: Result = {"value": None, "n": 0, "low": None, "high": None}


class Warehouse(Protocol):
    """What a query needs of the warehouse."""

    def fetch(self, select: sa.ClauseElement) -> list[dict[str, Any]]:
        """Return the rows of a select."""

    def whole(self, of: sa.Table) -> list[dict[str, Any]]:
        """Return all rows of a small table, read once."""

    def sql(self, select: sa.ClauseElement) -> str:
        """Return the SQL of a select with its values written in."""

    def fact(self, name: str) -> str | None:
        """Return what the version says of itself."""

    @property
    def as_of(self) -> dt.datetime:
        """Return the moment the data speaks of, naive UTC."""


def context_of(warehouse: Warehouse, filters: Filters, grain: str | None = None) -> Context:
    """Return what metrics need to know: the moment, the zone, the clock, the period and the windows settings chose."""
    if grain is not None and grain not in GRAINS:
        raise UnknownName("unknown_grain", name=grain, known=", ".join(GRAINS))
    as_of = filters.as_of or warehouse.as_of
    windows = json.loads(warehouse.fact("thresholds") or "{}")
    names = ("response_window_days", "reopen_window_days", "repeat_window_days")
    return Context(
        as_of, past=as_of < warehouse.as_of, zone=warehouse.fact("time_zone") or "UTC", clock=filters.clock,
        since=filters.since, until=filters.until, grain=grain, starts=starts_of(warehouse),
        tiers=tuple(json.loads(warehouse.fact("tiers") or "{}").items()), refusals=_refusals(warehouse, filters),
        **{name: windows[name] for name in names if name in windows},
    )  # fmt: skip


def starts_of(warehouse: Warehouse) -> Starts:
    """Return when the company's weeks and years begin."""
    return Starts(**json.loads(warehouse.fact("starts") or "{}"))


def _refusals(warehouse: Warehouse, filters: Filters) -> tuple[Refusal, ...]:
    """Return which chosen sources are left out of which metrics because they contradict themselves, gravest first."""
    chosen = filters.chosen("source")
    refusals = [Refusal(**row) for row in warehouse.whole(schema.verdicts) if not chosen or row["source"] in chosen]
    return tuple(sorted(refusals, key=lambda r: (r.metric, r.source, -r.share, r.reason)))


def measure(
    warehouse: Warehouse, metrics: Sequence[Metric], context: Context, filters: Filters, scope: Scope,
    by: Sequence[str], with_intervals: bool,
) -> dict[str, Cells]:  # fmt: skip
    """Return the numbers of each metric by group."""
    context = from_the_start(warehouse, metrics, context)
    found: dict[str, Cells] = {}
    for group in select.together(metrics):
        names = [*(["period"] if context.grain else []), *select.dimensions(group[0], by)]
        records = warehouse.fetch(select.numbers(group, context, filters, scope, by))
        for one in group:
            cells = {tuple(r[n] for n in names): cell(group, one, r, with_intervals) for r in records}
            # Rows that do not count make no group of their own; a refused source stays, to say why it has no number.
            refused = context.refused(one.key)
            found[one.key] = {k: c for k, c in cells.items() if c["n"] or not names or _source(names, k) in refused}
        if with_intervals and (quantiles := [m for m in group if m.measure == "quantile"]):
            _add_bounds(warehouse, quantiles, found, context, filters, scope, by, names)
    return found


def _source(names: Sequence[str], group: tuple[Any, ...]) -> Any:
    return group[names.index("source")] if "source" in names else None


_NEEDS = ("hits", "variance", "promoters", "detractors", "reported")
"""What a result column may hold besides value and n: see `select`."""


def cell(group: Sequence[Metric], of: Metric, record: Result, with_interval: bool) -> Result:
    """Return value, n, low and high of one group."""
    got = {name: record.get(select.part(group, of, name)) for name in ("value", "n", *_NEEDS)}
    n = got["n"] or 0
    value = got["value"] if n else None
    if value is not None and of.measure != "count":
        value = int(value) if of.unit == "count" else float(value)
    result: Result = {"value": value, "n": n, "low": None, "high": None}
    result |= {name: int(got[name] or 0) for name in _NEEDS if name != "variance" and got[name] is not None}
    if with_interval and n and value is not None:
        interval = None
        if of.measure == "share":
            interval = stats.wilson(result["hits"], n)
        elif of.measure == "nps":
            interval = stats.nps_interval(result["promoters"], result["detractors"], n)
        elif of.measure == "mean":
            interval = stats.mean_interval(value, got["variance"], n)
        if interval:
            result["low"], result["high"] = interval
    return result


def _add_bounds(
    warehouse: Warehouse, quantiles: Sequence[Metric], found: dict[str, Cells], context: Context, filters: Filters,
    scope: Scope, by: Sequence[str], names: Sequence[str],
) -> None:  # fmt: skip
    """Give quantiles the order statistics that enclose them."""
    wanted = {
        (m.key, n): pair
        for m in quantiles
        for n in {cell["n"] for cell in found[m.key].values()}
        if (pair := stats.quantile_ranks(n, m.q or 0.5))
    }
    able = [m for m in quantiles if any(key == m.key for key, _ in wanted)]
    if not able:
        return
    for record in warehouse.fetch(select.bounds(able, context, filters, scope, by, wanted)):
        for one in able:
            if of := found[one.key].get(tuple(record[n] for n in names)):
                of["low"], of["high"] = (record[select.part(able, one, side)] for side in ("low", "high"))


def from_the_start(warehouse: Warehouse, metrics: Sequence[Metric], context: Context) -> Context:
    """Give an open period its first day, where what stands open is asked for period by period."""
    if not context.grain or context.since or not any(m.base.stock for m in metrics):
        return context
    (first,) = warehouse.fetch(sa.select(sa.func.min(schema.tickets.c.created_day).label("day")))
    return dataclasses.replace(context, since=first["day"])
