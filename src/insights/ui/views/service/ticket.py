"""One ticket's story: states, messages and clocks on one time line, and everything that happened in words."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from insights import charts, sla, texts
from insights.charts.look import plain
from insights.filters import Filters
from insights.schema import UNSOLVED
from insights.ui.cards.cards import card, plot
from insights.ui.run import here, local, names, t
from insights.ui.run.safe import literal

Row = Mapping[str, Any]


def ticket(source: str, ticket_id: str, filters: Filters, *, close: Callable[[], None]) -> None:
    """Draw a ticket as known at the moment looked from."""
    run = here()
    told = sla.story(run.data, run.settings, source, ticket_id, scope=run.scope, at=filters.as_of)
    title = t("sla_page.story", ticket=literal(ticket_id))
    with card(title, t("sla_page.story_reading"), key="story"):
        if told is None:
            st.caption(f":material/search_off: {t('sla_page.story_missing')}")
        else:
            st.markdown(_facts(told))
            plot(_figure(told), key="story", alt=_alt(told))
            with st.expander(t("sla_page.story_events"), icon=":material/list:"):
                st.dataframe(_events(told), hide_index=True, placeholder=texts.DASH, alt=t("sla_page.story_events"))
            run.exports[title] = [dict(e) for e in told.events]
        st.button(t("sla_page.close"), icon=":material/close:", type="tertiary", key="story_close", on_click=close)


def _at(moment: dt.datetime) -> dt.datetime:
    return local(moment).replace(tzinfo=None)


def _facts(told: sla.Story) -> str:
    language, row = here().language, told.ticket
    customer = row["customer"] or row["customer_id"]
    agent = names.name_of("agent", row["agent_id"], language) if row["agent_id"] else t("sla_page.nobody")
    parts = [
        f"**{literal(str(row['subject'] or row['ticket_id']))}**",
        *(literal(str(v)) for v in (customer, row["segment"], row["loyalty_tier"], row["category"]) if v),
        literal(agent), *([literal(row["team"])] if row["team"] else []),
    ]  # fmt: skip
    return " · ".join(parts)


def _figure(told: sla.Story) -> charts.look.Figure:
    until = _shown_until(told)
    spans = [s for s in told.spans if s["started_at"] <= until]
    stretches = [_span(s, told, until) for s in spans] + [_clock(c, told) for c in told.clocks]
    marks = [_mark(e) for e in told.events if e["field"] == "comment" and e["at"] <= until]
    if not stretches and not marks:
        marks = [_opened(told)]
    return charts.timeline(stretches, marks, t("sla_page.due"), here().language)


def _shown_until(told: sla.Story) -> dt.datetime:
    """Return where the picture ends: a case that came to rest is not followed through the months since."""
    if not told.spans or told.spans[-1]["status"] in UNSOLVED:
        return told.at
    first: dt.datetime = told.ticket["created_at"]
    lively: list[dt.datetime] = [first, *(s["started_at"] for s in told.spans if s["status"] != "closed")]
    lively += [e["at"] for e in told.events if e["field"] == "comment"]
    lively += [m for c in told.clocks for m in (c["stopped_at"] or told.at, c["due_at"]) if m]
    last = max(lively)
    return min(told.at, last + max((last - first) * 0.1, dt.timedelta(minutes=10)))


def _opened(told: sla.Story) -> charts.Mark:
    at = _at(told.ticket["created_at"])
    return charts.Mark(t("sla_page.row_messages"), at, "customer", t("sla_page.opened"), True, t("sla_page.opened"))


def _span(span: Row, told: sla.Story, until: dt.datetime) -> charts.Stretch:
    language, end = here().language, span["ended_at"] or told.at
    word, start = texts.word("status", span["status"], language), _at(span["started_at"])
    length = texts.duration((end - span["started_at"]).total_seconds(), language)
    hover = f"{plain(word)}: <b>{length}</b><br>{texts.moment(start, language)} – {texts.moment(_at(end), language)}"
    return charts.Stretch(t("sla_page.row_status"), start, _at(min(end, until)), span["status"], word, hover)


def clock_name(clock: Row) -> str:
    """Return what a clock is called: its promise, and which one when there are several."""
    word = texts.word("sla_metric", clock["metric"], here().language)
    return word if clock["cycle"] == 1 else f"{word} {clock['cycle']}"


def _clock(clock: Row, told: sla.Story) -> charts.Stretch:
    language, state = here().language, texts.word("sla_state", clock["state"], here().language)
    end = clock["stopped_at"] or told.at
    used, promised = (texts.duration(clock[c], language) for c in ("elapsed_s", "target_s"))
    hover = f"{plain(clock_name(clock))}: <b>{plain(state)}</b><br>{plain(clock['policy'])}<br>" + t(
        "sla_page.used_of", used=used, promised=promised
    )
    due = _at(clock["due_at"]) if clock["due_at"] else None
    return charts.Stretch(clock_name(clock), _at(clock["started_at"]), _at(end), clock["state"], state, hover, due)


def _mark(event: Row) -> charts.Mark:
    language, public = here().language, event["public"] is not False
    who = event["actor"] or "system"
    name = texts.t(f"sla_page.who_{who}", language) if texts.has(f"sla_page.who_{who}", language) else who
    if not public:
        name = f"{name} ({t('sla_page.note')})"
    hover = f"{plain(name)}<br><b>{texts.moment(_at(event['at']), language)}</b>"
    return charts.Mark(t("sla_page.row_messages"), _at(event["at"]), who, name, public, hover)


def _alt(told: sla.Story) -> str:
    language = here().language
    clocks = "; ".join(f"{clock_name(c)}: {texts.word('sla_state', c['state'], language)}" for c in told.clocks)
    opened = texts.moment(_at(told.ticket["created_at"]), language)
    return t("sla_page.story_alt", opened=opened, states=len(told.spans), events=len(told.events), clocks=clocks)


def _events(told: sla.Story) -> pd.DataFrame:
    language = here().language
    return pd.DataFrame({
        t("sla_page.event_at"): [texts.moment(_at(e["at"]), language) for e in told.events],
        t("sla_page.event_what"): [t(f"sla_page.event_{e['field']}") for e in told.events],
        t("sla_page.event_change"): [_change(e) for e in told.events],
        t("sla_page.event_who"): [_who(e) for e in told.events],
    })  # fmt: skip


def _who(event: Row) -> str | None:
    if event["actor"] == "agent" and event["actor_id"]:
        return names.name_of("agent", event["actor_id"], here().language)
    word = f"sla_page.who_{event['actor']}"
    return t(word) if event["actor"] and texts.has(word, here().language) else event["actor"]


def _change(event: Row) -> str:
    if event["field"] == "comment":
        return t("sla_page.note") if event["public"] is False else t("sla_page.public")
    dimension = str(event["field"])
    old, new = (names.name_of(dimension, v, here().language) if v else None for v in (event["old"], event["new"]))
    return f"{old} → {new or texts.DASH}" if old else str(new or texts.DASH)
