"""The filter bar: period, dimensions, as-of day and clock, drawn once for every page."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import streamlit as st

from insights.dimensions import Dimension, in_bar
from insights.ui.frame import period
from insights.ui.run import Run, data, names, state, steps, t
from insights.ui.run.places import Place
from insights.ui.run.safe import literal
from insights.ui.run.state import View

MANY = 12


def draw(run: Run, place: Place) -> None:
    """Draw the bar; every change goes through the view, so widgets, address and numbers agree."""
    with st.container(key="filters", horizontal=True, vertical_alignment="center", gap="small"):
        if place.period:
            period.draw(run)
        for dimension in in_bar("first"):
            if options := _offered(run, dimension):
                _chip(run, dimension, options)
        _more(run)
        if place.clock:
            period.clock(run)
        st.button(
            t(run, "ui.reset"),
            icon=":material/restart_alt:",
            type="tertiary",
            key="reset",
            disabled=not run.view.touched,
            on_click=reset,
        )
    _chosen(run)


def _chosen(run: Run) -> None:
    """Draw what is chosen as chips that take it back."""
    if not run.view.values:
        return
    with st.container(key="chosen", horizontal=True, gap="small"):
        for dimension, values in run.view.values:
            said = ", ".join(literal(names.member(run.desk, dimension, value)) for value in values)
            st.button(
                f"{names.dimension(run, dimension)}: {said}",
                icon=":material/close:",
                key=f"chosen_{dimension}",
                help=t(run, "ui.take_back"),
                on_click=steps.without,
                args=(dimension,),
            )


def reset() -> None:
    """Take everything back but the language."""
    state.keep(_view().reset())
    state.forget_widgets()


def _view() -> View:
    return cast(View, st.session_state["view"])


def _offered(run: Run, dimension: Dimension) -> list[str]:
    """Return the values to choose among; none where there is no choice and nothing chosen."""
    chosen = run.view.chosen(dimension.name)
    found = names.order(dimension.name, data.options(run.desk, dimension.name))
    # A value that only other rows have stays visible, or nobody could take it back.
    shown = [*found, *(v for v in chosen if v not in found)]
    return shown if len(found) > 1 or chosen else []


def _chip(run: Run, dimension: Dimension, options: Sequence[str]) -> None:
    chosen = [names.member(run.desk, dimension.name, v) for v in run.view.chosen(dimension.name)]
    label = _label(names.dimension(run, dimension.name), chosen)
    icon = f":material/{dimension.icon}:" if dimension.icon else None
    with st.popover(label, icon=icon, key=f"chip_{dimension.name}"):
        _choice(run, dimension.name, options)


def _label(name: str, chosen: Sequence[str]) -> str:
    if not chosen:
        return name
    more = f" +{len(chosen) - 1}" if len(chosen) > 1 else ""
    return f"{name}: **{literal(chosen[0])}**{more}"


def _choice(run: Run, dimension: str, options: Sequence[str]) -> None:
    key, label = state.widget(dimension), names.dimension(run, dimension)
    st.session_state.setdefault(key, list(run.view.chosen(dimension)))

    def said(value: str) -> str:
        return names.member(run.desk, dimension, value)

    if len(options) > MANY:
        st.multiselect(
            label,
            options,
            key=key,
            format_func=said,
            on_change=_take,
            args=(dimension,),
            placeholder=t(run, "ui.choose"),
        )
    else:
        st.pills(
            label,
            options,
            key=key,
            format_func=lambda v: literal(said(v)),
            on_change=_take,
            args=(dimension,),
            selection_mode="multi",
        )


def _take(dimension: str) -> None:
    state.keep(_view().choose(dimension, *st.session_state[state.widget(dimension)]))


def _more(run: Run) -> None:
    offered = [(d.name, options) for d in in_bar("more") if (options := _offered(run, d))]
    chosen = [names.member(run.desk, d, v) for d, _ in offered for v in run.view.chosen(d)]
    if run.view.as_of:
        chosen.append(names.day(run, run.view.as_of))
    with st.popover(_label(t(run, "ui.more_filters"), chosen), icon=":material/tune:", key="chip_more"):
        for dimension, options in offered:
            _choice(run, dimension, options)
        _as_of(run)


def _as_of(run: Run) -> None:
    st.session_state.setdefault(state.widget("asof"), run.view.as_of)
    st.date_input(
        t(run, "ui.as_of"),
        key=state.widget("asof"),
        format=names.day_field(run),
        on_change=_take_as_of,
        help=t(run, "ui.as_of_help"),
        min_value=data.first_day(run.desk),
        max_value=data.last_day(run.desk),
    )


def _take_as_of() -> None:
    state.keep(replace(_view(), as_of=st.session_state[state.widget("asof")]))
