"""The few sentences a manager takes away: what changed beyond chance, and where it is worst."""

import streamlit as st

from insights import texts
from insights.ui.cards.cards import card
from insights.ui.run import data, here, names, t
from insights.ui.run.data import Row
from insights.ui.run.safe import literal


def highlights(*keys: str) -> None:
    """Draw at most three generated sentences, each with a number, what it is compared to, and where."""
    found = data.highlights(keys)
    with card(f":material/lightbulb: {t('ui.highlights')}", key="highlights"):
        if found:
            st.markdown("\n".join(f"- {sentence(finding)}" for finding in found))
        else:
            st.caption(t("ui.no_highlights"))
        here().exports[t("ui.highlights")] = found


def sentence(finding: Row) -> str:
    """Return a finding as one sentence of markdown."""
    key, language = finding["metric"], here().language
    name, value = literal(names.name(key)), literal(names.said(finding["value"], key))
    if finding["what"] == "change":
        text = "ui.story_change_good" if finding["good"] else "ui.story_change_bad"
        change, before = names.said_change(finding["change"], key), names.said(finding["previous"], key)
        return t(text, metric=name, value=value, change=literal(change), previous=literal(before))
    dimension = texts.t(f"dimensions.{finding['dimension']}", language).lower()
    where = literal(names.name_of(finding["dimension"], finding["member"], language))
    rest = literal(names.said(finding["rest"], key))
    return t("ui.story_worst", metric=name, value=value, where=where, dimension=dimension, rest=rest)
