"""Every load there was, the way back to before the last one, and what the current version holds."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import streamlit as st

from insights import schema, texts
from insights.errors import InsightsError
from insights.ui.cards import drawn, tables
from insights.ui.cards.card import Column
from insights.ui.run import Reader, Run, local, t
from insights.ui.views.data.loading.outcome import COUNTS, columns
from insights.warehouse import status, undo

LISTED = 200


def history(run: Run) -> None:
    """Draw every load there was, newest first, and the way back to before the last one."""
    with st.container(border=True, key="card_history"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.header(t(run, "upload.history"), anchor=False, width="content")
            if st.button(t(run, "upload.undo"), icon=":material/undo:", key="undo", disabled=run.opened is None):
                st.dialog(t(run, "upload.undo"), icon=":material/undo:")(_undo)(run)
        if note := st.session_state.pop("undo_note", None):
            st.info(note, icon=":material/info:")
        if run.opened is not None:
            _listed(run)


def _listed(run: Run) -> None:
    table = schema.loads
    found = run.desk.fetch(sa.select(table).order_by(table.c.load_id.desc(), table.c.file).limit(LISTED))
    if found:
        heads = {c: Column(t(run, f"upload.{c}")) for c in ("load", "when", "as_of", "by")}
        shown = [_line(run, row) for row in found]
        every = columns(run) | heads
        drawn.table(
            tables.plain(run, shown, {c: every[c] for c in shown[0]}), alt=t(run, "upload.history"), key="loads"
        )


def _line(to: Reader, row: Mapping[str, Any]) -> dict[str, Any]:
    counts = {name: row["warnings" if name == "warnings" else f"rows_{name}"] for name in COUNTS}
    what = {"file": Path(row["file"]).name, "source": row["source"]}
    said = {"as_of": _said(to, row["as_of"]), "by": row["loaded_by"]}
    return {"load": row["load_id"], "when": _said(to, row["finished_at"]), **what, **counts, **said}


def _said(to: Reader, moment: dt.datetime | None) -> str:
    return texts.moment(local(to, moment) if moment else None, to.language)


def _undo(run: Run) -> None:
    st.write(t(run, "upload.undo_sure"))
    if not st.button(t(run, "upload.undo_yes"), type="primary", key="undo_yes"):
        return
    try:
        undo(run.settings)
        st.session_state["undo_note"] = t(run, "upload.undone")
    except InsightsError as error:
        st.session_state["undo_note"] = texts.error(error, run.language)
    st.session_state.pop("load_report", None)
    st.rerun()


def tables_held(run: Run) -> None:
    """Draw what the current version holds: rows by table, its warnings, its file."""
    if run.opened is None:
        return
    held = status(run.settings)
    with st.container(border=True, key="card_held"):
        st.header(t(run, "upload.held"), anchor=False)
        as_of = _said(run, run.desk.warehouse.as_of)
        st.caption(t(run, "upload.held_caption", version=held.version, as_of=as_of))
        for key, values in held.warnings:
            if key != "sample":
                st.warning(t(run, f"warnings.{key}", **values), icon=":material/warning:")
        counts = [{"table": tables.heading(run, f"table_{n}"), "rows": c} for n, c in held.tables.items() if c]
        heads = {"table": Column(t(run, "upload.table")), "rows": Column(t(run, "upload.rows"), right=True)}
        drawn.table(tables.plain(run, counts, heads), alt=t(run, "upload.held"), key="held")
