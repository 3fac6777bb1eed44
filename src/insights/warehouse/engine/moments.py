"""What was known at past moments, put aside: one connection a moment and scope, few of them, the oldest let go of."""

import threading
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any

import duckdb
import sqlalchemy as sa

from insights.warehouse.engine import translating
from insights.warehouse.engine.compiling import compiled, parsed
from insights.warehouse.remembered import Remembered

MOST = 3
FEW = 3
"""Statements about a moment that are answered without putting anything aside."""


class Moment:
    """Tables only one connection sees; they live in the engine's memory, or on disk where that is short."""

    def __init__(self, path: Path, con: duckdb.DuckDBPyConnection) -> None:
        self._path, self._con = path, con
        self._lock = threading.Lock()
        self._kept: set[str] = set()

    def keep(self, name: str, rows: Callable[[], sa.ClauseElement]) -> None:
        """Put rows aside under a name, unless they are."""
        with self._lock, translating(self._path):
            if name not in self._kept:
                text, values = compiled(rows())
                self._con.execute(f"CREATE TEMP TABLE {name} AS {text}", values)
                self._kept.add(name)

    def fetch(self, select: sa.ClauseElement) -> list[dict[str, Any]]:
        """Return the rows of a select, which may read what was put aside, as dicts."""
        text, values = compiled(select)
        with self._lock, translating(self._path):
            self._con.execute(parsed(self._con, text), values)
            names = [column[0] for column in self._con.description or ()]
            return [dict(zip(names, row, strict=True)) for row in self._con.fetchall()]


class Moments:
    """The moments of one version that were asked about most lately."""

    def __init__(self, path: Path, con: duckdb.DuckDBPyConnection) -> None:
        self._path, self._con = path, con
        self._asked, self._held = Remembered(1000), Remembered(MOST)

    def of(self, key: Hashable) -> Moment | None:
        """Return the moment, None while too little was asked about it for anything to be worth putting aside."""
        asked = self._asked.answer(key, lambda: 0) + 1
        self._asked.keep(key, asked)
        return self._held.answer(key, lambda: Moment(self._path, self._con.cursor())) if asked > FEW else None
