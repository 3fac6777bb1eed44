"""The form of promises: other targets, hours and pauses, tried out without touching the settings."""

import streamlit as st

from insights import texts
from insights.asking import Desk
from insights.errors import SettingsWrong
from insights.settings import Policy, Settings
from insights.timing.hours import ALWAYS
from insights.ui.run import names, pick, t
from insights.ui.run.safe import literal
from insights.ui.views.data import calendar_form
from insights.ui.views.service.promises import named

HOURS = (0.01, 10_000.0)
"""Between which a target lies."""
PAUSES = ("pending", "hold")
COVERED_BY = ("kind", "priority", "channel", "segment", "team")


def wanted(desk: Desk) -> Settings:
    """Give the settings with the promises and hours the reader has entered; what cannot be read changes nothing."""
    settings = desk.settings
    with st.container(border=True, key="card_whatif_form"):
        st.header(t(desk, "whatif_page.promises"), anchor=False)
        st.caption(t(desk, "whatif_page.promises_reading"))
        with st.form("whatif", border=False):
            policies = tuple(_policy(desk, i, p) for i, p in enumerate(settings.sla))
            hours = {name: _hours(desk, name) for name in sorted({p.calendar for p in settings.sla} - {ALWAYS})}
            with st.container(horizontal=True, gap="small"):
                st.form_submit_button(t(desk, "whatif_page.replay"), icon=":material/replay:")
                st.form_submit_button(t(desk, "whatif_page.today"), icon=":material/restart_alt:", on_click=_back)
    try:
        read = {n: calendar_form.read(n, settings.calendars[n], given) for n, given in hours.items()}
    except SettingsWrong as error:
        st.error(texts.error(error, desk.language), icon=":material/error:")
        read = {}
    return settings.model_copy(update={"sla": policies, "calendars": settings.calendars | read})


def _hours(desk: Desk, calendar: str) -> dict[str, str]:
    with st.expander(
        t(desk, "whatif_page.hours", calendar=literal(names.calendar(desk, calendar))), icon=":material/schedule:"
    ):
        st.caption(t(desk, "whatif_page.hours_reading"))
        place = f"whatif_hours_{calendar}"
        return calendar_form.fields(desk, place, desk.settings.calendars[calendar], shared=True)


def _policy(desk: Desk, place: int, policy: Policy) -> Policy:
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key=f"promise_row_{place}"):
        _named(desk, policy)
        target_s, calendar = _target(desk, place, policy), _calendar(desk, place, policy)
        paused = _paused(desk, place, policy)
    return policy.model_copy(update={"target_s": target_s, "calendar": calendar, "paused": paused})


def _named(desk: Desk, policy: Policy) -> None:
    covered = [names.member(desk, d, v) for d in COVERED_BY for v in getattr(policy, d)]
    with st.container(width=260, gap="xsmall"):
        st.markdown(f"**{literal(named(desk, policy.name, policy.metric))}**")
        st.caption(literal(", ".join(covered) or t(desk, "whatif_page.all_tickets")))


def _target(desk: Desk, place: int, policy: Policy) -> int:
    key, usual = f"whatif_target_{place}", policy.target_s / 3600
    with pick.number(key, usual, HOURS):
        hours = st.number_input(t(desk, "whatif_page.target"), *HOURS, step=0.5, key=key, width=130, format="%g")
    target_s = max(1, round(hours * 3600))
    # The hours shown are rounded to what an input holds: untouched, the promise stays to the second.
    return policy.target_s if abs(target_s - policy.target_s) < 2 else target_s


def _calendar(desk: Desk, place: int, policy: Policy) -> str:
    known, key = [ALWAYS, *desk.settings.calendars], f"whatif_calendar_{place}"
    with pick.kept(key, known, policy.calendar):
        return st.selectbox(
            t(desk, "calendar_page.calendar"),
            known,
            key=key,
            width=150,
            format_func=lambda name: names.calendar(desk, name),
        )


def _paused(desk: Desk, place: int, policy: Policy) -> tuple[str, ...]:
    states, key = list(dict.fromkeys([*PAUSES, *policy.paused])), f"whatif_paused_{place}"
    with pick.several(key, states, policy.paused):
        paused = st.pills(
            t(desk, "whatif_page.paused"),
            states,
            key=key,
            width=280,
            selection_mode="multi",
            format_func=lambda s: texts.word("status", s, desk.language),
        )
    return policy.paused if set(paused) == set(policy.paused) else tuple(paused)


def _back() -> None:
    """Take every input back to today's promises."""
    pick.forget("whatif_")
