"""The one button that gives a file away: there for who may export, made when clicked, written down."""

from collections.abc import Callable
from functools import partial
from typing import Literal

import streamlit as st

from insights.ui.run import here, seen

CSV = "text/csv"


def button(
    label: str,
    content: Callable[[], bytes],
    name: str,
    kind: str = CSV,
    *,
    icon: str = "csv",
    key: str,
    width: Literal["content", "stretch"] = "content",
    help: str | None = None,
) -> None:
    """Draw the button; nothing for a reader who may not take files out."""
    run = here()
    if run.may("export"):
        st.download_button(
            label,
            partial(seen.given, run, content, name),
            name,
            kind,
            on_click="ignore",
            width=width,
            help=help,
            icon=f":material/{icon}:",
            key=key,
        )
