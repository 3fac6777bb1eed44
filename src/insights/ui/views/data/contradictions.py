"""The card of every check that found something, worst first; a chosen one opens its rows."""

from dataclasses import replace
from typing import Any

from insights import quality, texts
from insights.asking import Desk
from insights.quality import Finding
from insights.ui.cards import tables
from insights.ui.cards.card import Body, Card, Column, Table
from insights.ui.cards.trust import WHOLE, Whole
from insights.ui.run import Reader, names, t
from insights.ui.views.data.completeness import table_name
from insights.ui.views.data.quality import all_rows, fine, metric_names

Row = dict[str, Any]
SHOWN = 500
TREND_MONTHS = 24
WIDTHS = {
    "check": 270,
    "severity": 110,
    "table": 115,
    "source": 95,
    "count": 75,
    "of": 80,
    "share": 70,
    "trend": 90,
    "touches": 200,
}
"""Columns of the table with their widths: names are read whole, lists of KPIs may be cut."""
RIGHT = ("count", "of", "share")


def contradictions(desk: Desk) -> Card:
    """Return the card of every check that found something, worst first; a chosen one opens its rows."""
    title, total = t(desk, "quality.found_title"), len(quality.CHECKS)
    found = Whole(desk).findings()
    failing = sorted((f for f in found if f.count), key=_gravity)

    def make(picked: str) -> Body:
        rows = [_exported(f) for f in found]
        if not failing:
            return replace(fine(t(desk, "quality.found_none", total=total)), rows=rows)
        seen = [f for f in failing if picked == "every" or f.severity != "missing"]
        shown = Table(_columns(desk), [_line(desk, f) for f in seen])
        return Body(table=shown, alt=title, rows=rows, opens=lambda place: _opened(desk, seen[place]))

    choice = {part: t(desk, f"quality.found_{part}") for part in ("every", "cells")} if failing else {}
    many = len({f.check.id for f in failing})
    reading = t(desk, "quality.found_reading", count=many, total=total) if many else ""
    return Card("found", desk, title, make, reading, choice=choice, filed=title)


def _gravity(finding: Finding) -> tuple[int, float, str, str]:
    return quality.SEVERITIES.index(finding.severity), -finding.share, finding.check.id, finding.source


def _columns(to: Reader) -> dict[str, Column]:
    found = {c: Column(t(to, f"quality.{c}"), width=w, right=c in RIGHT) for c, w in WIDTHS.items()}
    return found | {"trend": Column(t(to, "quality.trend"), "area", WIDTHS["trend"])}


def _line(to: Reader, finding: Finding) -> Row:
    of = finding.check
    return {
        "check": t(to, f"quality.checks.{of.key}.name"),
        "severity": t(to, f"quality.severities.{finding.severity}"),
        "table": table_name(to, of.table.name),
        "source": finding.source,
        "count": names.count(to, finding.count),
        "of": names.count(to, finding.n),
        "share": names.percent(to, finding.share),
        "trend": [100 * count / n for _, count, n in finding.months[-TREND_MONTHS:] if n],
        "touches": metric_names(to, of.touches) or texts.DASH,
    }


def _exported(finding: Finding) -> Row:
    of, share = finding.check, finding.share
    found = {"check": of.id, "severity": finding.severity, "source": finding.source, "count": finding.count}
    return found | {"n": finding.n, "share": share, "touches": ", ".join(of.touches)}


def _opened(desk: Desk, finding: Finding) -> tuple[str, Body]:
    """Return the head and the body of the rows that fail a check: why it is asked, whom it touches, the rows."""
    of, only = finding.check, WHOLE.choose("source", finding.source)
    every = quality.failing_rows(of, only, as_of=desk.warehouse.as_of)
    rows, name = desk.fetch(every.limit(SHOWN)), t(desk, f"quality.checks.{of.key}.name")
    touched = metric_names(desk, of.touches)
    why = [t(desk, f"quality.checks.{of.key}.why"), *([f"{t(desk, 'quality.touches')}: {touched}"] if touched else [])]
    shown, count = names.count(desk, len(rows)), names.count(desk, finding.count)
    reading = t(desk, "quality.found_rows", name=name, shown=shown, count=count)
    listed = tables.records(desk, rows, 320) if rows else None
    given = [all_rows(desk, every, finding.count, of.id, (name, why[0]))] if rows else []
    return f"{name} · {finding.source}", Body(table=listed, text="\n\n".join(why), reading=reading, files=given)
