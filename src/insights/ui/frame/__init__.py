"""The frame of every page: language, navigation, header, filter bar, the page, freshness; and what may go wrong."""

import datetime as dt
import html
import logging
from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st

from insights import texts
from insights.errors import InsightsError, WarehouseMissing
from insights.settings import Settings, load_settings
from insights.ui.cards import export
from insights.ui.frame import filterbar, sample, server
from insights.ui.run import Run, data, enter, local, names, state, t
from insights.ui.run.state import View
from insights.warehouse import open_current

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Place:
    """One page: file pages/<section>/<name>.py, its icon, and whether filters and clock concern it."""

    path: str
    icon: str
    filters: bool = True
    clock: bool = False
    needs: tuple[str, ...] = ("created", "solved")
    """Metrics of which one must have rows, or the page says that there is nothing under the filters."""

    @property
    def section(self) -> str:
        """Return the navigation section."""
        return self.path.split("/")[0]

    @property
    def name(self) -> str:
        """Return the page's name in texts and in the address."""
        return self.path.split("/")[1]


PAGES = (
    Place("home/overview", "dashboard"),
    Place("service/complaints", "timer"),
    Place("service/whatif", "alt_route"),
    Place("service/satisfaction", "sentiment_satisfied"),
    Place("service/response", "schedule", clock=True),
    Place("service/resolution", "task_alt", clock=True),
    Place("customers/retention", "loyalty", needs=("orders", "repeat_rate")),
    Place("data/load", "upload_file", filters=False),
    Place("data/quality", "rule", filters=False),
    Place("data/reconciliation", "balance", filters=False),
    Place("data/calendars", "calendar_month", filters=False),
    Place("data/definitions", "menu_book", filters=False),
)


def show(root: Path) -> None:
    """Draw the whole page for this run."""
    server.tune()
    st.set_page_config(
        page_title="CRM Insights", page_icon=str(root / "static" / "logo.svg"), layout="wide", initial_sidebar_state=240
    )
    try:
        settings = load_settings()
    except InsightsError as error:
        st.error(texts.error(error, texts.nearest(st.context.locale)), icon=":material/error:")
        return
    run = enter(Run(settings, state.current(_language(settings))))
    place, page = _navigate(root, run)
    _sidebar(root, run)
    _style()
    run = enter(replace(run, page=place.name))
    _body(root, run, place, page)
    state.write(st.session_state["view"])


def _language(settings: Settings) -> str:
    return texts.nearest(st.context.locale, settings.company.language)


def _navigate(root: Path, run: Run) -> tuple[Place, st.Page]:
    pages = {
        place: st.Page(
            root / "pages" / f"{place.path}.py",
            title=t(f"pages.{place.name}.title"),
            icon=f":material/{place.icon}:",
            url_path=place.name if place is not PAGES[0] else "home",
            default=place is PAGES[0],
        )
        for place in PAGES
    }
    sections: dict[str, list[st.Page]] = {}
    for place, page in pages.items():
        head = "" if place.section == "home" else texts.t(f"pages.section_{place.section}", run.language)
        sections.setdefault(head, []).append(page)
    # The first page stands at the root; who asks for it by its name shall find it too.
    named = st.Page(
        root / "pages" / f"{PAGES[0].path}.py",
        title=t(f"pages.{PAGES[0].name}.title"),
        url_path=PAGES[0].name,
        visibility="hidden",
    )
    chosen = st.navigation({**sections, "": [*sections[""], named]}, expanded=True)
    st.session_state["pages"] = {place.name: page for place, page in pages.items()}
    return next(((place, page) for place, page in pages.items() if page == chosen), (PAGES[0], named))


def _sidebar(root: Path, run: Run) -> None:
    st.logo(_logo(root, run.settings.company.name), size="large", icon_image=str(root / "static" / "logo.svg"))
    with st.sidebar:
        st.session_state.setdefault("f_language", run.language)
        st.segmented_control(
            t("ui.language"), texts.languages(), key="f_language", required=True, on_change=_take_language,
            format_func=lambda code: texts.locales()[code].name,
        )  # fmt: skip


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
    state.keep(replace(view, language=st.session_state["f_language"]))


