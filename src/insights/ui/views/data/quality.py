"""The quality page: what is refused, how fresh and complete the data is, what contradicts itself, what was left out."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import sqlalchemy as sa
import streamlit as st

from insights import quality, texts
from insights.metrics import METRICS
from insights.quality import Finding
from insights.ui.cards import cards, export, tables
from insights.ui.cards.trust import WHOLE, fetch, found, why
from insights.ui.run import Run, here, local, names, t
from insights.ui.run.safe import literal

Row = dict[str, Any]
SHOWN = 500
TREND_MONTHS = 24


def summary() -> None:
    """Draw four counts: contradictions, refused KPIs, gaps, rejected rows."""
    run = here()
    rejected = [r for r in fetch(quality.set_aside(run.scope)) if r["row_rejected"]]
    gaps = sum(len(d.gaps) for d in quality.days(fetch, WHOLE, scope=run.scope))
    figures = {
        "wrong": sum(f.count for f in found() if f.severity == "wrong"),
        "refused": len(quality.verdicts(fetch)),
        "gaps": gaps,
        "aside": sum(r["count"] for r in rejected),
    }
    grid = st.grid(len(figures), min_column_width=150, gap="small")
    for name, value in figures.items():
        with grid.cell(), st.container(border=True, height="stretch", key=f"tile_quality_{name}"):
            st.metric(t(f"quality.tile_{name}"), names.count(value), help=t(f"quality.tile_{name}_help"))


def refused() -> None:
    """Say which KPIs are not shown, for which source, and why."""
    with cards.card(t("quality.refused_title"), t("quality.refused_reading"), key="refused"):
        reasons: dict[quality.Verdict, list[str]] = {}
        for metric, verdicts in quality.verdicts(fetch).items():
            for v in verdicts:
                reasons.setdefault(quality.Verdict(v.source, "", v.reason, v.share, v.n), []).append(metric)
        if not reasons:
            _fine(t("quality.refused_none"))
        for verdict, keys in reasons.items():
            st.warning(f"{literal(why(verdict))} {_refused_names(keys)}", icon=":material/block:")
        here().exports[t("quality.refused_title")] = [
            {"source": v.source, "reason": v.reason, "share": v.share, "n": v.n, "metrics": ", ".join(keys)}
            for v, keys in reasons.items()
        ]


def _refused_names(keys: Sequence[str]) -> str:
    return t("quality.refused_metrics", metrics=literal(_metric_names(keys)))


def _metric_names(keys: Sequence[str]) -> str:
    return ", ".join(names.short(k) for k in keys if k in METRICS)


def _fine(text: str) -> None:
    st.caption(f":material/check_circle: {text}")


def freshness() -> None:
    """Draw how far each source's data reaches."""
    run = here()
    as_of, limit = run.data.as_of, run.settings.thresholds.stale_after_days
    reading = t("quality.fresh_reading", as_of=texts.moment(local(as_of), run.language), days=limit)
    with cards.card(t("quality.fresh_title"), reading, key="fresh"):
        rows = quality.freshness(fetch, scope=run.scope, as_of=as_of, stale_after_days=limit)
        shown = [
            {
                "source": f.source,
                "table": table_name(f.table),
                "rows": names.count(f.rows),
                "latest": texts.moment(local(f.latest) if f.latest else None, run.language),
                "age": texts.decimal_text(f.age_days, run.language, 1),
                "state": t(f"quality.{'no_times' if f.latest is None else 'stale' if f.stale else 'fresh'}"),
            }
            for f in rows
        ]
        _table(shown, right=("rows", "age"), alt=t("quality.fresh_title"))
        run.exports[t("quality.fresh_title")] = [vars(f) for f in rows]


def contradictions() -> None:
    """Draw every check that found something, worst first; a chosen one opens its rows."""
    run, all_found = here(), found()
    failing = sorted((f for f in all_found if f.count), key=_gravity)
    reading = t("quality.found_reading", count=len({f.check.id for f in failing}), total=len(quality.CHECKS))
    with cards.card(t("quality.found_title"), reading, key="found"):
        run.exports[t("quality.found_title")] = [_exported(f) for f in all_found]
        if not failing:
            _fine(t("quality.found_none", total=len(quality.CHECKS)))
            return
        if st.toggle(t("quality.only_found"), key="quality_hide_missing"):
            failing = [f for f in failing if f.severity != "missing"]
        event = st.dataframe(
            pd.DataFrame([_line(f) for f in failing], columns=list(LINE)), hide_index=True, height="content",
            column_config=_line_config(), on_select="rerun", selection_mode="single-row", key="quality_checks",
            placeholder=texts.DASH, alt=t("quality.found_title"),
        )  # fmt: skip
        chosen = event.get("selection", {}).get("rows", [])
        if chosen and chosen[0] < len(failing):
            _rows_of(failing[chosen[0]])


def _gravity(finding: Finding) -> tuple[int, float, str, str]:
    return quality.SEVERITIES.index(finding.severity), -finding.share, finding.check.id, finding.source


