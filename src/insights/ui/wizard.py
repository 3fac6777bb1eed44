"""The mapping wizard: what the columns of an unknown file mean, proposed, corrected, previewed and remembered."""

import datetime as dt
import hashlib
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import streamlit as st

from insights import schema, sources, texts
from insights.errors import FileRefused, InsightsError
from insights.settings import Settings
from insights.sources import ReadOptions
from insights.sources.draft import Draft, needed, problems, save, slug, written
from insights.sources.glance import Preview, Sample, glance, preview
from insights.sources.profile import Spec
from insights.sources.propose import Proposal, best, made_of, strange_words, suggest
from insights.ui import names, tables
from insights.ui.run import here, t
from insights.ui.safe import literal

KINDS = ("unrecognised_format", "missing_required_column", "wrong_mapping")
_WORDS_SHOWN = 40
Choice = tuple[str, str]
"""Where a column comes from: ("header", its header), ("constant", a word), ("made", "") or ("", "") for nowhere."""
_NOWHERE: Choice = ("", "")
_SCALE = {"scale_min": ("0", "1"), "scale_max": ("3", "5", "7", "10", "100")}


@dataclass
class _Held:
    """An unknown file between two runs of the page; its folder goes when the session does."""

    digest: str
    folder: "tempfile.TemporaryDirectory[str]"
    sample: Sample
    proposals: list[Proposal]
    previews: dict[str, Preview | InsightsError] = field(default_factory=dict)


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
        draft = _draft(held)
        if _wrong(draft):
            return
        name = _name(held)
        draft = replace(draft, name=name or "mapping", label=Path(shown).stem)
        known = sources.profiles(here().settings.profiles)
        found = _preview(held, written(draft, known), _read_options(here().settings, options))
        _remember(name if found else None, written(_settled(draft, found), known), load)


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


def _hold(file: Any, shown: str, options: ReadOptions) -> _Held:
    """Return the file as held since the run before, or look at it now; it lies under its hash, not its name."""
    content = file.getvalue()
    digest = hashlib.sha256(content + shown.encode() + str(options.encoding).encode()).hexdigest()
    held: _Held | None = st.session_state.get("wizard")
    if held is None or held.digest != digest:
        folder = tempfile.TemporaryDirectory(prefix="insights-")
        path = Path(folder.name) / hashlib.sha256(content).hexdigest()
        path.write_bytes(content)
        sample = glance(path, shown, Path(folder.name), options)
        held = st.session_state["wizard"] = _Held(digest, folder, sample, best(sample))
    return held


def _key(held: _Held, *parts: str) -> str:
    return "_".join(("wizard", held.digest[:12], *parts))


# -- the draft -------------------------------------------------------------------------------------------------------


def _draft(held: _Held) -> Draft:
    found = {p.table: p for p in held.proposals}
    table = st.selectbox(
        t("wizard.table"), list(found), key=_key(held, "table"), format_func=lambda n: tables.heading(f"table_{n}")
    )
    columns = _columns(held, found[table])
    st.subheader(t("wizard.reading"), anchor=False)
    order, decimal, zone = _reading(held)
    columns = _units(held, table, columns)
    words = _words(held, table, columns)
    return Draft("", table, columns, timezone=zone, date_order=order, decimal=decimal, words=words)


def _columns(held: _Held, proposal: Proposal) -> dict[str, Spec]:
    declared = [c for c in schema.loaded_columns(schema.metadata.tables[proposal.table]) if not c.endswith("_raw")]
    first = [c for c in declared if c in proposal.columns or c in needed(proposal.table)]
    first.sort(key=lambda c: c not in needed(proposal.table))
    st.subheader(t("wizard.columns"), anchor=False, help=t("wizard.columns_help"))
    choices = _grid(held, proposal, first)
    with st.expander(t("wizard.more"), icon=":material/more_horiz:"):
        choices |= _grid(held, proposal, [c for c in declared if c not in first])
    plain = {c: _spec(choice, proposal) for c, choice in choices.items() if choice[0] in ("header", "constant")}
    made = {c: Spec(occurrence=made_of(proposal.table, plain)) for c, choice in choices.items() if choice[0] == "made"}
    return {c: s for c in declared if (s := (plain | made).get(c)) and (s.wanted or s.constant)}


def _grid(held: _Held, proposal: Proposal, columns: Sequence[str]) -> dict[str, Choice]:
    """Draw a choice per column, three beside each other, and return what was chosen."""
    chosen: dict[str, Choice] = {}
    for start in range(0, len(columns), 3):
        for place, column in zip(st.columns(3, gap="small"), columns[start : start + 3], strict=False):
            with place:
                chosen[column] = _choose(held, proposal, column)
    return chosen


def _choose(held: _Held, proposal: Proposal, column: str) -> Choice:
    table = proposal.table
    declared = schema.metadata.tables[table].columns[column]
    guess = _choice(proposal.columns.get(column))
    always = (*schema.WORDS.get(declared.info["words"] or "", ()), *_SCALE.get(column, ()))
    constants = [("constant", w) for w in always]
    made = [("made", "")] if guess[0] == "made" else []
    options = [_NOWHERE, *(("header", h) for h in held.sample.headers), *made, *constants]
    star = " \\*" if column in needed(table) else ""
    return st.selectbox(
        literal(label(column)) + star, options, index=options.index(guess), key=_key(held, table, column),
        format_func=lambda c: _said(held, proposal, declared.info["words"], c),
    )  # fmt: skip


def _choice(spec: Spec | None) -> Choice:
    if spec is None:
        return _NOWHERE
    if spec.constant is not None:
        return "constant", spec.constant
    return ("made", "") if spec.occurrence else ("header", spec.column[0])


