"""The mapping wizard: what the columns of an unknown file mean, proposed, corrected, previewed and remembered."""

import datetime as dt
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from insights import sources, texts
from insights.errors import FileRefused, InsightsError
from insights.settings import Settings
from insights.sources import ReadOptions
from insights.sources.proposing.draft import Draft, problems, save, slug, written
from insights.sources.proposing.glance import Preview, glance, preview
from insights.sources.proposing.propose import best
from insights.ui.cards import drawn, tables
from insights.ui.run import Run, names, t
from insights.ui.run.safe import literal
from insights.ui.views.data.mapping import Held, drafted, label, widget_key

Options = Mapping[str, str | None]
KINDS = ("unrecognised_format", "missing_required_column", "wrong_mapping")


def file_name(file: Any) -> str:
    """Return the name of an upload without any folder; one that is empty is called by its content."""
    name = Path(file.name.replace("\\", "/")).name.replace("\x00", "")
    return name[-150:] or hashlib.sha256(file.getvalue()).hexdigest()


def wizard(
    run: Run,
    files: Sequence[Any],
    refused: Mapping[str, Any],
    options: Mapping[str, str | None],
    load: Callable[[], None],
) -> None:
    """Draw the wizard for the upload that was refused as unknown; `load` is called once its mapping is remembered."""
    shown = str(refused.get("file") or "")
    first = shown.partition("/")[0]
    file = next((f for f in files if file_name(f) in (first, f"{first}.gz")), None)
    if refused.get("kind") not in KINDS or file is None:
        return
    try:
        held = _hold(file, shown, _read_options(run.settings, options))
    except FileRefused as error:
        st.warning(literal(texts.error(error, run.language)), title=t(run, "wizard.cannot"), icon=":material/table:")
        return
    with st.container(border=True, key="card_wizard"):
        st.header(t(run, "wizard.title"), anchor=False)
        st.caption(t(run, "wizard.caption", file=literal(shown)))
        draft = replace(drafted(run, held), encoding=options.get("encoding"))
        if _wrong(run, draft):
            return
        known = sources.profiles(run.settings.profiles)
        found = _preview(run, held, written(draft, known), _read_options(run.settings, options))
        name = _name(run, held)
        draft = replace(_settled(draft, found), name=name or "mapping", label=Path(shown).stem)
        _remember(run, name if found else None, written(draft, known), load)


def _settled(draft: Draft, found: Preview | None) -> Draft:
    """Return the draft with what this file proved of its dates and numbers: another export may prove nothing."""
    if found is None:
        return draft
    order = found.date_order if found.date_order in ("dmy", "mdy", "ymd") else None
    return replace(draft, date_order=draft.date_order or order, decimal=draft.decimal or found.decimal)


def _read_options(settings: Settings, options: Mapping[str, str | None]) -> ReadOptions:
    limits = sources.Limits(
        max_cell=settings.loading.max_cell, max_columns=settings.loading.max_columns,
        max_unpacked=int(settings.loading.max_unpacked_gb * 1e9),
    )  # fmt: skip
    return ReadOptions(
        encoding=options.get("encoding"), default_timezone=settings.company.time_zone, limits=limits,
        earliest=dt.datetime.combine(settings.loading.earliest, dt.time()),
    )  # fmt: skip


def _hold(file: Any, shown: str, options: ReadOptions) -> Held:
    """Return the file as held since the run before, or look at it now; it lies under its hash, not its name."""
    content = file.getvalue()
    digest = hashlib.sha256(content + shown.encode() + str(options.encoding).encode()).hexdigest()
    held: Held | None = st.session_state.get("wizard")
    if held is None or held.digest != digest:
        folder = Path(tempfile.mkdtemp(prefix="insights-"))
        path = folder / hashlib.sha256(content).hexdigest()
        path.write_bytes(content)
        try:
            sample = glance(path, shown, folder, options)
        except FileRefused:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        held = st.session_state["wizard"] = Held(digest, folder, sample, best(sample))
    return held


def _wrong(run: Run, draft: Draft) -> bool:
    """Say what makes the draft nonsense; True when something does."""
    found = problems(draft)
    for kind, column, other in found:
        said = t(run, f"wizard.wrong_{kind}", column=label(run, column), other=label(run, other) if other else "")
        st.warning(literal(said), icon=":material/rule:")
    return bool(found)


