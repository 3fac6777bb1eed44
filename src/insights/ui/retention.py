"""Whether customers come back: the cohort triangle and its weighted average."""

from typing import Any

from insights import charts, texts
from insights.ui import data
from insights.ui.cards import card, nothing, plot
from insights.ui.run import here, t

Row = dict[str, Any]


def cohorts(months: int = 12) -> None:
    """Draw the newest cohorts: one row per month of first purchase, one column per month since."""
    run = here()
    title = t(f"pages.{run.page}.cohorts")
    with card(title, t(f"pages.{run.page}.cohorts_reading"), key="cohorts", metric="repeat_rate"):
        found = _recent(months)
        names = sorted({r["cohort"] for r in found})
        if not names or not any(r["k"] for r in found):
            nothing()
            return
        sizes = [next(r["size"] for r in found if r["cohort"] == name) for name in names]
        cells = {(names.index(r["cohort"]), r["k"]): (r["value"], r["complete"]) for r in found if r["k"] >= 1}
        longest = max((k for (_, k), (value, _) in cells.items() if value is not None), default=1)
        heads = [texts.month(name, run.language) for name in names]
        one = texts.percent(_averages(found).get(1), run.language)
        alt = t("ui.cohort_alt", count=len(names), one=one)
        plot(charts.cohort_triangle(heads, sizes, cells, min(longest, months), run.language), key="cohorts", alt=alt)
        run.exports[title] = found


def _recent(months: int) -> list[Row]:
    """Return the cells of the newest cohorts, the running month's left out: it has no later month yet."""
    found = data.cohorts()
    names = sorted({r["cohort"] for r in found if r["k"] >= 1})[-months:]
    return [r for r in found if r["cohort"] in names]


def _averages(found: list[Row]) -> dict[int, float]:
    """Return retention by months since, over all complete cells, weighted by cohort size."""
    totals: dict[int, tuple[float, int]] = {}
    for r in found:
        if r["complete"] and r["value"] is not None:
            kept, size = totals.get(r["k"], (0.0, 0))
            totals[r["k"]] = (kept + r["value"] * r["size"], size + r["size"])
    return {k: kept / size for k, (kept, size) in sorted(totals.items()) if size}


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
