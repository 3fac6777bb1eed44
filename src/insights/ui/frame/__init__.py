"""The frame of every page: navigation, header, filter bar, the page, freshness; whatever fails is one sentence."""

from dataclasses import replace
from pathlib import Path

import streamlit as st

from insights import texts
from insights.errors import InsightsError
from insights.metrics.targets import require_possible
from insights.settings import Settings, load_settings
from insights.ui.frame import body, chrome, navigation, server, views, visitors
from insights.ui.run import Run, enter, state
from insights.ui.run.guard import guarded
from insights.ui.run.places import PAGES, Place

__all__ = ["PAGES", "Place", "show"]


def show(root: Path) -> None:
    """Draw the whole page for this run."""
    st.set_page_config(
        page_title="CRM Insights", page_icon=str(root / "static" / "logo.svg"), layout="wide", initial_sidebar_state=240
    )
    with guarded("server", texts.nearest(st.context.locale)):
        server.tune()
    with guarded("frame", texts.nearest(st.context.locale)):
        settings, refused = _settings()
        run = enter(Run(settings, state.current(texts.nearest(st.context.locale, settings.company.language))))
        st.html(Path(__file__).with_name("style.css"))
        with guarded("chrome", run.language):
            chrome.draw(run)
        looks = visitors.visitor(settings)
        if looks is None:
            return visitors.ask(run)
        run = enter(replace(run, visitor=looks))
        if not visitors.pages(looks, settings):
            return visitors.without_role(run)
        place, page = navigation.navigate(root, run)
        run = enter(replace(run, page=place.name))
        with guarded("views", run.language):
            run = views.arrive(run, place)
            views.draw(run)
        with guarded("sidebar", run.language):
            navigation.sidebar(root, run)
        with guarded(place.name, run.language):
            if refused:
                raise refused
            body.draw(root, run, place, page)
        state.write(st.session_state["view"])


def _settings() -> tuple[Settings, InsightsError | None]:
    """Return the settings, or those of a fresh start and why the operator's are refused."""
    try:
        settings = load_settings()
        require_possible(settings)
        return settings, None
    except InsightsError as refused:
        return Settings(), refused
