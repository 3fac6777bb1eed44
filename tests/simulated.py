"""Truths made up to be found again: complaints whose answer does or does nothing, agents who are all alike.

`python tests/simulated.py 5000` tries each so many times and prints how often what is said of them is right.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np

from insights.stats.comparing import Cells, Difference, overlap, standardised
from insights.stats.landmark import Read, naive
from insights.studies.service.agents import judged

MIX, FAST, LEAVING = (0.25, 0.35, 0.4), (0.85, 0.55, 0.25), (1 / 500, 1 / 250, 1 / 120)
"""Three severities: the worst are answered fastest and leave soonest, so that speed looks harmful as it stands."""
CASES = {"none": (1.0, False), "half": (0.5, False), "late": (0.5, True)}
"""What an answer multiplies the rate of leaving by, and whether a late one does so too."""
SEED, COMPLAINTS, DAYS = 12, 1200, 180
Complaints = tuple[np.ndarray, np.ndarray, np.ndarray]
Found = tuple[Difference, Difference, str]


def drawn(draw: np.random.Generator, effect: float, *, late: bool, n: int = COMPLAINTS) -> Complaints:
    """Return (severity, answered within a day, days until leaving) of those still there after a day.

    `effect` multiplies the rate of leaving once answered in time; with `late`, once answered at all.
    """
    severity = draw.choice(3, n, p=MIX)
    rate = np.array(LEAVING)[severity]
    fast = draw.random(n) < np.array(FAST)[severity]
    answered = np.where(fast, draw.random(n), 1 + draw.exponential(20, n))
    from_then = answered if late else np.where(fast, answered, np.inf)
    before, after = draw.exponential(1 / rate), draw.exponential(1 / (rate * effect))
    left = np.where(before < from_then, before, from_then + after)
    there = left > 1
    return severity[there], fast[there], left[there] - 1


def cells_of(stratum: np.ndarray, fast: np.ndarray, kept: np.ndarray) -> Cells:
    """Return the four counts of each stratum."""
    sides = [(fast, kept), (fast, True), (~fast, kept), (~fast, True)]
    counts = [np.bincount(stratum[side & of], minlength=int(stratum.max()) + 1) for side, of in sides]
    return [tuple(map(int, cell)) for cell in zip(*counts, strict=True)]  # type: ignore[misc]


def tried(draw: np.random.Generator, case: str, runs: int, strata: int = 1) -> Iterator[Found]:
    """Yield what is found of each try: the difference among equals, as it stands, and what may be said.

    `strata` further traits that mean nothing divide the complaints, as topics and segments may.
    """
    effect, late = CASES[case]
    for _ in range(runs):
        severity, fast, left = drawn(draw, effect, late=late)
        cells = cells_of(severity * strata + draw.integers(0, strata, len(severity)), fast, left > DAYS)
        found, crude = standardised(cells), naive(cells)
        assert found
        assert crude
        yield found, crude, Read(found, None, overlap(cells)).verdict


def truth(case: str, n: int = 2_000_000) -> float:
    """Return the difference among equals of very many complaints of their own."""
    effect, late = CASES[case]
    severity, fast, left = drawn(np.random.default_rng(1), effect, late=late, n=n)
    found = standardised(cells_of(severity, fast, left > DAYS))
    assert found
    return found.value


def said(case: str, runs: int, strata: int = 1, seed: int = SEED) -> dict[str, float]:
    """Return how often the truth was covered, missed by shares as they stand, and a link was claimed."""
    true, many = truth(case), list(tried(np.random.default_rng(seed), case, runs, strata))
    return {
        "truth": true,
        "covered": sum(found.low <= true <= found.high for found, _, _ in many) / runs,
        "misled": sum(not crude.low <= true <= crude.high for _, crude, _ in many) / runs,
        "claimed": sum(verdict in ("together", "less") for _, _, verdict in many) / runs,
    }


GOOD = (0.95, 0.9, 0.8, 0.7, 0.6, 0.4)
"""Share of good answers by kind of case."""


def flagged(runs: int, seed: int = 3, agents: int = 15, answers: int = 1500) -> float:
    """Return the share of tries in which any of some agents who are all alike stands out."""
    draw = np.random.default_rng(seed)
    mix = draw.choice(len(GOOD), answers)
    good = draw.random(answers) < np.array(GOOD)[mix]
    return sum(any(r["stands_out"] for r in _shuffled(draw, mix, good, agents)) for _ in range(runs)) / runs


def _shuffled(draw: np.random.Generator, mix: np.ndarray, good: np.ndarray, agents: int) -> list[Any]:
    counts: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for a, m, g in zip(draw.choice(agents, len(mix)), mix, good, strict=True):
        counts[int(a), int(m)][0] += bool(g)
        counts[int(a), int(m)][1] += 1
    return judged([(a, m, g, n) for (a, m), (g, n) in counts.items()], 5)


if __name__ == "__main__":
    many = int(sys.argv[1])
    for case in CASES:
        for strata in (1, 10, 60):
            print(case, 3 * strata, {name: round(of, 4) for name, of in said(case, many, strata).items()}, flush=True)
    print("agents", flagged(many))
