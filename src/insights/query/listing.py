"""From numbers by group to results: in order, without gaps, complete or not, compared with another period."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from insights.metrics import Context, Metric, select
from insights.metrics.periods import midnight_after, next_period, periods
from insights.query.measure import EMPTY, Cells, Result
from insights.stats import intervals as stats


def listed(metrics: Sequence[Metric], found: dict[str, Cells], context: Context, by: Sequence[str]) -> list[Result]:
    """Return the cells as results in the order asked for, without gaps between periods."""
    results = []
    for one in metrics:
        names, cells = select.dimensions(one, by), found[one.key]
        groups = sorted({key[-len(names) :] for key in cells}, key=_none_last) if names else [()]
        for period in _periods(cells, context) if context.grain else [None]:
            for group in groups:
                cell = cells.get(_key(context, period, group), EMPTY)
                results.append(_result(one, period, dict(zip(names, group, strict=True)), cell, context))
    return results


def _key(context: Context, period: dt.date | None, group: tuple[Any, ...]) -> tuple[Any, ...]:
    return (period, *group) if context.grain else group


def _result(of: Metric, period: dt.date | None, group: Result, cell: Result, context: Context) -> Result:
    result: Result = {"metric": of.key, "unit": of.unit}
    if period:
        result["period"] = period.isoformat()
    result |= group | {name: cell[name] for name in ("value", "n", "low", "high")}
    if period:
        result["complete"] = complete(of, period, context)
    if "reported" in cell:
        result["as_reported"] = cell["reported"] / cell["n"] if cell["n"] else None
    if refused := [r for r in context.refusals if r.metric == of.key and group.get("source", r.source) == r.source]:
        result["refused"] = ", ".join(f"{r.source}: {r.reason}" for r in refused)
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
    until = max(seen, default=None)
    if context.until:
        until = min(context.until, max([context.today, *seen]))
    return periods(since, until, context.grain, context.starts) if since and until and context.grain else []


def _none_last(group: tuple[Any, ...]) -> tuple[tuple[bool, str], ...]:
    return tuple((value is None, str(value)) for value in group)


def add_changes(
    metrics: Sequence[Metric], results: list[Result], found: dict[str, Cells], earlier: dict[str, Cells],
    context: Context, past: Context, by: Sequence[str],
) -> None:  # fmt: skip
    """Add to each result what the same group was in the compared period, and how sure the change is.

    With a grain, the first period is compared with the first, the second with the second.
    """
    by_key = {m.key: m for m in metrics}
    matching: dict[dt.date | None, dt.date | None] = {None: None}
    if context.grain and context.since and context.until and past.since and past.until:
        these, those = (
            periods(since, until, context.grain, context.starts)
            for since, until in ((context.since, context.until), (past.since, past.until))
        )
        matching |= dict(zip(these, those, strict=False))
    for result in results:
        of = by_key[result["metric"]]
        group = tuple(result[name] for name in select.dimensions(of, by))
        period = dt.date.fromisoformat(result["period"]) if context.grain else None
        now = found[of.key].get(_key(context, period, group), EMPTY)
        before = earlier[of.key].get(_key(context, matching.get(period), group), EMPTY)
        result |= {"previous": before["value"], "previous_n": before["n"]}
        result |= {"previous_low": before["low"], "previous_high": before["high"]}
        result |= _change(of, now, before)


def _change(of: Metric, now: Result, before: Result) -> Result:
    """Return the change with its interval: Newcombe's for shares, from both variances for NPS, MOVER for the rest."""
    known = now["value"] is not None and before["value"] is not None
    bounded = known and now["low"] is not None and before["low"] is not None
    interval = None
    if bounded and of.measure == "nps":
        sides = [(c["promoters"], c["detractors"], c["n"]) for c in (now, before)]
        interval = stats.nps_difference(sides[0], sides[1])
    elif bounded:
        bounds = [(c["low"], c["high"]) for c in (now, before)]
        interval = stats.difference(now["value"], bounds[0], before["value"], bounds[1])
    low, high = interval or (None, None)
    return {
        "change": now["value"] - before["value"] if known else None, "change_low": low, "change_high": high,
        "change_real": None if low is None or high is None else not of.open_ended and (low > 0 or high < 0),
    }  # fmt: skip
