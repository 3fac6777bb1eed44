"""The sample company, built on the first visit when nothing was ever loaded."""

import threading
from pathlib import Path

import streamlit as st

from insights.errors import WarehouseMissing
from insights.settings import Settings
from insights.ui.cards import progress
from insights.ui.run import here, t
from insights.ui.run.marks import SAMPLE
from insights.warehouse import load_in_process


@st.cache_resource(show_spinner=False)
def _one_at_a_time() -> threading.Lock:
    return threading.Lock()


def build(settings: Settings, root: Path) -> None:
    """Load the sample company's exports in a process of its own; who comes meanwhile waits for the same build."""
    folder = root / SAMPLE
    files = sorted(p for p in folder.glob("*") if p.suffix in (".gz", ".zip", ".xlsx", ".csv"))
    if not files:
        raise WarehouseMissing("no_warehouse", directory=str(settings.warehouse))
    bar = st.progress(0.0, text=t("ui.sample_building"))
    with _one_at_a_time():
        if not any(settings.warehouse.glob("warehouse-*.duckdb")):
            load_in_process(
                files, settings, language=here().language, sample=True, progress=lambda e: progress.show(bar, e)
            )
    bar.empty()
