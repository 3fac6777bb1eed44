"""Kaplan–Meier and log-rank against Freireich's leukaemia data and against a step-by-step computation."""

import math
import random

import numpy as np
import pytest

from insights.stats.survival import kaplan_meier, log_rank

DRUG = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"


def cases(of: str) -> list[tuple[float, bool]]:
    return [(float(word.rstrip("+")), not word.endswith("+")) for word in of.split()]


def counted(listed: list[tuple[float, bool]]) -> tuple[list[float], list[int], list[int]]:
    times = sorted({t for t, _ in listed})
    return times, [listed.count((t, True)) for t in times], [listed.count((t, False)) for t in times]


def test_freireichs_curve_and_medians() -> None:
    drug, placebo = kaplan_meier(*counted(cases(DRUG))), kaplan_meier(*counted(cases(PLACEBO)))
    assert (drug.time[0], drug.at_risk[0]) == (6, 21)
    assert drug.share[0] == pytest.approx(0.857, abs=5e-4)
    assert drug.error[0] == pytest.approx(0.0764, abs=5e-5)
    assert (drug.quantile(), placebo.quantile()) == (23, 8)
    assert kaplan_meier([1, 2], [1, 0], [3, 2]).quantile() is None


def test_freireichs_log_rank() -> None:
    both = [(t, e, True) for t, e in cases(DRUG)] + [(t, e, False) for t, e in cases(PLACEBO)]
    random.Random(1).shuffle(both)
    found = log_rank([b[0] for b in both], [b[1] for b in both], [b[2] for b in both])
    assert found.chi2 == pytest.approx(16.79, abs=5e-3)
    assert found.p < 1e-4


def test_the_curve_is_the_product_taken_step_by_step() -> None:
    draw = random.Random(4)
    listed = [(float(draw.randrange(1, 30)), draw.random() < 0.6) for _ in range(300)]
    curve = kaplan_meier(*counted(listed))
    share, sum_ = 1.0, 0.0
    for place, t in enumerate(curve.time):
        n = sum(at >= t for at, _ in listed)
        d = listed.count((t, True))
        share *= 1 - d / n
        sum_ += d / (n * (n - d)) if n > d else 0
        assert (curve.share[place], curve.at_risk[place]) == (pytest.approx(share), n)
        assert curve.error[place] == pytest.approx(share * math.sqrt(sum_))
        if 0 < share < 1:
            width = 1.959964 * math.sqrt(sum_) / abs(math.log(share))
            assert (curve.low[place], curve.high[place]) == pytest.approx(
                (share ** math.exp(width), share ** math.exp(-width))
            )
    assert np.all(np.diff(curve.share) <= 0)


def test_stratified_log_rank_adds_up_the_strata() -> None:
    draw = random.Random(9)
    listed = [
        (draw.expovariate(0.1 if s else 0.3), draw.random() < 0.7, draw.random() < (0.8 if s else 0.2), s)
        for s in (draw.random() < 0.5 for _ in range(600))
    ]
    surplus = variance = 0.0
    for stratum in (True, False):
        here = [c for c in listed if c[3] is stratum]
        for t in sorted({c[0] for c in here if c[1]}):
            at_risk = [c for c in here if c[0] >= t]
            n, n1 = len(at_risk), sum(c[2] for c in at_risk)
            d, d1 = sum(c[0] == t and c[1] for c in here), sum(c[0] == t and c[1] and c[2] for c in here)
            surplus += d1 - d * n1 / n
            variance += d * n1 / n * (1 - n1 / n) * (n - d) / (n - 1) if n > 1 else 0
    found = log_rank(*([c[i] for c in listed] for i in range(4)))
    assert found.chi2 == pytest.approx(surplus**2 / variance)


def test_without_events_nothing_differs() -> None:
    assert log_rank([1, 2], [False, False], [True, False]).chi2 == 0
