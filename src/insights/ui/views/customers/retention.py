"""Whether customers come back: the cohort triangle and its weighted average."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from insights import charts, texts
from insights.asking import Desk
from insights.studies.cohorts import AVERAGE
from insights.ui.cards.card import Body, Card, nothing
from insights.ui.run import data, names, t
from insights.ui.run.periods import following
from insights.ui.run.steps import Span

Row = dict[str, Any]
CURVE_MONTHS = 12


def cohorts(desk: Desk, months: int = 12, *, title: str, reading: str) -> Card:
    """Return the card of the newest cohorts: one row per month of first purchase, one column per month since."""

    def make(_: str) -> Body:
        return _triangle(desk, months)

    return Card("cohorts", desk, title, make, reading, about="repeat_rate")


def _triangle(desk: Desk, months: int) -> Body:
    everything = cells(_always(desk))
    found = _recent(everything, months)
    shown = sorted({r["cohort"] for r in found})
    if not shown or not any(r["k"] for r in found):
        return nothing(desk)
    sizes = [next(r["size"] for r in found if r["cohort"] == name) for name in shown]
    at = {(shown.index(r["cohort"]), r["k"]): (r["value"], r["complete"]) for r in found if r["k"] >= 1}
    longest = min(max((k for (_, k), (value, _) in at.items() if value is not None), default=1), months)
    heads = [texts.month(name, desk.language) for name in shown]
    one = names.percent(desk, _averages(everything).get(1))
    alt = t(desk, "ui.cohort_alt", count=len(shown), one=one)
    figure = charts.cohort_triangle(heads, sizes, at, longest, desk.language)
    return Body(figure, alt=alt, rows=found, least_width=120 + 46 * longest, spans=_months(shown, at, longest))


def _months(shown: list[dt.date], at: Mapping[tuple[int, int], tuple[float | None, bool]], longest: int) -> list[Span]:
    """Return the month each written cell is of: that of its cohort, `k` later."""
    written = [
        (i, k) for i in range(len(shown)) for k in range(1, longest + 1) if at.get((i, k), (None,))[0] is not None
    ]
    starts = [following(shown[i], "month", k) for i, k in written]
    return [(day, following(day, "month") - dt.timedelta(days=1)) for day in starts]


def _always(desk: Desk) -> Desk:
    """Return the desk whatever the period: a cohort is followed through all of them."""
    return desk.with_filters(replace(desk.filters, since=None, until=None))


def cells(desk: Desk) -> list[Row]:
    """Return the cells of the monthly retention triangle; cohort None is the average row."""
    found = data.study(desk, "cohorts").rows
    return [
        {**row, "cohort": None if row["cohort"] == AVERAGE else dt.date.fromisoformat(row["cohort"])} for row in found
    ]


def _recent(found: list[Row], months: int) -> list[Row]:
    """Return the cells of the newest cohorts that have a later month."""
    named = [r for r in found if r["cohort"] is not None]
    newest = sorted({r["cohort"] for r in named if r["k"] >= 1})[-months:]
    return [r for r in named if r["cohort"] in newest]


def _averages(found: list[Row]) -> dict[int, float]:
    """Return the average row: retention by months since, over all complete cells, weighted by cohort size."""
    return {r["k"]: r["value"] for r in found if r["cohort"] is None and r["value"] is not None}


def retention_curve(desk: Desk, *, title: str, reading: str) -> Card:
    """Return the card of the average share that bought in each month since the first purchase, from complete cells."""

    def make(_: str) -> Body:
        averages = {k: v for k, v in _averages(cells(_always(desk))).items() if 1 <= k <= CURVE_MONTHS}
        if not averages:
            return nothing(desk)
        heads = [t(desk, "ui.cohort_month", k=k) for k in averages]
        shares = [names.percent(desk, v, 0) for v in averages.values()]
        alt = f"{title}: " + "; ".join(f"{head} {share}" for head, share in zip(heads, shares, strict=True))
        figure = charts.columns(heads, list(averages.values()), "share", desk.language)
        rows = [{"k": k, "value": v} for k, v in averages.items()]
        return Body(figure, alt=alt, rows=rows, groups=[(("k", k),) for k in averages])

    return Card("curve", desk, title, make, reading, study=("cohorts", ()))
