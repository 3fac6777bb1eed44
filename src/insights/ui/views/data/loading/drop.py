"""The load page: drop exports, watch them being read, and see what became of each of their rows."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from insights import scratch, sources, texts
from insights.errors import InsightsError
from insights.ui.run import Run, progress, seen, t
from insights.ui.views.data.loading.arrivals import arrivals
from insights.ui.views.data.loading.held import file_name
from insights.ui.views.data.loading.outcome import outcome
from insights.warehouse import LoadRefused, load_in_process

Options = dict[str, str | None]
CODECS = ("utf-8", "utf-16", "windows-1254", "iso-8859-9", "windows-1252", "cp857", "cp850", "mac-turkish")
ORDERS = ("dmy", "mdy", "ymd")
DELIMITERS = ("comma", "semicolon", "tab", "pipe", "space")


def drop(run: Run) -> None:
    """Draw the drop zone and, once files were loaded, what became of each of their rows."""
    with st.container(border=True, key="card_drop"):
        st.header(t(run, "upload.drop"), anchor=False)
        st.caption(t(run, "upload.drop_help"))
        _uploader_words(run)
        round_ = st.session_state.setdefault("load_round", 0)
        files = st.file_uploader(
            t(run, "upload.files"), accept_multiple_files=True, key=f"files_{round_}", label_visibility="collapsed"
        )
        with st.expander(t(run, "upload.options"), icon=":material/tune:"):
            options = _options(run)
        everything = st.checkbox(t(run, "upload.complete"), help=t(run, "upload.complete_help"), key="load_complete")
        options |= {"complete": "" if everything else None}
        load = partial(_load, run, files, {**options, "source": None}, dry_run=False)
        waiting = arrivals(run, files, options, load)
        with st.container(horizontal=True, gap="small"):
            start = st.button(
                t(run, "upload.start"),
                type="primary",
                icon=":material/upload:",
                disabled=not files or waiting,
                key="load_start",
            )
            check = st.button(
                t(run, "upload.check"),
                icon=":material/fact_check:",
                disabled=not files or waiting,
                key="load_check",
            )
        if files and (start or check):
            _load(run, files, options, dry_run=check)
    outcome(run, files, options, load, waiting=waiting)


def _uploader_words(run: Run) -> None:
    """Say the uploader's own words in the reader's language: Streamlit knows them in English alone."""
    size = st.get_option("server.maxUploadSize")
    zone = "[data-testid='stFileUploaderDropzone']"
    rules = (
        (f"{zone} button p", t(run, "upload.pick")),
        ("[data-testid='stFileUploaderDropzoneInstructions'] span", t(run, "upload.limit", size=size)),
    )
    styles = (f"{of} {{ font-size: 0 }} {of}::after {{ content: '{word}'; font-size: 0.93rem }}" for of, word in rules)
    st.html(f"<style>{' '.join(styles)}</style>")


def _options(run: Run) -> Options:
    known = [p.name for p in sources.profiles(run.settings.profiles)]
    marks: dict[str | None, str] = {",": t(run, "wizard.decimal_comma"), ".": t(run, "wizard.decimal_point")}
    left, right = st.columns(2)
    with left:
        found = {
            "source": _choice(run, "source", {name: name for name in known}),
            "date-order": _choice(run, "date_order", {o: t(run, f"upload.order_{o}") for o in ORDERS}),
            "decimal": _choice(run, "decimal", marks),
            "sheet": _written(run, "sheet", t(run, "upload.recognise")),
        }
    with right:
        return found | {
            "timezone": _written(run, "timezone", run.settings.company.time_zone),
            "encoding": _choice(run, "encoding", {codec: codec for codec in CODECS}),
            "delimiter": _choice(run, "delimiter", {d: t(run, f"upload.delimiter_{d}") for d in DELIMITERS}),
            "mend-letters": "" if st.checkbox(t(run, "upload.mend"), key="load_mend") else None,
        }


def _choice(run: Run, name: str, said: Mapping[str | None, str]) -> str | None:
    """Let the reader say what is else recognised."""
    words: dict[str | None, str] = {None: t(run, "upload.recognise"), **said}
    label = t(run, "wizard.decimal" if name == "decimal" else f"upload.{name}")
    picked: str | None = st.selectbox(label, list(words), format_func=words.__getitem__, key=f"load_{name}")
    return picked


def _written(run: Run, name: str, otherwise: str) -> str | None:
    return st.text_input(t(run, f"upload.{name}"), placeholder=otherwise, key=f"load_{name}") or None


def _load(run: Run, files: Sequence[Any], options: Mapping[str, str | None], *, dry_run: bool) -> None:
    bar = st.progress(0.0, text=t(run, "loading.stage_copy"))
    st.session_state["load_report"] = found = _report(run, files, options, bar, dry_run)
    bar.empty()
    if not dry_run and "report" in found:
        # An emptied drop zone, and every number of the page from the version just published.
        st.session_state["load_round"] += 1
        st.rerun()


def _report(
    run: Run, files: Sequence[Any], options: Mapping[str, str | None], bar: DeltaGenerator, dry_run: bool
) -> dict[str, Any]:
    try:
        with scratch.folder() as directory:
            paths = [_stored(directory, i, file) for i, file in enumerate(files)]
            shown: dict[str, Any] = {"language": run.language, "progress": progress.on(run, bar)}
            report = load_in_process(paths, run.settings, options=options, dry_run=dry_run, **shown)
        if report["version"] is not None:
            seen.did(run, "load", files=[file_name(file) for file in files], version=report["version"])
        return {"report": report, "dry_run": dry_run}
    except LoadRefused as refused:
        said = str(refused.details.get("message", refused))
        return {"refused": said, "kind": refused.kind, "file": refused.details.get("file")}
    except InsightsError as error:
        return {"refused": texts.error(error, run.language)}


def _stored(directory: Path, place: int, file: Any) -> Path:
    """Keep an upload under a name that cannot leave its folder; the loader shows the name as it was given."""
    inside = directory / str(place)
    inside.mkdir()
    path = inside / file_name(file)
    path.write_bytes(file.getvalue())
    return path
