"""The overview's own parts: six tiles that say how it stands, and the promises that are about to break."""

from dataclasses import replace

import streamlit as st

from insights.asking import Desk
from insights.ui.cards import drawn, layout, tiles
from insights.ui.cards.card import Card
from insights.ui.cards.draw import framed
from insights.ui.cards.tiles import Tile
from insights.ui.run import data, here, names, t
from insights.ui.run.gather import gathered
from insights.ui.views.service import queue, queue_table
from insights.ui.views.service.queue_choice import Asked

LISTED = 10


def complaints(desk: Desk) -> Desk:
    """Return the desk narrowed to complaints, where the data tells them from other tickets."""
    if desk.filters.chosen("kind") or "complaint" not in data.options(desk, "kind"):
        return desk
    return desk.narrow("kind", "complaint")


def how_it_stands(desk: Desk, sla: str) -> None:
    """Draw open complaints, promises at risk, promises kept, first reply, satisfaction and customers who came back."""
    narrow, keys = complaints(desk), (sla, "frt_p50", "csat", "repeat_rate")
    data.compared(desk, (*keys, "frt_p90"))  # asked together, the slowest tenth shares the scan of the median
    backlog = _backlog(narrow)
    made = {key: replace(of, note=_note(desk, of)) for key, of in tiles.tile(desk, *keys, place="overview").items()}
    grid = st.grid(6, min_column_width=150, gap="small", border=True, key="tiles_overview")
    with grid.cell():
        tiles.draw(backlog)
    with grid.cell():
        _at_risk(narrow)
    for of in made.values():
        with grid.cell():
            tiles.draw(of)
    tiles.say_ignored(desk, ("backlog", *keys))
    here().exports[t(desk, "ui.key_figures")] = tiles.exported([backlog, *made.values()])


def _said(desk: Desk, name: str, **values: str) -> str:
    return t(desk, f"pages.overview.{name}", **values)


def _backlog(desk: Desk) -> Tile:
    label = "open_complaints" if desk.filters.chosen("kind") else "open_tickets"
    return replace(tiles.tile(desk, "backlog", place="overview")["backlog"], label=_said(desk, label))


def _note(desk: Desk, of: Tile) -> str:
    """Return the line below a tile: the slowest tenth, or the interval of the share."""
    if of.key == "frt_p50":
        slow = data.compared(desk, ["frt_p90"])["frt_p90"]
        return f"P90 {names.said_briefly(desk, slow.value, 'frt_p90')}" if slow.n else ""
    if of.key != "csat" or of.number.low is None or of.number.high is None:
        return ""
    low, high = (names.percent(desk, side, 0) for side in (of.number.low, of.number.high))
    return _said(desk, "between", low=low, high=high)


def _at_risk(desk: Desk) -> None:
    held = queue.found(desk)
    if uncovered := queue.uncovered(desk):
        _uncovered(desk, uncovered)
        return
    if report := gathered():
        return report.add(tiles.Count(_said(desk, "at_risk"), names.count(desk, held.count("at_risk"))))
    with st.container(key="tile_at_risk", gap="xsmall"):
        st.metric(_said(desk, "at_risk"), names.count(desk, held.count("at_risk")), height="content")
        st.caption(_said(desk, "at_risk_of", total=names.count(desk, held.total())))
        if late := held.count("breached_open"):
            said = f"{names.count(desk, late)} {_said(desk, 'overdue')}"
            st.badge(said, icon=":material/flag:", color="orange")
        else:
            st.badge(_said(desk, "none_overdue"), icon=":material/check_circle:", color="green")
        layout.link("complaints", _said(desk, "to_queue"))


def _uncovered(desk: Desk, n: int) -> None:
    with st.container(key="tile_uncovered", gap="xsmall"):
        st.metric(_said(desk, "uncovered"), names.count(desk, n), height="content")
        st.caption(_said(desk, "uncovered_help"))
        layout.link("whatif", t(desk, "sla_page.add_promise"))


def most_urgent(desk: Desk) -> None:
    """Draw the first of the queue; a chosen row leads to its ticket's story. Without promises there is no queue."""
    today = queue.now(complaints(desk))
    held, total = queue.listed(today, Asked(), LISTED), queue.found(today).total()
    if not total:
        return
    title, reading = _said(desk, "urgent"), _said(desk, "urgent_reading")
    card = Card("urgent", today, title, reading=reading, about="sla_open_breaches")
    with framed(here(), card):
        if not held.rows:
            st.caption(f":material/task_alt: {t(desk, 'sla_page.queue_empty')}")
            return
        here().exports[title] = held.rows
        drawn.led(queue_table.of(today, held.rows), title, "urgent")
        layout.link("complaints", _said(desk, "whole_queue", total=names.count(desk, total)))
