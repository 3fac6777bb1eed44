"""Cards with one chart each: a title that says the question, a line on how to read it, and the way to the rows."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import streamlit as st

from insights import charts, texts
from insights.charts import Point
from insights.charts.look import CONFIG, Figure, ramp
from insights.filters import Filters
from insights.metrics.stocks import BUCKETS
from insights.sql import Grain
from insights.ui.cards import details
from insights.ui.run import data, here, names, periods, t
from insights.ui.run.marks import marks

Row = Mapping[str, Any]
GROUPS = 9


@contextmanager
def card(
    title: str,
    reading: str = "",
    *,
    key: str,
    metric: str | None = None,
    choice: Sequence[str] = (),
    filters: Filters | None = None,
) -> Iterator[str]:
    """Draw a bordered card and give the metric it is about, which the reader picks when there is a `choice`.

    A metric brings the button to its definition, rows and SQL.
    """
    with st.container(border=True, height="stretch", key=f"card_{key}", gap="xsmall"):
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small",
            wrap=len(choice) > 1, key=f"head_{key}",
        ):  # fmt: skip
            st.header(title, anchor=False, width="content" if len(choice) > 1 else "stretch")
            with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
                about = _pick(choice, key) if len(choice) > 1 else metric
                if about:
                    _about(about, key, filters)
        if reading:
            st.caption(reading)
        yield about or ""


def _pick(choice: Sequence[str], key: str) -> str:
    picked = st.segmented_control(
        t("ui.metric"), choice, default=choice[0], format_func=names.short, key=f"pick_{key}",
        label_visibility="collapsed", required=True,
    )  # fmt: skip
    return picked or choice[0]


def _about(metric: str, key: str, filters: Filters | None) -> None:
    help_ = f"{names.name(metric)}: {t('ui.info_help')}"
    if st.button(t("ui.details"), icon=":material/info:", type="tertiary", key=f"about_{key}", help=help_):
        details.open_for(metric, data.matured(metric, filters))


def plot(figure: Figure, *, key: str, alt: str, rows: bool = False) -> None:
    """Draw a figure in the page's theme, with its text alternative.

    It grows to the height of its neighbour, unless its height follows from its `rows`.
    """
    height: Literal["content", "stretch"] = "content" if rows else "stretch"
    st.plotly_chart(figure, key=f"plot_{key}", config=CONFIG, alt=alt, height=height)


def nothing() -> None:
    """Say that a card has no rows under these filters."""
    st.caption(f":material/search_off: {t('ui.no_rows')}")


def points(rows: Sequence[Row], key: str) -> list[Point]:
    """Return a metric's results over time as points, without those too young to be known."""
    shown = [r for r in rows if r["metric"] == key]
    return [Point(r["period"], r["value"], r["n"] or 0, r["low"], r["high"], r["complete"]) for r in shown]


def trend(
    *keys: str, title: str | None = None, band: bool = False, filters: Filters | None = None, key: str = "trend"
) -> None:
    """Draw a metric over time against its previous period and its target; several keys can be switched."""
    run = here()
    used = filters or run.filters
    heading = title or t("ui.trend")
    with card(heading, key=key, metric=keys[0], choice=keys, filters=filters) as chosen:
        grain = periods.grain_for(used, run.first, data.one(chosen, filters=filters, intervals=False)["n"])
        st.caption(t("ui.trend_reading", grain=t(f"ui.grain_{grain}")))
        shown = periods.sequence(used, grain, run.first)
        made = points(data.numbers([chosen], grain=grain, filters=periods.covering(used, shown)), chosen)
        if not any(p.value is not None for p in made):
            nothing()
            return
        figure = charts.trend(
            made, names.metric(chosen).unit, run.language, grain=grain, previous=_earlier(chosen, used, shown, grain),
            target=names.target(chosen), target_label=names.said_target(chosen), band=band,
            events=marks(shown, used.until or run.last),
        )  # fmt: skip
        plot(figure, key=f"{key}_{chosen}", alt=_trend_alt(chosen, made))
        run.exports[f"{heading} · {names.short(chosen)}"] = [_exported(chosen, p) for p in made]


def _earlier(key: str, used: Filters, shown: list[dt.date], grain: Grain) -> list[float | None]:
    if not used.since or not shown:
        return []
    past = data.numbers([key], grain=grain, filters=periods.before(used, shown, grain), intervals=False)
    return [row["value"] for row in past]


