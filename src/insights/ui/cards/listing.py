"""The rows behind a number in the drawer: worst or newest first, all or only those that pull it down, as files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
import streamlit as st

from insights.asking import Desk
from insights.metrics import METRICS, Number, selects
from insights.studies.changes.parts import known_dimensions
from insights.ui.cards import downloads, drawn, tables
from insights.ui.run import data, names, steps, t

SHOWN = 500
TELLING = (
    "day",
    "score",
    "ticket_id",
    "comment",
    "subject",
    "state",
    "due_at",
    "first_response_s",
    "full_resolution_s",
    "customer_id",
    "category",
    "team",
    "agent",
    "priority",
    "channel",
    "created_at",
)
"""Columns that tell a reader most, in their order; the others follow."""
SIFTED = ("score", "state")
"""Splits the drawer's rows can be chosen by."""
Only = Literal["all", "against"]
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Listed:
    """Which rows behind a number are listed: all or those against it, at which mark, and where in the page."""

    number: Number
    only: Only = "all"
    inside: steps.Inside = ()
    place: str = "rows"

    @property
    def key(self) -> str:
        """Return the metric."""
        return self.number.metric


def splits(desk: Desk, key: str, inside: steps.Inside) -> steps.Inside:
    """Return what of a mark the rows of a metric can be split by; the rest of an address is left out."""
    base = METRICS[key].base
    own = (*dict(base.extras), *known_dimensions(desk, key))
    return tuple((name, value) for name, value in inside if name in own)


def part(desk: Desk, key: str, inside: steps.Inside) -> Number:
    """Return a metric's number, or that of the part a mark stands for."""
    found = data.numbers(desk, [key], by=[name for name, _ in inside])
    held = [n for n in found if all(steps.code(n.member(name)) == value for name, value in inside)]
    if len(held) == 1:
        return held[0]
    # Ages come in buckets whatever is asked: together they are one count.
    n = sum(number.n for number in held)
    return Number(metric=key, unit=METRICS[key].unit, value=n if held else None, n=n)


def against(key: str) -> float | None:
    """Return the value of the rows that pull a share the wrong way; None where there is none."""
    metric = METRICS[key]
    return {"up": 0, "down": 1}.get(metric.better) if metric.measure == "share" else None


def asked(desk: Desk, key: str, only: Only = "all", inside: steps.Inside = ()) -> sa.Select[Any]:
    """Return the SELECT of the rows behind a number, worst first where its rows have a value, then newest first."""
    listed = selects.rows(desk.question([key]), excluded=False, inside=inside).order_by(None).subquery("listed")
    metric, order = METRICS[key], [listed.c.day.desc().nulls_last(), *(listed.c[i] for i in METRICS[key].base.ids)]
    if metric.measure not in ("count", "sum") and metric.better != "context":
        worst = listed.c.value.asc() if metric.better == "up" else listed.c.value.desc()
        scored = [listed.c.score.asc().nulls_last()] if "score" in listed.c and metric.better == "up" else []
        order = [worst.nulls_last(), *scored, *order]
    chosen = [listed.c.value == against(key)] if only == "against" else []
    return sa.select(listed).where(*chosen).order_by(*order)


def sift(desk: Desk, key: str, inside: steps.Inside) -> None:
    """Let the reader choose the rows of one score or state, each with its count."""
    name = next((n for n in SIFTED if n in dict(METRICS[key].base.extras)), None)
    if name is None:
        return
    rest = tuple(pair for pair in inside if pair[0] != name)
    counts = {value: part(desk, key, (*rest, (name, value))).n for value in _values(desk, key, name)}
    st.session_state["drawer_sift"] = dict(inside).get(name)
    st.pills(
        tables.heading(desk, name),
        [value for value, n in counts.items() if n],
        key="drawer_sift",
        format_func=lambda v: f"{names.split(desk, name, v)} · {names.count(desk, counts[v])}",
        on_change=_sift,
        args=(rest, name),
    )


def _values(desk: Desk, key: str, name: str) -> list[str]:
    found = {n.member(name) for n in data.numbers(desk, [key], by=[name])}
    return [steps.code(m) for m in sorted(found, key=lambda m: (isinstance(m, str), str(m)))]


def _sift(rest: steps.Inside, name: str) -> None:
    value = st.session_state["drawer_sift"]
    steps.go_inside((*rest, (name, value)) if value else rest)


def choice(desk: Desk, number: Number) -> Only:
    """Let the reader choose all rows or only those against the number, each with its count."""
    if against(number.metric) is None or number.hits is None:
        return "all"
    bad = number.n - number.hits if METRICS[number.metric].better == "up" else number.hits
    said: dict[Only, int] = {"all": number.n, "against": bad}
    picked: Only = st.pills(
        t(desk, "ui.part_rows"),
        list(said),
        default="all",
        key="drawer_only",
        required=True,
        format_func=lambda o: f"{t(desk, f'ui.only_{o}')} · {names.count(desk, said[o])}",
        label_visibility="collapsed",
    )
    return picked


def draw(desk: Desk, of: Listed) -> None:
    """Draw the rows with the way to their tickets, and the files of all of them."""
    select = asked(desk, of.key, of.only, of.inside)
    found = desk.fetch(select.limit(SHOWN))
    total = of.number.n if of.only == "all" else _count(desk, select)
    text = "ui.rows_all" if len(found) >= total else "ui.rows_first"
    st.caption(t(desk, text, shown=names.count(desk, len(found)), total=names.count(desk, total)))
    if not found:
        return
    stem = of.key if of.only == "all" else f"{of.key}-{of.only}"
    downloads.both(desk, downloads.behind(desk, of.key, select, total, stem=stem), f"{of.place}_{of.key}")
    alt = t(desk, "ui.rows_alt", metric=names.name(desk, of.key))
    if "ticket_id" in found[0]:
        st.caption(t(desk, "ui.pick_ticket"))
    drawn.led(tables.records(desk, [told(row) for row in found]), alt, f"{of.place}_{of.key}_{of.only}")


def told(row: Row) -> dict[str, Any]:
    """Return a row with its telling columns first."""
    first = [c for c in TELLING if c in row]
    return {c: row[c] for c in (*first, *(c for c in row if c not in first))}


def _count(desk: Desk, select: sa.Select[Any]) -> int:
    counted = sa.select(sa.func.count().label("n")).select_from(select.order_by(None).subquery("counted"))
    return int(desk.fetch(counted)[0]["n"])
