"""Buttons that give away what is shown: the page's tables, and all rows behind a number."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import streamlit as st

from insights import texts
from insights.asking import Desk
from insights.ui.cards import drawn, give, tables
from insights.ui.cards.export import XLSX, csv_bytes, xlsx_bytes
from insights.ui.run import Rows, Run, data, local, names, t


def popover(run: Run, more: Callable[[], None]) -> None:
    """Draw the page's one export button: the tables shown, as CSV or as a workbook, and what else it offers."""
    if not run.exports or not run.may("export"):
        return
    keys = [row["metric"] for rows in run.exports.values() for row in rows if "metric" in row]
    facts, title = about(run, keys), t(run, "ui.about_sheet")
    stem = f"{run.page}-{run.desk.filters.until or data.last_day(run.desk)}"
    with st.popover(t(run, "ui.export"), icon=":material/download:", key="export"):
        st.caption(t(run, "ui.export_help"))
        give.button(
            t(run, "ui.export_xlsx"), partial(_workbook, run, facts, title), f"{stem}.xlsx", XLSX,
            icon="table_view", width="stretch", key="export_xlsx",
        )  # fmt: skip
        st.segmented_control(
            t(run, "picture.kind"), drawn.PICTURES, key="picture_kind", default=drawn.picture_kind(), required=True,
            format_func=str.upper, help=t(run, "picture.help"),
        )  # fmt: skip
        more()
        for i, (name, rows) in enumerate(run.exports.items()):
            give.button(
                f"{name} · CSV", partial(_csv, run, rows), f"{stem}-{i + 1}.csv", width="stretch", key=f"export_csv_{i}"
            )


def _csv(run: Run, rows: Rows) -> bytes:
    return csv_bytes(tables.readable(run, rows))


def _workbook(run: Run, facts: Sequence[tuple[str, str]], title: str) -> bytes:
    return xlsx_bytes({name: tables.readable(run, rows) for name, rows in run.exports.items()}, facts, title)


def about(run: Run, keys: Iterable[str]) -> list[tuple[str, str]]:
    """Return what a reader of the file must know: page, filters, data state, and each metric's definition."""
    found = [(t(run, "ui.page"), t(run, f"pages.{run.page}.title")), *asked(run.desk)]
    found += [(t(run, "ui.rows_in", table=title), names.count(run, len(rows))) for title, rows in run.exports.items()]
    found += [(f"{names.name(run, k)} ({k})", t(run, f"metrics.{k}.definition")) for k in dict.fromkeys(keys)]
    return found


def asked(desk: Desk) -> list[tuple[str, str]]:
    """Return what was asked of which data: filters, clock, moment and version."""
    return [*_chosen(desk), *_state(desk)]


def _chosen(desk: Desk) -> list[tuple[str, str]]:
    chosen = desk.filters
    period = f"{chosen.since or data.first_day(desk)} … {chosen.until or data.last_day(desk)}"
    said = [(d, ", ".join(names.member(desk, d, v) for v in values)) for d, values in chosen.values]
    return [(t(desk, "ui.period"), period), *((names.dimension(desk, d), values) for d, values in said)]


def _state(desk: Desk) -> list[tuple[str, str]]:
    as_of = f"{texts.moment(local(desk, desk.at), desk.language)} ({desk.settings.company.time_zone})"
    return [
        (t(desk, "ui.clock"), t(desk, f"ui.clock_{desk.filters.clock}")),
        (t(desk, "ui.as_of"), as_of),
        (t(desk, "ui.warehouse_version"), str(desk.warehouse.version)),
        (t(desk, "ui.load_id"), str(data.last_load(desk) or texts.DASH)),
        (t(desk, "reconcile_page.rules"), t(desk, f"words.rules.{data.rules(desk)}")),
    ]


def rows(desk: Desk, key: str, *, excluded: bool = False) -> None:
    """Draw the download of all rows behind a number, or of those left out; built only when clicked."""
    give.button(
        t(desk, "ui.download_all"), lambda: csv_bytes(tables.streamed(desk, desk.behind(key, excluded=excluded))),
        f"{key}{'-excluded' if excluded else ''}.csv", icon="download", key=f"download_{key}_{excluded}",
    )  # fmt: skip
