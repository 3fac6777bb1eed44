"""The load page: drop exports, watch them being read, see what came in, take the last load back."""

import datetime as dt
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import streamlit as st

from insights import schema, sources, texts
from insights.errors import InsightsError
from insights.sources import corrections
from insights.ui.cards import export, progress, tables
from insights.ui.run import here, local, names, t
from insights.ui.run.safe import literal
from insights.ui.views.data.unknown_words import unknown_words
from insights.ui.views.data.wizard import file_name, wizard
from insights.warehouse import LoadRefused, load_in_process, undo
from insights.warehouse import status as warehouse_status

Report = Mapping[str, Any]
SHOWN = 1000


def drop() -> None:
    """Draw the drop zone and, once files were loaded, what became of each of their rows."""
    with st.container(border=True, key="card_drop"):
        st.header(t("upload.drop"), anchor=False)
        st.caption(t("upload.drop_help"))
        _uploader_words()
        round_ = st.session_state.setdefault("load_round", 0)
        files = st.file_uploader(
            t("upload.files"), accept_multiple_files=True, key=f"files_{round_}", label_visibility="collapsed"
        )
        with st.expander(t("upload.options"), icon=":material/tune:"):
            options = _options()
        with st.container(horizontal=True, gap="small"):
            start = st.button(
                t("upload.start"), type="primary", icon=":material/upload:", disabled=not files, key="load_start"
            )
            check = st.button(t("upload.check"), icon=":material/fact_check:", disabled=not files, key="load_check")
        if files and (start or check):
            _load(files, options, dry_run=check)
        _outcome(files, options)


def _uploader_words() -> None:
    """Say the uploader's own words in the reader's language: Streamlit knows them in English alone."""
    size = st.get_option("server.maxUploadSize")
    zone = "[data-testid='stFileUploaderDropzone']"
    rules = (
        (f"{zone} button p", t("upload.pick")),
        ("[data-testid='stFileUploaderDropzoneInstructions'] span", t("upload.limit", size=size)),
    )
    styles = (f"{of} {{ font-size: 0 }} {of}::after {{ content: '{word}'; font-size: 0.93rem }}" for of, word in rules)
    st.html(f"<style>{' '.join(styles)}</style>")


def _options() -> dict[str, str | None]:
    run = here()
    known = [p.name for p in sources.profiles(run.settings.profiles)]
    left, right = st.columns(2)
    with left:
        source = st.selectbox(
            t("upload.source"), [None, *known], format_func=lambda p: p or t("upload.recognise"), key="load_source"
        )
        order = st.selectbox(
            t("upload.date_order"), [None, "dmy", "mdy", "ymd"], key="load_date_order",
            format_func=lambda o: t(f"upload.order_{o}") if o else t("upload.recognise"),
        )  # fmt: skip
        marks = {None: t("upload.recognise"), ",": t("wizard.decimal_comma"), ".": t("wizard.decimal_point")}
        decimal = st.selectbox(
            t("wizard.decimal"), [None, ",", "."], key="load_decimal", format_func=lambda m: marks[m]
        )  # fmt: skip
        sheet = st.text_input(t("upload.sheet"), placeholder=t("upload.recognise"), key="load_sheet")
    with right:
        zone = st.text_input(t("upload.timezone"), placeholder=run.settings.company.time_zone, key="load_timezone")
        encoding = st.selectbox(
            t("upload.encoding"), [None, "utf-8", "utf-16", "windows-1254", "iso-8859-9", "windows-1252"],
            key="load_encoding", format_func=lambda e: e or t("upload.recognise"),
        )  # fmt: skip
        delimiter = st.selectbox(
            t("upload.delimiter"), [None, "comma", "semicolon", "tab", "pipe", "space"], key="load_delimiter",
            format_func=lambda d: t(f"upload.delimiter_{d}") if d else t("upload.recognise"),
        )  # fmt: skip
    return {
        "source": source, "date-order": order, "timezone": zone or None, "encoding": encoding, "decimal": decimal,
        "delimiter": delimiter, "sheet": sheet or None,
    }  # fmt: skip


