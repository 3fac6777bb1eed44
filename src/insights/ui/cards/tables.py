"""Rows as tables: words in the reader's language, times in the company's zone, durations in hours."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from insights import schema, texts
from insights.ui.cards.card import Column, Table
from insights.ui.run import Reader, local, names, t

Row = Mapping[str, Any]


def records(to: Reader, rows: Sequence[Row], height: int | Literal["auto", "content"] = "auto") -> Table:
    """Return rows of a table of the schema as they are shown, columns without any value left out."""
    held = [c for c in rows[0] if any(row.get(c) is not None for row in rows)]
    columns = {c: _column(to, c, next(row[c] for row in rows if row.get(c) is not None)) for c in held}
    return Table(columns, [{c: _shown(to, c, row.get(c)) for c in held} for row in rows], height)


def plain(to: Reader, rows: Sequence[Row], columns: Mapping[str, Column]) -> Table:
    """Return few rows as text, numbers as readers write them."""
    shown = [{k: names.count(to, v) if isinstance(v, int) else v for k, v in row.items()} for row in rows]
    return Table(columns, shown)


def heading(to: Reader, column: str) -> str:
    """Return a column's heading in the reader's language; columns of the schema without one keep their name."""
    places = (f"columns.{column}", f"dimensions.{column}")
    return next((t(to, place) for place in places if texts.has(place, to.language)), column)


def _shown(to: Reader, column: str, value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return local(to, value).replace(tzinfo=None)
    if isinstance(value, bool):
        return t(to, "ui.yes") if value else t(to, "ui.no")
    if column.endswith("_s") and isinstance(value, int | float):
        return round(value / 3600, 2)
    return _word(to, column, value)


def _word(to: Reader, column: str, value: Any) -> Any:
    if value is None:
        return None
    if column == "reason":
        return reason(to, str(value))
    if column in schema.WORDS:
        return texts.word(column, value, to.language)
    return value if isinstance(value, str | int | float | dt.date) else float(value)


def hours(seconds: float | None) -> float | None:
    """Return seconds as hours, to sort and to read."""
    return None if seconds is None else round(seconds / 3600, 1)


def reason(to: Reader, word: str) -> str:
    """Return why a row was left out or set aside, in the reader's language."""
    places = (f"reasons.{word}", f"words.excluded.{word}")
    return next((t(to, place) for place in places if texts.has(place, to.language)), word)


def _column(to: Reader, column: str, known: Any) -> Column:
    label = heading(to, column)
    if isinstance(known, dt.datetime):
        return Column(label, "moment")
    if isinstance(known, dt.date):
        return Column(label, "day")
    durations = column.endswith("_s") and isinstance(known, int | float) and not isinstance(known, bool)
    return Column(label, "number") if durations else Column(label, "any")
