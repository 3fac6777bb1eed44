"""Who looks at this run, and what is said to whoever may not."""

import html
from collections.abc import Mapping

import streamlit as st

from insights.access import ANYBODY, Request, Trail, Visitor, arrives, role_of, scope_at, who
from insights.asking.settled import said
from insights.filters import Scope
from insights.settings import Settings
from insights.ui.run import Run, t
from insights.ui.run.memo import memo
from insights.ui.run.places import PAGES, Place, there_for
from insights.warehouse import Warehouse


def visitor(settings: Settings) -> Visitor | None:
    """Return who looks at this run; asked anew at each, so that a session ended elsewhere ends here."""
    if settings.sign_in.way == "none":
        return ANYBODY
    headers = {key.lower(): value for key, value in st.context.headers.items()}
    cookies, by_service = dict(st.context.cookies), settings.sign_in.way == "oidc"
    claims: Mapping[str, object] = st.user.to_dict() if by_service else {}
    found = who(Request(cookies, headers, claims), settings)
    if found and by_service and not st.session_state.get("arrived_by_service"):
        st.session_state["arrived_by_service"] = True
        if arrives(cookies, settings.warehouse):
            Trail(settings.warehouse).add(found.name, "sign_in", role=found.role)
    return found


def pages(of: Visitor, settings: Settings) -> tuple[Place, ...]:
    """Return the pages that are there for a visitor."""
    role = role_of(of, settings)
    return tuple(place for place in PAGES if role and there_for(role, place))


def scope(run: Run, warehouse: Warehouse) -> Scope:
    """Return what this run's visitor sees in a warehouse."""
    asked = ("scope", run.visitor, str(warehouse.path), warehouse.version, said(run.settings))
    return memo().answer(asked, lambda: scope_at(run.visitor, warehouse, run.settings))


def ask(run: Run) -> None:
    """Say that one has to sign in, and show where."""
    st.title(t(run, "sign_in.title"), anchor=False)
    if run.settings.sign_in.way == "oidc":
        st.write(t(run, "sign_in.nobody"))
        st.button(t(run, "sign_in.service"), type="primary", icon=":material/login:", on_click=st.login)
    else:
        st.write(t(run, "sign_in.ended"))
        st.html(f'<a href="/sign-in" target="_self">{html.escape(t(run, "sign_in.again"))}</a>')


def without_role(run: Run) -> None:
    """Say that whoever signed in has no role: no rows, no pages."""
    st.title(t(run, "sign_in.title"), anchor=False)
    st.warning(t(run, "sign_in.no_role", name=run.visitor.name), icon=":material/person_off:")
    _refused(run, "")
    leave(run)


def leave(run: Run) -> None:
    """Draw who is signed in, and the way out."""
    way = run.settings.sign_in.way
    if way in ("none", "proxy"):
        return
    st.caption(t(run, "sign_in.signed_in", name=run.visitor.name))
    if way == "oidc":
        st.button(t(run, "sign_in.out"), icon=":material/logout:", on_click=st.logout, key="sign_out")
    else:
        st.html(f'<a href="/sign-out" target="_self">{html.escape(t(run, "sign_in.out"))}</a>')


def write_down(run: Run, place: Place) -> None:
    """Write into the trail that a page was looked at, once for each page and view."""
    looked = (place.name, run.view)
    if run.settings.sign_in.way == "none" or st.session_state.get("looked") == looked:
        return
    st.session_state["looked"] = looked
    chosen = {name: list(values) for name, values in run.view.values}
    trail = Trail(run.settings.warehouse)
    trail.add(run.visitor.name, "page", page=place.name, role=run.visitor.role, filters=chosen, period=run.view.period)


def refuse_hidden(run: Run) -> bool:
    """Say and write down that an address names a page that is not there for this role; tell whether it does."""
    asked = (st.context.url or "").split("?")[0].rstrip("/").rsplit("/", 1)[-1]
    there = {place.name for place in pages(run.visitor, run.settings)}
    if asked not in {place.name for place in PAGES} - there:
        return False
    st.warning(t(run, "sign_in.gone"), icon=":material/lock:")
    _refused(run, asked)
    return True


def _refused(run: Run, page: str) -> None:
    """Write down who was shown nothing of which page, once until they ask for another."""
    if st.session_state.get("refused_page") != page:
        st.session_state["refused_page"] = page
        Trail(run.settings.warehouse).add(run.visitor.name, "refused", page=page, role=run.visitor.role)


__all__ = ["ask", "leave", "pages", "refuse_hidden", "scope", "visitor", "without_role", "write_down"]
