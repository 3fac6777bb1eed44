"""What of the queue is asked for: its pill, whose it is, the long late unfolded; all of it stays in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from insights.asking import Desk
from insights.ui.run import names, t

Row = Mapping[str, Any]
Mine = tuple[tuple[str, str], ...]
PILLS = ("at_risk", "today", "late", "paused", "all")


@dataclass(frozen=True)
class Asked:
    """What of the queue is asked for."""

    show: str = "all"
    mine: Mine = ()
    unfold: bool = False
    stake: bool = False
    """What hangs on each ticket stands beside it, and the most comes first."""


def asked(desk: Desk, mine: Mine, shows: Mapping[str, Row]) -> Asked:
    """Let the reader choose a pill; each says how many tickets it has."""
    return Asked(_show(desk, shows), mine, st.query_params.get("long_late") == "yes", _stake(desk))


def _stake(desk: Desk) -> bool:
    """Let the reader see the queue by what is at stake; asked for, because it takes a study of all complaints."""
    return st.toggle(
        t(desk, "sla_page.by_stake"), key="queue_stake", bind="query-params", help=t(desk, "sla_page.by_stake_help")
    )


def _show(desk: Desk, shows: Mapping[str, Row]) -> str:
    """Let the reader choose what of the queue; the choice stays in the address."""
    kept = st.query_params.get("show")
    if "queue_show" not in st.session_state:
        st.session_state["queue_show"] = kept if kept in PILLS else "all"
    picked: str | None = st.pills(
        t(desk, "sla_page.show"),
        PILLS,
        key="queue_show",
        required=True,
        on_change=_remember_show,
        format_func=lambda s: f"{t(desk, f'words.show.{s}')} · {names.count(desk, shows[s]['n'])}",
        label_visibility="collapsed",
    )
    return picked or "all"


def _remember_show() -> None:
    _remember("show", "queue_show")


def unfold() -> None:
    """List what is late for long, too."""
    st.query_params["long_late"] = "yes"


def mine(desk: Desk, held: Sequence[Row]) -> Mine:
    """Let the reader narrow the queue to an agent or a team; the choice stays in the address."""
    chosen = []
    with st.container(horizontal=True, gap="small", key="queue_mine"):
        for dimension, column in (("agent", "agent_id"), ("team", "team")):
            owners = {row[column] for row in held} - {None}
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
        names.dimension(desk, dimension),
        shown,
        index=None,
        key=key,
        width=200,
        on_change=_remember,
        args=(name, key),
        format_func=lambda v: names.member(desk, dimension, v),
        placeholder=t(desk, f"sla_page.all_{dimension}"),
        label_visibility="collapsed",
    )
    return value


def _remember(name: str, key: str) -> None:
    value = st.session_state.get(key)
    if value is None:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = value
