"""The sample company, built on the first visit when nothing was ever loaded."""

import threading
from pathlib import Path

import streamlit as st

from insights.errors import WarehouseMissing
from insights.ui.run import Run, progress, t
from insights.ui.run.marks import SAMPLE
from insights.warehouse import load_in_process

KINDS = (".gz", ".zip", ".xlsx", ".csv")


@st.cache_resource(show_spinner=False)
def _one_at_a_time() -> threading.Lock:
    return threading.Lock()


@st.cache_resource(show_spinner=False)
def _served() -> set[Path]:
    return set()


def instead_no_more(run: Run) -> None:
    """Remember that something was served from here: whoever loses it is never shown made-up data in its place."""
    _served().add(run.settings.warehouse.absolute())


def build(run: Run, root: Path) -> None:
    """Load the sample company's exports in a process of its own; who comes meanwhile waits for the same build.

    Raises WarehouseMissing where nothing can be built, or where something was served before: a disk may have gone.
    """
    held = run.settings.warehouse
    if held.absolute() in _served():
        raise WarehouseMissing("warehouse_gone", directory=str(held))
    files = sorted(p for p in (root / SAMPLE).glob("*") if p.suffix in KINDS)
    if not files:
        raise WarehouseMissing("no_warehouse", directory=str(held))
    bar = st.progress(0.0, text=t(run, "ui.sample_building"))
    with _one_at_a_time():
        if not any(held.glob("warehouse-*.duckdb")):
            shown = progress.on(run, bar)
            load_in_process(files, run.settings, language=run.language, sample=True, progress=shown)
    bar.empty()
