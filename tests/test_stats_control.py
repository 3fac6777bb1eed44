"""Control limits against the NIST handbook's worked examples."""

import math
from itertools import pairwise

import pytest

from insights.stats.control import laney, logarithmic, p_chart, signals, xmr

FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
WAFERS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]


def test_single_values_get_nists_limits() -> None:
    found = xmr(FLOW)
    assert found.centre == pytest.approx(50.81)
    assert found.range_centre == pytest.approx(1.8778, abs=5e-5)
    assert (found.low[0], found.high[0]) == pytest.approx((45.8159, 55.8041), abs=1e-3)
    assert found.range_high == pytest.approx(3.268 * 1.8778, abs=1e-3)
    assert found.signals == ()


def test_shares_get_nists_limits_and_signals() -> None:
    found = p_chart(WAFERS, [50] * 30)
    assert found.centre == pytest.approx(0.2313, abs=5e-5)
    assert (found.low[0], found.high[0]) == pytest.approx((0.0524, 0.4102), abs=1e-4)
    assert [point + 1 for point, rule in found.signals if rule == 1] == [15, 23]


def test_limits_are_frozen_at_the_baseline_and_clipped() -> None:
    assert xmr([1, 2, 1, 2, 50], baseline=4).centre == 1.5
    assert xmr([1, 2, 1, 2, 50], baseline=4).signals == ((4, 1),)
    found = p_chart([0, 1], [3, 2])
    assert found.low == (0.0, 0.0)
    assert max(found.high) <= 1


def test_runs_and_clusters_signal() -> None:
    assert signals([1.0] * 8, [0] * 8, [10] * 8) == ((7, 2),)
    assert signals([2.5, 0, 2.5], [0] * 3, [1] * 3) == ((2, 3),)
    assert signals([2.5, 0, -2.5], [0] * 3, [1] * 3) == ()


def test_too_little_is_refused() -> None:
    with pytest.raises(ValueError, match="two points"):
        xmr([1.0])
    with pytest.raises(ValueError, match="cases"):
        p_chart([0], [0])


def test_shares_that_vary_more_than_their_sizes_make_them_get_wider_limits() -> None:
    calm = laney([20, 21, 19, 20, 20, 21], [100] * 6, 6)
    assert (calm.low, calm.high) == (p_chart([20, 21, 19, 20, 20, 21], [100] * 6).low, calm.high)
    hits = [10, 35, 8, 33, 12, 36]
    z = [(h / 100 - sum(hits) / 600) / (sum(hits) / 600 * (1 - sum(hits) / 600) / 100) ** 0.5 for h in hits]
    wider = sum(abs(b - a) for a, b in pairwise(z)) / 5 / 1.128
    plain, found = p_chart(hits, [100] * 6), laney(hits, [100] * 6, 6)
    assert found.high[0] - found.centre == pytest.approx(wider * (plain.high[0] - plain.centre))


def test_durations_are_limited_on_a_logarithmic_scale() -> None:
    values = [100.0, 200, 100, 200, 100, 200]
    found, plain = logarithmic(values, 6), xmr([math.log(v) for v in values])
    assert (found.low[0], found.high[0]) == pytest.approx((math.exp(plain.low[0]), math.exp(plain.high[0])))
    assert found.low[0] > 0
