"""A statement over what a reader may see: put together once a shape and scope, for every page asks the same shapes."""

from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.cache_key import CacheKey

from insights.asking.rewrites.visible import Statement, seen_by
from insights.filters import Scope
from insights.warehouse.remembered import Remembered

_parts = Remembered(2_000)


class Seen(sa.ClauseElement):
    """A statement below the expressions that hide what its reader may not see; its own values stay what is asked."""

    def __init__(self, statement: Statement, below: tuple[sa.CTE, ...], key: Any) -> None:
        self._statement, self._below, self._key = statement, below, key

    @cached_property
    def whole(self) -> Statement:
        """Return it as one statement."""
        return self._statement.add_cte(*self._below)

    @property
    def selected_columns(self) -> Any:
        """Return what it gives."""
        return self._statement.selected_columns

    def compile(self, *args: Any, **options: Any) -> Any:
        """Return it written out."""
        return self.whole.compile(*args, **options)

    def _generate_cache_key(self) -> CacheKey | None:
        """Return what its text depends on, and its values: as the same shape always is seen through the same."""
        keys = [part._generate_cache_key() for part in (self._statement, *self._below)]
        known = [key for key in keys if key is not None]
        return CacheKey(self._key, [b for key in known for b in key.bindparams], {}) if known == keys else None


def rewritten(statement: Statement, scope: Scope) -> Statement | Seen:
    """Return a statement as it may be run for a reader: over the rows and columns they may see."""
    if not (scope.values or scope.masked or scope.nobody):
        return statement
    if (found := statement._generate_cache_key()) is None:
        return statement.add_cte(*seen_by(statement, scope))
    key = (found.key, scope)
    return Seen(statement, _parts.answer(key, lambda: seen_by(statement, scope)), key)
