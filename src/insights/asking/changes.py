"""What the same group was in the period compared with, and how sure the change is."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from insights.asking.cells import EMPTY, Cell, Cells, Interval
from insights.asking.listing import key_of
from insights.errors import BadFilter, UnknownName
from insights.filters import COMPARISONS, Filters
from insights.metrics import METRICS, Context, Number
from insights.metrics.periods import periods
from insights.stats import intervals as stats


def compared(filters: Filters, compare: str, context: Context) -> Filters:
    """Return the filters to compare with: as long as the part of this period that has passed."""
    if compare not in COMPARISONS:
        raise UnknownName("unknown_comparison", name=compare, known=", ".join(COMPARISONS))
    if filters.until and filters.since and filters.since <= context.today < filters.until:
        filters = replace(filters, until=context.today)
    if (before := filters.compared(compare)) is None:
        raise BadFilter("comparison_needs_period", name=compare)
    return before


def as_old(other: Filters, own: Filters, today: dt.date, at: dt.datetime) -> Filters:
    """Return another period's filters at the moment when its cases were as old as this one's; itself without days."""
    if own.until is None or other.until is None:
        return other
    return replace(other, as_of=at - dt.timedelta(days=(min(own.until, today) - other.until).days))


@dataclass(frozen=True)
class Comparison:
    """The cells of both periods; with a grain the first period is compared with the first, and so on."""

    context: Context
    past: Context
    now: Mapping[str, Cells]
    before: Mapping[str, Cells]

    def applied(self, numbers: list[Number]) -> list[Number]:
        """Return the numbers with what they were before."""
        matching = self._matching()
        return [self._applied(number, matching.get(number.period)) for number in numbers]

    def _matching(self) -> dict[dt.date | None, dt.date | None]:
        found: dict[dt.date | None, dt.date | None] = {None: None}
        return found | dict(zip(_periods(self.context), _periods(self.past), strict=False))

    def _applied(self, number: Number, matching: dt.date | None) -> Number:
        group = tuple(member for _, member in number.group)
        now = self.now[number.metric].get(key_of(number.period, group), EMPTY)
        key = group if number.period is None else (matching, *group)
        return _changed(number, now, self.before[number.metric].get(key, EMPTY))


def _periods(context: Context) -> list[dt.date]:
    if not (context.grain and context.since and context.until):
        return []
    return periods(context.since, context.until, context.grain, context.starts)


def _changed(number: Number, now: Cell, before: Cell) -> Number:
    low, high = _interval(number.metric, now, before) or (None, None)
    real = None if low is None or high is None else low > 0 or high < 0
    return replace(
        number,
        compared=True,
        previous=before.value,
        previous_n=before.n,
        previous_low=before.low,
        previous_high=before.high,
        change_low=low,
        change_high=high,
        change_real=real,
        change=None if now.value is None or before.value is None else now.value - before.value,
    )


def _interval(key: str, now: Cell, before: Cell) -> Interval | None:
    """Return the interval of a change: Newcombe's for shares, from both variances for NPS, MOVER for the rest."""
    if now.value is None or before.value is None or (bounds := _bounds(now, before)) is None:
        return None
    if METRICS[key].measure == "nps":
        return stats.nps_difference(_sides(now), _sides(before))
    return stats.difference(now.value, bounds[0], before.value, bounds[1])


def _bounds(now: Cell, before: Cell) -> tuple[Interval, Interval] | None:
    if now.low is None or now.high is None or before.low is None or before.high is None:
        return None
    return (now.low, now.high), (before.low, before.high)


def _sides(cell: Cell) -> tuple[int, int, int]:
    return cell.promoters or 0, cell.detractors or 0, cell.n
