"""How a page speaks of its desk and its own texts, and what stands between cards."""

import streamlit as st

from insights.asking import Desk
from insights.metrics import METRICS
from insights.ui.run import data, here, t
from insights.ui.run.gather import gathered


def desk(**values: str) -> Desk:
    """Return the page's desk, narrowed to a value where the reader chose none of that dimension."""
    found = here().desk
    for dimension, value in values.items():
        found = found if found.filters.chosen(dimension) else found.narrow(dimension, value)
    return found


def title(name: str) -> str:
    """Return a text of the current page."""
    return t(here(), f"pages.{here().page}.{name}")


def several(of: Desk, *keys: str) -> list[str]:
    """Return those metrics that have rows: a page offers no empty choice."""
    return [number.metric for number in data.values(of, keys) if number.n] or list(keys[:1])


def first(of: Desk, *keys: str) -> str:
    """Return the first of these metrics that has rows, else the last: our own clocks before the source's verdict."""
    return next((key for key in keys[:-1] if _has_rows(of, key)), keys[-1])


def ever(of: Desk, *keys: str) -> bool:
    """Tell whether anything loaded makes one of these metrics known, at any time."""
    return data.any_of(of, *keys) or any(data.ever(of, key) for key in keys)


def _has_rows(of: Desk, key: str) -> bool:
    """Tell whether a metric has rows, asked as its tile asks: then the tile knows."""
    compare = None if METRICS[key].open_ended else data.comparable(of)
    return data.numbers(of, [key], compare=compare)[0].n > 0


def note(text: str) -> None:
    """Say what the reader of this page must know."""
    if report := gathered():
        return report.add(text)
    st.info(text, icon=":material/info:")


def link(page: str, text: str) -> None:
    """Lead to another page of the dashboard, if it is there for this reader."""
    if not gathered() and page in st.session_state["pages"]:
        st.page_link(st.session_state["pages"][page], label=text, icon=":material/arrow_forward:")
