"""What another promise would have meant: the history replayed under the targets, hours and pauses of the form."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from insights import charts, texts
from insights.asking import Desk
from insights.charts.outcomes import Moved
from insights.settings import settings_path
from insights.studies import StudyResult
from insights.ui.cards import tables
from insights.ui.cards.card import Body, Card, Column, Table, nothing
from insights.ui.cards.draw import beside, show
from insights.ui.cards.tiles import Count, in_row
from insights.ui.run import data, local, names, t
from insights.ui.views.data import pasted
from insights.ui.views.service import promise_form
from insights.ui.views.service.promises import named

Row = Mapping[str, Any]
SHOWN, TALLEST = 500, 390
SIDES = ("then", "now")


def what_if(desk: Desk) -> None:
    """Draw the form of promises, then what they would have meant for the tickets under the filters."""
    if not desk.settings.sla:
        st.info(t(desk, "whatif_page.no_promises"), icon=":material/info:")
        return
    wanted = promise_form.wanted(desk)
    tried = replace(desk, settings=wanted)
    with st.spinner(t(desk, "whatif_page.running"), show_time=True):
        verdict = data.study(tried, "what_if")
    if not verdict.facts.get("clocks"):
        st.info(t(desk, "whatif_page.no_clocks"), icon=":material/info:")
        return
    in_row(summary(desk, verdict), "whatif")
    notes = [
        *_newest(desk),
        beside_the_page(desk, verdict),
        *([proven(desk, verdict)] if tried.settings == desk.settings else []),
    ]
    beside(compliance(tried, verdict, notes), load(tried, verdict))
    show(flips(tried, verdict))
    with st.expander(t(desk, "whatif_page.keep"), icon=":material/content_copy:"):
        st.caption(t(desk, "calendar_page.paste", file=settings_path().name))
        changed = [pasted.calendar(n, c) for n, c in wanted.calendars.items() if c != desk.settings.calendars.get(n)]
        st.code("\n".join([*changed, pasted.promises(wanted.sla)]), language="toml")


def summary(desk: Desk, of: StudyResult) -> list[Count]:
    """Return what is kept now, the clocks that end otherwise, and how many were looked at."""
    flipped = [
        Count(
            t(desk, f"whatif_page.flip_{word}"),
            names.count(desk, of.facts[word]),
            note=t(desk, f"whatif_page.flip_{word}_help"),
        )
        for word in ("kept", "broken")
    ]
    tickets = t(desk, "whatif_page.tickets", count=names.count(desk, of.facts["tickets"]))
    clocks = Count(t(desk, "whatif_page.clocks"), names.count(desk, of.facts["clocks"]), note=tickets)
    return [_kept(desk, of.facts), *flipped, clocks]


def _newest(desk: Desk) -> list[str]:
    return [f":material/history_toggle_off: {t(desk, 'whatif_page.newest')}"] if desk.filters.as_of else []


def beside_the_page(desk: Desk, of: StudyResult) -> str:
    """Return why the share of today is not that of the SLA page: another population, over the same period."""
    page = data.one(desk, "sla_compliance")
    shares = {"page": names.percent(desk, page.value), "here": names.percent(desk, of.facts["value_then"])}
    return f":material/compare_arrows: {t(desk, 'whatif_page.two_numbers', **shares)}"


def proven(desk: Desk, of: StudyResult) -> str:
    """Return whether the replay of today's promises gives every stored clock."""
    differing, clocks = of.facts["differing"], of.facts["clocks"]
    icon, text = ("warning", "differs") if differing else ("verified", "proven")
    counted = {"count": names.count(desk, differing), "clocks": names.count(desk, clocks)}
    return f":material/{icon}: {t(desk, f'whatif_page.{text}', **counted)}"


def _kept(desk: Desk, facts: Row) -> Count:
    then, now, low, high = (facts[name] for name in ("value_then", "value_now", "low_now", "high_now"))
    change = None if then is None or now is None else (now - then) * 100
    points = texts.signed(texts.decimal_text(change, desk.language, 1))
    delta = t(desk, "ui.points", value=points) if change else None
    before = t(desk, "whatif_page.before", share=names.percent(desk, then))
    between = t(desk, "ui.interval", low=names.percent(desk, low), high=names.percent(desk, high))
    said = before if low is None else f"{between} · {before}"
    return Count(t(desk, "whatif_page.now"), names.percent(desk, now), delta, said)


def compliance(desk: Desk, of: StudyResult, notes: Sequence[str]) -> Card:
    """Return the card of the share each promise keeps, as it was and as it would have been."""
    title = t(desk, "whatif_page.compliance")

    def make(_: str) -> Body:
        rows = [r for r in of.rows if r["n_then"] or r["n_now"]]
        if not rows:
            return replace(nothing(desk), notes=notes)
        moved = [_moved(desk, r) for r in rows]
        alt = "; ".join(m.hover.replace("<br>", ", ").replace("<b>", "").replace("</b>", "") for m in moved)
        then, now = (t(desk, f"whatif_page.word_{side}") for side in SIDES)
        exported = [{"promise": r["metric"], **{k: v for k, v in r.items() if k != "metric"}} for r in rows]
        groups = [(("policy", r["policy"]), ("promise", r["metric"])) for r in rows]
        figure = charts.moved(moved, then, now, desk.language)
        return Body(figure, alt=f"{title}: {alt}", rows=exported, tall=True, groups=groups, notes=notes)

    reading = t(desk, "whatif_page.compliance_reading")
    return Card("whatif_compliance", desk, title, make, reading, about="sla_compliance")


