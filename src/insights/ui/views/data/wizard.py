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
from insights.ui.cards import tables
from insights.ui.run import here, names, t
from insights.ui.run.safe import literal
from insights.ui.views.data.mapping import Held, drafted, label, widget_key

KINDS = ("unrecognised_format", "missing_required_column", "wrong_mapping")


def file_name(file: Any) -> str:
    """Return the name of an upload without any folder; one that is empty is called by its content."""
    name = Path(file.name.replace("\\", "/")).name.replace("\x00", "")
    return name[-150:] or hashlib.sha256(file.getvalue()).hexdigest()


def wizard(
    files: Sequence[Any], refused: Mapping[str, Any], options: Mapping[str, str | None], load: Callable[[], None]
) -> None:
    """Draw the wizard for the upload that was refused as unknown; `load` is called once its mapping is remembered."""
    shown = str(refused.get("file") or "")
    first = shown.partition("/")[0]
    file = next((f for f in files if file_name(f) in (first, f"{first}.gz")), None)
    if refused.get("kind") not in KINDS or file is None:
        return
    try:
        held = _hold(file, shown, _read_options(here().settings, options))
    except FileRefused as error:
        st.warning(literal(texts.error(error, here().language)), title=t("wizard.cannot"), icon=":material/table:")
        return
    with st.container(border=True, key="card_wizard"):
        st.header(t("wizard.title"), anchor=False)
        st.caption(t("wizard.caption", file=literal(shown)))
        draft = replace(drafted(held), encoding=options.get("encoding"))
        if _wrong(draft):
            return
        known = sources.profiles(here().settings.profiles)
        found = _preview(held, written(draft, known), _read_options(here().settings, options))
        name = _name(held)
        draft = replace(_settled(draft, found), name=name or "mapping", label=Path(shown).stem)
        _remember(name if found else None, written(draft, known), load)


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


def _wrong(draft: Draft) -> bool:
    """Say what makes the draft nonsense; True when something does."""
    found = problems(draft)
    for kind, column, other in found:
        said = t(f"wizard.wrong_{kind}", column=label(column), other=label(other) if other else "")
        st.warning(literal(said), icon=":material/rule:")
    return bool(found)


# -- what it would give, and keeping it ------------------------------------------------------------------------------


def _preview(held: Held, toml: str, options: ReadOptions) -> Preview | None:
    """Draw the first rows as converted and return them; None when the file would be refused."""
    st.subheader(t("wizard.preview"), anchor=False)
    if toml not in held.previews:
        try:
            held.previews[toml] = preview(held.sample, toml, options)
        except InsightsError as error:
            held.previews[toml] = error
    found = held.previews[toml]
    if isinstance(found, InsightsError):
        st.error(literal(texts.error(found, here().language)), title=t("upload.refused"), icon=":material/block:")
        return None
    marked = [_marked(row, found) for row in found.rows]
    if marked:
        tables.records(marked, alt=t("wizard.preview_alt"))
    _counted(found)
    return found


def _marked(row: Mapping[str, Any], found: Preview) -> dict[str, Any]:
    mine = [p for p in found.problems if p["line"] == row["line"]]
    aside = [t("wizard.row_aside")] if any(p["row_rejected"] for p in mine) else []
    said = " · ".join(aside + [_problem(p) for p in mine])
    cells = {k: v for k, v in row.items() if k != "line" and not k.endswith("_raw")}
    return {"line": row["line"], "problems": said or None} | cells


def _problem(problem: Mapping[str, Any]) -> str:
    reason = tables.reason(problem["reason"])
    column, value = problem["column"] or "", str(problem["value"] or "")[:60]
    said = "wizard.problem" if value.strip() else "wizard.problem_empty"
    return t(said, column=column, value=value, reason=reason)


def _counted(found: Preview) -> None:
    """Say how many rows could not be read, and one example of each problem further down."""
    rows = names.count(found.read)
    kinds = {(p["column"], p["reason"]): p for p in reversed(found.problems)}
    if not kinds:
        st.success(t("wizard.preview_all_good", rows=rows), icon=":material/check_circle:")
        return
    said = t("wizard.preview_problems", rows=rows, rejected=names.count(found.rejected), cells=names.count(len(kinds)))
    st.warning(said, icon=":material/warning:")
    for problem in list(reversed(kinds.values()))[:8]:
        count = names.count(problem["n"])
        st.markdown(literal(t("wizard.more_problems", line=problem["line"], problem=_problem(problem), count=count)))


def _name(held: Held) -> str | None:
    """Ask what the mapping is called; None when that name cannot be."""
    proposed = slug(Path(held.sample.name).stem)
    name = slug(st.text_input(t("wizard.name"), proposed, key=widget_key(held, "name"), max_chars=60))
    if name in {p.name for p in sources.profiles(None)} or name == "words":
        st.warning(t("wizard.name_taken", name=literal(name)), icon=":material/rule:")
        return None
    if (here().settings.profiles / f"{name}.toml").exists():
        st.caption(t("wizard.name_replaced"))
    return name


def _remember(name: str | None, toml: str, load: Callable[[], None]) -> None:
    file = f"{name or 'mapping'}.toml"
    with st.container(horizontal=True, gap="small"):
        keep = st.button(
            t("wizard.remember"), type="primary", icon=":material/bookmark_add:", disabled=name is None,
            key="wizard_keep",
        )  # fmt: skip
        st.download_button(
            t("wizard.download"), toml, file, "application/toml", on_click="ignore", icon=":material/download:",
            key="wizard_download",
        )  # fmt: skip
    with st.expander(t("wizard.command"), icon=":material/terminal:"):
        st.caption(t("wizard.command_help"))
        st.code(f"insights load FILE\ninsights load --profile {file} FILE", language="bash")
        st.code(toml, language="toml")
    if keep and name:
        try:
            save(here().settings.profiles, name, toml)
        except InsightsError as error:
            st.error(literal(texts.error(error, here().language)), icon=":material/block:")
            return
        load()
        st.rerun()  # a refusal of the whole file takes the place of the one before