LINE = {
    "check": 270, "severity": 110, "table": 115, "source": 95, "count": 75, "of": 80, "share": 70, "trend": 90,
    "touches": 200,
}  # fmt: skip
"""Columns of the table of contradictions with their widths: names are read whole, lists of KPIs may be cut."""


def _line(finding: Finding) -> Row:
    of, language = finding.check, here().language
    return {
        "check": t(f"quality.checks.{of.key}.name"),
        "severity": t(f"quality.severities.{finding.severity}"),
        "table": table_name(of.table.name),
        "source": finding.source,
        "count": names.count(finding.count),
        "of": names.count(finding.n),
        "share": texts.percent(finding.share, language),
        "trend": [100 * count / n for _, count, n in finding.months[-TREND_MONTHS:] if n],
        "touches": _metric_names(of.touches) or texts.DASH,
    }


def _line_config() -> dict[str, Any]:
    right = ("count", "of", "share")
    config: dict[str, Any] = {
        name: st.column_config.TextColumn(
            t(f"quality.{name}"), width=width, alignment="right" if name in right else "left"
        )
        for name, width in LINE.items()
    }
    return config | {"trend": st.column_config.AreaChartColumn(t("quality.trend"), y_min=0, width=LINE["trend"])}


def _exported(finding: Finding) -> Row:
    of = finding.check
    return {
        "check": of.id, "severity": finding.severity, "source": finding.source, "count": finding.count, "n": finding.n,
        "share": finding.share, "touches": ", ".join(of.touches),
    }  # fmt: skip


def _rows_of(finding: Finding) -> None:
    run, of = here(), finding.check
    name = t(f"quality.checks.{of.key}.name")
    only = WHOLE.choose("source", finding.source)
    rows = run.data.fetch(quality.failing_rows(of, only, scope=run.scope, as_of=run.data.as_of, limit=SHOWN))
    st.subheader(f"{name} · {literal(finding.source)}", anchor=False)
    st.write(t(f"quality.checks.{of.key}.why"))
    if touched := _metric_names(of.touches):
        st.caption(f"{t('quality.touches')}: {touched}")
    st.caption(t("quality.found_rows", name=name, shown=names.count(len(rows)), count=names.count(finding.count)))
    if rows:
        tables.records(rows, alt=name, height=320)
        _download(run, quality.failing_rows(of, only, scope=run.scope, as_of=run.data.as_of), of.id)


def _download(run: Run, select: sa.Select[Any], stem: str) -> None:
    """Draw the download of all rows of a select; it is run only when clicked."""
    st.download_button(
        t("quality.found_download"), lambda: export.csv_bytes(run.data.fetch(select)), f"{stem}.csv", "text/csv",
        on_click="ignore", icon=":material/download:", key=f"download_{stem}",
    )  # fmt: skip


def excluded() -> None:
    """Draw the rows that count nowhere, by reason."""
    run = here()
    with cards.card(t("quality.excluded_title"), t("quality.excluded_reading"), key="excluded"):
        rows = quality.excluded(fetch, WHOLE, scope=run.scope)
        run.exports[t("quality.excluded_title")] = rows
        if not rows:
            _fine(t("quality.excluded_none"))
            return
        shown = [
            {
                "table": table_name(r["table"]), "source": r["source"], "reason": _excluded_word(r),
                "rows": names.count(r["rows"]), "share": texts.percent(r["rows"] / r["n"], run.language),
            }
            for r in rows
        ]  # fmt: skip
        _table(shown, right=("rows", "share"), alt=t("quality.excluded_title"))


def _excluded_word(row: Mapping[str, Any]) -> str:
    vocabulary = "order_status" if row["table"] == "orders" else "excluded"
    return texts.word(vocabulary, row["reason"], here().language)


def rejected() -> None:
    """Draw what could not be read, by file and reason, with the rows as they stood in the file."""
    run = here()
    with cards.card(t("quality.aside_title"), t("quality.aside_reading"), key="aside"):
        rows = fetch(quality.set_aside(run.scope))
        if not rows:
            _fine(t("quality.aside_none"))
            return
        run.exports[t("quality.aside_title")] = rows
        shown = [
            {
                "file": r["file"], "reason": tables.reason(r["reason"]), "column": r["column"] or texts.DASH,
                "what": t("quality.whole_row" if r["row_rejected"] else "quality.one_cell"),
                "count": names.count(r["count"]), "of": names.count(r["rows_read"]),
            }
            for r in rows
        ]  # fmt: skip
        _table(shown, right=("count", "of"), alt=t("quality.aside_title"))
        _download(run, quality.set_aside_rows(run.scope), "rejects")


def table_name(name: str) -> str:
    """Return what a table is called."""
    return t(f"columns.table_{name}")


def _table(rows: Sequence[Row], *, right: Sequence[str], alt: str) -> None:
    config = {
        name: st.column_config.TextColumn(t(f"quality.{name}"), alignment="right" if name in right else "left")
        for name in rows[0]
    }
    st.dataframe(pd.DataFrame(rows), hide_index=True, column_config=config, placeholder=texts.DASH, alt=alt)
