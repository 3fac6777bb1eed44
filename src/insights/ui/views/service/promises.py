"""How promises end: per policy against what was promised, when they break, why, and what another target would keep."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from insights import charts, schema, sla, texts
from insights.charts.promises import Ended
from insights.filters import Filters, Scope
from insights.settings import Settings
from insights.ui.cards.cards import card, nothing, plot
from insights.ui.run import here, names, periods, t
from insights.warehouse import Warehouse

Row = Mapping[str, Any]
THIN = 5
STATES = ("new", "open", "pending", "hold")
_STEPS = (
    300, 600, 900, 1800, 3600, 5400, 7200, 10800, 14400, 21600, 28800, 43200, 64800, 86400, 129600, 172800, 259200,
    345600, 432000, 604800, 864000, 1209600,
)  # fmt: skip


def _asked(what: str, filters: Filters, *options: Any) -> Any:
    run = here()
    version = f"{run.data.path}#{run.data.version}"
    return _answered(version, run.settings.model_dump_json(), what, filters, run.scope, options, run.data, run.settings)


@st.cache_data(max_entries=500, show_spinner=False)
def _answered(
    version: str, key: str, what: str, filters: Filters, scope: Scope, options: tuple[Any, ...], _warehouse: Warehouse,
    _settings: Settings,
) -> Any:  # fmt: skip
    match what:
        case "outcomes":
            return sla.outcomes(_warehouse, filters, scope=scope)
        case "breaches":
            return sla.breaches(_warehouse, filters, scope=scope)
        case "curve":
            return sla.curve(_warehouse, options[0], options[1], filters, scope=scope)
        case "why":
            return sla.why_late(_warehouse, _settings, filters, scope=scope, promise=options[0])
    return sla.status_time(_warehouse, options[0], filters, scope=scope)


def named(policy: str, promise: str) -> str:
    """Return what a promise is called: its policy and what it promises."""
    return f"{policy} · {texts.word('sla_metric', promise, here().language)}"


def promised(policy: str, promise: str) -> float | None:
    """Return the share of cases a policy promises to keep, from the settings."""
    return next((p.share for p in here().settings.sla if p.name == policy and p.metric == promise), None)


def outcomes(filters: Filters) -> None:
    """Draw met, broken and running clocks per promise, with the promised share."""
    language, title = here().language, t("sla_page.outcomes")
    with card(title, t("sla_page.outcomes_reading"), key="outcomes", metric="sla_compliance", filters=filters):
        found: list[Row] = _asked("outcomes", filters)
        if not found:
            nothing()
            return
        rows = [
            Ended(named(r["policy"], r["promise"]), promised(r["policy"], r["promise"]),
                  (int(r["met"]), int(r["broken"]), int(r["running"])))
            for r in found
        ]  # fmt: skip
        parts = (t("sla_page.met"), t("sla_page.broken"), t("sla_page.running"))
        alt = f"{title}: " + "; ".join(
            f"{r.name}: " + ", ".join(f"{p} {names.count(c)}" for p, c in zip(parts, r.counts, strict=True))
            for r in rows
        )
        plot(charts.ended(rows, parts, t("sla_page.promised"), language), key="outcomes", alt=alt, rows=True)
        here().exports[title] = found


def breach_hours(filters: Filters) -> None:
    """Draw at which hour of the week promises break, per hour of an average week."""
    run, title = here(), t("sla_page.breaches")
    with card(title, t("sla_page.breaches_reading"), key="breaches", metric="sla_compliance", filters=filters):
        found: list[Row] = _asked("breaches", filters)
        if not found:
            nothing()
            return
        days = periods.weekdays(filters, run.first)
        cells = {(d, h): 0.0 for d in range(1, 8) for h in range(24)}
        cells |= {(int(r["weekday"]), int(r["hour"])): r["n"] / (days[int(r["weekday"])] or 1) for r in found}
        (day, hour), top = max(cells.items(), key=lambda c: c[1])
        when = f"{texts.t(f'words.weekday.{day}', run.language)} {hour:02d}:00"
        alt = t("ui.week_alt", metric=title, when=when, value=texts.decimal_text(top, run.language, 1))
        plot(charts.week_heatmap(cells, "count", run.language), key="breaches", alt=alt)
        run.exports[title] = found


def why_late(filters: Filters) -> None:
    """Draw where the time past the promise went, for late first responses (or solutions)."""
    language, title = here().language, t("sla_page.why")
    with card(title, t("sla_page.why_reading"), key="why", metric="sla_over_p50", filters=filters):
        promise = _promise("why", ("first_response", "resolution"))
        found: Row = _asked("why", filters, promise)
        if not found["n"]:
            nothing()
            return
        causes = sorted(sla.CAUSES, key=lambda c: -found[c])
        heads = [t(f"sla_page.cause_{c}") for c in causes]
        said = "; ".join(f"{h}: {texts.duration(found[c], language)}" for h, c in zip(heads, causes, strict=True))
        plot(charts.causes(heads, [found[c] for c in causes], language), key="why", alt=f"{title}: {said}", rows=True)
        each = texts.duration(found["seconds"] / found["n"], language)
        st.caption(t("sla_page.why_sum", n=names.count(found["n"]), each=each))
        with st.expander(t("sla_page.why_definitions"), icon=":material/menu_book:"):
            st.markdown(
                "\n".join(f"- **{t(f'sla_page.cause_{c}')}:** {t(f'sla_page.cause_{c}_is')}" for c in sla.CAUSES)
            )
        here().exports[title] = [dict(found)]


def _promise(key: str, offered: Sequence[str]) -> str:
    language = here().language
    picked: str | None = st.segmented_control(
        t("sla_page.promise"), offered, default=offered[0], key=f"promise_{key}", label_visibility="collapsed",
        format_func=lambda p: texts.word("sla_metric", p, language), required=True,
    )  # fmt: skip
    return picked or offered[0]


def target_curve(filters: Filters) -> None:
    """Draw the share of clocks each target would have kept, per policy, with today's promise marked."""
    run, title = here(), t("sla_page.curve")
    with card(title, t("sla_page.curve_reading"), key="curve", metric="sla_created", filters=filters):
        offered = list(dict.fromkeys(p.metric for p in run.settings.sla)) or ["first_response"]
        promise = _promise("curve", offered)
        targets = {p.target_s for p in run.settings.sla if p.metric == promise}
        found: list[Row] = _asked("curve", filters, promise, tuple(sorted({*_STEPS, *targets})))
        lines: dict[str, list[tuple[float, float | None, str]]] = {}
        marks: dict[str, tuple[float, float]] = {}
        for r in found:
            if r["value"] is None or r["n"] < THIN:
                continue
            share = texts.percent(r["value"], run.language)
            hover = f"{texts.duration(r['edge'], run.language)}: <b>{share}</b> · n = {names.count(r['n'])}"
            lines.setdefault(r["policy"], []).append((r["edge"], r["value"], hover))
            if r["edge"] == r["target_s"]:
                marks[r["policy"]] = (r["edge"], r["value"])
        if not lines:
            nothing()
            return
        said = "; ".join(
            f"{n}: {texts.duration(at, run.language)} {texts.percent(v, run.language)}" for n, (at, v) in marks.items()
        )
        figure = charts.share_curves(lines, run.language, marks=marks)
        plot(figure, key=f"curve_{promise}", alt=f"{title}: {said}")
        run.exports[title] = found


