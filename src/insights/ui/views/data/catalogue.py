"""The definitions page: every metric, searchable, with its meaning, its number now, its SQL and what it leaves out."""

import unicodedata
from collections.abc import Mapping, Sequence

import streamlit as st

from insights.asking import Desk
from insights.metrics import METRICS, THEMES
from insights.ui.cards import details
from insights.ui.run import Reader, names, steps, t


def catalogue(desk: Desk) -> None:
    """Draw the search box and one card per metric that matches."""
    asked = st.text_input(
        t(desk, "ui.search_metrics"),
        key="search",
        placeholder=t(desk, "ui.search_placeholder"),
        icon=":material/search:",
        label_visibility="collapsed",
    )
    found = [key for key in METRICS if matches(desk, key, asked)]
    counts = {"count": names.count(desk, len(found)), "total": names.count(desk, len(METRICS))}
    st.caption(t(desk, "ui.metrics_found", **counts))
    groups = {theme: [key for key in keys if key in found] for theme, keys in THEMES.items()}
    groups = {theme: keys for theme, keys in groups.items() if keys}
    _index(desk, groups)
    for theme, keys in groups.items():
        st.header(_head(desk, theme, keys), anchor=theme)
        grid = st.grid(2, min_column_width=330, gap="small", border=True)
        for key in keys:
            with grid.cell(), st.container(key=f"metric_{key}"):
                _entry(desk, key)


def _index(desk: Desk, groups: Mapping[str, Sequence[str]]) -> None:
    """Draw the groups with the way to each."""
    st.markdown(" · ".join(f"[{_head(desk, theme, keys)}](#{theme})" for theme, keys in groups.items()))


def _head(desk: Desk, theme: str, keys: Sequence[str]) -> str:
    return f"{t(desk, f'ui.theme_{theme}')} ({names.count(desk, len(keys))})"


def _entry(desk: Desk, key: str) -> None:
    st.subheader(names.name(desk, key), anchor=False)
    details.definition(desk, key)
    with st.container(horizontal=True, gap="small"):
        for part in ("rows", "excluded", "sql"):
            said = t(desk, f"ui.part_{part}")
            help_ = f"{names.name(desk, key)}: {said}"
            st.button(said, key=f"{part}_{key}", help=help_, on_click=steps.opens, args=(key, part))
        details.drawer(desk, key, key)


def matches(to: Reader, key: str, asked: str) -> bool:
    """Tell whether every word asked for occurs in a metric's key, names or definition, whatever its case or accents."""
    parts = (t(to, f"metrics.{key}.{part}") for part in ("name", "short", "definition"))
    text = folded(" ".join((key, *parts)))
    return all(word in text for word in folded(asked).split())


def folded(text: str) -> str:
    """Return text for comparing: Turkish İ, I, ı, i are one letter, accents do not count."""
    plain = unicodedata.normalize("NFKD", text.replace("İ", "i").replace("ı", "i").replace("I", "i").lower())
    return "".join(c for c in plain if not unicodedata.combining(c))
