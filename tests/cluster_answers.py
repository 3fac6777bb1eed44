"""Every answer on another engine beside DuckDB's, cell by cell: `python tests/cluster_answers.py WAREHOUSE [SHARE]`.

The version is published to ClickHouse in this process; SHARE asks that share of the questions, drawn by a fixed seed.
"""

import datetime as dt
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from insights import studies, warehouse
from insights.asking import Desk
from insights.dimensions import DIMENSIONS
from insights.errors import InsightsError
from insights.filters import EVERYTHING, Filters
from insights.metrics import METRICS
from insights.settings import Settings

GRAINS = (None, "day", "week", "month", "quarter", "year")
HOME = "clickhousedb:///company?interface=chdb&path={}"


def both(directory: Path, engine: Path) -> tuple[Desk, Desk]:
    """Publish a directory's version to ClickHouse in this process, kept in `engine`; return a desk here, one there."""
    settings = Settings(warehouse=directory, database=HOME.format(engine))
    warehouse.publish(settings)
    here = Desk(warehouse.open_current(directory), Filters(), EVERYTHING, settings=settings)
    return here, replace(here, warehouse=warehouse.opened(settings))


def same(one: Any, other: Any) -> bool:
    """Tell whether two cells are the same: of the same kind, floating ones to the twelfth digit."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return list(one) == list(other) and all(same(one[k], other[k]) for k in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return one == other or abs(one - other) <= 1e-11 * max(abs(one), abs(other), 1e-3)
    return type(one) is type(other) and bool(one == other)


@dataclass(frozen=True)
class Asked:
    """One question, in words, and how a desk answers it."""

    words: str
    ask: Callable[[Desk], Any]

    def differs(self, here: Desk, there: Desk) -> str | None:
        """Return how the two answers differ, None where they do not."""
        one, other = _answered(self.ask, here), _answered(self.ask, there)
        if same(one, other):
            return None
        pairs = zip(one, other, strict=False) if isinstance(one, list) and isinstance(other, list) else [(one, other)]
        first = next(((a, b) for a, b in pairs if not same(a, b)), (str(len(one)), str(len(other))))
        return f"{self.words}: {first[0]} | {first[1]}"


def _answered(ask: Callable[[Desk], Any], desk: Desk) -> Any:
    try:
        return ask(desk)
    except InsightsError as error:
        return [error.key, str(error)]


def questions(here: Desk, draw: random.Random) -> Iterator[Asked]:
    """Yield every metric by every dimension and grain, compared, in the past, filtered, with its rows; every study."""
    for key in METRICS:
        for by in (None, *DIMENSIONS, "hour", "weekday"):
            for grain in GRAINS:
                yield _number(here, draw, key, by, grain)
        for excluded in (False, True):
            yield Asked(f"rows {key} {excluded}", lambda d, k=key, e=excluded: d.rows(k, excluded=e, limit=200))
        yield Asked(f"left out {key}", lambda d, k=key: d.left_out(k))
    for study in studies.STUDIES:
        filters = Filters()
        for filters in (Filters(), _filters(here, draw)):
            yield Asked(f"study {study} {filters}", lambda d, s=study, f=filters: _tables(d.with_filters(f), s))


def _number(here: Desk, draw: random.Random, key: str, by: str | None, grain: str | None) -> Asked:
    filters = draw.choice((Filters(), _filters(here, draw)))
    compare = draw.choice((None, "previous", "year")) if filters.since else None

    def ask(desk: Desk) -> Any:
        found = desk.with_filters(filters).numbers([key], [by] if by else [], grain, compare)
        return [number.record() for number in found]

    return Asked(f"{key} by {by} {grain} {compare} {filters}", ask)


def _filters(here: Desk, draw: random.Random) -> Filters:
    last = here.warehouse.as_of.date()
    since = last - dt.timedelta(days=draw.randint(40, 400))
    until = min(last, since + dt.timedelta(days=draw.choice((1, 30, 90, 365))))
    past = dt.datetime.combine(until + dt.timedelta(days=draw.randint(0, 30)), dt.time(9, 30))
    chosen = {"channel": draw.sample(["phone", "email", "chat", "web"], 2), "kind": ["complaint"], "team": ["first"]}
    filters = Filters(since, until, past if draw.random() < 0.4 and past < here.warehouse.as_of else None)
    filters = replace(filters, clock=draw.choice(("calendar", "business")))
    for name in draw.sample(sorted(chosen), draw.randint(0, 2)):
        filters = filters.choose(name, *chosen[name])
    return filters


def _tables(desk: Desk, study: str) -> Any:
    found = desk.study(study)
    return [dict(found.facts), *(dict(row, table=name) for name, rows in found.tables.items() for row in rows)]


def main(directory: Path, share: float, engine: Path) -> int:
    """Compare and print what differs, and how long each side took."""
    began = time.perf_counter()
    here, there = both(directory, engine)
    print(f"published in {time.perf_counter() - began:.1f} s", flush=True)
    draw, wrong, asked = random.Random(7), 0, 0
    for question in questions(here, draw):
        if draw.random() >= share:
            continue
        asked += 1
        if said := question.differs(here, there):
            wrong += 1
            print(said[:1500], flush=True)
    print(f"{asked} asked, {wrong} differ")
    return min(wrong, 1)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as engine:
        sys.exit(main(Path(sys.argv[1]), float(sys.argv[2]) if sys.argv[2:] else 1.0, Path(engine)))
