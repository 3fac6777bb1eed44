"""What a reader was shown or given of people: written into the trail, where people sign in."""

from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from typing import Any

import streamlit as st

from insights.access import Trail
from insights.ui.run import Run, here

_in_file: ContextVar[set[str] | None] = ContextVar("people_in_file", default=None)


def note(rows: Iterable[Mapping[str, Any]]) -> None:
    """Remember whose rows go into the file that is being made."""
    if (people := _in_file.get()) is not None:
        people |= _people(rows)


def _people(rows: Iterable[Mapping[str, Any]]) -> set[str]:
    return {str(row["customer_id"]) for row in rows if row.get("customer_id") is not None}


def shown(rows: Iterable[Mapping[str, Any]]) -> None:
    """Write down whose rows a table shows, once for each page and people of a session."""
    run = here()
    if run.settings.sign_in.way == "none" or not (people := _people(rows)):
        return
    known: set[int] = st.session_state.setdefault("people_shown", set())
    mark = hash((run.page, frozenset(people)))
    if mark not in known:
        known.add(mark)
        _write(run, "rows", people)


def given(run: Run, content: Callable[[], bytes], name: str) -> bytes:
    """Make a file, and write down who got it and whose rows are in it."""
    if run.settings.sign_in.way == "none":
        return content()
    token = _in_file.set(set())
    try:
        made, people = content(), _in_file.get() or set()
    finally:
        _in_file.reset(token)
    _write(run, "export", people, file=name, bytes=len(made))
    return made


def changed(run: Run, option: str) -> None:
    """Write down that a reader changed a setting."""
    did(run, "settings", option=option)


def did(run: Run, what: str, **more: Any) -> None:
    """Write down what a reader did."""
    if run.settings.sign_in.way != "none":
        Trail(run.settings.warehouse).add(run.visitor.name, what, role=run.visitor.role, **more)


def _write(run: Run, what: str, people: set[str], **more: Any) -> None:
    chosen = {name: list(values) for name, values in run.view.values}
    told = {"page": run.page, "role": run.visitor.role, "filters": chosen} | more
    Trail(run.settings.warehouse).add(run.visitor.name, what, people=sorted(people), **told)