def _style() -> None:
    st.html(Path(__file__).with_name("style.css"))


def _body(root: Path, run: Run, place: Place, page: st.Page) -> None:
    try:
        run = enter(_opened(run, root))
    except InsightsError as error:
        st.title(t(f"pages.{place.name}.title"), anchor=False)
        st.error(texts.error(error, run.language), title=t("ui.cannot_open"), icon=":material/error:")
        if place.section == "data":
            page.run()
        return
    _sample_banner(run, place)
    exports = _header(run, place)
    if place.filters:
        filterbar.draw(run, clock=place.clock)
    with st.container(key="page_body"):
        _page(run, place, page)
    with exports:
        export.popover()
    _freshness(run)


def _opened(run: Run, root: Path) -> Run:
    try:
        warehouse = open_current(run.settings.warehouse, run.settings.engine)
    except WarehouseMissing:
        sample.build(run.settings, root)
        warehouse = open_current(run.settings.warehouse, run.settings.engine)
    run = enter(replace(run, warehouse=warehouse))
    first, last = data.covered()
    chosen = state.filters(run.view, last, run.settings.company.zone, first)
    return replace(run, filters=chosen, first=first, last=last)


def _sample_banner(run: Run, place: Place) -> None:
    if run.data.fact("sample") != "true":
        return
    with st.container(horizontal=True, key="sample", vertical_alignment="center", gap="small"):
        st.markdown(f":material/science: {t('ui.sample_banner')}", width="content")
        if place.name != "load":
            st.page_link(st.session_state["pages"]["load"], label=t("ui.sample_link"), icon=":material/upload_file:")


def _header(run: Run, place: Place) -> st.delta_generator.DeltaGenerator:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom", key="header"):
        with st.container(gap="xsmall", width="stretch", key="title"):
            st.title(t(f"pages.{place.name}.title"), anchor=False)
            st.caption(_line(run, place) if place.filters else t(f"pages.{place.name}.question"))
        return st.container(width="content")


def _line(run: Run, place: Place) -> str:
    chosen, previous = run.filters, run.filters.previous()
    since = chosen.since or run.first
    counted = place.needs[0]
    total = data.one(counted, intervals=False)["value"]
    parts = [names.span(since, chosen.until), t(f"ui.total_{counted}", count=names.count(total or 0))]
    if previous and previous.until and run.first and previous.until >= run.first:
        parts.append(t("ui.compared_with", span=names.span(previous.since, previous.until)))
    if (rules := data.rules()) != "own":
        parts.append(t("ui.by_rules_short", rules=texts.word("rules", rules, run.language)))
    return " · ".join(parts)


def _page(run: Run, place: Place, page: st.Page) -> None:
    try:
        if place.filters and _nothing_there(place.needs):
            _empty(run)
        else:
            page.run()
    except InsightsError as error:
        st.error(texts.error(error, run.language), icon=":material/error:")
    except Exception:
        # The reader gets one sentence and the log the rest; the frame, filters and other pages stay usable.
        log.exception("page %s failed", place.name)
        st.error(t("ui.page_failed_text"), title=t("ui.page_failed"), icon=":material/error:")


def _nothing_there(needs: tuple[str, ...]) -> bool:
    return not any(row["n"] for row in data.numbers(needs, intervals=False))


def _empty(run: Run) -> None:
    with st.container(border=True, key="empty"):
        st.header(t("ui.empty"), anchor=False)
        st.write(t("ui.empty_text", span=names.span(run.first, run.last)))
        st.button(t("ui.reset"), type="primary", key="empty_reset", on_click=filterbar.reset)


def _freshness(run: Run) -> None:
    as_of = local(run.data.as_of)
    text = t("ui.fresh", when=texts.moment(as_of, run.language), zone=run.settings.company.time_zone)
    # The one look at the wall clock: how old the data is matters to whoever reads the page now.
    age = dt.datetime.now(dt.UTC) - as_of
    limit = dt.timedelta(days=run.settings.thresholds.stale_after_days)
    if age > limit:
        st.badge(
            t("ui.stale", when=texts.moment(as_of, run.language), days=age.days),
            icon=":material/history:",
            color="orange",
        )
    else:
        st.caption(f":material/database: {text}")
