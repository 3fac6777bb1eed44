"""The choice of the period and of the clock."""

import datetime as dt
from dataclasses import replace
from typing import cast

import streamlit as st

from insights import texts
from insights.filters import COMPARISONS, Filters
from insights.ui.run import Run, data, here, names, state, t
from insights.ui.run.periods import following
from insights.ui.run.state import PERIODS, Period, View
from insights.ui.run.steps import Span, to_span

MONTHS = 6
EARLIEST, LATEST = dt.date(1990, 1, 1), dt.date(2100, 1, 1)


def draw(run: Run) -> None:
    """Draw the period: presets, days of one's own and what it is compared with in a chip, a step either way beside."""
    with st.container(key="period", horizontal=True, gap=None, width="content", vertical_alignment="center"):
        _step(run, "back", -1)
        with st.popover(f"**{_label(run)}**", icon=":material/calendar_month:", key="chip_period"):
            _presets(run)
            _months(run)
            _range(run)
            _compare(run)
        _step(run, "on", 1)


def _label(run: Run) -> str:
    chosen = run.desk.filters
    if run.view.period != "custom":
        return t(run, f"ui.period_{run.view.period}")
    if (month := _month(run.view)) is not None:
        return texts.month(month, run.language)
    return names.span(run, chosen.since, chosen.until)


def _month(view: View) -> dt.date | None:
    """Return the first day of the month that is chosen to the day, if one is."""
    since, until = view.since, view.until
    return since if since and since.day == 1 and until == _end(since) else None


def _end(month: dt.date) -> dt.date:
    return following(month, "month") - dt.timedelta(days=1)


def _step(run: Run, way: str, steps: int) -> None:
    """Draw the button that moves the period by its own length."""
    to = beside(run.desk.filters, steps)
    inside = to is not None and to[1] >= data.first_day(run.desk) and to[0] <= data.last_day(run.desk)
    icon = ":material/chevron_left:" if steps < 0 else ":material/chevron_right:"
    st.button(
        t(run, f"ui.period_{way}"),
        icon=icon,
        type="tertiary",
        key=f"period_{way}",
        disabled=not inside,
        on_click=to_span,
        args=(to,),
    )


def beside(filters: Filters, steps: int) -> Span | None:
    """Return the period one step earlier or later: months of whole months, else as many days."""
    since, until = filters.since, filters.until
    if since is None or until is None:
        return None
    after, day = until + dt.timedelta(days=1), dt.timedelta(days=1)
    if since.day == 1 and after.day == 1:
        months = (after.year - since.year) * 12 + after.month - since.month
        return following(since, "month", steps * months), following(after, "month", steps * months) - day
    length = after - since
    return since + steps * length, until + steps * length


def _presets(run: Run) -> None:
    st.session_state.setdefault(state.widget("period"), run.view.period)
    st.pills(
        t(run, "ui.period"),
        PERIODS,
        key=state.widget("period"),
        format_func=lambda p: t(run, f"ui.period_{p}"),
        on_change=_take_period,
        required=True,
    )


def _months(run: Run) -> None:
    """Draw the latest whole months by name: September is one click, whatever month it is now."""
    last = data.last_day(run.desk)
    begun = [following(last.replace(day=1), "month", -back) for back in range(MONTHS + 1)]
    whole = [month for month in begun if data.first_day(run.desk) <= month and _end(month) <= last][:MONTHS]
    if not whole:
        return
    st.session_state[state.widget("month")] = _month(run.view) if _month(run.view) in whole else None
    st.pills(
        t(run, "ui.months"),
        whole,
        key=state.widget("month"),
        format_func=lambda month: texts.month(month, run.language),
        on_change=_take_month,
    )


def _take_month() -> None:
    if month := cast(dt.date | None, st.session_state[state.widget("month")]):
        st.session_state.pop(state.widget("range"), None)
        to_span((month, _end(month)))


def _range(run: Run) -> None:
    since, until = run.view.since, run.view.until
    if run.view.period == "custom" and since and until:
        st.session_state.setdefault(state.widget("range"), (since, until))
        st.date_input(
            t(run, "ui.range"),
            key=state.widget("range"),
            format=names.day_field(run),
            on_change=_take_range,
            width=230,
            min_value=min(EARLIEST, since),
            max_value=max(LATEST, until),
        )


def _compare(run: Run) -> None:
    st.session_state.setdefault(state.widget("compare"), run.view.compare)
    st.segmented_control(
        t(run, "ui.compare"),
        COMPARISONS,
        key=state.widget("compare"),
        format_func=lambda c: t(run, f"ui.compare_{c}"),
        on_change=_take_compare,
        required=True,
    )
    if days := run.view.against:
        st.session_state.setdefault(state.widget("against"), days)
        st.date_input(
            t(run, "ui.compare_days"),
            key=state.widget("against"),
            format=names.day_field(run),
            on_change=_take_against,
            width=230,
            min_value=min(EARLIEST, days[0]),
            max_value=max(LATEST, days[1]),
        )


def _take_compare() -> None:
    wanted, days = (
        st.session_state[state.widget("compare")],
        _before() if st.session_state[state.widget("compare")] == "custom" else None,
    )
    if wanted == "custom" and days is None:
        st.session_state.pop(state.widget("compare"))  # nothing is compared with a period that is open
        return
    st.session_state.pop(state.widget("against"), None)
    state.keep(replace(_view(), compare=wanted, against=days))


def _before() -> Span | None:
    """Return the days of the period before: days of one's own to compare with start from them."""
    before = here().desk.filters.previous()
    return (before.since, before.until) if before and before.since and before.until else None


def _take_against() -> None:
    days = st.session_state[state.widget("against")]
    if isinstance(days, tuple) and len(days) == 2:
        state.keep(replace(_view(), against=days))


def _view() -> View:
    return cast(View, st.session_state["view"])


def _take_period() -> None:
    period = cast(Period | None, st.session_state[state.widget("period")])
    if period is None:
        del st.session_state[state.widget("period")]
        return
    since, until = _shown() if period == "custom" else (None, None)
    st.session_state.pop(state.widget("range"), None)
    state.keep(replace(_view(), period=period, since=since, until=until))


def _shown() -> tuple[dt.date | None, dt.date | None]:
    """Return the days that were on the screen: a period of one's own starts from them."""
    desk = here().desk
    return desk.filters.since or data.first_day(desk), desk.filters.until


def _take_range() -> None:
    days = st.session_state[state.widget("range")]
    # While the second day is being picked there is only one: the last whole range stays.
    if isinstance(days, tuple) and len(days) == 2:
        state.keep(replace(_view(), since=days[0], until=days[1]))


def clock(run: Run) -> None:
    """Draw the choice between time on the calendar and working time."""
    st.session_state.setdefault(state.widget("clock"), run.view.clock)
    st.segmented_control(
        t(run, "ui.clock"),
        ("calendar", "business"),
        key=state.widget("clock"),
        format_func=lambda c: t(run, f"ui.clock_{c}"),
        on_change=_take_clock,
        required=True,
        label_visibility="collapsed",
    )


def _take_clock() -> None:
    if st.session_state[state.widget("clock")]:
        state.keep(replace(_view(), clock=st.session_state[state.widget("clock")]))
