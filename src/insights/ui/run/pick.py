"""A choice of words that stays in the address by its code, so that a link says the same in every language."""

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import streamlit as st

NONE = "-"
"""What stands in the address where nothing of several is chosen, which is not what is usual."""


@contextmanager
def kept(name: str, words: Sequence[str], usual: str) -> Iterator[None]:
    """Set the widget of this key to what the address says, and write what was chosen into the address.

    The widget's own binding writes what a word is called, which another language does not know again.
    """
    told = st.query_params.get(name, usual)
    _take(name, told, told if told in words else usual)
    if st.session_state[name] not in words:
        st.session_state[name] = usual
    yield
    _write(name, st.session_state[name], usual)


@contextmanager
def several(name: str, words: Sequence[str], usual: Sequence[str]) -> Iterator[None]:
    """Set the widget of this key, of which several can be chosen, to what the address says, and write what was."""
    plain = _joined(words, usual)
    told = st.query_params.get(name, plain)
    _take(name, told, [word for word in words if word in told.split(",")])
    yield
    _write(name, _joined(words, st.session_state[name]), plain)


@contextmanager
def text(name: str, usual: str) -> Iterator[None]:
    """Set the text input of this key to what the address says, and write what was typed into the address."""
    told = st.query_params.get(name, usual or NONE)
    _take(name, told, "" if told == NONE else told)
    yield
    _write(name, st.session_state[name].strip() or NONE, usual or NONE)


@contextmanager
def number(name: str, usual: float, between: tuple[float, float]) -> Iterator[None]:
    """Set the number input of this key to what the address says, and write what was typed into the address."""
    told = st.query_params.get(name, f"{usual:g}")
    _take(name, told, usual if told == f"{usual:g}" else _inside(told, usual, between))
    yield
    _write(name, f"{st.session_state[name]:g}", f"{usual:g}")


@contextmanager
def day(name: str, usual: dt.date, between: tuple[dt.date, dt.date]) -> Iterator[None]:
    """Set the date input of this key to what the address says, between two days, and write what was picked into it."""
    told = st.query_params.get(name, usual.isoformat())
    _take(name, told, _day(told, usual))
    st.session_state[name] = min(max(st.session_state[name], between[0]), between[1])
    yield
    _write(name, st.session_state[name].isoformat(), usual.isoformat())


def _day(told: str, usual: dt.date) -> dt.date:
    try:
        return dt.date.fromisoformat(told)
    except ValueError:
        return usual


def _inside(told: str, usual: float, between: tuple[float, float]) -> float:
    try:
        found = float(told)
    except ValueError:
        return usual
    return min(max(found, between[0]), between[1]) if math.isfinite(found) else usual


def _joined(words: Sequence[str], chosen: Sequence[str]) -> str:
    return ",".join(word for word in words if word in chosen) or NONE


def _take(name: str, told: str, value: Any) -> None:
    """Let the widget say what the address says, where that is not what the widget itself wrote."""
    if name not in st.session_state or st.session_state.get(f"{name}_told") != told:
        st.session_state[name] = value


def _write(name: str, chosen: str, usual: str) -> None:
    st.session_state[f"{name}_told"] = chosen
    if chosen == usual:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = chosen


def forget(*beginnings: str) -> None:
    """Take choices back to what is usual, on the page and in the address."""
    for held in (st.session_state, st.query_params):
        for name in [n for n in held if str(n).startswith(beginnings)]:
            del held[name]
