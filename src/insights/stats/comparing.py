"""Fair comparisons: strata held equal, funnels instead of league tables, many questions, samples that suffice."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log, sqrt

from insights.stats.intervals import Z

Cells = Sequence[tuple[int, int, int, int]]
"""Per stratum (hits, n) of those with the trait and (hits, n) of those without."""


@dataclass(frozen=True)
class Difference:
    """A difference of two shares with its interval, and how many cases of either side were compared."""

    value: float
    low: float
    high: float
    n_with: int
    n_without: int

    @property
    def real(self) -> bool:
        """Tell whether the interval leaves zero out."""
        return self.low > 0 or self.high < 0


def standardised(cells: Cells) -> Difference | None:
    """Return the difference of shares at an equal mix of strata (weights: the cases with the trait and without).

    A stratum with one side empty cannot be compared and is left out: `overlap` says how many cases that is.
    """
    usable = [c for c in cells if c[1] and c[3]]
    total = sum(c[1] + c[3] for c in usable)
    if not total:
        return None
    weights = [(n + m) / total for _, n, _, m in usable]
    value = sum(w * (hits / n - others / m) for w, (hits, n, others, m) in zip(weights, usable, strict=True))
    sides = [(c[0], c[1]) for c in usable], [(c[2], c[3]) for c in usable]
    half = Z * sqrt(sum(variance(side, weights) for side in sides))
    n_with, n_without = (sum(n for _, n in side) for side in sides)
    return Difference(value, max(-1.0, value - half), min(1.0, value + half), n_with, n_without)


def variance(side: Sequence[tuple[int, int]], weights: Sequence[float]) -> float:
    """Return the variance of a weighted share of strata, the larger of two readings.

    A share of 0 or 1 of few cases has no zero variance: half a case is added to either side. Where strata hold a few
    cases each, that is too little: there the unbiased one counts, with everybody's where a stratum holds one.
    """
    overall = sum(hits for hits, _ in side) / sum(n for _, n in side)
    added = unbiased = 0.0
    for (hits, n), weight in zip(side, weights, strict=True):
        p = (hits + 0.5) / (n + 1)
        added += weight**2 * p * (1 - p) / n
        own = hits * (n - hits) / (n * n * (n - 1)) if n > 1 else overall * (1 - overall)
        unbiased += weight**2 * own
    return max(added, unbiased)


def overlap(cells: Cells) -> float | None:
    """Return the share of cases in strata where both sides occur; None without cases."""
    total = sum(c[1] + c[3] for c in cells)
    return sum(c[1] + c[3] for c in cells if c[1] and c[3]) / total if total else None


def cases_needed(share: float, difference: float, power: float = 0.8) -> int | None:
    """Return how many cases a side needs to tell a difference from chance; None when there is none to tell."""
    from scipy.special import ndtri

    other = min(max(share - difference, 0.0), 1.0)
    if not difference or share == other:
        return None
    spread = share * (1 - share) + other * (1 - other)
    return ceil((Z + float(ndtri(power))) ** 2 * spread / (share - other) ** 2)


def e_value(ratio: float) -> float:
    """Return how strongly an unmeasured trait would have to go with both sides to explain a ratio (VanderWeele)."""
    above = ratio if ratio >= 1 else 1 / ratio
    return above + sqrt(above * (above - 1))


def shrunk(hits: Sequence[int], sizes: Sequence[int], least: int = 20) -> tuple[float, float] | None:
    """Return the (a, b) of a Beta prior by the method of moments over units of at least `least` cases.

    A unit's shrunk share is (hits + a) / (n + a + b). None when the units differ no more than chance makes them.
    """
    kept = [(h, n) for h, n in zip(hits, sizes, strict=True) if n >= least]
    if len(kept) < 3:
        return None
    total = sum(n for _, n in kept)
    mean = sum(h for h, _ in kept) / total
    if not 0 < mean < 1:
        return None
    between = sum(n * (h / n - mean) ** 2 for h, n in kept)
    k = len(kept)
    chance = (k - 1) * mean * (1 - mean)
    spread = (between - chance) / (total - sum(n * n for _, n in kept) / total)
    if spread <= 0:
        return None
    strength = mean * (1 - mean) / spread - 1
    return (mean * strength, (1 - mean) * strength) if strength > 0 else None


@dataclass(frozen=True)
class Funnel:
    """One unit against what its mix of cases lets expect: observed by expected, and whether it stands out."""

    ratio: float
    z: float
    stands_out: bool


def funnel(observed: Sequence[int], expected: Sequence[float], variance: Sequence[float]) -> list[Funnel]:
    """Return each unit's ratio and z, overdispersion allowed for, flagged at 5 % for all units together.

    `expected` and `variance` are sums over the unit's cases of p and p(1-p) of their stratum.
    """
    z = [(o - e) / sqrt(v) if v > 0 else 0.0 for o, e, v in zip(observed, expected, variance, strict=True)]
    cut = sorted(z)[len(z) // 10 : len(z) - len(z) // 10] or z
    dispersion = max(1.0, sum(x * x for x in cut) / max(1, len(cut))) if len(z) >= 10 else 1.0
    from scipy.special import ndtri

    limit = float(ndtri(1 - 0.025 / max(1, len(z)))) * sqrt(dispersion)
    return [
        Funnel(o / e if e else 1.0, x / sqrt(dispersion), abs(x) > limit)
        for o, e, x in zip(observed, expected, z, strict=True)
    ]


def benjamini_hochberg(p: Sequence[float], rate: float = 0.05) -> list[bool]:
    """Return which of many questions stand at a false discovery rate."""
    order = sorted(range(len(p)), key=lambda i: p[i])
    last = max((place for place, i in enumerate(order, 1) if p[i] <= rate * place / len(p)), default=0)
    kept = set(order[:last])
    return [i in kept for i in range(len(p))]


def ratio_mismatch(counts: Sequence[int], planned: Sequence[float]) -> float | None:
    """Return the p value that arms of these sizes came from the planned shares; below 0.001 the split was broken."""
    from scipy.special import chdtrc

    total, shares = sum(counts), sum(planned)
    if not total or len(counts) < 2 or not all(planned):
        return None
    expected = [total * share / shares for share in planned]
    chi2 = sum((c - e) ** 2 / e for c, e in zip(counts, expected, strict=True))
    return float(chdtrc(len(counts) - 1, chi2))


@dataclass(frozen=True)
class LogOdds:
    """How much more likely a word is to stand in a text of one side: log-odds ratio with a prior, and its interval."""

    value: float
    low: float
    high: float


def log_odds(count: int, total: int, other: int, other_total: int, prior: float, prior_total: float) -> LogOdds:
    """Return the log-odds of a word standing in a text of either side, shrunk by its share of both together (Monroe).

    The totals are texts, each word counted once a text, so that a side's share is binomial.
    """
    ours, theirs = count + prior, other + prior
    without, lacking = total + prior_total - ours, other_total + prior_total - theirs
    value = log(ours / without) - log(theirs / lacking)
    half = Z * sqrt(1 / ours + 1 / without + 1 / theirs + 1 / lacking)
    return LogOdds(value, value - half, value + half)
