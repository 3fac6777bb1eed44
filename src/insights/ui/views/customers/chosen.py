"""What a reader picks for a whole page of studies: kept in the session."""

import streamlit as st

from insights import texts
from insights.asking import Desk
from insights.studies.service.exposures import USUAL_HOURS
from insights.ui.cards.card import Study
from insights.ui.run import t
from insights.ui.views.customers import speed


def exposure(desk: Desk) -> Study:
    """Let the reader pick what is compared, and by when it counts."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        picked = st.pills(
            t(desk, "pages.speed.exposure"), list(USUAL_HOURS), default="response", key="speed_exposure", required=True,
            format_func=lambda word: texts.word("exposure", word, desk.language),
        )  # fmt: skip
        kind = picked or "response"
        moments = speed.offered(kind)
        hours = st.segmented_control(
            t(desk, "pages.speed.by_when"), moments, default=USUAL_HOURS[kind], key=f"speed_hours_{kind}",
            format_func=lambda h: texts.duration(h * 3600, desk.language), required=True,
        ) if moments else None  # fmt: skip
    return speed.of(kind, hours)
