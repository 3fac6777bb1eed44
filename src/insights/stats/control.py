"""Control limits: when a change is more than the usual noise (XmR for single values, p for shares)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log, sqrt

MEAN_RANGE = 1.128
"""Expected moving range of two in standard deviations."""


@dataclass(frozen=True)
class Limits:
    """Centre and limits, one of each per point, and the points (from 0) that signal with the number of the rule."""

    centre: float
    low: tuple[float, ...]
    high: tuple[float, ...]
    signals: tuple[tuple[int, int], ...]
    range_centre: float | None = None
    range_high: float | None = None


def xmr(values: Sequence[float], baseline: int | None = None) -> Limits:
    """Return the limits of single values from the moving range of the first `baseline` (default all) points."""
    base = list(values[: baseline or len(values)])
    if len(base) < 2:
        raise ValueError("an XmR chart needs two points")
    centre = sum(base) / len(base)
    ranges = [abs(b - a) for a, b in pairwise(base)]
    mean_range = sum(ranges) / len(ranges)
    half = 3 * mean_range / MEAN_RANGE
    n = len(values)
    low, high = (centre - half,) * n, (centre + half,) * n
    return Limits(centre, low, high, signals(values, [centre] * n, [half / 3] * n), mean_range, 3.268 * mean_range)


def p_chart(hits: Sequence[int], sizes: Sequence[int], baseline: int | None = None) -> Limits:
    """Return the limits of shares with their own sample sizes, clipped to 0-1."""
    first = baseline or len(hits)
    total = sum(sizes[:first])
    if total <= 0:
        raise ValueError("a p chart needs cases")
    centre = sum(hits[:first]) / total
    sigmas = [sqrt(centre * (1 - centre) / n) if n else 0.0 for n in sizes]
    shares = [h / n if n else centre for h, n in zip(hits, sizes, strict=True)]
    low = tuple(max(0.0, centre - 3 * s) for s in sigmas)
    high = tuple(min(1.0, centre + 3 * s) for s in sigmas)
    return Limits(centre, low, high, signals(shares, [centre] * len(shares), sigmas))


def laney(hits: Sequence[int], sizes: Sequence[int], baseline: int) -> Limits:
    """Return the limits of shares that vary more than their sizes alone make them (Laney's p')."""
    plain = p_chart(hits, sizes, baseline)
    sigmas = [sqrt(plain.centre * (1 - plain.centre) / n) if n else 0.0 for n in sizes]
    shares = [h / n if n else plain.centre for h, n in zip(hits, sizes, strict=True)]
    z = [(p - plain.centre) / s for p, s in zip(shares[:baseline], sigmas[:baseline], strict=True) if s]
    wider = max(1.0, sum(abs(b - a) for a, b in pairwise(z)) / max(1, len(z) - 1) / MEAN_RANGE)
    sigmas = [s * wider for s in sigmas]
    low = tuple(max(0.0, plain.centre - 3 * s) for s in sigmas)
    high = tuple(min(1.0, plain.centre + 3 * s) for s in sigmas)
    return Limits(plain.centre, low, high, signals(shares, [plain.centre] * len(shares), sigmas))


def logarithmic(values: Sequence[float], baseline: int) -> Limits:
    """Return the limits of durations and amounts: their logarithms vary evenly."""
    found = xmr([log(v) for v in values], baseline)
    low, high = (tuple(exp(end) for end in side) for side in (found.low, found.high))
    return Limits(exp(found.centre), low, high, found.signals)


def signals(values: Sequence[float], centres: Sequence[float], sigmas: Sequence[float]) -> tuple[tuple[int, int], ...]:
    """Return (point, rule): 1 beyond three sigma, 2 eight on one side, 3 two of three beyond two sigma on one side."""
    z = [(v - c) / s if s else 0.0 for v, c, s in zip(values, centres, sigmas, strict=True)]
    found = []
    for i, here in enumerate(z):
        side = 1 if here > 0 else -1
        if abs(here) > 3:
            found.append((i, 1))
        elif i >= 7 and all(x * side > 0 for x in z[i - 7 : i + 1]):
            found.append((i, 2))
        elif here * side > 2 and sum(x * side > 2 for x in z[max(0, i - 2) : i + 1]) >= 2:
            found.append((i, 3))
    return tuple(found)
