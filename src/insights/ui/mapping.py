"""What someone says of an unknown file: a choice for each column, how cells are read, what strange words mean."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import available_timezones

import streamlit as st

from insights import schema, texts
from insights.errors import InsightsError
from insights.sources.draft import Draft, needed
from insights.sources.glance import Preview, Sample
from insights.sources.profile import Spec
from insights.sources.propose import Proposal, made_of, strange_words, suggest
from insights.ui import tables
from insights.ui.run import here, t
from insights.ui.safe import literal

_WORDS_SHOWN = 40
Choice = tuple[str, str]
"""Where a column comes from: ("header", its header), ("constant", a word), ("made", "") or ("", "") for nowhere."""
_NOWHERE: Choice = ("", "")
_SCALE = {"scale_min": ("0", "1"), "scale_max": ("3", "5", "7", "10", "100")}


@dataclass
class Held:
    """An unknown file between two runs of the page; its folder goes when the session does."""

    digest: str
    folder: "tempfile.TemporaryDirectory[str]"
    sample: Sample
    proposals: list[Proposal]
    previews: dict[str, Preview | InsightsError] = field(default_factory=dict)


def widget_key(held: Held, *parts: str) -> str:
    """Return the key of a widget: another file begins anew."""
    return "_".join(("wizard", held.digest[:12], *parts))


def drafted(held: Held) -> Draft:
    """Draw every choice, the proposal chosen, and return what stands now."""
    found = {p.table: p for p in held.proposals}
    table = st.selectbox(
        t("wizard.table"),
        list(found),
        key=widget_key(held, "table"),
        format_func=lambda n: tables.heading(f"table_{n}"),
    )
    columns = _columns(held, found[table])
    st.subheader(t("wizard.reading"), anchor=False)
    order, decimal, zone = _reading(held)
    columns = _units(held, table, columns)
    words = _words(held, table, columns)
    return Draft("mapping", table, columns, timezone=zone, date_order=order, decimal=decimal, words=words)


def _columns(held: Held, proposal: Proposal) -> dict[str, Spec]:
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


def _grid(held: Held, proposal: Proposal, columns: Sequence[str]) -> dict[str, Choice]:
    """Draw a choice per column, three beside each other, and return what was chosen."""
    chosen: dict[str, Choice] = {}
    for start in range(0, len(columns), 3):
        for place, column in zip(st.columns(3, gap="small"), columns[start : start + 3], strict=False):
            with place:
                chosen[column] = _choose(held, proposal, column)
    return chosen


def _choose(held: Held, proposal: Proposal, column: str) -> Choice:
    table = proposal.table
    declared = schema.metadata.tables[table].columns[column]
    guess = _choice(proposal.columns.get(column))
    always = (*schema.WORDS.get(declared.info["words"] or "", ()), *_SCALE.get(column, ()))
    constants = [("constant", w) for w in always]
    made = [("made", "")] if guess[0] == "made" else []
    options = [_NOWHERE, *(("header", h) for h in held.sample.headers), *made, *constants]
    star = " \\*" if column in needed(table) else ""
    return st.selectbox(
        literal(label(column)) + star, options, index=options.index(guess), key=widget_key(held, table, column),
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


def _said(held: Held, proposal: Proposal, vocabulary: str | None, choice: Choice) -> str:
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


def _reading(held: Held) -> tuple[str | None, str | None, str | None]:
    left, middle, right = st.columns(3, gap="small")
    own = t("wizard.company_zone", zone=here().settings.company.time_zone)
    order = left.selectbox(
        t("wizard.date_order"), [None, "dmy", "mdy", "ymd"], key=widget_key(held, "order"),
        format_func=lambda o: t(f"upload.order_{o}") if o else t("upload.recognise"),
    )  # fmt: skip
    decimal = middle.selectbox(
        t("wizard.decimal"), [None, ",", "."], key=widget_key(held, "decimal"),
        format_func=lambda d: t(f"wizard.decimal_{'comma' if d == ',' else 'point'}") if d else t("upload.recognise"),
    )  # fmt: skip
    zone = right.selectbox(
        t("wizard.timezone"), [None, *sorted(available_timezones())], key=widget_key(held, "zone"),
        format_func=lambda z: z or own,
    )  # fmt: skip
    # The company's zone is written down: the file means the same times when the company moves.
    return order, decimal, zone or here().settings.company.time_zone


def _units(held: Held, table: str, columns: dict[str, Spec]) -> dict[str, Spec]:
    """Ask for the unit of bare numbers in each chosen column of durations."""
    durations = [c for c in columns if c.endswith("_s") and columns[c].column]
    guessed = {c: s.unit for p in held.proposals if p.table == table for c, s in p.columns.items()}
    units = ["s", "min", "h", "ms"]
    for start in range(0, len(durations), 3):
        for place, column in zip(st.columns(3, gap="small"), durations[start : start + 3], strict=False):
            unit = place.selectbox(
                literal(t("wizard.unit", column=label(column))), units, key=widget_key(held, table, column, "unit"),
                index=units.index(guessed.get(column) or "min"), format_func=lambda u: t(f"wizard.unit_{u}"),
            )  # fmt: skip
            columns[column] = Spec(column=columns[column].column, unit=unit)
    return columns


def _words(held: Held, table: str, columns: Mapping[str, Spec]) -> dict[str, dict[str, str]]:
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
                meaning = meaning_of(label(column), vocabulary, strange, widget_key(held, table, column, strange))
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
