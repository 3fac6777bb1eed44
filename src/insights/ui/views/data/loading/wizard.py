"""The mapping wizard: what the columns of an unknown file mean, proposed, corrected, previewed and remembered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from insights import schema, sources, texts
from insights.errors import FileRefused
from insights.sources.proposing.arrival import UNKNOWN, uses
from insights.sources.proposing.draft import Draft, problems, written
from insights.sources.proposing.glance import Preview
from insights.ui.cards import tables
from insights.ui.run import Run, t
from insights.ui.run.safe import literal
from insights.ui.views.data.loading.choices import label
from insights.ui.views.data.loading.held import Held, file_name, hold, read_options
from insights.ui.views.data.loading.mapping import drafted
from insights.ui.views.data.loading.previewed import previewed
from insights.ui.views.data.loading.remembered import named, remembered
from insights.ui.views.data.loading.used import say, used_and_unused


def wizard(
    run: Run,
    files: Sequence[Any],
    refused: Mapping[str, Any],
    options: Mapping[str, str | None],
    load: Callable[[], None],
) -> None:
    """Draw the wizard for the upload that was refused as unknown; `load` is called once its mapping is remembered."""
    shown = str(refused.get("file") or "")
    first = shown.partition("/")[0]
    file = next((f for f in files if file_name(f) in (first, f"{first}.gz")), None)
    if refused.get("kind") not in UNKNOWN or file is None:
        return
    try:
        held = hold(file, shown, read_options(run.settings, options))
    except FileRefused as error:
        st.warning(literal(texts.error(error, run.language)), title=t(run, "wizard.cannot"), icon=":material/table:")
        return
    with st.container(border=True, key="card_wizard"):
        st.header(t(run, "wizard.title"), anchor=False)
        _said_of(run, shown, held)
        top = st.container()
        draft = replace(drafted(run, held), encoding=options.get("encoding"))
        with top:
            of, headers = uses(draft.tables, held.sample.headers), held.sample.headers
            say(used_and_unused(run, of, headers, held.sure(draft.table)))
        if _wrong(run, held, draft):
            return
        known = sources.profiles(run.settings.profiles)
        found = previewed(run, held, written(draft, known), read_options(run.settings, options))
        name = named(run, held)
        draft = replace(_settled(draft, found), name=name or "mapping", label=Path(shown).stem)
        remembered(run, name if found else None, written(draft, known), load)


def _said_of(run: Run, shown: str, held: Held) -> None:
    """Say what the file seems to be and how surely, or that nothing of it is known and what would be needed."""
    likeliest = held.proposals[0]
    if not likeliest.known:
        st.info(t(run, "wizard.nothing_known", file=literal(shown)), icon=":material/help:")
        return
    sure = held.sure(likeliest.table).values()
    share = round(100 * sum(sure) / len(sure)) if sure else 0
    what = tables.heading(run, f"table_{likeliest.table}")
    st.caption(t(run, "wizard.caption", file=literal(shown), table=what, share=share))


def _settled(draft: Draft, found: Preview | None) -> Draft:
    """Return the draft with what this file proved of its dates and numbers: another export may prove nothing."""
    if found is None:
        return draft
    order = found.date_order if found.date_order in ("dmy", "mdy", "ymd") else None
    return replace(draft, date_order=draft.date_order or order, decimal=draft.decimal or found.decimal)


def _wrong(run: Run, held: Held, draft: Draft) -> bool:
    """Say what makes the draft nonsense; True when something does."""
    found = problems(draft)
    for kind, column, other in found:
        said = t(run, f"wizard.wrong_{kind}", column=label(run, column), other=label(run, other) if other else "")
        st.warning(literal(said), icon=":material/rule:")
    instead = next((p for p in held.proposals if p.table == "surveys" and p.columns and not p.lacking), None)
    if instead and schema.REQUIRED_TIMES.get(draft.table) in [column for kind, column, _ in found if kind == "missing"]:
        what = tables.heading(run, f"table_{instead.table}")
        st.info(t(run, "wizard.undated", table=what), icon=":material/event_busy:")
    return bool(found)
