"""Intervals against the literature's numbers, and their properties on random input."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.stats import intervals


@st.composite
def shares(draw: st.DrawFn) -> tuple[int, int]:
    n = draw(st.integers(1, 100_000))
    return draw(st.integers(0, n)), n


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(0, 20, 0, 0.161125), (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_newcombes_table(hits: int, n: int, low: float, high: float) -> None:
    assert intervals.wilson(hits, n) == pytest.approx((low, high), abs=6e-5)


@given(shares())
def test_wilson_lies_in_the_unit_interval_around_the_share(share: tuple[int, int]) -> None:
    low, high = intervals.wilson(*share) or (math.nan, math.nan)
    assert 0 <= low <= share[0] / share[1] <= high <= 1


def test_nothing_counted_has_no_interval() -> None:
    assert intervals.wilson(0, 0) is None
    assert intervals.nps_interval(0, 0, 0) is None
    assert intervals.mean_interval(1.0, None, 1) is None
    assert intervals.newcombe(1, 2, 0, 0) is None
    assert intervals.nps_difference((1, 0, 1), (0, 0, 0)) is None


def test_newcombe_gives_the_published_difference() -> None:
    assert intervals.newcombe(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=5e-5)


@given(shares(), shares())
def test_the_difference_contains_itself_and_turns_around(a: tuple[int, int], b: tuple[int, int]) -> None:
    low, high = intervals.newcombe(*a, *b) or (math.nan, math.nan)
    change = a[0] / a[1] - b[0] / b[1]
    assert -1 - 1e-9 <= low <= change + 1e-12
    assert change - 1e-12 <= high <= 1 + 1e-9
    assert intervals.newcombe(*b, *a) == pytest.approx((-high, -low), abs=1e-12)


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_nps_stays_between_its_bounds(promoters: int, passives: int, detractors: int) -> None:
    n = promoters + passives + detractors
    found = intervals.nps_interval(promoters, detractors, n)
    if n:
        low, high = found or (math.nan, math.nan)
        assert -100 <= low < high <= 100


def test_all_promoters_still_have_a_width() -> None:
    low, high = intervals.nps_interval(20, 0, 20) or (math.nan, math.nan)
    assert low < 80
    assert high == 100


def test_nps_change_adds_both_variances() -> None:
    low, high = intervals.nps_difference((60, 20, 100), (50, 30, 100)) or (math.nan, math.nan)

    def side(p: int, d: int, n: int) -> tuple[float, float]:
        p_, d_ = (p + 0.75) / (n + 3), (d + 0.75) / (n + 3)
        return p_ - d_, (p_ + d_ - (p_ - d_) ** 2) / (n + 3)

    (a, va), (b, vb) = side(60, 20, 100), side(50, 30, 100)
    assert (low, high) == pytest.approx(
        (100 * (a - b - 1.959964 * math.sqrt(va + vb)), 100 * (a - b + 1.959964 * math.sqrt(va + vb)))
    )


def test_mean_interval_is_students() -> None:
    # 2.262 is the 97.5 % point of t with 9 degrees of freedom.
    assert intervals.mean_interval(5.0, 4.0, 10) == pytest.approx(
        (5 - 2.26216 * 2 / 10**0.5, 5 + 2.26216 * 2 / 10**0.5), rel=1e-5
    )


@pytest.mark.parametrize(("n", "ranks"), [(5, None), (6, (1, 6)), (10, (2, 9)), (20, (6, 15)), (100, (40, 61))])
def test_median_ranks_are_the_tabulated_ones(n: int, ranks: tuple[int, int] | None) -> None:
    assert intervals.quantile_ranks(n, 0.5) == ranks


@given(st.integers(1, 400), st.sampled_from([0.5, 0.9]))
def test_quantile_ranks_are_the_tightest_that_cover(n: int, q: float) -> None:
    exactly = [math.comb(n, i) * q**i * (1 - q) ** (n - i) for i in range(n + 1)]
    fewer = [math.fsum(exactly[:r]) for r in range(n + 1)]
    lows = [r for r in range(1, n + 1) if fewer[r] <= 0.025 + 1e-12]
    highs = [r for r in range(1, n + 1) if 1 - fewer[r] <= 0.025 + 1e-12]
    assert intervals.quantile_ranks(n, q) == ((max(lows), min(highs)) if lows and highs else None)


def test_median_interval_covers_as_often_as_it_says() -> None:
    draw = np.random.default_rng(5)
    low, high = intervals.quantile_ranks(25, 0.5) or (0, 0)
    ordered = np.sort(draw.exponential(size=(4000, 25)), axis=1)
    covered = (ordered[:, low - 1] <= math.log(2)) & (math.log(2) <= ordered[:, high - 1])
    assert covered.mean() > 0.94
