"""Tables: rows as exported but readable, and groups side by side with the rows of the chosen one below."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from insights import schema, texts
from insights.ui.run import here, local, names, t

Row = Mapping[str, Any]


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
