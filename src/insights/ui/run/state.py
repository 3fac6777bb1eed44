"""What the reader chose, as language-neutral codes: one value for widgets, address and filters, kept across pages."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import streamlit as st

from insights.dimensions import DIMENSIONS
from insights.filters import Chosen, Clock, Comparison, Filters
from insights.metrics.periods import period_start
from insights.sql import CALENDAR_YEAR, Grain, Starts
from insights.texts import languages

Period = Literal[
    "7d",
    "30d",
    "90d",
    "week",
    "last_week",
    "month",
    "last_month",
    "quarter",
    "last_quarter",
    "ytd",
    "fiscal",
    "all",
    "custom",
]
PERIODS: tuple[Period, ...] = get_args(Period)
DEFAULT: Period = "90d"
CALENDAR: Mapping[Period, tuple[Grain, bool]] = {
    "week": ("week", False),
    "last_week": ("week", True),
    "month": ("month", False),
    "last_month": ("month", True),
    "quarter": ("quarter", False),
    "last_quarter": ("quarter", True),
    "ytd": ("year", False),
    "fiscal": ("year", False),
}
"""Presets the company's calendar cuts: the grain, and whether the whole one before is meant."""
OURS = frozenset({"lang", "period", "since", "until", "asof", "clock", "compare", *DIMENSIONS})
"""Names in the address that belong to the view; a page may keep others beside them."""


@dataclass(frozen=True)
class View(Chosen):
    """The codes of one view."""

    language: str
    period: Period = DEFAULT
    since: dt.date | None = None
    until: dt.date | None = None
    as_of: dt.date | None = None
    clock: Clock = "calendar"
    compare: Comparison = "previous"
    against: tuple[dt.date, dt.date] | None = None

    def reset(self) -> "View":
        """Return the view with nothing chosen but the language."""
        return View(self.language)

    @property
    def touched(self) -> bool:
        """Tell whether anything but the language was chosen."""
        return self != self.reset()


def params(view: View) -> dict[str, str]:
    """Return the address of a view: codes only, so that a link means the same in every language."""
    found: dict[str, str] = {"period": view.period}
    if view.period == "custom" and view.since and view.until:
        found |= {"since": view.since.isoformat(), "until": view.until.isoformat()}
    if view.as_of:
        found["asof"] = view.as_of.isoformat()
    if view.clock != "calendar":
        found["clock"] = view.clock
    if view.compare != "previous":
        found["compare"] = "..".join(map(str, view.against)) if view.against else view.compare
    found |= {dimension: ",".join(map(quote, values)) for dimension, values in view.values}
    return found | {"lang": view.language}


def parse(address: Mapping[str, str], language: str) -> View:
    """Return the view an address speaks of; what cannot be read is left at its default."""
    period = next((p for p in PERIODS if p == address.get("period")), DEFAULT)
    since, until = _day(address.get("since")), _day(address.get("until"))
    whole = since is not None and until is not None and since <= until
    if period == "custom" and not whole:
        period = DEFAULT
    against = _against(address.get("compare", ""))
    view = View(
        language=address["lang"] if address.get("lang") in languages() else language,
        period=period,
        since=since if period == "custom" else None,
        until=until if period == "custom" else None,
        as_of=_day(address.get("asof")),
        clock="business" if address.get("clock") == "business" else "calendar",
        compare="custom" if against else "year" if address.get("compare") == "year" else "previous",
        against=against,
    )
    for dimension in DIMENSIONS:
        if text := address.get(dimension):
            view = view.choose(dimension, *dict.fromkeys(unquote(v) for v in text.split(",") if v))
    return view


def unread(address: Mapping[str, str], view: View) -> list[str]:
    """Return what of an address the view does not speak of, as it was written."""
    read = {"clock": view.clock, "compare": view.compare} | params(view)
    plain = (name for name in address if name not in DIMENSIONS)
    return [f"{name}={address[name]}" for name in plain if address[name] and address[name] != read.get(name)]


