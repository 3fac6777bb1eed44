"""How statements are written for the engine: PostgreSQL's grammar, and the few words it has otherwise."""

from collections.abc import Callable
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.base import PGDialect, PGIdentifierPreparer, PGTypeCompiler

RESERVED = frozenset(
    [
        "at",
        "describe",
        "lambda",
        "lateral",
        "pivot",
        "pivot_longer",
        "pivot_wider",
        "qualify",
        "show",
        "summarize",
        "unpivot",
    ]
)
"""What the engine reserves beyond PostgreSQL's words, and what it reads after a table: a column called so is quoted."""


class _Moment(sa.DateTime):
    def literal_processor(self, dialect: sa.Dialect) -> Callable[[Any], str]:
        return lambda value: f"TIMESTAMP '{value.isoformat(sep=' ')}'"


class _Day(sa.Date):
    def literal_processor(self, dialect: sa.Dialect) -> Callable[[Any], str]:
        return lambda value: f"DATE '{value.isoformat()}'"


class _Types(PGTypeCompiler):
    def visit_FLOAT(self, type_: sa.Float[Any], **_: Any) -> str:  # noqa: N802 - the name the visitor calls
        return "DOUBLE"


class _Names(PGIdentifierPreparer):
    reserved_words = PGIdentifierPreparer.reserved_words | RESERVED


class Dialect(PGDialect):
    """The engine's SQL, to be written only: its own driver runs it. Times are written as times, since as bare text
    they would not run everywhere in a statement; a backslash in a text is a backslash.
    """

    name = "duckdb"
    supports_statement_cache = True
    div_is_floordiv = False
    type_compiler_cls = _Types
    preparer = _Names
    colspecs = {**PGDialect.colspecs, sa.DateTime: _Moment, sa.Date: _Day}

    def __init__(self) -> None:
        super().__init__(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
        self._backslash_escapes = False


@cache
def dialect() -> sa.Dialect:
    """Return the dialect every statement is compiled with; a bound value used twice keeps one number."""
    return Dialect()
