"""The way between pages, the mark above it and the language below it."""

import html
from dataclasses import replace
from pathlib import Path
from typing import Literal

import streamlit as st

from insights import texts
from insights.ui.frame import visitors
from insights.ui.run import Reader, Run, state, t
from insights.ui.run.places import HOME, Place
from insights.ui.run.state import View


def navigate(root: Path, run: Run) -> tuple[Place, st.Page]:
    """Draw the navigation and give the page asked for."""
    there = visitors.pages(run.visitor, run.settings)
    pages, named_home = _offered(root, run, there)
    sections: dict[str, list[st.Page]] = {}
    for place, page in pages.items():
        head = "" if place.section == HOME.section else _said(run, f"pages.section_{place.section}", place.section)
        sections.setdefault(head, []).append(page)
    if "" in sections:
        sections[""] += named_home
    chosen = st.navigation(sections, expanded=True)
    st.session_state["pages"] = {place.name: page for place, page in pages.items()}
    return next(((place, page) for place, page in pages.items() if page == chosen), (_first(there), chosen))


def _offered(root: Path, run: Run, there: tuple[Place, ...]) -> tuple[dict[Place, st.Page], list[st.Page]]:
    """Return the pages there are, and the first under its names; made once, as each is looked for on the disk."""
    asked = (run.language, there)
    if "offered" not in st.session_state or st.session_state["offered"][0] != asked:
        pages = {place: _page(root, run, place, default=place is _first(there)) for place in there}
        st.session_state["offered"] = (asked, pages, _named_home(root, run))
    _, pages, named_home = st.session_state["offered"]
    return pages, named_home


def _first(there: tuple[Place, ...]) -> Place:
    """Return the page at the root: the overview, or the first there is for this reader."""
    return HOME if HOME in there else there[0]


def _named_home(root: Path, run: Run) -> list[st.Page]:
    """Return the first page under its names: it stands at the root, and who asks for it by name shall find it too."""
    said, names = title(run, HOME), (HOME.name, HOME.section)
    return [st.Page(_file(root, HOME), title=said, url_path=name, visibility="hidden") for name in names]


def _file(root: Path, place: Place) -> Path:
    return root / "pages" / f"{place.path}.py"


def _page(root: Path, run: Run, place: Place, *, default: bool) -> st.Page:
    icon, path = f":material/{place.icon}:", "root" if default else place.name
    visibility: Literal["visible", "hidden"] = "hidden" if place.linked else "visible"
    said = title(run, place)
    return st.Page(_file(root, place), title=said, icon=icon, url_path=path, default=default, visibility=visibility)


def title(to: Reader, place: Place) -> str:
    """Return what a page is called."""
    return _said(to, f"pages.{place.name}.title", place.name)


def _said(to: Reader, key: str, otherwise: str) -> str:
    """Return a text, or another name where it is missing: the way between pages stays open."""
    return t(to, key) if texts.has(key, to.language) else otherwise


def sidebar(root: Path, run: Run) -> None:
    """Draw the company's mark and the choice of language."""
    st.logo(_logo(root, run.settings.company.name), size="large", icon_image=str(root / "static" / "logo.svg"))
    with st.sidebar:
        st.session_state["language"] = run.language
        st.segmented_control(
            t(run, "ui.language"),
            texts.languages(),
            key="language",
            required=True,
            on_change=_take_language,
            format_func=lambda code: texts.locales()[code].name,
        )
        visitors.leave(run)


@st.cache_data(max_entries=4, show_spinner=False)
def _logo(root: Path, company: str) -> str:
    """Return the mark with the company's name beside it, in a blue that is legible in both themes."""
    mark = (root / "static" / "logo.svg").read_text("utf-8").replace("<svg ", '<svg x="0" y="0" ', 1)
    name = html.escape(company[:28])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{44 + 10 * len(name)}" height="28">{mark}'
        f'<text x="38" y="20" font-family="Inter, Helvetica Neue, Arial, sans-serif" font-size="17" font-weight="650" '
        f'fill="#4C7AE0">{name}</text></svg>'
    )


def _take_language() -> None:
    view: View = st.session_state["view"]
    state.keep(replace(view, language=st.session_state["language"]))
