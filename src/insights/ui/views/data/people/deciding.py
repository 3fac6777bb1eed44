"""A decision about numbers of customers kept, and what rests on it computed again."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from insights import texts
from insights.errors import InsightsError
from insights.settings.customers import Decision, Verdict, decide, take_back
from insights.ui.run import Run, progress, seen, t
from insights.ui.run.safe import literal
from insights.ui.views.data import calendar_try
from insights.warehouse import recompute_in_process


def kept(run: Run, verdict: str, rows: Sequence[Mapping[str, Any]], said: str) -> None:
    """Keep what was decided of each pair, or take it back, and compute again."""
    path = run.settings.merged_people
    pairs = [(row["customer_id"], row["other_id"]) for row in rows]
    bar = st.progress(0.0, text=t(run, "loading.stage_copy"))
    try:
        run.need("settings")
        if verdict == "undo":
            take_back(path, map(frozenset, pairs))
        else:
            decide(path, (_made(run, one, other, "same" if verdict == "same" else "different") for one, other in pairs))
        seen.changed(run, "customers.merged")
        recompute_in_process(run.settings, language=run.language, progress=progress.on(run, bar))
    except InsightsError as error:
        st.error(literal(str(error.details.get("message") or texts.error(error, run.language))))
        return
    finally:
        bar.empty()
    calendar_try.done(t(run, "pages.people.saved", pair=literal(said)))


def _made(run: Run, one: str, other: str, verdict: Verdict) -> Decision:
    at = f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
    return Decision(one, other, verdict=verdict, decided_at=at, decided_by=run.visitor.name)
