"""A mapping given its name, kept and loaded with."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from insights import sources, texts
from insights.errors import InsightsError
from insights.sources.proposing.draft import save, slug
from insights.ui.cards import give
from insights.ui.run import Run, t
from insights.ui.run.safe import literal
from insights.ui.views.data.loading.held import Held, widget_key


def named(run: Run, held: Held) -> str | None:
    """Ask what the mapping is called; None when that name cannot be."""
    proposed = slug(Path(held.sample.name).stem)
    name = slug(st.text_input(t(run, "wizard.name"), proposed, key=widget_key(held, "name"), max_chars=60))
    if name in {p.name for p in sources.profiles(None)} or name == "words":
        st.warning(t(run, "wizard.name_taken", name=literal(name)), icon=":material/rule:")
        return None
    if (run.settings.profiles / f"{name}.toml").exists():
        st.caption(t(run, "wizard.name_replaced"))
    return name


def remembered(run: Run, name: str | None, toml: str, load: Callable[[], None]) -> None:
    """Draw the ways to keep a mapping; one that is remembered is loaded with at once."""
    file = f"{name or 'mapping'}.toml"
    with st.container(horizontal=True, gap="small"):
        keep = st.button(
            t(run, "wizard.remember"),
            type="primary",
            icon=":material/bookmark_add:",
            disabled=name is None,
            key="wizard_keep",
        )
        give.button(
            t(run, "wizard.download"), toml.encode, file, "application/toml", icon="download", key="wizard_download"
        )
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
