"""What one run of a page rests on: the desk, what the reader chose, and what the page offers for export."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import streamlit as st

from insights import texts
from insights.access import ANYBODY, Visitor, may
from insights.asking import Desk
from insights.errors import InsightsError
from insights.settings import Right, Settings
from insights.ui.run.gather import gathered
from insights.ui.run.state import View

Rows = Sequence[Mapping[str, Any]]


class Reader(Protocol):
    """Whom something is said to, in which language and by which company's settings: a desk or a run."""

    @property
    def language(self) -> str:
        """Return the reader's language."""

    @property
    def settings(self) -> Settings:
        """Return the company's settings."""

    @property
    def currency(self) -> str:
        """Return what amounts are in."""


@dataclass(frozen=True)
class Run:
    """One run of a page; `opened` is None where no warehouse could be opened."""

    settings: Settings
    view: View
    page: str = ""
    opened: Desk | None = None
    exports: dict[str, Rows] = field(default_factory=dict)
    visitor: Visitor = ANYBODY

    @property
    def language(self) -> str:
        """Return the reader's language."""
        return self.view.language

    def may(self, right: Right) -> bool:
        """Tell whether who looks has a right."""
        return may(self.visitor, right, self.settings)

    def need(self, right: Right) -> None:
        """Refuse what who looks has no right to, whatever stood on their page."""
        if not self.may(right):
            raise InsightsError("right_missing", right=right)

    @property
    def currency(self) -> str:
        """Return what amounts are in under the page's filters."""
        return self.opened.currency if self.opened else self.settings.company.currency

    @property
    def desk(self) -> Desk:
        """Return the desk under the page's filters; the frame draws no page that needs one without it."""
        assert self.opened is not None
        return self.opened


def enter(run: Run) -> Run:
    """Make `run` what `here()` returns in this session."""
    st.session_state["run"] = run
    return run


def here() -> Run:
    """Return this session's current run: asked by pages and callbacks, handed on to everything else."""
    if report := gathered():
        return report.run
    run: Run = st.session_state["run"]
    return run


def t(to: Reader, key: str, /, **values: object) -> str:
    """Return an interface text in the reader's language."""
    return texts.t(key, to.language, **values)


def local(to: Reader, moment: dt.datetime) -> dt.datetime:
    """Return a UTC moment in the company's zone."""
    return moment.replace(tzinfo=dt.UTC).astimezone(to.settings.company.zone)
