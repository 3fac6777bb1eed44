"""What someone says of an unknown file: a choice for each column, how cells are read, what strange words mean."""

import shutil
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from zoneinfo import available_timezones

import streamlit as st

from insights import schema, texts
from insights.errors import InsightsError
from insights.sources.profile import Spec, TableSpec
from insights.sources.proposing.draft import Draft, needed
from insights.sources.proposing.filling import made_of
from insights.sources.proposing.further import could_rate, further
from insights.sources.proposing.glance import Preview, Sample
from insights.sources.proposing.propose import Proposal
from insights.sources.proposing.strange import strange_words, suggest
from insights.ui.cards import tables
from insights.ui.run import Run, t
from insights.ui.run.safe import literal

_WORDS_SHOWN = 40
T = TypeVar("T")
Choice = tuple[str, str]
"""Where a column comes from: ("header", its header), ("constant", a word), ("made", "") or ("", "") for nowhere."""
_NOWHERE: Choice = ("", "")
_SCALE = {"scale_min": ("0", "1"), "scale_max": ("3", "5", "7", "10", "100")}


@dataclass
class Held:
    """An unknown file between two runs of the page; its folder goes when the session does."""

    digest: str
    folder: Path
    sample: Sample
    proposals: list[Proposal]
    previews: dict[str, Preview | InsightsError] = field(default_factory=dict)

    def sure(self, table: str) -> dict[str, float]:
        """Return how sure each column of a table was proposed, as `table.column`."""
        found = next((p.sure for p in self.proposals if p.table == table), {})
        return {f"{table}.{column}": share for column, share in found.items()}

    def __post_init__(self) -> None:
        weakref.finalize(self, shutil.rmtree, self.folder, True)


def widget_key(held: Held, *parts: str) -> str:
    """Return the key of a widget: another file begins anew."""
    return "_".join(("wizard", held.digest[:12], *parts))


def choose(label: str, options: Mapping[T, str], *, key: str, first: T | None = None) -> T:
    """Draw a choice among options (value → what is said), `first` chosen to begin with, and return the value."""
    values = list(options)
    index = values.index(first) if first is not None and first in options else 0
    return st.selectbox(label, values, index=index, key=key, format_func=options.__getitem__)


def drafted(run: Run, held: Held) -> Draft:
    """Draw every choice, the proposal chosen, and return what stands now."""
    found = {p.table: p for p in held.proposals}
    said = {name: tables.heading(run, f"table_{name}") for name in found}
    table = choose(t(run, "wizard.table"), said, key=widget_key(held, "table"))
    columns = _columns(run, held, found[table])
    st.subheader(t(run, "wizard.reading"), anchor=False)
    order, decimal, zone = _reading(run, held)
    columns = _units(run, held, table, columns)
    words = _words(run, held, table, columns)
    also = _further(run, held, table, columns)
    return Draft(
        "mapping", table, columns, timezone=zone, date_order=order, decimal=decimal, words=words, further=also
    )  # fmt: skip


def _further(run: Run, held: Held, table: str, columns: Mapping[str, Spec]) -> dict[str, TableSpec]:
    """Ask which further tables the same rows fill, and which column rates a ticket where none was sure to."""
    found = further(table, held.sample, columns)
    if table == "tickets" and "surveys" not in found and (ratings := could_rate(held.sample, columns)):
        said = {None: t(run, "wizard.none")} | {h: h for h in ratings}
        rating = choose(t(run, "wizard.offer_survey"), said, key=widget_key(held, table, "rating"))
        found = further(table, held.sample, columns, rating) if rating else found
    if not found:
        return found
    st.subheader(t(run, "wizard.further"), anchor=False, help=t(run, "wizard.further_help"))
    with st.container(horizontal=True):
        return {name: spec for name, spec in found.items() if _also(run, held, table, name)}


def _also(run: Run, held: Held, table: str, name: str) -> bool:
    return st.checkbox(tables.heading(run, f"table_{name}"), value=True, key=widget_key(held, table, "also", name))


