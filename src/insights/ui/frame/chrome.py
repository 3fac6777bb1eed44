"""What the server's own widgets say in English, hidden or said in the reader's language instead."""

import json

import streamlit as st

from insights.ui.run import Run, t

HIDDEN = (
    '[data-testid="stElementToolbar"]', '[data-testid="stDataFrameColumnMenu"]',
    '[data-testid="stFileUploaderDropzoneInstructions"]',
)  # fmt: skip
"""The toolbar and the column menu of tables, and how large a file may be, which the page says itself."""
UPLOAD = '[data-testid="stFileUploaderDropzone"] button'


def draw(run: Run) -> None:
    """Draw the rules; none in English, which the widgets speak."""
    if run.language == "en":
        return
    said = json.dumps(t(run, "ui.choose_files"), ensure_ascii=False).replace("<", "\\3c ")
    rules = f"{', '.join(HIDDEN)} {{ display: none !important; }}"
    rules += f"{UPLOAD} p {{ font-size: 0; }} {UPLOAD} p::after {{ content: {said}; font-size: 0.93rem; }}"
    st.html(f"<style>{rules}</style>")
