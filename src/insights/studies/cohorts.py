"""Retention cohorts as cells: how much of each cohort was kept k periods later."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from insights.errors import BadFilter
from insights.metrics.periods import next_period, period_start
from insights.stats import intervals
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.options import Option
from insights.studies.purchases import MONTHS, Triangle, cells

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
    counted: dict[dt.date, Counted] = {}
    for record in asker.fetch(cells(asked, filters)):
        counted.setdefault(record["cohort"], {})[record["k"]] = record
    kept = [one for cohort in counted for one in _row(cohort, counted[cohort], asked, today)]
    return Answer({"cohorts": [one.cell(asked.measure) for one in (*kept, *_average(kept))]})


def _triangle(asker: Asker, options: Options) -> Triangle:
    context = asker.context()
    # A past moment within a month cannot be told from its end: the running month is left out then.
    last = context.today.replace(day=1) - dt.timedelta(days=1) if context.past else context.today
    return Triangle(options["grain"], options["mode"], options["measure"], last, context.starts)


def _row(cohort: dt.date, counted: Counted, asked: Triangle, today: dt.date) -> list[_Kept]:
    """Return what is kept of one cohort, up to the period that runs at the moment looked from."""
    months = (asked.last.year - cohort.year) * 12 + asked.last.month - cohort.month
    indexes = range(months // MONTHS[asked.grain] + 1)
    kept = [counted[k][asked.measure] or 0 if k in counted else 0 for k in indexes]
    if asked.mode == "on_or_after":
        kept = [sum(kept[k:]) for k in indexes]
    whole = asked.mode == "on_or_after"
    size = sum(c["customers"] for c in counted.values()) if whole else counted[0]["customers"]
    found, start = [], cohort
    for k, amount in enumerate(kept):
        start = next_period(start, asked.grain)
        found.append(_Kept(cohort.isoformat(), size, k, amount, kept[0], start <= today))
    return found


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
            Option("grain", "word", "month", ("month", "quarter"), "unknown_grain"),
            Option("mode", "word", "on", ("on", "on_or_after"), "unknown_mode"),
            Option("measure", "word", "customers", ("customers", "revenue"), "unknown_measure"),
        ),
        shapes=(Shape("cohorts", (
            Column("cohort", "day"), Column("size", "count"), Column("k", "number"), Column("value", "share"),
            Column("n", "count"), Column("complete", "flag"), Column("kept", "number"), Column("low", "share"),
            Column("high", "share"),
        )),),
    ),
)  # fmt: skip
