"""The support lead's queue: what can still be saved first, everyone's or mine, the picked ticket's story beside it."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from insights import texts
from insights.asking import Desk
from insights.studies.promises import queue as studied
from insights.timing.hours import ALWAYS
from insights.ui.cards import details, drawn, layout, tiles
from insights.ui.cards.card import Card
from insights.ui.cards.draw import framed
from insights.ui.run import data, here, names, t
from insights.ui.run.gather import gathered
from insights.ui.views.service import queue_choice, queue_table
from insights.ui.views.service.queue_choice import Asked
from insights.ui.views.service.ticket import ticket
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
        return 0 if asked.unfold else int(self.shows[asked.show]["folded"])

    def total(self, asked: Asked) -> int:
        """Return how many tickets there are to list."""
        return int(self.shows[asked.show]["n"]) - self.folded(asked)


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
    held, newest = found(desk), desk.at >= desk.warehouse.as_of
    made = tiles.tile(desk, "sla_compliance", "sla_over_p50", place="promises")
    grid = st.grid(6, min_column_width=150, gap="small", border=True, key="tiles_promises")
    for name, metric in COUNTS.items():
        with grid.cell():
            _count(now(desk), name, held, metric if newest else "")
    for of in made.values():
        with grid.cell():
            tiles.draw(replace(of, desk=desk))
    label = t(desk, "ui.metric")
    counted = [{label: t(desk, f"sla_page.{name}"), "value": held.count(name)} for name in COUNTS]
    here().exports[t(desk, "ui.key_figures")] = [*counted, *tiles.exported([*made.values()])]


def _count(desk: Desk, name: str, held: Queue, metric: str) -> None:
    if report := gathered():
        return report.add(tiles.Count(t(desk, f"sla_page.{name}"), names.count(desk, held.count(name))))
    with st.container(key=f"tile_queue_{name}", gap="xsmall"):
        st.metric(t(desk, f"sla_page.{name}"), names.count(desk, held.count(name)), height="content")
        said = {"total": names.count(desk, held.total()), "hour": names.count(desk, held.count("due_hour"))}
        st.caption(t(desk, f"sla_page.{name}_help", **said))
        if metric:
            details.button(desk, metric, f"queue_about_{name}")


def promise_queue(desk: Desk) -> None:
    """Draw the queue; it looks for newer data while it is open, and only its own part is drawn anew by a choice."""
    say_uncovered(desk)
    if gathered():
        return _printed(now(desk))
    st.fragment(_board)(desk)
    if seconds := desk.settings.queue.refresh_s:
        st.fragment(_look, run_every=seconds)(desk)


def _printed(desk: Desk) -> None:
    """Draw the queue for a report: what can still be saved, then the freshly late."""
    title = t(desk, "pages.complaints.queue")
    with framed(here(), Card("queue", desk, title, about="sla_open_breaches")):
        drawn.led(queue_table.of(desk, listed(desk, Asked()).rows), title, "queue")


def _look(desk: Desk) -> None:
    """Draw the page anew where newer data is there; what is chosen and where the reader stands are kept."""
    if opened(desk.settings).version != desk.warehouse.version:
        st.rerun()


def _board(desk: Desk) -> None:
    title, reading = t(desk, "pages.complaints.queue"), t(desk, "sla_page.queue_reading")
    with st.container(key="queue_board"):
        left, right = st.columns([5, 4], gap="small")
        with left, framed(here(), Card("queue", now(desk), title, reading=reading, about="sla_open_breaches")):
            _queue(desk, title)
        with right:
            linked_story(desk)


def linked_story(desk: Desk) -> None:
    """Draw the story of the ticket the address names."""
    if chosen := st.query_params.get("ticket"):
        source, _, ticket_id = chosen.partition("/")
        ticket(desk, source, ticket_id, close=_close)


def _queue(desk: Desk, title: str) -> None:
    mine = queue_choice.mine(desk, found(desk).owners)
    asked = queue_choice.asked(desk, mine, listed(desk, Asked(mine=mine)).shows)
    held = listed(desk, asked)
    rows = by_stake(desk, held.rows) if asked.stake else held.rows
    if rows:
        here().exports[title] = rows
        _choose(queue_table.table(desk, rows, title, key=_key(asked)), rows)
        _said(desk, rows)
    else:
        st.caption(f":material/info: {t(desk, 'sla_page.queue_empty')}")
    _rest(desk, held, asked)


def by_stake(desk: Desk, rows: Sequence[Row]) -> Sequence[Row]:
    """Return tickets with what hangs on their first answer, the most first; as they are where no link is shown."""
    study = data.study(now(desk).any_time(), "speed_to_kept", exposure="response", hours=None)
    if study.facts.get("stake_low") is None:
        st.caption(f":material/visibility_off: {t(desk, 'pages.speed.no_stake')}")
        return rows
    of = {address(row): row for row in study.tables["open"]}
    told = [{**row, **{end: of.get(address(row), {}).get(end) for end in queue_table.STAKES}} for row in rows]
    return sorted(told, key=lambda row: -(row["stake_high"] or 0))


def _key(asked: Asked) -> str:
    """Return the table's name: of other tickets it is another one, in which nothing is picked."""
    return f"queue_{zlib.crc32(repr(asked).encode())}_{st.session_state.get('queue_round', 0)}"


def _rest(desk: Desk, held: Listed, asked: Asked) -> None:
    """Say what is not listed: beyond the longest list, and what is late for so long that it is one line."""
    if folded := held.folded(asked):
        said = {"n": names.count(desk, folded), "days": desk.settings.queue.late_days}
        st.button(t(desk, "sla_page.folded", **said), icon=":material/unfold_more:", type="tertiary",
                  key="queue_unfold", on_click=queue_choice.unfold)  # fmt: skip
    if (total := held.total(asked)) > len(held.rows):
        shown = names.count(desk, len(held.rows))
        st.caption(t(desk, "sla_page.first_of", shown=shown, total=names.count(desk, total)))


def _said(desk: Desk, rows: Sequence[Row]) -> None:
    """Say what is left of the picked ticket's promise by its own clock and by the calendar."""
    for row in rows:
        if address(row) == st.query_params.get("ticket") and row["due_in_s"] is not None:
            said = {
                "promise": texts.word("sla_metric", row["promise"], desk.language),
                "left": texts.duration(row["left_s"], desk.language, days=row["calendar"] == ALWAYS),
                "calendar": queue_table.calendar(desk, row), "wall": texts.duration(row["due_in_s"], desk.language),
            }  # fmt: skip
            st.caption(t(desk, "sla_page.both_clocks", **said))
            if to := queue_table.link(desk, row):
                st.link_button(t(desk, "sla_page.in_source"), to, icon=":material/open_in_new:", type="tertiary")


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
