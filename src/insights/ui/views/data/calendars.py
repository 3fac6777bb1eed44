"""Business calendars: the year each one makes, as settings have it or as the reader tries it out."""

import datetime as dt
from collections.abc import Sequence
from functools import partial

import streamlit as st
from babel.dates import format_date

from insights import charts, texts, timing
from insights.settings import Calendar, Settings
from insights.ui.cards.card import Body, Card, Column, Table
from insights.ui.cards.draw import beside, show
from insights.ui.run import Reader, Run, data, names, pick, t
from insights.ui.run.memo import memo
from insights.ui.run.safe import literal
from insights.ui.views.data import calendar_try

Days = Sequence[timing.Day]
REASONS = ("holiday", "half_day", "own_date")
WIDTHS = {"day": 175, "what": None, "name": 300, "hours": None}


def working_year(run: Run) -> None:
    """Draw a calendar's year as settings make it, or as the reader tries it out below."""
    name, year = _which(run)
    if name is None:
        return
    given, chosen = run.settings.calendars[name], calendar_try.tried(run, name)
    calendars = {**run.settings.calendars, name: chosen}
    days = _days(run.settings.model_copy(update={"calendars": calendars}), name, year, run.language)
    if chosen != given:
        calendar_try.keep(run, name, chosen)
    else:
        calendar_try.say_kept()
    calendar_try.recompute(run)
    title = t(run, "calendar_page.year_of", calendar=literal(names.calendar(run, name)), year=year)
    show(year_card(run, title, chosen, days))
    beside(special(run, days), months(run, days), widths=(2, 1))


def _which(run: Run) -> tuple[str | None, int]:
    left, right = st.columns([2, 1], gap="small")
    with left:
        if not (known := [*run.settings.calendars]):
            return None, 0
        with pick.kept("calendar_name", known, known[0]):
            called = partial(names.calendar, run)
            name = st.selectbox(t(run, "calendar_page.calendar"), known, key="calendar_name", format_func=called)
    last = data.last_day(run.desk).year if run.opened else 2026
    with right:
        year = st.number_input(t(run, "calendar_page.year"), 2000, last + 5, last, key="calendar_year")
    return name, int(year)


def _days(settings: Settings, name: str, year: int, language: str) -> Days:
    question = ("calendar", settings.model_dump_json(), name, year, language)
    return memo().answer(question, lambda: timing.calendar_year(settings, name, year, language))


def seconds(day: timing.Day) -> int:
    """Return the working seconds of a date's wall clock."""
    return sum(b - a for a, b in day.spans)


def year_card(to: Reader, title: str, calendar: Calendar, days: Days) -> Card:
    """Return the card of every day of a year by its working hours."""

    def make(_: str) -> Body:
        facts = _facts(to, calendar, days)
        dates = [charts.Date(d.date, seconds(d) / 3600, d.why, _hover(to, d)) for d in days]
        reasons = {why: t(to, f"calendar_why.{why}") for why in REASONS}
        figure = charts.year(dates, reasons, to.language)
        return Body(figure, alt=f"{title}: {facts}", rows=[_raw(d) for d in days], text=facts)

    return Card("calendar_year", None, title, make, t(to, "calendar_page.reading"))


def _facts(to: Reader, calendar: Calendar, days: Days) -> str:
    total, working = sum(map(seconds, days)), sum(bool(d.spans) for d in days)
    closed = sum(not d.spans and d.why != "weekday" for d in days)
    counts = {"days": names.count(to, working), "hours": _hours(to, total), "closed": names.count(to, closed)}
    return t(to, "calendar_page.facts", zone=calendar.zone, **counts)


def _hours(to: Reader, spent_s: int) -> str:
    """Return hours, with a decimal only where there is one."""
    return texts.decimal_text(spent_s / 3600, to.language, 1 if spent_s % 3600 else 0)


def _raw(day: timing.Day) -> dict[str, object]:
    return {"date": day.date, "hours": day.hours, "seconds": seconds(day), "why": day.why, "name": day.name}


def _hover(to: Reader, day: timing.Day) -> str:
    why, hours = day.name or t(to, f"calendar_why.{day.why}"), day.hours or t(to, "calendar_page.closed")
    return f"{said_day(to, day.date)}<br><b>{hours}</b><br>{charts.look.plain(why)}"


def said_day(to: Reader, day: dt.date) -> str:
    """Return a date with its weekday."""
    text: str = format_date(day, "d MMM y, EEEE", locale=texts.locales()[to.language].locale)
    return text


def special(to: Reader, days: Days) -> Card:
    """Return the card of the days that are not as their weekday is."""
    title = t(to, "calendar_page.special")

    def make(_: str) -> Body:
        found = [d for d in days if d.why != "weekday"]
        if not found:
            return Body(notes=[t(to, "calendar_page.none")])
        columns = {c: Column(t(to, f"calendar_page.{c}"), width=width) for c, width in WIDTHS.items()}
        return Body(table=Table(columns, [_day(to, d) for d in found], min(470, 38 + 35 * len(found))), alt=title)

    return Card("calendar_special", None, title, make, t(to, "calendar_page.special_reading"))


def _day(to: Reader, day: timing.Day) -> dict[str, str | None]:
    hours = day.hours or t(to, "calendar_page.closed")
    return {"day": said_day(to, day.date), "what": t(to, f"calendar_why.{day.why}"), "name": day.name, "hours": hours}


def months(to: Reader, days: Days) -> Card:
    """Return the card of working days and hours by month."""
    title, columns = t(to, "calendar_page.months"), ("month", "working_days", "working_hours")

    def make(_: str) -> Body:
        shown = {c: Column(t(to, f"calendar_page.{c}"), right=c != "month") for c in columns}
        rows = [_month(to, month, [d for d in days if d.date.month == month]) for month in range(1, 13)]
        return Body(table=Table(shown, rows), alt=title)

    return Card("calendar_months", None, title, make, t(to, "calendar_page.months_reading"))


def _month(to: Reader, month: int, days: Days) -> dict[str, str]:
    head = str(format_date(dt.date(2024, month, 1), "LLLL", locale=texts.locales()[to.language].locale))
    working = str(sum(bool(d.spans) for d in days))
    return {"month": head, "working_days": working, "working_hours": _hours(to, sum(map(seconds, days)))}
