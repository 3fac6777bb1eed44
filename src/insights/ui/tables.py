"""Tables: rows as exported but readable, and groups side by side with the rows of the chosen one below."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from insights import schema, texts
from insights.filters import UNKNOWN, Filters
from insights.ui import data, filterbar, names, periods
from insights.ui.run import here, local, t
from insights.ui.safe import literal

Row = Mapping[str, Any]
WEEKS = 12
LONGEST = 12


def records(rows: Sequence[Row], *, alt: str, height: int | str = "auto") -> None:
    """Draw rows of a table: words in the reader's language, times in the company's zone, durations in hours."""
    columns = [c for c in rows[0] if any(row.get(c) is not None for row in rows)]
    frame = pd.DataFrame({c: [_shown(c, row.get(c)) for row in rows] for c in columns})
    config = {c: _config(c, [row.get(c) for row in rows]) for c in columns}
    st.dataframe(frame, hide_index=True, column_config=config, placeholder=texts.DASH, alt=alt, height=height)  # type: ignore[arg-type]


def plain_frame(rows: Sequence[Row]) -> pd.DataFrame:
    """Return few rows as text, numbers as readers write them."""
    return pd.DataFrame([{k: names.count(v) if isinstance(v, int) else v for k, v in row.items()} for row in rows])


def heading(column: str) -> str:
    """Return a column's heading in the reader's language; columns of the schema without one keep their name."""
    language = here().language
    for place in (f"columns.{column}", f"dimensions.{column}"):
        if texts.has(place, language):
            return texts.t(place, language)
    return column


def _shown(column: str, value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return local(value).replace(tzinfo=None)
    if value is None:
        return None
    if column.endswith("_s") and isinstance(value, int | float):
        return round(value / 3600, 2)
    language = here().language
    if column == "reason":
        return reason(str(value))
    if column in schema.WORDS:
        return texts.word(column, value, language)
    if isinstance(value, bool):
        return t("ui.yes") if value else t("ui.no")
    return float(value) if not isinstance(value, str | int | float | dt.date) else value


def reason(word: str) -> str:
    """Return why a row was left out or set aside, in the reader's language."""
    language = here().language
    for place in (f"reasons.{word}", f"words.excluded.{word}"):
        if texts.has(place, language):
            return texts.t(place, language)
    return word


def _config(column: str, values: Sequence[Any]) -> Any:
    label = heading(column)
    known = next((v for v in values if v is not None), None)
    if isinstance(known, dt.datetime):
        return st.column_config.DatetimeColumn(label, format="DD.MM.YYYY HH:mm")
    if isinstance(known, dt.date):
        return st.column_config.DateColumn(label, format="DD.MM.YYYY")
    if column.endswith("_s") and isinstance(known, int | float):
        return st.column_config.NumberColumn(label, format="localized")
    return st.column_config.Column(label)


def breakdown(dimension: str, *keys: str, title: str | None = None, filters: Filters | None = None) -> None:
    """Draw groups of a dimension with count, change, twelve weeks and metrics; a chosen group opens its rows below."""
    groups = data.numbers(["created"], by=[dimension], compare="previous", filters=filters, intervals=False)
    groups = sorted((g for g in groups if g["value"]), key=lambda g: -g["value"])[:LONGEST]
    if not groups:
        return
    others = (
        {(r["metric"], r[dimension]): r for r in data.numbers(keys, by=[dimension], filters=filters)} if keys else {}
    )
    weekly = _weekly(dimension, filters or here().filters)
    frame, config = _frame(dimension, keys, groups, others, weekly)
    label = title or t("ui.by_dimension", dimension=texts.t(f"dimensions.{dimension}", here().language))
    event = st.dataframe(
        frame, hide_index=True, column_config=config, on_select="rerun", selection_mode="single-row", row_height=40,
        key=f"table_{dimension}", placeholder=texts.DASH, alt=label, height="content",
    )  # fmt: skip
    run = here()
    run.exports[label] = [dict(g) for g in groups] + [dict(r) for r in others.values()]
    chosen = event.get("selection", {}).get("rows", [])
    if chosen and chosen[0] < len(groups):
        _drill(dimension, groups[chosen[0]][dimension], filters or run.filters)


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
        "name": [filterbar.name_of(dimension, g[dimension], language) for g in groups],
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
    name = filterbar.name_of(dimension, value, run.language)
    narrowed = filters.choose(dimension, UNKNOWN if value is None else value)
    rows = data.behind("created", filters=narrowed, limit=200)
    st.subheader(t("ui.rows_of", name=literal(name)), anchor=False)
    if rows:
        records(rows, alt=t("ui.rows_of", name=name), height=360)
