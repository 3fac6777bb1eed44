"""What another promise would have meant: the reader changes targets, hours and pauses, and the history is replayed."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from insights import charts, sla, texts
from insights.charts.promises import Moved
from insights.errors import SettingsWrong
from insights.filters import Filters, Scope
from insights.settings import Policy, Settings, settings_path
from insights.stats.intervals import wilson
from insights.timing.hours import ALWAYS
from insights.ui.cards import tables
from insights.ui.cards.cards import card, nothing, plot
from insights.ui.run import here, local, names, t
from insights.ui.run.safe import literal
from insights.ui.views.data import calendars, pasted
from insights.ui.views.service.promises import named
from insights.warehouse import Warehouse

Row = Mapping[str, Any]
PAUSES = ("pending", "hold")
SHOWN = 500


def what_if() -> None:
    """Draw the form of promises, then what they would have meant for the tickets under the filters."""
    run = here()
    if not run.settings.sla:
        st.info(t("whatif_page.no_promises"), icon=":material/info:")
        return
    wanted = _form(run.settings)
    with st.spinner(t("whatif_page.running"), show_time=True):
        verdict = _verdict(
            f"{run.data.path}#{run.data.version}", wanted.model_dump_json(), run.filters, run.scope, run.data, wanted
        )
    if run.filters.as_of:
        st.caption(f":material/history_toggle_off: {t('whatif_page.newest')}")
    if not verdict.clocks:
        st.info(t("whatif_page.no_clocks"), icon=":material/info:")
        return
    _summary(verdict, same=wanted == run.settings)
    left, right = st.columns([1, 1], gap="small")
    with left:
        _compliance(verdict)
    with right:
        _load(verdict)
    _flips(verdict)
    with st.expander(t("whatif_page.keep"), icon=":material/content_copy:"):
        st.caption(t("calendar_page.paste", file=settings_path().name))
        changed = [pasted.calendar(n, c) for n, c in wanted.calendars.items() if c != run.settings.calendars.get(n)]
        st.code("\n".join([*changed, pasted.promises(wanted.sla)]), language="toml")


@st.cache_data(max_entries=60, show_spinner=False)
def _verdict(
    version: str, key: str, filters: Filters, scope: Scope, _warehouse: Warehouse, _settings: Settings
) -> sla.Verdict:
    return sla.what_if(_warehouse, _settings, filters, scope=scope)


def _form(settings: Settings) -> Settings:
    """Give the settings with the promises and hours the reader has entered; what cannot be read changes nothing."""
    with st.container(border=True, key="card_whatif_form"):
        st.header(t("whatif_page.promises"), anchor=False)
        st.caption(t("whatif_page.promises_reading"))
        with st.form("whatif", border=False):
            policies = tuple(_policy(i, p, settings) for i, p in enumerate(settings.sla))
            hours: dict[str, dict[str, str]] = {}
            for name in sorted({p.calendar for p in settings.sla} - {ALWAYS}):
                with st.expander(t("whatif_page.hours", calendar=literal(name)), icon=":material/schedule:"):
                    st.caption(t("whatif_page.hours_reading"))
                    hours[name] = calendars.fields(name, settings.calendars[name], shared=True)
            with st.container(horizontal=True, gap="small"):
                st.form_submit_button(t("whatif_page.replay"), icon=":material/replay:")
                st.form_submit_button(t("whatif_page.today"), icon=":material/restart_alt:", on_click=_back)
    try:
        read = {n: calendars.read(n, settings.calendars[n], given) for n, given in hours.items()}
    except SettingsWrong as error:
        st.error(texts.error(error, here().language), icon=":material/error:")
        read = {}
    return settings.model_copy(update={"sla": policies, "calendars": settings.calendars | read})


def _policy(place: int, policy: Policy, settings: Settings) -> Policy:
    language = here().language
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key=f"promise_row_{place}"):
        covers = ", ".join(
            names.name_of(d, v, language) for d in ("kind", "priority", "channel", "segment", "team")
            for v in getattr(policy, d)
        )  # fmt: skip
        with st.container(width=260, gap="xsmall"):
            st.markdown(f"**{literal(named(policy.name, policy.metric))}**")
            st.caption(literal(covers or t("whatif_page.all_tickets")))
        hours = st.number_input(
            t("whatif_page.target"), min_value=0.01, max_value=10_000.0, value=policy.target_s / 3600, step=0.5,
            key=f"whatif_target_{place}", width=130, format="%g", bind="query-params",
        )  # fmt: skip
        calendar = st.selectbox(
            t("calendar_page.calendar"), [ALWAYS, *settings.calendars], key=f"whatif_calendar_{place}", width=150,
            index=[ALWAYS, *settings.calendars].index(policy.calendar), bind="query-params",
        )  # fmt: skip
        states = list(dict.fromkeys([*PAUSES, *policy.paused]))
        paused = st.pills(
            t("whatif_page.paused"), states, default=list(policy.paused), key=f"whatif_paused_{place}", width=280,
            format_func=lambda s: texts.word("status", s, language), selection_mode="multi", bind="query-params",
        )  # fmt: skip
    target_s = max(1, round(hours * 3600))
    # The hours shown are rounded to what an input holds: untouched, the promise stays to the second.
    target_s = policy.target_s if abs(target_s - policy.target_s) < 2 else target_s
    kept = policy.paused if set(paused) == set(policy.paused) else tuple(paused)
    return policy.model_copy(update={"target_s": target_s, "calendar": calendar, "paused": kept})


def _back() -> None:
    """Take every input back to today's promises."""
    for key in [k for k in st.session_state if str(k).startswith("whatif_")]:
        del st.session_state[key]
    for name in here().settings.calendars:
        calendars.forget(name)


