"""One box on top of every page: it finds tickets by id, customer, e-mail address, telephone number or subject."""

import streamlit as st

from insights.asking import Desk
from insights.studies.search import SHORTEST
from insights.ui.cards import tables
from insights.ui.cards.card import Body, Card, nothing
from insights.ui.cards.draw import draw
from insights.ui.run import Run, names, t


def box(run: Run) -> None:
    """Draw the box."""
    st.text_input(
        t(run, "ui.find"),
        key="find",
        placeholder=t(run, "ui.find"),
        icon=":material/search:",
        width=310,
        label_visibility="collapsed",
    )


def found(run: Run) -> None:
    """Draw what was found; a row opens its ticket's story. The address never says what was typed: it may be a name."""
    text = str(st.session_state.get("find") or "").strip()
    if len(text) < SHORTEST:
        return
    draw(run, card(run.desk, text))


def card(desk: Desk, text: str) -> Card:
    """Return the card of the tickets a text finds."""
    title = t(desk, "ui.find")

    def make(_: str) -> Body:
        rows = desk.study("find", text=text).rows
        if not rows:
            return nothing(desk, t(desk, "ui.found_none"))
        return Body(
            table=tables.records(desk, rows), alt=title, reading=t(desk, "ui.found", n=names.count(desk, len(rows)))
        )

    return Card("search", desk, title, make)
