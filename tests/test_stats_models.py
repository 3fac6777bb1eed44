"""BG/NBD and Gamma-Gamma against the published fits of CDNOW, Cox against Freireich's trial and by brute force."""

import gzip
import math
import random
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from insights.stats import hazards, repurchase, spend
from insights.stats.lifetime import grouped, held_against

CDNOW = Path(__file__).parents[2] / "shared" / "data" / "cdnow" / "CDNOW_sample.txt.gz"
END = date(1997, 9, 30)


def summary() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return (x, recency, age, mean spend) in weeks per customer, from the transactions of the first 39 weeks."""
    bought: dict[str, dict[date, float]] = defaultdict(lambda: defaultdict(float))
    for line in gzip.decompress(CDNOW.read_bytes()).decode().splitlines():
        _, customer, day, _, amount = line.split()
        when = date(int(day[:4]), int(day[4:6]), int(day[6:]))
        if when <= END:
            bought[customer][when] += float(amount)
    rows = []
    for days in bought.values():
        first, *later = sorted(days)
        last = later[-1] if later else first
        mean = sum(days[d] for d in later) / len(later) if later else 0.0
        rows.append((len(later), (last - first).days / 7, (END - first).days / 7, mean))
    return tuple(np.array(column, float) for column in zip(*rows, strict=True))  # type: ignore[return-value]


@pytest.mark.skipif(not CDNOW.exists(), reason="the published customers lie beside the repository only")
def test_cdnow_as_published() -> None:
    x, recency, age, mean = summary()
    fitted = repurchase.fit(x, recency, age)
    assert fitted
    assert len(x) == 2357
    assert fitted.r == pytest.approx(0.2426, abs=5e-4)
    assert fitted.alpha == pytest.approx(4.4135, abs=5e-3)
    assert fitted.a == pytest.approx(0.7929, abs=2e-3)
    assert fitted.b == pytest.approx(2.4258, abs=1e-2)
    assert fitted.log_likelihood == pytest.approx(-9582.43, abs=0.01)
    one = (np.array([2.0]), np.array([30.43]), np.array([38.86]))
    assert fitted.expected(39, *one)[0] == pytest.approx(1.226, abs=1e-3)
    money = spend.fit(x, mean)
    assert money
    assert (money.p, money.q, money.gamma) == pytest.approx((6.249, 3.745, 15.448), rel=2e-3)
    assert money.expected(np.array([2.0]), np.array([22.35]))[0] == pytest.approx(24.66, abs=0.02)
    assert spend.independence(x, mean) == pytest.approx(0.11, abs=0.01)


def simulated(n: int, seed: int) -> tuple[np.ndarray, ...]:
    draw = np.random.default_rng(seed)
    age = draw.uniform(20, 60, n)
    rate, drop = draw.gamma(0.6, 1 / 5.0, n), draw.beta(0.9, 2.5, n)
    x, last = np.zeros(n), np.zeros(n)
    for i in range(n):
        t = 0.0
        while (t := t + draw.exponential(1 / max(rate[i], 1e-9))) < age[i]:
            x[i], last[i] = x[i] + 1, t
            if draw.random() < drop[i]:
                break
    return x, last, age


def test_what_was_put_in_comes_out_and_rows_may_be_grouped() -> None:
    x, recency, age = simulated(6000, 3)
    fitted = repurchase.fit(x, recency, age)
    assert fitted
    errors = np.sqrt(np.diag(fitted.covariance))
    off = np.abs(np.log(fitted.parameters) - np.log([0.6, 5.0, 0.9, 2.5])) / errors
    assert (off < 3).all()
    twice = repurchase.fit(np.concatenate([x, x]), np.concatenate([recency, recency]), np.concatenate([age, age]))
    weighted = repurchase.fit(x, recency, age, np.full(len(x), 2.0))
    assert twice
    assert weighted
    assert weighted.parameters == pytest.approx(twice.parameters, rel=1e-3)
    assert weighted.log_likelihood == pytest.approx(2 * fitted.log_likelihood, rel=1e-6)


def test_equal_rows_are_counted_once_whatever_is_in_their_columns() -> None:
    draw = np.random.default_rng(2)
    columns = (draw.integers(0, 3, 500) * 1.0, draw.integers(0, 4, 500) / 7, draw.integers(0, 2, 500) * -1e9)
    rows, counts = grouped(*columns)
    held = Counter(zip(*(column.tolist() for column in columns), strict=True))
    assert dict(zip(map(tuple, rows.tolist()), counts.tolist(), strict=True)) == held


def test_how_much_of_what_was_expected_came_is_covered_by_its_interval() -> None:
    draw, covered = np.random.default_rng(6), 0
    for _ in range(400):
        rate = draw.gamma(0.8, 2.0, 600)
        came, low, high = held_against(rate, draw.poisson(rate * draw.gamma(20, 0.7 / 20, 600)).astype(float))
        assert low <= came <= high
        covered += low <= 0.7 <= high
    assert 0.92 <= covered / 400 <= 0.98


def test_expectations_are_probabilities_and_grow() -> None:
    x, recency, age = simulated(800, 4)
    fitted = repurchase.fit(x, recency, age)
    assert fitted
    alive = fitted.alive(x, recency, age)
    assert ((alive >= 0) & (alive <= 1)).all()
    assert (alive[x == 0] == 1).all()
    soon, late = fitted.expected(4, x, recency, age), fitted.expected(40, x, recency, age)
    assert (late >= soon).all()
    assert (soon >= 0).all()
    grown = fitted.expected_new(np.array([1.0, 10.0, 50.0]))
    assert (np.diff(grown) > 0).all()
    assert repurchase.fit(np.zeros(10), np.zeros(10), np.full(10, 9.0)) is None


DRUG = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"


def test_freireichs_trial() -> None:
    cases = [(w, 0.0) for w in DRUG.split()] + [(w, 1.0) for w in PLACEBO.split()]
    random.Random(2).shuffle(cases)
    time, event = [float(w.rstrip("+")) for w, _ in cases], [not w.endswith("+") for w, _ in cases]
    fitted = hazards.cox(time, event, [[g] for _, g in cases])
    assert fitted
    assert fitted.log_ratio[0] == pytest.approx(1.572, abs=5e-4)
    assert fitted.error[0] == pytest.approx(0.412, abs=5e-4)
    assert fitted.events == 30


def brute(time: list[float], event: list[bool], z: list[float], stratum: list[int], beta: float) -> float:
    """Efron's log partial likelihood, one tied event after the other."""
    total = 0.0
    for name in set(stratum):
        here = [i for i in range(len(time)) if stratum[i] == name]
        for at in {time[i] for i in here if event[i]}:
            died = [i for i in here if time[i] == at and event[i]]
            risk = sum(math.exp(beta * z[i]) for i in here if time[i] >= at)
            tied = sum(math.exp(beta * z[i]) for i in died)
            total += sum(beta * z[i] for i in died)
            total -= sum(math.log(risk - k / len(died) * tied) for k in range(len(died)))
    return total


def test_the_stratified_fit_is_the_maximum_found_by_looking() -> None:
    draw = random.Random(5)
    z = [draw.choice([0.0, 1.0]) for _ in range(120)]
    stratum = [draw.randrange(3) for _ in z]
    time = [float(draw.randrange(1, 15) + 3 * s) for s in stratum]
    event = [draw.random() < 0.7 for _ in z]
    fitted = hazards.cox(time, event, [[v] for v in z], stratum)
    assert fitted
    grid = [i / 1000 for i in range(-2000, 2001)]
    best = max(grid, key=lambda beta: brute(time, event, z, stratum, beta))
    assert fitted.log_ratio[0] == pytest.approx(best, abs=1e-3)
    step = 1e-3
    sides = [brute(time, event, z, stratum, fitted.log_ratio[0] + d) for d in (-step, 0, step)]
    assert fitted.error[0] == pytest.approx((-(sides[0] - 2 * sides[1] + sides[2]) / step**2) ** -0.5, rel=1e-3)
    assert hazards.cox([1, 2], [False, False], [[0], [1]]) is None
    assert hazards.cox([1, 2, 3], [True, True, False], [[1], [1], [0]]) is None, "no finite maximum"
