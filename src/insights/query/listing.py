"""From numbers by group to results: in order, without gaps, complete or not, compared with another period."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from insights.metrics import Context, Metric, select
from insights.metrics.bases import midnight_after, next_period, periods
from insights.query.measure import Cells, Result
from insights.stats import intervals as stats


def listed(metrics: Sequence[Metric], found: dict[str, Cells], context: Context, by: Sequence[str]) -> list[Result]:
    """Return the cells as results in the order asked for, without gaps between periods."""
    results = []
    for one in metrics:
        names = select.dimensions(one, by)
        cells = found[one.key]
        groups = sorted({key[-len(names) :] if names else () for key in cells}, key=_none_last) or (
            [()] if not names else []
        )
        for period in _periods(cells, context) if context.grain else [None]:
            for group in groups:
                key = (period, *group) if context.grain else group
                cell = cells.get(key) or {"value": None, "n": 0, "low": None, "high": None}
                results.append(_result(one, period, dict(zip(names, group, strict=True)), cell, context))
    return results


def _result(of: Metric, period: dt.date | None, group: Result, cell: Result, context: Context) -> Result:
    result: Result = {"metric": of.key, "unit": of.unit}
    if period:
        result["period"] = period.isoformat()
    result |= group | {name: cell[name] for name in ("value", "n", "low", "high")}
    if period:
        result["complete"] = complete(of, period, context)
    if "reported" in cell:
        result["as_reported"] = cell["reported"] / cell["n"] if cell["n"] else None
    return result


def complete(of: Metric, period: dt.date, context: Context) -> bool:
    """Tell whether a period had ended at `as_of`, is mature, and lies wholly within the filter."""
    assert context.grain
    last = next_period(period, context.grain) - dt.timedelta(days=1)
    over = midnight_after(last, context.zone) + of.matures <= context.as_of
    starts_inside = of.base.stock or context.since is None or context.since <= period
    return over and starts_inside and (context.until is None or last <= context.until)


def _periods(cells: Cells, context: Context) -> list[dt.date]:
    """Return every period from the first to the last of the filter, or of the data where the filter is open."""
    seen = [key[0] for key in cells]
    since = context.since or min(seen, default=None)
    until = (
        min(context.until, max(context.today, max(seen, default=context.today)))
        if context.until
        else max(seen, default=None)
    )
    if since is None or until is None or not context.grain:
        return []
    return periods(since, until, context.grain)


def _none_last(group: tuple[Any, ...]) -> tuple[tuple[bool, str], ...]:
    return tuple((value is None, str(value)) for value in group)


def add_changes(
    metrics: Sequence[Metric], results: list[Result], earlier: dict[str, Cells], context: Context, past: Context,
    by: Sequence[str],
) -> None:  # fmt: skip
    """Add to each result what the same group was in the compared period, and how sure the change is."""
    by_key = {m.key: m for m in metrics}
    matching = dict(zip(_all_periods(context), _all_periods(past), strict=False))
    for result in results:
        of = by_key[result["metric"]]
        group = tuple(result[name] for name in select.dimensions(of, by))
        key = (matching.get(result["period"]), *group) if context.grain else group
        before = earlier[of.key].get(key) or {"value": None, "n": 0, "low": None, "high": None}
        result |= {"previous": before["value"], "previous_n": before["n"]}
        result |= {"previous_low": before["low"], "previous_high": before["high"]}
        result |= _change(of, result, before)


def _all_periods(context: Context) -> list[Any]:
    if not (context.grain and context.since and context.until):
        return []
    return periods(context.since, context.until, context.grain)


def _change(of: Metric, now: Result, before: Result) -> Result:
    known = now["value"] is not None and before["value"] is not None
    change: Result = {"change": now["value"] - before["value"] if known else None}
    interval = None
    if known and now["low"] is not None and before["low"] is not None:
        sides = ((r["low"], r["high"]) for r in (now, before))
        interval = stats.difference(now["value"], next(sides), before["value"], next(sides))
    low, high = interval or (None, None)
    real = None if low is None or high is None else low > 0 or high < 0
    return change | {"change_low": low, "change_high": high, "change_real": real}
