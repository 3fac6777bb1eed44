"""Views a reader keeps: the address of a page under a name, opened from the sidebar, one of a page at its opening."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

import streamlit as st

from insights.access import VIEWS, Saved
from insights.ui.run import Run, enter, here, state, steps, t
from insights.ui.run.places import Place
from insights.ui.run.safe import literal

_LEFT_OUT = {*steps.DRAWER, *steps.CASES, "lang"}


@dataclass(frozen=True)
class Kept:
    """One kept view: its page, what its address asks, and whether the page opens with it."""

    page: str
    asked: Mapping[str, str]
    first: bool = False


def held(run: Run) -> dict[str, Kept]:
    """Return the reader's views by name, those of pages that are there for them."""
    found = {name: Kept(**json.loads(text)) for name, text in _saved(run).listed().items()}
    return {name: kept for name, kept in found.items() if kept.page in st.session_state["pages"]}


def _saved(run: Run) -> Saved:
    return Saved(run.settings.warehouse / VIEWS, run.visitor.name)


def arrive(run: Run, place: Place) -> Run:
    """Return the run under the page's first view, when it is come to with nothing asked and nothing chosen."""
    came_from, st.session_state["arrived"] = st.session_state.get("arrived"), place.name
    if came_from == place.name or run.view.touched or asked_here():
        return run
    first = next((kept for kept in held(run).values() if kept.first and kept.page == place.name), None)
    if first is None:
        return run
    view = state.parse(first.asked, run.language)
    ours = {name: value for name, value in first.asked.items() if name in state.OURS}
    st.session_state["unread"] = state.unread(ours, view)
    state.keep(view)
    state.forget_widgets()
    for name, value in first.asked.items():
        if name not in state.OURS:
            st.query_params[name] = value
    return enter(replace(run, view=view))


def asked_here() -> dict[str, str]:
    """Return what the address asks of this page, without the language, open drawers and single cases."""
    return {name: st.query_params[name] for name in st.query_params if name not in _LEFT_OUT}


def draw(run: Run) -> None:
    """Draw the views in the sidebar, and the way to keep the one on the screen."""
    kept = held(run)
    with st.sidebar, st.container(key="views", gap="xsmall"):
        if kept:
            st.caption(t(run, "views.title"))
        for name, one in kept.items():
            page, icon = st.session_state["pages"][one.page], "star" if one.first else "bookmark"
            asked = {**one.asked, "lang": run.language}
            st.page_link(page, label=literal(name), icon=f":material/{icon}:", query_params=asked)
        with st.popover(t(run, "views.keep"), icon=":material/bookmark_add:", key="views_keep", type="tertiary"):
            _form(run, kept)


def _form(run: Run, kept: Mapping[str, Kept]) -> None:
    owner = t(run, "views.owner", name=literal(run.visitor.name)) if run.visitor.name else t(run, "views.everyone")
    st.caption(owner)
    name = st.text_input(t(run, "views.name"), key="views_name", max_chars=60, placeholder=t(run, "views.example"))
    st.checkbox(t(run, "views.first"), key="views_first")
    st.button(t(run, "views.save"), key="views_save", type="primary", disabled=not name.strip(), on_click=_keep)
    if st.session_state.pop("views_refused", False):
        st.error(t(run, "views.refused"), icon=":material/error:")
    for one in kept:
        st.button(
            t(run, "views.remove", name=literal(one)),
            icon=":material/delete:",
            key=f"views_remove_{one}",
            type="tertiary",
            on_click=_saved(run).remove,
            args=(one,),
        )


def _keep() -> None:
    run, name = here(), str(st.session_state["views_name"]).strip()
    own = {key: value for key, value in asked_here().items() if key not in state.OURS}
    asked = own | {key: value for key, value in state.params(steps.view()).items() if key != "lang"}
    new = Kept(run.page, asked, bool(st.session_state["views_first"]))
    try:
        if new.first:
            _only_first(run)
        _saved(run).keep(name, json.dumps(asdict(new)))
    except OSError:
        st.session_state["views_refused"] = True
    st.session_state["views_name"], st.session_state["views_first"] = "", False


def _only_first(run: Run) -> None:
    """Let no other view be the one its page opens with."""
    for name, kept in held(run).items():
        if kept.first and kept.page == run.page:
            _saved(run).keep(name, json.dumps(asdict(replace(kept, first=False))))
