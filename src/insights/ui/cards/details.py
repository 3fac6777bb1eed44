"""From any number to its truth: definition, the rows that count, those left out and why, and the SQL, in one drawer."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from insights import texts
from insights.filters import Filters
from insights.ui.cards import export, tables, trust
from insights.ui.run import data, here, names, t
from insights.ui.run.safe import literal

Row = Mapping[str, Any]
SHOWN = 500


def open_for(key: str, filters: Filters | None = None, part: str = "definition") -> None:
    """Open the drawer of a metric under the page's filters or narrower ones."""
    st.session_state.pop("details_part", None)
    st.dialog(names.name(key), width=940, position="right")(_body)(key, filters or here().filters, part)


def _body(key: str, filters: Filters, part: str) -> None:
    row = data.one(key, filters=filters)
    _headline(key, row, filters)
    parts = ("definition", "rows", "excluded", "sql")
    chosen = st.segmented_control(
        t("ui.details"), parts, default=part, key="details_part", format_func=lambda p: t(f"ui.part_{p}"),
        label_visibility="collapsed", required=True,
    )  # fmt: skip
    if chosen == "rows":
        _rows(key, filters, row)
    elif chosen == "excluded":
        _excluded(key, filters)
    elif chosen == "sql":
        st.code(data.statement(key, filters), language="sql", wrap_lines=True)
    else:
        definition(key, filters)


def _headline(key: str, row: Row, filters: Filters) -> None:
    interval = ""
    if row.get("low") is not None and row.get("high") is not None:
        interval = " · " + t("ui.interval", low=names.said(row["low"], key), high=names.said(row["high"], key))
    n = "" if names.metric(key).unit == "count" else f" · n = {names.count(row['n'])}"
    st.markdown(f"**{names.said(row['value'], key)}**{n}{interval}")
    if filters.since and filters.until:
        st.caption(names.span(filters.since, filters.until))


def definition(key: str, filters: Filters | None = None) -> None:
    """Write what a metric means: definition, formula, date anchor, unit, direction, and what it ignores here."""
    metric, language = names.metric(key), here().language
    st.markdown(texts.t(f"metrics.{key}.definition", language))
    facts = {
        t("ui.anchor"): t(f"ui.anchor_{metric.anchor}"),
        t("ui.unit"): t(f"ui.unit_{metric.unit}"),
        t("ui.better"): t(f"ui.better_{metric.better}"),
        t("ui.key"): f"`{key}`",
    }
    if (aim := names.target(key)) is not None and metric.better != "context":
        facts[t("ui.target")] = names.said_target(key) if aim is not None else ""
    st.markdown("\n".join(f"- **{label}:** {value}" for label, value in facts.items()))
    if filters is not None and (reasons := data.left_out(key, filters)):
        listed = ", ".join(f"{tables.reason(r['reason'])} {names.count(r['n'])}" for r in reasons)
        st.markdown(f"- **{t('ui.out_of')}:** {listed}")
    sentences = rules_note(key) + (notes(key, filters) if filters is not None else [])
    for sentence in sentences:
        st.info(sentence, icon=":material/info:")


def rules_note(key: str) -> list[str]:
    """Return by whose rules a number is measured, where they are not our own."""
    rules, language = data.rules(), here().language
    if rules == "own" or not data.ruled(key):
        return []
    return [t("ui.by_rules", rules=texts.word("rules", rules, language), how=t(f"reconcile.rules.{rules}"))]


def notes(key: str, filters: Filters) -> list[str]:
    """Return what a reader must know of this number: filters it cannot apply, figures as the source reported them."""
    found = []
    if ignored := data.ignored(key, filters):
        dimensions = ", ".join(texts.t(f"dimensions.{d}", here().language) for d in ignored)
        found.append(t("ui.ignores", dimensions=dimensions))
    if share := data.one(key, filters=filters).get("as_reported"):
        found.append(t("ui.as_reported", share=texts.percent(share, here().language)))
    if names.metric(key).open_ended:
        found.append(t("ui.open_ended"))
    return found + [literal(sentence) for sentence in trust.refusals(key, filters)]


def _rows(key: str, filters: Filters, row: Row) -> None:
    found = data.behind(key, filters=filters, limit=SHOWN)
    total = row["n"] or 0
    text = "ui.rows_all" if len(found) >= total else "ui.rows_first"
    st.caption(t(text, shown=names.count(len(found)), total=names.count(total)))
    if found:
        tables.records(found, alt=t("ui.rows_alt", metric=names.name(key)))
        export.rows_button(key, filters)


def _excluded(key: str, filters: Filters) -> None:
    found = data.behind(key, filters=filters, excluded=True, limit=SHOWN)
    if not found:
        st.caption(t("ui.none_left_out"))
        return
    reasons = [{"reason": r["reason"], "n": r["n"]} for r in data.left_out(key, filters)]
    st.markdown("\n".join(f"- {tables.reason(r['reason'])}: **{names.count(r['n'])}**" for r in reasons))
    tables.records(found, alt=t("ui.rows_alt", metric=names.name(key)))
    export.rows_button(key, filters, excluded=True)
