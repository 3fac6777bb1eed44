"""A list of customers given away to be turned to, and remembered, so that later loads show what became of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from insights.asking import Desk
from insights.ui.cards import give
from insights.ui.cards.export import csv_bytes
from insights.ui.run import Run, here, t
from insights.warehouse.personal import lists

Groups = Mapping[str, Callable[[], Sequence[str]]]
"""The customers of each group that can be given away, by what readers call it."""


@dataclass(frozen=True)
class Asked:
    """What a list is to be called, which study and customers it is made of, and what share is held out by lot."""

    name: str
    study: str
    customers: Callable[[], Sequence[str]]
    held_out: float


USUAL_HELD_OUT = 20
"""Percent held out by lot unless the reader says otherwise: without any, nobody learns what the list did."""


def maker(desk: Desk, study: str, groups: Groups) -> Callable[[], None]:
    """Return what draws the making of a list under a card, for who may take files out."""

    def draw() -> None:
        run = here()
        if not run.may("export"):
            return
        with st.popover(t(desk, "ui.list_make"), icon=":material/playlist_add:"):
            group = next(iter(groups))
            if len(groups) > 1:
                group = st.selectbox(t(desk, "ui.list_of"), list(groups), key=f"list_of_{study}") or group
            name = st.text_input(t(desk, "ui.list_name"), group, key=f"list_name_{study}_{group}").strip() or group
            held = st.number_input(
                t(desk, "ui.list_held_out"),
                0,
                90,
                USUAL_HELD_OUT,
                5,
                key=f"list_held_{study}",
                help=t(desk, "ui.list_held_out_help"),
            )
            st.caption(t(desk, "ui.list_reading"))
            asked = Asked(name[: lists.LONGEST_NAME], study, groups[group], held / 100)
            give.button(
                t(desk, "ui.list_give"),
                partial(_given, run, desk, asked),
                f"{study}-list.csv",
                key=f"list_give_{study}",
            )

    return draw


def _given(run: Run, desk: Desk, asked: Asked) -> bytes:
    """Remember the list of those who may be turned to, and return those to turn to as a file."""
    allowed = {row["customer_id"]: row for row in desk.any_time().study("reachable").rows}
    chosen = [who for who in dict.fromkeys(asked.customers()) if who in allowed]
    ours, held = lists.split(chosen, asked.name, asked.held_out)
    made = lists.TargetList(asked.name, desk.at.isoformat(), run.visitor.name, asked.study, ours, held)
    lists.keep(run.settings.warehouse, made)
    return csv_bytes([dict(allowed[who]) for who in ours])
