"""Two periods asked in one statement are those asked one after the other, to the last digit, whatever is asked."""

import datetime as dt
import random
from dataclasses import replace

import pytest
import sqlalchemy as sa

from insights.asking import Desk
from insights.asking.cells import Asked, Cells, measured, sides
from insights.asking.recorder import Recorder
from insights.asking.together import of_both
from insights.errors import BadFilter, UnknownName
from insights.filters import EVERYTHING, UNKNOWN, Filters, Scope
from insights.metrics import METRICS
from insights.metrics.selects.prepared import BY_OTHERS, BY_PERIOD
from insights.sql import GRAINS
from insights.warehouse.engine.compiling import compiled
from insights.warehouse.reader import Warehouse

QUESTIONS = 40
SPRING = Filters(dt.date(2025, 4, 1), dt.date(2025, 5, 31))
BY = ("channel", "team", "priority", "category", "source", "kind", "segment", "weekday")


def asked_of(warehouse: Warehouse, dice: random.Random) -> tuple[Desk, Desk, list[str], list[str]]:
    """Return two desks and what to ask of both: periods side by side, a gap between, one or both without rows."""
    since = dt.date(2025, 2, 1) + dt.timedelta(days=dice.randrange(150))
    now = Filters(since, since + dt.timedelta(days=dice.randrange(90)), clock=dice.choice(["calendar", "business"]))
    if dice.random() < 0.15:
        now = replace(now, as_of=warehouse.as_of - dt.timedelta(days=dice.randrange(60)))
    for name in dice.sample(["channel", "team"], dice.choice([0, 1, 1, 2])):
        now = now.choose(name, dice.choice(["email", "chat", "first", UNKNOWN, "nowhere"]))
    back = (now.until or since) - since + dt.timedelta(days=1 + dice.choice([0, 0, 30, 3650]))
    before = replace(now, since=since - back, until=(now.until or since) - back)
    scope = dice.choice([EVERYTHING, EVERYTHING, Scope((("team", ("first",)),)), Scope(least=5)])
    desk, there = (Desk(warehouse, filters, scope) for filters in (now, before))
    return desk, there, dice.sample(sorted(METRICS), 4), dice.sample(BY, dice.choice([0, 0, 1, 2]))


def test_two_periods_in_one_statement_are_those_asked_alone(small: Warehouse) -> None:
    dice, compared, met = random.Random(11), 0, set[str]()
    for _ in range(QUESTIONS):
        desk, there, keys, by = asked_of(small, dice)
        grain = dice.choice([None, None, *GRAINS])
        try:
            both, rest = of_both(desk.question(keys, by, grain), there.question(keys, by, grain))
            if both is None:
                continue
            found = sides(Asked(both), desk.fetch)
        except (BadFilter, UnknownName):  # the rows of one of these do not know a dimension
            continue
        assert {m.key for m in (*both.metrics, *rest.metrics)} == set(keys)
        for own, side in zip((desk, there), found, strict=True):
            alone = replace(own.question(keys, by, grain), metrics=both.metrics)
            assert side == measured(Asked(alone), own.fetch), both
        compared += 1
        met |= seen(found) | ({"past"} if desk.filters.as_of else set())
    assert compared > QUESTIONS / 3
    assert met == {"rows on both sides", "no rows on one side", "no rows", "unknown group", "past"}


def seen(found: list[dict[str, Cells]]) -> set[str]:
    """Return what a comparison met that is easily got wrong."""
    each = [[pair for cells in side.values() for pair in cells.items()] for side in found]
    there = [any(cell.n for _, cell in side) for side in each]
    rows = "rows on both sides" if all(there) else "no rows on one side" if any(there) else "no rows"
    unknown = any(None in group and cell.n for side in each for group, cell in side)
    return {rows, "unknown group"} if unknown else {rows}


def test_periods_with_a_day_in_common_are_asked_apart(small: Warehouse) -> None:
    desk = Desk(small, Filters(dt.date(2025, 3, 1), dt.date(2025, 4, 30)), EVERYTHING)
    for since, until in (
        (dt.date(2025, 2, 1), dt.date(2025, 3, 1)),
        (dt.date(2025, 4, 30), dt.date(2025, 5, 1)),
        (dt.date(2025, 3, 1), dt.date(2025, 4, 30)),
        (dt.date(2025, 1, 1), None),
    ):
        there = desk.with_filters(Filters(since, until))
        assert of_both(desk.question(["csat"]), there.question(["csat"])) == (None, desk.question(["csat"]))
        alone = [d.numbers(["csat"])[0].value for d in (desk, there)]
        [both] = desk.against(there, ["csat"])
        assert [both.value, both.previous] == alone


@pytest.mark.parametrize(
    ("filters", "scope"),
    [
        (SPRING, EVERYTHING),
        (replace(SPRING, as_of=dt.datetime(2025, 6, 15, 12)), EVERYTHING),
        (SPRING.choose("channel", "nowhere"), EVERYTHING),
        (Filters(dt.date(2014, 4, 1), dt.date(2014, 5, 31)), EVERYTHING),
        (SPRING, Scope((("team", ("first",)),), least=5)),
    ],
    ids=["as it stands", "past", "no rows", "no rows in time", "few seen"],
)
def test_a_comparison_asks_less_and_says_the_same(
    small: Warehouse, monkeypatch: pytest.MonkeyPatch, filters: Filters, scope: Scope
) -> None:
    desk = Desk(small, filters, scope)
    keys = ["csat", "sla_compliance", "frt_p50", "frt_p90", "created", "backlog", "nps", "orders"]
    told: dict[bool, object] = {}
    for together in (True, False):
        if not together:
            monkeypatch.setattr(Desk, "know", lambda *_: None)
        with_nothing_known = replace(desk, warehouse=replace(small, remembered=type(small.remembered)()))
        told[together] = with_nothing_known.numbers(keys, compare="previous")
    assert told[True] == told[False]


@pytest.mark.parametrize("key", METRICS)
def test_rows_that_depend_on_the_period_are_said_to(small: Warehouse, key: str) -> None:
    of, spring = METRICS[key], Desk(small, Filters(dt.date(2025, 3, 1), dt.date(2025, 4, 30)), EVERYTHING)
    autumn = spring.with_filters(Filters(dt.date(2025, 9, 1), dt.date(2025, 10, 31)))
    texts = set()
    for desk in (spring, autumn):
        context = desk.context()
        rows = of.base.rows(context)
        texts.add(repr(compiled(sa.select(*rows.c, of.counted(rows, context).label("counted")))))
    assert (len(texts) > 1) <= (of.base.stock or of.base.name in BY_PERIOD | BY_OTHERS)


@pytest.mark.parametrize(
    "key", ["advocates", "agents", "forgotten", "loyalty", "overcontacted", "raters", "speed_to_kept"]
)
def test_statements_asked_as_one_say_what_each_says_alone(small: Warehouse, key: str) -> None:
    found, alone = (kind(small, SPRING, EVERYTHING).study(key) for kind in (Desk, Recorder))
    assert found == alone
