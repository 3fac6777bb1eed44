"""Groups side by side, with the rows of the chosen one below."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from insights import texts
from insights.filters import UNKNOWN, Filters
from insights.ui.cards import tables
from insights.ui.cards.cards import card, nothing
from insights.ui.run import data, here, names, periods, t
from insights.ui.run.safe import literal

Row = Mapping[str, Any]
WEEKS = 12
LONGEST = 12


def breakdown(dimension: str, *keys: str, title: str | None = None, filters: Filters | None = None) -> None:
    """Draw groups of a dimension with count, change, twelve weeks and metrics; a chosen group opens its rows below."""
    label = title or t("ui.by_dimension", dimension=texts.t(f"dimensions.{dimension}", here().language))
    with card(label, t("ui.pick_row"), key=f"groups_{dimension}", metric="created", filters=filters):
        _table(dimension, keys, label, filters)


def _table(dimension: str, keys: Sequence[str], label: str, filters: Filters | None) -> None:
    groups = data.numbers(["created"], by=[dimension], compare=_comparable(filters), filters=filters, intervals=False)
    groups = sorted((g for g in groups if g["value"]), key=lambda g: -g["value"])[:LONGEST]
    if not groups:
        nothing()
        return
    others = (
        {(r["metric"], r[dimension]): r for r in data.numbers(keys, by=[dimension], filters=filters)} if keys else {}
    )
    weekly = _weekly(dimension, filters or here().filters)
    frame, config = _frame(dimension, keys, groups, others, weekly)
    event = st.dataframe(
        frame, hide_index=True, column_config=config, on_select="rerun", selection_mode="single-row", row_height=40,
        key=f"table_{dimension}", placeholder=texts.DASH, alt=label, height="content",
    )  # fmt: skip
    run = here()
    run.exports[label] = [dict(g) for g in groups] + [dict(r) for r in others.values()]
    chosen = event.get("selection", {}).get("rows", [])
    if chosen and chosen[0] < len(groups):
        _drill(dimension, groups[chosen[0]][dimension], filters or run.filters)


def _comparable(filters: Filters | None) -> str | None:
    chosen = filters or here().filters
    return "previous" if chosen.since and chosen.until else None


def _weekly(dimension: str, filters: Filters) -> dict[Any, list[float]]:
    weeks = periods.last_weeks(filters, data.as_of_day(filters), WEEKS)
    found: dict[Any, list[float]] = {}
    for row in data.numbers(["created"], by=[dimension], grain="week", filters=weeks, intervals=False):
        if row["complete"]:
            found.setdefault(row[dimension], []).append(float(row["value"] or 0))
    return found


def _frame(
    dimension: str, keys: Sequence[str], groups: Sequence[Row], others: Mapping[tuple[str, Any], Row],
    weekly: Mapping[Any, list[float]],
) -> tuple[pd.DataFrame, dict[str, Any]]:  # fmt: skip
    language = here().language
    columns: dict[str, list[Any]] = {
        "name": [names.name_of(dimension, g[dimension], language) for g in groups],
        "n": [names.count(g["value"]) for g in groups],
        "change": [_growth(g) for g in groups],
        "weeks": [weekly.get(g[dimension], []) for g in groups],
    }
    config: dict[str, Any] = {
        "name": st.column_config.TextColumn(texts.t(f"dimensions.{dimension}", language), width="medium"),
        "n": st.column_config.TextColumn(t("ui.tickets"), alignment="right", width="small"),
        "change": st.column_config.TextColumn(t("ui.change"), alignment="right", width="small"),
        "weeks": st.column_config.AreaChartColumn(t("ui.last_weeks", weeks=WEEKS), y_min=0),
    }
    hide = here().settings.thresholds.hide_below
    for key in keys:
        found = [others.get((key, g[dimension])) for g in groups]
        columns[key] = [names.said(r["value"] if r and r["n"] >= hide else None, key) for r in found]
        config[key] = st.column_config.TextColumn(names.short(key), alignment="right", width="small")
    return pd.DataFrame(columns), config


def _growth(row: Row) -> str:
    before, now = row.get("previous"), row["value"]
    if not before:
        return texts.DASH
    return texts.signed(texts.percent(now / before - 1, here().language, 0))


def _drill(dimension: str, value: str | None, filters: Filters) -> None:
    run = here()
    name = names.name_of(dimension, value, run.language)
    narrowed = filters.choose(dimension, UNKNOWN if value is None else value)
    rows = data.behind("created", filters=narrowed, limit=200)
    st.subheader(t("ui.rows_of", name=literal(name)), anchor=False)
    if rows:
        tables.records(rows, alt=t("ui.rows_of", name=name), height=360)
