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

from insights import schema, sources, texts
from insights.errors import FileRefused, InsightsError
from insights.settings import Settings
from insights.sources import ReadOptions
from insights.sources.profile import TableSpec
from insights.sources.proposing.arrival import UNKNOWN, uses
from insights.sources.proposing.draft import Draft, problems, save, slug, written
from insights.sources.proposing.glance import Preview, Sample, glance, preview
from insights.sources.proposing.propose import Proposal, best
from insights.ui.cards import drawn, tables
from insights.ui.run import Run, names, t
from insights.ui.run.safe import literal
from insights.ui.views.data.mapping import Held, drafted, label, widget_key
from insights.ui.views.data.used import used_and_unused

Options = Mapping[str, str | None]


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
    if refused.get("kind") not in UNKNOWN or file is None:
        return
    try:
        held = _hold(file, shown, read_options(run.settings, options))
    except FileRefused as error:
        st.warning(literal(texts.error(error, run.language)), title=t(run, "wizard.cannot"), icon=":material/table:")
        return
    with st.container(border=True, key="card_wizard"):
        st.header(t(run, "wizard.title"), anchor=False)
        _said_of(run, shown, held)
        top = st.container()
        draft = replace(drafted(run, held), encoding=options.get("encoding"))
        tables_read = {draft.table: TableSpec(dict(draft.columns)), **draft.further}
        with top:
            used_and_unused(run, uses(tables_read, held.sample.headers), held.sample.headers, held.sure(draft.table))
        if _wrong(run, held, draft):
            return
        known = sources.profiles(run.settings.profiles)
        found = _preview(run, held, written(draft, known), read_options(run.settings, options))
        name = _name(run, held)
        draft = replace(_settled(draft, found), name=name or "mapping", label=Path(shown).stem)
        _remember(run, name if found else None, written(draft, known), load)


def _said_of(run: Run, shown: str, held: Held) -> None:
    """Say what the file seems to be and how surely, or that nothing of it is known and what would be needed."""
    likeliest = held.proposals[0]
    if not likeliest.known:
        st.info(t(run, "wizard.nothing_known", file=literal(shown)), icon=":material/help:")
        return
    sure = held.sure(likeliest.table).values()
    share = round(100 * sum(sure) / len(sure)) if sure else 0
    what = tables.heading(run, f"table_{likeliest.table}")
    st.caption(t(run, "wizard.caption", file=literal(shown), table=what, share=share))


def _settled(draft: Draft, found: Preview | None) -> Draft:
    """Return the draft with what this file proved of its dates and numbers: another export may prove nothing."""
    if found is None:
        return draft
    order = found.date_order if found.date_order in ("dmy", "mdy", "ymd") else None
    return replace(draft, date_order=draft.date_order or order, decimal=draft.decimal or found.decimal)


def read_options(settings: Settings, options: Options) -> ReadOptions:
    """Return how the page was told to read files."""
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
        held = st.session_state["wizard"] = Held(digest, folder, sample, _proposed(sample))
    return held


def _proposed(sample: Sample) -> list[Proposal]:
    """Return the proposals; below the floor each is empty: a wrong column is worse than none."""
    found = best(sample)
    return found if found[0].known else [Proposal(p.table, {}, p.score) for p in found]


def _wrong(run: Run, held: Held, draft: Draft) -> bool:
    """Say what makes the draft nonsense; True when something does."""
    found = problems(draft)
    for kind, column, other in found:
        said = t(run, f"wizard.wrong_{kind}", column=label(run, column), other=label(run, other) if other else "")
        st.warning(literal(said), icon=":material/rule:")
    instead = next((p for p in held.proposals if p.table == "surveys" and p.columns and not p.lacking), None)
    if instead and schema.REQUIRED_TIMES.get(draft.table) in [column for kind, column, _ in found if kind == "missing"]:
        what = tables.heading(run, f"table_{instead.table}")
        st.info(t(run, "wizard.undated", table=what), icon=":material/event_busy:")
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
