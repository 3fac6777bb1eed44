"""Business calendars: the resulting year, and a try-out that can be kept in the settings file."""

import datetime as dt
from collections.abc import Sequence
from typing import Literal

import pandas as pd
import streamlit as st
from babel.dates import format_date
from pydantic import ValidationError

from insights import charts, texts, timing
from insights.errors import InsightsError, SettingsWrong
from insights.settings import Calendar, Settings, settings_path
from insights.settings.written import fingerprint, put_calendar
from insights.timing.hours import WEEKDAYS
from insights.ui.cards import progress
from insights.ui.cards.cards import card, plot
from insights.ui.run import here, names, t
from insights.ui.run.safe import literal
from insights.ui.views.data import pasted
from insights.warehouse import recompute_in_process, settings_changed


def working_year() -> None:
    """Draw a calendar's year as settings make it, or as the reader tries it out below."""
    run = here()
    known = [*run.settings.calendars]
    left, right = st.columns([2, 1], gap="small")
    with left:
        name = st.selectbox(t("calendar_page.calendar"), known, key="calendar_name", bind="query-params")
    last = (run.last or dt.date(2026, 1, 1)).year
    with right:
        year = int(st.number_input(t("calendar_page.year"), 2000, last + 5, last, key="calendar_year"))
    if name is None:
        return
    given = run.settings.calendars[name]
    chosen = _tried(name, given)
    tried = run.settings.model_copy(update={"calendars": {**run.settings.calendars, name: chosen}})
    days = _days(tried, name, year)
    if chosen != given:
        _keep(name, chosen)
    elif kept := st.session_state.pop("calendar_kept", None):
        st.success(kept, icon=":material/check_circle:")
    _recompute()
    _year(name, chosen, year, days)
    left, right = st.columns([3, 2], gap="small")
    with left:
        _special(days)
    with right:
        _months(days)


def _keep(name: str, chosen: Calendar) -> None:
    """Offer to write the calendar into the settings file, and show what would be written."""
    path, language = settings_path(), here().language
    block = pasted.calendar(name, chosen)
    st.info(t("calendar_page.tried", file=path.name), icon=":material/edit_calendar:")
    with st.container(horizontal=True, gap="small", key="calendar_keep"):
        save = st.button(t("calendar_page.save"), type="primary", icon=":material/save:", key="calendar_save")
        if st.button(t("calendar_page.back"), icon=":material/restart_alt:", key="calendar_back"):
            forget(name)
            st.rerun()
    with st.expander(t("calendar_page.written"), icon=":material/code:"):
        st.caption(t("calendar_page.paste", file=path.name))
        st.code(block, language="toml")
    if not save:
        return
    try:
        put_calendar(path, name, block, st.session_state.get(f"calendar_seen_{name}", ""))
    except SettingsWrong as error:
        st.error(texts.error(error, language), icon=":material/block:")
        return
    forget(name)
    st.session_state["calendar_kept"] = t("calendar_page.saved", file=path.name, calendar=literal(name))
    st.rerun()


def forget(name: str) -> None:
    """Let the inputs of a calendar take its values from the settings again."""
    for key in [k for k in st.session_state if str(k).startswith(f"{name}_")]:
        del st.session_state[key]


def _recompute() -> None:
    """Say when what was computed at load rests on other settings, and offer to compute it again."""
    run = here()
    if run.warehouse is None or not settings_changed(run.data, run.settings):
        return
    st.warning(t("calendar_page.stale"), icon=":material/history:")
    if not st.button(t("calendar_page.recompute"), icon=":material/refresh:", key="calendar_recompute"):
        return
    bar = st.progress(0.0, text=t("loading.stage_copy"))
    try:
        recompute_in_process(run.settings, language=run.language, progress=lambda event: progress.show(bar, event))
    except InsightsError as error:
        st.error(literal(str(error.details.get("message") or texts.error(error, run.language))))
        return
    finally:
        bar.empty()
    st.session_state["calendar_kept"] = t("calendar_page.recomputed")
    st.rerun()


