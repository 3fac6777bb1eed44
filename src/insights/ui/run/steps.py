"""What a click on a mark, a part or a sentence does: the page filters to it, and the address knows."""

import datetime as dt
from collections.abc import Mapping, Sequence
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
Inside = tuple[tuple[str, str], ...]
"""What a mark stands for that no page is filtered by, such as an hour: codes by column."""
DRAWER = ("open", "part", "by", "at", "inside", "only", "sift")
"""What is remembered of the open drawer: where, on which side, split by what, at which mark (these in the address)."""
CASES = ("ticket", "customer")
"""Names in the address that speak of one person: no view keeps them."""
CUSTOMER = ("customer_id", "customer", "name")
"""Columns of which a picked cell means the customer, not the ticket."""


def code(member: Member) -> str:
    """Return a member of a dimension as filters and addresses write it."""
    return UNKNOWN if member is None else str(member)


def known(group: Group) -> Group:
    """Return what of a group a page can be filtered by."""
    return tuple((dimension, member) for dimension, member in group if dimension in DIMENSIONS)


def narrowed(view: View, *groups: Group) -> View:
    """Return the view narrowed to groups; what is all that is chosen already is taken back."""
    for dimension in dict.fromkeys(name for group in groups for name, _ in known(group)):
        values = tuple(dict.fromkeys(code(dict(group)[dimension]) for group in groups if dimension in dict(group)))
        view = view.choose(dimension, *(() if view.chosen(dimension) == values else values))
    return view


def to_group(*groups: Group) -> None:
    """Filter the page to groups."""
    go(narrowed(view(), *groups))


def to_marks(groups: Sequence[Group], place: str) -> None:
    """Filter the page to what marks stand for; where it cannot be filtered by that, open the first one's rows."""
    if all(known(group) == group for group in groups):
        to_group(*groups)
    else:
        opens(place, "rows", groups[0])


def to_spans(spans: Sequence[Span]) -> None:
    """Show the days of points, from the first to the last."""
    to_span((min(since for since, _ in spans), max(until for _, until in spans)))


def to_span(span: Span) -> None:
    """Show the days of a point."""
    go(replace(view(), period="custom", since=span[0], until=span[1]))


def opens(place: str, part: str = "", at: Group = ()) -> None:
    """Write into the address which drawer is open, on which side, and which mark's rows it is about."""
    shut()
    st.query_params["open"] = place
    if part:
        st.query_params["part"] = part
    go_inside(tuple((name, code(member)) for name, member in at))


def go_inside(at: Inside) -> None:
    """Write into the address which part's rows the open drawer is about."""
    if at:
        st.query_params["at"] = ",".join(f"{name}:{state.quote(value)}" for name, value in at)
    else:
        st.query_params.pop("at", None)


def inside() -> Inside:
    """Return which mark's rows the open drawer is about, nothing where it is about all."""
    pairs = (pair.partition(":") for pair in st.query_params.get("at", "").split(",") if ":" in pair)
    return tuple((name, state.unquote(value)) for name, _, value in pairs)


def without(dimension: str) -> None:
    """Take back what is chosen of a dimension."""
    go(view().choose(dimension))


def leads(row: Mapping[str, object]) -> bool:
    """Tell whether a row is about a ticket or a customer one can go to."""
    return {"source", "ticket_id"} <= row.keys() or "customer_id" in row


def to_case(row: Mapping[str, object], column: str = "") -> None:
    """Go to the story of the ticket a row is about; to the customer from their cell, or where there is no ticket.

    From a cell that opens the source system the page stays where it is.
    """
    if column == "link":
        return
    ticket, customer = row.get("ticket_id") if "source" in row else None, row.get("customer_id")
    if customer is not None and (ticket is None or column in CUSTOMER):
        _visit("customer", customer=str(customer))
    elif ticket is not None:
        _visit("complaints", ticket=f"{row['source']}/{ticket}")


def _visit(name: str, **asked: str) -> None:
    if page := st.session_state["pages"].get(name):  # not every role has it
        st.switch_page(page, query_params=asked)


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
