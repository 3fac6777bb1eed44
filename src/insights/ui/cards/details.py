"""From any number to its truth, in one drawer the address names: meaning, why it moved, rows, those left out, SQL."""

from collections.abc import Sequence

import streamlit as st

from insights.asking import Desk
from insights.metrics import METRICS, Number
from insights.ui.cards import downloads, drawn, listing, tables, trust, why
from insights.ui.cards.listing import Listed
from insights.ui.run import data, names, state, steps, t
from insights.ui.run.safe import literal

SHOWN = 500
PARTS = ("definition", "why", "rows", "excluded", "sql")


def button(desk: Desk, key: str, place: str) -> None:
    """Draw the button that leads to a metric's drawer, and the drawer where the address names this place."""
    opening(desk, names.name(desk, key), place)
    drawer(desk, key, place)


def opening(desk: Desk, name: str, place: str) -> None:
    """Draw the button that leads to the drawer of what is called by this name."""
    st.button(
        t(desk, "ui.details"),
        icon=":material/info:",
        type="tertiary",
        key=place,
        help=f"{name}: {t(desk, 'ui.info_help')}",
        on_click=steps.opens,
        args=(place,),
    )


def why_button(desk: Desk, key: str, place: str) -> None:
    """Draw the button that leads to why a metric moved."""
    st.button(
        t(desk, "ui.why"),
        type="tertiary",
        key=f"why_{place}",
        on_click=steps.opens,
        args=(place, "why"),
        help=t(desk, "ui.why_help", metric=names.name(desk, key)),
    )


def drawer(desk: Desk, key: str, place: str) -> None:
    """Draw the drawer of a metric as a desk sees it, where the address names this place."""
    if st.query_params.get("open") == place:
        inside = steps.inside()
        key = next((value for name, value in inside if name == "metric" and value in METRICS), key)
        shown = st.dialog(names.name(desk, key), width=940, position="right", on_dismiss=steps.shut)
        shown(_drawer)(desk, key, listing.splits(desk, key, inside))


def _drawer(desk: Desk, key: str, inside: steps.Inside) -> None:
    number = listing.part(desk, key, inside)
    _headline(desk, number)
    if inside:
        at_mark(desk, inside)
    match side(desk, [p for p in PARTS if p != "why" or why.can_be_asked(desk, key)]):
        case "why":
            why.draw(desk, key)
        case "rows":
            _rows(desk, number, inside)
        case "excluded":
            _excluded(desk, key)
        case "sql":
            st.code(desk.sql(key), language="sql", wrap_lines=True)
        case _:
            definition(desk, key)
            told(desk, key)
            explore(desk, key)


def side(desk: Desk, offered: Sequence[str]) -> str | None:
    """Let the reader choose the side of a drawer; the address knows which."""
    asked = st.query_params.get("part")
    if asked in offered:
        st.session_state.setdefault("drawer_part", asked)
    return st.segmented_control(
        t(desk, "ui.details"),
        offered,
        default=None if "drawer_part" in st.session_state else offered[0],
        key="drawer_part",
        format_func=lambda p: t(desk, f"ui.part_{p}"),
        label_visibility="collapsed",
        required=True,
        on_change=_keep_part,
    )


def _keep_part() -> None:
    st.query_params["part"] = st.session_state["drawer_part"]


def _headline(desk: Desk, number: Number) -> None:
    key, interval = number.metric, ""
    if number.low is not None and number.high is not None:
        low, high = names.said(desk, number.low, key), names.said(desk, number.high, key)
        interval = " · " + t(desk, "ui.interval", low=low, high=high)
    n = "" if number.unit == "count" else f" · n = {names.count(desk, number.n)}"
    st.markdown(f"**{names.said(desk, number.value, key)}**{n}{interval}")
    if desk.filters.since and desk.filters.until:
        chosen = [names.member(desk, d, v) for d, values in desk.filters.values for v in values]
        st.caption(" · ".join([names.span(desk, desk.filters.since, desk.filters.until), *map(literal, chosen)]))


