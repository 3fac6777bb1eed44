"""A calendar tried out on the page: other hours, kept in the settings file, and what rests on them computed again."""

import streamlit as st

from insights import texts
from insights.errors import InsightsError, SettingsWrong
from insights.settings import Calendar, settings_path
from insights.settings.options import put_calendar
from insights.settings.written import fingerprint
from insights.ui.run import Reader, Run, here, progress, seen, t
from insights.ui.run.safe import literal
from insights.ui.views.data import pasted
from insights.ui.views.data.calendar_form import fields, forget, read
from insights.warehouse import recompute_in_process, settings_changed


def tried(to: Reader, name: str) -> Calendar:
    """Let the reader try other hours, holidays and own dates; what cannot be read leaves the calendar as it is."""
    given = to.settings.calendars[name]
    with st.expander(t(to, "calendar_page.edit"), icon=":material/edit:"):
        with st.form(f"calendar_form_{name}", border=False):
            wanted = fields(to, name, given, own_dates=True)
            if st.form_submit_button(t(to, "calendar_page.show"), icon=":material/calendar_month:"):
                # What is saved later replaces the file as it was when this year was looked at.
                st.session_state[f"calendar_seen_{name}"] = fingerprint(settings_path())
        try:
            return read(name, given, wanted)
        except SettingsWrong as error:
            st.error(texts.error(error, to.language), icon=":material/error:")
    return given


def keep(to: Reader, name: str, chosen: Calendar) -> None:
    """Offer to write the calendar into the settings file, and show what would be written."""
    file, block = settings_path().name, pasted.calendar(name, chosen)
    st.info(t(to, "calendar_page.tried", file=file), icon=":material/edit_calendar:")
    with st.container(horizontal=True, gap="small", key="calendar_keep"):
        save = here().may("settings") and st.button(
            t(to, "calendar_page.save"), type="primary", icon=":material/save:", key="calendar_save"
        )
        if st.button(t(to, "calendar_page.back"), icon=":material/restart_alt:", key="calendar_back"):
            forget(name)
            st.rerun()
    with st.expander(t(to, "calendar_page.written"), icon=":material/code:"):
        st.caption(t(to, "calendar_page.paste", file=file))
        st.code(block, language="toml")
    if save:
        _save(to, name, block)


def _save(to: Reader, name: str, block: str) -> None:
    path = settings_path()
    try:
        here().need("settings")
        put_calendar(path, name, block, st.session_state.get(f"calendar_seen_{name}", ""))
    except InsightsError as error:
        st.error(texts.error(error, to.language), icon=":material/block:")
        return
    forget(name)
    seen.changed(here(), f"calendars.{name}")
    done(t(to, "calendar_page.saved", file=path.name, calendar=literal(name)))


def done(said: str) -> None:
    """Begin the page anew with a sentence on what was done."""
    st.session_state["calendar_kept"] = said
    st.rerun()


def say_kept() -> None:
    """Say what was done just before."""
    if said := st.session_state.pop("calendar_kept", None):
        st.success(said, icon=":material/check_circle:")


def recompute(run: Run) -> None:
    """Say when what was computed at load rests on other settings, and offer to compute it again."""
    if run.opened is None or not settings_changed(run.desk.warehouse, run.settings):
        return
    st.warning(t(run, "calendar_page.stale"), icon=":material/history:")
    if not run.may("settings"):
        return
    if not st.button(t(run, "calendar_page.recompute"), icon=":material/refresh:", key="calendar_recompute"):
        return
    bar = st.progress(0.0, text=t(run, "loading.stage_copy"))
    try:
        recompute_in_process(run.settings, language=run.language, progress=progress.on(run, bar))
        seen.did(run, "recompute")
    except InsightsError as error:
        st.error(literal(str(error.details.get("message") or texts.error(error, run.language))))
        return
    finally:
        bar.empty()
    done(t(run, "calendar_page.recomputed"))
