"""The definitions page: every metric, searchable, with its meaning, its number now, its SQL and what it leaves out."""

import unicodedata

import streamlit as st

from insights import texts
from insights.metrics import METRICS
from insights.ui.cards import details
from insights.ui.run import here, names, t


def catalogue() -> None:
    """Draw the search box and one card per metric that matches."""
    asked = st.text_input(
        t("ui.search_metrics"), key="search", placeholder=t("ui.search_placeholder"), icon=":material/search:",
        label_visibility="collapsed",
    )  # fmt: skip
    found = [key for key in METRICS if matches(key, asked)]
    st.caption(t("ui.metrics_found", count=names.count(len(found)), total=names.count(len(METRICS))))
    grid = st.grid(2, min_column_width=330, gap="small", border=True)
    for key in found:
        with grid.cell(), st.container(key=f"metric_{key}"):
            st.header(names.name(key), anchor=False)
            details.definition(key)
            with st.container(horizontal=True, gap="small"):
                for part in ("rows", "excluded", "sql"):
                    if st.button(
                        t(f"ui.part_{part}"), key=f"{part}_{key}", help=f"{names.name(key)}: {t(f'ui.part_{part}')}"
                    ):
                        details.open_for(key, part=part)


def matches(key: str, asked: str) -> bool:
    """Tell whether every word asked for occurs in a metric's key, names or definition, whatever its case or accents."""
    language = here().language
    parts = (texts.t(f"metrics.{key}.{part}", language) for part in ("name", "short", "definition"))
    text = folded(" ".join((key, *parts)))
    return all(word in text for word in folded(asked).split())


def folded(text: str) -> str:
    """Return text for comparing: Turkish İ, I, ı, i are one letter, accents do not count."""
    plain = unicodedata.normalize("NFKD", text.replace("İ", "i").replace("ı", "i").replace("I", "i").lower())
    return "".join(c for c in plain if not unicodedata.combining(c))
