"""What tables say of their own in English, hidden from readers of another language."""

import streamlit as st

from insights.ui.run import Run

HIDDEN = ('[data-testid="stElementToolbar"]', '[data-testid="stDataFrameColumnMenu"]')


def draw(run: Run) -> None:
    """Draw the rules; none in English, which the widgets speak."""
    if run.language != "en":
        st.html(f"<style>{', '.join(HIDDEN)} {{ display: none !important; }}</style>")
