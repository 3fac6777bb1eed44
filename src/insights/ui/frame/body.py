"""What stands right of the navigation: header, filter bar, the page itself, freshness."""

import datetime as dt
import os
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from insights import texts
from insights.asking import Desk
from insights.errors import InsightsError, WarehouseMissing
from insights.filters import Filters
from insights.ui.cards import downloads, layout
from insights.ui.frame import address, filterbar, sample, search, visitors
from insights.ui.frame.navigation import title
from insights.ui.report import offer
from insights.ui.run import Run, data, enter, local, names, state, t
from insights.ui.run.guard import guarded
from insights.ui.run.places import Place
from insights.warehouse import opened, served_instead


def draw(root: Path, run: Run, place: Place, page: st.Page) -> None:
    """Draw the page asked for; without a warehouse only the pages about data."""
    try:
        run = enter(_opened(run, root, place))
    except InsightsError as error:
        st.title(title(run, place), anchor=False)
        st.error(texts.error(error, run.language), title=t(run, "ui.cannot_open"), icon=":material/error:")
        if place.section == "data":
            page.run()
        return
    for notice in (_open_to_all, _served_instead, partial(_sample_banner, place=place)):
        with guarded("notice", run.language):
            notice(run)
    if visitors.refuse_hidden(run):
        return
    visitors.write_down(run, place)
    exports = _header(run, place)
    for part in (search.found, address.say, _masked, partial(_filters, place=place)):
        with guarded("part", run.language):
            part(run)
    with st.container(key="page_body"), guarded(place.name, run.language):
        _page(run, place, page)
    with exports, guarded("exports", run.language):
        downloads.popover(run, partial(offer.draw, run, visitors.pages(run.visitor, run.settings)))
    with guarded("freshness", run.language):
        _freshness(run)


def _opened(run: Run, root: Path, place: Place) -> Run:
    """Return the run with its desk: the view as far as this warehouse holds what it speaks of."""
    settings = run.settings
    try:
        warehouse = opened(settings)
    except WarehouseMissing:
        sample.build(run, root)
        warehouse = opened(settings)
    sample.instead_no_more(run)
    desk = Desk(warehouse, Filters(), visitors.scope(run, warehouse), run.language, settings)
    run = replace(run, view=address.settle(run.view, desk, place))
    chosen = state.filters(
        run.view, data.last_day(desk), settings.company.zone, data.first_day(desk), data.starts(desk)
    )
    asked = desk.with_filters(chosen)
    return replace(run, opened=asked if place.period else asked.any_time())


def _open_to_all(run: Run) -> None:
    if os.environ.get("INSIGHTS_OPEN"):
        st.warning(texts.t("warnings.open_to_all", run.language), icon=":material/lock_open:")


def _masked(run: Run) -> None:
    if least := run.desk.scope.least:
        st.caption(f":material/visibility_off: {t(run, 'sign_in.masked', least=least)}")


def _served_instead(run: Run) -> None:
    for key, values in served_instead(run.desk.warehouse, run.settings):
        st.warning(texts.t(f"warnings.{key}", run.language, **values), icon=":material/history:")


def _sample_banner(run: Run, place: Place) -> None:
    if run.desk.warehouse.fact("sample") != "true":
        return
    with st.container(horizontal=True, key="sample", vertical_alignment="center", gap="small"):
        st.markdown(f":material/science: {t(run, 'ui.sample_banner')}", width="content")
        if place.name != "tour" and (tour := st.session_state["pages"].get("tour")):
            st.page_link(tour, label=t(run, "pages.tour.title"), icon=":material/school:")
        if place.name != "load" and (load := st.session_state["pages"].get("load")):
            st.page_link(load, label=t(run, "ui.sample_link"), icon=":material/upload_file:")


def _header(run: Run, place: Place) -> DeltaGenerator:
    """Draw the title and the line below it, and give the place of the export button."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom", key="header"):
        with st.container(gap="xsmall", width="stretch", key="title"):
            st.title(title(run, place), anchor=False)
            with guarded("line", run.language):
                told = place.filters and data.dated(run.desk)
                st.caption(_line(run.desk, place) if told else t(run, f"pages.{place.name}.question"))
        with guarded("search", run.language):
            search.box(run)
        return st.container(width="content")


def _line(desk: Desk, place: Place) -> str:
    """Return the period, the rows in it and what it is compared with."""
    chosen, previous, counted = desk.filters, desk.filters.compared(), place.needs[0]
    parts = [names.span(desk, chosen.since or data.first_day(desk), chosen.until or data.last_day(desk))]
    if place.counted:
        total = data.values(desk, [counted])[0].value or 0
        # Who has other things, or never loaded any of these, is not told that these are none.
        if total or (data.any_of(desk.with_filters(Filters()), counted) and not data.any_of(desk, *place.needs[1:])):
            parts.append(t(desk, f"ui.total_{counted}", count=names.count(desk, total)))
    if previous and previous.until and previous.until >= data.first_day(desk):
        parts.append(t(desk, "ui.compared_with", span=names.span(desk, previous.since, previous.until)))
    if (rules := data.rules(desk)) != "own":
        parts.append(t(desk, "ui.by_rules_short", rules=t(desk, f"words.rules.{rules}")))
    return " · ".join(parts)


def _filters(run: Run, place: Place) -> None:
    if place.filters:
        filterbar.draw(run, place)


def _page(run: Run, place: Place, page: st.Page) -> None:
    if not data.loaded(run.desk, place):
        _never(run.desk, [t(run, f"columns.table_{table}") for table in place.only])
    elif not place.filters or data.speaks(run.desk, place):
        page.run()
    elif data.speaks(run.desk.with_filters(Filters()), place):
        _empty(run.desk)
    else:
        _never(run.desk, [names.name(run, key) for key in place.needs])


def _empty(desk: Desk) -> None:
    with st.container(border=True, key="empty"):
        st.header(t(desk, "ui.empty"), anchor=False)
        covered = names.span(desk, data.first_day(desk), data.last_day(desk))
        st.write(t(desk, "ui.empty_text", span=covered))
        st.button(t(desk, "ui.reset"), type="primary", key="empty_reset", on_click=filterbar.reset)


def _never(desk: Desk, of: Sequence[str]) -> None:
    """Say that nothing of what the page is about was ever loaded: no filter brings it back."""
    with st.container(border=True, key="empty"):
        st.header(t(desk, "ui.never"), anchor=False)
        st.write(t(desk, "ui.never_text", names=", ".join(of)))
        layout.link("load", t(desk, "pages.load.title"))


def _freshness(run: Run) -> None:
    if not data.dated(run.desk):
        st.caption(f":material/database: {t(run, 'ui.undated')}")
        return
    as_of = local(run, run.desk.warehouse.as_of)
    when = texts.moment(as_of, run.language)
    # The one look at the wall clock: how old the data is matters to whoever reads the page now.
    age = dt.datetime.now(dt.UTC) - as_of
    if age > dt.timedelta(days=run.settings.thresholds.stale_after_days):
        said = t(run, "ui.stale", when=when, days=names.count(run, age.days))
        st.badge(said, icon=":material/history:", color="orange")
    else:
        zone = run.settings.company.time_zone
        st.caption(f":material/database: {t(run, 'ui.fresh', when=when, zone=zone)}")
