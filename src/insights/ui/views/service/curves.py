"""How long it takes, with those still waiting kept in."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from insights import charts, texts
from insights import query as road
from insights.filters import Filters, Scope
from insights.ui.cards.cards import card, nothing, plot
from insights.ui.run import here, names, t
from insights.warehouse import Warehouse

Row = Mapping[str, Any]
TAIL = 0.03
"""The curve is drawn until so few still wait."""


@st.cache_data(max_entries=200, show_spinner=False)
def _waits(version: str, event: str, by: tuple[str, ...], filters: Filters, scope: Scope, _warehouse: Warehouse) -> Any:
    return road.survival(_warehouse, event, filters, scope=scope, by=by)


def waits(event: str, dimension: str, filters: Filters | None = None) -> None:
    """Draw the share of tickets still waiting for a response or a solution, by a dimension."""
    run = here()
    version, used = f"{run.data.path}#{run.data.version}", filters or run.filters
    title, reading = t(f"sla_page.waits_{event}"), t("sla_page.waits_reading")
    metric = {"response": "frt_p50", "resolution": "frst_res_p50"}[event]
    with card(title, reading, key=f"waits_{event}", metric=metric, filters=used):
        found = _waits(version, event, (dimension,), used, run.scope, run.data)
        found = [r for r in found if r["points"] and r["n"] >= run.settings.thresholds.grey_below]
        order = names.order(dimension, [r[dimension] for r in found if r[dimension] is not None])
        found = sorted(found, key=lambda r: order.index(r[dimension]) if r[dimension] in order else len(order))[:6]
        if not found:
            nothing()
            return
        lines = {_name(dimension, r): _line(r) for r in found}
        said = "; ".join(
            f"{name}: {texts.duration(r['median'], run.language)}" for name, r in zip(lines, found, strict=True)
        )
        plot(charts.share_curves(lines, run.language, steps=True), key=f"waits_{event}", alt=f"{title}: {said}")
        st.caption(t("sla_page.waits_medians", medians=said, open=names.count(sum(r["open"] for r in found))))
        run.exports[title] = [{k: v for k, v in r.items() if k != "points"} for r in found]


def _name(dimension: str, row: Row) -> str:
    return texts.word(dimension, row[dimension], here().language)


def _line(row: Row) -> list[tuple[float, float | None, str]]:
    language = here().language
    line: list[tuple[float, float | None, str]] = [(0.0, 1.0, "")]
    for p in row["points"]:
        share = texts.percent(p["share"], language)
        low, high = texts.percent(p["low"], language), texts.percent(p["high"], language)
        hover = f"{texts.duration(p['seconds'], language)}: <b>{share}</b> ({low} … {high})"
        line.append((p["seconds"], p["share"], hover))
        if p["share"] < TAIL:
            break
    return line
