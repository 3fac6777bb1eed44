"""Objects written as JSON into the cells of a table: what is in them becomes columns named with dots."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from insights.sources.folding import composed, sql_text
from insights.sources.raw import Raw

_DEPTH = 4


@dataclass(frozen=True)
class Inner:
    """A value inside a cell: the column, and the names that lead to it."""

    place: int
    header: str
    path: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return the name of the column it becomes."""
        return ".".join((self.header, *self.path))


def inside(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[Inner, ...]:
    """Return what the objects in the cells of these rows hold, column by column; a column of anything else holds none."""
    found: dict[str, Inner] = {}
    for place, header in enumerate(map(composed, headers)):
        cells = [row[place] for row in rows if place < len(row) and row[place].strip()]
        if cells and all(cell.lstrip().startswith("{") for cell in cells):
            paths = (path for cell in cells for path in _paths(_object(cell)))
            found |= {inner.name: inner for path in paths if (inner := Inner(place, header.strip(), path))}
    return tuple(inner for name, inner in found.items() if name not in headers)


def _object(cell: str) -> dict[str, Any]:
    try:
        held = json.loads(cell)
    except ValueError:
        return {}
    return held if isinstance(held, dict) else {}


def _paths(node: dict[str, Any], before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, value in node.items():
        if isinstance(value, dict) and len(before) < _DEPTH:
            yield from _paths(value, (*before, name))
        elif '"' not in name and "\\" not in name:
            yield (*before, name)


def opened(raw: Raw, inner: Sequence[Inner]) -> Raw:
    """Return the table with a column for each value inside its cells."""
    if not inner:
        return raw
    first = len(raw.headers)
    columns = (f", {_value(of)} AS c{first + i}" for i, of in enumerate(inner))
    headers = (*raw.headers, *(of.name for of in inner))
    return replace(raw, sql=f"(SELECT *{''.join(columns)} FROM {raw.sql})", headers=headers)


def _value(of: Inner) -> str:
    path = sql_text("$" + "".join(f'."{name}"' for name in of.path))
    cell = f"c{of.place}"
    return f"CASE WHEN starts_with(ltrim({cell}), '{{') AND json_valid({cell}) THEN json_extract_string({cell}, {path}) END"


__all__ = ["Inner", "inside", "opened"]
