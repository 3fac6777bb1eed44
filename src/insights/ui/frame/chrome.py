"""What tables say of their own in English, hidden from readers of another language."""

import streamlit as st

from insights.ui.run import Run

HIDDEN = ('[data-testid="stElementToolbar"]', '[data-testid="stDataFrameColumnMenu"]')


def draw(run: Run) -> None:
    """Draw the rules; in English, which the widgets speak, they hide nothing, and what follows keeps its place."""
    rules = "" if run.language == "en" else f"{', '.join(HIDDEN)} {{ display: none !important; }}"
    st.html(f"<style>{rules}</style>")
