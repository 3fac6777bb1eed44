"""Where each column of an unknown file comes from: a header, a word that always holds, or nowhere."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import streamlit as st

from insights import schema, texts
from insights.sources.profile import Spec
from insights.sources.proposing.draft import needed
from insights.sources.proposing.filling import made_of
from insights.sources.proposing.propose import Proposal
from insights.ui.cards import tables
from insights.ui.run import Reader, Run, t
from insights.ui.run.safe import literal
from insights.ui.views.data.loading.held import Held, widget_key

T = TypeVar("T")


Choice = tuple[str, str]
"""Where a column comes from: ("header", its header), ("constant", a word), ("made", "") or ("", "") for nowhere."""


_NOWHERE: Choice = ("", "")


_SCALE = {"scale_min": ("0", "1"), "scale_max": ("3", "5", "7", "10", "100")}


def choose(label: str, options: Mapping[T, str], *, key: str, first: T | None = None) -> T:
    """Draw a choice among options (value → what is said), `first` chosen to begin with, and return the value."""
    values = list(options)
    index = values.index(first) if first is not None and first in options else 0
    return st.selectbox(label, values, index=index, key=key, format_func=options.__getitem__)


def columns(run: Run, held: Held, proposal: Proposal) -> dict[str, Spec]:
    """Draw a choice for every column, the likely ones first, and return where each comes from now."""
    declared = [c for c in schema.loaded_columns(schema.declared[proposal.table]) if not c.endswith("_raw")]
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
    declared = schema.declared[table].columns[column]
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


def label(to: Reader, column: str) -> str:
    """Return what a canonical column is called where it is mapped."""
    key = f"wizard.column.{column}"
    return t(to, key) if texts.has(key, to.language) else tables.heading(to, column)


def word(run: Run, vocabulary: str | None, canonical: str) -> str:
    """Return a canonical word in the reader's language."""
    language = run.language
    if texts.has(f"words.{vocabulary}.{canonical}", language):
        return texts.word(str(vocabulary), canonical, language)
    key = f"wizard.canonical.{canonical}"
    return t(run, key) if texts.has(key, language) else canonical