def _columns(run: Run, held: Held, proposal: Proposal) -> dict[str, Spec]:
    declared = [c for c in schema.loaded_columns(schema.metadata.tables[proposal.table]) if not c.endswith("_raw")]
    first = [c for c in declared if c in proposal.columns or c in needed(proposal.table)]
    first.sort(key=lambda c: c not in needed(proposal.table))
    st.subheader(t(run, "wizard.columns"), anchor=False, help=t(run, "wizard.columns_help"))
    choices = _grid(run, held, proposal, first)
    with st.expander(t(run, "wizard.more"), icon=":material/more_horiz:"):
        choices |= _grid(run, held, proposal, [c for c in declared if c not in first])
    plain = {c: _spec(choice, proposal, c) for c, choice in choices.items() if choice[0] in ("header", "constant")}
    made = {c: _made(proposal, c, plain) for c, choice in choices.items() if choice[0] == "made"}
    return {c: s for c in declared if (s := (plain | made).get(c)) and (s.wanted or s.constant)}


def _grid(run: Run, held: Held, proposal: Proposal, columns: Sequence[str]) -> dict[str, Choice]:
    """Draw a choice per column, three beside each other, and return what was chosen."""
    chosen: dict[str, Choice] = {}
    for start in range(0, len(columns), 3):
        for place, column in zip(st.columns(3, gap="small"), columns[start : start + 3], strict=False):
            with place:
                chosen[column] = _choose(run, held, proposal, column)
    return chosen


def _choose(run: Run, held: Held, proposal: Proposal, column: str) -> Choice:
    table = proposal.table
    declared = schema.metadata.tables[table].columns[column]
    guess = _choice(proposal.columns.get(column))
    always = (*schema.WORDS.get(declared.info["words"] or "", ()), *_SCALE.get(column, ()))
    constants = [("constant", w) for w in always]
    made = [("made", "")] if guess[0] == "made" else []
    constants += [guess] if guess[0] == "constant" and guess not in constants else []
    options = [_NOWHERE, *(("header", h) for h in held.sample.headers), *made, *constants]
    star = " \\*" if column in needed(table) else ""
    said = {option: _said(run, held, proposal, declared.info["words"], option) for option in options}
    return choose(literal(label(run, column)) + star, said, key=widget_key(held, table, column), first=guess)


def _choice(spec: Spec | None) -> Choice:
    if spec is None:
        return _NOWHERE
    if spec.constant is not None:
        return "constant", spec.constant
    return ("header", spec.column[0]) if spec.column else ("made", "")


def _spec(choice: Choice, proposal: Proposal, column: str) -> Spec:
    """Return what was chosen; what was proposed keeps what its words are worth."""
    proposed = proposal.columns.get(column)
    if proposed is not None and choice == _choice(proposed):
        return proposed
    return Spec(constant=choice[1]) if choice[0] == "constant" else Spec(column=(choice[1],))


def _made(proposal: Proposal, column: str, plain: Mapping[str, Spec]) -> Spec:
    """Return an id made of what the columns are now, or what was proposed to be put together."""
    proposed = proposal.columns[column]
    again = made_of(proposal.table, plain) if proposed.occurrence and column.endswith("_id") else ()
    return Spec(occurrence=again) if again else proposed


def _said(run: Run, held: Held, proposal: Proposal, vocabulary: str | None, choice: Choice) -> str:
    how, what = choice
    if how == "constant":
        return t(run, "wizard.always", word=word(run, vocabulary, what))
    if how == "made":
        specs = [s for s in proposal.columns.values() if not s.column]
        headers = [a[0] for s in specs for a in s.wanted]
        return t(run, "wizard.made", headers=" + ".join(headers))
    if how == "":
        return t(run, "wizard.none")
    cell = next(iter(held.sample.facts[what].cells), "")
    return t(run, "wizard.example", header=what, cell=cell[:40]) if cell else what


