"""The overview's own parts: six tiles that say how it stands, and the promises that are about to break."""

import streamlit as st

from insights import texts
from insights.filters import Filters
from insights.sla import Queue
from insights.ui.cards import tiles
from insights.ui.cards.cards import card
from insights.ui.cards.layout import any_of, link, narrowed
from insights.ui.run import data, here, names, t
from insights.ui.views.service import queue

LISTED = 10


def complaints() -> Filters:
    """Return the page's filters narrowed to complaints, where the data tells them from other tickets."""
    return narrowed(kind="complaint") if "complaint" in data.options("kind") else here().filters


def how_it_stands(sla: str) -> None:
    """Draw open complaints, promises at risk, promises kept, first reply, satisfaction and customers who came back."""
    run, narrow = here(), complaints()
    keys = (sla, "frt_p50", "csat", "repeat_rate")
    results = data.tiles((*keys, "frt_p90")) | data.tiles(("backlog",), narrow)
    weekly = tiles.weekly(keys, run.filters) | tiles.weekly(("backlog",), narrow)
    notes = {"frt_p50": _ninth_tenth(results["frt_p90"]), "csat": _interval("csat", results["csat"])}
    grid = st.grid(6, min_column_width=150, gap="small", border=True, key="tiles_overview")
    with grid.cell():
        open_ = "open_complaints" if narrow.chosen("kind") else "open_tickets"
        tiles.tile("backlog", results["backlog"], weekly.get("backlog", []), narrow, "overview", label=_said(open_))
    with grid.cell():
        _at_risk(queue.found(narrow))
    for key in keys:
        with grid.cell():
            tiles.tile(key, results[key], weekly.get(key, []), data.matured(key), "overview", note=notes.get(key, ""))
    tiles.say_ignored(("backlog", *keys))
    run.exports[t("ui.key_figures")] = [{t("ui.metric"): names.name(k), **row} for k, row in results.items()]


def _said(name: str, **values: str) -> str:
    return t(f"pages.overview.{name}", **values)


def _at_risk(held: Queue) -> None:
    with st.container(key="tile_at_risk", gap="xsmall"):
        st.metric(_said("at_risk"), names.count(held.count("at_risk")), height="content")
        st.caption(_said("at_risk_of", total=names.count(held.total())))
        late = held.count("breached_open")
        if late:
            st.badge(f"{names.count(late)} {_said('overdue')}", icon=":material/flag:", color="orange")
        else:
            st.badge(_said("none_overdue"), icon=":material/check_circle:", color="green")
        link("complaints", _said("to_queue"))


def _ninth_tenth(row: tiles.Row) -> str:
    return "" if not row["n"] else f"P90 {names.said_briefly(row['value'], 'frt_p90')}"


def _interval(key: str, row: tiles.Row) -> str:
    if row["low"] is None or row["high"] is None:
        return ""
    low, high = (texts.percent(row[side], here().language, 0) for side in ("low", "high"))
    return _said("between", low=low, high=high)


def most_urgent() -> None:
    """Draw the first of the queue; a chosen row leads to its ticket's story. Without promises there is no queue."""
    narrow, title = complaints(), _said("urgent")
    held = queue.found(narrow)
    if not held.rows and not any_of("sla_created", filters=queue.now(narrow)):
        return
    with card(title, _said("urgent_reading"), key="urgent", metric="sla_open_breaches", filters=queue.now(narrow)):
        if not held.rows:
            st.caption(f":material/task_alt: {t('sla_page.queue_empty')}")
            return
        rows = held.rows[:LISTED]
        here().exports[title] = rows
        if picked := queue.table(rows, title, key="urgent"):
            row = rows[picked[0]]
            st.session_state["queue_round"] = st.session_state.get("queue_round", 0) + 1
            chosen = {"ticket": f"{row['source']}/{row['ticket_id']}"}
            st.switch_page(st.session_state["pages"]["complaints"], query_params=chosen)
        if held.total() > len(rows):
            link("complaints", _said("whole_queue", total=names.count(held.total())))