def _load(files: Sequence[Any], options: Mapping[str, str | None], *, dry_run: bool) -> None:
    run = here()
    bar = st.progress(0.0, text=t("loading.stage_copy"))
    try:
        with tempfile.TemporaryDirectory() as directory:
            paths = [_stored(Path(directory), i, file) for i, file in enumerate(files)]
            report = load_in_process(
                paths, run.settings, options=options, language=run.language, dry_run=dry_run,
                progress=lambda event: progress.show(bar, event),
            )  # fmt: skip
        st.session_state["load_report"] = {"report": report, "dry_run": dry_run}
    except LoadRefused as refused:
        said = str(refused.details.get("message", refused))
        st.session_state["load_report"] = {"refused": said, "kind": refused.kind, "file": refused.details.get("file")}
    except InsightsError as error:
        st.session_state["load_report"] = {"refused": texts.error(error, run.language)}
    bar.empty()
    if not dry_run and "report" in st.session_state["load_report"]:
        # An emptied drop zone, and every number of the page from the version just published.
        st.session_state["load_round"] += 1
        st.rerun()


def _stored(directory: Path, place: int, file: Any) -> Path:
    """Keep an upload under a name that cannot leave its folder; the loader shows the name as it was given."""
    inside = directory / str(place)
    inside.mkdir()
    path = inside / file_name(file)
    path.write_bytes(file.getvalue())
    return path


def _outcome(files: Sequence[Any], options: Mapping[str, str | None]) -> None:
    outcome = st.session_state.get("load_report")
    if not outcome:
        return
    if "refused" in outcome:
        st.error(literal(outcome["refused"]), title=t("upload.refused"), icon=":material/block:")
        wizard(files, outcome, options, lambda: _load(files, {**options, "source": None}, dry_run=False))
        return
    report, dry_run = outcome["report"], outcome["dry_run"]
    text = "upload.checked" if dry_run else "upload.loaded" if report.get("published", True) else "upload.nothing_new"
    rows = sum(f["rows_read"] for f in report["files"])
    said = t(text, files=names.count(len(report["files"])), rows=names.count(rows))
    (st.info if dry_run else st.success)(said, icon=":material/fact_check:" if dry_run else ":material/check_circle:")
    counted = [_file_line(f) for f in report["files"]]
    st.dataframe(
        tables.plain_frame(counted), hide_index=True, alt=t("upload.outcome_alt"), column_config=_line_config()
    )
    for file in report["files"]:
        _reasons(file)
    if not dry_run and (set_aside := _rejects(report["load_id"])):
        with st.expander(t("upload.rejects", count=names.count(len(set_aside))), icon=":material/rule:", expanded=True):
            tables.records(set_aside[:SHOWN], alt=t("upload.rejects_alt"), height=320)
            st.download_button(
                t("upload.download_rejects"), lambda: export.csv_bytes(set_aside), f"rejects-{report['load_id']}.csv",
                "text/csv", on_click="ignore", icon=":material/download:", key="rejects_csv",
            )  # fmt: skip
            _to_correct(report["load_id"], set_aside)
        unknown_words(report["files"], set_aside)


def _file_line(file: Report) -> dict[str, Any]:
    read = [file.get("encoding"), file.get("delimiter"), file.get("date_order"), _decimal(file.get("decimal"))]
    return {
        "file": Path(file["path"]).name,
        "source": file["source"],
        "read_as": " · ".join(_seen(r) for r in read if r),
        "read": file["rows_read"],
        "inserted": file["rows_inserted"],
        "updated": file["rows_updated"],
        "unchanged": file["rows_unchanged"],
        "rejected": file["rows_rejected"],
        "warnings": sum(file["warnings"].values()),
    }


def _decimal(mark: str | None) -> str | None:
    return {",": "1.234,5", ".": "1,234.5"}.get(mark or "")


def _seen(text: str) -> str:
    return {"\t": "TAB", ";": ";", ",": ","}.get(text, text)


def _line_config() -> dict[str, Any]:
    wide = {"file", "source", "read_as"}
    columns = ("file", "source", "read_as", "read", "inserted", "updated", "unchanged", "rejected", "warnings")
    return {
        c: st.column_config.TextColumn(t(f"upload.{c}"), alignment="left" if c in wide else "right") for c in columns
    }


