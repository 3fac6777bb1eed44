"""The support lead's queue: open promises by urgency, everyone's or mine, and the story of the one that is picked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from insights import sla, texts
from insights.filters import Filters, Scope
from insights.settings import Settings
from insights.timing.hours import ALWAYS
from insights.ui.cards import details, tables, tiles
from insights.ui.cards.cards import card
from insights.ui.run import data, here, local, names, t
from insights.ui.views.service.ticket import ticket
from insights.warehouse import Warehouse

Row = Mapping[str, Any]
LISTED = 200
SIGNS = {"breached_open": "▲", "at_risk": "◆", "on_track": "●", "paused": "‖"}
"""A sign beside each state's word, so that nothing rests on colour."""
COLUMNS = (
    "left", "due_at", "state", "ticket_id", "customer", "loyalty_tier", "priority", "agent", "team", "policy",
    "promise", "calendar", "segment", "category",
)  # fmt: skip


def now(filters: Filters) -> Filters:
    """Return the filters of what is open at the moment looked from, whatever the period."""
    return replace(filters, since=None, until=None)


def found(filters: Filters, mine: Sequence[tuple[str, str]] = ()) -> sla.Queue:
    """Return the queue under the filters, cached."""
    run = here()
    key = run.settings.model_dump_json()
    return _found(
        f"{run.data.path}#{run.data.version}", key, now(filters), run.scope, tuple(mine), run.data, run.settings
    )


@st.cache_data(max_entries=200, show_spinner=False)
def _found(
    version: str, key: str, filters: Filters, scope: Scope, mine: tuple[tuple[str, str], ...], _warehouse: Warehouse,
    _settings: Settings,
) -> sla.Queue:  # fmt: skip
    return sla.queue(_warehouse, _settings, filters, scope=scope, mine=mine, limit=LISTED)


def promise_tiles(filters: Filters) -> None:
    """Draw what is open now, then how the period's promises were kept."""
    held, today = found(filters), now(filters)
    newest = (filters.as_of or here().data.as_of) >= here().data.as_of
    kept = ("sla_compliance", "sla_over_p50")
    results, weekly = data.tiles(kept, filters), tiles.weekly(kept, filters)
    grid = st.grid(6, min_column_width=150, gap="small", border=True, key="tiles_promises")
    counts = {"breached_open": "sla_open_breaches", "due_hour": None, "due_today": None, "paused": "sla_paused"}
    for name, metric in counts.items():
        with grid.cell():
            _count(name, held, metric if newest else None, today)
    for key in kept:
        with grid.cell():
            tiles.tile(key, results[key], weekly.get(key, []), filters, "promises")
    rows = [{t("ui.metric"): t(f"sla_page.{name}"), "value": held.count(name)} for name in counts]
    of_period = [{t("ui.metric"): names.name(k), **results[k]} for k in kept]
    here().exports[t("ui.key_figures")] = [*rows, *of_period]


def _count(name: str, held: sla.Queue, metric: str | None, today: Filters) -> None:
    with st.container(key=f"tile_queue_{name}", gap="xsmall"):
        st.metric(t(f"sla_page.{name}"), names.count(held.count(name)), height="content")
        st.caption(t(f"sla_page.{name}_help", total=names.count(held.total())))
        if metric and st.button(
            t("ui.details"), icon=":material/info:", type="tertiary", key=f"queue_about_{name}",
            help=f"{names.name(metric)}: {t('ui.info_help')}",
        ):  # fmt: skip
            details.open_for(metric, today)


def promise_queue(filters: Filters) -> None:
    """Draw the open promises, most overdue first; a chosen row opens its ticket's story below."""
    title = t("pages.complaints.queue")
    with card(title, t("sla_page.queue_reading"), key="queue", metric="sla_open_breaches", filters=now(filters)):
        mine = _mine(found(filters))
        held = found(filters, mine)
        values = dict(mine)
        total = held.total(values.get("agent"), values.get("team"))
        if not held.rows:
            st.caption(f":material/task_alt: {t('sla_page.queue_empty')}")
        else:
            here().exports[title] = held.rows
            _choose(table(held.rows, title, key="queue"), held.rows)
            if total > len(held.rows):
                st.caption(t("sla_page.first_of", shown=names.count(len(held.rows)), total=names.count(total)))
    if chosen := st.query_params.get("ticket"):
        source, _, ticket_id = chosen.partition("/")
        ticket(source, ticket_id, filters, close=_close)