@st.cache_data(max_entries=50, show_spinner=False)
def _computed(key: str, name: str, year: int, language: str, _settings: Settings) -> list[timing.Day]:
    return timing.calendar_year(_settings, name, year, language)


def _days(settings: Settings, name: str, year: int) -> list[timing.Day]:
    return _computed(settings.model_dump_json(), name, year, here().language, settings)


def seconds(day: timing.Day) -> int:
    """Return the working seconds of a date's wall clock."""
    return sum(b - a for a, b in day.spans)


def _year(name: str, calendar: Calendar, year: int, days: Sequence[timing.Day]) -> None:
    language = here().language
    title = t("calendar_page.year_of", calendar=literal(name), year=year)
    total, working = sum(map(seconds, days)), sum(bool(d.spans) for d in days)
    facts = t(
        "calendar_page.facts", zone=calendar.zone, days=names.count(working),
        hours=_hours(total),
        closed=names.count(sum(not d.spans and d.why != "weekday" for d in days)),
    )  # fmt: skip
    with card(title, t("calendar_page.reading"), key="calendar_year_card"):
        st.markdown(facts)
        dates = [charts.Date(d.date, seconds(d) / 3600, d.why, _hover(d)) for d in days]
        reasons = {why: t(f"calendar_why.{why}") for why in ("holiday", "half_day", "own_date")}
        plot(charts.year(dates, reasons, language), key="calendar_year", alt=f"{title}: {facts}")
        here().exports[title] = [_raw(d) for d in days]


def _hours(spent_s: int) -> str:
    """Return hours, with a decimal only where there is one."""
    return texts.decimal_text(spent_s / 3600, here().language, 1 if spent_s % 3600 else 0)


def _raw(day: timing.Day) -> dict[str, object]:
    return {"date": day.date, "hours": day.hours, "seconds": seconds(day), "why": day.why, "name": day.name}


def _hover(day: timing.Day) -> str:
    why = day.name or t(f"calendar_why.{day.why}")
    return f"{said_day(day.date)}<br><b>{day.hours or t('calendar_page.closed')}</b><br>{charts.look.plain(why)}"


def said_day(day: dt.date) -> str:
    """Return a date with its weekday."""
    text: str = format_date(day, "d MMM y, EEEE", locale=texts.locales()[here().language].locale)
    return text


def _special(days: Sequence[timing.Day]) -> None:
    title = t("calendar_page.special")
    with card(title, t("calendar_page.special_reading"), key="calendar_special"):
        found = [d for d in days if d.why != "weekday"]
        if not found:
            st.caption(t("calendar_page.none"))
            return
        frame = pd.DataFrame({
            t("calendar_page.day"): [said_day(d.date) for d in found],
            t("calendar_page.what"): [t(f"calendar_why.{d.why}") for d in found],
            t("calendar_page.name"): [d.name for d in found],
            t("calendar_page.hours"): [d.hours or t("calendar_page.closed") for d in found],
        })  # fmt: skip
        st.dataframe(frame, hide_index=True, placeholder=texts.DASH, alt=title, height=min(470, 38 + 35 * len(found)))


def _months(days: Sequence[timing.Day]) -> None:
    title, language = t("calendar_page.months"), here().language
    with card(title, t("calendar_page.months_reading"), key="calendar_months"):
        rows = []
        for month in range(1, 13):
            mine = [d for d in days if d.date.month == month]
            hours = _hours(sum(map(seconds, mine)))
            head = str(format_date(dt.date(2024, month, 1), "LLLL", locale=texts.locales()[language].locale))
            days_ = sum(bool(d.spans) for d in mine)
            heads = (t(f"calendar_page.{c}") for c in ("month", "working_days", "working_hours"))
            rows.append(dict(zip(heads, (head, str(days_), hours), strict=True)))
        numbers = {t(f"calendar_page.{c}"): st.column_config.TextColumn(alignment="right")
                   for c in ("working_days", "working_hours")}  # fmt: skip
        st.dataframe(pd.DataFrame(rows), hide_index=True, alt=title, height="content", column_config=numbers)


