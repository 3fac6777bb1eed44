"""The support lead's queue: what can still be saved first, everyone's or mine, the picked ticket's story beside it."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from insights.asking import Desk
from insights.studies.promises import queue as studied
from insights.ui.cards import layout, tiles
from insights.ui.cards.card import Body, Card, nothing
from insights.ui.cards.draw import fill, framed, show, table_key
from insights.ui.cards.tiles import Count
from insights.ui.run import data, here, names, t
from insights.ui.run.gather import gathered
from insights.ui.views.service import queue_choice, queue_table, ticket
from insights.ui.views.service.queue_choice import Asked
from insights.warehouse import opened

Row = Mapping[str, Any]
LISTED = 200
COUNTS = {"at_risk": "sla_at_risk", "due_today": "", "breached_open": "sla_open_breaches", "paused": "sla_paused"}
"""What is counted of the queue, and the metric that counts the same at the newest moment."""


def now(desk: Desk) -> Desk:
    """Return the desk on what is open at the moment looked from, whatever the period."""
    return desk.with_filters(replace(desk.filters, since=None, until=None))


@dataclass(frozen=True)
class Queue:
    """How many open clocks there are of each kind, by whose they are."""

    owners: Sequence[Row]

    def count(self, kind: str) -> int:
        """Return how many clocks are of a kind."""
        return studied.count(self.owners, kind)

    def total(self) -> int:
        """Return how many clocks are open."""
        return studied.total(self.owners)


@dataclass(frozen=True)
class Listed:
    """Tickets of the queue, and how many there are for each pill."""

    rows: Sequence[Row]
    shows: Mapping[str, Row]

    def folded(self, asked: Asked) -> int:
        """Return how many tickets are folded into one line."""
        return 0 if asked.unfold else int(self.shows[asked.show]["folded"] or 0)

    def total(self, asked: Asked) -> int:
        """Return how many tickets there are to list; of a few that are not counted for this reader, none."""
        return max(0, int(self.shows[asked.show]["n"] or 0) - self.folded(asked))


def found(desk: Desk) -> Queue:
    """Return the counts of the queue."""
    return Queue(data.study(now(desk), "sla_queue", limit=0).tables["owners"])


def listed(desk: Desk, asked: Asked, limit: int = LISTED) -> Listed:
    """Return the tickets asked for, each with its nearest promise."""
    told = data.study(
        now(desk), "sla_tickets", show=asked.show, mine=asked.mine, unfold="yes" if asked.unfold else "", limit=limit
    )
    return Listed(told.rows, {row["show"]: row for row in told.tables["shows"]})


def uncovered(desk: Desk) -> int:
    """Return how many tickets are open where no promise covers any of them."""
    return 0 if found(desk).total() else int(data.one(now(desk), "backlog").value or 0)


def say_uncovered(desk: Desk) -> None:
    """Say that open tickets are under no promise, and lead to where one is tried and written."""
    if n := uncovered(desk):
        st.warning(t(desk, "sla_page.uncovered", n=names.count(desk, n)), icon=":material/timer_off:")
        layout.link("whatif", t(desk, "sla_page.add_promise"))


def promise_tiles(desk: Desk) -> None:
    """Draw what is open now, then how the period's promises were kept."""
    made = [
        replace(of, desk=desk) for of in tiles.tile(desk, "sla_compliance", "sla_over_p50", place="promises").values()
    ]
    tiles.in_row([*counts(desk), *made], "promises")
    label, held = t(desk, "ui.metric"), found(desk)
    counted = [{label: t(desk, f"sla_page.{name}"), "value": held.count(name)} for name in COUNTS]
    here().exports[t(desk, "ui.key_figures")] = [*counted, *tiles.exported(made)]


def counts(desk: Desk) -> list[Count]:
    """Return what is open now, by how much of it can still be saved."""
    held, newest = found(desk), desk.at >= desk.warehouse.as_of
    said = {"total": names.count(desk, held.total()), "hour": names.count(desk, held.count("due_hour"))}
    return [
        Count(
            t(desk, f"sla_page.{name}"),
            names.count(desk, held.count(name)),
            note=t(desk, f"sla_page.{name}_help", **said),
            about=(now(desk), metric, f"queue_about_{name}") if metric and newest else None,
        )
        for name, metric in COUNTS.items()
    ]


def promise_queue(desk: Desk) -> None:
    """Draw the queue; it looks for newer data while it is open, and only its own part is drawn anew by a choice."""
    say_uncovered(desk)
    if gathered():
        return show(replace(card(desk, Asked()), reading=""))
    st.fragment(_board)(desk)
    if seconds := desk.settings.queue.refresh_s:
        st.fragment(_look, run_every=seconds)(desk)


def _look(desk: Desk) -> None:
    """Draw the page anew where newer data is there; what is chosen and where the reader stands are kept."""
    if opened(desk.settings).version != desk.warehouse.version:
        st.rerun()


