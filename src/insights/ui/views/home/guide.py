"""Where to begin, for who sees the dashboard for the first time over the sample company: four steps, then put away."""

import streamlit as st

from insights.asking import Desk
from insights.ui.cards import layout
from insights.ui.run import t

STEPS = ("complaints", "satisfaction", "tour", "load")


def guide(desk: Desk) -> None:
    """Draw the steps over the sample company until the reader puts them away."""
    if desk.warehouse.fact("sample") != "true" or st.session_state.get("guide_away"):
        return
    with st.container(border=True, key="guide", gap="xsmall"):
        st.markdown(f"**{t(desk, 'guide.title')}** {t(desk, 'guide.first')}")
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            for step in STEPS:
                layout.link(step, t(desk, f"guide.{step}"))
            st.button(t(desk, "guide.away"), icon=":material/close:", type="tertiary", key="guide_off", on_click=_away)


def _away() -> None:
    st.session_state["guide_away"] = True
