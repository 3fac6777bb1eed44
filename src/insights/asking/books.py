"""What a desk is asked of the house itself: its loads, the rows set aside, the names of its agents."""

from typing import Any

import sqlalchemy as sa

from insights import schema
from insights.asking.desk import Desk

Row = dict[str, Any]


def loads(desk: Desk, *, load_id: int | None = None, limit: int | None = None) -> list[Row]:
    """Return the files loaded, newest first, of one load or of all."""
    of = schema.loads
    found = sa.select(of).order_by(of.c.load_id.desc(), of.c.file).limit(limit)
    return desk.fetch(found if load_id is None else found.where(of.c.load_id == load_id))


def set_aside(desk: Desk, load_id: int) -> list[Row]:
    """Return the rows and cells a load set aside, in the order of its files."""
    of = schema.rejects
    return desk.fetch(sa.select(of).where(of.c.load_id == load_id).order_by(of.c.file, of.c.line, of.c.column))


def agent_names(desk: Desk) -> dict[str, str]:
    """Return the agents' names by id, where they are known."""
    of = schema.agents.c
    found = desk.fetch(sa.select(of.agent_id, of.name).where(of.name.is_not(None)))
    return {row["agent_id"]: row["name"] for row in found}