def _board(desk: Desk) -> None:
    with st.container(key="queue_board"):
        left, right = st.columns([5, 4], gap="small")
        with left, framed(here(), card(desk, Asked())):
            mine = queue_choice.mine(desk, found(desk).owners)
            asked = queue_choice.asked(desk, mine, listed(desk, Asked(mine=mine)).shows)
            drawn, key = body(desk, asked), _key(asked)
            _follow(desk, drawn.rows, table_key(card(desk, asked), key))
            fill(here(), card(desk, asked), drawn, key)
        with right:
            linked_story(desk)


def _follow(desk: Desk, rows: Sequence[Row], table: str) -> None:
    """Let the picked ticket stay picked over newer data, wherever its row is now; its story stays in any case."""
    before, now_ = st.session_state.get("queue_version"), desk.warehouse.version
    st.session_state["queue_version"] = now_
    if before in (None, now_) or not st.session_state.get("queue_picked"):
        return
    place = next((i for i, row in enumerate(rows) if address(row) == st.query_params.get("ticket")), None)
    st.session_state["queue_picked"] = place is not None
    cells = [] if place is None else [(place, "ticket_id")]
    st.session_state[table] = {"selection": {"rows": [], "columns": [], "cells": cells}}


def linked_story(desk: Desk) -> None:
    """Draw the story of the ticket the address names."""
    if chosen := st.query_params.get("ticket"):
        source, _, ticket_id = chosen.partition("/") if "/" in chosen else ("", "", chosen)
        show(ticket.card(desk, source, ticket_id, close=_close))


def card(desk: Desk, asked: Asked) -> Card:
    """Return the card of the tickets asked for."""
    title, reading = t(desk, "pages.complaints.queue"), t(desk, "sla_page.queue_reading")
    return Card("queue", now(desk), title, lambda _: body(desk, asked), reading, about="sla_open_breaches")


def body(desk: Desk, asked: Asked) -> Body:
    """Return the tickets asked for, what is not listed, and what a picked one leads to."""
    held = listed(desk, asked)
    rows, notes = by_stake(desk, held.rows) if asked.stake else (held.rows, [])
    if (total := held.total(asked)) > len(rows):
        shown = {"shown": names.count(desk, len(rows)), "total": names.count(desk, total)}
        notes = [*notes, t(desk, "sla_page.first_of", **shown)]
    if not rows:
        empty = nothing(desk, t(desk, "sla_page.queue_empty"), "info")
        return replace(empty, notes=[*empty.notes, *notes], below=lambda: _unfold(desk, held.folded(asked)))
    return Body(
        table=queue_table.of(desk, rows),
        alt=t(desk, "pages.complaints.queue"),
        rows=rows,
        notes=notes,
        picked=lambda row: _choose(row, rows),
        below=lambda: _ways(desk, rows, held.folded(asked)),
    )


def by_stake(desk: Desk, rows: Sequence[Row]) -> tuple[Sequence[Row], list[str]]:
    """Return tickets with what hangs on their first answer, the most first; as they are where no link is shown."""
    study = data.study(now(desk).any_time(), "speed_to_kept", exposure="response", hours=None)
    if study.facts.get("stake_low") is None:
        return rows, [f":material/visibility_off: {t(desk, 'pages.speed.no_stake')}"]
    of = {address(row): row for row in study.tables["open"]}
    told = [{**row, **{end: of.get(address(row), {}).get(end) for end in queue_table.STAKES}} for row in rows]
    return sorted(told, key=lambda row: -(row["stake_high"] or 0)), []


def _key(asked: Asked) -> str:
    """Return the table's name: of other tickets it is another one, in which nothing is picked."""
    return f"{zlib.crc32(repr(asked).encode())}_{st.session_state.get('queue_round', 0)}"


def _ways(desk: Desk, rows: Sequence[Row], folded: int) -> None:
    """Draw what is left of the picked ticket's promise on both clocks, and the ways on."""
    for row in rows:
        if address(row) == st.query_params.get("ticket") and row["due_in_s"] is not None:
            st.caption(queue_table.both_clocks(desk, row))
    _unfold(desk, folded)


def _unfold(desk: Desk, folded: int) -> None:
    """Offer what is late for so long that it is one line."""
    if folded:
        said = {"n": names.count(desk, folded), "days": desk.settings.queue.late_days}
        st.button(
            t(desk, "sla_page.folded", **said),
            icon=":material/unfold_more:",
            type="tertiary",
            key="queue_unfold",
            on_click=queue_choice.unfold,
        )


def address(row: Row) -> str:
    """Return a ticket as the address names it."""
    return f"{row['source']}/{row['ticket_id']}"


def _choose(picked: int | None, rows: Sequence[Row]) -> None:
    """Keep the chosen ticket in the address; a row that is let go of closes its story."""
    if picked is not None:
        st.query_params["ticket"] = address(rows[picked])
        st.session_state["queue_picked"] = True
    elif st.session_state.pop("queue_picked", False):
        st.query_params.pop("ticket", None)


def _close() -> None:
    st.query_params.pop("ticket", None)
    st.session_state.pop("queue_picked", None)
    st.session_state["queue_round"] = st.session_state.get("queue_round", 0) + 1
