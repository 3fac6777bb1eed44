"""The few sentences a manager takes away."""

import streamlit as st

from insights.ui.cards import card
from insights.ui.run import t


def highlights() -> None:
    """Draw at most three generated sentences, each with a number, what it is compared to, and where."""
    with card(f":material/lightbulb: {t('ui.highlights')}", key="highlights"):
        st.caption(t("ui.no_highlights"))
