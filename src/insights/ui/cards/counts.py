"""Counts side by side: what a page found, each a number with its words."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True)
class Count:
    """One count before it is drawn."""

    label: str
    value: str
    delta: str | None = None
    note: str = ""
    help: str | None = None


def counts(of: Sequence[Count], key: str) -> None:
    """Draw counts side by side; they stack on a phone."""
    grid = st.grid(len(of), min_column_width=150, gap="small", border=True, key=f"tiles_{key}")
    for one in of:
        with grid.cell():
            st.metric(one.label, one.value, delta=one.delta, help=one.help)
            if one.note:
                st.caption(one.note)
