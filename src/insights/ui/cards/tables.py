"""Rows as tables: words in the reader's language, times in the company's zone, durations in hours."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import quote

import sqlalchemy as sa

from insights import schema, texts
from insights.asking import Desk
from insights.ui.cards.card import Column, Table
from insights.ui.run import Reader, local, names, seen, steps, t

Row = Mapping[str, Any]
LINK = "link"
NARROW = 56
SMALL = 10
"""Below it, a number says its second decimal."""


def records(to: Reader, rows: Sequence[Row], height: int | Literal["auto", "content"] = "auto") -> Table:
    """Return rows of a table of the schema as they are shown, columns without any value left out."""
    held = [c for c in rows[0] if any(row.get(c) is not None for row in rows)]
    columns = {c: _column(to, c, next(row[c] for row in rows if row.get(c) is not None)) for c in held}
    shown = [{c: _shown(to, c, row.get(c)) for c in held} for row in rows]
    return Table(columns, shown, height, leads=rows if steps.leads(rows[0]) else ())


def linked(to: Reader, of: Table) -> Table:
    """Return a table with the way of each ticket into its source system, after its number, where settings know one."""
    links = [link(to, row) for row in of.leads]
    if not any(links):
        return of
    columns: dict[str, Column] = {}
    for name, column in of.columns.items():
        columns[name] = column
        if name == "ticket_id":
            columns[LINK] = _way(to)
    rows = [{**cells, LINK: its} for cells, its in zip(of.rows, links, strict=False)]
    return replace(of, columns={**columns, LINK: _way(to)}, rows=rows)


def _way(to: Reader) -> Column:
    return Column(heading(to, LINK), "link", NARROW)


def link(to: Reader, row: Row) -> str | None:
    """Return a ticket's address in the system it comes from, where the settings say it."""
    template = to.settings.links.get(str(row.get("source"))) if row.get("ticket_id") else None
    return template.replace("{ticket_id}", quote(str(row["ticket_id"]), safe="")) if template else None


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
    if isinstance(value, str):
        own = names.called(to, column, value)
        return own if own != value else texts.word(names.VOCABULARIES.get(column, column), value, to.language)
    return value if isinstance(value, int | float | dt.date) else float(value)


def written(to: Reader, column: Column, value: Any) -> str:
    """Return a cell as text, for where no table draws it."""
    if value is None or value != value:
        return texts.DASH
    if column.kind == "percent":
        return names.percent(to, value)
    if isinstance(value, dt.datetime):
        return texts.moment(value, to.language)
    if isinstance(value, dt.date):
        return names.day(to, value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return texts.decimal_text(value, to.language, 0 if float(value).is_integer() else 2 if abs(value) < 1 else 1)


def measured(to: Reader, label: str, unit: str, values: Sequence[float | None]) -> tuple[Column, list[float | None]]:
    """Return a column of amounts and its cells: numbers, so that they sort as such, their unit in the heading."""
    if unit == "share":
        shares = [None if v is None else _rounded(float(v), 3) for v in values]
        return Column(label, "percent", digits=_even(shares, 3)), shares
    size, word, digits = _scale(to, unit, values)
    heading_ = f"{label} ({word})" if word else label
    cells = [None if v is None else _rounded(float(v) / size, digits) for v in values]
    whole = all(v is None or v == int(v) for v in cells)
    return Column(heading_, "number", digits=None if whole else _even(cells, digits)), cells


def _even(cells: Sequence[float | None], digits: int) -> int | None:
    """Return the decimals all cells are written with, where none has more."""
    return digits if all(v is None or round(v, digits) == v for v in cells) else None


def _rounded(value: float, digits: int) -> float:
    """Return a value with its decimals; with its first two where it would be shown as none."""
    return round(value, digits) or float(f"{value:.2g}")


def _scale(to: Reader, unit: str, values: Sequence[float | None]) -> tuple[float, str, int]:
    """Return what one unit of the column is, what it is called, and its decimals."""
    if unit == "seconds":
        known = sorted(abs(float(v)) for v in values if v is not None)
        middle = known[len(known) // 2] if known else 0
        name = "minute" if middle < 2 * 3600 else "hour" if middle < 48 * 3600 else "day"
        return {"minute": 60, "hour": 3600, "day": 86_400}[name], t(to, f"app.unit_{name}"), 1
    if unit == "money":
        return 1, to.currency, 0
    small = unit in ("number", "score") and any(v is not None and abs(v) < SMALL and v % 1 for v in values)
    return 1, "", 0 if unit == "count" else 2 if small else 1


def changed(to: Reader, label: str, unit: str, values: Sequence[float | None]) -> tuple[Column, list[float | None]]:
    """Return a column of differences: shares in points, everything else in its own unit."""
    if unit not in ("share", "points"):
        return measured(to, label, unit, values)
    size = 100 if unit == "share" else 1
    cells = [None if v is None else round(float(v) * size, 1) for v in values]
    return Column(f"{label} ({t(to, 'ui.points_unit')})", "number", digits=1), cells


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
    number = durations or isinstance(known, float | Decimal)
    return Column(label, "number" if number else "any", digits=2 if durations else None)


def readable(to: Reader, rows: Sequence[Row]) -> list[Row]:
    """Return rows for a file; values stay raw, but moments are those of the screen."""
    seen.note(rows)
    heads = headings(to, rows)
    return [
        {heads[column]: _in_file(to, heads[column], column, value) for column, value in row.items()} for row in rows
    ]


def streamed(desk: Desk, select: sa.Select[Any]) -> Iterator[Row]:
    """Yield the rows of a select for a file as they come: every one of them, without holding them all."""
    columns = {c.key: isinstance(c.type, sa.DateTime) for c in select.selected_columns if c.key}
    heads = _heads(desk, columns, {c for c, is_moment in columns.items() if is_moment})
    for row in desk.stream(select):
        seen.note([row])
        yield {heads[c]: _in_file(desk, heads[c], c, value) for c, value in row.items()}


def headings(to: Reader, rows: Sequence[Row]) -> dict[str, str]:
    """Return each column's heading: its words, the zone of times; no two are the same."""
    moments = {c for row in rows for c, value in row.items() if isinstance(value, dt.datetime)}
    return _heads(to, dict.fromkeys(c for row in rows for c in row), moments)


def _heads(to: Reader, columns: Iterable[str], moments: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for column in columns:
        head = heading(to, column)
        if column in moments:
            head = f"{head} ({to.settings.company.time_zone})"
        found[column] = f"{head} ({column})" if head in found.values() else head
    return found


def _in_file(to: Reader, head: str, column: str, value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return local(to, value).replace(tzinfo=None)
    seconds = column.endswith("_s") and head != column and isinstance(value, int | float)
    return value / 3600 if seconds else value  # headings of durations say hours, as on the screen