# -- what it would give, and keeping it ------------------------------------------------------------------------------


def _preview(run: Run, held: Held, toml: str, options: ReadOptions) -> Preview | None:
    """Draw the first rows as converted and return them; None when the file would be refused."""
    st.subheader(t(run, "wizard.preview"), anchor=False)
    if toml not in held.previews:
        try:
            held.previews[toml] = preview(held.sample, toml, options)
        except InsightsError as error:
            held.previews[toml] = error
    found = held.previews[toml]
    if isinstance(found, InsightsError):
        st.error(literal(texts.error(found, run.language)), title=t(run, "upload.refused"), icon=":material/block:")
        return None
    marked = [_marked(run, row, found) for row in found.rows]
    if marked:
        drawn.table(tables.records(run, marked), alt=t(run, "wizard.preview_alt"), key="wizard_preview")
    _counted(run, found)
    return found


def _marked(run: Run, row: Mapping[str, Any], found: Preview) -> dict[str, Any]:
    mine = [p for p in found.problems if p["line"] == row["line"]]
    aside = [t(run, "wizard.row_aside")] if any(p["row_rejected"] for p in mine) else []
    said = " · ".join(aside + [_problem(run, p) for p in mine])
    cells = {k: v for k, v in row.items() if k != "line" and not k.endswith("_raw")}
    return {"line": row["line"], "problems": said or None} | cells


def _problem(run: Run, problem: Mapping[str, Any]) -> str:
    reason = tables.reason(run, problem["reason"])
    column, value = problem["column"] or "", str(problem["value"] or "")[:60]
    said = "wizard.problem" if value.strip() else "wizard.problem_empty"
    return t(run, said, column=column, value=value, reason=reason)


def _counted(run: Run, found: Preview) -> None:
    """Say how many rows could not be read, and one example of each problem further down."""
    rows = names.count(run, found.read)
    kinds = {(p["column"], p["reason"]): p for p in reversed(found.problems)}
    if not kinds:
        st.success(t(run, "wizard.preview_all_good", rows=rows), icon=":material/check_circle:")
        return
    said = t(
        run,
        "wizard.preview_problems",
        rows=rows,
        rejected=names.count(run, found.rejected),
        cells=names.count(run, len(kinds)),
    )
    st.warning(said, icon=":material/warning:")
    for problem in list(reversed(kinds.values()))[:8]:
        count = names.count(run, problem["n"])
        st.markdown(
            literal(t(run, "wizard.more_problems", line=problem["line"], problem=_problem(run, problem), count=count))
        )


def _name(run: Run, held: Held) -> str | None:
    """Ask what the mapping is called; None when that name cannot be."""
    proposed = slug(Path(held.sample.name).stem)
    name = slug(st.text_input(t(run, "wizard.name"), proposed, key=widget_key(held, "name"), max_chars=60))
    if name in {p.name for p in sources.profiles(None)} or name == "words":
        st.warning(t(run, "wizard.name_taken", name=literal(name)), icon=":material/rule:")
        return None
    if (run.settings.profiles / f"{name}.toml").exists():
        st.caption(t(run, "wizard.name_replaced"))
    return name


def _remember(run: Run, name: str | None, toml: str, load: Callable[[], None]) -> None:
    file = f"{name or 'mapping'}.toml"
    with st.container(horizontal=True, gap="small"):
        keep = st.button(
            t(run, "wizard.remember"), type="primary", icon=":material/bookmark_add:", disabled=name is None,
            key="wizard_keep",
        )  # fmt: skip
        st.download_button(
            t(run, "wizard.download"), toml, file, "application/toml", on_click="ignore", icon=":material/download:",
            key="wizard_download",
        )  # fmt: skip
    with st.expander(t(run, "wizard.command"), icon=":material/terminal:"):
        st.caption(t(run, "wizard.command_help"))
        st.code(f"insights load FILE\ninsights load --profile {file} FILE", language="bash")
        st.code(toml, language="toml")
    if keep and name:
        try:
            save(run.settings.profiles, name, toml)
        except InsightsError as error:
            st.error(literal(texts.error(error, run.language)), icon=":material/block:")
            return
        load()
        st.rerun()  # a refusal of the whole file takes the place of the one before