def _spec(choice: Choice, proposal: Proposal) -> Spec:
    return Spec(constant=choice[1]) if choice[0] == "constant" else Spec(column=(choice[1],))


def _said(held: _Held, proposal: Proposal, vocabulary: str | None, choice: Choice) -> str:
    how, what = choice
    if how == "constant":
        return t("wizard.always", word=word(vocabulary, what))
    if how == "made":
        headers = [a[0] for s in proposal.columns.values() for a in s.occurrence]
        return t("wizard.made", headers=" + ".join(headers))
    if how == "":
        return t("wizard.none")
    cell = next(iter(held.sample.facts[what].cells), "")
    return t("wizard.example", header=what, cell=cell[:40]) if cell else what


def label(column: str) -> str:
    """Return what a canonical column is called where it is mapped."""
    key = f"wizard.column.{column}"
    return t(key) if texts.has(key, here().language) else tables.heading(column)


def word(vocabulary: str | None, canonical: str) -> str:
    """Return a canonical word in the reader's language."""
    language = here().language
    if texts.has(f"words.{vocabulary}.{canonical}", language):
        return texts.word(str(vocabulary), canonical, language)
    key = f"wizard.canonical.{canonical}"
    return t(key) if texts.has(key, language) else canonical


def _reading(held: _Held) -> tuple[str | None, str | None, str | None]:
    left, middle, right = st.columns(3, gap="small")
    own = t("wizard.company_zone", zone=here().settings.company.time_zone)
    order = left.selectbox(
        t("wizard.date_order"), [None, "dmy", "mdy", "ymd"], key=_key(held, "order"),
        format_func=lambda o: t(f"upload.order_{o}") if o else t("upload.recognise"),
    )  # fmt: skip
    decimal = middle.selectbox(
        t("wizard.decimal"), [None, ",", "."], key=_key(held, "decimal"),
        format_func=lambda d: t(f"wizard.decimal_{'comma' if d == ',' else 'point'}") if d else t("upload.recognise"),
    )  # fmt: skip
    zone = right.selectbox(
        t("wizard.timezone"), [None, *sorted(available_timezones())], key=_key(held, "zone"),
        format_func=lambda z: z or own,
    )  # fmt: skip
    # The company's zone is written down: the file means the same times when the company moves.
    return order, decimal, zone or here().settings.company.time_zone


def _units(held: _Held, table: str, columns: dict[str, Spec]) -> dict[str, Spec]:
    """Ask for the unit of bare numbers in each chosen column of durations."""
    durations = [c for c in columns if c.endswith("_s") and columns[c].column]
    guessed = {c: s.unit for p in held.proposals if p.table == table for c, s in p.columns.items()}
    units = ["s", "min", "h", "ms"]
    for start in range(0, len(durations), 3):
        for place, column in zip(st.columns(3, gap="small"), durations[start : start + 3], strict=False):
            unit = place.selectbox(
                literal(t("wizard.unit", column=label(column))), units, key=_key(held, table, column, "unit"),
                index=units.index(guessed.get(column) or "min"), format_func=lambda u: t(f"wizard.unit_{u}"),
            )  # fmt: skip
            columns[column] = Spec(column=columns[column].column, unit=unit)
    return columns


def _words(held: _Held, table: str, columns: Mapping[str, Spec]) -> dict[str, dict[str, str]]:
    """Ask for the meaning of each word no map knows."""
    lines = [
        (column, vocabulary, strange)
        for column, spec in columns.items()
        if spec.column and (vocabulary := schema.metadata.tables[table].columns[column].info["words"])
        for strange in strange_words(held.sample, spec.column[0], vocabulary)
    ][:_WORDS_SHOWN]
    if not lines:
        return {}
    st.subheader(t("wizard.words"), anchor=False, help=t("wizard.words_help"))
    found: dict[str, dict[str, str]] = {}
    for start in range(0, len(lines), 3):
        for place, (column, vocabulary, strange) in zip(st.columns(3), lines[start : start + 3], strict=False):
            with place:
                meaning = meaning_of(label(column), vocabulary, strange, _key(held, table, column, strange))
            if meaning:
                found.setdefault(vocabulary, {})[strange] = meaning
    return found


def meaning_of(column: str, vocabulary: str, strange: str, key: str) -> str | None:
    """Ask for the canonical word of one strange word, a likely one proposed."""
    options = [None, *schema.WORDS[vocabulary]]
    return st.selectbox(
        literal(t("wizard.word", column=column, word=strange[:80])), options, key=key,
        index=options.index(suggest(vocabulary, strange)),
        format_func=lambda w: word(vocabulary, w) if w else t("wizard.no_meaning"),
    )  # fmt: skip


def _wrong(draft: Draft) -> bool:
    """Say what makes the draft nonsense; True when something does."""
    found = problems(draft)
    for kind, column, other in found:
        said = t(f"wizard.wrong_{kind}", column=label(column), other=label(other) if other else "")
        st.warning(literal(said), icon=":material/rule:")
    return bool(found)


# -- what it would give, and keeping it ------------------------------------------------------------------------------


def _preview(held: _Held, toml: str, options: ReadOptions) -> Preview | None:
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
    return {"line": row["line"], "problems": said or None, **{k: v for k, v in row.items() if k != "line"}}


def _problem(problem: Mapping[str, Any]) -> str:
    reason = tables.reason(problem["reason"])
    column, value = problem["column"] or "", str(problem["value"] or "")[:60]
    return t("wizard.problem", column=column, value=value, reason=reason)


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


def _name(held: _Held) -> str | None:
    """Ask what the mapping is called; None when that name cannot be."""
    proposed = slug(Path(held.sample.name).stem)
    name = slug(st.text_input(t("wizard.name"), proposed, key=_key(held, "name"), max_chars=60))
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