def _summary(of: sla.Verdict, *, same: bool) -> None:
    language = here().language
    then, now = (_share(of.compliance, part) for part in ("then", "now"))
    change = None if then is None or now is None else (now - then) * 100
    grid = st.grid(4, min_column_width=150, gap="small", border=True, key="tiles_whatif")
    said = None if change is None else t("ui.points", value=texts.signed(texts.decimal_text(change, language, 1)))
    with grid.cell():
        st.metric(t("whatif_page.now"), texts.percent(now, language), delta=said if change else None)
        st.caption(_said_interval(of.compliance, "now") + t("whatif_page.before", share=texts.percent(then, language)))
    for word in ("kept", "broken"):
        with grid.cell():
            st.metric(t(f"whatif_page.flip_{word}"), names.count(of.flipped[word]))
            st.caption(t(f"whatif_page.flip_{word}_help"))
    with grid.cell():
        st.metric(t("whatif_page.clocks"), names.count(of.clocks))
        st.caption(t("whatif_page.tickets", count=names.count(of.tickets)))
    if same:
        icon = ":material/verified:" if not of.differing else ":material/warning:"
        text = "whatif_page.proven" if not of.differing else "whatif_page.differs"
        st.caption(f"{icon} {t(text, count=names.count(of.differing), clocks=names.count(of.clocks))}")


def _share(rows: Sequence[Row], part: str) -> float | None:
    n = sum(r[f"n_{part}"] for r in rows)
    return sum((r[f"value_{part}"] or 0) * r[f"n_{part}"] for r in rows) / n if n else None


def _said_interval(rows: Sequence[Row], part: str) -> str:
    """Return the 95 % interval of the share kept, as the beginning of a line."""
    language, n = here().language, sum(r[f"n_{part}"] for r in rows)
    low, high = _interval(_share(rows, part), n)
    if low is None:
        return ""
    return t("ui.interval", low=texts.percent(low, language), high=texts.percent(high, language)) + " · "


def _interval(share: float | None, n: int) -> tuple[float | None, float | None]:
    return (None, None) if share is None else wilson(round(share * n), n) or (None, None)


def _compliance(of: sla.Verdict) -> None:
    language, title = here().language, t("whatif_page.compliance")
    with card(title, t("whatif_page.compliance_reading"), key="whatif_compliance", metric="sla_compliance"):
        rows = [_bounded(r) for r in of.compliance if r["n_then"] or r["n_now"]]
        if not rows:
            nothing()
            return
        moved = [
            Moved(named(r["policy"], r["metric"]), r["value_then"], r["value_now"], _hover(r),
                  (r["low_then"], r["high_then"]), (r["low_now"], r["high_now"]))
            for r in rows
        ]  # fmt: skip
        alt = f"{title}: " + "; ".join(
            m.hover.replace("<br>", ", ").replace("<b>", "").replace("</b>", "") for m in moved
        )
        figure = charts.moved(moved, t("whatif_page.word_then"), t("whatif_page.word_now"), language)
        plot(figure, key="whatif_compliance", alt=alt, rows=True)
        here().exports[title] = [
            {"promise": r["metric"], **{k: v for k, v in r.items() if k != "metric"}} for r in rows
        ]