def _exported(key: str, p: Point) -> dict[str, Any]:
    names_ = ("period", "value", "n", "low", "high", "complete")
    return {"metric": key} | {name: getattr(p, name) for name in names_}


def _trend_alt(key: str, made: Sequence[Point]) -> str:
    known = [p for p in made if p.value is not None]
    language = here().language
    low, high = min(known, key=lambda p: p.value or 0), max(known, key=lambda p: p.value or 0)
    return t(
        "ui.trend_alt", metric=names.name(key), count=len(known), low=names.said(low.value, key),
        low_day=texts.day(low.period, language), high=names.said(high.value, key),
        high_day=texts.day(high.period, language), last=names.said(known[-1].value, key),
    )  # fmt: skip


def series(keys: Sequence[str], *, title: str, reading: str = "", key: str, filters: Filters | None = None) -> None:
    """Draw several metrics of one unit over time, labelled at their ends."""
    run = here()
    used = filters or run.filters
    grain = periods.grain_for(used, run.first)
    shown = periods.sequence(used, grain, run.first)
    with card(title, reading, key=key, metric=keys[0]):
        found = data.numbers(keys, grain=grain, filters=periods.covering(used, shown), intervals=False)
        made = {names.short(k): points(found, k) for k in keys}
        if not any(p.value for line in made.values() for p in line):
            nothing()
            return
        known = [k for k, line in zip(keys, made.values(), strict=True) if any(p.value is not None for p in line)]
        alt = " ".join(_trend_alt(k, made[names.short(k)]) for k in known)
        plot(charts.lines(made, names.metric(keys[0]).unit, run.language, grain=grain), key=key, alt=alt)
        run.exports[title] = [_exported(k, p) for k, line in zip(keys, made.values(), strict=True) for p in line]


def groups(key: str, dimension: str, filters: Filters | None = None) -> list[Row]:
    """Return a metric by a dimension, worst first, groups too small to show left out."""
    hide = here().settings.thresholds.hide_below
    counted = names.metric(key).unit == "count"
    found = [r for r in data.numbers([key], by=[dimension], filters=filters) if r["value"] is not None]
    found = [r for r in found if counted or r["n"] >= hide]
    worst_first = names.metric(key).better == "up"
    return sorted(found, key=lambda r: (r["value"] if worst_first else -r["value"], str(r[dimension])))


def by(key: str, dimension: str, *, title: str | None = None, filters: Filters | None = None) -> None:
    """Draw a metric by a dimension: bars against the target, else dots with their interval, else counts."""
    run, metric, filters = here(), names.metric(key), data.matured(key, filters)
    label = texts.t(f"dimensions.{dimension}", run.language)
    aim = names.target(key) if metric.better != "context" else None
    heading = title or texts.heading("ui.metric_by", run.language, metric=names.short(key), dimension=label)
    reading = _reading(key, aim)
    with card(heading, reading, key=f"{key}_{dimension}", metric=key, filters=filters):
        found = groups(key, dimension, filters)
        if not found:
            nothing()
            return
        if all(r[dimension] is None for r in found):
            st.caption(f":material/help: {t('ui.not_there', dimension=label)}")
            return
        shown, thin = found[:GROUPS], run.settings.thresholds.grey_below

        def name(r: Row) -> str:
            return names.name_of(dimension, r[dimension], run.language)

        if aim is not None or metric.unit == "count":
            figure = charts.bullets(
                shown, metric.unit, run.language, label=name, target=aim, better=metric.better,
                thin=0 if metric.unit == "count" else thin,
            )  # fmt: skip
        else:
            overall = data.one(key, filters=filters)["value"]
            figure = charts.dots(shown, metric.unit, run.language, label=name, overall=overall, thin=thin)
        said = "; ".join(f"{name(r)} {names.said(r['value'], key)}" for r in shown)
        plot(figure, key=f"{key}_{dimension}", alt=f"{heading}: {said}", rows=True)
        if len(found) > GROUPS:
            st.caption(t("ui.more_groups", count=len(found) - GROUPS))
        run.exports[heading] = [dict(r) for r in found]


def _reading(key: str, aim: float | None) -> str:
    metric = names.metric(key)
    if metric.unit == "count":
        return t("ui.reading_counts")
    if aim is None:
        return t("ui.reading_dots")
    return t("ui.reading_target", target=names.said_target(key), order=t(f"ui.order_{metric.better}"))


