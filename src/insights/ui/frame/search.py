"""One box on top of every page: it finds tickets by id, customer, e-mail address, telephone number or subject."""

import streamlit as st

from insights.studies.search import SHORTEST
from insights.ui.cards import drawn, tables
from insights.ui.run import Run, names, t
from insights.ui.run.guard import guarded


def box(run: Run) -> None:
    """Draw the box."""
    st.text_input(
        t(run, "ui.find"), key="find", placeholder=t(run, "ui.find"), icon=":material/search:", width=260,
        label_visibility="collapsed",
    )  # fmt: skip


def found(run: Run) -> None:
    """Draw what was found; a row opens its ticket's story. The address never says what was typed: it may be a name."""
    text = str(st.session_state.get("find") or "").strip()
    if len(text) < SHORTEST:
        return
    with st.container(border=True, key="found"), guarded("find", run.language):
        rows = run.desk.study("find", text=text).rows
        st.caption(t(run, "ui.found", n=names.count(run, len(rows))) if rows else t(run, "ui.found_none"))
        if rows:
            drawn.led(tables.records(run, rows), t(run, "ui.find"), "found")
