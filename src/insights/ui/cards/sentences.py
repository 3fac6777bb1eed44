"""Sentences on a card: each with the ways to what it speaks of, its view, its cause, its rows."""

from collections.abc import Sequence

import streamlit as st

from insights.asking import Desk
from insights.ui.cards import details
from insights.ui.cards.card import Sentence
from insights.ui.run import data, names, steps, t
from insights.ui.run.safe import literal


def draw(desk: Desk, told: Sequence[Sentence]) -> None:
    """Draw sentences below each other."""
    for place, said in enumerate(told):
        with st.container(key=f"story_{place}", gap=None):
            st.markdown(said.text)
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                _ways(desk, said, f"story{place}")


def _ways(desk: Desk, said: Sentence, place: str) -> None:
    """Draw what a sentence leads to: its view, its cause, its rows."""
    part = desk
    for dimension, member in said.group:
        part = part.narrow(dimension, steps.code(member))
    if said.group:
        name = names.member(desk, *said.group[0])
        st.button(
            f"{t(desk, 'ui.filter_to')}: {literal(name)}",
            icon=":material/filter_alt:",
            type="tertiary",
            key=f"filter_{place}",
            on_click=steps.to_group,
            args=(said.group,),
        )
    if data.comparable(desk):
        details.why_button(desk, said.metric, place)
    st.button(
        t(desk, "ui.part_rows"),
        icon=":material/table_rows:",
        type="tertiary",
        key=f"rows_{place}",
        on_click=steps.opens,
        args=(f"{place}_rows", "rows"),
    )
    details.drawer(desk, said.metric, place)
    details.drawer(part, said.metric, f"{place}_rows")
