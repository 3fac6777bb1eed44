"""A load as it goes on: one bar, one step said."""

import streamlit as st

from insights.ui.run import t
from insights.ui.run.safe import literal
from insights.warehouse import Event


def show(bar: "st.delta_generator.DeltaGenerator", event: Event) -> None:
    """Show one step of a load."""
    name = {"name": literal(event.name)} if event.stage in ("read", "merge") else {}
    bar.progress(min(1.0, event.share), text=t(f"loading.stage_{event.stage}", **name))
