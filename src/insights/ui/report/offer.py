"""The part of the export button that gives pages away as one printable file."""

from dataclasses import replace
from functools import partial

import streamlit as st

from insights.asking import Desk
from insights.ui.cards import give
from insights.ui.report import document, pdf
from insights.ui.run import Run, data, state, t
from insights.ui.run.places import Place

HTML, PDF = "text/html", "application/pdf"


def draw(run: Run, there: tuple[Place, ...]) -> None:
    """Draw the choice of pages, this one chosen, and the buttons; a PDF only where this machine can make one."""
    pages = {place.name: place for place in document.printable() if place in there}
    if not pages:
        return
    chosen = st.pills(
        t(run, "report.pages"),
        list(pages),
        default=[run.page] if run.page in pages else [],
        key="report_pages",
        selection_mode="multi",
        format_func=lambda name: t(run, f"pages.{name}.title"),
    )
    asked, stem = [pages[name] for name in pages if name in chosen], f"report-{data.last_day(run.desk)}"
    if not asked:
        return
    make = partial(document.report, run, _under(run), asked)
    give.button(t(run, "report.html"), make, f"{stem}.html", HTML, icon="article", width="stretch", key="report_html")
    if pdf.browser():
        give.button(
            t(run, "report.pdf"),
            lambda: pdf.printed(make()),
            f"{stem}.pdf",
            PDF,
            icon="picture_as_pdf",
            width="stretch",
            key="report_pdf",
        )
    else:
        st.caption(t(run, "errors.no_pdf"))


def _under(run: Run) -> Desk:
    """Return the desk under the view, also on a page that heeds no period: the other pages of the report do."""
    desk = run.desk
    days = state.span(run.view, data.last_day(desk), data.first_day(desk), data.starts(desk))
    return desk.with_filters(replace(desk.filters, since=days[0], until=days[1]))
