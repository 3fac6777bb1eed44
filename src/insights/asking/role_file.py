"""A file of what one reader sees: their rows, their columns, masked as they see them; nothing else is in it."""

import hashlib
import os
import threading
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from insights import schema
from insights.asking.rewrites.visible import seen_by
from insights.filters import EVERYTHING, Scope
from insights.settings import Engine
from insights.warehouse import Warehouse
from insights.warehouse.engine import open_between
from insights.warehouse.engine.compiling import compiled
from insights.warehouse.publishing.versions import ROLES

INSIDE = frozenset({"facts", "rejects", "loads", "ticket_as_loaded"})
"""Tables of the warehouse's own affairs: in nobody's file."""
_building = threading.Lock()
_BOOKKEEPING = ("row_at", "row_columns", "row_hash", "derived_hash", "load_id", "from_ticket")


def role_file(held: Warehouse, scope: Scope, engine: Engine) -> Path:
    """Return the file of what a scope sees in a version, built at the first call; everything is the version itself."""
    if scope == EVERYTHING:
        return held.path
    said = (scope.values, sorted(scope.masked), scope.salt, scope.nobody)
    told = hashlib.sha256(repr(said).encode()).hexdigest()[:16]
    path = held.path.parent / ROLES / f"{held.version}-{told}.duckdb"
    with _building:  # several readers of one role may ask first
        if not path.exists():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            _build(held.path, path, scope, engine)
    return path


def _build(of: Path, path: Path, scope: Scope, engine: Engine) -> None:
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    beside.unlink(missing_ok=True)
    try:
        con = open_between(of, beside, engine)
        try:
            for table, columns in readable():
                every = sa.select(*columns)
                text, values = compiled(every.add_cte(*seen_by(every, scope)))
                con.execute(f"CREATE TABLE role.main.{table.name} AS {text}", values)
        finally:
            con.close()
        beside.chmod(0o400)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def readable() -> list[tuple[sa.Table, list[sa.Column[Any]]]]:
    """Return the tables a role's file has, each with its columns."""
    tables = (table for table in schema.metadata.tables.values() if table.name not in INSIDE)
    return [(table, [c for c in table.columns if c.name not in _BOOKKEEPING]) for table in tables]
