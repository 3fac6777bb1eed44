"""One ticket's story: states, messages and clocks on one time line, and everything that happened in words."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from insights import charts, texts
from insights.asking import Desk
from insights.charts.look import plain
from insights.schema import UNSOLVED
from insights.studies.promises.story import Story, Ticket, story
from insights.ui.cards import tables
from insights.ui.cards.card import Body, Card, Column, Table, nothing
from insights.ui.run import Reader, local, names, t
from insights.ui.run.safe import literal

Row = Mapping[str, Any]


def card(desk: Desk, source: str, ticket_id: str, *, close: Callable[[], None]) -> Card:
    """Return the card of a ticket as known at the moment looked from."""
    title = t(desk, "sla_page.story", ticket=literal(ticket_id))

    def make(_: str) -> Body:
        told = story(desk, Ticket(source, ticket_id))
        body = _told(desk, told) if told else nothing(desk, t(desk, "sla_page.story_missing"))
        return replace(body, below=lambda: _ways(desk, told, close))

    return Card("story", desk, title, make, t(desk, "sla_page.story_reading"))


def _ways(desk: Desk, told: Story | None, close: Callable[[], None]) -> None:
    """Draw the way into the system the ticket comes from, where the settings know it, and out of the story."""
    if told and (to := tables.link(desk, told.ticket)):
        st.link_button(t(desk, "sla_page.in_source"), to, icon=":material/open_in_new:", type="tertiary")
    st.button(t(desk, "sla_page.close"), icon=":material/close:", type="tertiary", key="story_close", on_click=close)


def _told(desk: Desk, told: Story) -> Body:
    return Body(
        _figure(desk, told),
        _events(desk, told),
        alt=_alt(desk, told),
        text=_facts(desk, told),
        folded=t(desk, "sla_page.story_events"),
        rows=[dict(e) for e in told.events],
    )


def _at(to: Reader, moment: dt.datetime) -> dt.datetime:
    return local(to, moment).replace(tzinfo=None)


def _facts(desk: Desk, told: Story) -> str:
    row = told.ticket
    agent = names.member(desk, "agent", row["agent_id"]) if row["agent_id"] else t(desk, "sla_page.nobody")
    who = (row["customer"] or row["customer_id"], row["segment"], row["loyalty_tier"], row["category"])
    known = [str(fact) for fact in (*who, agent, row["team"]) if fact]
    return " · ".join([f"**{literal(str(row['subject'] or row['ticket_id']))}**", *map(literal, known)])


def _figure(desk: Desk, told: Story) -> charts.Figure:
    until = _shown_until(told)
    spans = [s for s in told.spans if s["started_at"] <= until]
    stretches = [_span(desk, s, told, until) for s in spans] + [_clock(desk, c, told) for c in told.clocks]
    marks = [_mark(desk, e) for e in told.events if e["field"] == "comment" and e["at"] <= until]
    if not stretches and not marks:
        marks = [_opened(desk, told)]
    return charts.timeline(stretches, marks, t(desk, "sla_page.due"), desk.language)


def _shown_until(told: Story) -> dt.datetime:
    """Return where the picture ends: a case that came to rest is not followed through the months since."""
    if not told.spans or told.spans[-1]["status"] in UNSOLVED:
        return told.at
    first: dt.datetime = told.ticket["created_at"]
    lively: list[dt.datetime] = [first, *(s["started_at"] for s in told.spans if s["status"] != "closed")]
    lively += [e["at"] for e in told.events if e["field"] == "comment"]
    lively += [m for c in told.clocks for m in (c["stopped_at"] or told.at, c["due_at"]) if m]
    last = max(lively)
    return min(told.at, last + max((last - first) * 0.1, dt.timedelta(minutes=10)))


def _opened(desk: Desk, told: Story) -> charts.Mark:
    at, said = _at(desk, told.ticket["created_at"]), t(desk, "sla_page.opened")
    return charts.Mark(t(desk, "sla_page.row_messages"), at, "customer", said, True, said)


def _span(desk: Desk, span: Row, told: Story, until: dt.datetime) -> charts.Stretch:
    word, end = texts.word("status", span["status"], desk.language), span["ended_at"] or told.at
    first, last = _at(desk, span["started_at"]), _at(desk, end)
    length = texts.duration((end - span["started_at"]).total_seconds(), desk.language)
    between = f"{texts.moment(first, desk.language)} – {texts.moment(last, desk.language)}"
    hover = f"{plain(word)}: <b>{length}</b><br>{between}"
    shown = _at(desk, min(end, until))
    return charts.Stretch(t(desk, "sla_page.row_status"), first, shown, span["status"], word, hover)


def clock_name(to: Reader, clock: Row) -> str:
    """Return what a clock is called: its promise, and which one when there are several."""
    word = texts.word("sla_metric", clock["metric"], to.language)
    return word if clock["cycle"] == 1 else f"{word} {clock['cycle']}"


def _state(to: Reader, clock: Row) -> str:
    return texts.word("sla_state", clock["state"], to.language)


def _clock(desk: Desk, clock: Row, told: Story) -> charts.Stretch:
    name, state, end = clock_name(desk, clock), _state(desk, clock), clock["stopped_at"] or told.at
    used, promised = (texts.duration(clock[c], desk.language) for c in ("elapsed_s", "target_s"))
    spent = t(desk, "sla_page.used_of", used=used, promised=promised)
    hover = f"{plain(name)}: <b>{plain(state)}</b><br>{plain(clock['policy'])}<br>{spent}"
    due = _at(desk, clock["due_at"]) if clock["due_at"] else None
    return charts.Stretch(name, _at(desk, clock["started_at"]), _at(desk, end), clock["state"], state, hover, due)


def _mark(desk: Desk, event: Row) -> charts.Mark:
    who, public, at = event["actor"] or "system", event["public"] is not False, _at(desk, event["at"])
    name = _actor(desk, who) if public else f"{_actor(desk, who)} ({t(desk, 'sla_page.note')})"
    hover = f"{plain(name)}<br><b>{texts.moment(at, desk.language)}</b>"
    return charts.Mark(t(desk, "sla_page.row_messages"), at, who, name, public, hover)


def _actor(to: Reader, who: str) -> str:
    word = f"sla_page.who_{who}"
    return t(to, word) if texts.has(word, to.language) else who


def _alt(desk: Desk, told: Story) -> str:
    clocks = "; ".join(f"{clock_name(desk, c)}: {_state(desk, c)}" for c in told.clocks)
    opened = texts.moment(_at(desk, told.ticket["created_at"]), desk.language)
    counts = {"states": len(told.spans), "events": len(told.events)}
    return t(desk, "sla_page.story_alt", opened=opened, clocks=clocks, **counts)


def _events(desk: Desk, told: Story) -> Table:
    columns = {c: Column(t(desk, f"sla_page.event_{c}")) for c in ("at", "what", "change", "who")}
    return Table(columns, [_event(desk, e) for e in told.events], "auto")


def _event(desk: Desk, event: Row) -> Row:
    return {
        "at": texts.moment(_at(desk, event["at"]), desk.language),
        "what": t(desk, f"sla_page.event_{event['field']}"),
        "change": _change(desk, event),
        "who": _who(desk, event),
    }


def _who(desk: Desk, event: Row) -> str | None:
    if event["actor"] == "agent" and event["actor_id"]:
        return names.member(desk, "agent", event["actor_id"])
    return _actor(desk, event["actor"]) if event["actor"] else None


def _change(desk: Desk, event: Row) -> str:
    if event["field"] == "comment":
        return t(desk, "sla_page.note" if event["public"] is False else "sla_page.public")
    old, new = (names.member(desk, str(event["field"]), v) if v else None for v in (event["old"], event["new"]))
    return f"{old} → {new or texts.DASH}" if old else str(new or texts.DASH)
