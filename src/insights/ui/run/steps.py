"""What a click on a mark, a part or a sentence does: the page filters to it, and the address knows."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from insights.dimensions import DIMENSIONS
from insights.filters import UNKNOWN
from insights.metrics.number import Member
from insights.ui.run import state
from insights.ui.run.state import View

Group = tuple[tuple[str, Member], ...]
"""What a bar, a cell or a row stands for: values of dimensions, to filter by or to open."""
Span = tuple[dt.date, dt.date]
"""The first and the last day a point stands for."""
DRAWER = ("open", "part", "by", "inside", "only")
"""What is remembered of the open drawer: where, on which side, split by what (these in the address), inside what."""


def code(member: Member) -> str:
    """Return a member of a dimension as filters and addresses write it."""
    return UNKNOWN if member is None else str(member)


def known(group: Group) -> Group:
    """Return what of a group a page can be filtered by."""
    return tuple((dimension, member) for dimension, member in group if dimension in DIMENSIONS)


def narrowed(view: View, group: Group) -> View:
    """Return the view narrowed to a group; one that is all that is chosen already is taken back."""
    for dimension, member in known(group):
        value = code(member)
        view = view.choose(dimension, *(() if view.chosen(dimension) == (value,) else (value,)))
    return view


def to_group(group: Group) -> None:
    """Filter the page to a group."""
    go(narrowed(view(), group))


def to_span(span: Span) -> None:
    """Show the days of a point."""
    go(replace(view(), period="custom", since=span[0], until=span[1]))


def without(dimension: str) -> None:
    """Take back what is chosen of a dimension."""
    go(view().choose(dimension))


def to_case(row: Mapping[str, object]) -> None:
    """Go to the story of the ticket a row is about."""
    page = st.session_state["pages"].get("complaints")  # not every role has it
    if page and row.get("ticket_id") is not None:
        st.switch_page(page, query_params={"ticket": f"{row['source']}/{row['ticket_id']}"})


def view() -> View:
    """Return the view of this session."""
    held: View = st.session_state["view"]
    return held


def go(to: View) -> None:
    """Look at another view: widgets take their values from it, and no drawer stays open over it."""
    state.keep(to)
    state.forget_widgets()
    shut()


def shut() -> None:
    """Take the drawer out of the address."""
    for name in DRAWER:
        st.query_params.pop(name, None)
        st.session_state.pop(f"drawer_{name}", None)