def _moved(desk: Desk, row: Row) -> Moved:
    name = named(desk, row["policy"], row["metric"])
    then, now = ((row[f"low_{side}"], row[f"high_{side}"]) for side in SIDES)
    hover = "<br>".join([charts.look.plain(name), *(_side_said(desk, row, side) for side in SIDES)])
    return Moved(name, row["value_then"], row["value_now"], hover, then, now)


def _side_said(desk: Desk, row: Row, side: str) -> str:
    value, low, high = (names.percent(desk, row[f"{name}_{side}"]) for name in ("value", "low", "high"))
    n = names.count(desk, row[f"n_{side}"])
    return f"{t(desk, f'whatif_page.word_{side}')}: <b>{value}</b> ({low} … {high}) · n = {n}"


def load(desk: Desk, of: StudyResult) -> Card:
    """Return the card of when clocks fall due, by hour or by weekday."""
    title = t(desk, "whatif_page.load")

    def make(part: str) -> Body:
        hours = range(1, 8) if part == "weekday" else range(24)
        heads = [t(desk, f"words.weekday.{h}") if part == "weekday" else f"{h:02d}" for h in hours]
        then, now = ([float(sum(r[f"n_{s}"] for r in of.tables["load"] if r[part] == h)) for h in hours] for s in SIDES)
        label = (t(desk, "whatif_page.word_then"), t(desk, "whatif_page.word_now"))
        busiest = {s: heads[values.index(max(values))] for s, values in zip(SIDES, (then, now), strict=True)}
        alt = f"{title}: {t(desk, 'whatif_page.load_alt', **busiest)}"
        figure, groups = charts.pairs(heads, then, now, label, desk.language), [((part, h),) for h in hours]
        return Body(figure, alt=alt, rows=of.tables["load"], groups=groups)

    choice = {part: t(desk, f"whatif_page.load_{part}") for part in ("hour", "weekday")}
    return Card(
        "whatif_load",
        desk,
        title,
        make,
        t(desk, "whatif_page.load_reading"),
        choice=choice,
        filed=title,
        study=("what_if", ()),
    )


def flips(desk: Desk, of: StudyResult) -> Card:
    """Return the card of the clocks that end otherwise, those newly broken first."""
    title = t(desk, "whatif_page.flips")
    order = ("broken", "kept") if of.facts["broken"] else ("kept", "broken")

    def make(picked: str) -> Body:
        if not picked:
            return nothing(desk, t(desk, "whatif_page.no_flips"), "task_alt")
        rows = [r for r in of.tables["flips"] if r["now"] == picked][:SHOWN]
        more = {"shown": names.count(desk, SHOWN), "total": names.count(desk, of.facts[picked])}
        notes = [t(desk, "whatif_page.first_of", **more)] if of.facts[picked] > SHOWN else []
        if not rows:
            return replace(nothing(desk), rows=of.tables["flips"])
        return Body(table=_flipped(desk, rows), alt=title, rows=of.tables["flips"], notes=notes)

    some = of.facts["kept"] or of.facts["broken"]
    choice = {word: t(desk, f"whatif_page.flip_{word}") for word in order} if some else {}
    reading = t(desk, "whatif_page.flips_reading")
    return Card("whatif_flips", desk, title, make, reading, choice=choice, filed=title)


def _flipped(desk: Desk, rows: Sequence[Row]) -> Table:
    columns = {
        name: Column(tables.heading(desk, name))
        for name in (
            "ticket_id",
            "promise",
            "policy",
            "target",
            "used",
            "state",
            "customer_id",
            "segment",
            "team",
            "agent",
            "started_at",
        )
    }
    columns |= {"target": Column(t(desk, "whatif_page.target_short")), "used": Column(t(desk, "whatif_page.used"))}
    return Table(columns, [_flip(desk, r) for r in rows], min(TALLEST, 38 + 35 * len(rows)), leads=rows)


def _flip(desk: Desk, row: Row) -> Row:
    states = (texts.word("sla_state", row[f"state_{side}"], desk.language) for side in SIDES)
    return {
        "ticket_id": row["ticket_id"],
        "promise": texts.word("sla_metric", row["promise"], desk.language),
        "policy": row["policy_now"],
        "target": _pair(desk, row, "target"),
        "used": _pair(desk, row, "elapsed"),
        "state": " → ".join(states),
        "agent": names.member(desk, "agent", row["agent_id"]) if row["agent_id"] else None,
        "started_at": texts.moment(local(desk, row["started_at"]), desk.language),
        **{name: row[name] for name in ("customer_id", "segment", "team")},
    }


def _pair(desk: Desk, row: Row, name: str) -> str:
    then, now = (texts.duration(row[f"{name}_{side}_s"], desk.language) for side in SIDES)
    return now if then == now else f"{then} → {now}"
