"""What statements written for a server have in common: the words of `sql`, every value written out."""

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.compiler import GenericTypeCompiler, SQLCompiler
from sqlalchemy.sql.functions import Function

from insights.schema import PREPARED
from insights.sql import STORED


class Worded(SQLCompiler):
    """Writes functions in an engine's own words; `{filter}` is where a FILTER goes that is not to stand behind all."""

    words: Mapping[str, str] = {}
    types: Mapping[type[Any], str] = {}

    def visit_function(self, func: Function[Any], *_: Any, **kw: Any) -> str:
        """Return a call."""
        only = kw.pop("only", "")
        kw.pop("add_to_result_map", None)  # columns are found by their names
        said = self._said(func)
        if said is None:
            return f"{super().visit_function(func, **kw)}{only}"
        said = said if "{filter}" in said else said + "{filter}"
        return str(said.format(*(self.process(clause, **kw) for clause in func.clauses), filter=only))

    def _said(self, func: Function[Any]) -> str | None:
        """Return the engine's word for a function, before all the one for it with the first thing it is told."""
        name, first = func.name.lower(), next(iter(func.clauses), None)
        unit = first.name if isinstance(first, sa.ColumnClause) and first.is_literal else ""
        return self.words.get(f"{name} {unit}", self.words.get(name))

    def visit_funcfilter(self, funcfilter: sa.FunctionFilter[Any], **kw: Any) -> str:
        """Return an aggregate of some rows alone."""
        assert funcfilter.criterion is not None
        criterion = self.process(funcfilter.criterion, literal_binds=True)
        return str(self.process(funcfilter.func, only=f" FILTER (WHERE {criterion})", **kw))

    def visit_truediv_binary(self, binary: sa.BinaryExpression[Any], operator: Any, **kw: Any) -> str:
        """Return a quotient, of whole numbers too with its fraction."""
        return self.words["/"].format(self.process(binary.left, **kw), self.process(binary.right, **kw))

    def visit_true(self, *_: Any, **__: Any) -> str:
        """Return what is true."""
        return "true"

    def visit_false(self, *_: Any, **__: Any) -> str:
        """Return what is not."""
        return "false"


class Types(GenericTypeCompiler):
    """Writes types in an engine's own words."""

    def process(self, type_: Any, **_: Any) -> str:
        """Return a type."""
        said = next(said for of, said in _compiler(self.dialect).types.items() if isinstance(type_, of))
        return said.format(precision=getattr(type_, "precision", None) or 38, scale=getattr(type_, "scale", None) or 0)


class _Moment(sa.DateTime):
    def literal_processor(self, dialect: sa.Dialect) -> Callable[[Any], str]:
        return lambda value: _compiler(dialect).words["moment"].format(value.isoformat(sep=" "))


class _Day(sa.Date):
    def literal_processor(self, dialect: sa.Dialect) -> Callable[[Any], str]:
        return lambda value: _compiler(dialect).words["day"].format(value.isoformat())


VALUES: dict[type[Any], type[Any]] = {sa.DateTime: _Moment, sa.Date: _Day}
"""How values are written out that an engine would not take for what they are."""


def _compiler(dialect: sa.Dialect) -> type[Worded]:
    compiler = dialect.statement_compiler
    assert issubclass(compiler, Worded)
    return compiler


def written(statement: sa.ClauseElement, dialect: sa.Dialect, database: str | None = None) -> str:
    """Return SQL text with its values written in, over the tables of a database where it says so itself."""
    done = statement.compile(
        dialect=dialect,
        compile_kwargs={"literal_binds": True},
        schema_translate_map={STORED: database, PREPARED: database},
        render_schema_translate=bool(database),
    )
    return str(done)
