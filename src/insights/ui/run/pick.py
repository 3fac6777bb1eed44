"""A choice of words that stays in the address by its code, so that a link says the same in every language."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import streamlit as st


@contextmanager
def kept(name: str, words: Sequence[str], usual: str) -> Iterator[None]:
    """Set the widget of this key to what the address says, and write what was chosen into the address.

    The widget's own binding writes what a word is called, which another language does not know again.
    """
    told, given = f"{name}_told", st.query_params.get(name, usual)
    if name not in st.session_state or st.session_state.get(told) != given:
        st.session_state[name] = given
    if st.session_state[name] not in words:
        st.session_state[name] = usual
    yield
    chosen = st.session_state[told] = st.session_state[name]
    if chosen == usual:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = chosen
