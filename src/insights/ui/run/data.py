"""The pages' only way to numbers: questions to a desk, remembered per warehouse version, filters and scope."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from insights import schema
from insights.asking import Desk, books
from insights.dimensions import DIMENSIONS
from insights.filters import UNKNOWN, Filters
from insights.metrics import METRICS, Number
from insights.sql import Grain, Starts
from insights.studies import StudyResult
from insights.ui.run import local
from insights.ui.run.memo import kept, memo
from insights.ui.run.places import ANSWERS, Place


def numbers(
    desk: Desk, keys: Sequence[str], by: Sequence[str] = (), grain: Grain | None = None, compare: str | None = None
) -> list[Number]:
    """Return the numbers of metrics with their intervals."""

    def ask(missing: list[str]) -> list[Number]:
        return desk.numbers(missing, by=by, grain=grain, compare=compare)

    return memo().numbers((desk.key, tuple(by), grain), keys, compare, True, ask)


def values(desk: Desk, keys: Sequence[str], by: Sequence[str] = (), grain: Grain | None = None) -> list[Number]:
    """Return the numbers of metrics without intervals, which is cheaper: for lines and lists."""

    def ask(missing: list[str]) -> list[Number]:
        return desk.values(missing, by=by, grain=grain)

    return memo().numbers((desk.key, tuple(by), grain), keys, None, False, ask)


def one(desk: Desk, key: str) -> Number:
    """Return the one number of a metric without groups."""
    return numbers(desk, [key])[0]


def any_of(desk: Desk, *keys: str) -> bool:
    """Tell whether any of these metrics has rows."""
    return any(values(desk, [key])[0].n for key in keys)  # one after the other: the first mostly has, and is known


def ever(desk: Desk, key: str) -> bool:
    """Tell whether anything loaded makes a metric known, at any time and under no filter."""
    (whole,) = values(desk.with_filters(Filters(clock=desk.filters.clock)), [key])
    return bool(whole.n) or whole.value is not None


def speaks(desk: Desk, place: Place) -> bool:
    """Tell whether anything a page is about is there: a row of one of its metrics, or one of its tables."""
    return any_of(desk, *place.needs) or _holds(desk, place.tables)


def loaded(desk: Desk, place: Place) -> bool:
    """Tell whether what a page cannot be without was ever loaded."""
    return not place.only or _holds(desk, place.only)


def _holds(desk: Desk, tables: Sequence[str]) -> bool:
    return any(desk.warehouse.holds(schema.metadata.tables[of]) for of in tables)


def matured(desk: Desk, key: str) -> Desk:
    """Return the desk shifted back by the time a metric needs to be known: never a number that is only too young."""
    chosen, days = desk.filters, METRICS[key].matures.days
    if not days or chosen.since is None or chosen.until is None:
        return desk
    last = day_of(desk) - dt.timedelta(days=days)
    back = max(dt.timedelta(0), chosen.until - last)
    return desk.with_filters(replace(chosen, since=chosen.since - back, until=chosen.until - back))


def day_of(desk: Desk) -> dt.date:
    """Return the local day of the moment looked from."""
    return local(desk, desk.at).date()


def compared(desk: Desk, keys: Sequence[str]) -> dict[str, Number]:
    """Return each metric's number with its change, those that need time over a period shifted back."""
    groups: dict[Desk, list[str]] = {}
    for key in keys:
        groups.setdefault(matured(desk, key), []).append(key)
    found: dict[str, Number] = {}
    for used, group in groups.items():
        found |= {number.metric: number for number in numbers(used, group, compare=comparable(used))}
    return found


def comparable(desk: Desk) -> str | None:
    """Return what a period is compared with: the one before or a year earlier, where there is one."""
    return desk.filters.compare if desk.filters.since and desk.filters.until else None


@kept
def know(desk: Desk, /, other: Desk, keys: Sequence[str], grain: Grain) -> None:
    """Ask at once for what is asked of two desks one after the other."""
    desk.know(other, keys, grain=grain)


@kept
def extremes(desk: Desk, /, key: str, by: str, limit: int, **how: Any) -> list[Mapping[str, Any]]:
    """Return the rows behind a metric with the smallest or largest values of a column."""
    return desk.extremes(key, by, limit, **how)


def rules(desk: Desk) -> str:
    """Return by whose rules the data held was derived."""
    return desk.warehouse.fact("rules") or "own"


@kept
def against(desk: Desk, /, other: Desk, keys: Sequence[str]) -> list[Number]:
    """Return the numbers of metrics, each with what it is at another desk."""
    return desk.against(other, keys)


@kept
def study(desk: Desk, /, key: str, **options: Any) -> StudyResult:
    """Return the answer of a study."""
    return desk.study(key, **options)


def agent_names(desk: Desk) -> dict[str, str]:
    """Return the agents' names by id; a page asks for them hundreds of times."""
    held = desk.warehouse
    return memo().answer(("agents", str(held.path), held.version, desk.scope), lambda: books.agent_names(desk))


def options(desk: Desk, dimension: str, counted: str | None = None) -> tuple[str, ...]:
    """Return the values of a dimension that occur in what is counted, most frequent first."""
    of_orders = DIMENSIONS[dimension].of == "orders"
    return _options(desk.with_filters(Filters()), dimension, counted or ("orders" if of_orders else "created"))


@kept
def _options(desk: Desk, /, dimension: str, counted: str) -> tuple[str, ...]:
    found = values(desk, [counted], by=[dimension])
    ranked = sorted(found, key=lambda number: (-(number.value or 0), str(number.member(dimension))))
    members = [number.member(dimension) for number in ranked]
    return tuple(UNKNOWN if member is None else str(member) for member in members)


def first_day(desk: Desk) -> dt.date:
    """Return the first local day of the data: that of the first ticket or order, else of the first answer."""
    return _first_day(desk.with_filters(Filters()))


@kept
def _first_day(desk: Desk) -> dt.date:
    for keys in (["created", "orders"], list(ANSWERS)):
        found = desk.values(keys, grain="month")
        if days := [number.period for number in found if number.value and number.period]:
            return min(days)
    return last_day(desk)


def dated(desk: Desk) -> bool:
    """Tell whether anything loaded has a time: else no day is that of the data."""
    return desk.warehouse.as_of != dt.datetime.combine(desk.settings.loading.earliest, dt.time())


def last_day(desk: Desk) -> dt.date:
    """Return the last local day of the data: that of as-of."""
    return local(desk, desk.warehouse.as_of).date()


def last_load(desk: Desk) -> int | None:
    """Return the number of the newest load in the warehouse."""
    newest = books.loads(desk, limit=1)
    return int(newest[0]["load_id"]) if newest else None


def starts(desk: Desk) -> Starts:
    """Return when the company's weeks and years begin."""
    return desk.context().starts