def _against(text: str) -> tuple[dt.date, dt.date] | None:
    since, until = (_day(part) for part in f"{text}..".split("..")[:2])
    return (since, until) if since and until and since <= until else None


def quote(value: str) -> str:
    """Return a value as it stands between commas in the address."""
    # The browser takes care of everything but the comma that separates values.
    return value.replace("%", "%25").replace(",", "%2C")


def unquote(text: str) -> str:
    """Return a value of the address as it was before it was quoted."""
    return text.replace("%2C", ",").replace("%25", "%")


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None


def span(
    view: View, last: dt.date, first: dt.date | None = None, starts: Starts = CALENDAR_YEAR
) -> tuple[dt.date | None, dt.date]:
    """Return the local days of a view's period, both included; `last` is the newest day of the data."""
    if view.period == "custom" and view.since and view.until:
        return view.since, view.until
    last = min(last, view.as_of) if view.as_of else last
    if view.period == "all":
        return first, last
    if view.period in CALENDAR:
        return _of_calendar(view.period, last, starts)
    days = int(view.period.removesuffix("d"))
    return last - dt.timedelta(days=days - 1), last


def _of_calendar(period: Period, last: dt.date, starts: Starts) -> tuple[dt.date, dt.date]:
    """Return the week, month, quarter or year the data ends in up to its last day, or the whole one before it."""
    grain, whole = CALENDAR[period]
    begin = period_start(last, grain, CALENDAR_YEAR if period == "ytd" else starts)
    end = begin - dt.timedelta(days=1)
    return (period_start(end, grain, starts), end) if whole else (begin, last)


def filters(
    view: View, last: dt.date, zone: dt.tzinfo, first: dt.date | None = None, starts: Starts = CALENDAR_YEAR
) -> Filters:
    """Return the filters of a view; an as-of day means its end in the company's zone, in UTC."""
    since, until = span(view, last, first, starts)
    as_of = None
    if view.as_of:
        midnight = dt.datetime.combine(view.as_of + dt.timedelta(days=1), dt.time(), zone)
        as_of = midnight.astimezone(dt.UTC).replace(tzinfo=None)
    return Filters(
        since=since,
        until=until,
        as_of=as_of,
        values=view.values,
        clock=view.clock,
        compare=view.compare,
        against=view.against,
    )


def current(fallback: str) -> View:
    """Return this session's view; an address the reader typed, opened or went back to wins over what was kept."""
    address = {k: st.query_params[k] for k in st.query_params if k in OURS}
    kept: View | None = st.session_state.get("view")
    # Navigation drops the address; then the kept view is written back.
    if kept is None or (address and address != st.session_state.get("written")):
        kept = parse(address, kept.language if kept else fallback)
        st.session_state["unread"] = unread(address, kept)
        keep(kept)
        forget_widgets()
    return kept


def keep(view: View) -> None:
    """Remember a view for the following pages and reruns."""
    st.session_state["view"] = view


def forget_widgets() -> None:
    """Let every filter widget take its value from the view again."""
    if held := [k for k in st.session_state if str(k).startswith("f_")]:
        st.session_state["filters_turn"] = st.session_state.get("filters_turn", 0) + 1
    for key in held:
        del st.session_state[key]


def widget(name: str) -> str:
    """Return the key of a filter's widget: another one after each forgetting.

    In a shut popover the browser keeps what a widget last held and sends it with the next click, whatever we set.
    """
    return f"f_{name}_{turn}" if (turn := st.session_state.get("filters_turn", 0)) else f"f_{name}"


def write(view: View) -> None:
    """Write the view into the address, beside what the page itself keeps there."""
    wanted = params(view)
    others = {k: st.query_params.get_all(k) for k in st.query_params if k not in OURS}
    if {k: st.query_params[k] for k in st.query_params if k in OURS} != wanted:
        st.query_params.from_dict({**wanted, **others})
    st.session_state["written"] = wanted
