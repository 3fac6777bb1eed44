"""What the widgets say of their own in English, said in the reader's language by a script that stands beside them."""

import html
import json
from functools import cache

import streamlit as st

from insights import texts
from insights.ui.run import Run

SCRIPT = "app/static/words.js"


def draw(run: Run) -> None:
    """Hand the script the words of this reader's language."""
    words = _words(run.language)
    said = f'<div hidden data-language="{run.language}" data-words="{words}"></div>'
    st.html(f'{said}<script src="{SCRIPT}"></script>', unsafe_allow_javascript=True)


@cache
def _words(language: str) -> str:
    """Return what is said instead of each English word of the widgets, as an attribute of a tag."""
    theirs, ours = texts.catalogue(texts.FALLBACK), texts.catalogue(language)
    named = [name for section, _, name in (key.partition(".") for key in theirs) if section == "chrome"]
    return html.escape(json.dumps({theirs[f"chrome.{n}"]: ours[f"chrome.{n}"] for n in named}, ensure_ascii=False))
