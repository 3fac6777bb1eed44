"""The support lead's queue: open promises by urgency, everyone's or mine, and the story of the one that is picked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from insights import texts
from insights.asking import Desk
from insights.studies.promises import queue as studied
from insights.timing.hours import ALWAYS
from insights.ui.cards import details, drawn, tables, tiles
from insights.ui.cards.card import Card, Column, Table
from insights.ui.cards.draw import framed
from insights.ui.run import data, here, local, names, t
from insights.ui.views.service.ticket import ticket

Row = Mapping[str, Any]
Mine = tuple[tuple[str, str], ...]
LISTED = 200
TALLEST, ROW = 440, 38
SIGNS = {"breached_open": "▲", "at_risk": "◆", "on_track": "●", "paused": "‖"}
"""A sign beside each state's word, so that nothing rests on colour."""
COLUMNS = (
    "left", "due_at", "state", "ticket_id", "customer", "loyalty_tier", "priority", "agent", "team", "policy",
    "promise", "calendar", "segment", "category",
)  # fmt: skip
ALWAYS_SHOWN = ("left", "state")
COUNTS = {"breached_open": "sla_open_breaches", "due_hour": "", "due_today": "", "paused": "sla_paused"}
"""What is counted of the queue, and the metric that counts the same at the newest moment."""


def now(desk: Desk) -> Desk:
    """Return the desk on what is open at the moment looked from, whatever the period."""
    return desk.with_filters(replace(desk.filters, since=None, until=None))


@dataclass(frozen=True)
class Queue:
    """The most urgent clocks, and how many there are of each kind by whose they are."""

    rows: Sequence[Row]
    owners: Sequence[Row]

    def count(self, kind: str) -> int:
        """Return how many clocks are of a kind."""
        return studied.count(self.owners, kind)

    def total(self, mine: Mine = ()) -> int:
        """Return how many clocks are open, everyone's or one agent's or team's."""
        return studied.total(self.owners, dict(mine).get("agent"), dict(mine).get("team"))


def found(desk: Desk, mine: Mine = ()) -> Queue:
    """Return the queue, everyone's or narrowed to an agent or a team."""
    told = data.study(now(desk), "sla_queue", mine=mine, limit=LISTED)
    return Queue(told.rows, told.tables["owners"])


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
    with st.container(key=f"tile_queue_{name}", gap="xsmall"):
        st.metric(t(desk, f"sla_page.{name}"), names.count(desk, held.count(name)), height="content")
        st.caption(t(desk, f"sla_page.{name}_help", total=names.count(desk, held.total())))
        if metric:
            details.button(desk, metric, f"queue_about_{name}")


def promise_queue(desk: Desk) -> None:
    """Draw the open promises, most overdue first; a chosen row opens its ticket's story below."""
    title, reading = t(desk, "pages.complaints.queue"), t(desk, "sla_page.queue_reading")
    with framed(here(), Card("queue", now(desk), title, reading=reading, about="sla_open_breaches")):
        mine = _mine(desk, found(desk))
        _listed(desk, found(desk, mine), mine, title)
    if chosen := st.query_params.get("ticket"):
        source, _, ticket_id = chosen.partition("/")
        ticket(desk, source, ticket_id, close=_close)


def _listed(desk: Desk, held: Queue, mine: Mine, title: str) -> None:
    if not held.rows:
        st.caption(f":material/task_alt: {t(desk, 'sla_page.queue_empty')}")
        return
    here().exports[title] = held.rows
    _choose(table(desk, held.rows, title, key="queue"), held.rows)
    total = held.total(mine)
    if total > len(held.rows):
        shown = names.count(desk, len(held.rows))
        st.caption(t(desk, "sla_page.first_of", shown=shown, total=names.count(desk, total)))


def _mine(desk: Desk, held: Queue) -> Mine:
    """Let the reader narrow the queue to an agent or a team; the choice stays in the address."""
    chosen = []
    with st.container(horizontal=True, gap="small", key="queue_mine"):
        for dimension, column in (("agent", "agent_id"), ("team", "team")):
            owners = {row[column] for row in held.owners} - {None}
            if value := _pick(desk, dimension, sorted(owners, key=str.casefold)):
                chosen.append((dimension, value))
    return tuple(chosen)


def _pick(desk: Desk, dimension: str, options: list[str]) -> str | None:
    name, key = f"my_{dimension}", f"queue_{dimension}"
    kept_ = st.query_params.get(name)
    # Someone with nothing open is still whom the link speaks of.
    shown = [*options, *([kept_] if kept_ and kept_ not in options else [])]
    if key not in st.session_state and kept_:
        st.session_state[key] = kept_
    value: str | None = st.selectbox(
        names.dimension(desk, dimension), shown, index=None, key=key, width=240, on_change=_remember, args=(name, key),
        format_func=lambda v: names.member(desk, dimension, v), placeholder=t(desk, f"sla_page.all_{dimension}"),
    )  # fmt: skip
    return value


def _remember(name: str, key: str) -> None:
    value = st.session_state.get(key)
    if value is None:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = value


def table(desk: Desk, rows: Sequence[Row], title: str, *, key: str) -> int | None:
    """Draw clocks of the queue and give the chosen row."""
    shown = [c for c in COLUMNS if c in ALWAYS_SHOWN or any(_cell(desk, r, c) is not None for r in rows)]
    of = Table(
        {c: _column(desk, c) for c in shown}, [{c: _cell(desk, row, c) for c in shown} for row in rows],
        height=min(TALLEST, 40 + ROW * len(rows)), row_height=ROW,
    )  # fmt: skip
    return drawn.table(of, alt=title, key=f"{key}_{st.session_state.get('queue_round', 0)}", picks=True)


def _cell(desk: Desk, row: Row, column: str) -> Any:
    match column:
        case "left":
            return said_left(desk, row)
        case "state":
            words = [row["state"], *(["paused"] if row["paused"] and row["state"] != "paused" else [])]
            said = ", ".join(texts.word("sla_state", word, desk.language) for word in words)
            return f"{SIGNS[row['state']]} {said}"
        case "customer":
            return row["customer"] or row["customer_id"]
        case "promise":
            return texts.word("sla_metric", row["promise"], desk.language)
        case "calendar":
            return t(desk, "sla_page.always") if row["calendar"] == ALWAYS else row["calendar"]
        case "due_at":
            return local(desk, row["due_at"]).replace(tzinfo=None) if row["due_at"] else None
    value = row["agent_id" if column == "agent" else column]
    return names.member(desk, column, value) if value and column in ("agent", "priority") else value


def said_left(desk: Desk, row: Row) -> str:
    """Return what is left of the promise in the clock's own calendar; negative when overdue."""
    return texts.duration(row["left_s"], desk.language, days=row["calendar"] == ALWAYS)


def _column(desk: Desk, column: str) -> Column:
    match column:
        case "left":
            return Column(t(desk, "sla_page.left"), width=105, right=True)
        case "state":
            return Column(tables.heading(desk, column), width=130)
        case "due_at":
            return Column(tables.heading(desk, column), "moment", 140)
    return Column(tables.heading(desk, column))


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


def forget_pick() -> None:
    """Let the tables of the queue begin with no row picked."""
    st.session_state["queue_round"] = st.session_state.get("queue_round", 0) + 1


def _close() -> None:
    st.query_params.pop("ticket", None)
    st.session_state.pop("queue_picked", None)
    forget_pick()