def status_time(dimension: str, filters: Filters | None = None) -> None:
    """Draw how the unsolved time of the period's tickets spreads over states, by a dimension."""
    run, title = here(), t("sla_page.status_time")
    with card(title, t("sla_page.status_time_reading"), key="status_time", metric="rwt_p50", filters=filters):
        found: list[Row] = _asked("status_time", filters or run.filters, dimension)
        if not found:
            nothing()
            return
        cells = {(r[dimension], r["status"]): float(r["seconds"] or 0) / 3600 for r in found}
        groups = [
            g for g in _ordered(dimension, {r[dimension] for r in found}) if any(cells.get((g, s)) for s in STATES)
        ]
        heads = [texts.word(dimension, g, run.language) for g in groups]
        used = [s for s in STATES if any(cells.get((g, s)) for g in groups)]
        parts = {texts.word("status", s, run.language): [cells.get((g, s), 0.0) for g in groups] for s in used}
        alt = f"{title}: " + "; ".join(
            f"{h}: " + ", ".join(f"{p} {texts.decimal_text(v[i], run.language)}" for p, v in parts.items())
            for i, h in enumerate(heads)
        )
        plot(charts.stacked(heads, parts, run.language), key="status_time", alt=alt, rows=True)
        run.exports[title] = found


def _ordered(dimension: str, values: set[str | None]) -> list[str | None]:
    known = list(schema.WORDS.get(dimension, ()))
    return sorted(values, key=lambda v: (v is None, known.index(v) if v in known else len(known), str(v)))
