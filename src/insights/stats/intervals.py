"""95 % intervals: shares, Net Promoter Scores, means, quantiles and their differences."""

from math import ceil, floor, sqrt

Interval = tuple[float, float]
Z = 1.959963984540054
"""97.5 % point of the normal distribution."""


def wilson(hits: int, n: int) -> Interval | None:
    """Return Wilson's interval of a share (Newcombe 1998); None when n is 0."""
    if n <= 0:
        return None
    p, z2 = hits / n, Z * Z
    centre = p + z2 / (2 * n)
    half = Z * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    low, high = (centre - half) / (1 + z2 / n), (centre + half) / (1 + z2 / n)
    # Rounding must not push a share of 0 or 1 outside its own interval.
    return max(0.0, min(low, p)), min(1.0, max(high, p))


def nps_variance(promoters: int, detractors: int, n: int) -> tuple[float, float]:
    """Return (centre, variance) of the adjusted Wald method on the scale -1..1 (Rocks 2016)."""
    size, up, down = n + 3, promoters + 0.75, detractors + 0.75
    centre = (up - down) / size
    return centre, (up / size + down / size - centre * centre) / size


def nps_interval(promoters: int, detractors: int, n: int) -> Interval | None:
    """Return the adjusted Wald interval of a Net Promoter Score, clipped to -100..100; None when n is 0.

    The method moves its centre towards 0: with few answers the interval is widened to hold the score itself.
    """
    if n <= 0:
        return None
    centre, variance = nps_variance(promoters, detractors, n)
    half = Z * sqrt(variance)
    score = 100 * (promoters - detractors) / n
    return max(-100.0, min(100 * (centre - half), score)), min(100.0, max(100 * (centre + half), score))


def mean_interval(mean: float, variance: float | None, n: int) -> Interval | None:
    """Return the t interval of a mean from its sample variance; None below two cases."""
    if n < 2 or variance is None:
        return None
    from scipy.special import stdtrit

    half = float(stdtrit(n - 1, 0.975)) * sqrt(max(variance, 0.0) / n)
    return mean - half, mean + half


def quantile_ranks(n: int, q: float) -> tuple[int, int] | None:
    """Return the ranks (from 1) of the order statistics that enclose the q-quantile with at least 95 %.

    Exact binomial: at most 2.5 % lie outside on either side. None when n is too small for it (below 6 for a median).
    """
    if n <= 0:
        return None
    from scipy.special import bdtr

    spread = Z * sqrt(n * q * (1 - q))
    low = min(max(floor(n * q - spread), 1), n)
    while low < n and bdtr(low, n, q) <= 0.025:
        low += 1
    while low >= 1 and bdtr(low - 1, n, q) > 0.025:
        low -= 1
    high = min(max(ceil(n * q + spread) + 1, 1), n)
    while high > 1 and bdtr(high - 2, n, q) >= 0.975:
        high -= 1
    while high <= n and bdtr(high - 1, n, q) < 0.975:
        high += 1
    return (low, high) if low >= 1 and high <= n else None


def difference(now: float, now_interval: Interval, before: float, before_interval: Interval) -> Interval:
    """Return the interval of now - before from the two intervals (MOVER; for Wilson intervals this is Newcombe's)."""
    low = now - before - sqrt((now - now_interval[0]) ** 2 + (before_interval[1] - before) ** 2)
    high = now - before + sqrt((now_interval[1] - now) ** 2 + (before - before_interval[0]) ** 2)
    return low, high


def newcombe(hits: int, n: int, hits_before: int, n_before: int) -> Interval | None:
    """Return Newcombe's hybrid interval of the difference of two shares; None when either n is 0."""
    now, before = wilson(hits, n), wilson(hits_before, n_before)
    return difference(hits / n, now, hits_before / n_before, before) if now and before else None


def nps_difference(now: tuple[int, int, int], before: tuple[int, int, int]) -> Interval | None:
    """Return the interval of the difference of two scores given (promoters, detractors, n) of each."""
    if now[2] <= 0 or before[2] <= 0:
        return None
    (a, va), (b, vb) = nps_variance(*now), nps_variance(*before)
    half = Z * sqrt(va + vb)
    return 100 * (a - b - half), 100 * (a - b + half)