def label(run: Run, column: str) -> str:
    """Return what a canonical column is called where it is mapped."""
    key = f"wizard.column.{column}"
    return t(run, key) if texts.has(key, run.language) else tables.heading(run, column)


def word(run: Run, vocabulary: str | None, canonical: str) -> str:
    """Return a canonical word in the reader's language."""
    language = run.language
    if texts.has(f"words.{vocabulary}.{canonical}", language):
        return texts.word(str(vocabulary), canonical, language)
    key = f"wizard.canonical.{canonical}"
    return t(run, key) if texts.has(key, language) else canonical


def _reading(run: Run, held: Held) -> tuple[str | None, str | None, str | None]:
    left, middle, right = st.columns(3, gap="small")
    orders = {None: t(run, "upload.recognise")} | {o: t(run, f"upload.order_{o}") for o in ("dmy", "mdy", "ymd")}
    marks = {None: t(run, "upload.recognise"), ",": t(run, "wizard.decimal_comma"), ".": t(run, "wizard.decimal_point")}
    own = t(run, "wizard.company_zone", zone=run.settings.company.time_zone)
    with left:
        order = choose(t(run, "wizard.date_order"), orders, key=widget_key(held, "order"))
    with middle:
        decimal = choose(t(run, "wizard.decimal"), marks, key=widget_key(held, "decimal"))
    with right:
        zones = {None: own} | {z: z for z in sorted(available_timezones())}
        zone = choose(t(run, "wizard.timezone"), zones, key=widget_key(held, "zone"))
    # The company's zone is written down: the file means the same times when the company moves.
    return order, decimal, zone or run.settings.company.time_zone


def _units(run: Run, held: Held, table: str, columns: dict[str, Spec]) -> dict[str, Spec]:
    """Ask for the unit of bare numbers in each chosen column of durations."""
    durations = [c for c in columns if c.endswith("_s") and columns[c].column]
    guessed = {c: s.unit for p in held.proposals if p.table == table for c, s in p.columns.items()}
    units = {u: t(run, f"wizard.unit_{u}") for u in ("s", "min", "h", "ms")}
    for start in range(0, len(durations), 3):
        for place, column in zip(st.columns(3, gap="small"), durations[start : start + 3], strict=False):
            said, key = (
                literal(t(run, "wizard.unit", column=label(run, column))),
                widget_key(held, table, column, "unit"),
            )
            with place:
                unit = choose(said, units, key=key, first=guessed.get(column) or "min")
            columns[column] = Spec(column=columns[column].column, unit=unit)
    return columns


def _words(run: Run, held: Held, table: str, columns: Mapping[str, Spec]) -> dict[str, dict[str, str]]:
    """Ask for the meaning of each word no map knows."""
    lines = [
        (column, vocabulary, strange)
        for column, spec in columns.items()
        if spec.column and (vocabulary := schema.metadata.tables[table].columns[column].info["words"])
        for strange in strange_words(held.sample, spec.column[0], vocabulary)
    ][:_WORDS_SHOWN]
    if not lines:
        return {}
    st.subheader(t(run, "wizard.words"), anchor=False, help=t(run, "wizard.words_help"))
    found: dict[str, dict[str, str]] = {}
    for start in range(0, len(lines), 3):
        for place, (column, vocabulary, strange) in zip(st.columns(3), lines[start : start + 3], strict=False):
            with place:
                meaning = meaning_of(
                    run, label(run, column), vocabulary, strange, widget_key(held, table, column, strange)
                )
            if meaning:
                found.setdefault(vocabulary, {})[strange] = meaning
    return found


def meaning_of(run: Run, column: str, vocabulary: str, strange: str, key: str) -> str | None:
    """Ask for the canonical word of one strange word, a likely one proposed."""
    said: dict[str | None, str] = {None: t(run, "wizard.no_meaning")}
    said |= {w: word(run, vocabulary, w) for w in schema.WORDS[vocabulary]}
    asked = literal(t(run, "wizard.word", column=column, word=strange[:80]))
    return choose(asked, said, key=key, first=suggest(vocabulary, strange))
