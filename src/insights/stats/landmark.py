"""What a fast answer goes together with: shares at an equal mix of cases, what may be said of them, what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from insights.stats.comparing import Cells, Difference, variance
from insights.stats.intervals import Z, difference, wilson

LEAST_CASES = 30
"""Fewer on either side say nothing."""
LEAST_OVERLAP = 0.5
"""Share of cases that must have somebody to be compared with."""
WORTH = 0.05
"""The smallest difference of shares worth knowing: samples are measured by it."""
_POWER = 0.8416212335729143
"""80 % point of the normal distribution."""


def naive(cells: Cells) -> Difference | None:
    """Return the difference of shares as they stand, strata ignored (Newcombe's interval)."""
    hits, n, others, m = (sum(cell[place] for cell in cells) for place in range(4))
    one, other = wilson(hits, n), wilson(others, m)
    if one is None or other is None:
        return None
    low, high = difference(hits / n, one, others / m, other)
    return Difference(hits / n - others / m, low, high, n, m)


def shares(cells: Cells) -> tuple[float, float] | None:
    """Return the shares of both sides at the mix of strata that `standardised` compares at."""
    usable = [c for c in cells if c[1] and c[3]]
    total = sum(c[1] + c[3] for c in usable)
    if not total:
        return None
    weights = [(c[1] + c[3]) / total for c in usable]
    return (
        sum(w * c[0] / c[1] for w, c in zip(weights, usable, strict=True)),
        sum(w * c[2] / c[3] for w, c in zip(weights, usable, strict=True)),
    )


def at_mix(counts: Sequence[tuple[int, int]], sizes: Sequence[int]) -> tuple[float, float, float] | None:
    """Return a share with its interval at a mix of strata: (hits, n) of the cases, and how many each stratum weighs."""
    usable = [(hits, n, size) for (hits, n), size in zip(counts, sizes, strict=True) if n]
    total = sum(size for _, _, size in usable)
    if not total:
        return None
    weights = [size / total for _, _, size in usable]
    share = sum(w * hits / n for w, (hits, n, _) in zip(weights, usable, strict=True))
    half = Z * sqrt(variance([(hits, n) for hits, n, _ in usable], weights))
    return share, max(0.0, share - half), min(1.0, share + half)


def more_needed(found: Difference, worth: float = WORTH) -> int:
    """Return how many more such cases would show a difference worth knowing in four of five tries; 0 when enough."""
    error, needed = (found.high - found.low) / (2 * Z), worth / (Z + _POWER)
    n = found.n_with + found.n_without
    return max(0, ceil(n * ((error / needed) ** 2 - 1)))


@dataclass(frozen=True)
class Read:
    """What was compared: the adjusted difference, the same one before anything happened, and the overlap."""

    adjusted: Difference | None
    before: Difference | None
    overlap: float | None

    @property
    def verdict(self) -> str:
        """Return what may be said: together, less, none, few, apart or differed_before."""
        found = self.adjusted
        if found is None or min(found.n_with, found.n_without) < LEAST_CASES:
            return "few"
        if (self.overlap or 0) < LEAST_OVERLAP:
            return "apart"
        if not found.real:
            return "few" if more_needed(found) else "none"
        if self.before and self.before.real and (self.before.value > 0) == (found.value > 0):
            return "differed_before"
        return "together" if found.value > 0 else "less"
