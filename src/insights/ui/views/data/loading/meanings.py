"""What the words of an unknown file mean, where no map knows them."""

from collections.abc import Mapping

import streamlit as st

from insights import schema
from insights.sources.profile import Spec
from insights.sources.proposing.strange import strange_words, suggest
from insights.ui.run import Run, t
from insights.ui.run.safe import literal
from insights.ui.views.data.loading.choices import choose, label, word
from insights.ui.views.data.loading.held import Held, widget_key

_WORDS_SHOWN = 40


def words(run: Run, held: Held, table: str, columns: Mapping[str, Spec]) -> dict[str, dict[str, str]]:
    """Ask for the meaning of each word no map knows."""
    lines = [
        (column, vocabulary, strange)
        for column, spec in columns.items()
        if spec.column and (vocabulary := schema.declared[table].columns[column].info["words"])
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
