"""What became of a load: every file's rows counted, the rows set aside to be corrected, words no map knows."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from insights.asking import books
from insights.sources import corrections
from insights.sources.notices import Notice
from insights.sources.proposing.arrival import UNKNOWN
from insights.ui.cards import drawn, give, tables
from insights.ui.cards.card import Column
from insights.ui.cards.export import csv_bytes
from insights.ui.run import Reader, Run, data, names, t
from insights.ui.run.safe import literal
from insights.ui.views.data.loading.unknown_words import unknown_words
from insights.ui.views.data.loading.used import noticed, used_and_unused
from insights.ui.views.data.loading.wizard import wizard

Report = Mapping[str, Any]
SHOWN = 1000
WORDS = ("file", "source", "read_as")
COUNTS = ("read", "inserted", "updated", "unchanged", "rejected", "warnings")


def outcome(
    run: Run,
    files: Sequence[Any],
    options: Mapping[str, str | None],
    load: Callable[[], None],
    *,
    waiting: bool = False,
) -> None:
    """Draw what the last load came to; a file nobody knows leads to the wizard, which calls `load` at its end.

    `waiting` says that the wizard stands on the page already.
    """
    found = st.session_state.get("load_report")
    if not found:
        return
    if "refused" in found:
        if found.get("kind") not in UNKNOWN:
            st.error(literal(found["refused"]), title=t(run, "upload.refused"), icon=":material/block:")
        elif not waiting:  # one that is too large to be looked at before, or lies in an archive
            st.info(literal(found["refused"]), icon=":material/table:")
            wizard(run, files, found, options, load)
        return
    _counted(run, found["report"], found["dry_run"])
    if not found["dry_run"]:
        _set_aside(run, found["report"])


def _counted(run: Run, report: Report, dry_run: bool) -> None:
    files, read = report["files"], sum(f["rows_read"] for f in report["files"])
    text = "checked" if dry_run else "loaded" if report.get("published", True) else "nothing_new"
    said = t(run, f"upload.{text}", files=names.count(run, len(files)), rows=names.count(run, read))
    (st.info if dry_run else st.success)(said, icon=f":material/{'fact_check' if dry_run else 'check_circle'}:")
    if gone := report.get("gone"):
        said = "would_go" if dry_run else "gone"
        st.warning(t(run, f"upload.{said}", count=names.count(run, gone)), icon=":material/visibility_off:")
        if not dry_run:
            _listed_gone(run)
    for refused in report.get("left_out", ()):
        st.warning(t(run, "loading.left_out", file=literal(refused["file"]), problem=literal(refused["message"])))
    shown = tables.plain(run, [_file_line(f) for f in files], columns(run))
    drawn.table(shown, alt=t(run, "upload.outcome_alt"), key="outcome")
    for file in files:
        _reasons(run, file)
        noticed(run, Path(file["path"]).name, map(Notice.from_json, file.get("notices", ())))
        _used(run, file)


def _listed_gone(run: Run) -> None:
    """Draw the tickets that are gone by what complete files say, the newest absence first."""
    if run.opened and (rows := data.study(run.desk, "gone").rows):
        with st.expander(t(run, "studies.gone.name"), icon=":material/visibility_off:"):
            drawn.table(tables.records(run, rows[:SHOWN], 320), alt=t(run, "studies.gone.definition"), key="gone")


def _used(run: Run, file: Report) -> None:
    """Draw what of a file was used, where the report says so."""
    if held := file.get("columns_used"):
        with st.expander(t(run, "arrival.of_file", file=literal(Path(file["path"]).name))):
            used_and_unused(run, held, [*held, *file.get("columns_unused", ())])


def columns(to: Reader) -> dict[str, Column]:
    """Return the columns of a table of loaded files."""
    return {c: Column(t(to, f"upload.{c}"), right=c in COUNTS) for c in (*WORDS, *COUNTS)}


def _file_line(file: Report) -> dict[str, Any]:
    read = [file.get("encoding"), file.get("delimiter"), file.get("date_order"), _decimal(file.get("decimal"))]
    return {
        "file": Path(file["path"]).name,
        "source": file["source"],
        "read_as": " · ".join(_seen(r) for r in read if r),
        **{name: file[f"rows_{name}"] for name in COUNTS if name != "warnings"},
        "warnings": sum(file["warnings"].values()),
    }


def _decimal(mark: str | None) -> str | None:
    return {",": "1.234,5", ".": "1,234.5"}.get(mark or "")


def _seen(text: str) -> str:
    return {"\t": "TAB", ";": ";", ",": ","}.get(text, text)


def _reasons(to: Reader, file: Report) -> None:
    for kind, icon in (("rejects", "block"), ("warnings", "warning")):
        for reason, count in file[kind].items():
            name, said = literal(Path(file["path"]).name), literal(tables.reason(to, reason))
            st.markdown(f":material/{icon}: {name}: **{names.count(to, count)}** {said}")


def _set_aside(run: Run, report: Report) -> None:
    set_aside = _rejects(run, report["load_id"])
    if set_aside:
        head = t(run, "upload.rejects", count=names.count(run, len(set_aside)))
        with st.expander(head, icon=":material/rule:", expanded=True):
            shown = tables.records(run, set_aside[:SHOWN], 320)
            drawn.table(shown, alt=t(run, "upload.rejects_alt"), key="rejects")
            label, name = t(run, "upload.download_rejects"), f"rejects-{report['load_id']}.csv"
            give.button(label, lambda: csv_bytes(set_aside), name, icon="download", key="rejects_csv")
            _to_correct(run, report["load_id"], set_aside)
    unknown_words(run, report["files"], set_aside)


def _rejects(run: Run, load_id: int) -> list[dict[str, Any]]:
    return books.set_aside(run.desk, load_id) if run.opened else []


def _to_correct(run: Run, load_id: int, set_aside: list[dict[str, Any]]) -> None:
    """Draw a download per file: its rejected rows as it wrote them, to be corrected and loaded again."""
    loads = books.loads(run.desk, load_id=load_id)
    files = corrections.files([r for r in set_aside if r["row_rejected"]], loads)
    for place, (name, content) in enumerate(files.items()):
        give.button(
            t(run, "upload.download_to_correct", file=literal(name)), partial(bytes, content), name,
            icon="edit_document", key=f"to_correct_{place}", help=t(run, "upload.to_correct_help"),
        )  # fmt: skip
