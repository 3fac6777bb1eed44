"""The rows behind a number in the drawer: worst or newest first, all or only those that pull it down, as files."""

from collections.abc import Mapping
from typing import Any, Literal

import sqlalchemy as sa
import streamlit as st

from insights.asking import Desk
from insights.metrics import METRICS, Number, selects
from insights.ui.cards import downloads, drawn, give, tables
from insights.ui.cards.export import XLSX, csv_bytes, xlsx_bytes
from insights.ui.run import names, t

SHOWN = 500
TELLING = (
    "day", "score", "ticket_id", "comment", "subject", "state", "due_at", "first_response_s", "full_resolution_s",
    "customer_id", "category", "team", "agent", "priority", "channel", "created_at",
)  # fmt: skip
"""Columns that tell a reader most, in their order; the others follow."""
Only = Literal["all", "against"]
Row = Mapping[str, Any]


def against(key: str) -> float | None:
    """Return the value of the rows that pull a share the wrong way; None where there is none."""
    metric = METRICS[key]
    return {"up": 0, "down": 1}.get(metric.better) if metric.measure == "share" else None


def asked(desk: Desk, key: str, only: Only = "all") -> sa.Select[Any]:
    """Return the SELECT of the rows behind a number, worst first where its rows have a value, then newest first."""
    listed = selects.rows(desk.question([key]), excluded=False).order_by(None).subquery("listed")
    metric, order = METRICS[key], [listed.c.day.desc().nulls_last(), *(listed.c[i] for i in METRICS[key].base.ids)]
    if metric.measure not in ("count", "sum") and metric.better != "context":
        worst = listed.c.value.asc() if metric.better == "up" else listed.c.value.desc()
        scored = [listed.c.score.asc().nulls_last()] if "score" in listed.c and metric.better == "up" else []
        order = [worst.nulls_last(), *scored, *order]
    chosen = [listed.c.value == against(key)] if only == "against" else []
    return sa.select(listed).where(*chosen).order_by(*order)


def choice(desk: Desk, number: Number) -> Only:
    """Let the reader choose all rows or only those against the number, each with its count."""
    if against(number.metric) is None or number.hits is None:
        return "all"
    bad = number.n - number.hits if METRICS[number.metric].better == "up" else number.hits
    said: dict[Only, int] = {"all": number.n, "against": bad}
    picked: Only = st.pills(
        t(desk, "ui.part_rows"), list(said), default="all", key="drawer_only", required=True,
        format_func=lambda o: f"{t(desk, f'ui.only_{o}')} · {names.count(desk, said[o])}",
        label_visibility="collapsed",
    )  # fmt: skip
    return picked


def draw(desk: Desk, number: Number, only: Only, place: str = "rows") -> None:
    """Draw the rows with the way to their tickets, and the files of all of them."""
    key = number.metric
    select = asked(desk, key, only)
    found = desk.fetch(select.limit(SHOWN))
    total = number.n if only == "all" else _count(desk, select)
    text = "ui.rows_all" if len(found) >= total else "ui.rows_first"
    st.caption(t(desk, text, shown=names.count(desk, len(found)), total=names.count(desk, total)))
    if not found:
        return
    _files(desk, key, only, place)
    alt = t(desk, "ui.rows_alt", metric=names.name(desk, key))
    stories = "ticket_id" in found[0]
    if stories:
        st.caption(t(desk, "ui.pick_ticket"))
    drawn.led(tables.records(desk, [told(row) for row in found]), alt, f"{place}_{key}_{only}")


def told(row: Row) -> dict[str, Any]:
    """Return a row with its telling columns first."""
    first = [c for c in TELLING if c in row]
    return {c: row[c] for c in (*first, *(c for c in row if c not in first))}


def _count(desk: Desk, select: sa.Select[Any]) -> int:
    counted = sa.select(sa.func.count().label("n")).select_from(select.order_by(None).subquery("counted"))
    return int(desk.fetch(counted)[0]["n"])


def _files(desk: Desk, key: str, only: Only, place: str) -> None:
    stem = key if only == "all" else f"{key}-{only}"
    select = asked(desk, key, only)
    with st.container(horizontal=True, gap="small"):
        plain, book = t(desk, "ui.download_all"), t(desk, "ui.export_xlsx")
        give.button(plain, lambda: csv_bytes(tables.streamed(desk, select)), f"{stem}.csv", key=f"csv_{place}_{key}")
        give.button(
            book, lambda: _workbook(desk, key, select), f"{stem}.xlsx", XLSX, icon="table_view",
            key=f"xlsx_{place}_{key}",
        )  # fmt: skip


def _workbook(desk: Desk, key: str, select: sa.Select[Any]) -> bytes:
    about = [*downloads.asked(desk), (f"{names.name(desk, key)} ({key})", t(desk, f"metrics.{key}.definition"))]
    return xlsx_bytes({names.short(desk, key): tables.streamed(desk, select)}, about, t(desk, "ui.about_sheet"))
