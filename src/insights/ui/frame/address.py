"""An address speaks of what this warehouse may not hold: what it does not is left out or moved, and said."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from insights.asking import Desk
from insights.dimensions import DIMENSIONS
from insights.ui.run import Run, data, names, state, steps, t
from insights.ui.run.places import Place
from insights.ui.run.safe import literal
from insights.ui.run.state import View


def settle(view: View, desk: Desk, place: Place) -> View:
    """Return the view as far as the data holds what it speaks of, and remember what was left out."""
    first, last = data.first_day(desk), data.last_day(desk)
    inside = within(view, first, last)
    found = known(inside, {d: held(desk, d) for d, _ in inside.values})
    if found != view:
        state.keep(found)
        state.forget_widgets()
    _remember(desk, view, found, strangers(place))
    return found


def strangers(place: Place) -> list[str]:
    """Take out of the address what no page knows or this one does not, and return it as it was written."""
    plain = [name for name in st.query_params if name not in {*state.OURS, *steps.DRAWER} and not place.knows(name)]
    return [f"{name}={st.query_params.pop(name)}" for name in plain]


def within(view: View, first: dt.date, last: dt.date) -> View:
    """Return the view with days outside the data moved to its edge; a period all outside stays: it is empty."""
    as_of = None if view.as_of is None or view.as_of > last else max(view.as_of, first)
    since, until = view.since, view.until
    if since and until and since <= last and until >= first:
        since, until = max(since, first), min(until, last)
    return replace(view, as_of=as_of, since=since, until=until)


def known(view: View, held: Mapping[str, tuple[str, ...]]) -> View:
    """Return the view without values that no row has; `held` are the values by dimension."""
    for dimension, values in view.values:
        view = view.choose(dimension, *(v for v in values if v in held[dimension]))
    return view


def held(desk: Desk, dimension: str) -> tuple[str, ...]:
    """Return the values of a dimension that occur among tickets or, for those of customers, among orders."""
    found = data.options(desk, dimension)
    return found if DIMENSIONS[dimension].of == "tickets" else (*found, *data.options(desk, dimension, "orders"))


def _remember(desk: Desk, asked: View, found: View, strange: list[str]) -> None:
    unread = [*st.session_state.pop("unread", ()), *strange]
    lost = [names.member(desk, d, v) for d, values in asked.values for v in values if v not in found.chosen(d)]
    days = [(asked.since, found.since), (asked.until, found.until), (asked.as_of, found.as_of)]
    moved = [names.day(desk, before) for before, after in days if before and before != after]
    if unread or lost or moved:
        st.session_state["address_said"] = (found, [*unread, *lost], moved)


def say(run: Run) -> None:
    """Say what of the address was left out or moved, as long as the view stays as it was."""
    view, lost, moved = st.session_state.get("address_said", (None, [], []))
    if view is None or replace(view, language=run.language) != run.view:
        st.session_state.pop("address_said", None)
        return
    said = [t(run, "ui.address_unknown", what=literal(", ".join(lost)))] if lost else []
    if moved:
        span = names.span(run, data.first_day(run.desk), data.last_day(run.desk))
        said.append(t(run, "ui.address_outside", what=", ".join(moved), span=span))
    st.caption(f":material/link_off: {' '.join(said)}")
