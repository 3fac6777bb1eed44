"""From statement to text and values; one that differs from an earlier one by its values alone is not compiled."""

from collections.abc import Sequence
from typing import Any

import duckdb
import sqlalchemy as sa

from insights.warehouse.engine.dialect import dialect
from insights.warehouse.remembered import NONE, Remembered

Place = tuple[int, int | None]
"""Which bound parameter of a statement a value comes from, and which element of its list."""
_templates = Remembered()
_parsed = Remembered(500)


def compiled(statement: sa.ClauseElement) -> tuple[str, list[Any]]:
    """Return SQL text and its bound values in order."""
    found = statement._generate_cache_key()
    if found is None or any(bound.literal_execute for bound in found.bindparams):
        return _anew(statement, ())[:2]
    values: list[Any] = [bound.effective_value for bound in found.bindparams]
    lists = [len(v) if b.expanding else None for b, v in zip(found.bindparams, values, strict=True)]
    key = (found.key, *lists)
    template: Any = _templates.find([key])
    if template is NONE:
        text, bound, places = _anew(statement, found.bindparams)
        if places is not None:
            _templates.keep(key, (text, places))
        return text, bound
    text, places = template
    return text, [values[at] if of is None else values[at][of] for at, of in places]


def parsed(con: duckdb.DuckDBPyConnection, text: str) -> duckdb.Statement:
    """Return a statement as the engine reads it, which is a fifth of what a short answer costs: read once a text."""
    found: duckdb.Statement = _parsed.answer(text, lambda: con.extract_statements(text)[0])
    return found


def _anew(
    statement: sa.ClauseElement, parameters: Sequence[sa.BindParameter[Any]]
) -> tuple[str, list[Any], list[Place] | None]:
    """Return text, values, and where each value stands among the parameters; None where one cannot be told."""
    done = statement.compile(dialect=dialect(), compile_kwargs={"render_postcompile": True})
    names = getattr(done, "positiontup", None) or []
    known = getattr(done, "bind_names", {})
    places: dict[str, Place] = {}
    for at, of in enumerate(parameters):
        value: Any = of.effective_value
        name = known.get(of)
        places |= {f"{name}_{i + 1}": (at, i) for i in range(len(value))} if of.expanding else {str(name): (at, None)}
    told = [places[name] for name in names] if set(names) <= places.keys() else None
    return str(done), [done.params[name] for name in names], told