def _tried(name: str, given: Calendar) -> Calendar:
    """Let the reader try other hours, holidays and own dates; what cannot be read leaves the calendar as it is."""
    with st.expander(t("calendar_page.edit"), icon=":material/edit:"):
        with st.form(f"calendar_form_{name}", border=False):
            wanted = fields(name, given, own_dates=True)
            if st.form_submit_button(t("calendar_page.show"), icon=":material/calendar_month:"):
                # What is saved later replaces the file as it was when this year was looked at.
                st.session_state[f"calendar_seen_{name}"] = fingerprint(settings_path())
        try:
            return read(name, given, wanted)
        except SettingsWrong as error:
            st.error(texts.error(error, here().language), icon=":material/error:")
    return given


def fields(name: str, given: Calendar, *, own_dates: bool = False, shared: bool = False) -> dict[str, str]:
    """Draw the hours of a calendar as inputs and give what they hold, by option; `shared` ones go into the address."""
    wanted: dict[str, str] = {}
    bind: Literal["query-params"] | None = "query-params" if shared else None
    st.caption(t("calendar_page.hours_help"))
    with st.container(horizontal=True, gap="small", key=f"hours_{name}"):
        for number, day in enumerate(WEEKDAYS, 1):
            hours = ", ".join(given.hours.get(day, ()))
            label = texts.t(f"words.weekday.{number}", here().language)
            wanted[day] = st.text_input(
                label, hours, key=f"{name}_{day}", width=130, placeholder=t("calendar_page.closed"), bind=bind
            )
    with st.container(horizontal=True, gap="small", key=f"holidays_{name}"):
        wanted["holidays"] = st.text_input(
            t("calendar_page.country"), given.holidays, key=f"{name}_country", width=150, bind=bind
        )
        wanted["half_day_ends"] = st.text_input(
            t("calendar_page.half_day_ends"), given.half_day_ends, key=f"{name}_half", width=150, bind=bind
        )
    lines = "\n".join(f"{day} {', '.join(hours)}".strip() for day, hours in sorted(given.dates.items()))
    wanted["dates"] = lines
    if own_dates:
        wanted["dates"] = st.text_area(
            t("calendar_page.own_dates"), lines, key=f"{name}_dates", help=t("calendar_page.own_dates_help"),
            placeholder="2026-12-31 09:00-13:00",
        )  # fmt: skip
    return wanted


def read(name: str, given: Calendar, wanted: dict[str, str]) -> Calendar:
    """Return the calendar the inputs describe; raises SettingsWrong with the option that cannot be read."""
    try:
        changed = Calendar.model_validate({
            "zone": given.zone, "holidays": wanted["holidays"].strip().upper(),
            "half_day_ends": wanted["half_day_ends"].strip(),
            "hours": {day: spans for day in WEEKDAYS if (spans := _spans(wanted[day]))},
            "dates": dict(_date(name, line) for line in wanted["dates"].splitlines() if line.strip()),
            "dated": given.dated,
        })  # fmt: skip
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise SettingsWrong(
            "calendar_unreadable", calendar=name, option=place, found=str(first["input"])[:60]
        ) from error
    settings = Settings(calendars={name: changed}, calendar=name)
    timing.calendar_year(settings, name, 2026)  # refuses unknown countries, backward hours and impossible times
    return changed


def _spans(text: str) -> tuple[str, ...]:
    return tuple(part.strip().replace("–", "-") for part in text.split(",") if part.strip())


def _date(name: str, line: str) -> tuple[dt.date, tuple[str, ...]]:
    day, _, hours = line.strip().partition(" ")
    try:
        return dt.date.fromisoformat(day), _spans(hours)
    except ValueError as error:
        raise SettingsWrong("calendar_unreadable", calendar=name, option="dates", found=line.strip()[:60]) from error
