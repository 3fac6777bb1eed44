"""The overview's own parts: six tiles that say how it stands, and the promises that are about to break."""

from dataclasses import replace

from insights.asking import Desk
from insights.ui.cards import layout, tiles
from insights.ui.cards.card import Body, Card, nothing
from insights.ui.cards.draw import show
from insights.ui.cards.tiles import Count, Tile
from insights.ui.run import data, here, names, t
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
    tiles.in_row([backlog, at_risk(narrow), *made.values()], "overview")
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


def at_risk(desk: Desk) -> Count:
    """Return how many promises are about to break; where none covers open tickets, how many those are."""
    if n := queue.uncovered(desk):
        way = ("whatif", t(desk, "sla_page.add_promise"))
        return Count(_said(desk, "uncovered"), names.count(desk, n), note=_said(desk, "uncovered_help"), leads=way)
    held = queue.found(desk)
    late = held.count("breached_open")
    return Count(
        _said(desk, "at_risk"),
        names.count(desk, held.count("at_risk")),
        note=_said(desk, "at_risk_of", total=names.count(desk, held.total())),
        badge=f"{names.count(desk, late)} {_said(desk, 'overdue')}" if late else _said(desk, "none_overdue"),
        fine=not late,
        leads=("complaints", _said(desk, "to_queue")),
    )


def most_urgent(desk: Desk) -> Card:
    """Return the card of the first of the queue; a chosen row leads to its ticket's story."""
    today, title = queue.now(complaints(desk)), _said(desk, "urgent")

    def make(_: str) -> Body:
        rows = queue.listed(today, Asked(), LISTED).rows
        if not rows:
            return nothing(today, t(desk, "sla_page.queue_empty"), "task_alt")
        whole = _said(desk, "whole_queue", total=names.count(desk, queue.found(today).total()))
        return Body(
            table=queue_table.of(today, rows), alt=title, rows=rows, below=lambda: layout.link("complaints", whole)
        )

    return Card("urgent", today, title, make, _said(desk, "urgent_reading"), about="sla_open_breaches")


def show_most_urgent(desk: Desk) -> None:
    """Draw the first of the queue; without promises there is none."""
    if queue.found(queue.now(complaints(desk))).total():
        show(most_urgent(desk))
