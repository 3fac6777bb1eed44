"""How cards stand beside each other, and what narrows a whole page."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from insights.filters import Filters
from insights.ui.run import data, here, t


def beside(*widths: float) -> list[DeltaGenerator]:
    """Return columns of these relative widths; they stack on a phone."""
    return list(st.columns(list(widths), gap="small"))


def title(name: str) -> str:
    """Return a text of the current page."""
    return t(f"pages.{here().page}.{name}")


def narrowed(**values: str) -> Filters:
    """Return the page's filters, narrowed to a value where the reader chose none of that dimension."""
    filters = here().filters
    for dimension, value in values.items():
        chosen = filters.chosen(dimension)
        if not chosen:
            filters = filters.choose(dimension, value)
    return filters


def several(*keys: str, filters: Filters | None = None) -> list[str]:
    """Return those metrics that have rows under the filters: a page offers no empty choice."""
    found = data.numbers(keys, filters=filters, intervals=False)
    known = [row["metric"] for row in found if row["n"]]
    return known or list(keys[:1])


def first(*keys: str, filters: Filters | None = None) -> str:
    """Return the first of these metrics that has rows, else the last: our own clocks before the source's verdict."""
    found = {row["metric"]: row["n"] for row in data.numbers(keys, filters=filters, intervals=False)}
    return next((key for key in keys if found[key]), keys[-1])


def any_of(*keys: str, filters: Filters | None = None) -> bool:
    """Tell whether any of these metrics has rows."""
    return any(row["n"] for row in data.numbers(keys, filters=filters, intervals=False))


def note(text: str) -> None:
    """Say what the reader of this page must know."""
    st.info(text, icon=":material/info:")


def link(page: str, text: str) -> None:
    """Lead to another page of the dashboard."""
    st.page_link(st.session_state["pages"][page], label=text, icon=":material/arrow_forward:")
