"""Retention cohorts as cells: how much of each cohort was kept k periods later."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from insights.errors import BadFilter
from insights.metrics.periods import next_period, period_start, periods
from insights.stats import intervals
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.customers import starts
from insights.studies.customers.people import ATTRIBUTES
from insights.studies.options import Option
from insights.studies.purchases import BRACKETS, MONTHS, Triangle, cells

AVERAGE = "average"
Counted = dict[int, Row]
"""Customers and revenue of one cohort by period index."""


@dataclass(frozen=True)
class _Kept:
    """What of a cohort was kept in a period: a share of the whole it began with."""

    cohort: str
    size: int
    k: int
    kept: Any
    whole: Any
    complete: bool

    def cell(self, measure: str) -> Row:
        """Return the cell of the triangle; only customers have an interval."""
        low, high = (intervals.wilson(self.kept, self.size) if measure == "customers" else None) or (None, None)
        return {
            "cohort": self.cohort, "size": self.size, "k": self.k, "n": self.size, "complete": self.complete,
            "value": float(self.kept) / float(self.whole) if self.whole else None,
            "kept": float(self.kept) if measure == "revenue" else self.kept, "low": low, "high": high,
        }  # fmt: skip


def cohorts(asker: Asker, options: Options) -> Answer:
    """Return one cell per cohort and period index k, then an average row over the complete cells.

    `value` is the share of a cohort's customers (or of its first period's revenue) kept in period k, `n` its customers.
    """
    if options["measure"] == "revenue" and options["mode"] != "on":
        raise BadFilter("revenue_each_period")
    asked, today = _triangle(asker, options), asker.context().today
    filters = asker.filters
    if filters.since:
        filters = replace(filters, since=period_start(filters.since, asked.grain, asked.starts))
    if _usual(options):
        counted: dict[dt.date, Counted] = {}
        for record in asker.fetch(cells(asked, filters)):
            counted.setdefault(record["cohort"], {})[record["k"]] = record
        kept = [one for cohort in counted for one in _row(cohort, counted[cohort], asked, today)]
        return Answer({"cohorts": [one.cell(asked.measure) for one in (*kept, *_average(kept))]})
    return Answer({"cohorts": list(_grouped(asker.with_filters(filters), asked, options))})


def _usual(options: Options) -> bool:
    """Tell whether the months of each customer, kept at load, are enough to answer from."""
    by_month = options["grain"] in MONTHS and options["mode"] != "bracket"
    return by_month and options["start"] == "first_order" and options["by"] is None


def _grouped(asker: Asker, asked: Triangle, options: Options) -> Iterator[Row]:
    """Yield the cells and averages of each group; without a dimension there is one."""
    asked, today, by = replace(asked, last=asker.context().today), asker.context().today, options["by"]
    asking = (asker, asked, options["start"], by)
    counted: dict[tuple[Any, dt.date], Counted] = {}
    for record in asker.fetch(starts.cells(*asking)):
        counted.setdefault((record["group"], record["cohort"]), {})[record["k"]] = record
    groups: dict[Any, list[_Kept]] = {}
    for r in asker.fetch(starts.sizes(*asking)):
        mine = _row(r["cohort"], counted.get((r["group"], r["cohort"]), {}), asked, today, r["size"])
        groups.setdefault(r["group"], []).extend(mine)
    for group, kept in groups.items():
        for one in (*kept, *_average(kept)):
            yield {**one.cell(asked.measure), **({by: group} if by else {})}


def _triangle(asker: Asker, options: Options) -> Triangle:
    context = asker.context()
    # A past moment within a month cannot be told from its end: the running month is left out then.
    last = context.today.replace(day=1) - dt.timedelta(days=1) if context.past else context.today
    return Triangle(options["grain"], options["mode"], options["measure"], last, context.starts)


def _row(cohort: dt.date, counted: Counted, asked: Triangle, today: dt.date, size: int | None = None) -> list[_Kept]:
    """Return what is kept of one cohort, up to the period that runs at the moment looked from.

    `size` is how many it began with; without it, those who bought in its first period.
    """
    begun = periods(cohort, asked.last, asked.grain, asked.starts)
    spans = (
        [b for b in BRACKETS if b[0] < len(begun)] if asked.mode == "bracket" else [(k, k) for k in range(len(begun))]
    )
    kept = [counted[k][asked.measure] or 0 if k in counted else 0 for k, _ in spans]
    if asked.mode == "on_or_after":
        kept = [sum(kept[k:]) for k, _ in spans]
    if size is None:
        whole = asked.mode == "on_or_after"
        size = sum(c["customers"] for c in counted.values()) if whole else counted[0]["customers"]
    first = size if asked.measure == "customers" else kept[0]
    ends = [_end(begun, last, asked) for _, last in spans]
    return [
        _Kept(cohort.isoformat(), size, k, amount, first, end is not None and end <= today)
        for (k, _), amount, end in zip(spans, kept, ends, strict=True)
    ]


def _end(begun: Sequence[dt.date], k: int, asked: Triangle) -> dt.date | None:
    """Return the day after a period; None when it has not begun."""
    return next_period(begun[k], asked.grain) if k < len(begun) else None


def _average(kept: Sequence[_Kept]) -> list[_Kept]:
    """Return Σ kept / Σ size over the cohorts whose cell is complete, for every k that has one."""
    done = [one for one in kept if one.complete]
    columns = ([one for one in done if one.k == k] for k in sorted({one.k for one in done}))
    return [
        _Kept(AVERAGE, sum(one.size for one in column), column[0].k, sum(one.kept for one in column),
              sum(one.whole for one in column), True)
        for column in columns
    ]  # fmt: skip


STUDIES = (
    Study(
        "cohorts", ("customer_months",), answer=cohorts, behind=lambda asker, options: asker.rows("orders"),
        options=(
            Option("grain", "word", "month", ("day", "week", "month", "quarter"), "unknown_grain"),
            Option("mode", "word", "on", ("on", "on_or_after", "bracket"), "unknown_mode"),
            Option("measure", "word", "customers", ("customers", "revenue"), "unknown_measure"),
            Option("start", "word", "first_order", starts.STARTS), Option("by", "word", None, ATTRIBUTES),
        ),
        shapes=(Shape("cohorts", (
            Column("cohort", "day"), Column("size", "count"), Column("k", "number"), Column("value", "share"),
            Column("n", "count"), Column("complete", "flag"), Column("kept", "number"), Column("low", "share"),
            Column("high", "share"),
        ), open=True),),
    ),
)  # fmt: skip
