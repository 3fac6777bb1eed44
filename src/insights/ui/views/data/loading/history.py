"""Every load there was, the way back to before the last one, and what the current version holds."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from insights import texts
from insights.asking import books
from insights.errors import InsightsError
from insights.ui.cards import tables
from insights.ui.cards.card import Body, Card, Column, Table
from insights.ui.run import Reader, Run, local, seen, t
from insights.ui.views.data.loading.outcome import COUNTS, columns
from insights.warehouse import status, undo

LISTED = 200


def history(run: Run) -> Card:
    """Return the card of every load there was, newest first, and the way back to before the last one."""
    title = t(run, "upload.history")

    def make(_: str) -> Body:
        found = books.loads(run.desk, limit=LISTED) if run.opened else []
        return Body(table=listed(run, found), alt=title, below=lambda: _way_back(run))

    return Card("history", None, title, make)


def listed(to: Reader, loads: Sequence[Mapping[str, Any]]) -> Table | None:
    """Return loads as a table, None where there were none."""
    if not loads:
        return None
    every = columns(to) | {c: Column(t(to, f"upload.{c}")) for c in ("load", "when", "as_of", "by")}
    shown = [_line(to, row) for row in loads]
    return tables.plain(to, shown, {c: every[c] for c in shown[0]})


def _way_back(run: Run) -> None:
    if st.button(t(run, "upload.undo"), icon=":material/undo:", key="undo", disabled=run.opened is None):
        st.dialog(t(run, "upload.undo"), icon=":material/undo:")(_undo)(run)
    if note := st.session_state.pop("undo_note", None):
        st.info(note, icon=":material/info:")


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
        seen.did(run, "undo", version=undo(run.settings))
        st.session_state["undo_note"] = t(run, "upload.undone")
    except InsightsError as error:
        st.session_state["undo_note"] = texts.error(error, run.language)
    st.session_state.pop("load_report", None)
    st.rerun()


def tables_held(run: Run) -> Card:
    """Return the card of what the current version holds: rows by table, its warnings."""
    held, title = status(run.settings), t(run, "upload.held")

    def make(_: str) -> Body:
        said = [t(run, f"warnings.{key}", **values) for key, values in held.warnings if key != "sample"]
        counts = [{"table": tables.heading(run, f"table_{n}"), "rows": c} for n, c in held.tables.items() if c]
        heads = {"table": Column(t(run, "upload.table")), "rows": Column(t(run, "upload.rows"), right=True)}
        return Body(table=tables.plain(run, counts, heads), alt=title, warnings=said)

    as_of = _said(run, run.desk.warehouse.as_of)
    return Card("held", None, title, make, t(run, "upload.held_caption", version=held.version, as_of=as_of))
