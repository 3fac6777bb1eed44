"""The inputs of a calendar: hours by weekday, holidays, own dates; and the calendar they describe."""

import datetime as dt
from typing import Any

import streamlit as st
from pydantic import ValidationError

from insights import timing
from insights.errors import SettingsWrong
from insights.settings import Calendar, Settings
from insights.timing.hours import WEEKDAYS
from insights.ui.run import Reader, pick, t


def forget(name: str) -> None:
    """Let the inputs of a calendar take its values from the settings again."""
    for key in [k for k in st.session_state if str(k).startswith(f"{name}_")]:
        del st.session_state[key]


def fields(to: Reader, name: str, given: Calendar, *, own_dates: bool = False, shared: bool = False) -> dict[str, str]:
    """Draw the hours of a calendar as inputs and give what they hold, by option; `shared` ones go into the address."""
    wanted: dict[str, str] = {}
    st.caption(t(to, "calendar_page.hours_help"))
    with st.container(horizontal=True, gap="small", key=f"hours_{name}"):
        for number, day in enumerate(WEEKDAYS, 1):
            hours = ", ".join(given.hours.get(day, ()))
            label = t(to, f"words.weekday.{number}")
            closed = t(to, "calendar_page.closed")
            wanted[day] = _input(label, hours, f"{name}_{day}", shared, width=130, placeholder=closed)
    with st.container(horizontal=True, gap="small", key=f"holidays_{name}"):
        wanted["holidays"] = _input(
            t(to, "calendar_page.country"), given.holidays, f"{name}_country", shared, width=150
        )
        wanted["half_day_ends"] = _input(
            t(to, "calendar_page.half_day_ends"), given.half_day_ends, f"{name}_half", shared, width=150
        )
    lines = "\n".join(f"{day} {', '.join(hours)}".strip() for day, hours in sorted(given.dates.items()))
    wanted["dates"] = lines
    if own_dates:
        wanted["dates"] = st.text_area(
            t(to, "calendar_page.own_dates"),
            lines,
            key=f"{name}_dates",
            help=t(to, "calendar_page.own_dates_help"),
            placeholder="2026-12-31 09:00-13:00",
        )
    return wanted


def _input(label: str, usual: str, key: str, shared: bool, **look: Any) -> str:
    """Draw a text input; a shared one stays in the address."""
    if not shared:
        return str(st.text_input(label, usual, key=key, **look))
    with pick.text(key, usual):
        return str(st.text_input(label, key=key, **look))


def read(name: str, given: Calendar, wanted: dict[str, str]) -> Calendar:
    """Return the calendar the inputs describe; raises SettingsWrong with the option that cannot be read."""
    try:
        changed = Calendar.model_validate(
            {
                "zone": given.zone,
                "holidays": wanted["holidays"].strip().upper(),
                "half_day_ends": wanted["half_day_ends"].strip(),
                "dated": given.dated,
                "hours": {day: spans for day in WEEKDAYS if (spans := _spans(wanted[day]))},
                "dates": dict(_date(name, line) for line in wanted["dates"].splitlines() if line.strip()),
            }
        )
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