def _mine(held: sla.Queue) -> list[tuple[str, str]]:
    """Let the reader narrow the queue to an agent or a team; the choice stays in the address."""
    chosen = []
    with st.container(horizontal=True, gap="small", key="queue_mine"):
        for dimension, column in (("agent", "agent_id"), ("team", "team")):
            owners = {row[column] for row in held.owners} - {None}
            if value := _pick(dimension, sorted(owners, key=str.casefold)):
                chosen.append((dimension, value))
    return chosen


def _pick(dimension: str, options: list[str]) -> str | None:
    name, key = f"my_{dimension}", f"queue_{dimension}"
    kept = st.query_params.get(name)
    # Someone with nothing open is still whom the link speaks of.
    shown = [*options, *([kept] if kept and kept not in options else [])]
    if key not in st.session_state and kept:
        st.session_state[key] = kept
    language = here().language
    value: str | None = st.selectbox(
        texts.t(f"dimensions.{dimension}", language), shown, index=None, key=key, width=240,
        format_func=lambda v: names.name_of(dimension, v, language), placeholder=t(f"sla_page.all_{dimension}"),
        on_change=_remember, args=(name, key),
    )  # fmt: skip
    return value


def _remember(name: str, key: str) -> None:
    value = st.session_state.get(key)
    if value is None:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = value


def table(rows: Sequence[Row], title: str, *, key: str) -> list[int]:
    """Draw clocks of the queue and give the chosen row."""
    shown = [c for c in COLUMNS if c in ("left", "state") or any(_cell(r, c) is not None for r in rows)]
    frame = pd.DataFrame({c: [_cell(row, c) for row in rows] for c in shown})
    event = st.dataframe(
        frame, hide_index=True, alt=title, row_height=38, height=min(440, 40 + 38 * len(rows)),
        placeholder=texts.DASH, column_config={c: _config(c) for c in shown}, on_select="rerun",
        selection_mode="single-row", key=f"{key}_table_{st.session_state.get('queue_round', 0)}",
    )  # fmt: skip
    return list(event.get("selection", {}).get("rows", []))


def _cell(row: Row, column: str) -> Any:
    language = here().language
    match column:
        case "left":
            return said_left(row)
        case "state":
            return f"{SIGNS[row['state']]} {texts.word('sla_state', row['state'], language)}"
        case "customer":
            return row["customer"] or row["customer_id"]
        case "promise":
            return texts.word("sla_metric", row["promise"], language)
        case "priority":
            return texts.word("priority", row["priority"], language) if row["priority"] else None
        case "agent":
            return names.name_of("agent", row["agent_id"], language) if row["agent_id"] else None
        case "calendar":
            return texts.t("sla_page.always", language) if row["calendar"] == ALWAYS else row["calendar"]
        case "due_at":
            return local(row["due_at"]).replace(tzinfo=None) if row["due_at"] else None
    return row[column]


def said_left(row: Row) -> str:
    """Return what is left of the promise in the clock's own calendar; negative when overdue."""
    return texts.duration(row["left_s"], here().language, days=row["calendar"] == ALWAYS)


def _config(column: str) -> Any:
    if column == "due_at":
        return st.column_config.DatetimeColumn(tables.heading(column), format="DD.MM.YYYY HH:mm", width=140)
    label = t("sla_page.left") if column == "left" else tables.heading(column)
    wide = {"left": 105, "state": 130}
    return st.column_config.TextColumn(label, width=wide.get(column), alignment="right" if column == "left" else None)


def _choose(picked: Sequence[int], rows: Sequence[Row]) -> None:
    """Keep the chosen ticket in the address; a row that is let go of closes its story."""
    if picked and picked[0] < len(rows):
        row = rows[picked[0]]
        st.query_params["ticket"] = f"{row['source']}/{row['ticket_id']}"
        st.session_state["queue_picked"] = True
    elif st.session_state.pop("queue_picked", False):
        st.query_params.pop("ticket", None)


def _close() -> None:
    st.query_params.pop("ticket", None)
    st.session_state.pop("queue_picked", None)
    st.session_state["queue_round"] = st.session_state.get("queue_round", 0) + 1
