"""Any metrics by any splits over time: what is asked stands in the address, the answer in one card."""

from dataclasses import replace
from typing import Any

import streamlit as st

from insights.asking import Desk
from insights.ui.cards import draw
from insights.ui.kinds.groups import by
from insights.ui.run import names, t
from insights.ui.run.safe import literal
from insights.ui.views.home import answered, asked
from insights.ui.views.home.asked import Asked


def explore(desk: Desk) -> None:
    """Draw the question, then its answer."""
    found, lost = asked.read(desk, st.query_params.to_dict())
    if lost:
        st.caption(f":material/link_off: {t(desk, 'ui.address_unknown', what=literal(', '.join(lost)))}")
    _question(desk, found)
    if found.shape == "bar" and found.cut:
        draw.show(*(by(desk, key, found.cut[0]) for key in found.metrics))
    else:
        draw.show(answered.card(desk, found))


def _question(desk: Desk, found: Asked) -> None:
    with st.container(border=True, key="explore_question", gap="small"):
        with st.container(horizontal=True, gap="small"):
            _several(desk, found, "metrics", sorted(asked.offered(), key=lambda key: names.name(desk, key)))
            _several(desk, found, "cut", asked.splits(desk, found.metrics))
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
            _one(desk, found, "shape", asked.SHAPES)
            _one(desk, found, "grain", ("", *asked.GRAINS))
        if others := asked.members(desk, found.cut):
            _versus(desk, found, others)


def _several(desk: Desk, found: Asked, part: str, options: list[str]) -> None:
    chosen: tuple[str, ...] = getattr(found, part)
    st.session_state[f"explore_{part}"] = list(chosen)

    def called(word: str) -> str:
        return names.name(desk, word) if part == "metrics" else names.dimension(desk, word)

    listed = ", ".join(f"**{literal(called(word))}**" for word in chosen)
    with st.popover(f"{_said(desk, part)}: {listed}" if listed else _said(desk, part), key=f"explore_chip_{part}"):
        st.multiselect(
            _said(desk, part),
            options,
            key=f"explore_{part}",
            on_change=_take,
            args=(found, part),
            format_func=called,
            max_selections=asked.MOST_METRICS if part == "metrics" else asked.MOST_SPLITS,
            placeholder=t(desk, "ui.choose"),
        )


def _one(desk: Desk, found: Asked, part: str, options: tuple[str, ...]) -> None:
    st.session_state[f"explore_{part}"] = getattr(found, part) or ""
    st.pills(
        _said(desk, part),
        options,
        key=f"explore_{part}",
        required=True,
        wrap=True,
        on_change=_take,
        args=(found, part),
        format_func=lambda word: _said(desk, f"{part}_{word or 'none'}"),
    )


def _versus(desk: Desk, found: Asked, others: tuple[str, ...]) -> None:
    st.session_state["explore_versus"] = found.versus
    st.selectbox(
        _said(desk, "versus"),
        ("", *others),
        key="explore_versus",
        on_change=_take,
        args=(found, "versus"),
        format_func=lambda m: names.member(desk, found.cut[0], m) if m else _said(desk, "versus_none"),
    )


def _take(found: Asked, part: str) -> None:
    value: Any = st.session_state[f"explore_{part}"]
    value = tuple(value) if isinstance(value, list) else value or None
    changed: dict[str, Any] = {part: value or getattr(Asked(), part)}
    now = replace(found, **changed)
    for name in asked.PARTS:
        st.query_params.pop(name, None)
    # An address that asks nothing starts anew: the one number without a split is asked by its name.
    for name, text in (asked.written(now) or {"metrics": asked.FIRST}).items():
        st.query_params[name] = text


def _said(desk: Desk, name: str) -> str:
    return t(desk, f"pages.explore.{name}")
