"""How statements are written for ClickHouse: its official dialect, the words of `sql`, every value written out."""

from functools import cache
from typing import Any

import sqlalchemy as sa
from clickhouse_connect.cc_sqlalchemy.dialect import ClickHouseDialect
from clickhouse_connect.cc_sqlalchemy.sql.compiler import ChStatementCompiler
from clickhouse_connect.driver.binding import quote_identifier
from sqlalchemy.sql.functions import Function

from insights import schema
from insights.sql import CLICKHOUSE, CLICKHOUSE_ONCE, CLICKHOUSE_TYPES
from insights.warehouse.cluster import wording

_WHOLE = frozenset({"count", "sum", "row_number", "rank"})
"""Functions whose whole numbers are unsigned there: beside signed ones they would have no common type."""


class _Statements(wording.Worded, ChStatementCompiler):
    words, types = CLICKHOUSE, CLICKHOUSE_TYPES

    def visit_function(self, func: Function[Any], *_: Any, **kw: Any) -> str:
        part = kw.pop("part", False)
        text = super().visit_function(func, **kw)
        return text if part else _signed(func.name.lower(), func, text)

    def _render_cte_clause(self, *args: Any, **kw: Any) -> str:
        """Let what is read several times be found once; what hides a table is narrowed wherever it is read."""
        held = self.ctes or {}
        for cte in [cte for cte in held if cte.name not in schema.declared]:
            held[cte] = held[cte].replace(*CLICKHOUSE_ONCE, 1)
        return str(super()._render_cte_clause(*args, **kw))  # type: ignore[no-untyped-call]

    def visit_over(self, over: sa.Over[Any], **kw: Any) -> str:
        return _signed(_name(over.element), over, super().visit_over(over, part=True, **kw))  # type: ignore[no-untyped-call]

    def visit_cast(self, cast: sa.Cast[Any], **kw: Any) -> str:
        return f"CAST({self.process(cast.clause, **kw)} AS {nullable(cast.type)})"

    def visit_values(self, element: Any, *_: Any, **__: Any) -> str:
        columns = ", ".join(f"{c.name} {nullable(c.type)}" for c in element.columns)
        rows = (sa.tuple_(*row, types=[c.type for c in element.columns]) for part in element._data for row in part)
        listed = ", ".join(self.process(row, literal_binds=True) for row in rows)
        structure = columns.replace("'", "\\'")
        return f"VALUES('{structure}', {listed}) AS {self.preparer.quote(str(element.name))}"


class Dialect(ClickHouseDialect):
    """The official dialect, to be written only: its own client runs it."""

    type_compiler_cls = wording.Types
    statement_compiler = _Statements
    colspecs = wording.VALUES

    def __init__(self) -> None:
        super().__init__(paramstyle="named")


def _name(of: Any) -> str:
    return str(getattr(of.func if isinstance(of, sa.FunctionFilter) else of, "name", "")).lower()


def _signed(name: str, of: sa.ColumnElement[Any], text: str) -> str:
    whole = name in _WHOLE and isinstance(of.type, sa.Integer)
    return CLICKHOUSE["signed"].format(text) if whole else text


def nullable(type_: Any) -> str:
    """Return a type as a column of it is declared there: everything may be unknown."""
    return CLICKHOUSE["nullable"].format(dialect().type_compiler_instance.process(type_))


@cache
def dialect() -> sa.Dialect:
    """Return the dialect every statement for the server is written with."""
    return Dialect()


def quoted(name: str) -> str:
    """Return an identifier in quotes."""
    return str(quote_identifier(name))


def written(statement: sa.ClauseElement, database: str | None = None) -> str:
    """Return SQL text with its values written in, over the tables of a database where it says so itself."""
    return wording.written(statement, dialect(), database)