def week(key: str, *, title: str | None = None, filters: Filters | None = None) -> None:
    """Draw when it happens: a metric by weekday and hour; counts as the average of the weeks in the period."""
    run, metric = here(), names.metric(key)
    counted = metric.unit == "count"
    with card(
        title or t("ui.week_title"),
        t("ui.week_reading", metric=names.name(key)),
        key=f"week_{key}",
        metric=key,
        filters=filters,
    ):
        found = data.numbers([key], by=["weekday", "hour"], filters=filters, intervals=False)
        days = periods.weekdays(filters or run.filters, run.first)
        cells = {
            (int(r["weekday"]), int(r["hour"])): r["value"] / (days[int(r["weekday"])] or 1) if counted else r["value"]
            for r in found
            if r["value"] is not None and r["weekday"] is not None and r["hour"] is not None
        }
        if not cells:
            nothing()
            return
        if counted:
            cells = {(d, h): cells.get((d, h), 0.0) for d in range(1, 8) for h in range(24)}
        (day, hour), top = max(cells.items(), key=lambda c: c[1])
        busiest = f"{texts.t(f'words.weekday.{day}', run.language)} {hour:02d}:00"
        said = texts.decimal_text(top, run.language, 1) if counted else names.said(top, key)
        alt = t("ui.week_alt", metric=names.name(key), when=busiest, value=said)
        plot(charts.week_heatmap(cells, metric.unit, run.language), key=f"week_{key}", alt=alt)
        run.exports[title or t("ui.week_title")] = [dict(r) for r in found]


def ages(key: str, *, title: str, reading: str = "") -> None:
    """Draw what is open by age, each bucket with its part of the whole."""
    run = here()
    with card(title, reading, key=key, metric=key):
        found = {r["bucket"]: r for r in data.numbers([key], by=["bucket"], intervals=False)}
        if not any(r["value"] for r in found.values()):
            nothing()
            return
        order = [f"[{start},{end or 'inf'})" for start, end in BUCKETS]
        values = [float(found[b]["value"]) if b in found else 0.0 for b in order]
        heads = [t(f"ui.bucket.{b}") for b in order]
        said = "; ".join(f"{head}: {names.count(v)}" for head, v in zip(heads, values, strict=True))
        plot(charts.columns(heads, values, "count", run.language, shares=True), key=key, alt=f"{title}: {said}")
        run.exports[title] = [dict(found[b]) for b in order if b in found]


def shares(keys: Sequence[str], *, title: str, reading: str = "") -> None:
    """Draw several shares side by side, such as answered within 1, 4 and 24 hours."""
    run = here()
    with card(title, reading, key=f"shares_{keys[0]}", metric=keys[0]):
        found = data.numbers(keys)
        if not any(r["n"] for r in found):
            nothing()
            return
        heads = [names.short(r["metric"]) for r in found]
        said = "; ".join(f"{head}: {names.said(r['value'], r['metric'])}" for head, r in zip(heads, found, strict=True))
        figure = charts.columns(heads, [r["value"] for r in found], "share", run.language)
        plot(figure, key=f"shares_{keys[0]}", alt=f"{title}: {said}")
        run.exports[title] = [dict(r) for r in found]


def scores(key: str, dimension: str, *, title: str, reading: str = "") -> None:
    """Draw how answers spread over the scores, one bar per group, best score first."""
    run = here()
    with card(title, reading, key=f"scores_{key}", metric=key):
        found = [r for r in data.numbers([f"{key}_answers"], by=[dimension, "score"], intervals=False) if r["value"]]
        totals: dict[str | None, float] = {}
        for r in found:
            totals[r[dimension]] = totals.get(r[dimension], 0) + r["value"]
        hide = run.settings.thresholds.hide_below
        chosen = sorted((g for g, n in totals.items() if n >= hide), key=lambda g: -totals[g])[:7]
        if not chosen:
            nothing()
            return
        marks = sorted({r["score"] for r in found if r["score"] is not None}, reverse=True)
        by_cell = {(r[dimension], r["score"]): float(r["value"]) for r in found}
        parts = {texts.decimal_text(m, run.language): [by_cell.get((g, m), 0.0) for g in chosen] for m in marks}
        groups_ = [names.name_of(dimension, g, run.language) for g in chosen]
        alt = f"{title}: " + "; ".join(
            f"{g} n = {names.count(totals[c])}" for g, c in zip(groups_, chosen, strict=True)
        )
        plot(charts.stacked(groups_, parts, run.language, ramp(len(marks))), key=f"scores_{key}", alt=alt, rows=True)
        run.exports[title] = [dict(r) for r in found]
