"""The choice of the period and of the clock."""

import datetime as dt
from dataclasses import replace
from typing import cast

import streamlit as st

from insights.ui.run import Run, data, here, state, t
from insights.ui.run.state import PERIODS, Period, View

EARLIEST, LATEST = dt.date(1990, 1, 1), dt.date(2100, 1, 1)


def draw(run: Run) -> None:
    """Draw the presets and, for a period of one's own, its days."""
    st.session_state.setdefault("f_period", run.view.period)
    st.segmented_control(
        t(run, "ui.period"), PERIODS, key="f_period", format_func=lambda p: t(run, f"ui.period_{p}"),
        on_change=_take_period, required=True, label_visibility="collapsed",
    )  # fmt: skip
    since, until = run.view.since, run.view.until
    if run.view.period == "custom" and since and until:
        st.session_state.setdefault("f_range", (since, until))
        st.date_input(
            t(run, "ui.range"), key="f_range", format="DD.MM.YYYY", on_change=_take_range, width=230,
            label_visibility="collapsed", min_value=min(EARLIEST, since), max_value=max(LATEST, until),
        )  # fmt: skip


def _view() -> View:
    return cast(View, st.session_state["view"])


def _take_period() -> None:
    period = cast(Period | None, st.session_state["f_period"])
    if period is None:
        del st.session_state["f_period"]
        return
    since, until = _shown() if period == "custom" else (None, None)
    st.session_state.pop("f_range", None)
    state.keep(replace(_view(), period=period, since=since, until=until))


def _shown() -> tuple[dt.date | None, dt.date | None]:
    """Return the days that were on the screen: a period of one's own starts from them."""
    desk = here().desk
    return desk.filters.since or data.first_day(desk), desk.filters.until


def _take_range() -> None:
    days = st.session_state["f_range"]
    # While the second day is being picked there is only one: the last whole range stays.
    if isinstance(days, tuple) and len(days) == 2:
        state.keep(replace(_view(), since=days[0], until=days[1]))


def clock(run: Run) -> None:
    """Draw the choice between time on the calendar and working time."""
    st.session_state.setdefault("f_clock", run.view.clock)
    st.segmented_control(
        t(run, "ui.clock"), ("calendar", "business"), key="f_clock", format_func=lambda c: t(run, f"ui.clock_{c}"),
        on_change=_take_clock, required=True, label_visibility="collapsed",
    )  # fmt: skip


def _take_clock() -> None:
    if st.session_state["f_clock"]:
        state.keep(replace(_view(), clock=st.session_state["f_clock"]))
