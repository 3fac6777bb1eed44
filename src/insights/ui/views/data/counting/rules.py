"""Every rule of counting: what it says today, its default, and how many rows of this load it touched."""

from collections.abc import Iterator
from typing import Any

from insights import texts
from insights.charts.look import shorten
from insights.settings.options import option, plain, said
from insights.ui.cards.card import Body, Card, Column, Table
from insights.ui.run import Reader, Run, data, names, t

SECTIONS = {
    "words": (
        "robots.names",
        "robots.by_source",
        "robots.count_from",
        "answers.staff_by_deeds",
        "answers.agent_opened",
        "answers.opening_within_s",
    ),
    "owners": ("answers.credit", "answers.owners", "sla.per"),
    "tickets": ("exclude", "load_complete"),
    "people": ("customers.merged", "customers.same", "customers.unknown"),
    "answers": ("csat.top_boxes", "csat.sources"),
    "money": ("company.currency", "rates"),
    "periods": ("company.week_starts", "company.fiscal_year_starts", "calendar", "calendar_for"),
    "solved": ("resolutions.closed_is_solved", "resolutions.first_needs_reopens", "rules"),
}
SHOWN_ALONE = ("sla.per", "load_complete")
"""Rules that are no option of their own: a part of each promise, and what is said at each load."""
COLUMNS = ("rule", "said", "default", "touched", "setting")
_LONG, _LONGEST = 70, 140
"""Letters from which on a default is not said twice, and after which a cell goes on in the file alone."""


def changeable() -> tuple[str, ...]:
    """Return the rules that are one option each."""
    return tuple(rule for rules in SECTIONS.values() for rule in rules if rule not in SHOWN_ALONE)


def cards(run: Run) -> Iterator[Card]:
    """Yield a card for each kind of rule."""
    touched = _touched(run)
    for section in SECTIONS:
        yield card(run, section, touched)


def _touched(run: Run) -> dict[str, tuple[str, int]]:
    if run.opened is None:
        return {}
    rows = data.study(run.desk, "rules").rows
    return {row["rule"]: (row["rows_of"], row["touched"]) for row in rows}


def card(to: Reader, section: str, touched: dict[str, tuple[str, int]]) -> Card:
    """Return the card of one kind of rules."""
    title = t(to, f"rules_page.section.{section}")

    def make(_: str) -> Body:
        columns = {c: Column(_heading(to, c)) for c in COLUMNS}
        rows = [_row(to, rule, touched.get(rule)) for rule in SECTIONS[section]]
        cells = [{c: shorten(value, _LONGEST) for c, value in row.items()} for row in rows]
        return Body(table=Table(columns, cells, wraps=True), alt=title, rows=rows)

    reading = t(to, "rules_page.reading") if section == next(iter(SECTIONS)) else ""
    return Card(f"rules_{section}", None, title, make, reading)


def _heading(to: Reader, column: str) -> str:
    return t(to, "rules_page.which" if column == "rule" else f"rules_page.{column}")


def _row(to: Reader, rule: str, touched: tuple[str, int] | None) -> dict[str, str]:
    did = (
        t(to, f"rules_page.{touched[0]}", count=names.count(to, touched[1])) if touched else t(to, "rules_page.nothing")
    )
    return {"rule": name(to, rule), **_set(to, rule), "touched": did, "setting": _setting(rule)}


def _setting(rule: str) -> str:
    return {"sla.per": "[[sla]] per", "load_complete": "insights load --complete"}.get(rule, rule)


def _set(to: Reader, rule: str) -> dict[str, str]:
    if rule == "load_complete":
        return {"said": t(to, "rules_page.nothing"), "default": t(to, "rules_page.choice.no")}
    if rule == "sla.per":
        per_team = [policy.name for policy in to.settings.sla if policy.per == "team"]
        return {"said": written(to, per_team), "default": t(to, "rules_page.choice.ticket")}
    now, usual = said(to.settings, rule), option(rule).default
    default = written(to, usual)
    return {
        "said": t(to, "rules_page.as_default") if now == usual and len(default) > _LONG else written(to, now),
        "default": default,
    }


def name(to: Reader, rule: str) -> str:
    """Return what a rule is called."""
    return t(to, f"rule.{rule}.name")


def word(to: Reader, value: Any) -> str:
    """Return one of the words a rule can be set to, as readers say it."""
    known = f"rules_page.choice.{value}"
    return t(to, known) if texts.has(known, to.language) else str(value)


def written(to: Reader, value: Any) -> str:
    """Return what a rule is set to, in one line."""
    if isinstance(value, bool):
        return t(to, "rules_page.choice.yes" if value else "rules_page.choice.no")
    if value in (None, [], {}, ""):
        return t(to, "rules_page.nothing")
    return _line(plain(value)) if isinstance(value, dict | list) else word(to, value)


def _line(value: Any) -> str:
    """Return what is set as a line: names with what they hold, lists by commas, several of them by semicolons."""
    if isinstance(value, dict):
        return " · ".join(f"{held}: {_line(inner)}" for held, inner in value.items())
    if isinstance(value, list):
        return ("; " if any(isinstance(one, dict) for one in value) else ", ").join(_line(one) for one in value)
    return str(value)
