"""What needs no asking twice: parts of tickets that a statement reads only beside the ticket they belong to."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import operators

KEY = frozenset({"source", "ticket_id"})
"""What makes a row part of a ticket."""


def each_part(statement: sa.ClauseElement) -> Iterator[Any]:
    """Yield each part of a statement once, however many share it: walked for each of them, most are met 27 times."""
    met: dict[int, Any] = {}  # the parts themselves are held: the number of one let go of may be another's
    left: list[Any] = [statement]
    while left:
        part = left.pop()
        if id(part) not in met:
            met[id(part)] = part
            yield part
            left.extend(part.get_children())


def always_beside(statement: sa.ClauseElement, owner: sa.Table) -> set[str]:
    """Return the tables read nowhere but joined, by the whole key, to rows of their owner: they are seen with these."""
    selects = (e for e in each_part(statement) if isinstance(e, sa.Select))
    read = {(table.name, joined) for e in selects for table, joined in _read(_froms(e), owner)}
    return {name for name, joined in read if joined} - {name for name, joined in read if not joined}


def _froms(select: sa.Select[Any]) -> list[sa.FromClause]:
    """Return what a SELECT reads side by side, without compiling it, which `get_final_froms` does."""
    every = [*select._iterate_from_elements()]
    within = {of for join in every for of in join._hide_froms}
    return [of for of in every if of not in within]


def _read(froms: Any, owner: sa.Table) -> Iterator[tuple[sa.Table, bool]]:
    """Yield each table that is read, and whether every row of it meets its owner's."""
    for of in froms:
        if isinstance(of, sa.Join):
            part = _part(of, owner)
            yield from [] if part is None else [(part, True)]
            yield from _read([side for side in (of.left, of.right) if side is not part], owner)
        elif not isinstance(of, sa.Subquery | sa.CTE):  # their SELECTs are looked at for themselves
            yield from ((e, False) for e in each_part(of) if isinstance(e, sa.Table))


def _part(of: sa.Join, owner: sa.Table) -> sa.Table | None:
    """Return the side of a join that gives no row without a row of its owner; None where there is none such."""
    sides = [(of.right, of.left), *([] if of.isouter else [(of.left, of.right)])]
    found = (part for part, other in sides if other is owner and isinstance(part, sa.Table))
    part = None if of.full else next(found, None)
    return part if part is not None and _joined(of.onclause, part, owner) else None


def _joined(condition: Any, part: sa.Table, owner: sa.Table) -> bool:
    """Tell whether a condition holds for rows of the same key alone."""
    several = isinstance(condition, sa.BooleanClauseList) and condition.operator is operators.and_
    every = condition.clauses if several else [condition]
    same = [(e.left, e.right) for e in every if isinstance(e, sa.BinaryExpression) and e.operator is operators.eq]
    wanted = ({id(part.c[name]), id(owner.c[name])} for name in KEY)
    return all(any({id(a), id(b)} == pair for a, b in same) for pair in wanted)
