"""What became of a load: every file's rows counted, the rows set aside to be corrected, words no map knows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from insights.asking import Desk, books
from insights.sources import corrections
from insights.sources.notices import Notice
from insights.sources.proposing.arrival import UNKNOWN
from insights.ui.cards import tables
from insights.ui.cards.card import Body, Card, Column, Download, File
from insights.ui.cards.draw import show
from insights.ui.kinds.findings import asked, listing
from insights.ui.run import Reader, Run, names, t
from insights.ui.run.safe import literal
from insights.ui.views.data.loading.unknown_words import unknown_words
from insights.ui.views.data.loading.used import notices, used_and_unused
from insights.ui.views.data.loading.wizard import wizard

Report = Mapping[str, Any]
SHOWN, FEW = 1000, 8
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
    loaded = Loaded(found["report"], found["dry_run"])
    _done(run, loaded)
    show(files_read(run, loaded))
    if not loaded.dry_run:
        _after(run, loaded.report)


@dataclass(frozen=True)
class Loaded:
    """What the loader said, and whether it only tried."""

    report: Report
    dry_run: bool


def _done(run: Run, loaded: Loaded) -> None:
    """Say in one line what the load came to."""
    files, read = loaded.report["files"], sum(f["rows_read"] for f in loaded.report["files"])
    text = "checked" if loaded.dry_run else "loaded" if loaded.report.get("published", True) else "nothing_new"
    said = t(run, f"upload.{text}", files=names.count(run, len(files)), rows=names.count(run, read))
    shown, icon = (st.info, "fact_check") if loaded.dry_run else (st.success, "check_circle")
    shown(said, icon=f":material/{icon}:")


def files_read(to: Reader, loaded: Loaded) -> Card:
    """Return the card of what became of the rows of each file, and what there is to know of each."""
    title, files = t(to, "upload.outcome_alt"), loaded.report["files"]

    def make(_: str) -> Body:
        return Body(
            table=tables.plain(to, [_file_line(f) for f in files], columns(to)),
            alt=title,
            warnings=[*_lost(to, loaded), *_left_out(to, loaded), *(said for f in files for said in _noticed(to, f))],
            notes=[said for f in files for said in _reasons(to, f)],
            asides=[aside for f in files for aside in _used(to, f)],
        )

    return Card("outcome", None, title, make)


def _lost(to: Reader, loaded: Loaded) -> list[str]:
    """Return how many tickets are gone by what complete files say."""
    gone, text = loaded.report.get("gone"), "would_go" if loaded.dry_run else "gone"
    return [t(to, f"upload.{text}", count=names.count(to, gone))] if gone else []


def _left_out(to: Reader, loaded: Loaded) -> list[str]:
    return [
        t(to, "loading.left_out", file=literal(refused["file"]), problem=literal(refused["message"]))
        for refused in loaded.report.get("left_out", ())
    ]


def _noticed(to: Reader, file: Report) -> list[str]:
    return notices(to, Path(file["path"]).name, map(Notice.from_json, file.get("notices", ())))


def _used(to: Reader, file: Report) -> list[tuple[str, str]]:
    """Return what of a file was used, where the report says so."""
    if not (held := file.get("columns_used")):
        return []
    head = t(to, "arrival.of_file", file=literal(Path(file["path"]).name))
    return [(head, "\n\n".join(used_and_unused(to, held, [*held, *file.get("columns_unused", ())])))]


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


def _reasons(to: Reader, file: Report) -> list[str]:
    name = literal(Path(file["path"]).name)
    return [
        f":material/{icon}: {name}: **{names.count(to, count)}** {literal(tables.reason(to, reason))}"
        for kind, icon in (("rejects", "block"), ("warnings", "warning"))
        for reason, count in file[kind].items()
    ]


def _after(run: Run, report: Report) -> None:
    """Draw what is gone by complete files, what was set aside, and words no map knows."""
    if not run.opened:
        return unknown_words(run, report["files"], ())
    if report.get("gone"):
        show(listing(run.desk, asked("gone")))
    if rows := books.set_aside(run.desk, report["load_id"]):
        show(set_aside(run.desk, report["load_id"], rows))
    unknown_words(run, report["files"], rows)


def set_aside(desk: Desk, load_id: int, rows: Sequence[Report]) -> Card:
    """Return the card of what a load set aside: a file of all of it, and each file's rows to correct and load again."""
    title = t(desk, "upload.rejects", count=names.count(desk, len(rows)))

    def make(_: str) -> Body:
        every = File(
            f"rejects-{load_id}",
            t(desk, "quality.aside_title"),
            lambda: rows,
            len(rows),
            (t(desk, "quality.aside_title"), t(desk, "quality.aside_reading")),
            t(desk, "upload.download_rejects"),
            whole=True,
        )
        shown = tables.records(desk, rows[:SHOWN], 320 if len(rows) > FEW else "content")
        again = _to_correct(desk, load_id, rows)
        return Body(table=shown, alt=t(desk, "upload.rejects_alt"), files=[every], downloads=again)

    return Card("rejects", desk, title, make)


def _to_correct(desk: Desk, load_id: int, rows: Sequence[Report]) -> list[Download]:
    """Return a download per file: its rejected rows as it wrote them, to be corrected and loaded again."""
    loads = books.loads(desk, load_id=load_id)
    files = corrections.files([r for r in rows if r["row_rejected"]], loads)
    return [
        Download(
            t(desk, "upload.download_to_correct", file=literal(name)),
            name,
            partial(bytes, content),
            "edit_document",
            t(desk, "upload.to_correct_help"),
        )
        for name, content in files.items()
    ]
