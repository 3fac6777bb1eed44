"""Promises and calendars as the settings file writes them, to be pasted into insights.toml."""

import json
from collections.abc import Sequence

from insights.settings import Calendar, Policy
from insights.timing.hours import WEEKDAYS

_LISTS = ("kind", "priority", "channel", "segment", "team")


def promises(policies: Sequence[Policy]) -> str:
    """Return policies as [[sla]] tables; options at their default are left out."""
    return "\n\n".join(_policy(p) for p in policies) + "\n"


def _policy(of: Policy) -> str:
    lines = ["[[sla]]", f"name = {_text(of.name)}", f"rank = {of.rank}"]
    lines += [f"{name} = {_list(getattr(of, name))}" for name in _LISTS if getattr(of, name)]
    lines += [f"per = {_text(of.per)}"] if of.per != "ticket" else []
    lines += [f"metric = {_text(of.metric)}", f"target_s = {of.target_s}", f"share = {of.share}"]
    lines += [f"calendar = {_text(of.calendar)}", f"paused = {_list(of.paused)}", f"warn_at = {of.warn_at}"]
    lines += [f"{name} = {day}" for name in ("valid_from", "valid_to") if (day := getattr(of, name))]
    return "\n".join(lines)


def calendar(name: str, of: Calendar) -> str:
    """Return a calendar as its [calendars.<name>] tables."""
    key = name if name.replace("_", "").replace("-", "").isascii() and name.isidentifier() else _text(name)
    lines = [f"[calendars.{key}]", f"zone = {_text(of.zone)}", f"holidays = {_text(of.holidays)}"]
    lines += [f"half_day_ends = {_text(of.half_day_ends)}", "", f"[calendars.{key}.hours]"]
    lines += [f"{day} = {_list(of.hours[day])}" for day in WEEKDAYS if of.hours.get(day)]
    if of.dates:
        lines += [
            "",
            f"[calendars.{key}.dates]",
            *(f"{day} = {_list(hours)}" for day, hours in sorted(of.dates.items())),
        ]
    for span in of.dated:
        lines += ["", f"[[calendars.{key}.dated]]"]
        lines += [f"{name} = {day}" for name, day in (("from", span.since), ("to", span.until)) if day]
        lines += [f"[calendars.{key}.dated.hours]"]
        lines += [f"{day} = {_list(span.hours[day])}" for day in WEEKDAYS if span.hours.get(day)]
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _list(values: Sequence[str]) -> str:
    return "[" + ", ".join(_text(v) for v in values) + "]"
