"""Retention cohorts as cells: how much of each cohort was kept k periods later."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from insights import schema
from insights.errors import BadFilter
from insights.filters import ignored
from insights.metrics.periods import next_period, period_start, periods
from insights.stats import intervals
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.customers import starts
from insights.studies.customers.beginnings import SPLITS, STARTS
from insights.studies.customers.buying import rows
from insights.studies.customers.people import ATTRIBUTES, people
from insights.studies.customers.staying import keeping
from insights.studies.options import Option
from insights.studies.purchases import BRACKETS, MONTHS, Kept, Triangle, cells

AVERAGE = "average"
YEAR = 365
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
    gross: Any
    """Of the revenue of the first period, what each customer still brought at least: no customer's growth counts."""
    complete: bool

    def cell(self, measure: str) -> Row:
        """Return the cell of the triangle; only customers have an interval."""
        low, high = (intervals.wilson(self.kept, self.size) if measure == "customers" else None) or (None, None)
        return {
            "cohort": self.cohort,
            "size": self.size,
            "k": self.k,
            "n": self.size,
            "complete": self.complete,
            "value": float(self.kept) / float(self.whole) if self.whole else None,
            "gross": float(self.gross) / float(self.whole) if self.whole and measure == "revenue" else None,
            "kept": float(self.kept) if measure == "revenue" else self.kept,
            "low": low,
            "high": high,
        }


def cohorts(asker: Asker, options: Options) -> Answer:
    """Return one cell per cohort and period index k, then an average row over the complete cells.

    `value` is the share of a cohort's customers (or of its first period's revenue) kept in period k, `n` its customers.
    """
    if options["measure"] != "customers" and options["mode"] != "on":
        raise BadFilter("revenue_each_period")
    asked, filters = triangle(asker, options), asker.filters
    if filters.since:
        filters = replace(filters, since=period_start(filters.since, asked.grain, asked.starts))
    facts = asker.remembered("year kept", lambda: [_of_a_year(asker)])[0] if options["measure"] != "customers" else {}
    counting = _of_months if _usual(asker, asked, options) else _grouped
    found: Sequence[Row] = list(counting(asker.with_filters(filters), asked, options))
    if options["measure"] == "gross":
        found = [{**cell, "value": cell["gross"]} for cell in found]
    return Answer({"cohorts": found}, facts, _kept(asker, found))


def _kept(asker: Asker, found: Sequence[Row]) -> str | None:
    """Return the key of the sentence that says what kept means, where it is not having bought."""
    return "contacts" if found and not keeping.by_purchases(asker) else None


def _of_a_year(asker: Asker) -> Row:
    """Return net and gross revenue retention: the last 365 days of the customers of the 365 days before."""
    r, now = rows(asker), asker.context().today
    starts_at, middle = (sa.literal(now - dt.timedelta(days=n), sa.Date()) for n in (2 * YEAR, YEAR))
    before = sa.func.sum(r.c.revenue).filter(r.c.day <= middle).label("before")
    after = sa.func.coalesce(sa.func.sum(r.c.revenue).filter(r.c.day > middle), 0).label("after")
    each = sa.select(r.c.customer_id, before, after).where(r.c.day > starts_at)
    e = each.group_by(r.c.customer_id).subquery("years")
    least = sa.func.least(e.c.before, e.c.after)
    sums = [sa.func.sum(of).label(name) for name, of in (("whole", e.c.before), ("net", e.c.after), ("gross", least))]
    counted: list[sa.ColumnElement[Any]] = [sa.func.count().label("n"), *sums]
    (found,) = asker.fetch(sa.select(*counted).where(e.c.before > 0))
    whole = float(found["whole"]) if found["whole"] else None
    shares = {f"{name}_year": float(found[name]) / whole if whole else None for name in ("net", "gross")}
    return {**shares, "n_year": found["n"]}


def _usual(asker: Asker, asked: Triangle, options: Options) -> bool:
    """Tell whether the months of each customer, kept at load, are enough to answer from."""
    by, filters = options["by"], asker.filters
    if asked.grain not in MONTHS or options["start"] != "first_order" or by not in (None, *ATTRIBUTES):
        return False
    until = filters.until
    whole = until is None or until == period_start(until, asked.grain, asked.starts)
    told = whole and not asker.context().past and not ignored(schema.customer_months, filters)
    return told or (by is None and asked.mode != "bracket")


def _of_months(asker: Asker, asked: Triangle, options: Options) -> Iterator[Row]:
    """Yield the cells and averages of each group, from the months of each customer kept at load."""
    today, by = keeping.known_until(asker), options["by"]
    asked = replace(asked, last=min(asked.last, last_known(asker, today)))
    p = people(asker) if by else None
    named = sa.select(p.c.customer_id, p.c[by].label("group")).subquery("named") if p is not None else None
    counted = _by_cohort(asker.fetch(cells(asked, asker.filters, _several(asker), named)))
    groups: dict[Any, list[_Kept]] = {}
    for (group, cohort), mine in counted.items():
        groups.setdefault(group, []).extend(_row(cohort, mine, asked, today))
    yield from _told(groups, asked, by)


