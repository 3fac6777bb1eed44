"""KPI tiles: value, change against the equally long period before, whole weeks, target, n, and the way to the rows."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from insights import texts
from insights.filters import Filters
from insights.ui.cards import details
from insights.ui.run import data, here, names, periods, t

Row = Mapping[str, Any]
WEEKS = 26


def tiles(*keys: str, filters: Filters | None = None, place: str = "") -> None:
    """Draw one tile per metric; `filters` narrow the page's own, `place` tells two rows of tiles apart."""
    results = data.tiles(keys, filters)
    by_week = weekly(keys, filters or here().filters)
    grid = st.grid(min(len(keys), 6), min_column_width=150, gap="small", border=True, key=f"tiles_{place}")
    for key in keys:
        with grid.cell():
            tile(key, results[key], by_week.get(key, []), data.matured(key, filters), place)
    say_ignored(keys, filters)
    title = t("ui.key_figures") + (f" {place}" if place else "")
    here().exports[title] = [{t("ui.metric"): names.name(k), **results[k]} for k in keys]


def say_ignored(keys: Sequence[str], filters: Filters | None = None) -> None:
    """Say which of the chosen filters do not concern which of these metrics."""
    blind = dict.fromkeys(d for key in keys for d in data.ignored(key, filters))
    if blind:
        dimensions = ", ".join(texts.t(f"dimensions.{d}", here().language) for d in blind)
        deaf = ", ".join(names.short(key) for key in keys if data.ignored(key, filters))
        st.caption(f":material/filter_alt_off: {t('ui.ignored_here', dimensions=dimensions, metrics=deaf)}")


def weekly(keys: tuple[str, ...], filters: Filters) -> dict[str, list[float]]:
    """Return each metric's last whole weeks; unknown ones are left out of the line."""
    weeks = periods.last_weeks(filters, data.as_of_day(filters), WEEKS)
    found: dict[str, list[float]] = {}
    for row in data.numbers(keys, grain="week", filters=weeks, intervals=False):
        if row["value"] is not None and row["complete"]:
            found.setdefault(row["metric"], []).append(float(row["value"]))
    return found


def tile(
    key: str, row: Row, by_week: list[float], filters: Filters | None, place: str, *, label: str = "", note: str = ""
) -> None:
    """Draw one metric: value, change, weeks, and the way to its definition and rows.

    `label` says it in other words than the metric's own, `note` stands below it.
    """
    limits, n = here().settings.thresholds, row["n"] or 0
    counted = names.metric(key).unit == "count"
    hidden = not counted and n < limits.hide_below
    thin = not counted and n < limits.grey_below
    with st.container(key=f"tile_{place}{key}", gap="xsmall"):
        delta, real = None if hidden else row.get("change"), row.get("change_real")
        doubtful = real is False or (thin and not real)  # counts have no interval: they are what they are
        st.metric(
            label or names.short(key),
            names.said_briefly(None if hidden else row["value"], key),
            delta=_said_delta(delta, key),
            delta_color="off" if doubtful else _colour(delta, key),
            delta_arrow="off" if doubtful or not delta else "auto",
            chart_data=by_week if len(by_week) > 3 else None,
            height="content",
        )
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            _badge(key, row, hidden, thin)
            about = t("ui.details") if counted else f"n = {names.count(n)}"
            help_ = f"{names.name(key)}: {t('ui.info_help')}"
            earlier = filters is not None and filters.until != here().filters.until
            if earlier and filters is not None:
                help_ += f". {t('ui.shifted', span=names.span(filters.since, filters.until))}"
            if st.button(
                about,
                icon=":material/history:" if earlier else ":material/info:",
                type="tertiary",
                key=f"info_{place}{key}",
                help=help_,
            ):
                details.open_for(key, filters)
        if note and not hidden:
            st.caption(note)


def _said_delta(delta: float | None, key: str) -> str | int | None:
    if delta is None:
        return None
    said = names.said_change(delta, key)
    return said if any(c in "123456789" for c in said) else f"= {t('ui.no_change')}"


def _colour(delta: float | None, key: str) -> Any:
    better = names.metric(key).better
    if not delta or better == "context":
        return "off"
    return "normal" if better == "up" else "inverse"


def _badge(key: str, row: Row, hidden: bool, thin: bool) -> None:
    if row.get("refused") and not row["n"]:
        st.badge(t("quality.refused_badge"), icon=":material/block:", color="orange")
    elif not row["n"] and names.metric(key).unit != "count":
        st.badge(t("ui.none"), icon=":material/search_off:", color="gray")
    elif hidden:
        st.badge(t("ui.too_few"), icon=":material/visibility_off:", color="gray")
    elif thin:
        st.badge(t("ui.few"), icon=":material/grain:", color="gray")
    elif (met := names.reached(row["value"], key)) is not None:
        icon = ":material/check_circle:" if met else ":material/flag:"
        st.badge(f"{t('ui.target')} {names.said_target(key)}", icon=icon, color="green" if met else "orange")
