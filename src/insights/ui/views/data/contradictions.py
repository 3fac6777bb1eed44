"""The card of every check that found something, worst first; a chosen one opens its rows."""

from typing import Any

import streamlit as st

from insights import quality, texts
from insights.asking import Desk
from insights.quality import Finding
from insights.ui.cards import drawn, tables
from insights.ui.cards.card import Card, Column, Table
from insights.ui.cards.draw import framed
from insights.ui.cards.trust import WHOLE, Whole
from insights.ui.run import Reader, here, names, t
from insights.ui.run.safe import literal
from insights.ui.views.data.completeness import table_name
from insights.ui.views.data.quality import download, metric_names

Row = dict[str, Any]
SHOWN = 500
TREND_MONTHS = 24
WIDTHS = {
    "check": 270, "severity": 110, "table": 115, "source": 95, "count": 75, "of": 80, "share": 70, "trend": 90,
    "touches": 200,
}  # fmt: skip
"""Columns of the table with their widths: names are read whole, lists of KPIs may be cut."""
RIGHT = ("count", "of", "share")


def contradictions(desk: Desk) -> None:
    """Draw every check that found something; a chosen one opens its rows."""
    found = Whole(desk).findings()
    failing = sorted((f for f in found if f.count), key=_gravity)
    title, total = t(desk, "quality.found_title"), len(quality.CHECKS)
    reading = t(desk, "quality.found_reading", count=len({f.check.id for f in failing}), total=total)
    here().exports[title] = [_exported(f) for f in found]
    with framed(here(), Card("found", desk, title, reading=reading)):
        if not failing:
            st.caption(f":material/check_circle: {t(desk, 'quality.found_none', total=total)}")
            return
        if st.toggle(t(desk, "quality.only_found"), key="quality_hide_missing"):
            failing = [f for f in failing if f.severity != "missing"]
        shown = Table(_columns(desk), [_line(desk, f) for f in failing])
        picked = drawn.table(shown, alt=title, key="quality_checks", picks=True)
        if picked is not None:
            _rows_of(desk, failing[picked])


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


def _rows_of(desk: Desk, finding: Finding) -> None:
    of, only = finding.check, WHOLE.choose("source", finding.source)
    every = quality.failing_rows(of, only, as_of=desk.warehouse.as_of)
    rows, name = desk.fetch(every.limit(SHOWN)), t(desk, f"quality.checks.{of.key}.name")
    st.subheader(f"{name} · {literal(finding.source)}", anchor=False)
    st.write(t(desk, f"quality.checks.{of.key}.why"))
    if touched := metric_names(desk, of.touches):
        st.caption(f"{t(desk, 'quality.touches')}: {touched}")
    shown, count = names.count(desk, len(rows)), names.count(desk, finding.count)
    st.caption(t(desk, "quality.found_rows", name=name, shown=shown, count=count))
    if rows:
        drawn.table(tables.records(desk, rows, 320), alt=name, key="quality_rows")
        download(desk, every, of.id)
