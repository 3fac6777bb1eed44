"""Words of a loaded export that no map knows: the line that maps each, and a way to remember it at once."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from insights import schema, sources, texts
from insights.errors import InsightsError
from insights.sources.folding import fold
from insights.sources.profile import WORDS_FILE, Profile
from insights.sources.proposing.draft import save_words, word_line
from insights.ui.run import Run, t
from insights.ui.run.safe import literal
from insights.ui.views.data.loading.choices import label
from insights.ui.views.data.loading.meanings import meaning_of

_SHOWN = 30
Word = tuple[str, str, str]
"""Column, vocabulary and the word as exported."""


def unknown_words(run: Run, files: Sequence[Mapping[str, Any]], set_aside: Sequence[Mapping[str, Any]]) -> None:
    """Draw the words of a load (its files and what it set aside) that became other or unknown."""
    found = words_of(used(sources.profiles(run.settings.profiles), files), set_aside)[:_SHOWN]
    if not found:
        return
    with st.container(border=True, key="card_words"):
        st.subheader(t(run, "wizard.unknown_title"), anchor=False)
        st.caption(t(run, "wizard.unknown_text", file=literal(run.settings.profiles / WORDS_FILE)))
        chosen: dict[str, dict[str, str]] = {}
        for column, vocabulary, strange in found:
            left, right = st.columns([1, 2], vertical_alignment="bottom")
            with left:
                meaning = meaning_of(run, label(run, column), vocabulary, strange, f"word_{vocabulary}_{strange}")
            right.code(word_line(vocabulary, strange, meaning or "…"), language="toml")
            if meaning:
                chosen.setdefault(vocabulary, {})[strange] = meaning
        if st.button(
            t(run, "wizard.remember_words"), icon=":material/bookmark_add:", disabled=not chosen, key="words_keep"
        ):
            _save(run, chosen)


def used(profiles: Sequence[Profile], files: Sequence[Mapping[str, Any]]) -> list[Profile]:
    """Return the profiles that read these files: several have one source name, each its own table."""
    return [p for p in profiles if any(f["source"] == p.source and p.main in f["tables"] for f in files)]


def words_of(profiles: Sequence[Profile], set_aside: Sequence[Mapping[str, Any]]) -> list[Word]:
    """Return each unknown word once, with the column and vocabulary that a profile reads it into."""
    places = {
        fold(header): (column, str(vocabulary))
        for profile in profiles
        for table, spec in profile.tables.items()
        for column, source in spec.columns.items()
        if (vocabulary := schema.declared[table].columns[column].info["words"])
        for header in source.column
    }
    strange = [
        r for r in set_aside if r["reason"] == "unknown_status" and r["value"] and fold(r["column"] or "") in places
    ]
    return list(dict.fromkeys((*places[fold(r["column"])], " ".join(r["value"].split())) for r in strange))


def _save(run: Run, words: Mapping[str, Mapping[str, str]]) -> None:
    try:
        save_words(run.settings.profiles, words)
    except InsightsError as error:
        st.error(literal(texts.error(error, run.language)), icon=":material/block:")
        return
    st.success(t(run, "wizard.remembered_words"), icon=":material/check_circle:")
