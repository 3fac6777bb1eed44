"""What a reader picks for a whole page of studies: kept in the address."""

import datetime as dt

import streamlit as st

from insights import texts
from insights.asking import Desk
from insights.studies.customers.beginnings import offered
from insights.studies.customers.segmenting.segment_moves import USUAL_DAYS
from insights.studies.customers.staying import keeping
from insights.studies.service.exposures import USUAL_HOURS
from insights.ui.cards.card import Study
from insights.ui.kinds.findings import asked
from insights.ui.run import data, names, pick, t
from insights.ui.views.customers import speed, survival

GRAINS = ("day", "week", "month", "quarter")
MODES = ("on", "on_or_after", "bracket")
MEASURES = ("customers", "revenue", "gross")
GONE_DAYS = 180
WHOSE = ("everybody", "period")
PERIOD = "period"
"""What stands in the rows of cohorts where no group does."""


def exposure(desk: Desk) -> Study:
    """Let the reader pick what is compared, and by when it counts."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        with pick.kept("speed_exposure", tuple(USUAL_HOURS), "response"):
            picked = st.pills(
                t(desk, "pages.speed.exposure"),
                list(USUAL_HOURS),
                key="speed_exposure",
                required=True,
                wrap=True,
                format_func=lambda word: texts.word("exposure", word, desk.language),
            )
        kind = picked or "response"  # in a report nobody picks
        return speed.of(kind, _moment(desk, kind))


def _moment(desk: Desk, kind: str) -> float | None:
    moments = {f"{hours:g}": hours for hours in speed.offered(kind)}
    if not moments:
        return None
    with pick.kept("speed_hours", tuple(moments), f"{USUAL_HOURS[kind]:g}"):
        chosen = st.segmented_control(
            t(desk, "pages.speed.by_when"),
            list(moments),
            key="speed_hours",
            required=True,
            format_func=lambda word: texts.duration(moments[word] * 3600, desk.language),
        )
    return moments.get(str(chosen), USUAL_HOURS[kind])


def cohorts(desk: Desk) -> Study:
    """Let the reader pick what a cohort begins with, what stands in its rows, and what is measured."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="cohort_pickers"):
        starts = keeping.starts(desk)
        start = _one(desk, "start", starts, starts[0], 200)
        words = (PERIOD, *offered(start))
        with pick.kept("cohort_by", words, PERIOD):
            by = st.selectbox(
                t(desk, "pages.retention.rows"),
                words,
                key="cohort_by",
                width=180,
                format_func=lambda d: _rows(desk, d),
            )
        grain = _one(desk, "grain", GRAINS, "month", 130)
        mode = _one(desk, "mode", MODES, "on", 200, "" if keeping.by_purchases(desk) else "_contacts")
        # What was bought once and what was bought up to then is no revenue of a period.
        measures = MEASURES if mode == "on" and keeping.by_purchases(desk) else MEASURES[:1]
        measure = _one(desk, "measure", measures, "customers", 200)
    chosen = {"start": start, "by": None if by == PERIOD else by, "grain": grain, "mode": mode, "measure": measure}
    usual = {"start": "first_order", "by": None, "grain": "month", "mode": "on", "measure": "customers"}
    return asked("cohorts", **{name: value for name, value in chosen.items() if value != usual[name]})


def _one(desk: Desk, name: str, words: tuple[str, ...], usual: str, width: int, said: str = "") -> str:
    with pick.kept(f"cohort_{name}", words, usual):
        chosen: str | None = st.selectbox(
            t(desk, f"pages.retention.{name}{said}"),
            words,
            key=f"cohort_{name}",
            width=width,
            format_func=lambda word: texts.word(f"cohort_{name}", word, desk.language),
        )
    return chosen or usual


def _rows(desk: Desk, dimension: str) -> str:
    return t(desk, "pages.retention.by_period") if dimension == PERIOD else survival.attribute(desk, dimension)


def moves(desk: Desk) -> Study:
    """Let the reader pick the two days between which customers move from segment to segment."""
    last = data.day_of(desk)
    first = min(data.first_day(desk), last)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="moves_pickers"):
        earlier = _day(desk, "earlier", max(first, last - dt.timedelta(days=USUAL_DAYS)), (first, last))
        later = _day(desk, "later", last, (earlier, last))
    return asked("segment_moves", earlier=earlier, later=later)


def _day(desk: Desk, name: str, usual: dt.date, between: tuple[dt.date, dt.date]) -> dt.date:
    key = f"moves_{name}"
    with pick.day(key, usual, between):
        st.date_input(
            t(desk, f"pages.value.{name}"),
            key=key,
            format=names.day_field(desk),
            width=190,
            min_value=between[0],
            max_value=between[1],
        )
    picked: dt.date = st.session_state[key]
    return picked


def staying(desk: Desk) -> tuple[Desk, int]:
    """Let the reader pick whose staying is shown, and after how many days without a purchase a customer counts as gone.

    Gives the desk of those customers and the days.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="staying_pickers"):
        days = st.number_input(
            t(desk, "pages.retention.gone_after"),
            7,
            1095,
            GONE_DAYS,
            10,
            key="gone_days",
            width=190,
            bind="query-params",
        )
        with pick.kept("staying_whose", WHOSE, WHOSE[0]):
            whose = st.segmented_control(
                t(desk, "pages.retention.whose"),
                WHOSE,
                key="staying_whose",
                required=True,
                format_func=lambda word: t(desk, f"pages.retention.whose_{word}"),
            )
    return (desk if whose == "period" else desk.any_time()), int(days)