def _reasons(file: Report) -> None:
    for kind in ("rejects", "warnings"):
        for reason, count in file[kind].items():
            language = here().language
            said = texts.t(f"reasons.{reason}", language) if texts.has(f"reasons.{reason}", language) else reason
            icon = ":material/block:" if kind == "rejects" else ":material/warning:"
            st.markdown(f"{icon} {literal(Path(file['path']).name)}: **{names.count(count)}** {literal(said)}")


def _rejects(load_id: int) -> list[dict[str, Any]]:
    table = schema.rejects
    select = sa.select(table).where(table.c.load_id == load_id).order_by(table.c.file, table.c.line, table.c.column)
    return here().data.fetch(select) if here().warehouse else []


def _to_correct(load_id: int, set_aside: list[dict[str, Any]]) -> None:
    """Draw a download per file: its rejected rows as it wrote them, to be corrected and loaded again."""
    loads = here().data.fetch(sa.select(schema.loads).where(schema.loads.c.load_id == load_id))
    files = corrections.files([r for r in set_aside if r["row_rejected"]], loads)
    for place, (name, content) in enumerate(files.items()):
        st.download_button(
            t("upload.download_to_correct", file=literal(name)), content, name, "text/csv", on_click="ignore",
            icon=":material/edit_document:", key=f"to_correct_{place}", help=t("upload.to_correct_help"),
        )  # fmt: skip


def history() -> None:
    """Draw every load there was, newest first, and the way back to before the last one."""
    run = here()
    with st.container(border=True, key="card_history"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.header(t("upload.history"), anchor=False, width="content")
            if st.button(t("upload.undo"), icon=":material/undo:", key="undo", disabled=run.warehouse is None):
                _confirm()
        if note := st.session_state.pop("undo_note", None):
            st.info(note, icon=":material/info:")
        if run.warehouse is None:
            return
        table = schema.loads
        found = run.data.fetch(sa.select(table).order_by(table.c.load_id.desc(), table.c.file).limit(200))
        if found:
            shown = [_history_line(row) for row in found]
            st.dataframe(
                tables.plain_frame(shown), hide_index=True, alt=t("upload.history"),
                column_config=_line_config()
                | {c: t(f"upload.{c}") for c in ("load", "when", "as_of", "by")},
            )  # fmt: skip


def _history_line(row: Mapping[str, Any]) -> dict[str, Any]:
    language = here().language

    def when(moment: dt.datetime | None) -> str:
        return texts.moment(local(moment), language) if moment else texts.DASH

    return {
        "load": row["load_id"], "when": when(row["finished_at"]), "file": Path(row["file"]).name,
        "source": row["source"],
        "read": row["rows_read"], "inserted": row["rows_inserted"], "updated": row["rows_updated"],
        "unchanged": row["rows_unchanged"], "rejected": row["rows_rejected"], "warnings": row["warnings"],
        "as_of": when(row["as_of"]), "by": row["loaded_by"],
    }  # fmt: skip


def _confirm() -> None:
    st.dialog(t("upload.undo"), icon=":material/undo:")(_undo)()


def _undo() -> None:
    run = here()
    st.write(t("upload.undo_sure"))
    if st.button(t("upload.undo_yes"), type="primary", key="undo_yes"):
        try:
            undo(run.settings)
            st.session_state["undo_note"] = t("upload.undone")
        except InsightsError as error:
            st.session_state["undo_note"] = texts.error(error, run.language)
        st.session_state.pop("load_report", None)
        st.rerun()


def tables_held() -> None:
    """Draw what the current version holds: rows by table, its warnings, its file."""
    run = here()
    if run.warehouse is None:
        return
    held = warehouse_status(run.settings)
    with st.container(border=True, key="card_held"):
        st.header(t("upload.held"), anchor=False)
        st.caption(
            t("upload.held_caption", version=held.version, as_of=texts.moment(local(run.data.as_of), run.language))
        )
        for key, values in held.warnings:
            if key != "sample":
                st.warning(texts.t(f"warnings.{key}", run.language, **values), icon=":material/warning:")
        counts = [{"table": tables.heading(f"table_{n}"), "rows": c} for n, c in held.tables.items() if c]
        st.dataframe(
            tables.plain_frame(counts), hide_index=True, alt=t("upload.held"),
            column_config={
                "table": t("upload.table"), "rows": st.column_config.TextColumn(t("upload.rows"), alignment="right"),
            },
        )  # fmt: skip
