"""Notes on dates and a metric's target, edited below its trend and kept in the settings; for who may change those."""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from insights import texts
from insights.asking import Desk
from insights.errors import InsightsError
from insights.settings import Mark, settings_path
from insights.settings.options import plain, put_option
from insights.settings.written import fingerprint
from insights.ui.run import data, here, names, seen, t
from insights.ui.run.safe import literal

LONGEST = 40
"""Letters a note has room for above a line."""
SIZES = {"share": 0.01, "seconds": 60.0}
"""What one unit of the input is, in the metric's own: percent and minutes."""


def editor(desk: Desk, key: str) -> Callable[[], None]:
    """Return what draws the editor: a button below the trend, nothing for who may not change settings."""
    return partial(_draw, desk, key)


def _draw(desk: Desk, key: str) -> None:
    if not here().may("settings"):
        return
    _say()
    label = t(desk, "noting.open")
    with st.popover(label, icon=":material/edit_note:", type="tertiary", key=f"noting_{key}"):
        st.caption(t(desk, "noting.reading", file=settings_path().name))
        with st.form(f"note_{key}", border=False, clear_on_submit=True):
            _note(desk, key)
        if names.metric(key).better != "context":
            with st.form(f"target_{key}", border=False):
                _target(desk, key)
        for place, mark in enumerate(desk.settings.marks):
            _held(desk, key, place, mark)


def _say() -> None:
    if refused := st.session_state.pop("noting_refused", None):
        st.error(refused, icon=":material/block:")


def _note(desk: Desk, key: str) -> None:
    until = desk.filters.until or data.last_day(desk)
    st.date_input(t(desk, "noting.day"), until, key=f"note_day_{key}", format=names.day_field(desk))
    for code in texts.languages():
        label = t(desk, "noting.words", language=texts.locales()[code].name)
        st.text_input(label, key=f"note_{code}_{key}", max_chars=LONGEST)
    st.form_submit_button(
        t(desk, "noting.add"), icon=":material/add:", on_click=_add, args=(desk, key, fingerprint(settings_path()))
    )


def _add(desk: Desk, key: str, seen_: str) -> None:
    of = st.session_state
    words = {code: of[f"note_{code}_{key}"].strip() for code in texts.languages()}
    words = {code: text for code, text in words.items() if text}
    if words:
        _keep(desk, "marks", with_note(desk.settings.marks, of[f"note_day_{key}"], words), seen_)


def with_note(marks: tuple[Mark, ...], day: dt.date, words: Mapping[str, str]) -> list[Any]:
    """Return the notes with one more, by date, as the settings file says them."""
    noted = [*marks, Mark.model_validate({"date": day, **words})]
    return [{"date": m.date, **plain(m.words)} for m in sorted(noted, key=lambda m: m.date)]


def _held(desk: Desk, key: str, place: int, mark: Mark) -> None:
    """Draw a note with the way to take it back."""
    said = f"{names.day(desk, mark.date)} · {mark.said(desk.language)}"
    rest = [{"date": m.date, **plain(m.words)} for i, m in enumerate(desk.settings.marks) if i != place]
    st.button(
        f"{t(desk, 'noting.remove')}: {literal(said)}",
        icon=":material/delete:",
        type="tertiary",
        key=f"note_off_{key}_{place}",
        on_click=_keep,
        args=(desk, "marks", rest or None, fingerprint(settings_path())),
    )


def _target(desk: Desk, key: str) -> None:
    unit, aim = names.metric(key).unit, names.target(desk, key)
    size = SIZES.get(unit, 1.0)
    label = t(desk, f"noting.target_{unit}") if unit in SIZES else t(desk, "noting.target")
    st.number_input(
        label,
        value=None if aim is None else round(aim / size, 4),
        format="%g",
        key=f"target_value_{key}",
        placeholder=texts.DASH,
    )
    st.form_submit_button(
        t(desk, "noting.save"), icon=":material/flag:", on_click=_aim, args=(desk, key, fingerprint(settings_path()))
    )


def _aim(desk: Desk, key: str, seen_: str) -> None:
    given = st.session_state[f"target_value_{key}"]
    size = SIZES.get(names.metric(key).unit, 1.0)
    _keep(desk, f"targets.{key}", None if given is None else round(given * size, 10), seen_)


def _keep(desk: Desk, option: str, value: Any, seen_: str) -> None:
    """Write an option into the settings file and into the trail; say on the page why that was refused."""
    try:
        here().need("settings")
        put_option(settings_path(), option, value, seen_)
    except InsightsError as error:
        st.session_state["noting_refused"] = literal(texts.error(error, desk.language))
        return
    seen.changed(here(), option)