def definition(desk: Desk, key: str) -> None:
    """Write what a metric means: definition, date anchor, unit, direction and target."""
    metric = names.metric(key)
    st.markdown(t(desk, f"metrics.{key}.definition"))
    facts = {name: t(desk, f"ui.{name}_{getattr(metric, name)}") for name in ("anchor", "unit", "better")}
    facts["key"] = f"`{key}`"
    if names.target(desk, key) is not None and metric.better != "context":
        facts["target"] = names.said_target(desk, key)
    st.markdown("\n".join(f"- **{t(desk, f'ui.{name}')}:** {value}" for name, value in facts.items()))
    _say([*_by_rules(desk, key), *_cuts(desk, key)])


def told(desk: Desk, key: str) -> None:
    """Write what a number leaves out here, and what its reader must know."""
    if reasons := desk.left_out(key):
        listed = ", ".join(f"{tables.reason(desk, r['reason'])} {names.count(desk, r['n'])}" for r in reasons)
        st.markdown(f"- **{t(desk, 'ui.out_of')}:** {listed}")
    _say(notes(desk, key))


def _say(sentences: Sequence[str]) -> None:
    for sentence in sentences:
        st.info(sentence, icon=":material/info:")


def _by_rules(desk: Desk, key: str) -> list[str]:
    rules = data.rules(desk)
    if rules == "own" or not desk.about(key).ruled:
        return []
    return [t(desk, "ui.by_rules", rules=t(desk, f"words.rules.{rules}"), how=t(desk, f"reconcile.rules.{rules}"))]


def _cuts(desk: Desk, key: str) -> list[str]:
    """Return from which answer on satisfaction counts, on each scale of each source here."""
    found = data.study(desk, "csat_scales").rows if key == "csat" else ()
    listed = [
        t(
            desk,
            "ui.cut_of",
            source=names.member(desk, "source", r["source"]),
            worst=names.count(desk, r["worst"]),
            best=names.count(desk, r["best"]),
            good=names.count(desk, r["good_from"]),
        )
        for r in found
    ]
    return [t(desk, "ui.cuts", listed=", ".join(listed))] if listed else []


def notes(desk: Desk, key: str) -> list[str]:
    """Return what a reader must know of this number: filters it cannot apply, figures as the source reported them."""
    found = []
    if ignored := desk.about(key).ignored:
        found.append(t(desk, "ui.ignores", dimensions=", ".join(names.dimension(desk, d) for d in ignored)))
    if share := data.one(desk, key).as_reported:
        found.append(t(desk, "ui.as_reported", share=names.percent(desk, share)))
    if names.metric(key).open_ended:
        found.append(t(desk, "ui.open_ended"))
    return found + [literal(said) for said in (*trust.as_today(desk, key), *trust.refusals(desk, key))]


def explore(desk: Desk, key: str) -> None:
    """Lead to the page where this metric is split and drawn as one likes."""
    if page := st.session_state["pages"].get("explore"):
        asked = state.params(steps.view()) | {"metrics": key}
        st.page_link(page, label=t(desk, "ui.explore_this"), icon=":material/travel_explore:", query_params=asked)


def at_mark(desk: Desk, inside: steps.Inside) -> None:
    """Draw at which mark the rows are, with the way back to all of them."""
    said = " · ".join(f"{tables.heading(desk, name)}: {names.split(desk, name, value)}" for name, value in inside)
    st.button(
        said,
        icon=":material/close:",
        key="drawer_inside_out",
        help=t(desk, "ui.take_back"),
        on_click=steps.go_inside,
        args=((),),
    )


def _rows(desk: Desk, number: Number, inside: steps.Inside) -> None:
    listing.sift(desk, number.metric, inside)
    asked = Listed(number, listing.choice(desk, number), inside)
    listing.draw(desk, asked)


def _excluded(desk: Desk, key: str) -> None:
    found = desk.rows(key, excluded=True, limit=SHOWN)
    if not found:
        st.caption(t(desk, "ui.none_left_out"))
        return
    reasons = desk.left_out(key)
    st.markdown("\n".join(f"- {tables.reason(desk, r['reason'])}: **{names.count(desk, r['n'])}**" for r in reasons))
    select, n = desk.behind(key, excluded=True), sum(r["n"] for r in reasons)
    downloads.both(desk, downloads.behind(desk, key, select, n, stem=f"{key}-excluded"), f"excluded_{key}")
    alt = t(desk, "ui.rows_alt", metric=names.name(desk, key))
    drawn.led(tables.records(desk, found), alt, f"excluded_{key}")