def _several(asker: Asker) -> bool:
    """Tell whether purchases come from more than one source, so that two may name one customer."""
    source = schema.customer_months.c.source
    some = sa.select((sa.func.min(source) != sa.func.max(source)).label("several"))
    return bool(asker.fetch(some)[0]["several"])


def _by_cohort(records: Sequence[Row]) -> dict[tuple[Any, dt.date], Counted]:
    counted: dict[tuple[Any, dt.date], Counted] = {}
    for record in records:
        counted.setdefault((record.get("group"), record["cohort"]), {})[record["k"]] = record
    return counted


def _grouped(asker: Asker, asked: Triangle, options: Options) -> Iterator[Row]:
    """Yield the cells and averages of each group, from single purchases; without a dimension there is one."""
    today, by = keeping.known_until(asker), options["by"]
    asked = replace(asked, last=last_known(asker, today))
    asking = (asker, asked, options["start"], by)
    counted = _by_cohort(asker.fetch(starts.cells(*asking)))
    groups: dict[Any, list[_Kept]] = {}
    for r in asker.fetch(starts.sizes(*asking)):
        mine = _row(r["cohort"], counted.get((r["group"], r["cohort"]), {}), asked, today, r["size"])
        groups.setdefault(r["group"], []).extend(mine)
    yield from _told(groups, asked, by)


def _told(groups: dict[Any, list[_Kept]], asked: Triangle, by: str | None) -> Iterator[Row]:
    for group, kept in groups.items():
        for one in (*kept, *_average(kept)):
            yield {**one.cell(asked.measure), **({by: group} if by else {})}


def last_known(asker: Asker, until: dt.date) -> dt.date:
    """Return the last day that anything is known of: the one looked from, where everything up to it is."""
    return until if until == asker.context().today else until - dt.timedelta(days=1)


def triangle(asker: Asker, options: Options) -> Triangle:
    """Return what a triangle is asked to be made of."""
    context = asker.context()
    # A past moment within a month cannot be told from its end: the running month is left out then.
    last = context.today.replace(day=1) - dt.timedelta(days=1) if context.past else context.today
    measure: Kept = "customers" if options.get("measure", "customers") == "customers" else "revenue"
    return Triangle(options["grain"], options["mode"], measure, last, context.starts)


def _row(cohort: dt.date, counted: Counted, asked: Triangle, today: dt.date, size: int | None = None) -> list[_Kept]:
    """Return what is kept of one cohort, up to the period that runs at the moment looked from.

    `size` is how many it began with; without it, those who bought in its first period.
    """
    begun = periods(cohort, asked.last, asked.grain, asked.starts)
    brackets = [of for of in BRACKETS if of[0] < len(begun)]
    spans = brackets if asked.mode == "bracket" else [(k, k) for k in range(len(begun))]
    kept, gross = ([counted.get(k, {}).get(of) or 0 for k, _ in spans] for of in (asked.measure, "gross"))
    if asked.mode == "on_or_after":
        kept = [sum(kept[k:]) for k, _ in spans]
    if size is None:
        whole = asked.mode == "on_or_after"
        size = sum(c["customers"] for c in counted.values()) if whole else counted[0]["customers"]
    first = size if asked.measure == "customers" else kept[0]
    ends = [_end(begun, last, asked) for _, last in spans]
    return [
        _Kept(cohort.isoformat(), size, k, amount, first, least, end is not None and end <= today)
        for (k, _), amount, least, end in zip(spans, kept, gross, ends, strict=True)
    ]


def _end(begun: Sequence[dt.date], k: int, asked: Triangle) -> dt.date | None:
    """Return the day after a period; None when it has not begun."""
    return next_period(begun[k], asked.grain) if k < len(begun) else None


def _average(kept: Sequence[_Kept]) -> list[_Kept]:
    """Return Σ kept / Σ size over the cohorts whose cell is complete, for every k that has one."""
    done = [one for one in kept if one.complete]
    columns = ([one for one in done if one.k == k] for k in sorted({one.k for one in done}))
    return [
        _Kept(
            AVERAGE,
            sum(one.size for one in column),
            column[0].k,
            sum(one.kept for one in column),
            sum(one.whole for one in column),
            sum(one.gross for one in column),
            True,
        )
        for column in columns
    ]


ASKED = (
    Option("grain", "word", "month", ("day", "week", "month", "quarter"), "unknown_grain"),
    Option("mode", "word", "on", ("on", "on_or_after", "bracket"), "unknown_mode"),
    Option("start", "word", "first_order", STARTS),
    Option("by", "word", None, SPLITS),
)
STUDIES = (
    Study(
        "cohorts",
        ("customer_months",),
        answer=cohorts,
        needs=keeping.rests_on,
        behind=lambda asker, options: asker.rows("orders" if keeping.by_purchases(asker) else "created"),
        options=(*ASKED, Option("measure", "word", "customers", ("customers", "revenue", "gross"), "unknown_measure")),
        shapes=(
            Shape(
                "cohorts",
                (
                    Column("cohort", "day"),
                    Column("size", "count"),
                    Column("k", "number"),
                    Column("value", "share"),
                    Column("n", "count"),
                    Column("complete", "flag"),
                    Column("kept", "number"),
                    Column("low", "share"),
                    Column("high", "share"),
                    Column("gross", "share"),
                ),
                open=True,
            ),
        ),
    ),
)
