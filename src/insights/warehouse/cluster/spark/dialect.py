"""How statements are written for Spark: standard SQL, the words of `sql`, every value written out."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.sql.compiler import RESERVED_WORDS, IdentifierPreparer
from sqlalchemy.sql.elements import ClauseList

from insights.sql import SPARK, SPARK_RESERVED, SPARK_TYPES
from insights.warehouse.cluster import wording

_PLACED = ("NULLS LAST", "NULLS FIRST", "DESC")
"""How an order ends whose unknown values stand where they do here: last, unless it says otherwise."""


class _Text(sa.String):
    def literal_processor(self, dialect: sa.Dialect) -> Callable[[Any], str]:
        return lambda value: "'{}'".format(value.replace("\\", "\\\\").replace("'", "\\'"))


class _Float(sa.Float[Any]):
    def literal_processor(self, dialect: sa.Dialect) -> Callable[[Any], str]:
        return lambda value: SPARK["float"].format(repr(float(value)))


class _Names(IdentifierPreparer):
    reserved_words = RESERVED_WORDS | SPARK_RESERVED

    def __init__(self, dialect: sa.Dialect) -> None:
        super().__init__(dialect, initial_quote="`")


class _Statements(wording.Worded):
    words, types = SPARK, SPARK_TYPES

    def visit_column(self, column: Any, *args: Any, **kw: Any) -> str:
        text = super().visit_column(column, *args, **kw)
        return text.replace("\\", "\\\\") if column.is_literal and text.startswith("'") else text

    def order_by_clause(self, select: Any, **kw: Any) -> str:
        return f" ORDER BY {text}" if (text := self._ordered(select._order_by_clauses, **kw)) else ""

    def visit_over(self, over: sa.Over[Any], **kw: Any) -> str:
        if (order := over.order_by) is not None:
            over = over._clone()
            over.order_by = ClauseList(sa.literal_column(self._ordered(order.clauses)))
        return str(super().visit_over(over, **kw))  # type: ignore[no-untyped-call]

    def _ordered(self, order: Sequence[Any], **kw: Any) -> str:
        each = (self.process(by, **kw) for by in order)
        return ", ".join(by if by.endswith(_PLACED) else f"{by} NULLS LAST" for by in each)


class Dialect(DefaultDialect):
    """Spark's SQL, to be written only: its own driver runs it."""

    name = "spark"
    supports_statement_cache = True
    supports_native_boolean = True
    div_is_floordiv = False
    type_compiler_cls = wording.Types
    statement_compiler = _Statements
    preparer: type[IdentifierPreparer] = _Names
    colspecs = wording.VALUES | {sa.String: _Text, sa.Float: _Float}

    def __init__(self) -> None:
        super().__init__(paramstyle="named")


@cache
def dialect() -> sa.Dialect:
    """Return the dialect every statement for the server is written with."""
    return Dialect()


def quoted(name: str) -> str:
    """Return an identifier in quotes."""
    return dialect().identifier_preparer.quote_identifier(name)


def written(statement: sa.ClauseElement, database: str | None = None) -> str:
    """Return SQL text with its values written in, over the tables of a database where it says so itself."""
    return wording.written(statement, dialect(), database)
