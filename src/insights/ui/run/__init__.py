"""What one run of a page rests on: settings, warehouse, view and filters, and what the page offers for export."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from insights import texts
from insights.filters import EVERYTHING, Filters, Scope
from insights.settings import Settings
from insights.ui.run.state import View
from insights.warehouse import Warehouse

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Run:
    """One run: every part of a page reads it through `here()`."""

    settings: Settings
    view: View
    page: str = ""
    warehouse: Warehouse | None = None
    filters: Filters = field(default_factory=Filters)
    first: dt.date | None = None
    last: dt.date | None = None
    exports: dict[str, Rows] = field(default_factory=dict)
    agents: dict[str, str] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """Return the reader's language."""
        return self.view.language

    @property
    def scope(self) -> Scope:
        """Return whose rows the reader may see."""
        return EVERYTHING

    @property
    def data(self) -> Warehouse:
        """Return the open warehouse; the frame draws no page that needs one without it."""
        assert self.warehouse is not None
        return self.warehouse


def enter(run: Run) -> Run:
    """Make `run` what `here()` returns in this session."""
    st.session_state["run"] = run
    return run


def here() -> Run:
    """Return this session's current run."""
    run: Run = st.session_state["run"]
    return run


def t(key: str, **values: object) -> str:
    """Return an interface text in the reader's language."""
    return texts.t(key, here().language, **values)


def local(moment: dt.datetime) -> dt.datetime:
    """Return a UTC moment in the company's zone."""
    return moment.replace(tzinfo=dt.UTC).astimezone(here().settings.company.zone)
