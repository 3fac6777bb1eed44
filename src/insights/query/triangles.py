"""Retention cohorts as cells: how much of each cohort was kept k periods later."""

import dataclasses
import datetime as dt
from typing import Any, cast

from insights import cohorts as triangle
from insights.cohorts import MONTHS, CohortGrain, Kept, Mode
from insights.errors import BadFilter, UnknownName
from insights.filters import Filters, Scope
from insights.metrics import Context
from insights.metrics.periods import next_period, period_start
from insights.query.measure import Result, Warehouse, context_of
from insights.stats import intervals

AVERAGE = "average"


def cohorts(
    warehouse: Warehouse, filters: Filters, *, scope: Scope, grain: str = "month", mode: str = "on",
    measure: str = "customers",
) -> list[Result]:  # fmt: skip
    """Return one cell per cohort and period index k, then an average row over the complete cells.

    A cell is `{"cohort", "size", "k", "value", "n", "complete", "kept", "low", "high"}`: `value` is the share of its
    customers (or of its first period's revenue) kept in period k, `n` its customers.
    """
    _known("unknown_grain", grain, ("month", "quarter"))
    _known("unknown_mode", mode, ("on", "on_or_after"))
    _known("unknown_measure", measure, ("customers", "revenue"))
    if measure == "revenue" and mode != "on":
        raise BadFilter("revenue_each_period")
    of, context = cast(CohortGrain, grain), context_of(warehouse, filters)
    if filters.since:
        filters = dataclasses.replace(filters, since=period_start(filters.since, of, context.starts))
    # A past moment within a month cannot be told from its end: the running month is left out then.
    last = context.today.replace(day=1) - dt.timedelta(days=1) if context.past else context.today
    counted: dict[dt.date, dict[int, Result]] = {}
    for record in warehouse.fetch(triangle.cells(filters, scope, of, cast(Mode, mode), last, context.starts)):
        counted.setdefault(record["cohort"], {})[record["k"]] = record
    found = [
        cell
        for cohort in counted
        for cell in _row(cohort, counted[cohort], of, mode, cast(Kept, measure), last, context)
    ]
    return found + _average(found, measure)


def _known(error: str, name: str, known: tuple[str, ...]) -> None:
    if name not in known:
        raise UnknownName(error, name=name, known=", ".join(known))


def _row(
    cohort: dt.date, counted: dict[int, Result], grain: CohortGrain, mode: str, measure: Kept, last: dt.date,
    context: Context,
) -> list[Result]:  # fmt: skip
    """Return the cells of one cohort, up to the period that runs at `as_of`."""
    months = (last.year - cohort.year) * 12 + last.month - cohort.month
    indexes = range(months // MONTHS[grain] + 1)
    kept = [counted[k][measure] or 0 if k in counted else 0 for k in indexes]
    if mode == "on_or_after":
        kept = [sum(kept[k:]) for k in indexes]
    size = sum(c["customers"] for c in counted.values()) if mode == "on_or_after" else counted[0]["customers"]
    found, start = [], cohort
    for k, amount in enumerate(kept):
        start = next_period(start, grain)
        found.append(_cell(cohort.isoformat(), k, amount, size, kept[0], measure, start <= context.today))
    return found


def _cell(cohort: str, k: int, kept: Any, size: int, whole: Any, measure: str, complete: bool) -> Result:
    low, high = (intervals.wilson(kept, size) if measure == "customers" else None) or (None, None)
    return {
        "cohort": cohort, "size": size, "k": k, "value": float(kept) / float(whole) if whole else None, "n": size,
        "complete": complete, "kept": float(kept) if measure == "revenue" else kept, "low": low, "high": high,
        "whole": float(whole),
    }  # fmt: skip


def _average(cells: list[Result], measure: str) -> list[Result]:
    """Return Σ kept / Σ size over the cohorts whose cell is complete, for every k that has one."""
    done = [c for c in cells if c["complete"]]
    found = []
    for k in sorted({c["k"] for c in done}):
        column = [c for c in done if c["k"] == k]
        kept, size, whole = (sum(c[name] for c in column) for name in ("kept", "size", "whole"))
        found.append(_cell(AVERAGE, k, kept, size, whole, measure, True))
    for cell in (*cells, *found):
        del cell["whole"]
    return found
