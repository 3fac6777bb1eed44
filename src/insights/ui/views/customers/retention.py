"""Whether customers come back: the cohort triangle and its weighted average."""

from typing import Any

import streamlit as st

from insights import charts, texts
from insights.ui.cards.cards import card, nothing, plot
from insights.ui.run import data, here, t

Row = dict[str, Any]


def cohorts(months: int = 12) -> None:
    """Draw the newest cohorts: one row per month of first purchase, one column per month since."""
    run = here()
    title = t(f"pages.{run.page}.cohorts")
    with card(title, t(f"pages.{run.page}.cohorts_reading"), key="cohorts", metric="repeat_rate"):
        everything = data.cohorts()
        found = _recent(everything, months)
        names = sorted({r["cohort"] for r in found})
        if not names or not any(r["k"] for r in found):
            nothing()
            return
        sizes = [next(r["size"] for r in found if r["cohort"] == name) for name in names]
        cells = {(names.index(r["cohort"]), r["k"]): (r["value"], r["complete"]) for r in found if r["k"] >= 1}
        longest = max((k for (_, k), (value, _) in cells.items() if value is not None), default=1)
        heads = [texts.month(name, run.language) for name in names]
        one = texts.percent(_averages(everything).get(1), run.language)
        alt = t("ui.cohort_alt", count=len(names), one=one)
        # On a phone the triangle scrolls sideways in its card instead of shrinking.
        with st.grid(1, min_column_width=120 + 46 * min(longest, months), wrap=False), st.container():
            plot(
                charts.cohort_triangle(heads, sizes, cells, min(longest, months), run.language), key="cohorts", alt=alt
            )
        run.exports[title] = found


def _recent(found: list[Row], months: int) -> list[Row]:
    """Return the cells of the newest cohorts that have a later month."""
    named = [r for r in found if r["cohort"] is not None]
    names = sorted({r["cohort"] for r in named if r["k"] >= 1})[-months:]
    return [r for r in named if r["cohort"] in names]


def _averages(found: list[Row]) -> dict[int, float]:
    """Return the average row: retention by months since, over all complete cells, weighted by cohort size."""
    return {r["k"]: r["value"] for r in found if r["cohort"] is None and r["value"] is not None}


def retention_curve() -> None:
    """Draw the average share that bought in each month since the first purchase, from complete cells only."""
    run = here()
    title = t(f"pages.{run.page}.curve")
    with card(title, t(f"pages.{run.page}.curve_reading"), key="curve"):
        averages = {k: v for k, v in _averages(data.cohorts()).items() if 1 <= k <= 12}
        if not averages:
            nothing()
            return
        heads = [t("ui.cohort_month", k=k) for k in averages]
        said = "; ".join(
            f"{head} {texts.percent(v, run.language, 0)}" for head, v in zip(heads, averages.values(), strict=True)
        )
        plot(charts.columns(heads, list(averages.values()), "share", run.language), key="curve", alt=f"{title}: {said}")
        run.exports[title] = [{"k": k, "value": v} for k, v in averages.items()]
