"""Lists of cases: the queue of running promises, what customers wrote, the longest waits."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from insights import texts
from insights.filters import Filters
from insights.ui import data, filterbar, names, tables
from insights.ui.cards import card, nothing
from insights.ui.run import here, local, t

Row = Mapping[str, Any]
QUEUE = 200
LISTED = 50


def queue(filters: Filters, *, title: str, reading: str) -> None:
    """Draw the running promises, least time left first; overdue ones have a negative time left."""
    run = here()
    today = replace(filters, since=None)
    with card(title, reading, key="queue", metric="sla_open_breaches", filters=today):
        moment = filters.as_of or run.data.as_of
        running = [
            {**row, "left_s": (row["due_at"] - moment).total_seconds()}
            for key in ("sla_open_breaches", "sla_at_risk")
            for row in data.top(key, "due_at", limit=QUEUE, filters=today)
        ]
        if not running:
            st.caption(f":material/task_alt: {t('ui.queue_empty')}")
            return
        running.sort(key=lambda row: (row["left_s"], row["ticket_id"]))
        run.exports[title] = running
        st.dataframe(
            pd.DataFrame([_clock(row) for row in running[:QUEUE]]), hide_index=True, alt=title, row_height=38,
            height=420, placeholder=texts.DASH, column_config=_clock_columns(),
        )  # fmt: skip
        if len(running) > QUEUE:
            st.caption(t("ui.rows_first", shown=names.count(QUEUE), total=names.count(len(running))))


def _clock(row: Row) -> dict[str, Any]:
    language = here().language
    return {
        "left": texts.duration(row["left_s"], language),
        "ticket_id": row["ticket_id"],
        "customer_id": row.get("customer_id"),
        "loyalty_tier": row.get("loyalty_tier"),
        "policy": row.get("policy"),
        "promise": texts.word("sla_metric", row.get("promise"), language),
        "category": row.get("category"),
        "priority": texts.word("priority", row.get("priority"), language),
        "agent": filterbar.name_of("agent", row.get("agent"), language),
        "team": row.get("team"),
        "due_at": local(row["due_at"]).replace(tzinfo=None),
    }


def _clock_columns() -> dict[str, Any]:
    columns = {c: st.column_config.Column(tables.heading(c)) for c in (
        "ticket_id", "customer_id", "loyalty_tier", "policy", "promise", "category", "priority", "agent", "team",
    )}  # fmt: skip
    return columns | {
        "left": st.column_config.TextColumn(t("ui.queue_left"), alignment="right"),
        "due_at": st.column_config.DatetimeColumn(tables.heading("due_at"), format="DD.MM.YYYY HH:mm"),
    }


def comments(key: str, *, title: str, reading: str) -> None:
    """Draw what customers wrote with their answer, lowest scores first."""
    with card(title, reading, key="comments", metric=key):
        found = data.top(key, "score", limit=LISTED, needs="comment")
        _listed(found, title, ("day", "score", "comment", "ticket_id", "customer_id", "channel", "category", "team"))


def longest(key: str, *, title: str, reading: str, filters: Filters | None = None) -> None:
    """Draw the cases with the largest values of a metric."""
    with card(title, reading, key=f"longest_{key}", metric=key, filters=filters):
        durations = names.metric(key).unit == "seconds"
        found = data.top(key, "value", limit=LISTED, filters=filters, largest=True)
        found = [{**r, "wait_s": r["value"]} if durations else r for r in found]
        shown = ("wait_s", "ticket_id", "customer_id", "created_at", "channel", "category", "priority", "team", "agent")
        _listed(found, title, shown)


def _listed(found: Sequence[Row], title: str, columns: Sequence[str]) -> None:
    if not found:
        nothing()
        return
    here().exports[title] = found
    shown = [{c: row[c] for c in columns if c in row} for row in found[:LISTED]]
    tables.records(shown, alt=title, height=380)
