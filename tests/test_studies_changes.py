"""Why a number moved and what is worth saying: parts against a count by hand, and silence where nothing happened."""

import datetime as dt
import random
from collections import defaultdict

import pytest

from insights.asking import Desk
from insights.errors import BadFilter
from insights.filters import EVERYTHING, Filters
from insights.metrics import Number
from insights.stats.control import xmr
from insights.studies.changes.control import restarted
from insights.studies.changes.parts import Both
from insights.studies.changes.story import Seen
from insights.warehouse.reader import Warehouse

SPRING = Filters(dt.date(2025, 3, 5), dt.date(2025, 5, 20))


@pytest.mark.parametrize("key", ["csat", "created", "resolution_rate", "revenue", "nps", "csat_avg"])
@pytest.mark.parametrize("by", ["segment", "region"])
def test_the_parts_add_up_to_the_change_of_the_number(small: Warehouse, key: str, by: str) -> None:
    desk = Desk(small, SPRING, EVERYTHING)
    found = desk.study("change_parts", metric=key, by=by)
    now, before = desk.one(key).value, desk.before().one(key).value
    assert now is not None
    assert before is not None
    assert sum(row["total"] for row in found.rows) == pytest.approx(now - before, abs=1e-9)
    assert found.facts["change"] == pytest.approx(now - before)


def test_a_part_is_what_counting_by_hand_gives(small: Warehouse) -> None:
    desk = Desk(small, SPRING, EVERYTHING)
    shares: list[dict[str | None, list[float]]] = []
    for one in (desk.before(), desk):
        groups: dict[str | None, list[float]] = defaultdict(list)
        for row in one.rows("csat"):
            groups[row["channel"]].append(float(row["value"]))
        shares.append(groups)
    n0, n1 = (sum(map(len, side.values())) for side in shares)
    rate0, rate1 = (sum(map(sum, side.values())) / n for side, n in zip(shares, (n0, n1), strict=True))
    for row in desk.study("change_parts", metric="csat", by="channel").rows:
        then, now = (side.get(row["member"], []) for side in shares)
        if then and now:
            r0, r1, w0, w1 = sum(then) / len(then), sum(now) / len(now), len(then) / n0, len(now) / n1
            assert row["own"] == pytest.approx((w0 + w1) / 2 * (r1 - r0))
            assert row["mix"] == pytest.approx(((r0 + r1) / 2 - (rate0 + rate1) / 2) * (w1 - w0))


def test_a_median_is_taken_without_each_member(small: Warehouse) -> None:
    desk = Desk(small, SPRING, EVERYTHING)
    rows = desk.study("change_parts", metric="frt_p50", by="channel").rows
    change = desk.one("frt_p50", compare="previous").change
    assert change is not None
    first = rows[0]
    names = [str(n.member("channel")) for n in desk.numbers(["frt_p50"], by=["channel"])]
    sides = [one.narrow("channel", *(n for n in names if n != first["member"])) for one in (desk, desk.before())]
    now, before = (one.one("frt_p50").value for one in sides)
    assert now is not None
    assert before is not None
    assert first["total"] == pytest.approx(change - (now - before))
    assert first["low"] is None


def test_a_dimension_the_number_does_not_know_is_refused_and_an_open_period_has_no_change(small: Warehouse) -> None:
    with pytest.raises(BadFilter):
        Desk(small, SPRING, EVERYTHING).study("change_parts", metric="revenue", by="channel")
    assert Desk(small, Filters(), EVERYTHING).study("change_parts").rows == ()


def seen(draw: random.Random, *, cause: bool = False) -> Seen:
    """Return two periods of the same desk, cut at random; with a cause, one topic doubles and its customers suffer."""
    sizes = {"topic": 12, "team": 5, "channel": 6, "region": 7}
    sides: list[dict[tuple[str, str], dict[str, tuple[int, int]]]] = []
    wholes = []
    for period in (0, 1):
        tables: dict[tuple[str, str], dict[str, tuple[int, int]]] = defaultdict(lambda: defaultdict(lambda: (0, 0)))
        hits = n = 0
        for _ in range(1500):
            where = {name: f"{name}{min(int(draw.expovariate(0.4)), size - 1)}" for name, size in sizes.items()}
            if cause and period and draw.random() < 0.25:
                where["topic"] = "topic7"
            good = draw.random() < (0.3 if cause and period and where["topic"] == "topic7" else 0.8)
            rated = draw.random() < 0.4
            hits, n = hits + (rated and good), n + rated
            for name, value in where.items():
                for key, hit, counts in (("csat", good, rated), ("created", 1, True)):
                    old = tables[key, name][value]
                    tables[key, name][value] = (old[0] + int(hit and counts), old[1] + int(counts))
        sides.append(tables)
        wholes.append((hits, n))
    both = {
        place: Both(*({m: _number(place[0], *c) for m, c in side[place].items()} for side in sides))  # type: ignore[arg-type]
        for place in sides[0]
    }
    (h0, n0), (h1, n1) = wholes
    change = h1 / n1 - h0 / n0
    half = 1.96 * (0.8 * 0.2 * (1 / n0 + 1 / n1)) ** 0.5
    whole = Number(
        metric="csat",
        unit="share",
        value=h1 / n1,
        n=n1,
        change=change,
        change_low=change - half,
        change_high=change + half,
        previous=h0 / n0,
        previous_n=n0,
    )
    return Seen(both, {"csat": whole, "created": Number(metric="created", unit="count", value=1500, n=1500)})


def _number(key: str, hits: int, n: int) -> Number:
    share = key == "csat"
    value = (hits / n if n else None) if share else float(n)
    return Number(metric=key, unit="share" if share else "count", value=value, n=n, hits=hits if share else None)


def test_where_nothing_happened_nothing_is_said() -> None:
    draw = random.Random(17)
    said = sum(bool(seen(draw).signals()) for _ in range(200))
    assert said / 200 <= 0.05


def test_a_planted_cause_is_found_every_time() -> None:
    draw = random.Random(18)
    for _ in range(5):
        first = seen(draw, cause=True).signals()[0]
        assert (first.by, first.member) == ("topic", "topic7")


def test_limits_come_from_before_the_period_and_begin_anew_at_a_note(small: Warehouse) -> None:
    spring = Filters(dt.date(2025, 5, 26), dt.date(2025, 6, 15))
    found = Desk(small, spring, EVERYTHING).study("control", metric="created")
    weeks = [n for n in Desk(small, Filters(), EVERYTHING).values(["created"], grain="week") if n.complete]
    before = [float(n.value or 0) for n in weeks if n.period and n.period < dt.date(2025, 5, 26)]
    expected = xmr(before)
    assert found.facts["baseline"] == len(before) >= 20
    assert found.rows
    for row in found.rows:
        assert row["control_low"] == pytest.approx(expected.low[0])
        assert row["control_high"] == pytest.approx(expected.high[0])
        assert (row["signal"] == 1) == (abs(row["value"] - expected.centre) > expected.high[0] - expected.centre)
    assert restarted([dt.date(2025, 1, d) for d in range(1, 31)], [dt.date(2025, 1, 5)], 28) == 4
    assert restarted([dt.date(2025, 1, d) for d in range(1, 31)], [dt.date(2025, 1, 20)], 28) == 0


def test_a_number_that_still_grows_gets_no_limits(small: Warehouse) -> None:
    assert Desk(small, SPRING, EVERYTHING).study("control", metric="resolution_rate").sentence == "growing"
