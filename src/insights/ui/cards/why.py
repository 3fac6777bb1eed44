"""Why a number moved, in its drawer: the part of each group, what chance alone would do, and the way into a part."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from insights import charts
from insights.asking import Desk
from insights.charts import Ends, Step
from insights.charts.look import plain
from insights.studies import StudyResult
from insights.studies.changes.parts import known_dimensions
from insights.ui.cards import drawn, listing, tables
from insights.ui.cards.card import Column, Table
from insights.ui.cards.listing import Listed
from insights.ui.run import data, names, steps, t
from insights.ui.run.memo import kept
from insights.ui.run.safe import literal

EFFECTS = ("total", "low", "high", "own", "mix")
DRAWN = 8
"""Parts with a bar of their own; the others are drawn as one."""
NOT_TRIED = ("status", "currency")
FIRST = ("category", "team", "channel")
"""What a percentile is split by first: without parts that add up, none explains most."""
Part = Mapping[str, Any]


def can_be_asked(desk: Desk, key: str) -> bool:
    """Tell whether there is a period to compare with and anything to split by."""
    return bool(data.comparable(desk)) and not names.metric(key).open_ended and bool(ways(desk, key))


@kept
def ways(desk: Desk, /, key: str) -> list[str]:
    """Return the dimensions a metric can be split by here: known to its rows, not narrowed to one value already."""
    found = [d for d in known_dimensions(desk, key) if d not in NOT_TRIED and len(desk.filters.chosen(d)) != 1]
    return [d for d in found if len(data.options(desk, d)) > 1]


def draw(desk: Desk, key: str) -> None:
    """Draw why a metric moved, split by what the reader chooses; a picked part filters, opens and is looked into."""
    inside = st.session_state.get("drawer_inside", ())
    for group in inside:
        desk = desk.narrow(group[0], steps.code(group[1]))
    _path(desk, inside)
    by = _split(desk, key)
    answer = data.study(desk, "change_parts", metric=key, by=by, compare=data.comparable(desk))
    if answer.facts.get("change") is None or not answer.rows:
        st.caption(f":material/search_off: {t(desk, 'why.nothing')}")
        return
    st.markdown(verdict(desk, answer))
    by = str(answer.facts["by"])
    if figure := picture(desk, answer):
        groups = [(*inside, (by, row["member"])) for row in answer.rows[:DRAWN]]
        drawn.plot(figure, key=f"why_{key}", alt=verdict(desk, answer), tall=True, clicked=partial(_filter, groups))
    else:
        st.caption(t(desk, "why.percentile"))
    st.caption(t(desk, "why.reading"))
    picked = drawn.table(
        table(desk, answer), alt=t(desk, "ui.part_why"), key=f"why_{key}_{by}_{len(inside)}", picks=True
    )
    if picked is not None:
        _picked(desk, key, by, answer.rows[picked]["member"])


def _filter(groups: Sequence[steps.Group], points: Sequence[drawn.Point]) -> None:
    places = [int(p.get("point_index", -1)) for p in points if p.get("curve_number") == 0]
    if chosen := [groups[i] for i in places if 0 <= i < len(groups)]:
        steps.to_group(*chosen)


def _path(desk: Desk, inside: Sequence[tuple[str, Any]]) -> None:
    if inside:
        said = " / ".join(names.member(desk, d, m) for d, m in inside)
        st.button(f"{t(desk, 'why.out')}: {said}", icon=":material/arrow_back:", key="why_out", on_click=_leave)


def _leave() -> None:
    st.session_state["drawer_inside"] = st.session_state["drawer_inside"][:-1]


def _enter(by: str, member: Any) -> None:
    st.session_state["drawer_inside"] = (*st.session_state.get("drawer_inside", ()), (by, member))
    st.session_state.pop("drawer_by", None)


def _split(desk: Desk, key: str) -> str | None:
    """Let the reader choose the dimension; None where the study shall find the one that explains most."""
    offered = ways(desk, key)
    asked = st.query_params.get("by")
    found = asked if asked in offered else _first(desk, key, offered)
    if st.session_state.get("drawer_by") not in offered:
        st.session_state["drawer_by"] = found
    picked: str | None = st.pills(
        t(desk, "why.by"),
        offered,
        key="drawer_by",
        format_func=lambda d: names.dimension(desk, d),
        required=True,
        on_change=_keep_split,
    )
    return picked


def _keep_split() -> None:
    st.query_params["by"] = st.session_state["drawer_by"]


def _first(desk: Desk, key: str, offered: Sequence[str]) -> str:
    """Return the dimension that explains most; for a percentile, whose parts do not add up, the usual one."""
    if names.metric(key).measure in ("quantile", "ratio", "max"):
        return next((d for d in FIRST if d in offered), offered[0])
    found = data.study(desk, "change_parts", metric=key, compare=data.comparable(desk)).facts.get("by")
    return str(found) if found in offered else offered[0]


def verdict(desk: Desk, answer: StudyResult) -> str:
    """Return the change and whether chance alone would make it, as a sentence."""
    of = answer.facts
    key = of["metric"]
    before, now = (literal(names.said(desk, of[side], key)) for side in ("before", "now"))
    change = literal(names.said_change(desk, of["change"], key))
    if of["change_low"] is None or of["change_high"] is None:
        return t(desk, "why.changed", before=before, now=now, change=change)
    low, high = (literal(names.said_change(desk, of[side], key)) for side in ("change_low", "change_high"))
    text = "why.real" if of["change_real"] else "why.chance"
    return t(desk, text, before=before, now=now, change=change, low=low, high=high)


def picture(desk: Desk, answer: StudyResult) -> charts.Figure | None:
    """Return the waterfall of a change; None where the parts do not add up to it."""
    of, rows = answer.facts, answer.rows
    if any(row["own"] is None for row in rows) or of["before"] is None or of["now"] is None:
        return None
    made = [_step(desk, of["metric"], str(of["by"]), row) for row in rows[:DRAWN]]
    if rest := rows[DRAWN:]:
        made.append(Step(t(desk, "why.others", count=len(rest)), sum(row["total"] for row in rest), real=False))
    ends = Ends(of["before"], of["now"], t(desk, "why.before"), t(desk, "why.now"))
    return charts.waterfall(ends, made, of["unit"], desk.language, better=names.metric(of["metric"]).better)


def _step(desk: Desk, key: str, by: str, row: Part) -> Step:
    name = names.member(desk, by, row["member"])
    return Step(name, row["total"], row["real"], f"{plain(name)}: {_interval(desk, key, row)}")


def _interval(desk: Desk, key: str, row: Part) -> str:
    total = names.said_change(desk, row["total"], key)
    if row["low"] is None:
        return total
    low, high = (names.said_change(desk, row[side], key) for side in ("low", "high"))
    return f"{total} ({low} … {high})"


def table(desk: Desk, answer: StudyResult) -> Table:
    """Return the parts as a table: their effects with the interval, told from chance, value and cases of both times."""
    key, by = answer.facts["metric"], str(answer.facts["by"])
    unit, adds_up = names.metric(key).unit, any(row["own"] is not None for row in answer.rows)
    amounts = {c: tables.changed(desk, t(desk, f"why.{c}"), unit, [r[c] for r in answer.rows]) for c in EFFECTS}
    for column, at in (("value_before", "before"), ("value_now", "now")):
        label = f"{names.short(desk, key)}, {t(desk, f'why.{at}')}"
        amounts[column] = tables.measured(desk, label, unit, [r[column] for r in answer.rows])
    for column, at in (("n_before", "before"), ("n_now", "now")):
        amounts[column] = tables.measured(desk, f"n, {t(desk, f'why.{at}')}", "count", [r[column] for r in answer.rows])
    columns = {"member": Column(names.dimension(desk, by), width="medium"), "real": Column(t(desk, "why.sure"))}
    columns |= {c: column for c, (column, _) in amounts.items()}
    order = ("member", "total", "low", "high", "real", "own", "mix", "value_before", "value_now", "n_before", "n_now")
    shown = [c for c in order if adds_up or c not in ("own", "mix", "low", "high", "real")]
    rows = [
        _words(desk, by, row) | {c: cells[i] for c, (_, cells) in amounts.items()} for i, row in enumerate(answer.rows)
    ]
    return Table({c: columns[c] for c in shown}, [{c: row[c] for c in shown} for row in rows], "auto")


def _words(desk: Desk, by: str, row: Part) -> dict[str, Any]:
    real = t(desk, "why.part_real" if row["real"] else "why.part_chance")
    return {"member": names.member(desk, by, row["member"]), "real": real}


def _picked(desk: Desk, key: str, by: str, member: Any) -> None:
    """Offer what a picked part leads to: the page filtered to it, its own parts; and list its rows."""
    name = names.member(desk, by, member)
    st.subheader(literal(name), anchor=False)
    with st.container(horizontal=True, gap="small"):
        chosen = (*st.session_state.get("drawer_inside", ()), (by, member))
        if st.button(t(desk, "ui.filter_page"), icon=":material/filter_alt:", type="primary", key="why_filter"):
            steps.to_group(chosen)
            st.rerun()
        st.button(
            t(desk, "why.inside"), icon=":material/zoom_in:", key="why_inside", on_click=_enter, args=(by, member)
        )
    part = desk.narrow(by, steps.code(member))
    number = data.one(part, key)
    listing.draw(part, Listed(number, listing.choice(part, number), place="part"))