def _bounded(row: Row) -> Row:
    """Return a promise's shares with their 95 % intervals."""
    found = dict(row)
    for part in ("then", "now"):
        found[f"low_{part}"], found[f"high_{part}"] = _interval(row[f"value_{part}"], row[f"n_{part}"])
    return found


def _hover(row: Row) -> str:
    language = here().language

    def said(part: str) -> str:
        value, low, high = (texts.percent(row[f"{name}_{part}"], language) for name in ("value", "low", "high"))
        n = names.count(row[f"n_{part}"])
        return f"{t(f'whatif_page.word_{part}')}: <b>{value}</b> ({low} … {high}) · n = {n}"

    parts = [said("then"), said("now")]
    return "<br>".join([charts.look.plain(named(row["policy"], row["metric"])), *parts])


def _load(of: sla.Verdict) -> None:
    run, title = here(), t("whatif_page.load")
    with card(title, t("whatif_page.load_reading"), key="whatif_load"):
        part = st.segmented_control(
            title, ("hour", "weekday"), default="hour", key="whatif_load_by", required=True,
            format_func=lambda p: t(f"whatif_page.load_{p}"), label_visibility="collapsed",
        )  # fmt: skip
        heads = range(1, 8) if part == "weekday" else range(24)
        sums = {w: [float(sum(r[f"n_{w}"] for r in of.load if r[part] == h)) for h in heads] for w in ("then", "now")}
        names_ = [texts.t(f"words.weekday.{h}", run.language) if part == "weekday" else f"{h:02d}" for h in heads]
        label = (t("whatif_page.word_then"), t("whatif_page.word_now"))
        busiest = {w: names_[max(range(len(v)), key=lambda i: v[i])] for w, v in sums.items()}
        alt = t("whatif_page.load_alt", then=busiest["then"], now=busiest["now"])
        figure = charts.pairs(names_, sums["then"], sums["now"], label, run.language)
        plot(figure, key=f"whatif_load_{part}", alt=f"{title}: {alt}")
        run.exports[title] = of.load


def _flips(of: sla.Verdict) -> None:
    title, total = t("whatif_page.flips"), sum(of.flipped.values())
    with card(title, t("whatif_page.flips_reading"), key="whatif_flips"):
        if not total:
            st.caption(f":material/task_alt: {t('whatif_page.no_flips')}")
            return
        words = ("broken", "kept")
        picked = st.segmented_control(
            title, words, default="broken" if of.flipped["broken"] else "kept", key="whatif_direction", required=True,
            format_func=lambda w: t(f"whatif_page.flip_{w}"), label_visibility="collapsed",
        )  # fmt: skip
        rows = [r for r in of.flips if r["now"] == picked]
        if rows:
            shown = rows[:SHOWN]
            height = min(390, 38 + 35 * len(shown))
            st.dataframe(_frame(shown), hide_index=True, placeholder=texts.DASH, alt=title, height=height)
        else:
            nothing()
        if (count := of.flipped[picked or "broken"]) > SHOWN:
            st.caption(t("whatif_page.first_of", shown=names.count(SHOWN), total=names.count(count)))
        here().exports[title] = of.flips


def _frame(rows: Sequence[Row]) -> pd.DataFrame:
    language = here().language

    def pair(row: Row, name: str) -> str:
        then, now = (texts.duration(row[f"{name}_{w}_s"], language) for w in ("then", "now"))
        return now if then == now else f"{then} → {now}"

    return pd.DataFrame({
        tables.heading("ticket_id"): [r["ticket_id"] for r in rows],
        tables.heading("promise"): [texts.word("sla_metric", r["promise"], language) for r in rows],
        tables.heading("policy"): [r["policy_now"] for r in rows],
        t("whatif_page.target_short"): [pair(r, "target") for r in rows],
        t("whatif_page.used"): [pair(r, "elapsed") for r in rows],
        tables.heading("state"): [
            " → ".join(texts.word("sla_state", r[f"state_{w}"], language) for w in ("then", "now")) for r in rows
        ],
        tables.heading("customer_id"): [r["customer_id"] for r in rows],
        tables.heading("segment"): [r["segment"] for r in rows],
        tables.heading("team"): [r["team"] for r in rows],
        tables.heading("agent"): [
            names.name_of("agent", r["agent_id"], language) if r["agent_id"] else None for r in rows
        ],
        tables.heading("started_at"): [texts.moment(local(r["started_at"]), language) for r in rows],
    })  # fmt: skip
