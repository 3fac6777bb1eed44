"""From cells to numbers: in the order asked for, without gaps between periods, complete or not."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from insights.asking.cells import EMPTY, Cell, Cells, Group
from insights.metrics import Context, Metric, Number
from insights.metrics.periods import midnight_after, next_period, periods
from insights.metrics.selects import Question
from insights.metrics.selects.question import dimensions


def listed(question: Question, found: Mapping[str, Cells]) -> list[Number]:
    """Return the cells as numbers: metric by metric, period by period, group by group."""
    return [number for metric in question.metrics for number in _of_metric(metric, found[metric.key], question)]


def _of_metric(metric: Metric, cells: Cells, question: Question) -> list[Number]:
    names, context = dimensions(metric, question.by), question.context
    groups = sorted({key[-len(names) :] for key in cells}, key=_none_last) if names else [()]
    return [
        _number(metric, period, tuple(zip(names, group, strict=True)), cells.get(key_of(period, group), EMPTY), context)
        for period in (shown_periods(cells, context) if context.grain else [None])
        for group in groups
    ]


def key_of(period: dt.date | None, group: Group) -> Group:
    """Return what a cell is found by."""
    return group if period is None else (period, *group)


def _number(
    metric: Metric, period: dt.date | None, group: tuple[tuple[str, Any], ...], cell: Cell, context: Context
) -> Number:
    return Number(
        metric=metric.key,
        unit=metric.unit,
        value=cell.value,
        n=cell.n,
        low=cell.low,
        high=cell.high,
        period=period,
        group=group,
        complete=complete(metric, period, context) if period else None,
        hits=cell.hits,
        currency=context.currency if metric.unit == "money" else None,
        as_reported=cell.reported / cell.n if cell.reported is not None and cell.n else None,
        withheld=cell.withheld,
        refused=_refused(metric, dict(group).get("source"), context),
    )


def _refused(metric: Metric, source: str | None, context: Context) -> str | None:
    refused = [r for r in context.refusals if r.metric == metric.key and source in (None, r.source)]
    return ", ".join(f"{r.source}: {r.reason}" for r in refused) or None


def complete(metric: Metric, period: dt.date, context: Context) -> bool:
    """Tell whether a period had ended at `as_of`, is mature, and lies wholly within the filter."""
    assert context.grain
    last = next_period(period, context.grain) - dt.timedelta(days=1)
    over = midnight_after(last, context.zone) + metric.matures <= context.as_of
    starts_inside = metric.base.stock or context.since is None or context.since <= period
    return over and starts_inside and (context.until is None or last <= context.until)


def shown_periods(cells: Cells, context: Context) -> list[dt.date]:
    """Return every period from the first to the last of the filter, or of the data where the filter is open."""
    seen = [key[0] for key in cells]
    since = context.since or min(seen, default=None)
    until = max(seen, default=None)
    if context.until:
        until = min(context.until, max([context.today, *seen]))
    return periods(since, until, context.grain, context.starts) if since and until and context.grain else []


def _none_last(group: Group) -> tuple[tuple[bool, str], ...]:
    return tuple((value is None, str(value)) for value in group)
