"""What is asked of the schema: which tables are loaded, which columns a source fills, what a column holds."""

from typing import Any

import sqlalchemy as sa

from insights.schema.columns import metadata


def canonical_tables() -> tuple[sa.Table, ...]:
    """Return the tables exports are loaded into, in declaration order."""
    return tuple(t for t in metadata.tables.values() if t.info["canonical"])


def loaded_columns(of: sa.Table) -> tuple[str, ...]:
    """Return the columns a source may fill: neither derived nor bookkeeping."""
    return tuple(c.name for c in of.columns if not c.info["derived"] and c.name not in ("source", "load_id"))


REQUIRED_TIMES = {"tickets": "created_at", "ticket_events": "at", "orders": "ordered_at", "interactions": "at"}
"""The time a row of a table is worth nothing without."""


def kind_of(column: sa.Column[Any]) -> str:
    """Return what a canonical column holds: words, time, flag, number, money, seconds, count or text."""
    if column.info.get("words"):
        return "words"
    if isinstance(column.type, sa.DateTime):
        return "time"
    if isinstance(column.type, sa.Boolean):
        return "flag"
    if isinstance(column.type, sa.Double):
        return "number"
    if isinstance(column.type, sa.Numeric):
        return "money"
    if isinstance(column.type, sa.BigInteger):
        return "seconds" if column.name.endswith("_s") else "count"
    return "text"
