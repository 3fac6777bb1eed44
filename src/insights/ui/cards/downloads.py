"""Buttons that give away what is shown: the page's tables, and all rows behind a number."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import sqlalchemy as sa
import streamlit as st

from insights import texts
from insights.asking import Desk
from insights.filters import Filters
from insights.ui.cards import drawn, give, tables
from insights.ui.cards.card import File
from insights.ui.cards.export import XLSX, csv_bytes, xlsx_bytes
from insights.ui.run import Rows, Run, data, local, names, t
from insights.warehouse import served_instead


def popover(run: Run, more: Callable[[], None]) -> None:
    """Draw the page's one export button: the tables shown, as CSV or as a workbook, and what else it offers."""
    if not run.exports or not run.may("export"):
        return
    keys = [row["metric"] for rows in run.exports.values() for row in rows if "metric" in row]
    stem = f"{run.page}-{run.desk.filters.until or data.last_day(run.desk)}"
    with st.popover(t(run, "ui.export"), icon=":material/download:", key="export"):
        st.caption(t(run, "ui.export_help"))
        give.button(
            t(run, "ui.export_xlsx"),
            partial(_workbook, run, keys),
            f"{stem}.xlsx",
            XLSX,
            icon="table_view",
            width="stretch",
            key="export_xlsx",
        )
        st.segmented_control(
            t(run, "picture.kind"),
            drawn.PICTURES,
            key="picture_kind",
            default=drawn.picture_kind(),
            required=True,
            format_func=str.upper,
            help=t(run, "picture.help"),
        )
        more()
        for i, (name, rows) in enumerate(run.exports.items()):
            give.button(
                f"{name} · CSV", partial(_csv, run, rows), f"{stem}-{i + 1}.csv", width="stretch", key=f"export_csv_{i}"
            )


def _csv(run: Run, rows: Rows) -> bytes:
    return csv_bytes(tables.readable(run, rows))


def _workbook(run: Run, keys: Iterable[str]) -> bytes:
    sheets = {name: tables.readable(run, rows) for name, rows in run.exports.items()}
    return xlsx_bytes(sheets, about(run, keys), t(run, "ui.about_sheet"))


def about(run: Run, keys: Iterable[str]) -> list[tuple[str, str]]:
    """Return what a reader of the file must know: page, filters, data state, and each metric's definition."""
    found = [(t(run, "ui.page"), t(run, f"pages.{run.page}.title")), *asked(run.desk)]
    found += [(t(run, "ui.rows_in", table=title), names.count(run, len(rows))) for title, rows in run.exports.items()]
    found += [(f"{names.name(run, k)} ({k})", t(run, f"metrics.{k}.definition")) for k in dict.fromkeys(keys)]
    return found


def asked(desk: Desk) -> list[tuple[str, str]]:
    """Return what was asked of which data: filters, clock, moment and version."""
    return [*_chosen(desk), (t(desk, "ui.clock"), t(desk, f"ui.clock_{desk.filters.clock}")), *_state(desk)]


def _chosen(desk: Desk) -> list[tuple[str, str]]:
    chosen, before = desk.filters, desk.filters.compared()
    period = names.span(desk, chosen.since or data.first_day(desk), chosen.until or data.last_day(desk))
    known = before and before.until and before.until >= data.first_day(desk)
    other = [(t(desk, "ui.compare"), names.span(desk, before.since, before.until))] if before and known else []
    said = [(d, ", ".join(names.member(desk, d, v) for v in values)) for d, values in chosen.values]
    return [(t(desk, "ui.period"), period), *other, *((names.dimension(desk, d), values) for d, values in said)]


def _state(desk: Desk) -> list[tuple[str, str]]:
    as_of = f"{texts.moment(local(desk, desk.at), desk.language)} ({desk.settings.company.time_zone})"
    held, why = desk.warehouse, []
    if held.instead_since:  # a file outlives the page that said it
        why = [t(desk, f"warnings.{key}", **values) for key, values in served_instead(held, desk.settings)]
    return [
        (t(desk, "ui.as_of"), as_of),
        (t(desk, "ui.warehouse_version"), ". ".join([str(held.version), *why])),
        (t(desk, "ui.load_id"), str(data.last_load(desk) or texts.DASH)),
        (t(desk, "reconcile_page.rules"), t(desk, f"words.rules.{data.rules(desk)}")),
    ]


def both(desk: Desk, of: File, place: str) -> None:
    """Draw the two files of rows: CSV, and a workbook whose last sheet says what they are."""
    plain, workbook = of.label or t(desk, "ui.download_all"), t(desk, "ui.export_xlsx")
    with st.container(horizontal=True, gap="small"):
        give.button(plain, lambda: csv_bytes(of.rows()), f"{of.stem}.csv", key=f"csv_{place}")
        give.button(workbook, lambda: book(desk, of), f"{of.stem}.xlsx", XLSX, icon="table_view", key=f"xlsx_{place}")


def book(desk: Desk, of: File) -> bytes:
    """Return the workbook of rows: they, and a sheet that says what was asked of what data."""
    every = desk.with_filters(Filters())
    told = [(t(desk, "ui.filters"), t(desk, "ui.filters_none")), *_state(every)] if of.whole else asked(desk)
    told = [*told, (t(desk, "ui.rows_in", table=of.title), names.count(desk, of.n)), of.meaning]
    return xlsx_bytes({of.title: of.rows()}, told, t(desk, "ui.about_sheet"))


def behind(desk: Desk, key: str, select: sa.Select[Any], n: int, *, stem: str = "") -> File:
    """Return the file of rows behind a metric."""
    meaning = (f"{names.name(desk, key)} ({key})", t(desk, f"metrics.{key}.definition"))
    return File(stem or key, names.short(desk, key), lambda: tables.streamed(desk, select), n, meaning)
