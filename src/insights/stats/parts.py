"""Why a share or mean moved between two periods: own and mix effects of each value of a dimension (Kitagawa 1955)."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from insights.stats.intervals import Z

Member = str | int | None
"""A value of the dimension; None where it is unknown."""


@dataclass(frozen=True)
class Cell:
    """What one value of a dimension contributed in a period: how many cases, their mean and their variance."""

    n: int
    mean: float
    variance: float
    """Of a single case: p(1-p) for a share."""


@dataclass(frozen=True)
class Part:
    """One value's share of the change, each effect with its 95 % interval."""

    value: Member
    own: float
    own_low: float
    own_high: float
    mix: float
    mix_low: float
    mix_high: float
    n_before: int
    n_now: int

    @property
    def total(self) -> float:
        """Return own and mix effect together."""
        return self.own + self.mix

    @property
    def interval(self) -> tuple[float, float]:
        """Return the interval of `total`: the two effects rest on different sampling, so their variances add."""
        half = sqrt((self.own_high - self.own) ** 2 + (self.mix_high - self.mix) ** 2)
        return self.total - half, self.total + half

    @property
    def real(self) -> bool:
        """Tell whether the part is told apart from chance."""
        low, high = self.interval
        return low > 0 or high < 0


def change_parts(before: Mapping[Member, Cell], now: Mapping[Member, Cell]) -> list[Part]:
    """Return the parts of R1 - R0, largest first: they add up to it exactly. Empty when either period has no case.

    A value that occurs in one period only has no rate of its own in the other: its rate there is taken as that of the
    period in which it occurs, so its part is all mix.
    """
    n0, n1 = sum(c.n for c in before.values()), sum(c.n for c in now.values())
    if not n0 or not n1:
        return []
    rate0 = sum(c.n * c.mean for c in before.values()) / n0
    rate1 = sum(c.n * c.mean for c in now.values()) / n1
    middle = (rate0 + rate1) / 2
    found = [
        _part(value, before.get(value), now.get(value), n0, n1, middle)
        for value in dict.fromkeys((*before, *now))
        if (before.get(value) or now[value]).n or (now.get(value) or before[value]).n
    ]
    return sorted(found, key=lambda p: (-abs(p.total), str(p.value)))


def _part(value: Member, before: Cell | None, now: Cell | None, n0: int, n1: int, middle: float) -> Part:
    c0 = before if before and before.n else None
    c1 = now if now and now.n else None
    w0, w1 = (c0.n / n0 if c0 else 0.0), (c1.n / n1 if c1 else 0.0)
    known = c0 or c1
    assert known
    r0, r1 = (c0 or known).mean, (c1 or known).mean
    own = (w0 + w1) / 2 * (r1 - r0)
    mix = ((r0 + r1) / 2 - middle) * (w1 - w0)
    own_error = (w0 + w1) / 2 * sqrt(_of_mean(c0) + _of_mean(c1)) if c0 and c1 else 0.0
    mix_error = abs((r0 + r1) / 2 - middle) * sqrt(w0 * (1 - w0) / n0 + w1 * (1 - w1) / n1)
    o, m = Z * own_error, Z * mix_error
    return Part(value, own, own - o, own + o, mix, mix - m, mix + m, c0.n if c0 else 0, c1.n if c1 else 0)


def _of_mean(cell: Cell) -> float:
    return cell.variance / cell.n
