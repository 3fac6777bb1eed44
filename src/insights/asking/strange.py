"""Values a reader chose that no row holds: a slip of the hand looks like a number of nothing."""

from collections.abc import Iterator

import sqlalchemy as sa

from insights import schema
from insights.asking.desk import Desk
from insights.asking.rewrites.visible import OPEN
from insights.filters import UNKNOWN, dimension_column


def strange(desk: Desk) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield by dimension the chosen values that none of the rows this reader may see holds."""
    for dimension, values in desk.filters.values:
        if left := _held_by_no_row(desk, dimension, set(values) - {UNKNOWN}):
            yield dimension, tuple(value for value in values if value in left)


def _held_by_no_row(desk: Desk, dimension: str, values: set[str]) -> set[str]:
    """Return the values no table holds; most are found in the first, and the others not looked at."""
    for table in schema.metadata.tables.values():
        if values and table.name not in OPEN and (column := dimension_column(table, dimension)) is not None:
            asked = sa.select(column.label("value")).where(column.in_(sorted(values))).distinct()
            values = values - {row["value"] for row in desk.fetch(asked)}
    return values
