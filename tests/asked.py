"""What tests ask of a desk, as plain dicts that are easy to compare."""

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

from insights.asking import Desk
from insights.asking.about import about
from insights.filters import Filters, Scope
from insights.metrics import Number
from insights.warehouse import Warehouse

Result = dict[str, Any]
_COMPARED = (
    "previous",
    "previous_n",
    "previous_low",
    "previous_high",
    "change",
    "change_low",
    "change_high",
    "change_real",
)


def query(
    warehouse: Warehouse,
    keys: Iterable[str],
    filters: Filters,
    *,
    scope: Scope,
    by: Sequence[str] = (),
    grain: str | None = None,
    compare: str | None = None,
    intervals: bool = True,
) -> list[Result]:
    """Return numbers as dicts."""
    desk = Desk(warehouse, filters, scope)
    if not intervals and compare is None:
        return [_dict(n) for n in desk.values(list(keys), by, grain)]
    return [_dict(n) for n in desk.numbers(list(keys), by, grain, compare)]


def _dict(number: Number) -> Result:
    found = dict(number.record())
    if number.period:
        found["complete"] = number.complete
    found |= {name: getattr(number, name) for name in _COMPARED} if number.compared else {}
    kept = {"as_reported": number.as_reported, "refused": number.refused}
    return found | {name: value for name, value in kept.items() if value is not None}


def rows(
    warehouse: Warehouse, key: str, filters: Filters, *, scope: Scope, excluded: bool = False, limit: int | None = None
) -> list[Any]:
    """Return the rows behind a number."""
    return list(Desk(warehouse, filters, scope).rows(key, excluded=excluded, limit=limit))


def left_out(warehouse: Warehouse, key: str, filters: Filters, *, scope: Scope) -> list[Any]:
    """Return how many rows a number leaves out, by reason."""
    return list(Desk(warehouse, filters, scope).left_out(key))


def sql(
    warehouse: Warehouse, key: str, filters: Filters, *, scope: Scope, by: Sequence[str] = (), grain: str | None = None
) -> str:
    """Return the SQL that makes a number."""
    return Desk(warehouse, filters, scope).sql(key, by, grain)


def meta(key: str, filters: Filters) -> Result:
    """Return what a card says beside a number."""
    return dataclasses.asdict(about(key, filters))


def cohorts(warehouse: Warehouse, filters: Filters, *, scope: Scope, **options: Any) -> list[Any]:
    """Return the cells of the retention triangle."""
    return list(Desk(warehouse, filters, scope).study("cohorts", **options).rows)


def survival(
    warehouse: Warehouse, event: str, filters: Filters, *, scope: Scope, by: Sequence[str] = ()
) -> list[Result]:
    """Return waits with their points inside."""
    found = Desk(warehouse, filters, scope).study("waits", event=event, by=tuple(by))
    points: dict[tuple[Any, ...], list[Result]] = {}
    for p in found.tables["points"]:
        points.setdefault(tuple(p[d] for d in by), []).append({k: v for k, v in p.items() if k not in by})
    return [dict(r) | {"points": points.get(tuple(r[d] for d in by), [])} for r in found.rows]


def within(
    warehouse: Warehouse, key: str, edges: Sequence[float], filters: Filters, *, scope: Scope, by: Sequence[str] = ()
) -> list[Any]:
    """Return the share of rows up to each edge."""
    desk = Desk(warehouse, filters, scope)
    return list(desk.study("within", metric=key, edges=tuple(edges), by=tuple(by)).rows)


def highlights(
    warehouse: Warehouse, keys: Iterable[str], filters: Filters, *, scope: Scope, **options: Any
) -> list[Any]:
    """Return what changed and where it is worst."""
    if "by" in options:
        options["by"] = tuple(options["by"])
    return list(Desk(warehouse, filters, scope).study("highlights", metrics=tuple(keys), **options).rows)
