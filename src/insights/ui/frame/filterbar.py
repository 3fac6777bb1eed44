"""The filter bar: period, dimensions, as-of day and clock, drawn once for every page."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import streamlit as st

from insights import texts
from insights.ui.run import Run, data, names, state, t
from insights.ui.run.safe import literal
from insights.ui.run.state import PERIODS, Period, View

CHIPS = ("channel", "kind", "category")
MORE = ("priority", "team", "segment", "region", "product", "source")
ICONS = {"channel": "forum", "kind": "label", "category": "topic"}
MANY = 12


def draw(run: Run, *, clock: bool = False) -> None:
    """Draw the bar; every change goes through the view, so widgets, address and numbers agree."""
    with st.container(key="filters", horizontal=True, vertical_alignment="center", gap="small"):
        _period(run)
        for dimension in CHIPS:
            options = names.order(dimension, data.options(dimension))
            if len(options) > 1 or run.view.chosen(dimension):
                chosen = run.view.chosen(dimension)
                icon = f":material/{ICONS[dimension]}:"
                with st.popover(_chip(dimension, chosen, run.language), icon=icon, key=f"chip_{dimension}"):
                    _choice(dimension, options, run)
        _more(run)
        if clock:
            _clock(run)
        st.button(
            t("ui.reset"), icon=":material/restart_alt:", type="tertiary", key="reset", disabled=not run.view.touched,
            on_click=reset,
        )  # fmt: skip


def reset() -> None:
    """Take everything back but the language."""
    state.keep(_view().reset())
    state.forget_widgets()


def _view() -> View:
    return cast(View, st.session_state["view"])


def _period(run: Run) -> None:
    st.session_state.setdefault("f_period", run.view.period)
    st.segmented_control(
        t("ui.period"), PERIODS, key="f_period", format_func=lambda p: t(f"ui.period_{p}"), on_change=_take_period,
        required=True, label_visibility="collapsed",
    )  # fmt: skip
    if run.view.period == "custom":
        st.session_state.setdefault("f_range", (run.view.since, run.view.until))
        st.date_input(
            t("ui.range"), key="f_range", format="DD.MM.YYYY", on_change=_take_range, width=230,
            label_visibility="collapsed", min_value=dt.date(1990, 1, 1), max_value=dt.date(2100, 1, 1),
        )  # fmt: skip


def _take_period() -> None:
    period = cast(Period | None, st.session_state["f_period"])
    if period is None:
        del st.session_state["f_period"]
        return
    view = _view()
    if period == "custom":
        # Start from the days that were on the screen.
        shown = st.session_state["run"].filters
        until = shown.until
        since = shown.since or st.session_state["run"].first or until
        state.keep(replace(view, period=period, since=since, until=until))
        st.session_state.pop("f_range", None)
    else:
        state.keep(replace(view, period=period, since=None, until=None))


def _take_range() -> None:
    days = st.session_state["f_range"]
    # While the second day is being picked there is only one: the last whole range stays.
    if isinstance(days, tuple) and len(days) == 2:
        state.keep(replace(_view(), since=days[0], until=days[1]))


def _chip(dimension: str, chosen: tuple[str, ...], language: str) -> str:
    label = texts.t(f"dimensions.{dimension}", language)
    if not chosen:
        return label
    more = f" +{len(chosen) - 1}" if len(chosen) > 1 else ""
    return f"{label}: **{literal(names.name_of(dimension, chosen[0], language))}**{more}"


def _choice(dimension: str, options: Sequence[str], run: Run) -> None:
    key, label = f"f_{dimension}", texts.t(f"dimensions.{dimension}", run.language)
    # A value of the address that the data does not hold stays visible, or nobody could take it back.
    shown = [*options, *(v for v in run.view.chosen(dimension) if v not in options)]
    st.session_state.setdefault(key, list(run.view.chosen(dimension)))
    if len(shown) > MANY:
        st.multiselect(
            label, shown, key=key, format_func=lambda v: names.name_of(dimension, v, run.language), on_change=_take,
            args=(dimension,), placeholder=t("ui.choose"),
        )  # fmt: skip
    else:
        st.pills(
            label, shown, key=key, format_func=lambda v: literal(names.name_of(dimension, v, run.language)),
            on_change=_take, args=(dimension,), selection_mode="multi",
        )  # fmt: skip


def _take(dimension: str) -> None:
    state.keep(_view().choose(dimension, st.session_state[f"f_{dimension}"]))


def _more(run: Run) -> None:
    offered = [(d, names.order(d, data.options(d))) for d in MORE]
    offered = [(d, o) for d, o in offered if len(o) > 1 or run.view.chosen(d)]
    named = [names.name_of(d, v, run.language) for d, _ in offered for v in run.view.chosen(d)]
    if run.view.as_of:
        named.append(texts.day(run.view.as_of, run.language))
    label = t("ui.more_filters")
    if named:
        label += f": **{literal(named[0])}**" + (f" +{len(named) - 1}" if len(named) > 1 else "")
    with st.popover(label, icon=":material/tune:", key="chip_more"):
        for dimension, options in offered:
            _choice(dimension, options, run)
        st.session_state.setdefault("f_asof", run.view.as_of)
        st.date_input(
            t("ui.as_of"), key="f_asof", format="DD.MM.YYYY", on_change=_take_as_of, help=t("ui.as_of_help"),
            min_value=dt.date(1990, 1, 1), max_value=run.last,
        )  # fmt: skip


def _take_as_of() -> None:
    state.keep(replace(_view(), as_of=st.session_state["f_asof"]))


def _clock(run: Run) -> None:
    st.session_state.setdefault("f_clock", run.view.clock)
    st.segmented_control(
        t("ui.clock"), ("calendar", "business"), key="f_clock", format_func=lambda c: t(f"ui.clock_{c}"),
        on_change=_take_clock, required=True, label_visibility="collapsed",
    )  # fmt: skip


def _take_clock() -> None:
    if st.session_state["f_clock"]:
        state.keep(replace(_view(), clock=st.session_state["f_clock"]))
