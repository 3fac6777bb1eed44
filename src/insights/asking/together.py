"""What is asked in one statement: the same of two periods, and several statements that read the same."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from insights import sql
from insights.asking.cells import Asked, Cells, Fetch, apart
from insights.asking.listing import listed
from insights.asking.small_groups import rounded
from insights.metrics import Context, metric
from insights.metrics.core import Base
from insights.metrics.selects import Question
from insights.metrics.selects.prepared import BY_OTHERS, BY_PERIOD
from insights.studies.core import Breakdowns

Way = Callable[[Question], tuple[Question, Fetch]]
"""Says of which tables a question is asked, and how."""


def fetched_at_once(fetch: Fetch, statements: Sequence[sa.Select[Any]]) -> list[list[dict[str, Any]]]:
    """Return the rows of several statements, run as one: a common table expression in several is worked out once."""
    columns = (sql.rows_of(each).label(f"rows_{place}") for place, each in enumerate(statements))
    (found,) = fetch(sa.select(*columns))
    return [rows or [] for rows in found.values()]


def of_both(asked: Question, there: Question) -> tuple[Question | None, Question]:
    """Return the question that answers for both periods at once, and what is left to be asked of each alone."""
    can = _can(asked, there)
    able = tuple(m for m in asked.metrics if can and _of_both(m.base, asked.context))
    rest = tuple(m for m in asked.metrics if m not in able)
    since, until = there.filters.since, there.filters.until
    if not able or since is None or until is None:
        return None, asked
    context = replace(asked.context, beside=(since, until))
    return replace(asked, metrics=able, context=context), replace(asked, metrics=rest)


def _of_both(base: Base, context: Context) -> bool:
    """Tell whether the rows read are the same whatever the period, or what stands at the end of each."""
    return context.grain is None if base.stock else base.name not in BY_PERIOD | BY_OTHERS


def _can(asked: Question, there: Question) -> bool:
    """Tell whether two questions differ by their period alone, and have no day in common."""
    own, other = asked.filters, there.filters
    if not (own.since and own.until and other.since and other.until):
        return False
    moved = replace(there.context, since=asked.context.since, until=asked.context.until)
    alike = replace(there, filters=replace(other, since=own.since, until=own.until), context=moved) == asked
    return alike and (other.until < own.since or own.until < other.since)


def alike(by: Mapping[str, Sequence[str]]) -> dict[tuple[str, ...], list[str]]:
    """Return the metrics that are broken down by the same dimensions, by these; those by none left out."""
    found: dict[tuple[str, ...], list[str]] = {}
    for key, names in by.items():
        if names:
            found.setdefault((*names,), []).append(key)
    return found


def broken_down(asked: Question, there: Question, way: Way, least: int) -> tuple[Breakdowns, Breakdowns]:
    """Return the numbers of two questions by each of their dimensions alone, in few scans."""
    both, rest = of_both(asked, there)
    found: tuple[Breakdowns, Breakdowns] = ({}, {})
    alone = ((rest, (0,)), (replace(there, metrics=rest.metrics), (1,)))
    for one, places in (*(((both, (0, 1)),) if both else ()), *(alone if rest.metrics else ())):
        whole, fetch = way(one)
        for place, cells in zip(places, apart(Asked(whole, intervals=False), fetch), strict=True):
            found[place].update(_listed((asked, there)[place], cells, least))
    return found


def _listed(question: Question, found: Mapping[tuple[str, str], Cells], least: int) -> Breakdowns:
    each = ((key, name, rounded(cells, metric(key), least)) for (key, name), cells in found.items())
    return {
        (key, name): listed(replace(question, metrics=(metric(key),), by=(name,)), {key: cells})
        for key, name, cells in each
    }
